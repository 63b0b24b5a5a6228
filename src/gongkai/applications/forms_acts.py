"""A form for every act, made from the fields of its event: no act needs a description of its own.

``ActForm(kind, state, actor)`` has one control for each field of the law's dataclass, named and typed by it;
``event()`` builds the event from what was filled in. Whether the act is lawful is for the law to say.
"""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django import forms

from gongkai.law.case import (
    DEFAULT_POLICY,
    ENUM_LABELS,
    EVENT_TYPES,
    CasePolicy,
    CaseState,
    Channel,
    Consultation,
    ConsultKind,
    Event,
    ItemDecision,
    Kind,
    Opinion,
)
from gongkai.law.case.facts import CONSULT_LABELS
from gongkai.law.outcomes import GROUP_LABELS, OUTCOMES

#: Written at length.
LONG = frozenset(
    {"reason", "grounds", "text", "content", "places", "summary", "conclusion", "excuse", "override", "terms"}
)
#: A yes or no that a person must say; it has no sensible default.
SAID = frozenset(
    {("searched", "found"), ("third_party_answered", "reasonable"), ("reasons_given", "reasonable")}
)
#: Filled by the platform; ``by`` is asked only where the law wants the person who did it.
UNASKED = frozenset({"recorded_at", "target", "replacement", "parent"})
BY_ASKED = frozenset({Kind.SEARCHED, Kind.SECRECY_REVIEWED})
HELP: dict[str, str] = {
    "on": "事情发生的那一天，不是录入的日子。",
    "evidence": "例如回执号、邮件号、会议纪要、截图文件名。没有可以不填。",
    "served_on": "对方收到通知的日期；不填按发出之日。",
    "days": "只填工作日数或者截止日中的一项。",
    "until": "只填工作日数或者截止日中的一项。",
    "places": "例如：局档案室 2019—2024 年文书档案、OA 系统、业务科纸质台账。",
    "terms": "检索时用的文件名、文号、关键词。",
    "by": "实际检索、审查的人。",
    "receipt": "财政票据号码。",
    "tracking": "邮政快递单号，送达有争议时凭此查询。",
    "override": "第三方不同意而决定公开的，写明不公开会对公共利益造成什么重大影响。",
    "reasonable": "理由是否合理由机关判断，并要能说明；第三方同意公开的选“是”。",
    "internal": "协办函、内部会商、保密请示选“是”，不停止计期。",
    "excuse": "逾期补正才需要填写。",
    "letter_no": "例如 某公开答〔2026〕12号。",
    "file_no": "档号，没有编制的可以不填。",
    "document": "复议决定书或者判决书的文号。",
    "to": "对方机关或者渠道的名称。",
    "carrier": "只有邮寄送达需要选择；通过邮政企业寄送才以交邮之日为准。",
}
_CONSULT_KINDS: dict[Kind, tuple[ConsultKind, ...]] = {
    Kind.THIRD_PARTY_LETTER_RECEIVED: (ConsultKind.THIRD_PARTY,),
    Kind.THIRD_PARTY_ANSWERED: (ConsultKind.THIRD_PARTY,),
    Kind.THIRD_PARTY_SILENT: (ConsultKind.THIRD_PARTY,),
    Kind.CO_MAKER_LETTER_RECEIVED: (ConsultKind.CO_MAKER,),
    Kind.CO_MAKER_ANSWERED: (ConsultKind.CO_MAKER,),
    Kind.CO_MAKER_SILENT: (ConsultKind.CO_MAKER,),
    Kind.ORGAN_ANSWERED: (ConsultKind.ORGAN, ConsultKind.INTERNAL),
    Kind.CONSULTATION_ENDED: tuple(ConsultKind),
    Kind.THIRD_PARTY_NOTIFIED: (ConsultKind.THIRD_PARTY,),
}
_RECEIPT_FACTS: dict[Channel, tuple[str, ...]] = {
    Channel.COUNTER: (),
    Channel.ORAL: (),
    Channel.SIGNED_MAIL: ("arrived_on", "signed_on"),
    Channel.ORDINARY_MAIL: ("arrived_on", "confirmed_on"),
    Channel.ONLINE: ("confirmed_on",),
    Channel.EMAIL: ("confirmed_on",),
    Channel.FAX: ("confirmed_on",),
}


def day_input() -> forms.DateInput:
    """The browser's own date control; without it a text box that takes 2026-11-30."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def yes_no(value: Any) -> bool:
    return value in (True, "True", "yes")


class Lines(forms.CharField):
    """One item a line; empty lines are dropped."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return tuple(value)
        return tuple(line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip())

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value


class ActForm(forms.Form):
    """The form of one act on one case.

    ``policy``: the organ's settings, for default periods. ``of``: an event of the same kind whose values stand in the form (for a correction). ``initial`` wins over both.
    """

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        state: CaseState,
        actor: Any,
        policy: CasePolicy = DEFAULT_POLICY,
        of: Event | None = None,
        **kwargs: Any,
    ) -> None:
        self.kind, self.state, self.actor = kind, state, actor
        self.cls = EVENT_TYPES[kind]
        start = defaults(kind, state, actor, policy)
        if of is not None:
            start |= {spec.name: getattr(of, spec.name) for spec in fields(of) if spec.name not in UNASKED}
            start = {name: value for name, value in start.items() if value is not None}
        self.of = of
        super().__init__(*args, **kwargs)
        self.initial = {**start, **self.initial}
        self._hints = typing.get_type_hints(self.cls)
        for spec in self._asked():
            field = self._field(spec)
            if field is not None:
                self.fields[spec.name] = field

    def _asked(self) -> list[Any]:
        specs = [s for s in fields(self.cls) if s.name not in UNASKED]
        if self.kind not in BY_ASKED:
            specs = [s for s in specs if s.name != "by"]
        if self.kind is Kind.DECIDED and not self._objected():
            specs = [s for s in specs if s.name != "override"]
        if self.kind is Kind.RECEIVED:
            channel = next((e.channel for e in self.state.events if e and e.kind is Kind.SUBMITTED), None)
            facts = _RECEIPT_FACTS.get(channel, ("arrived_on", "signed_on", "confirmed_on"))  # type: ignore[arg-type, union-attr]
            specs = [s for s in specs if s.name in {"on", "evidence", *facts}]
        # What everybody fills in last stands last.
        return sorted(specs, key=lambda s: {"on": 0, "by": 8, "evidence": 9}.get(s.name, 5))

    def _objected(self) -> bool:
        """Whether a public interest may have to outweigh an objection (条例第三十二条)."""
        asked = any(one.opinion is Opinion.OBJECT for one in self.state.consultations)
        return asked or bool(getattr(self.of, "override", ""))

    def _field(self, spec: Any) -> forms.Field | None:
        name, hint = spec.name, self._hints[spec.name]
        optional = spec.default is not MISSING
        if isinstance(hint, types.UnionType):
            hint = next(part for part in typing.get_args(hint) if part is not type(None))
        common = {"label": str(spec.metadata["zh"]), "help_text": self._help(name), "required": not optional}
        if name == "letter" and self.kind in _CONSULT_KINDS:
            return self._letter_field(common)
        if name in ("outcome", "variant"):
            return self._outcome_field() if name == "outcome" else None
        if typing.get_origin(hint) is tuple:
            return None if typing.get_args(hint)[0] is ItemDecision else self._lines(common)
        return self._plain(name, hint, common)

    def _help(self, name: str) -> str:
        if name in ("days", "until") and not {"days", "until"} <= {s.name for s in fields(self.cls)}:
            return ""
        return HELP.get(name, "")

    def _plain(self, name: str, hint: Any, common: dict[str, Any]) -> forms.Field:
        if hint is date:
            return forms.DateField(widget=day_input(), **common)
        if hint is bool:
            if (self.kind.value, name) in SAID and self.of is None:
                self.initial.pop(name, None)
            return forms.TypedChoiceField(
                choices=[("True", "是"), ("False", "否")],
                coerce=yes_no,
                widget=forms.RadioSelect,
                **{**common, "required": True},
            )
        if name == "amount_fen":
            field = forms.DecimalField(min_value=Decimal("0.01"), max_digits=10, decimal_places=2, **common)
            field.label = "金额（元）"
            if isinstance(self.initial.get(name), int):
                self.initial[name] = Decimal(self.initial[name]) / 100
            return field
        if hint is int:
            return forms.IntegerField(min_value=1, **common)
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            labels = ENUM_LABELS[hint]
            return forms.TypedChoiceField(
                choices=[(m.value, labels[m]) for m in hint],
                coerce=hint,
                widget=forms.RadioSelect if len(labels) <= 3 else forms.Select,
                **{**common, "required": True},
            )
        long = forms.Textarea(attrs={"rows": 3}) if name in LONG else None
        return forms.CharField(
            max_length=2000 if long else 200, **({"widget": long} if long else {}), **common
        )

    def _lines(self, common: dict[str, Any]) -> forms.Field:
        return Lines(
            **{
                **common,
                "widget": forms.Textarea(attrs={"rows": 4}),
                "help_text": "每行一项，一次列全。"
                if self.kind is Kind.CORRECTION_REQUESTED
                else "每行一项。",
            }
        )

    def _letter_field(self, common: dict[str, Any]) -> forms.Field:
        letters = open_letters(self.state, self.kind)
        if self.of is not None and not any(one.letter == self.initial.get("letter") for one in letters):
            letters = [one for one in self.state.consultations if one.kind in _CONSULT_KINDS[self.kind]]
        if not letters:
            return forms.CharField(max_length=40, **common)
        choices = [(one.letter, describe(one)) for one in letters]
        self.initial.setdefault("letter", choices[0][0])
        return forms.ChoiceField(choices=choices, **{**common, "label": "哪一份函"})

    def _outcome_field(self) -> forms.Field:
        verdicts = self.state.outcomes
        groups: dict[str, list[tuple[str, str]]] = {}
        current = (getattr(self.of, "outcome", ""), getattr(self.of, "variant", "")) if self.of else ("", "")
        for (row, variant), verdict in verdicts.items():
            if not verdict and (row, variant) != current and not self._override_may_help(row):
                continue
            outcome = OUTCOMES[row]
            label = outcome.short
            if len(outcome.variants) > 1:
                label = f"{outcome.short}—{outcome.variant(variant).label}"
            groups.setdefault(GROUP_LABELS[outcome.group], []).append((f"{row}/{variant}", label))
        if current[0]:
            self.initial["outcome"] = f"{current[0]}/{OUTCOMES[current[0]].variant(current[1]).key}"
        choices = [("", "请选择"), *groups.items()]
        return forms.ChoiceField(label="办理结果", choices=choices)

    def _override_may_help(self, row: str) -> bool:
        """Full disclosure against an objection is lawful with a reason of public interest (条例第三十二条)."""
        verdict = self.state.outcomes.get((row, "provided"))
        return row == "granted" and verdict is not None and not verdict and "公共利益" in verdict.reason

    def add_items(self, items: tuple[str, ...]) -> None:
        """For a decision on several requested items: one optional result for each (条例第三十七条)."""
        if self.kind is not Kind.DECIDED or len(items) < 2:
            return
        choices = self.fields["outcome"].choices  # type: ignore[attr-defined]
        given = {one.item: f"{one.outcome}/{one.variant}" for one in getattr(self.of, "items", ())}
        for number, item in enumerate(items):
            self.fields[f"item_{number}"] = forms.ChoiceField(
                label=f"其中：{item[:60]}",
                choices=[("", "（不单列）"), *choices[1:]],
                required=False,
                initial=given.get(item, ""),
            )
        self.item_texts = items
        self.order_fields(["on", "outcome", *(f"item_{n}" for n in range(len(items)))])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        texts = getattr(self, "item_texts", ())
        picked = [cleaned.get(f"item_{n}") for n in range(len(texts))]
        if any(picked) and not all(picked):
            self.add_error(None, "逐项填写结果的，每一项都要填写。")
        return cleaned

    def event(self) -> Event:
        """The event as filled in. Only after ``is_valid()``."""
        values: dict[str, Any] = {}
        for spec in fields(self.cls):
            name = spec.name
            if name not in self.cleaned_data:
                continue
            value = self.cleaned_data[name]
            if value in (None, "") and spec.default is not MISSING:
                continue
            values[name] = value
        if "amount_fen" in values:
            values["amount_fen"] = int(values["amount_fen"] * 100)
        if "outcome" in values:
            values["outcome"], _, values["variant"] = values["outcome"].partition("/")
            items = self._items()
            if items:
                values["items"] = items
        if self.of is None:
            values.setdefault("by", str(self.actor)[:60])
        else:  # what the form did not ask stays as it was
            kept = {s.name for s in fields(self.cls)} - set(self.fields) - {"recorded_at", "items", "variant"}
            values = {name: getattr(self.of, name) for name in kept} | values
        return self.cls(**values)

    def _items(self) -> tuple[ItemDecision, ...]:
        out = []
        for number, text in enumerate(getattr(self, "item_texts", ())):
            chosen = self.cleaned_data.get(f"item_{number}")
            if chosen:
                row, _, variant = chosen.partition("/")
                out.append(ItemDecision(item=text, outcome=row, variant=variant))
        return tuple(out)


def open_letters(state: CaseState, kind: Kind) -> list[Consultation]:
    """The letters to which an act of ``kind`` can still be recorded."""
    wanted = _CONSULT_KINDS[kind]
    out = []
    for one in state.consultations:
        if one.kind not in wanted:
            continue
        if kind is Kind.THIRD_PARTY_NOTIFIED:
            out.append(one)
            continue
        if one.answered_on or one.ended_on:
            continue
        if kind in (Kind.THIRD_PARTY_LETTER_RECEIVED, Kind.CO_MAKER_LETTER_RECEIVED) and one.received_on:
            continue
        if kind in (Kind.THIRD_PARTY_SILENT, Kind.CO_MAKER_SILENT, Kind.CONSULTATION_ENDED) and one.silent_on:
            continue
        out.append(one)
    return out


def describe(one: Consultation) -> str:
    """函1 某公司（征求第三方意见，4月24日发出）."""
    party = f" {one.party}" if one.party else ""
    sent = f"{one.dispatched_on.month}月{one.dispatched_on.day}日发出"
    return f"函{one.letter}{party}（{CONSULT_LABELS[one.kind]}，{sent}）"


def next_letter(state: CaseState) -> str:
    """The number after the highest one used."""
    used = [int(one.letter) for one in state.consultations if one.letter.isdecimal()]
    return str(max(used, default=0) + 1)


def last_event(state: CaseState, kind: Kind) -> Event | None:
    """The latest effective event of ``kind``."""
    return next((e for e in reversed(state.events) if e is not None and e.kind is kind), None)


def defaults(kind: Kind, state: CaseState, actor: Any, policy: CasePolicy) -> dict[str, Any]:
    """What stands in a fresh form: today, the person, the policy's periods, the next number."""
    today = state.today
    values: dict[str, Any] = {"on": today, "by": str(actor)[:60]}
    for spec in fields(EVENT_TYPES[kind]):
        if spec.default is not MISSING and spec.default not in ("", None, ()):
            values.setdefault(spec.name, spec.default)
    if kind is Kind.RECEIVED:
        values |= {"confirmed_on": today, "signed_on": today, "arrived_on": today}
    elif kind is Kind.CORRECTION_REQUESTED:
        values["days"] = policy.correction_default_wd
    elif kind in (Kind.THIRD_PARTY_CONSULTED, Kind.CO_MAKER_CONSULTED, Kind.ORGAN_CONSULTED):
        values["letter"] = next_letter(state)
    elif kind is Kind.FEE_PAID:
        noticed = last_event(state, Kind.FEE_NOTICED)
        values["amount_fen"] = getattr(noticed, "amount_fen", None)
    elif kind is Kind.SIGNED:
        values["signed_by"] = str(actor)
    elif kind is Kind.THIRD_PARTY_NOTIFIED:
        values["reason"] = getattr(last_event(state, Kind.DECIDED), "override", "")
    if kind in _CONSULT_KINDS:
        values.pop("letter", None)
    return values
