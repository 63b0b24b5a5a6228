"""Whose site this is. What governments of other places put into it, for comparison, stands behind the site's own, and none
of their organs is named on top, unless the query names the place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Q

from gongkai.organs.models import Organ, SiteProfile
from gongkai.organs.models.organ import subtree
from gongkai.search.query import Query
from gongkai.search.text import normalise

_GOVERNMENT = re.compile("(?:人民)?政府$")
#: 吴忠市利通区 is called 利通区 too.
_PART = re.compile(".{2,}?[省市区县旗州盟]")


@dataclass(frozen=True, slots=True)
class Places:
    """The organs of the site's own place and of others. Both empty where there is but one place, or nobody said whose
    site it is: then there is nothing to tell apart."""

    #: The government itself and its office.
    seat: frozenset[int] = frozenset()
    #: Organs of the governments of other places.
    elsewhere: frozenset[int] = frozenset()
    #: What those places are called: wherever it stands in a query (山阳区), and as a word of its own (山阳).
    called: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()

    def asked_by(self, query: Query) -> Places:
        """The places as they matter to ``query``: nothing is set apart where it names another one, or a document by its
        number."""
        if not self.elsewhere:
            return self
        words = {idea.word for ideas in (query.exact, query.ideas, query.pieces) for idea in ideas}
        named = query.number or self.short & words or any(name in query.text for name in self.called)
        return NOWHERE if named else self


NOWHERE = Places()


@dataclass
class _Kept:
    """The places of this process, and the mark of the profile from which they were read (:meth:`SiteProfile.marked`),
    which is another one every minute."""

    read: tuple[str, Places] = ("", NOWHERE)


_kept = _Kept()


def places() -> Places:
    """The places of this site. One query for each mark of its profile, none otherwise."""
    mark, profile = SiteProfile.marked()
    known, found = _kept.read
    if known != mark:
        found = _read(profile.organ) if profile.organ else NOWHERE
        _kept.read = mark, found
    return found


def _read(home: Organ) -> Places:
    kinds = Organ.Kind
    beside = Organ.objects.filter(~subtree(home.path) | Q(kind=kinds.OFFICE)).order_by()
    rows = list(beside.values_list("pk", "path", "kind", "name", "short_name"))
    # The governments above the site are those of this place too.
    others = {
        path for _, path, kind, *_ in rows if kind == kinds.GOVERNMENT and not home.path.startswith(path)
    }
    steps = range(Organ.steplen, max((len(path) for _, path, *_ in rows), default=0) + 1, Organ.steplen)
    elsewhere = {pk for pk, path, *_ in rows if any(path[:end] in others for end in steps)}
    if not elsewhere:
        return NOWHERE
    seat = {home.pk}
    for pk, path, kind, *_ in rows:
        office = (
            home.kind == kinds.GOVERNMENT and kind == kinds.OFFICE and path[: -Organ.steplen] == home.path
        )
        above = home.kind == kinds.OFFICE and path == home.path[: -Organ.steplen]
        seat |= {pk} if office or above else set()
    called = {name for _, path, _, *names in rows if path in others for name in _names(names)}
    called = {name for name in called if name not in normalise(home.name)}
    return Places(
        frozenset(seat),
        frozenset(elsewhere),
        frozenset(called),
        frozenset(name[:-1] for name in called if len(name) > 2),
    )


def _names(names: list[str]) -> set[str]:
    """What a government's place is called."""
    whole = {_GOVERNMENT.sub("", normalise(name)) for name in names if name}
    parts = {part for name in whole for part in _PART.findall(name) if len(part) > 2}
    return {name for name in whole | parts if len(name) > 1}


__all__ = ["NOWHERE", "Places", "places"]
