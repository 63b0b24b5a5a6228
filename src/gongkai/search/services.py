"""What the office does with the search: words that mean the same, answers to what was not found, building anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.scope import SYSTEM
from gongkai.search.indexing import state
from gongkai.search.models import EmptyQuery, SynonymGroup
from gongkai.search.policies import may, site_organ
from gongkai.search.synonyms import MAX_WORD, forget
from gongkai.search.text import phrase

register_acts(
    {
        "search.synonym.save": "保存同义词",
        "search.synonym.delete": "删除同义词",
        "search.empty.answer": "处理没有结果的搜索",
        "search.rebuild": "重新核对搜索索引",
    }
)
MAX_WORDS = 20
_BETWEEN = re.compile(r"[\s,，、;；=]+")


def _require(actor: Any, action: str) -> None:
    if not may(actor, action):
        raise PermissionDenied("搜索由政务公开办统一维护。如需增加同义词，请联系政务公开办。")


def words_of(text: str) -> list[str]:
    """The words that someone typed between commas, blanks or lines, each once."""
    return list(dict.fromkeys(word for word in _BETWEEN.split(text) if word))


def _checked(words: Sequence[str]) -> list[str]:
    words = [word for word in dict.fromkeys(word.strip() for word in words) if word]
    if not 2 <= len(words) <= MAX_WORDS:
        raise ValidationError({"words": f"一组同义词至少两个、至多{MAX_WORDS}个词。"})
    for word in words:
        # One character stands in half of all documents: as a synonym it would find them all.
        if not 2 <= len(word) <= MAX_WORD or phrase(word) is None:
            raise ValidationError({"words": f"“{word}”不能作同义词：每个词二至{MAX_WORD}个字。"})
    return words


@transaction.atomic
def save_synonyms(
    actor: Any, group: SynonymGroup | None, *, words: Sequence[str], note: str = "", active: bool = True
) -> SynonymGroup:
    """Adds (``group`` None) or changes a group of words; the first is the official one. At work once committed.

    Raises PermissionDenied; ValidationError for words that would find everything or nothing.
    """
    _require(actor, "change" if group else "add")
    before = snapshot(group) if group else None
    row = SynonymGroup.objects.select_for_update().get(pk=group.pk) if group else SynonymGroup()
    row.words, row.note, row.active = _checked(words), note.strip()[:200], active
    row.edited_by = None if actor is SYSTEM else actor
    row.full_clean()
    row.save()
    record(actor, "search.synonym.save", row, organ=site_organ(), before=before, after=snapshot(row))
    transaction.on_commit(forget)
    return row


@transaction.atomic
def delete_synonyms(actor: Any, group: SynonymGroup) -> None:
    """Takes a group away. Raises PermissionDenied."""
    _require(actor, "delete")
    record(actor, "search.synonym.delete", group, organ=site_organ(), before=snapshot(group))
    group.delete()
    transaction.on_commit(forget)


@transaction.atomic
def answer_empty(actor: Any, row: EmptyQuery, *, answer: str, note: str = "") -> EmptyQuery:
    """Says what was done about a search that finds nothing. Raises PermissionDenied, ValidationError."""
    _require(actor, "change")
    if answer not in EmptyQuery.Answer.values:
        raise ValidationError({"answer": "请选择怎样处理。"})
    if answer in (EmptyQuery.Answer.CONTENT, EmptyQuery.Answer.ELSEWHERE) and not note.strip():
        raise ValidationError(
            {"note": "写明补充了哪一条内容，或者属于哪个机关，便于以后遇到同样的搜索时查到。"}
        )
    row = EmptyQuery.objects.select_for_update().get(pk=row.pk)
    before = snapshot(row)
    row.answer, row.note = answer, note.strip()[:300]
    row.answered_by = None if actor is SYSTEM else actor
    row.answered_at = None if answer == EmptyQuery.Answer.OPEN else timezone.now()
    row.full_clean()
    row.save()
    record(
        actor, "search.empty.answer", row, organ=site_organ(), before=before, after=snapshot(row), reason=row.note
    )  # fmt: skip
    return row


@transaction.atomic
def answer_with_synonym(actor: Any, row: EmptyQuery, *, same: Sequence[str]) -> SynonymGroup:
    """Makes ``row``'s query mean the same as ``same`` (the official word first) and closes it.

    A group that begins with the official word is added to. Raises PermissionDenied, ValidationError.
    """
    official = same[0].strip() if same else ""
    groups = SynonymGroup.objects.order_by("pk")
    known = next((g for g in groups if official and g.words[:1] == [official]), None)
    words = [*(known.words if known else ()), *same, row.query]
    group = save_synonyms(
        actor, known, words=words, note=known.note if known else "", active=known.active if known else True
    )
    answer_empty(actor, row, answer=EmptyQuery.Answer.SYNONYM, note=f"等同于“{group.words[0]}”")
    return group


def request_rebuild(actor: Any) -> None:
    """Has everything public looked at again, by the task queue. Raises PermissionDenied."""
    from gongkai.search.tasks import rebuild

    _require(actor, "change")
    with transaction.atomic():
        record(actor, "search.rebuild", state(), organ=site_organ())
    rebuild.enqueue()
