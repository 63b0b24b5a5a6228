"""The acts on documents: the prescribed flow, numbers, repeal in one transaction, permission, clean-up, catalogue."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.normative import selectors, services
from gongkai.normative.models import CatalogueIssue, CleanUpItem, Document, NormativeSettings
from gongkai.normative.services import catalogue, cleanup
from gongkai.normative.services.core import status_on
from gongkai.normative.services.numbers import next_number
from gongkai.normative.testing import make_document
from gongkai.organs.models import AuditEntry, Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user

pytestmark = pytest.mark.django_db
BODY = "第一条　为规范管理，制定本办法。\n第二条　本办法自印发之日起施行。"


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def organ() -> Organ:
    row = make_organ("某区人民政府")
    NormativeSettings.objects.create(organ=row, marks="某政规发 某政发")
    return row


def draft(organ: Organ, actor: Any = SYSTEM, **more: Any) -> Document:
    fields = {"category": "normative", "title": "关于印发《某区临时救助办法》的通知", "body": BODY} | more
    return services.create_draft(actor, organ, on=ago(90), **fields)


def prepared(organ: Organ, **more: Any) -> Document:
    row = draft(organ, **more)
    services.consult(SYSTEM, row, started=ago(80), ended=ago(60), opinions=5, adopted=2)
    services.review(SYSTEM, row, received_on=ago(40), finished_on=ago(28), reviewer="司法局", opinion="合法")
    services.deliberate(SYSTEM, row, on=ago(20), meeting="常务会议")
    return row


def test_no_step_may_be_skipped_without_saying_why(organ: Organ) -> None:
    row = draft(organ)
    with pytest.raises(ValidationError, match="征求意见、合法性审核、集体审议"):
        services.issue(SYSTEM, row, on=timezone.localdate(), mark="某政规发")
    with pytest.raises(ValidationError, match="理由"):
        services.consult(SYSTEM, row, started=ago(80), ended=ago(78))
    with pytest.raises(ValidationError, match="写明理由"):
        services.consult(SYSTEM, row, started=ago(80), ended=ago(80), exempt=True, reason="急")
    services.consult(
        SYSTEM, row, started=ago(80), ended=ago(80), exempt=True, reason="应急处置，依法不公开征求意见"
    )
    with pytest.raises(ValidationError, match="5 至 15 个工作日"):
        services.review(
            SYSTEM, row, received_on=ago(2), finished_on=ago(1), reviewer="司法局", opinion="合法"
        )
    services.return_from_review(SYSTEM, row, opinion="第二条与上位规定不一致")
    assert Document.objects.get(pk=row.pk).stage == "consulted"


def test_from_draft_to_filing(organ: Organ) -> None:
    row = services.issue(SYSTEM, prepared(organ), on=ago(10), mark="某政规发", effective_on=ago(5))
    assert row.number == f"某政规发〔{ago(10).year}〕1号"
    assert (row.status, row.index_number[-5:]) == ("valid", "00001")
    assert row.publication_due is not None
    row = services.publish(SYSTEM, row, secrecy_reviewed=True)
    assert row.interpretation_due is not None
    assert row.filing_due == timezone.localdate() + timedelta(days=15)
    with pytest.raises(ValidationError, match="不能更改"):
        services.publish(SYSTEM, row, secrecy_reviewed=True)
    services.file_with(SYSTEM, row, on=timezone.localdate(), organ="某市人民政府", receipt="12")
    assert Document.objects.get(pk=row.pk).filed_on == timezone.localdate()
    acts = set(AuditEntry.objects.filter(object_id=str(row.pk)).values_list("act", flat=True))
    assert {"document.issued", "document.published", "document.filed"} <= acts


def test_numbers_have_no_gap_and_skip_those_entered_by_hand(organ: Organ) -> None:
    year = timezone.localdate().year
    make_document(organ, "手工", number=f"某政规发〔{year}〕2号")
    with transaction.atomic():
        assert next_number(organ, "某政规发", year).serial == 1
    with transaction.atomic():
        next_number(organ, "某政规发", year)
        transaction.set_rollback(True)
    with transaction.atomic():
        assert next_number(organ, "某政规发", year).serial == 3
    row = prepared(organ)
    with pytest.raises(ValidationError, match="已用于"):
        services.issue(SYSTEM, row, on=timezone.localdate(), number=f"某政规发[{year}]02号")


def test_a_repealing_document_flips_what_it_names_in_the_same_transaction(organ: Organ) -> None:
    old = make_document(organ, "旧", issued=date(2022, 3, 1), number="某政规发〔2022〕1号")
    middle = make_document(organ, "中", issued=date(2023, 3, 1))
    services.repeal(SYSTEM, old, on=date(2023, 4, 1), basis=middle)
    new = prepared(organ)
    services.relate(SYSTEM, new, "repeals", target=middle)
    assert Document.objects.get(pk=middle.pk).status == "valid"
    services.issue(SYSTEM, new, on=ago(3), mark="某政规发")
    middle.refresh_from_db()
    old.refresh_from_db()
    assert (middle.status, middle.ended_on) == ("repealed", ago(3))
    assert selectors.successor(old) == new  # followed along the chain
    assert status_on(old, date(2022, 6, 1)).value == "valid"
    with pytest.raises(ValidationError, match="失去效力"):
        services.amend(SYSTEM, middle, on=timezone.localdate(), note="修改第一条")


def test_when_one_of_the_named_documents_cannot_be_repealed_nothing_is_issued(organ: Organ) -> None:
    target = make_document(organ, "旧", issued=date(2022, 3, 1))
    new = prepared(organ)
    services.relate(SYSTEM, new, "repeals", target=target)
    services.repeal(SYSTEM, target, on=ago(30), note="另有决定")
    with pytest.raises(ValidationError):
        services.issue(SYSTEM, new, on=ago(3), mark="某政规发")
    new.refresh_from_db()
    assert (new.stage, new.number) == ("deliberated", "")


def test_trial_documents_end_by_themselves(organ: Organ) -> None:
    row = prepared(organ, term="trial")
    with pytest.raises(ValidationError, match="须写明有效期"):
        services.issue(SYSTEM, row, on=ago(10), mark="某政规发")
    with pytest.raises(ValidationError, match="最长 2 年"):
        services.issue(
            SYSTEM, row, on=ago(10), mark="某政规发", until=timezone.localdate() + timedelta(days=900)
        )
    services.issue(SYSTEM, row, on=ago(10), mark="某政规发", until=timezone.localdate() + timedelta(days=30))
    assert Document.objects.filter(selectors.owed("expiring", timezone.localdate())).get() == row
    later = timezone.localdate() + timedelta(days=31)
    assert services.refresh_statuses(later) == 1
    assert services.refresh_statuses(later) == 0
    row.refresh_from_db()
    assert (row.status, row.end_act) == ("expired", "expired")
    assert row.events.filter(act="expired").count() == 1


def test_a_mistaken_repeal_is_taken_back_by_a_later_entry(organ: Organ) -> None:
    row, basis = make_document(organ, "甲"), make_document(organ, "乙")
    event = services.repeal(SYSTEM, row, on=ago(2), basis=basis)
    services.strike(SYSTEM, event, reason="登记到了另一件文件上")
    row.refresh_from_db()
    assert (row.status, row.ended_on) == ("valid", None)
    assert row.events.count() == 4  # issued, published, repealed, struck: all still there
    assert selectors.relations(basis) == []
    with pytest.raises(ValidationError, match="不能撤销"):
        services.strike(SYSTEM, row.events.get(act="issued"), reason="不想要了")


def test_disclosure_and_interpretation_need_reasons(organ: Organ) -> None:
    with pytest.raises(ValidationError) as refused:
        draft(organ, disclosure="closed")
    assert "disclosure_reason" in refused.value.message_dict
    with pytest.raises(ValidationError) as refused:
        draft(organ, interpretation_required=False)
    assert "interpretation_exemption" in refused.value.message_dict
    closed = draft(organ, category="general", disclosure="closed", disclosure_reason="内部事务信息")
    services.issue(SYSTEM, closed, on=timezone.localdate(), number="某政函〔2026〕9号")
    with pytest.raises(ValidationError, match="不能公布"):
        services.publish(SYSTEM, closed, secrecy_reviewed=True)


def test_who_may_do_what(organ: Organ) -> None:
    other = make_organ("别区人民政府")
    stranger, editor = make_user(other, Role.DIRECTOR), make_user(organ, Role.EDITOR)
    viewer, village = make_user(organ, Role.INSPECTOR), make_user(organ, Role.VILLAGE)
    row = make_document(organ)
    for user in (stranger, viewer, village):
        with pytest.raises(PermissionDenied):
            draft(organ, user)
        with pytest.raises(PermissionDenied):
            services.repeal(user, row, on=timezone.localdate(), note="决定")
    mine = draft(organ, editor, category="policy")
    services.issue(editor, mine, on=timezone.localdate(), mark="某政发")
    with pytest.raises(PermissionDenied):
        services.publish(
            editor, mine, secrecy_reviewed=True
        )  # what goes out is let out by somebody who approves
    services.publish(make_user(organ, Role.LEADER), mine, secrecy_reviewed=True)
    with pytest.raises(PermissionDenied):
        services.strike(editor, row.events.last(), reason="有误")


def test_a_document_cannot_repeal_one_of_an_organ_beside_it(organ: Organ) -> None:
    one, two = make_organ("某区民政局", organ), make_organ("某区教育局", organ)
    target, new = make_document(two, "学区"), draft(one)
    with pytest.raises(ValidationError, match="本机关或者下级"):
        services.relate(SYSTEM, new, "repeals", target=target)
    with pytest.raises(ValidationError, match="上级机关"):
        services.repeal(SYSTEM, target, on=timezone.localdate(), basis=make_document(one, "民政"))


def test_a_clean_up_is_carried_out_in_one_act(organ: Organ) -> None:
    rows = [make_document(organ, f"第{n}", issued=date(2021, 1, 1 + n)) for n in range(4)]
    campaign = cleanup.start_clean_up(SYSTEM, organ, title="清理", basis="通知", until=timezone.localdate())
    items = {i.document_id: i for i in campaign.items.select_related("clean_up__organ")}
    with pytest.raises(ValidationError, match="还有 4 件"):
        cleanup.submit_clean_up(SYSTEM, campaign)
    with pytest.raises(ValidationError, match="理由"):
        cleanup.give_verdict(SYSTEM, items[rows[0].pk], CleanUpItem.Verdict.REPEAL)
    for row, verdict in zip(rows, ("repeal", "void", "keep", "amend"), strict=True):
        cleanup.give_verdict(SYSTEM, items[row.pk], verdict, "" if verdict == "keep" else "不适应")
    cleanup.approve_clean_up(SYSTEM, cleanup.submit_clean_up(SYSTEM, campaign))
    decision = make_document(organ, "决定", category="policy")
    services.repeal(SYSTEM, rows[1], on=ago(1), note="另有决定")
    with pytest.raises(ValidationError):  # one cannot: none is
        cleanup.apply_clean_up(SYSTEM, campaign, decision, timezone.localdate())
    assert Document.objects.get(pk=rows[0].pk).status == "valid"
    services.strike(SYSTEM, rows[1].events.get(act="repealed"), reason="误登")
    cleanup.apply_clean_up(SYSTEM, campaign, decision, timezone.localdate())
    states = [Document.objects.get(pk=row.pk).status for row in rows]
    assert states == ["repealed", "expired", "valid", "valid"]
    assert rows[2].events.filter(act="kept", basis=decision).exists()


def test_a_published_catalogue_no_longer_follows_the_register(organ: Organ) -> None:
    first = make_document(organ, "甲", issued=ago(60))
    issue = catalogue.make_issue(SYSTEM, organ, period_from=ago(70), period_to=ago(50))
    with pytest.raises(ValidationError, match="已包括"):
        catalogue.make_issue(SYSTEM, organ, period_from=ago(55), period_to=ago(40))
    issue = catalogue.publish_issue(SYSTEM, issue)
    services.update_document(SYSTEM, first, title="改过的标题", reason="登记有误")
    assert issue.items.get().title != "改过的标题"
    assert catalogue.digest_of(issue) == issue.digest
    with pytest.raises(ValidationError, match="已经公布"):
        catalogue.refresh_issue(SYSTEM, issue)
    second = catalogue.make_issue(SYSTEM, organ, period_from=ago(49), period_to=ago(1))
    assert second.issue == (2 if second.year == issue.year else 1)
    with pytest.raises(ValidationError, match="没有文件"):
        catalogue.publish_issue(SYSTEM, second)
    assert CatalogueIssue.objects.filter(state="published").count() == 1
