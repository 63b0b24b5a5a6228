"""Acts on organs and people: what they change, what they refuse, and what the trail says of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gongkai.organs import audit, selectors, services
from gongkai.organs.models import AuditEntry, Handover, Membership, Organ, OrganName, Person
from gongkai.organs.models.audit import AppendOnly
from gongkai.organs.roles import CAPABILITIES, Module, Role, allows
from gongkai.organs.scope import SYSTEM, require, scope_of
from gongkai.organs.testing import make_organ, make_user
from tests.platform.world import World

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


def test_every_role_has_a_row_of_known_modules_and_actions() -> None:
    assert set(CAPABILITIES) == {role.value for role in Role}
    actions = {"view", "add", "change", "delete", "approve", "publish", "assign"}
    for row in CAPABILITIES.values():
        assert set(row) <= {module.value for module in Module}
        assert all(granted <= actions for granted in row.values())


@pytest.mark.parametrize(
    ("role", "module", "action", "expected"),
    [
        (Role.DIRECTOR, Module.PEOPLE, "add", True),
        (Role.OFFICER, Module.PEOPLE, "add", False),
        (Role.EDITOR, Module.ORGANS, "change", True),
        (Role.EDITOR, Module.STRUCTURE, "add", False),
        (Role.EDITOR, Module.REMEDIES, "change", False),
        (Role.LEADER, Module.REVIEW, "approve", True),
        (Role.LEADER, Module.VILLAGES, "view", False),
        (Role.SECRECY, Module.REVIEW, "approve", True),
        (Role.SECRECY, Module.PARTICIPATION, "view", False),
        (Role.INSPECTOR, Module.SUPERVISION, "add", True),
        (Role.INSPECTOR, Module.PUBLICATION, "change", False),
        (Role.VILLAGE, Module.VILLAGES, "add", True),
        (Role.VILLAGE, Module.APPLICATIONS, "view", False),
        (Role.ADMIN, Module.PEOPLE, "add", True),
        (Role.ADMIN, Module.APPLICATIONS, "change", False),
    ],
)
def test_capability_table(role: str, module: str, action: str, expected: bool) -> None:
    assert allows(role, module, action) is expected


def test_scope_is_the_subtree_and_nothing_else(world: World) -> None:
    inside = selectors.organs_for(world.director_a)
    assert set(inside) == {world.a, world.dept_a}
    assert selectors.in_scope(world.director_a, world.dept_a)
    assert not selectors.in_scope(world.director_a, world.b)
    assert not selectors.organs_for(AnonymousUser()).exists()
    assert selectors.organs_for(world.admin).count() == Organ.objects.count()
    editor = make_user(world.dept_a, Role.EDITOR)
    assert list(selectors.organs_for(editor)) == [world.dept_a]


def test_a_duty_counts_only_between_its_dates(world: World) -> None:
    today = timezone.localdate()
    user = make_user()
    for start, end in ((today + timedelta(days=1), None), (date(2020, 1, 1), today - timedelta(days=1))):
        Membership.objects.create(
            user=user, organ=world.a, role=Role.DIRECTOR, valid_from=start, valid_to=end
        )
    assert not scope_of(user).seats
    user.is_active = False
    services.grant_membership(SYSTEM, user, world.b, Role.DIRECTOR, on=today)
    assert not scope_of(user).seats, "an inactive account may do nothing"


@pytest.mark.parametrize(
    "act",
    [
        lambda u, w: services.create_organ(u, w.a, kind="department", name="新局", slug="x"),
        lambda u, w: services.update_profile(u, w.dept_a, phone="12345"),
        lambda u, w: services.rename_organ(u, w.dept_a, "改名", on=DAY, basis="文"),
        lambda u, w: services.move_organ(u, w.dept_a, w.b, reason="文"),
        lambda u, w: services.merge_organs(u, [w.dept_a], w.b, on=DAY, basis="文"),
        lambda u, w: services.abolish_organ(u, w.dept_a, on=DAY, basis="文"),
        lambda u, w: services.save_work_office(u, w.a, name="办"),
        lambda u, w: services.grant_membership(u, w.director_b, w.a, Role.EDITOR, on=DAY),
        lambda u, w: services.end_membership(u, w.director_a.memberships.get(), on=DAY),
        lambda u, w: services.review_membership(u, w.director_a.memberships.get(), on=DAY),
        lambda u, w: services.update_person(u, w.director_a, name="改", phone="", email=""),
        lambda u, w: services.assign_password(u, w.director_a, "Long-enough-9"),
        lambda u, w: services.set_person_active(u, w.director_a, False, reason="x"),
        lambda u, w: services.create_person(
            u, w.a, username="n", name="n", role=Role.EDITOR, password="Long-enough-9"
        ),
    ],
)
def test_every_act_refuses_a_stranger_and_leaves_no_trace(world: World, act) -> None:
    before = AuditEntry.objects.count()
    for stranger in (world.director_b, make_user(world.dept_a, Role.VILLAGE), AnonymousUser()):
        count = AuditEntry.objects.count()
        with pytest.raises(PermissionDenied):
            act(stranger, world)
        assert AuditEntry.objects.count() == count
    assert before <= AuditEntry.objects.count()
    assert not list(audit.verify_chain())


def test_denial_says_what_to_do(world: World) -> None:
    with pytest.raises(PermissionDenied, match="联系政务公开办"):
        require(world.director_b, Module.ORGANS, "change", world.a)


def test_renaming_keeps_the_old_name_for_old_dates(world: World) -> None:
    organ = make_organ("工业局", world.a, valid_from=date(2019, 2, 1))
    services.rename_organ(world.director_a, organ, "工业商务局", on=date(2024, 3, 1), basis="〔2024〕1号")
    organ.refresh_from_db()
    assert organ.name == "工业商务局"
    assert selectors.name_at(organ, date(2024, 2, 29)) == "工业局"
    assert selectors.name_at(organ, date(2024, 3, 1)) == "工业商务局"
    assert selectors.name_at(organ, date(2018, 1, 1)) == "工业商务局", "before it existed: the present name"
    entry = AuditEntry.objects.first()
    assert entry.act == "organ.rename"
    assert entry.changes["name"] == ["工业局", "工业商务局"]
    assert entry.reason == "〔2024〕1号"


@pytest.mark.parametrize(
    ("name", "on", "basis", "field"),
    [("新名", DAY, " ", "basis"), ("旧局", DAY, "文", "name"), ("新名", date(2018, 1, 1), "文", "on")],
)
def test_renaming_refuses(world: World, name: str, on: date, basis: str, field: str) -> None:
    organ = make_organ("旧局", world.a, valid_from=date(2019, 2, 1))
    with pytest.raises(ValidationError) as caught:
        services.rename_organ(world.director_a, organ, name, on=on, basis=basis)
    assert field in caught.value.message_dict


def test_merging_keeps_records_visible_to_the_successor(world: World) -> None:
    old, new = make_organ("旧局", world.a), make_organ("新局", world.a)
    child = make_organ("旧局下属站", old)
    clerk, heir = make_user(old, Role.EDITOR, "老人"), make_user(new, Role.EDITOR, "新人")
    services.merge_organs(world.director_a, [old], new, on=timezone.localdate(), basis="〔2026〕2号")
    for each in (old, new, child, clerk, heir):
        each.refresh_from_db()
    assert (old.status, old.successor) == (Organ.Status.MERGED, new)
    assert old.valid_to == timezone.localdate() - timedelta(days=1)
    assert selectors.present_organ(old) == new
    assert child.get_parent() == new
    fresh = type(heir).objects.get(pk=heir.pk)
    assert selectors.in_scope(fresh, old), "the successor's people see the old organ's records"
    assert list(clerk.memberships.active().values_list("organ", "role")) == [(new.pk, Role.EDITOR)]
    assert old not in selectors.organs_at(timezone.localdate())
    with pytest.raises(ValidationError, match="已合并"):
        services.update_profile(world.director_a, old, phone="12345")
    assert not Organ.find_problems()[0]


def test_an_organ_is_not_merged_into_what_lies_below_it(world: World) -> None:
    top = make_organ("上", world.a)
    low = make_organ("下", top)
    with pytest.raises(ValidationError):
        services.merge_organs(world.director_a, [top], low, on=DAY, basis="文")
    with pytest.raises(ValidationError):
        services.move_organ(world.director_a, top, low, reason="文")


def test_abolishing_needs_an_empty_organ(world: World) -> None:
    organ = make_organ("临时局", world.a)
    child = make_organ("临时站", organ)
    clerk = make_user(organ, Role.EDITOR)
    with pytest.raises(ValidationError) as caught:
        services.abolish_organ(world.director_a, organ, on=timezone.localdate(), basis="文")
    assert len(caught.value.messages) == 2, "both reasons at once"
    services.end_membership(
        world.director_a, clerk.memberships.get(), on=timezone.localdate() - timedelta(days=1)
    )
    services.abolish_organ(world.director_a, child, on=timezone.localdate(), basis="文")
    services.abolish_organ(world.director_a, organ, on=timezone.localdate(), basis="文")
    organ.refresh_from_db()
    assert organ.status == Organ.Status.ABOLISHED
    assert OrganName.objects.get(organ=organ).valid_to == organ.valid_to


def test_top_level_organs_are_for_the_unlimited(world: World) -> None:
    with pytest.raises(PermissionDenied):
        services.create_organ(world.director_a, None, kind="government", name="新区", slug="n")
    assert services.create_organ(world.admin, None, kind="government", name="新区", slug="n").depth == 1


def test_all_faulty_fields_are_named_at_once(world: World) -> None:
    with pytest.raises(ValidationError) as caught:
        services.update_profile(
            world.director_a, world.a, email="a@.b.cn", phone="abc", postcode="12", credit_code="X"
        )
    assert {"email", "phone", "postcode", "credit_code"} <= set(caught.value.message_dict)


def test_leaving_needs_a_successor_for_what_is_open(world: World) -> None:
    head, heir = (
        make_user(world.dept_a, Role.REVIEWER, "老主任"),
        make_user(world.dept_a, Role.REVIEWER, "新主任"),
    )
    services.save_work_office(world.director_a, world.dept_a, name="办", head=head)
    seat = head.memberships.get()
    with pytest.raises(ValidationError, match="未交接"):
        services.end_membership(world.director_a, seat, on=timezone.localdate())
    with pytest.raises(ValidationError, match="职责不含"):
        services.end_membership(world.director_a, seat, on=timezone.localdate(), to_user=world.director_b)
    yesterday = timezone.localdate() - timedelta(days=1)
    services.end_membership(world.director_a, seat, on=yesterday, to_user=heir, reason="调动")
    world.dept_a.refresh_from_db()
    assert world.dept_a.work_office.head == heir
    assert Handover.objects.get().items[0]["label"].endswith("负责人")
    assert not scope_of(head).seats
    assert not head.groups.exists()


def test_only_an_administrator_appoints_one(world: World) -> None:
    user = make_user(world.a, Role.EDITOR)
    with pytest.raises(PermissionDenied, match="系统管理员"):
        services.grant_membership(world.director_a, user, world.a, Role.ADMIN, on=DAY)
    keeper = make_user(world.a, Role.ADMIN)
    assert services.grant_membership(keeper, user, world.dept_a, Role.ADMIN, on=DAY).role == Role.ADMIN


def test_an_account_shared_by_two_governments_is_not_changed_by_one(world: World) -> None:
    shared = make_user(world.a, Role.EDITOR)
    services.grant_membership(SYSTEM, shared, world.b, Role.EDITOR, on=DAY)
    with pytest.raises(PermissionDenied):
        services.assign_password(world.director_a, shared, "Long-enough-9")
    with pytest.raises(PermissionDenied):
        services.assign_password(world.director_a, world.admin, "Long-enough-9")


def test_groups_follow_memberships(world: World) -> None:
    user = make_user(world.dept_a, Role.EDITOR)
    assert user.has_perm("wagtailadmin.access_admin")
    services.end_membership(
        world.director_a, user.memberships.get(), on=timezone.localdate() - timedelta(days=1)
    )
    assert not type(user).objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")


def test_roster_and_contact_findings(world: World) -> None:
    stale = world.director_a.memberships.get()
    Membership.objects.filter(pk=stale.pk).update(reviewed_on=timezone.localdate() - timedelta(days=181))
    assert list(selectors.stale_roster(world.director_a)) == [stale]
    assert not selectors.stale_roster(world.director_b).exists()
    Organ.objects.filter(pk=world.dept_a.pk).update(email="ltqzfb@.163.com")
    ((organ, errors),) = selectors.organs_with_bad_contact(world.director_a)
    assert organ == world.dept_a
    assert "电子邮箱" in errors
    assert world.a in selectors.organs_without_head(world.director_a)
    assert not selectors.organs_with_bad_contact(world.director_b)


def test_reconsideration_authority(world: World) -> None:
    assert selectors.reconsideration_authority(world.dept_a) == world.a.name
    assert selectors.reconsideration_authority(world.a) == ""
    services.update_profile(world.director_a, world.a, reconsideration_text="吴忠市人民政府")
    world.a.refresh_from_db()
    assert selectors.reconsideration_authority(world.a) == "吴忠市人民政府"
    tax = make_organ("税务局", world.a, vertical=True)
    assert selectors.reconsideration_authority(tax) == ""


def test_trail_is_append_only_and_chained(world: World) -> None:
    assert not list(audit.verify_chain())
    entry = AuditEntry.objects.first()
    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(reason="改"),
    ):
        with pytest.raises(AppendOnly):
            attempt()


@pytest.mark.django_db(transaction=True)
def test_an_entry_needs_the_transaction_of_its_act() -> None:
    organ = make_organ()
    with pytest.raises(RuntimeError, match="同一事务"):
        audit.record(SYSTEM, "organ.update", organ, organ=organ)


@pytest.mark.parametrize(
    "statement", ["UPDATE organs_auditentry SET reason='改'", "DELETE FROM organs_auditentry"]
)
def test_the_database_itself_refuses(world: World, statement: str) -> None:
    with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_tampering_is_found(world: World) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("drops the SQLite trigger to tamper")
    pks = list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_no_UPDATE")
        cursor.execute("DROP TRIGGER audit_no_DELETE")
        cursor.execute("UPDATE organs_auditentry SET reason='改' WHERE id=%s", [pks[1]])
        cursor.execute("DELETE FROM organs_auditentry WHERE id=%s", [pks[3]])
    faults = dict(audit.verify_chain())
    assert "改动" in faults[pks[1]]
    assert "删除" in faults[pks[4]]


def test_passwords_never_enter_the_trail(world: World) -> None:
    services.assign_password(world.admin, world.director_a, "Very-secret-99")
    person = Person.objects.get(pk=world.director_a.pk)
    assert "password" not in audit.snapshot(person)
    assert not AuditEntry.objects.filter(changes__icontains="md5").exists()
