"""The case screen and what is done from it."""
