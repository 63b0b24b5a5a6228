"""The word list: ours, and before it what the organ and those above it have put down."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from gongkai.organs.models import Organ
from gongkai.publication.models import WatchWord
from gongkai.publication.review.scan import Severity, Word

_FILE = Path(__file__).with_name("words.yaml")
_WEIGHTS = {"word": Severity.WARN, "block": Severity.BLOCK, "outdated": Severity.WARN, "risk": Severity.NOTE}


@cache
def built_in() -> tuple[Word, ...]:
    """The lines that come with the platform."""
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Word(text, "word" if group == "block" else group, advice, _WEIGHTS[group])
        for group, lines in data.items()
        for text, advice in lines.items()
    )


def words_for(organ: Organ) -> list[Word]:
    """What is looked for in items of ``organ``: the nearest organ's line stands, then those above, then ours."""
    above = [organ.path[:end] for end in range(Organ.steplen, len(organ.path) + 1, Organ.steplen)]
    lines = WatchWord.objects.filter(organ__path__in=above).select_related("organ")
    own: dict[str, Word | None] = {}
    for line in sorted(lines, key=lambda w: len(w.organ.path)):
        off = line.weight == WatchWord.Weight.OFF
        own[line.text] = None if off else Word(line.text, line.kind, line.advice, Severity(line.weight))
    found = {word.text: word for word in built_in()}
    merged = {**found, **own}
    return [word for word in merged.values() if word is not None]
