"""Whose figures a sentence speaks of, compared with the organ that reports."""

from __future__ import annotations

from collections.abc import Sequence

from .model import Scope

_LEVELS = "区县市省州旗镇乡"
_LARGE = "区县市省州旗"


def scope_of(scopes: Sequence[str], organ: str) -> Scope:
    """Scope words of a clause against the reporting organ's name ("" where unknown).

    全区 is the report's own scope for a district government and another one for its office or a department; 区政府办公室
    is narrower than a government's report. Several words: any foreign one decides.
    """
    if not scopes:
        return Scope.UNSAID
    verdicts = {_one(word, organ) for word in scopes}
    return Scope.OTHER if Scope.OTHER in verdicts else Scope.OWN if Scope.OWN in verdicts else Scope.UNSAID


def _one(word: str, organ: str) -> Scope:
    if word == "own":
        return Scope.OWN
    if word in ("site", "other"):
        return Scope.OTHER
    level = government_level(organ)
    if word == "office":
        return Scope.OWN if organ.endswith(("办公室", "办公厅")) or not organ else Scope.OTHER
    if word == "region":
        return Scope.OWN if level else Scope.OTHER
    if word == "全街道":
        return Scope.OWN if "街道" in organ else Scope.OTHER
    if word in ("全局", "全委", "全厅"):
        return Scope.OWN if organ.endswith(word[1]) else Scope.OTHER
    return Scope.OWN if level == word[1:] else Scope.OTHER


def government_level(organ: str) -> str:
    """区, 县, 市, 省, 州, 旗, 镇 or 乡 where ``organ`` is a government (or is named by its region alone), else ""."""
    name = organ.removesuffix("人民政府")
    if not name or (name == organ and name[-1] not in _LARGE):
        return ""
    if name.endswith("自治区"):
        return "区"
    return name[-1] if name[-1] in _LEVELS else ""
