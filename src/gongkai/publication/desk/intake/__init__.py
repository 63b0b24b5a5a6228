"""Screens by which content comes in: upload, paste, import."""
