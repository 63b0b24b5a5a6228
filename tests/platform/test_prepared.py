"""A prepared queryset finds what the queryset finds, each time for the values it is given."""

from __future__ import annotations

import pytest
from django.db.models import Exists, Q

from gongkai.organs.models import Organ, OrganName
from gongkai.organs.prepared import Prepared
from gongkai.organs.testing import make_organ

pytestmark = pytest.mark.django_db


@pytest.fixture
def organs() -> list[Organ]:
    root = make_organ("测试市人民政府", slug="prep")
    return [
        root,
        make_organ("测试市一局", root, slug="prep-1"),
        make_organ("测试市二局", root, slug="prep-2"),
    ]


def test_objects_are_those_of_the_queryset(organs: list[Organ]) -> None:
    by_slug = Prepared(lambda slug: Organ.objects.filter(slug=slug).select_related("work_office"), str)
    for organ in [*organs, *organs]:
        (found,) = by_slug.all(organ.slug)
        plain = Organ.objects.get(pk=organ.pk)
        assert found == plain
        assert {f.attname: getattr(found, f.attname) for f in Organ._meta.concrete_fields} == {
            f.attname: getattr(plain, f.attname) for f in Organ._meta.concrete_fields
        }
        assert not found._state.adding
    assert by_slug.all("nobody") == []
    assert by_slug.first("nobody") is None


def test_related_objects_come_along(organs: list[Organ], django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    names = Prepared(
        lambda pk: OrganName.objects.filter(organ=pk).select_related("organ").order_by("pk"), int
    )
    names.all(organs[0].pk)
    with django_assert_num_queries(1):
        found = names.all(organs[1].pk)
        assert [name.organ.slug for name in found] == ["prep-1"] * len(found)
    assert found == list(OrganName.objects.filter(organ=organs[1]).order_by("pk"))


def test_rows_annotations_and_a_value_used_twice(organs: list[Organ]) -> None:
    rows = Prepared(
        lambda depth, slug: Organ.objects.filter(Q(depth=depth) | Q(slug=slug), ~Q(slug=slug))
        .annotate(any=Exists(OrganName.objects.all()))
        .order_by("path").values_list("slug", "depth", "any"), int, str,
    )  # fmt: skip
    wanted = [("prep-1", 2), ("prep-2", 2)]
    assert [tuple(row)[:2] for row in rows.all(2, "prep") if row[0].startswith("prep")] == wanted
    assert [tuple(row)[:2] for row in rows.all(2, "prep-1") if row[0].startswith("prep")] == wanted[1:]


def test_values_are_values_and_never_sql(organs: list[Organ]) -> None:
    by_slug = Prepared(lambda slug: Organ.objects.filter(slug=slug), str)
    for evil in ("' OR 1=1 --", "prep' --", "%s", "%", "\x01prepared 0\x01"):
        assert by_slug.all(evil) == []
    assert by_slug.first("prep") == organs[0]


def test_what_it_cannot_keep_is_refused() -> None:
    for build in (
        lambda slug: Organ.objects.filter(slug=slug).prefetch_related("names"),
        lambda slug: Organ.objects.filter(slug=f"{slug}x"),
        lambda slug: Organ.objects.filter(slug=slug).values("pk"),
    ):
        with pytest.raises(TypeError):
            Prepared(build, str).all("x")


def test_a_number_that_no_column_holds_finds_what_the_queryset_finds(organs: list[Organ]) -> None:
    found = Prepared(lambda pk, slug: Organ.objects.filter(Q(pk=pk) | Q(slug=slug)), int, str)
    for key in (2**63, -(2**63) - 1, 10**40):
        assert found.all(key, "nothing") == []
        assert found.all(key, "prep") == [organs[0]]
