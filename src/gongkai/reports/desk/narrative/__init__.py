"""The pages on which a report's text is written."""
