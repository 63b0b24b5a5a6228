"""Events to plain JSON values and back, because the database stores them.

Both directions are driven by the dataclass fields themselves, so a new event needs no second description.
Decoding accepts either the field's own name and value, or its Chinese name and word: the first is what
the database holds, the second what a lawyer writes in a YAML case test.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from gongkai.law.case.events import EVENT_TYPES, Event, ItemDecision
from gongkai.law.case.vocab import ENUM_LABELS, Kind
from gongkai.law.outcomes import OUTCOMES

_KIND_BY_LABEL = {cls.label: kind for kind, cls in EVENT_TYPES.items()}


class EventFormatError(ValueError):
    """A stored or written event cannot be read; the message says where and what was expected."""


def to_dict(event: Event) -> dict[str, Any]:
    """Return ``event`` as JSON values; fields that hold their default are left out.

    Dates become ``YYYY-MM-DD``, enum members their value, nested events and items dictionaries.
    """
    return {"kind": event.kind.value, **_fields_to_dict(event)}


def _fields_to_dict(value: Any) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for spec in fields(value):
        item = getattr(value, spec.name)
        if spec.default is not MISSING and item == spec.default:
            continue
        out[spec.name] = _to_plain(item)
    return out


def _to_plain(item: Any) -> Any:
    if isinstance(item, Event):
        return to_dict(item)
    if isinstance(item, ItemDecision):
        return _fields_to_dict(item)
    if isinstance(item, StrEnum):
        return item.value
    if isinstance(item, date):
        return item.isoformat()
    if isinstance(item, tuple):
        return [_to_plain(part) for part in item]
    return item


def from_dict(data: Mapping[str, Any]) -> Event:
    """Return the event that ``data`` describes.

    Raises :class:`EventFormatError` with a Chinese sentence naming the field that cannot be read.
    """
    if not isinstance(data, Mapping):
        raise EventFormatError(f"事件应当是键值对，实为：{data!r}")
    rest = dict(data)
    raw = rest.pop("kind", None) or rest.pop("事件", None)
    kind = _KIND_BY_LABEL.get(raw) if isinstance(raw, str) else None
    if kind is None:
        try:
            kind = Kind(raw)
        except ValueError:
            known = "、".join(_KIND_BY_LABEL)
            raise EventFormatError(f"不认识的事件“{raw}”，可用的有：{known}") from None
    return typing.cast(Event, _build(EVENT_TYPES[kind], rest, EVENT_TYPES[kind].label))


def _build(cls: type, data: Mapping[str, Any], where: str) -> Any:
    known, chinese = _DECODERS[cls]
    values: dict[str, Any] = {}
    for key, raw in data.items():
        name = chinese.get(key, key)
        if name not in known:
            raise EventFormatError(f"{where}：没有“{key}”这一项，可填：{'、'.join(chinese)}")
        if name in values:
            raise EventFormatError(f"{where}：“{key}”填了两次")
        try:
            values[name] = known[name](raw)
        except EventFormatError:
            raise
        except (ValueError, TypeError):
            raise EventFormatError(f"{where}：“{key}”的值 {raw!r} 读不懂") from None
    missing = [
        spec.metadata["zh"]
        for spec in fields(cls)
        if spec.name not in values and spec.default is MISSING and spec.default_factory is MISSING
    ]
    if missing:
        raise EventFormatError(f"{where}：缺少{'、'.join(missing)}")
    return cls(**values)


def _date(raw: Any) -> date:
    if isinstance(raw, datetime):
        raise ValueError(raw)
    return raw if isinstance(raw, date) else date.fromisoformat(raw)


def _datetime(raw: Any) -> datetime:
    return raw if isinstance(raw, datetime) else datetime.fromisoformat(raw)


def _int(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise ValueError(raw)
    return raw


def _bool(raw: Any) -> bool:
    word = {"是": True, "否": False}.get(raw, raw) if isinstance(raw, str) else raw
    if not isinstance(word, bool):
        raise ValueError(raw)
    return word


def _str(raw: Any) -> str:
    # YAML reads 2026 as a number; a letter or case number is text all the same.
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise ValueError(raw)
    return str(raw)


def _member(enum: type[StrEnum]) -> Callable[[Any], StrEnum]:
    by_label = {label: member for member, label in ENUM_LABELS[enum].items()}

    def decode(raw: Any) -> StrEnum:
        if raw in by_label:
            return typing.cast(StrEnum, by_label[raw])
        try:
            return enum(raw)
        except ValueError:
            raise EventFormatError(f"“{raw}”不在可选范围：{'、'.join(by_label)}") from None

    return decode


def _event(raw: Any) -> Event:
    return raw if isinstance(raw, Event) else from_dict(raw)


def _item(raw: Any) -> ItemDecision:
    if isinstance(raw, ItemDecision):
        return raw
    return typing.cast(ItemDecision, _build(ItemDecision, raw, "逐项结果"))


def _outcome(raw: Any) -> str:
    """Accept a row key, the sheet's code (C3.4) or the printed label."""
    for key, outcome in OUTCOMES.items():
        if raw in (key, outcome.code, outcome.short):
            return key
    raise EventFormatError(f"不认识的办理结果“{raw}”")


_PLAIN: dict[Any, Callable[[Any], Any]] = {
    date: _date,
    datetime: _datetime,
    int: _int,
    bool: _bool,
    str: _str,
    Event: _event,
    ItemDecision: _item,
}


def _decoder(annotation: Any) -> Callable[[Any], Any]:
    if isinstance(annotation, types.UnionType):
        inner = _decoder(next(part for part in typing.get_args(annotation) if part is not type(None)))
        return lambda raw: None if raw is None else inner(raw)
    if typing.get_origin(annotation) is tuple:
        part = _decoder(typing.get_args(annotation)[0])

        def many(raw: Any) -> tuple[Any, ...]:
            # A bare string must not fall apart into characters.
            return tuple(part(one) for one in (raw if isinstance(raw, list | tuple) else [raw]))

        return many
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return _member(annotation)
    return _PLAIN[annotation]


def _decoders(cls: type) -> tuple[dict[str, Callable[[Any], Any]], dict[str, str]]:
    hints = typing.get_type_hints(cls)
    known = {
        spec.name: _outcome if spec.name == "outcome" else _decoder(hints[spec.name]) for spec in fields(cls)
    }
    return known, {spec.metadata["zh"]: spec.name for spec in fields(cls)}


_DECODERS: dict[type, tuple[dict[str, Callable[[Any], Any]], dict[str, str]]] = {
    cls: _decoders(cls) for cls in (*EVENT_TYPES.values(), ItemDecision)
}
