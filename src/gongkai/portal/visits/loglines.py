"""Lines of a web server's log as visits. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from gongkai.portal.visits.rules import STATUSES, Address, address_of, is_robot

HERE: Final = ZoneInfo("Asia/Shanghai")
_STATUSES: Final = {str(status) for status in STATUSES}
#: What nginx gave out of its own store though it knows the application.
_FROM_STORE: Final = ("HIT", "STALE", "UPDATING")
_COMBINED = re.compile(
    r'\S+ \S+ .*?\[(?P<time>\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}):\d{2} (?P<zone>[+-]\d{4})\] "(?P<method>[A-Z]+) '
    r'(?P<target>/\S*) HTTP/[\d.]+" (?P<status>\d{3}) \S+ "(?:[^"\\]|\\.)*" "(?P<agent>(?:[^"\\]|\\.)*)"'
)
_ESCAPED = re.compile(rb"\\x([0-9A-Fa-f]{2})")


class Unclear(ValueError):
    """A line that does not tell who answered, where the application counts its own answers."""


@dataclass(slots=True)
class Tally:
    """What became of the lines."""

    lines: int = 0
    counted: int = 0
    application: int = 0
    robots: int = 0
    other: int = 0
    malformed: int = 0

    def __add__(self, more: Tally) -> Tally:
        names = self.__slots__  # type: ignore[attr-defined]
        return Tally(**{name: getattr(self, name) + getattr(more, name) for name in names})


def visit_of(line: bytes, everything: bool, tally: Tally) -> tuple[date, Address] | None:
    """The visit that a line tells of; None for what is none, and ``tally`` says why.

    ``everything``: the application counts nothing of what stands in this log. Raises Unclear for a line of the usual
    combined format without it: what the application answered would be counted twice.
    """
    tally.lines += 1
    fields = line.rstrip(b"\r\n").split(b"\t")
    try:
        if len(fields) == 7:
            return _ours([field.decode("utf-8") for field in fields], everything, tally)
        return _combined(line.decode("utf-8", "replace"), everything, tally)
    except Unclear:
        raise
    except ValueError:  # no date, no text
        tally.malformed += 1
        return None


def _ours(fields: list[str], everything: bool, tally: Tally) -> tuple[date, Address] | None:
    """time, method, status, cache, status of the application, robot, decoded path (``log_format gongkai_visits``)."""
    time, method, status, store, upstream, robot, path = fields
    day = _day(time[:16], time[19:])
    if method != "GET" or status not in _STATUSES:
        tally.other += 1
    elif robot != "0":
        tally.robots += 1
    elif not everything and upstream not in ("-", "") and store not in _FROM_STORE:
        tally.application += 1
    elif (address := address_of(_unescaped(path))) is None:
        tally.other += 1
    else:
        tally.counted += 1
        return day, address
    return None


def _combined(line: str, everything: bool, tally: Tally) -> tuple[date, Address] | None:
    found = _COMBINED.match(line)
    if found is None:
        raise ValueError(line)
    if not everything:
        raise Unclear
    day = _english_day(found["time"], found["zone"])
    path = unquote(found["target"].partition("?")[0], errors="strict")
    if found["method"] != "GET" or found["status"] not in _STATUSES:
        tally.other += 1
    elif is_robot("" if found["agent"] == "-" else found["agent"]):
        tally.robots += 1
    elif (address := address_of(path)) is None:
        tally.other += 1
    else:
        tally.counted += 1
        return day, address
    return None


@lru_cache(maxsize=4096)
def _day(minute: str, zone: str) -> date:
    return datetime.fromisoformat(f"{minute}:00{zone}").astimezone(HERE).date()


@lru_cache(maxsize=4096)
def _english_day(minute: str, zone: str) -> date:
    return datetime.strptime(f"{minute} {zone}", "%d/%b/%Y:%H:%M %z").astimezone(HERE).date()


def _unescaped(path: str) -> str:
    """nginx writes what is not ASCII, quotes and backslashes as \\xE5."""
    if "\\x" not in path:
        return path
    return _ESCAPED.sub(lambda m: bytes([int(m[1], 16)]), path.encode()).decode("utf-8")
