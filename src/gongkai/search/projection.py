"""How the apps above say what of theirs is public: a projection per kind, registered when the app is ready."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import models
from django.db.models.signals import post_delete, post_save

#: What is kept of a text: a longer one is found by its beginning.
MAX_BODY = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One public thing: what the search shows of it and finds it by. ``day`` is the date that the reader goes by."""

    key: str
    kind: str
    title: str
    url: str
    day: date | None = None
    organ_id: int | None = None
    organ_ids: tuple[int, ...] = ()
    column_id: int | None = None
    number: str = ""
    keywords: str = ""
    summary: str = ""
    body: str = ""
    validity: str = ""
    topic: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    #: What else its page shows: not searched and not kept, but pages made before it changed are too old.
    beside: str = ""

    def digest(self) -> str:
        """Changes when anything that the search knows of the thing changes, or that its page shows."""
        # Where it stands is compared by itself (``indexing.put``).
        values = [getattr(self, name) for name in self.__slots__ if name not in ("column_id", "beside")]
        values += [self.beside] if self.beside else []
        text = json.dumps(values, ensure_ascii=False, default=str)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Projection:
    """One kind of public things. ``entries`` yields all of them, in bounded queries, for building the index anew."""

    kind: str
    label: str
    entries: Callable[[], Iterable[Entry]]
    order: int = 100
    #: How much more a thing of this kind is worth than the same words in another.
    weight: float = 1.0
    #: Pages that list what stands elsewhere: they are found, but they are nobody's news, and change with what they list.
    listing: bool = False


_PROJECTIONS: dict[str, Projection] = {}


def register(projection: Projection) -> Projection:
    """Adds a kind. Registering a kind again replaces it."""
    _PROJECTIONS[projection.kind] = projection
    return projection


#: Entries of a kind that another app registered.
_MORE: list[Callable[[], Iterable[Entry]]] = []


def register_entries(entries: Callable[[], Iterable[Entry]]) -> None:
    """``entries`` yields all of an app's own things of a kind that an app below has registered."""
    if entries not in _MORE:
        _MORE.append(entries)


#: Keys → the column in which each stands, from an app that knows what the projecting one does not.
_PLACES: list[Callable[[list[str]], dict[str, int]]] = []


def register_places(find: Callable[[list[str]], dict[str, int]]) -> None:
    """``find`` gives the columns of things whose own app knows none, in one query for all of them."""
    if find not in _PLACES:
        _PLACES.append(find)


def placed(entries: Iterable[Entry]) -> list[Entry]:
    """``entries`` with their columns."""
    entries = list(entries)
    columns: dict[str, int] = {}
    for find in _PLACES:
        columns |= find([entry.key for entry in entries if entry.column_id is None])
    return [replace(e, column_id=columns[e.key]) if e.key in columns else e for e in entries]


def projections() -> list[Projection]:
    """All kinds in the order in which they are offered."""
    return sorted(_PROJECTIONS.values(), key=lambda p: (p.order, p.kind))


def listing_kinds() -> list[str]:
    """The kinds whose pages list what stands elsewhere."""
    return [p.kind for p in projections() if p.listing]


def kind_label(kind: str) -> str:
    """The Chinese name of a kind, the kind itself where it is not known."""
    return _PROJECTIONS[kind].label if kind in _PROJECTIONS else kind


def weight_of(kind: str) -> float:
    """What a thing of ``kind`` is worth beside others."""
    return _PROJECTIONS[kind].weight if kind in _PROJECTIONS else 1.0


def all_entries() -> Iterator[Entry]:
    """Everything public, kind by kind."""
    for walk in [*(projection.entries for projection in projections()), *_MORE]:
        yield from walk()


def follow(
    model: type[models.Model],
    entry: Callable[[Any], Entry | None],
    key: Callable[[Any], str],
) -> None:
    """Keep the index with ``model``: each save and deletion changes it in the same transaction.

    ``entry`` gives the entry of an instance, or None where it is not public (any more). Bulk writes pass no signal:
    after them call :func:`gongkai.search.indexing.put` or :func:`~gongkai.search.indexing.refresh`.
    """
    from gongkai.search import indexing

    def saved(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
        if raw:
            return
        found = entry(instance)
        if found is None:
            indexing.drop([key(instance)])
        else:
            indexing.put([found])

    def deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
        indexing.drop([key(instance)])

    name = f"search.{model._meta.label_lower}"
    post_save.connect(saved, sender=model, weak=False, dispatch_uid=f"{name}.saved")
    post_delete.connect(deleted, sender=model, weak=False, dispatch_uid=f"{name}.deleted")
