"""The built-in wording of every kind of letter: ``letters.yaml`` and, for answers, ``answers.yaml`` between head and tail."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Wording:
    """Title and body in the language of :mod:`gongkai.applications.letters.language`."""

    title: str
    body: str


@cache
def _file(name: str) -> dict[str, dict[str, str]]:
    text = resources.files(__package__).joinpath(name).read_text("utf-8")
    loaded: dict[str, dict[str, str]] = yaml.safe_load(text)
    return loaded


def wording(key: str) -> Wording:
    """The wording of a letter that is no answer. Raises KeyError for an unknown key."""
    row = _file("letters.yaml")[key]
    return Wording(row["title"], row["body"].strip())


def answer_wording(outcome: str, variant: str, title: str) -> Wording:
    """The wording of the answer for a row and variant: common head, its own decision, common tail."""
    rows = _file("answers.yaml")
    row = rows[f"{outcome}.{variant}"]
    head = rows["parts"][row.get("head", "head")]
    tail = rows["parts"][row.get("tail", "tail")]
    body = "\n".join(part.strip() for part in (head, row["body"], tail) if part.strip())
    return Wording(row.get("title", title), body)
