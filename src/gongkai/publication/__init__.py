"""Columns and disclosure pages, their review, and the record of where each item was released."""
