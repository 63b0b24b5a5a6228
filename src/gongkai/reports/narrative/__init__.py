"""The words of a report: text with live fields, the fields themselves, outlines, last year's problems, likeness."""
