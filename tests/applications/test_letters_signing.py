"""Signing, freezing, numbering, service, and templates that try to reach further than they may."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.applications import selectors
from gongkai.applications.letters import delivery, services, templating
from gongkai.applications.letters.fields import FIELDS
from gongkai.applications.letters.freeze import intact
from gongkai.applications.letters.kinds import LETTER_KINDS
from gongkai.applications.letters.language import TemplateProblem, harmless, parse
from gongkai.applications.letters.money import capitals
from gongkai.applications.letters.organfacts import kind_of, organ_facts
from gongkai.applications.models import Letter, OrganSettings
from gongkai.law.case import Kind, ServiceWay
from gongkai.law.remedy import OrganKind
from gongkai.organs.models import AuditEntry, Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from tests.applications import letters_world as world


@pytest.fixture
def organ(db):
    return world.county()


def signed(organ, key="correction"):
    letter, day = world.drafted(key, organ)
    services.submit_letter(SYSTEM, letter, today=day)
    if letter.state == "review":
        services.review_letter(SYSTEM, letter, passed=True)
    services.sign_letter(SYSTEM, letter, today=day)
    return letter, day


# --- freezing ------------------------------------------------------------------------------------------------------------


def test_a_signed_letter_cannot_be_changed_by_service_model_or_unnoticed(organ):
    letter, day = signed(organ)
    with pytest.raises(ValidationError, match="已签发"):
        services.update_letter(SYSTEM, letter, body="另一篇正文", today=day)
    for name, value in (("body", "改"), ("number", "1"), ("dated", day - timedelta(1)), ("digest", "")):
        changed = Letter.objects.get(pk=letter.pk)
        setattr(changed, name, value)
        with pytest.raises(TypeError, match="不能改动"):
            changed.save()
    with pytest.raises(TypeError, match="不能删除"):
        letter.delete()
    Letter.objects.filter(pk=letter.pk).update(body="绕过模型改的正文")
    assert not intact(Letter.objects.get(pk=letter.pk))


def test_attachments_are_frozen_too(organ):
    letter, _ = signed(organ, "partial.usual")
    extra = world.a_file(letter.application, "另一份.pdf", "other")
    with pytest.raises(TypeError, match="附件"), transaction.atomic():
        letter.attachments.add(extra)
    with pytest.raises(TypeError, match="附件"), transaction.atomic():
        letter.attachments.clear()
    assert intact(letter)


def test_signing_an_answer_is_the_laws_signed_and_releases_the_redacted_copy(organ):
    letter, day = signed(organ, "partial.usual")
    event = selectors.state_of(letter.application, day).events[-1]
    assert (event.kind, event.letter_no) == (Kind.SIGNED, letter.number)
    assert letter.application.files.filter(kind="released").count() == 1


def test_what_the_law_refuses_takes_no_number(organ):
    letter, day = world.drafted("extension", organ)
    services.submit_letter(SYSTEM, letter, today=day)
    with pytest.raises(PermissionDenied):
        services.sign_letter(world.person(organ, Role.EDITOR, "经办"), letter, today=day)
    services.sign_letter(SYSTEM, letter, today=day)
    assert letter.serial == 1
    other, day = world.drafted("granted.already_public", organ)
    services.submit_letter(SYSTEM, other, today=day)
    services.review_letter(SYSTEM, other, passed=True)
    with pytest.raises(ValidationError, match="他人办理"):
        services.sign_letter(SYSTEM, other, today=day, expected=1)
    other.refresh_from_db()
    assert (other.state, other.number) == ("sign", "")
    services.sign_letter(SYSTEM, other, today=day)
    assert other.number.endswith("答〔2026〕1号")


def test_drafter_reviewer_and_signer(organ):
    director = world.person(organ, Role.DIRECTOR, "主任")
    application, day = world.ready_for("granted.already_public", organ)
    typed = world.typed_for(LETTER_KINDS["granted.already_public"])
    letter = services.draft_letter(director, application, "granted.already_public", today=day, values=typed)
    services.submit_letter(director, letter, today=day)
    with pytest.raises(ValidationError, match="拟稿人不能审核"):
        services.review_letter(director, letter, passed=True)
    services.review_letter(
        world.person(organ, Role.REVIEWER, "审核"), letter, passed=False, opinion="理由不足"
    )
    assert (letter.state, letter.review_opinion) == ("draft", "理由不足")
    services.submit_letter(director, letter, today=day)
    services.review_letter(world.person(organ, Role.REVIEWER, "审核"), letter, passed=True)
    with pytest.raises(ValidationError, match="拟稿人不能签发"):
        services.sign_letter(director, letter, today=day)


def test_the_remedy_is_never_typed(organ):
    letter, day = world.drafted("refused_secret.usual", organ)
    for body in (
        letter.body.replace("{{ 救济途径 }}", "可以在六个月内向某人民法院提起行政诉讼。"),
        letter.body + "\n也可以在60日内向上级申请行政复议。",
        letter.body + "\n{{ 救济途径 }}",
        letter.body + "\n{{ 证件 }}",
    ):
        with pytest.raises(ValidationError):
            services.update_letter(SYSTEM, letter, body=body, today=day)
    services.update_letter(SYSTEM, letter, body=letter.body + "\n补充一段说明。", today=day)


def test_what_the_organs_record_lacks_is_said_before_signing(organ):
    Organ.objects.filter(pk=organ.pk).update(court="")
    letter, day = world.drafted("granted.already_public", organ)
    with pytest.raises(ValidationError, match="人民法院"):
        services.submit_letter(SYSTEM, letter, today=day)
    OrganSettings.objects.filter(organ=organ).update(court_name="清河县人民法院")
    services.submit_letter(SYSTEM, letter, today=day)


def test_void(organ):
    letter, _ = world.drafted("correction", organ)
    with pytest.raises(ValidationError, match="原因"):
        services.void_letter(SYSTEM, letter, reason=" ")
    services.void_letter(SYSTEM, letter, reason="写错了")
    assert letter.state == "void"
    answer, _ = signed(organ, "granted.already_public")
    with pytest.raises(ValidationError, match="更正告知书"):
        services.void_letter(SYSTEM, answer, reason="写错了")
    notice, _ = signed(organ)
    services.void_letter(SYSTEM, notice, reason="未发出")
    assert intact(Letter.objects.get(pk=notice.pk))
    assert notice.number


def test_the_trail_names_no_person(organ):
    signed(organ, "correction")
    rows = AuditEntry.objects.filter(act__startswith="letter.")
    assert {row.act for row in rows} >= {"letter.draft", "letter.submit", "letter.sign"}
    assert "王小明" not in repr([(r.object_label, r.changes, r.reason) for r in rows])


# --- numbering -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_ten_people_signing_at_once_leave_no_gap_and_no_duplicate():
    organ = world.county()
    letters = []
    for _ in range(10):
        letter, day = world.drafted("extension", organ)
        services.submit_letter(SYSTEM, letter, today=day)
        letters.append(letter)
    failures: list[BaseException] = []

    def work(letter):
        try:
            services.sign_letter(SYSTEM, letter, today=day)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(letter,)) for letter in letters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, (connection.vendor, failures)
    assert sorted(Letter.objects.values_list("serial", flat=True)) == list(range(1, 11))
    assert len(set(Letter.objects.values_list("number", flat=True))) == 10


# --- service -------------------------------------------------------------------------------------------------------------


def test_online_service_needs_the_online_channel_in_the_letter(organ):
    letter, day = world.drafted("granted.already_public", organ)
    services.update_letter(SYSTEM, letter, online=False, today=day)
    services.submit_letter(SYSTEM, letter, today=day)
    services.review_letter(SYSTEM, letter, passed=True)
    services.sign_letter(SYSTEM, letter, today=day)
    with pytest.raises(ValidationError, match="互联网申请渠道"):
        delivery.deliver_letter(SYSTEM, letter, way=ServiceWay.ELECTRONIC, on=day, today=day)
    with pytest.raises(ValidationError, match="邮件号"):
        delivery.deliver_letter(SYSTEM, letter, way=ServiceWay.POST, on=day, today=day)
    with pytest.raises(ValidationError, match="不能晚于今天"):
        delivery.deliver_letter(SYSTEM, letter, way=ServiceWay.DIRECT, on=day + timedelta(1), today=day)
    delivery.deliver_letter(SYSTEM, letter, way=ServiceWay.DIRECT, on=day, place="本局", today=day)
    assert selectors.state_of(letter.application, day).served_on == day
    with pytest.raises(ValidationError, match="已于"):
        delivery.deliver_letter(SYSTEM, letter, way=ServiceWay.DIRECT, on=day, today=day)


def test_a_notice_is_served_without_ending_the_case(organ):
    letter, day = signed(organ, "correction")
    delivery.deliver_letter(SYSTEM, letter, way=ServiceWay.POST, tracking="XA1", on=day, today=day)
    assert selectors.state_of(letter.application, day).status == "correction"
    with pytest.raises(ValidationError, match="已经送达"):
        services.void_letter(SYSTEM, letter, reason="错了")
    receipt = delivery.service_receipt(SYSTEM, letter, today=day)
    assert letter.number in receipt.body
    assert receipt.state == "signed"


def test_labels_need_an_address(organ):
    letter, _ = signed(organ)
    label = delivery.labels_for([letter])[0]
    assert (label.postcode, label.name) == ("100000", "王小明")
    assert "清河县自然资源局" in label.sender
    letter.application.applicant.address = ""
    with pytest.raises(ValidationError, match="没有通信地址"):
        delivery.labels_for([letter])


# --- templates -----------------------------------------------------------------------------------------------------------

REFUSED = [
    "{{ letter.application.applicant.identity_number }}",
    "{{ 申请人.__class__.__mro__ }}",
    "{% load static %}",
    "{% include 'wagtailadmin/base.html' %}",
    "{% 若 ''.__class__ %}x{% 完 %}",
    "{{ settings.SECRET_KEY }}",
    "{{ 称谓|safe }}",
    "{% debug %}",
    "{{ 7*7 }}",
]
ATTACKS = [*REFUSED, "#{7*7}${7*7}", "{# 注 #}"]


@pytest.mark.parametrize("attack", REFUSED)
def test_a_template_reaches_nothing_but_its_fields(attack, organ):
    with pytest.raises(ValidationError, match=r"这个字段|不认识"):
        templating.save_template(SYSTEM, organ, "extension", "标题", f"{{{{ 称谓 }}}}{attack}")


def test_what_is_no_field_is_mere_text(organ):
    attack = "#{7*7}${7*7}{# 注 #}"
    templating.save_template(SYSTEM, organ, "extension", "标题", f"{{{{ 称谓 }}}}{attack}")
    letter, _ = world.drafted("extension", organ)
    assert attack in letter.body


@pytest.mark.parametrize(
    "attack", [*ATTACKS, "{{ 救济途径 }}", "｜甲｜乙｜", "一、伪造的标题\n二、又一段", "#eval(1) $x$ @a"]
)
def test_what_an_applicant_writes_is_text(attack, organ):
    from gongkai.applications.letters.layout import blocks_of
    from gongkai.applications.letters.pdf import render_pdf

    application = world.registered(organ, description=attack)
    letter = services.draft_letter(SYSTEM, application, "receipt", today=world.DAY)
    assert "{{" not in letter.body
    assert not any(b.kind == "heading" for b in blocks_of(letter.body))
    assert [b.kind for b in blocks_of(letter.body)].count("table") == 1
    assert render_pdf(letter).startswith(b"%PDF")


def test_the_nearest_template_holds(organ):
    government = organ.get_parent()
    templating.save_template(SYSTEM, government, "extension", "县里的模板", "{{ 延期理由 }}")
    assert templating.wording_for(organ, LETTER_KINDS["extension"]).title == "县里的模板"
    row = templating.save_template(SYSTEM, organ, "extension", "局里的模板", "{{ 延期理由 }}")
    assert templating.wording_for(organ, LETTER_KINDS["extension"]).title == "局里的模板"
    templating.remove_template(SYSTEM, row)
    assert templating.wording_for(organ, LETTER_KINDS["extension"]).title == "县里的模板"


def test_a_template_must_keep_the_remedy_and_the_secrets(organ):
    for kind, body, said in (
        ("refused_secret.usual", "不予公开。", "救济途径"),
        ("refused_secret.usual", "{% 若 称谓 %}{{ 救济途径 }}{% 完 %}", "不能放在"),
        ("extension", "{{ 救济途径 }}", "不告知"),
        ("third_party", "{{ 申请人 }}想要", "不应看到"),
        ("correction", "{{ 第三方 }}", "不应看到"),
    ):
        with pytest.raises(ValidationError, match=said):
            templating.save_template(SYSTEM, organ, kind, "标题", body)
    with pytest.raises(PermissionDenied):
        templating.save_template(world.person(organ, Role.EDITOR, "经办"), organ, "extension", "标题", "文")


@pytest.mark.parametrize("key", LETTER_KINDS)
def test_every_built_in_wording_passes_the_office_check_and_has_a_sample(key):
    kind = LETTER_KINDS[key]
    assert templating.template_problems(kind, kind.wording.title, kind.wording.body) == {}
    title, text = templating.preview_template(key, kind.wording.title, kind.wording.body)
    assert title
    assert "【" not in text
    assert set(kind.asks) <= set(FIELDS)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ 称谓", "不成对"), ("{% 若 称谓 %}x", "没有对应的“完”"), ("x{% 完 %}", "前面没有“若”"),
        ("{% 若 %}x{% 完 %}", "不认识"), ("{{  }}", "不完整"),
        ("{% 若 a %}1{% 否则 %}2{% 否则 %}3{% 完 %}", "前面没有“若”"), ("长" * 20_001, "过长"),
        ("{% 若 a %}" * 6 + "{% 完 %}" * 6, "最多套"),
    ],
)  # fmt: skip
def test_faults_of_a_template_are_named(source, said):
    with pytest.raises(TemplateProblem, match=said):
        parse(source)


def test_choices_and_full_stops():
    template = parse(
        "{% 若 a %}有{{ a }}{% 否则 %}无{% 完 %}\n{% 若 b %}\n可省\n{% 完 %}\n理由：{{ c }}\n｜x｜{{ c }}｜"
    )
    assert template.fill({"a": "甲", "c": "一\n二"}).text == "有甲。\n理由：一；\n二。\n｜x｜一；二｜"
    assert template.fill({"c": "好。"}).text == "无\n理由：好。\n｜x｜好。｜"
    assert parse("{{ a }}{{ b }}").fill({"a": "1"}).missing == ("b",)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=30))
def test_whatever_a_value_holds_the_rest_of_the_letter_stays(value, other):
    template = parse("甲：{{ a }}，乙。\n｜格｜{{ b }}｜\n终。")
    text = template.fill({"a": value, "b": other}).text
    assert text.startswith("甲：")
    assert text.endswith("\n终。")
    assert "{{" not in text
    assert "{%" not in text
    rows = [line for line in text.split("\n") if line.startswith("｜")]
    assert len(rows) == 1
    assert rows[0].count("｜") == 3
    assert harmless(harmless(value)) == harmless(value)


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "人民币零元整"), (38000, "人民币叁佰捌拾元整"), (10001, "人民币壹佰元零壹分"), (100000500, "人民币壹佰万零伍元整"),
        (1005000, "人民币壹万零伍拾元整"), (30, "人民币叁角"), (3700000, "人民币叁万柒仟元整"), (100001000000, "人民币壹拾亿零壹万元整"),
    ],
)  # fmt: skip
def test_amounts_in_capitals(fen, words):
    assert capitals(fen) == words


def test_what_an_organ_is_for_the_law(organ):
    government = organ.get_parent()
    assert kind_of(organ, government) is OrganKind.COUNTY_DEPARTMENT
    assert organ_facts(organ).county_government == "清河县人民政府"
    assert kind_of(government) is OrganKind.COUNTY_GOVERNMENT
    government.region_code = "640300"
    assert kind_of(government) is OrganKind.PREFECTURE_GOVERNMENT
    organ.vertical = True
    assert kind_of(organ, government) is OrganKind.VERTICAL
    # A county government's intermediate court is not its departments' court.
    Organ.objects.filter(pk=organ.pk).update(court="")
    OrganSettings.objects.update(court_name="")
    OrganSettings.objects.create(organ=organ.get_parent(), court_name="某市中级人民法院")
    OrganSettings.objects.filter(organ=organ).delete()
    found = Organ.objects.get(pk=organ.pk)
    assert organ_facts(found).basic_court == ""
    assert organ_facts(Organ.objects.get(pk=government.pk)).intermediate_court == "某市中级人民法院"


def test_a_blank_in_the_settings_is_looked_up_above(organ):
    Organ.objects.filter(pk=organ.pk).update(court="")
    OrganSettings.objects.filter(organ=organ).update(online_reconsideration="", court_name="")
    OrganSettings.objects.create(
        organ=organ.get_parent(), court_name="清河县人民法院", online_reconsideration="https://fy.example"
    )
    facts = organ_facts(Organ.objects.get(pk=organ.pk))
    assert (facts.basic_court, facts.online_reconsideration) == ("清河县人民法院", "https://fy.example")
