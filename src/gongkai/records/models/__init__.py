"""The archive's tables."""

from gongkai.records.models.custody import Appraisal, Loan, TransferList
from gongkai.records.models.files import ArchiveFile, Fonds, PaperBox, RetentionRule, Serial

__all__ = [
    "Appraisal",
    "ArchiveFile",
    "Fonds",
    "Loan",
    "PaperBox",
    "RetentionRule",
    "Serial",
    "TransferList",
]
