"""The application for disclosure and everything that hangs on it."""

from gongkai.applications.models.account import ApplicantAccount
from gongkai.applications.models.application import (
    Applicant,
    Application,
    EventRecord,
    EventTombstone,
    Note,
    Rating,
)
from gongkai.applications.models.extension import ExtensionRequest
from gongkai.applications.models.files import CaseFile, FileKind
from gongkai.applications.models.intake import DisclosureSuggestion, EnvelopeSender
from gongkai.applications.models.letters import Delivery, Letter, LetterTemplate
from gongkai.applications.models.notices import Notice
from gongkai.applications.models.public import Draft, DraftFile, Statement, Submission
from gongkai.applications.models.settings import Counter, OrganSettings

__all__ = [
    "Applicant",
    "ApplicantAccount",
    "Application",
    "CaseFile",
    "Counter",
    "Delivery",
    "DisclosureSuggestion",
    "Draft",
    "DraftFile",
    "EnvelopeSender",
    "EventRecord",
    "EventTombstone",
    "ExtensionRequest",
    "FileKind",
    "Letter",
    "LetterTemplate",
    "Note",
    "Notice",
    "OrganSettings",
    "Rating",
    "Statement",
    "Submission",
]
