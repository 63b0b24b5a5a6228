"""The encrypted text field, where this app's models and migrations name it."""

from gongkai.organs.fields import SealedText

__all__ = ["SealedText"]
