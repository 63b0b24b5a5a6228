"""The registry of rules: each a value with id, source, certainty, a sentence and examples.

A module registers its rules where the code that carries them out stands (`register` or `@rule`), so
`explain`, the documentation and the settings screen are printed from the same list.
"""

from __future__ import annotations

import datetime as dt
import difflib
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from .cite import CERTAINTY_LABELS, Certainty, Citation

F = TypeVar("F", bound=Callable[..., object])

_ID = re.compile(r"[a-z0-9]+(?:[.\-][a-z0-9]+)*")


class RuleError(ValueError):
    """A rule that is not registered, or registered wrongly."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the law.

    `id` is dotted lower case ("fee.by-count"). `text` is our own short Chinese sentence. `setting` names the
    policy field that decides it where the sources leave it open ("FeePolicy.joint_applicants").
    `in_force_from`/`in_force_until` are inclusive. `tests` is empty in the registry; the documentation
    generator fills it with what it finds in the test directory.
    """

    id: str
    title: str
    source: tuple[Citation, ...]
    certainty: Certainty
    text: str
    examples: tuple[str, ...] = ()
    setting: str | None = None
    in_force_from: dt.date | None = None
    in_force_until: dt.date | None = None
    tests: tuple[str, ...] = ()

    @property
    def sources(self) -> str:
        """All citations in official Chinese, joined by 、; the practice behind a rule without one."""
        return "、".join(str(c) for c in self.source) or "无明文，依实务做法"

    def in_force(self, on: dt.date) -> bool:
        """Whether the rule applied on that day."""
        after = self.in_force_from is None or self.in_force_from <= on
        return after and (self.in_force_until is None or on <= self.in_force_until)


_RULES: dict[str, Rule] = {}
_FUNCTIONS: dict[str, list[str]] = {}


def register(rule: Rule) -> Rule:
    """Add a rule to the registry and return it. Registering the same value twice is harmless.

    Raises:
        RuleError: malformed id, unknown certainty, or a different rule under the same id.
    """
    if not _ID.fullmatch(rule.id):
        raise RuleError(f"规则编号“{rule.id}”应为小写字母、数字，以点或短横分隔")
    if rule.certainty not in CERTAINTY_LABELS:
        raise RuleError(f"规则 {rule.id} 的可靠程度“{rule.certainty}”应为 {'、'.join(CERTAINTY_LABELS)} 之一")
    if not rule.text or not rule.title:
        raise RuleError(f"规则 {rule.id} 缺少标题或文字")
    known = _RULES.get(rule.id)
    if known is not None and known != rule:
        raise RuleError(f"规则编号 {rule.id} 重复登记：已有“{known.title}”，又来“{rule.title}”")
    _RULES[rule.id] = rule
    return rule


def rule(*rules: Rule | str) -> Callable[[F], F]:
    """Decorator: this function carries out the given rules (values are registered, ids looked up later)."""

    def link(function: F) -> F:
        name = f"{function.__module__}.{function.__qualname__}"
        for one in rules:
            key = register(one).id if isinstance(one, Rule) else one
            names = _FUNCTIONS.setdefault(key, [])
            if name not in names:
                names.append(name)
        return function

    return link


def functions(rule_id: str) -> tuple[str, ...]:
    """Dotted names of the functions that carry out a rule."""
    return tuple(_FUNCTIONS.get(rule_id, ()))


def linked_ids() -> frozenset[str]:
    """Every id a function claims to carry out; a test compares it with the registry."""
    load_all()
    return frozenset(_FUNCTIONS)


def load_all() -> None:
    """Import every module of `gongkai.law`, so that all rules are registered."""
    package = importlib.import_module("gongkai.law")
    for info in pkgutil.walk_packages(package.__path__, "gongkai.law."):
        if not info.name.endswith((".cli", ".__main__")):
            importlib.import_module(info.name)


def get(rule_id: str) -> Rule:
    """The rule of that id.

    Raises:
        RuleError: not registered; the message suggests near ids.
    """
    if rule_id not in _RULES:
        load_all()
    try:
        return _RULES[rule_id]
    except KeyError:
        near = suggest(rule_id)
        hint = f"，相近的有：{'、'.join(r.id for r in near)}" if near else ""
        raise RuleError(f"没有编号为“{rule_id}”的规则{hint}") from None


def all_rules() -> tuple[Rule, ...]:
    """Every rule of the package, ordered by id."""
    load_all()
    return tuple(_RULES[key] for key in sorted(_RULES))


def find(text: str) -> tuple[Rule, ...]:
    """Rules whose id is `text` or begins with it, else whose title, text or source contains it."""
    wanted = text.strip()
    if not wanted:
        return ()
    rules = all_rules()
    exact = tuple(r for r in rules if r.id == wanted)
    if exact:
        return exact
    by_id = tuple(r for r in rules if r.id.startswith(wanted.lower()))
    return by_id or tuple(r for r in rules if wanted in _searched(r))


def suggest(text: str, limit: int = 5) -> tuple[Rule, ...]:
    """Rules nearest to a text that `find` did not find: by id, then by characters shared with the title."""
    rules = {r.id: r for r in all_rules()}
    near: list[str] = difflib.get_close_matches(text.lower(), rules, n=limit, cutoff=0.4)
    wanted = set(text)
    scored: Iterable[tuple[int, str]] = ((len(wanted & set(r.title)), r.id) for r in rules.values())
    near += [key for score, key in sorted(scored, reverse=True) if score >= 2 and key not in near]
    return tuple(rules[key] for key in near[:limit])


def _searched(r: Rule) -> str:
    places = " ".join(f"{c} {c.short}" for c in r.source)
    return f"{r.id} {r.title} {r.text} {places} {' '.join(r.examples)}"
