"""Settings: defaults of the sheet, ranges, a rule behind each."""

# rule: case.policy.reply-day, case.policy.correction-period, case.policy.late-correction
# rule: case.policy.extension-once, case.policy.extension-max, case.policy.extension-notice
# rule: case.policy.silence-ends-pause, case.policy.other-organ-pause
# rule: case.policy.electronic-service, case.policy.courier-service, case.policy.public-notice
# rule: case.policy.override-notice, case.policy.late-payment, case.policy.reopened-period
# rule: case.policy.confirm-sla, case.policy.answer-year, case.policy.withdrawn-early
# rule: case.policy.not-information, case.policy.archives, case.policy.confirm-remedy
# rule: case.policy.print-r3, case.policy.silence-remedy

from __future__ import annotations

from dataclasses import fields

import pytest

from gongkai.law import rules
from gongkai.law.case import DEFAULT_POLICY, POLICY_RULES, CasePolicy, PolicyError, policy_from_dict
from gongkai.law.outcomes import RemedyClass


def test_every_setting_has_its_rule() -> None:
    names = {spec.name for spec in fields(CasePolicy)}
    assert set(POLICY_RULES) == names
    for name, rule in POLICY_RULES.items():
        assert rule.setting == f"CasePolicy.{name}"
        assert rules.get(rule.id) is rule
        assert rule.text
        assert rule.title


def test_the_defaults_are_the_sheet_s() -> None:
    assert CasePolicy() == DEFAULT_POLICY
    expected = {
        "exclude_reply_day": True,
        "correction_default_wd": 10,
        "late_correction_notice": False,
        "extension_once_per": "case",
        "extension_max_wd": 20,
        "extension_counts_from_notice": True,
        "third_party_silence_ends_pause": True,
        "other_organ_pause_max_wd": None,
        "electronic_service": "reached",
        "courier_service": False,
        "public_notice_days": 30,
        "override_notice_first": True,
        "late_fee_payment": False,
        "reopened_wd": 20,
        "confirm_sla_wd": 1,
        "service_decides": True,
        "count_withdrawn_before_receipt": False,
        "not_information_row": "unavailable_not_held",
        "archives_row": "unavailable_not_held",
        "confirm_remedy": RemedyClass.R2,
        "print_r3_remedy": True,
        "silence_needs_reconsideration": False,
    }
    assert {spec.name: getattr(DEFAULT_POLICY, spec.name) for spec in fields(CasePolicy)} == expected


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("correction_default_wd", 1, 60),
        ("extension_max_wd", 1, 20),
        ("other_organ_pause_max_wd", 1, 250),
        ("public_notice_days", 1, 60),
        ("reopened_wd", 1, 60),
        ("confirm_sla_wd", 0, 10),
    ],
)
def test_ranges(name: str, low: int, high: int) -> None:
    for good in (low, high):
        assert getattr(policy_from_dict({name: good}), name) == good
    for bad in (low - 1, high + 1, True, "3", 1.5):
        with pytest.raises(PolicyError) as problem:
            policy_from_dict({name: bad})
        assert POLICY_RULES[name].title in str(problem.value)
        assert f"{low} 至 {high}" in str(problem.value)


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("extension_once_per", ["case", "clock"]),
        ("electronic_service", ["reached", "confirmed"]),
        ("not_information_row", ["unavailable_not_held", "other_other"]),
        ("archives_row", ["unavailable_not_held", "refused_query"]),
        ("confirm_remedy", ["R2", "R3"]),
    ],
)
def test_choices(name: str, good: list[str]) -> None:
    for value in good:
        assert getattr(policy_from_dict({name: value}), name) == value
    with pytest.raises(PolicyError) as problem:
        policy_from_dict({name: "maybe"})
    assert "、".join(good) in str(problem.value)
    assert POLICY_RULES[name].title in str(problem.value)


def test_stored_settings() -> None:
    assert policy_from_dict({}) == DEFAULT_POLICY
    assert policy_from_dict({"confirm_remedy": "R3"}).confirm_remedy is RemedyClass.R3
    with pytest.raises(PolicyError, match="没有这些设置：a、b；可用的有：archives_row、"):
        policy_from_dict({"b": 1, "a": 2, "reopened_wd": 3})
