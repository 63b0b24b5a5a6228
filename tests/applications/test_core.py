"""The core: filing, numbering, the one way to append an event, what is kept and what can be shown."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from gongkai.applications import selectors, services, vault
from gongkai.applications.models import Application, EventRecord, OrganSettings
from gongkai.applications.services import acts
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.law.case import ApplicantKind, Channel, CorrectionRequested, Decided, Received, Searched, Signed
from gongkai.organs import services as organ_services
from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 20)
PERSON = ApplicantData(
    ApplicantKind.NATURAL,
    "王小明",
    "居民身份证",
    "110101199003071233",
    phone="13800000000",
    address="某街 1 号",
)
ASK = Filing(Channel.ONLINE, "2025年某村土地征收补偿安置方案", submitted_on=DAY)


@pytest.fixture
def organ():
    county = organ_services.create_organ(
        SYSTEM, None, kind=Organ.Kind.GOVERNMENT, name="清河县人民政府", short_name="清河", slug="qh"
    )
    return organ_services.create_organ(
        SYSTEM, county, kind=Organ.Kind.DEPARTMENT, name="清河县自然资源局", short_name="清资", slug="qh-zr"
    )


def person(organ, role, username):
    return organ_services.create_person(
        SYSTEM,
        organ,
        username=username,
        name=username,
        role=role,
        password="Kx9#vulpine-lark",
        on=date(2020, 1, 1),
    )


def filed(organ, **changes):
    return services.file_application(None, organ, PERSON, Filing(**{**ASK.__dict__, **changes}), today=DAY)


def received(organ):
    application, _ = filed(organ)
    services.act(SYSTEM, application, Received(on=DAY, confirmed_on=DAY), today=DAY)
    services.register_application(SYSTEM, application, today=DAY)
    return application


def test_personal_data_is_sealed_in_the_database_and_masked_on_lists(organ):
    application, _ = filed(organ)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM applications_applicant")
        raw = repr(cursor.fetchall())
    for secret in ("王小明", "110101199003071233", "13800000000", "某街"):
        assert secret not in raw
    again = Application.objects.select_related("applicant").get(pk=application.pk)
    assert again.applicant.name == "王小明"
    assert again.applicant.masked_name == "王**"


def test_sealed_fields_cannot_be_searched(organ):
    from gongkai.applications.models import Applicant

    with pytest.raises(TypeError, match="指纹"):
        Applicant.objects.filter(phone="13800000000")


def test_the_query_code_opens_the_case_and_is_not_kept(organ):
    application, code = filed(organ)
    assert code not in repr(Application.objects.values().get(pk=application.pk))
    assert selectors.by_code(application.receipt.lower(), f" {code[:5].lower()}-{code[5:]}") == application
    assert selectors.by_code(application.receipt, "A" * 10) is None
    assert selectors.by_code("20260101AAAAAA", code) is None


def test_the_folded_columns_are_what_the_law_says(organ):
    application = received(organ)
    state = selectors.state_of(application, DAY)
    assert application.due_on == state.due_on == date(2026, 5, 20)
    assert (application.status, application.year_new, application.column) == ("processing", 2026, "natural")
    assert application.number == "清资公开申〔2026〕1号"


def test_an_unlawful_act_is_refused_with_the_article_and_leaves_no_trace(organ):
    application, _ = filed(organ)
    before = EventRecord.objects.count()
    with pytest.raises(ValidationError, match="条例第"):
        services.act(SYSTEM, application, CorrectionRequested(on=DAY, items=("写明文号",)), today=DAY)
    assert EventRecord.objects.count() == before
    application.refresh_from_db()
    assert application.events_count == 1


def test_two_people_at_once_the_second_is_told(organ):
    application, _ = filed(organ)
    services.act(SYSTEM, application, Received(on=DAY, confirmed_on=DAY), expected=1, today=DAY)
    with pytest.raises(ValidationError, match="他人办理"):
        services.act(SYSTEM, application, Searched(on=DAY, places="档案室"), expected=1, today=DAY)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="触发器的写法按 SQLite")
def test_records_are_chained_and_a_change_is_noticed(organ):
    application = received(organ)
    assert list(services.verify_chain(application)) == []
    change = "UPDATE applications_eventrecord SET actor_name = '某人' WHERE position = 2"
    with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    with connection.cursor() as cursor:  # somebody with the database in hand takes the guard away first
        cursor.execute("DROP TRIGGER case_event_no_UPDATE")
        cursor.execute(change)
    assert [position for position, _ in services.verify_chain(application)] == [2]


def test_a_record_is_neither_changed_nor_deleted_through_the_model(organ):
    record = received(organ).records.first()
    with pytest.raises(TypeError, match="只增不改"):
        record.save()
    with pytest.raises(TypeError, match="不能删除"):
        record.delete()


def test_only_those_with_the_duty_act_and_only_at_their_organ(organ):
    other = organ_services.create_organ(
        SYSTEM,
        organ.get_parent(),
        kind=Organ.Kind.DEPARTMENT,
        name="清河县教育局",
        short_name="清教",
        slug="qh-jy",
    )
    application, _ = filed(organ)
    event = Received(on=DAY, confirmed_on=DAY)
    for user in (person(other, Role.EDITOR, "waiwei"), person(organ, Role.INSPECTOR, "jiancha")):
        with pytest.raises(PermissionDenied):
            services.act(user, application, event, today=DAY)
    services.act(person(organ, Role.EDITOR, "benju"), application, event, today=DAY)
    assert application.status == "processing"


def test_who_decides_does_not_sign(organ):
    application = received(organ)
    director = person(organ, Role.DIRECTOR, "zhuren")
    services.act(director, application, Searched(on=DAY, places="档案室", found=True), today=DAY)
    services.act(director, application, Decided(on=DAY, outcome="granted", variant="provided"), today=DAY)
    with pytest.raises(ValidationError, match="不能签发"):
        services.act(director, application, Signed(on=DAY, signed_by="zhuren"), today=DAY)
    services.act(
        person(organ, Role.LEADER, "lingdao"), application, Signed(on=DAY, signed_by="lingdao"), today=DAY
    )
    assert application.status == "signed"


def test_the_applicant_may_do_only_what_is_the_applicants(organ):
    application, _ = filed(organ)
    with pytest.raises(PermissionDenied):
        services.act_as_applicant(application, Received(on=DAY, confirmed_on=DAY), today=DAY)


def test_numbers_have_no_gap_when_a_registration_fails(organ):
    first, second = filed(organ)[0], filed(organ)[0]
    with pytest.raises(ValidationError):
        services.register_application(
            SYSTEM, first, on=date(2026, 1, 1), today=DAY
        )  # before it was submitted
    for application in (second, first):
        services.act(SYSTEM, application, Received(on=DAY, confirmed_on=DAY), today=DAY)
        services.register_application(SYSTEM, application, today=DAY)
    assert (second.serial, first.serial) == (1, 2)
    with pytest.raises(ValidationError, match="只登记一次"):
        services.register_application(SYSTEM, first, today=DAY)


def test_splitting_keeps_the_applicant_and_the_receipt_date(organ):
    application, code = filed(organ)
    services.act(SYSTEM, application, Received(on=DAY, confirmed_on=DAY), today=DAY)
    services.register_application(SYSTEM, application, today=DAY)
    parts = services.split_application(SYSTEM, application, ["征收批复", "补偿标准", "安置方案"], today=DAY)
    assert [p.description for p in parts] == ["征收批复", "补偿标准", "安置方案"]
    child = parts[1]
    services.register_application(SYSTEM, child, today=DAY)
    assert child.due_on == application.due_on
    assert child.number.endswith("〔2026〕2号")
    assert child.parent == application
    assert selectors.by_code(child.receipt, code) == child


def test_missing_things_are_said_all_at_once(organ):
    with pytest.raises(ValidationError) as problem:
        services.file_application(
            None, organ, ApplicantData(ApplicantKind.NATURAL, " "), Filing(Channel.ONLINE, " "), today=DAY
        )
    assert set(problem.value.message_dict) == {"name", "description"}


def test_settings_are_inherited_and_checked(organ):
    parent = OrganSettings(
        organ=organ.get_parent(), policy={"correction_default_wd": 7}, document_mark="清政"
    )
    parent.full_clean()
    parent.save()
    found = selectors.settings_for(organ)
    assert found.case_policy().correction_default_wd == 7
    assert found.document_mark == ""
    for wrong in (
        {"number_pattern": "{year}"},
        {"number_pattern": "{x}{year}{serial}"},
        {"policy": {"没有": 1}},
    ):
        with pytest.raises(ValidationError):
            OrganSettings(organ=organ, **wrong).full_clean()


def test_keys_rotate_and_a_lost_key_is_told(monkeypatch):
    old, new = vault.new_key(), vault.new_key()
    monkeypatch.setenv("GONGKAI_DATA_KEYS", old)
    sealed = vault.seal("13800000000", "t.c")
    monkeypatch.setenv("GONGKAI_DATA_KEYS", f"{new},{old}")
    assert vault.unseal(sealed, "t.c") == "13800000000"
    assert vault.sealed_with(vault.seal("x", "t.c")) == new.split(":")[0]
    with pytest.raises(vault.VaultError, match="损坏"):
        vault.unseal(sealed, "other.column")
    monkeypatch.setenv("GONGKAI_DATA_KEYS", new)
    with pytest.raises(vault.VaultError, match="旧密钥"):
        vault.unseal(sealed, "t.c")


def test_reading_a_state_takes_a_bounded_number_of_queries(organ, django_assert_max_num_queries):
    application = Application.objects.select_related("organ").get(pk=received(organ).pk)
    with django_assert_max_num_queries(2):
        selectors.state_of(application, DAY)


def test_every_event_kind_needs_a_known_action():
    from gongkai.applications.policies import action_for
    from gongkai.law.case import Kind
    from gongkai.organs.roles import FULL

    assert {action_for(kind) for kind in Kind} <= FULL
    assert acts.GENESIS == "0" * 64
