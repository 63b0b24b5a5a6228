"""Telling people: the applicant about what was done, officer and head about what is due."""

from gongkai.applications.notices.muting import is_muted, muted

__all__ = ["is_muted", "muted"]
