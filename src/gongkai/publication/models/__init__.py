"""Sections, columns, items, files, releases, the grassroots catalogue."""

from gongkai.publication.models.attachments import Attachment, AttachmentUse
from gongkai.publication.models.items import DisclosurePage
from gongkai.publication.models.kinds import (
    KINDS,
    BudgetPage,
    GuidePage,
    InterpretationPage,
    KeyTaskPage,
    LeaderPage,
    MeetingPage,
    MotionPage,
    PolicyPage,
    TaskProgress,
)
from gongkai.publication.models.ledger import GrassrootsItem, IndexSerial, Release
from gongkai.publication.models.sections import (
    ColumnPage,
    DisclosureRoot,
    FramePage,
    OrganSection,
    TopicEntry,
    TopicPage,
)

__all__ = [
    "KINDS",
    "Attachment",
    "AttachmentUse",
    "BudgetPage",
    "ColumnPage",
    "DisclosurePage",
    "DisclosureRoot",
    "FramePage",
    "GrassrootsItem",
    "GuidePage",
    "IndexSerial",
    "InterpretationPage",
    "KeyTaskPage",
    "LeaderPage",
    "MeetingPage",
    "MotionPage",
    "OrganSection",
    "PolicyPage",
    "Release",
    "TaskProgress",
    "TopicEntry",
    "TopicPage",
]
