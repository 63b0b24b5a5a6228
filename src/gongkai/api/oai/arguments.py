"""What a harvester asks: arguments checked against their verb, times, sets, and the token that leads on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.http import QueryDict
from ninja.errors import HttpError

from gongkai.api.following import Marks, Wanted
from gongkai.api.paging import decode, encode
from gongkai.organs.models import Organ
from gongkai.search.projection import listing_kinds, projections

#: Verb → (required, optional) arguments; ``resumptionToken`` stands alone where it is allowed.
VERBS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
}
RESUMED: Final = frozenset({"ListSets", "ListIdentifiers", "ListRecords"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_PREFIX = re.compile(r"[A-Za-z0-9_.!~*'()-]+", re.ASCII)
_SET = re.compile(r"(?P<what>organ|column|kind)-(?P<which>[A-Za-z0-9_-]{1,60})", re.ASCII)
MOST = 2**63 - 1


class Fault(Exception):
    """An error of the protocol: its code and what is wrong, in Chinese."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(said)
        self.code = code


def read(data: QueryDict) -> dict[str, str]:
    """The arguments of a request, its verb among them. Raises Fault badVerb, badArgument."""
    verbs = data.getlist("verb")
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise Fault("badVerb", f"verb 应为一个，可用：{'、'.join(VERBS)}。")
    verb = verbs[0]
    given = {name: values for name, values in data.lists() if name != "verb"}
    if twice := [name for name, values in given.items() if len(values) != 1]:
        raise Fault("badArgument", f"参数重复：{'、'.join(twice)[:100]}。")
    arguments = {"verb": verb, **{name: values[0] for name, values in given.items()}}
    if "resumptionToken" in given and verb in RESUMED:
        if len(given) > 1:
            raise Fault("badArgument", "resumptionToken 不能与其他参数同时使用。")
        return arguments
    required, optional = VERBS[verb]
    if unknown := sorted(given.keys() - required - optional):
        raise Fault("badArgument", f"{verb} 不接受这些参数：{'、'.join(unknown)[:100]}。")
    if missing := sorted(name for name in required if not arguments.get(name)):
        raise Fault("badArgument", f"{verb} 缺少参数：{'、'.join(missing)}。")
    if not _PREFIX.fullmatch(arguments.get("metadataPrefix", "oai_dc")):
        raise Fault("badArgument", "metadataPrefix 的写法不对，可用的请用 ListMetadataFormats 查看。")
    return arguments


@dataclass(frozen=True, slots=True)
class Walk:
    """A list that a harvester goes through: what it asked for, how far it came, how many records it has had."""

    prefix: str
    set: str
    since: str
    until: str
    wanted: Wanted
    marks: Marks
    had: int = 0

    def token(self, reached: Marks, more: int) -> str:
        """Where the next part begins. It holds everything itself: nothing is kept here, and it never grows old."""
        return encode(self.prefix, self.set, self.since, self.until, *reached.pack(), self.had + more)


def begin(arguments: Mapping[str, str], first: datetime) -> Walk:
    """The walk that arguments ask for; ``first``: the time of the oldest change. Raises Fault."""
    since, until = arguments.get("from", ""), arguments.get("until", "")
    if since and until and len(since) != len(until):
        raise Fault("badArgument", "from 和 until 的精度应当一致。")
    start = _start("from", since) if since else first
    end = _end(until) if until else None
    if end is not None and since and start >= end:
        raise Fault("badArgument", "from 不能晚于 until。")
    wanted = _narrowed(Wanted(start, end, without=tuple(listing_kinds())), arguments.get("set", ""))
    return Walk(
        arguments["metadataPrefix"], arguments.get("set", ""), since, until, wanted, Marks.start(start)
    )


def resume(token: str, first: datetime) -> Walk:
    """The walk that a token leads on. Raises Fault badResumptionToken for one that we did not give."""
    try:
        prefix, of, since, until, at, position, gone_at, gone_id, as_of, had = decode(
            token, str, str, str, str, str, int, str, int, str, int
        )
        given = {"metadataPrefix": prefix, "set": of, "from": since, "until": until}
        walk = begin({name: value for name, value in given.items() if value}, first)
        if not (-1 <= position <= MOST and -1 <= gone_id <= MOST and 0 <= had <= MOST):
            raise ValueError
        times = [datetime.fromisoformat(text) for text in (at, gone_at, as_of)]
        if not all(time.tzinfo for time in times):
            raise ValueError
        at_, gone, until_ = (time.astimezone(UTC) for time in times)
    except (HttpError, Fault, ValueError, KeyError, OverflowError):
        raise Fault(
            "badResumptionToken", "resumptionToken 无法识别。请原样使用上一次返回的，或从头取。"
        ) from None
    return replace(walk, marks=Marks(at_, position, gone, gone_id, until_), had=had)


def _start(name: str, text: str) -> datetime:
    try:
        if _DAY.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        if _SECOND.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:  # a day that no calendar has
        pass
    raise Fault("badArgument", f"{name} 请写成 2026-01-01 或 2026-01-01T00:00:00Z。")


def _end(text: str) -> datetime:
    """The first moment that no longer belongs to the last day or second."""
    try:
        return _start("until", text) + (timedelta(days=1) if _DAY.fullmatch(text) else timedelta(seconds=1))
    except OverflowError:
        raise Fault("badArgument", "until 超出范围。") from None


def _narrowed(wanted: Wanted, of: str) -> Wanted:
    """``wanted`` within a set. Raises Fault for what is no name of a set, or of none that there is."""
    if not of:
        return wanted
    match = _SET.fullmatch(of)
    if match is None:
        raise Fault("badArgument", "set 的写法不对，请用 ListSets 列出的名称。")
    which = match["which"]
    if match["what"] == "kind":
        if which in {p.kind for p in projections()} - set(listing_kinds()):
            return replace(wanted, kind=which)
    elif match["what"] == "organ":
        organ = Organ.objects.filter(slug=which).first()
        if organ is not None:
            return replace(wanted, organ=organ)
    elif which.isdecimal() and int(which) <= MOST:
        return replace(wanted, column=int(which))
    raise Fault("noRecordsMatch", f"没有“{of}”这个集合，现有的请用 ListSets 查看。")
