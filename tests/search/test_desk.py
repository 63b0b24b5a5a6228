"""The search on the desk: who may, words at work at once, the queue answered, statistics without persons."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.organs.models import AuditEntry, Organ, User
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.services.site import save_site_profile
from gongkai.organs.testing import make_organ, make_user
from gongkai.search import indexing, services, stats
from gongkai.search.finding import find
from gongkai.search.models import EmptyQuery, QueryStat, SynonymGroup
from gongkai.search.testing import make_empty, make_synonyms
from tests.search.conftest import entry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
SCREENS = ("search-synonyms:index", "search-empty:index", "search_statistics", "search_index")


@dataclass
class World:
    gov: Organ
    director: User
    editor: User
    stranger: User
    inspector: User

    @staticmethod
    def client(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client


@pytest.fixture
def world(db: Any) -> World:
    gov, other = make_organ("甲区人民政府", slug="jia"), make_organ("乙区人民政府", slug="yi")
    dept = make_organ("甲区教育局", gov, slug="jia-jyj")
    save_site_profile(SYSTEM, organ=gov, site_name="甲区政府信息公开", sponsor="甲区人民政府")
    return World(
        gov, make_user(gov, Role.DIRECTOR), make_user(dept, Role.EDITOR), make_user(other, Role.DIRECTOR),
        make_user(gov, Role.INSPECTOR),
    )  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS)
def test_the_search_is_looked_after_where_the_site_belongs(world: World, screen: str) -> None:
    make_synonyms(world.gov)
    make_empty(world.gov)
    assert world.client(world.director).get(reverse(screen)).status_code == 200
    assert world.client(world.inspector).get(reverse(screen)).status_code == 200
    for user in (world.editor, world.stranger):
        answer = world.client(user).get(reverse(screen))
        assert answer.status_code in (302, 403)
        assert "示例" not in answer.content.decode()


def test_only_those_who_work_on_the_platform_change_it(world: World) -> None:
    row, empty = make_synonyms(world.gov), make_empty(world.gov)
    for user in (world.editor, world.stranger, world.inspector):
        with pytest.raises(PermissionDenied):
            services.save_synonyms(user, row, words=["甲乙", "丙丁"])
        with pytest.raises(PermissionDenied):
            services.save_synonyms(user, None, words=["甲乙", "丙丁"])
        with pytest.raises(PermissionDenied):
            services.delete_synonyms(user, row)
        with pytest.raises(PermissionDenied):
            services.answer_empty(user, empty, answer="noise")
        with pytest.raises(PermissionDenied):
            services.request_rebuild(user)
    assert SynonymGroup.objects.get(pk=row.pk).words == row.words


@pytest.mark.parametrize(
    "words", [["单独"], ["水", "供水"], ["，。", "供水"], ["长" * 30, "供水"], ["同词", "同词"]]
)
def test_words_that_would_find_everything_or_nothing_are_refused(world: World, words: list[str]) -> None:
    with pytest.raises(ValidationError):
        services.save_synonyms(world.director, None, words=words)


def test_a_group_typed_on_the_desk_works_at_once_and_is_in_the_trail(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    indexing.put([entry(1, "关于城区停水的公告")])
    assert not find("龙头不出水", today=TODAY).total
    client = world.client(world.director)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse("search-synonyms:add"), {"words": "停水、龙头不出水", "note": "", "active": "on"}
        )
    assert answer.status_code == 302
    assert find("龙头不出水", today=TODAY).total == 1
    row = SynonymGroup.objects.get(seeded="", words=["停水", "龙头不出水"])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("search-synonyms:delete", args=[row.pk]))
    assert not find("龙头不出水", today=TODAY).total
    acts = AuditEntry.objects.filter(object_type="search.synonymgroup").values_list("act", flat=True)
    assert sorted(acts) == ["search.synonym.delete", "search.synonym.save"]


def test_what_was_refused_stays_typed(world: World) -> None:
    client = world.client(world.director)
    answer = client.post(
        reverse("search-synonyms:add"), {"words": "水、供水", "note": "想一想", "active": "on"}
    )
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "“水”不能作同义词" in body
    assert "水、供水" in body


def test_the_list_finds_a_group_by_any_of_its_words(world: World) -> None:
    services.save_synonyms(SYSTEM, None, words=["甲名称", "土话甲"])
    services.save_synonyms(SYSTEM, None, words=["乙名称", "土话乙"])
    body = (
        world.client(world.director).get(reverse("search-synonyms:index"), {"holds": "话乙"}).content.decode()
    )
    assert "乙名称" in body
    assert "甲名称" not in body


def test_a_queue_entry_becomes_a_synonym(world: World, django_capture_on_commit_callbacks: Any) -> None:
    indexing.put([entry(1, "关于公益性岗位的通知")])
    row = EmptyQuery.objects.create(query="扫大街的活", asked=9, first_on=TODAY, last_on=TODAY)
    client = world.client(world.director)
    before = SynonymGroup.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("search-empty:synonym", args=[row.pk]), {"same": "公益性岗位"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("synonym", world.director)
    assert SynonymGroup.objects.count() == before  # it went into the group that was there
    assert find("扫大街的活", today=TODAY).total == 1


def test_an_answer_says_what_was_done(world: World) -> None:
    row = make_empty(world.gov)
    with pytest.raises(ValidationError):
        services.answer_empty(world.director, row, answer="elsewhere")
    with pytest.raises(ValidationError):
        services.answer_empty(world.director, row, answer="unknown")
    row = services.answer_empty(world.director, row, answer="elsewhere", note="属于税务部门")
    assert row.answered_at is not None
    assert world.client(world.director).get(reverse("search-empty:add")).status_code in (302, 403, 404)


def test_statistics_by_week_and_by_word(world: World) -> None:
    monday = TODAY - timedelta(days=TODAY.weekday())
    for day, query, asked, empty in (
        (TODAY, "低保", 6, 0), (monday, "没有的词", 2, 2), (monday - timedelta(days=1), "低保", 4, 1),
        (monday - timedelta(weeks=30), "很久以前", 50, 50),
    ):  # fmt: skip
        QueryStat.objects.create(day=day, query=query, asked=asked, empty=empty)
    weeks = stats.weeks(TODAY)
    assert [(w.asked, w.empty, w.rate) for w in weeks[:3]] == [(8, 2, 25), (4, 1, 25), (0, 0, 0)]
    assert len(weeks) == 12
    assert [(row.query, row.asked, row.share) for row in stats.top(TODAY, 30)] == [
        ("低保", 10, 100),
        ("没有的词", 2, 20),
    ]


def test_old_statistics_are_forgotten_and_what_was_done_is_kept(world: World, settings: Any) -> None:
    settings.SEARCH_STATISTICS_DAYS = 100
    today = timezone.localdate()
    last, gone = today - timedelta(days=100), today - timedelta(days=101)
    for day, query in ((today, "今天的"), (last, "刚好留下的"), (gone, "过期的"), (gone, "过期的另一个")):
        QueryStat.objects.create(day=day, query=query, asked=1)
    for query, day, answer in (
        ("过期没有办的", gone, "open"), ("过期乱打的", gone, "noise"), ("过期办结的", gone, "synonym"), ("还有人搜的", last, "open"),
    ):  # fmt: skip
        EmptyQuery.objects.create(query=query, first_on=gone, last_on=day, answer=answer, asked=1)
    out = io.StringIO()
    call_command("purge_search_statistics", stdout=out)
    assert out.getvalue() == "已清除 2 行按日统计、2 条没有办结的搜索。\n"
    assert set(QueryStat.objects.values_list("query", flat=True)) == {"今天的", "刚好留下的"}
    assert set(EmptyQuery.objects.values_list("query", flat=True)) == {"过期办结的", "还有人搜的"}
    page = world.client(world.director).get(reverse("search_statistics")).content.decode()
    assert "保留 100 天" in page


def test_a_long_backlog_is_forgotten_in_batches(db: Any, settings: Any, monkeypatch: Any) -> None:
    settings.SEARCH_STATISTICS_DAYS = 90
    monkeypatch.setattr(stats, "PURGED_AT_ONCE", 3)
    QueryStat.objects.bulk_create(QueryStat(day=TODAY - timedelta(days=91), query=f"词{n}") for n in range(8))
    assert stats.purge(TODAY) == (8, 0)
    assert not QueryStat.objects.exists()


@pytest.mark.parametrize(
    "typed", ["13800138000", "640302199001011234", "某某@example.cn", "0953-2012345", "长" * 61]
)
def test_what_may_be_a_person_is_not_counted(db: Any, typed: str) -> None:
    stats.count(typed, True, TODAY)
    assert not QueryStat.objects.exists()
    assert not EmptyQuery.objects.exists()


def test_rebuilding_from_the_desk_repairs_the_index(world: World) -> None:
    indexing.put([entry(1, "索引里多出来的一条")])
    client = world.client(world.director)
    assert client.post(reverse("search_index")).status_code == 302
    assert not find("多出来的一条", today=TODAY).total
    assert stats.health().terms_at is not None
    assert stats.health().terms_at <= timezone.now()
    assert AuditEntry.objects.filter(act="search.rebuild").count() == 1
