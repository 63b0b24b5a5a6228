"""The desk of proactive disclosure."""
