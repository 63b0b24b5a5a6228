"""Events to JSON and back, and the Chinese messages when something cannot be read."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum

import pytest

from gongkai.law.case import (
    ENUM_LABELS,
    EVENT_LABELS,
    EVENT_TYPES,
    ApplicantKind,
    Channel,
    Decided,
    Event,
    EventFormatError,
    ItemDecision,
    Kind,
    Received,
    RecordCorrected,
    Submitted,
    from_dict,
    to_dict,
    vocab,
)
from gongkai.law.case import events as ev

DAY = date(2026, 3, 2)


def test_every_kind_has_one_type_with_a_word() -> None:
    assert set(EVENT_TYPES) == set(Kind)
    assert len(set(EVENT_LABELS.values())) == len(Kind)
    for kind, cls in EVENT_TYPES.items():
        assert cls.kind is kind
        labels = [spec.metadata["zh"] for spec in fields(cls)]
        assert len(set(labels)) == len(labels)


def test_every_vocabulary_has_a_word_for_every_member() -> None:
    enums = {
        value
        for value in vars(vocab).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value not in (StrEnum, Kind)
    }
    assert set(ENUM_LABELS) == enums
    for enum, labels in ENUM_LABELS.items():
        assert set(labels) == set(enum)


def test_plain_json() -> None:
    event = Submitted(
        on=DAY,
        channel=Channel.ONLINE,
        applicant=ApplicantKind.BUSINESS,
        items=("预算", "决算"),
        recorded_at=datetime(2026, 3, 2, 9, 30),
        by="王",
    )
    plain = to_dict(event)
    assert plain == {
        "kind": "submitted",
        "on": "2026-03-02",
        "recorded_at": "2026-03-02T09:30:00",
        "by": "王",
        "channel": "online",
        "applicant": "business",
        "items": ["预算", "决算"],
    }
    assert from_dict(json.loads(json.dumps(plain))) == event


def test_defaults_are_left_out() -> None:
    assert to_dict(Received(on=DAY)) == {"kind": "received", "on": "2026-03-02"}


def test_nested_events_and_items() -> None:
    decided = Decided(
        on=DAY, outcome="partial", items=(ItemDecision(item="甲", outcome="granted", variant="provided"),)
    )
    corrected = RecordCorrected(on=DAY, target=3, reason="误登", replacement=decided)
    plain = json.loads(json.dumps(to_dict(corrected)))
    assert plain["replacement"]["items"] == [{"item": "甲", "outcome": "granted", "variant": "provided"}]
    assert from_dict(plain) == corrected


def test_chinese_is_read_too() -> None:
    event = from_dict({"事件": "送达", "日期": DAY, "方式": "邮政企业邮寄", "承运": "其他快递", "邮件号": 12})
    assert event == ev.Served(on=DAY, way=vocab.ServiceWay.POST, carrier=vocab.Carrier.COURIER, tracking="12")
    assert from_dict({"事件": "说明理由", "日期": DAY, "理由合理": "是"}) == ev.ReasonsGiven(
        on=DAY, reasonable=True
    )
    assert from_dict({"事件": "说明理由", "日期": DAY, "理由合理": "否"}) == ev.ReasonsGiven(
        on=DAY, reasonable=False
    )
    for word in ("C3.4", "refused_third_party", "保护第三方合法权益"):
        assert from_dict({"事件": "作出决定", "日期": DAY, "结果": word}) == Decided(
            on=DAY, outcome="refused_third_party"
        )
    one = from_dict({"事件": "补正告知", "日期": DAY, "补正事项": "文号"})
    assert one == ev.CorrectionRequested(on=DAY, items=("文号",))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "不认识的事件“None”，可用的有：提交、收到"),
        ({"kind": "shouted", "on": "2026-01-01"}, "不认识的事件“shouted”"),
        ({"kind": 3, "on": "2026-01-01"}, "不认识的事件“3”"),
        ({"kind": "received"}, "收到：缺少日期"),
        ({"kind": "extended", "on": "2026-01-01"}, "延期答复：缺少延长工作日、批准人、批准日、理由"),
        ({"kind": "received", "on": "2026-13-01"}, "收到：“on”的值 '2026-13-01' 读不懂"),
        ({"kind": "received", "on": datetime(2026, 1, 1)}, "读不懂"),
        ({"kind": "received", "on": "2026-01-01", "日期": "2026-01-01"}, "“日期”填了两次"),
        ({"kind": "received", "on": "2026-01-01", "颜色": "红"}, "收到：没有“颜色”这一项，可填：日期、"),
        ({"kind": "fee_paid", "on": "2026-01-01", "amount_fen": True}, "“amount_fen”的值 True 读不懂"),
        ({"kind": "fee_paid", "on": "2026-01-01", "amount_fen": 1.5}, "读不懂"),
        ({"kind": "submitted", "on": "2026-01-01", "channel": "鸽子"}, "“鸽子”不在可选范围：当面提交、"),
        ({"kind": "decided", "on": "2026-01-01", "outcome": "C9"}, "不认识的办理结果“C9”"),
        ({"kind": "reasons_given", "on": "2026-01-01", "reasonable": "也许"}, "读不懂"),
        ({"kind": "withdrawn", "on": "2026-01-01", "by": True}, "读不懂"),
        ({"kind": "withdrawn", "on": "2026-01-01", "by": 1.5}, "读不懂"),
        (
            {"kind": "decided", "on": "2026-01-01", "outcome": "C2", "items": [{"item": "甲"}]},
            "逐项结果：缺少结果",
        ),
        (["received"], "事件应当是键值对"),
    ],
)
def test_what_cannot_be_read_is_said_in_chinese(data: dict[str, object], message: str) -> None:
    with pytest.raises(EventFormatError) as problem:
        from_dict(data)
    assert message in str(problem.value)


def test_events_are_values() -> None:
    assert Received(on=DAY) == Received(on=DAY)
    assert hash(Received(on=DAY)) == hash(Received(on=DAY))
    with pytest.raises(AttributeError):
        Received(on=DAY).on = date(2027, 1, 1)  # type: ignore[misc]
    assert not hasattr(Received(on=DAY), "__dict__")
    assert ev.Extended(
        on=DAY, days=1, approved_by="x", approved_on=DAY, reason="y"
    ).notified_on == DAY  # fmt: skip
    assert issubclass(Received, Event)
