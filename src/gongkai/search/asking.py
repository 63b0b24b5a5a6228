"""Whom to ask about what plain speech means: the organ by its name and duties, not by who happened to publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.organs.models import Organ
from gongkai.search.engine import backend
from gongkai.search.engine.expression import Expression, facet_token
from gongkai.search.indexing import answering
from gongkai.search.matters import Meant
from gongkai.search.models import SearchDoc
from gongkai.search.policies import site_organ
from gongkai.search.query import Idea

#: So many organs whose name or duties hold one of the words are looked at.
LOOKED_AT = 40
#: An organ called by a word is rather meant than one that has it among its duties; the site's own before another place's.
NAMED, CHARGED, OWN = 10, 6, 30


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is in charge of a matter: one of the organs, or in words (``who``) who it is where it is none of them."""

    matter: str
    organ: Organ | None = None
    who: str = ""


def asked(meant: Sequence[Meant]) -> Asked | None:
    """Whom to ask about the clearest of ``meant``; None where nothing was recognised or nobody is known. Three queries."""
    if not meant or not (words := meant[0].matter.ask):
        return None
    group = Idea(words[0], words[1:]).group()
    expression = Expression((group,), ((facet_token("kind", "organ"),),), title=True)
    positions = backend().newest(answering(), expression, LOOKED_AT)
    home = site_organ()
    scored = []
    if positions:
        rows = SearchDoc.objects.filter(position__in=positions, organ__isnull=False).order_by()
        columns = ("title", "keywords", "organ__path", "position", "organ_id")
        for title, keywords, path, position, organ in rows.values_list(*columns):
            own = home is not None and path.startswith(home.path)
            scored.append(
                (_worth(title, keywords, words) + OWN * own, -len(path), -len(title), position, organ)
            )
    best = max(scored, default=None)
    name = meant[0].matter.find[0]
    known = best is not None and best[0] > OWN * (home is not None)
    if best and known and (organ := Organ.objects.filter(pk=best[-1]).first()):
        return Asked(name, organ=organ)
    return Asked(name, who=meant[0].matter.who) if meant[0].matter.who else None


def _worth(title: str, keywords: str, words: Sequence[str]) -> int:
    worth = 0
    for place, word in enumerate(words):
        worth += max(NAMED - place, 1) if word in title else 0
        worth += max(CHARGED - place, 1) if word in keywords else 0
    return worth
