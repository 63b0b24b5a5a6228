"""Documents, their life, clean-up campaigns and catalogue issues."""

from gongkai.normative.models.campaigns import CatalogueIssue, CatalogueItem, CleanUp, CleanUpItem
from gongkai.normative.models.document import Category, Disclosure, Document, Genre, Term, Topic
from gongkai.normative.models.life import Attachment, DocumentEvent, DocumentVersion, Relation
from gongkai.normative.models.settings import NormativeSettings, NumberCounter

__all__ = [
    "Attachment",
    "CatalogueIssue",
    "CatalogueItem",
    "Category",
    "CleanUp",
    "CleanUpItem",
    "Disclosure",
    "Document",
    "DocumentEvent",
    "DocumentVersion",
    "Genre",
    "NormativeSettings",
    "NumberCounter",
    "Relation",
    "Term",
    "Topic",
]
