"""The grounds on which a part may be withheld: the refusals of articles 14 to 16, from the law's own outcomes."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.law.outcomes import OUTCOMES, Group


@dataclass(frozen=True, slots=True)
class Ground:
    """``key`` is the outcome that the ground would give for the whole; ``article`` as printed on a block."""

    key: str
    article: str
    label: str

    @property
    def choice(self) -> str:
        return f"{self.article}：{self.label}"

    @property
    def mark(self) -> str:
        return f"依据{self.article}不予公开"


def _grounds() -> dict[str, Ground]:
    found = {}
    for key, outcome in OUTCOMES.items():
        if outcome.group is not Group.REFUSED:
            continue
        source = outcome.variants[0].grounds[0]
        if source.article in (
            14,
            15,
            16,
        ):  # a registry (36 第七项) is a way to ask, no ground to withhold a part
            found[key] = Ground(key, source.short, outcome.short)
    return found


GROUNDS: dict[str, Ground] = _grounds()
