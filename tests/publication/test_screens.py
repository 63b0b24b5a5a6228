"""What the public and the clerks see, and what they must not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission

from gongkai.organs.testing import make_superuser
from gongkai.publication.models import DisclosurePage, GrassrootsItem
from gongkai.publication.testing import make_attachment, make_catalogue_item, make_item

pytestmark = pytest.mark.django_db
SCREENS = ("items", "start", "due", "columns", "completeness", "releases")
FORM = {
    "slug": "a", "kind": "news", "summary": "概述", "attribute": "proactive", "body-count": "1", "body-0-deleted": "",
    "body-0-order": "0", "body-0-type": "link", "body-0-value-text": "报名", "body-0-value-url": "https://example.cn/",
    "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0", "comments-MAX_NUM_FORMS": "",
}  # fmt: skip


def meta(text: str) -> dict[str, str]:
    return dict(re.findall(r'<meta name="(\w+)" content="([^"]*)"', text))


def test_article_carries_the_meta_tags_of_the_page_rules(world: Any, client: Any) -> None:
    page = make_item(world.column, title="招生通知", keywords="招生 入学", source="甲区教育局", author="某某")
    tags = meta(client.get(page.public_url).content.decode())
    assert tags["ArticleTitle"] == "招生通知"
    assert tags["PubDate"] == f"{timezone.localtime(page.published_at):%Y-%m-%d %H:%M}"
    assert (tags["ContentSource"], tags["Keywords"], tags["Author"]) == ("甲区教育局", "招生 入学", "某某")
    assert (tags["ColumnName"], tags["ColumnType"]) == ("工作动态", "政务动态")
    assert tags["ColumnDescription"]
    assert {"SiteName", "SiteDomain", "SiteIDCode", "ColumnKeywords", "Description", "Image", "Url"} <= set(
        tags
    )
    assert tags["Url"].endswith(page.public_url)
    assert "ArticleTitle" not in meta(client.get(world.column.url).content.decode())


def test_public_pages_open_and_drafts_do_not(world: Any, client: Any) -> None:
    draft = make_item(world.column, publish=False)
    make_catalogue_item(world.dept, "预算公开")
    catalogue = reverse("publication:grassroots")
    for path in ("/gov/", "/gov/jia/", "/gov/jia/jia-jyj/", world.column.url, catalogue):
        assert client.get(path).status_code == 200, path
    assert client.get(draft.public_url).status_code == 404
    assert "预算公开" in client.get(catalogue, {"q": "预算", "domain": "budget"}).content.decode()
    assert "共 0 项" in client.get(catalogue, {"level": "乡级"}).content.decode()
    for format, status in {"xlsx": 200, "csv": 200, "exe": 404}.items():
        assert client.get(reverse("publication:grassroots_export", args=[format])).status_code == status


@pytest.mark.parametrize("screen", SCREENS)
def test_no_title_of_another_organ_leaks(world: Any, screen: str) -> None:
    past = timezone.localdate() - timedelta(days=90)
    make_item(world.foreign, title="乙区未公开稿件", publish=False, formed_on=past)
    make_item(world.foreign, title="乙区已公开稿件", formed_on=past)
    assert "乙区" not in world.client(world.editor).get(reverse(f"publication_{screen}")).content.decode()


def test_another_organs_objects_are_not_found(world: Any) -> None:
    page = make_item(world.foreign, title="乙区稿件", publish=False)
    client = world.client(world.editor)
    item = reverse("publication_item", args=[page.pk])
    assert client.get(item).status_code == client.post(item, {"act": "publish"}).status_code == 404
    assert client.get(reverse("publication_column", args=[world.foreign.pk])).status_code == 404
    assert client.get(reverse("publication_column_add", args=[world.other.pk])).status_code == 404
    for name in ("edit", "history", "delete", "move", "copy"):
        answer = client.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]))
        assert answer.status_code in (302, 403, 404), name
        assert "乙区" not in answer.content.decode(), name
    file = make_attachment(world.other, "乙区附件")
    assert client.get(reverse("publication_attachments:chosen", args=[file.pk])).status_code == 404
    assert "乙区" not in client.get(reverse("publication_attachments:choose")).content.decode()
    assert "乙区" not in client.get(reverse("wagtailadmin_explore_root"), follow=True).content.decode()


def test_nobody_publishes_from_the_editor(world: Any) -> None:
    given = GroupPagePermission.objects.filter(
        permission__codename="publish_page", group__name__startswith="任职"
    )
    assert not given.exists()
    page = make_item(world.column, publish=False, actor=world.editor)
    data = {
        **FORM,
        "title": "改",
        "slug": page.slug,
        "formed_on": page.formed_on.isoformat(),
        "action-publish": "1",
    }
    for user in (world.editor, world.director, make_superuser()):
        world.client(user).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
        found = DisclosurePage.objects.get(pk=page.pk)
        assert not found.live, user
        assert not found.shown, user


def test_an_editor_drafts_in_the_editor_and_sends_in(world: Any) -> None:
    client = world.client(world.editor)
    url = reverse("wagtailadmin_pages:add", args=["publication", "disclosurepage", world.column.pk])
    assert client.get(url).status_code == 200
    answer = client.post(url, {**FORM, "title": "校园开放日", "formed_on": timezone.localdate().isoformat()})
    assert answer.status_code == 302
    page = DisclosurePage.objects.get(title="校园开放日")
    assert page.organ == world.dept
    assert page.drafter == world.editor
    assert page.due_on is not None
    item = reverse("publication_item", args=[page.pk])
    for user in (world.editor, world.director):
        assert world.client(user).post(item, {"act": "publish", "channels": ["board"]}).status_code == 422
    assert not DisclosurePage.objects.get(pk=page.pk).shown
    assert client.post(reverse("review_submit", args=[page.pk])).status_code == 302
    assert DisclosurePage.objects.get(pk=page.pk).state == "review"


def test_screens_say_what_is_due(world: Any) -> None:
    past = timezone.localdate() - timedelta(days=60)
    make_item(world.column, title="早该公开的通知", publish=False, actor=world.editor, formed_on=past)
    client = world.client(world.editor)
    assert "早该公开的通知" in client.get(reverse("publication_due")).content.decode()
    board = client.get("/desk/").content.decode()
    assert "早该公开的通知" in board
    assert "空白栏目" in board


#: ``str.isdigit`` takes these for digits, ``int`` does not; the last is no key of any database.
ODD = ("²", "①", "99999999999999999999")


@pytest.mark.parametrize("odd", ODD)
def test_odd_numbers_are_no_accident(world: Any, client: Any, odd: str) -> None:
    make_item(world.column)
    for query in (f"before={odd}-1", f"before=1-{odd}", f"after={odd}-{odd}"):
        assert client.get(f"{world.column.get_url()}?{query}").status_code == 200
    desk = world.client(world.director)
    for path in (
        f"items/?column={odd}",
        f"items/?before={odd}",
        f"columns/?organ={odd}",
        f"releases/?organ={odd}",
        f"releases/?year={odd}",
    ):
        assert desk.get(f"/desk/publication/{path}").status_code in (200, 404), path
    for path in ("guides", "documents"):
        assert desk.post(reverse(f"publication_{path}"), {"organ": odd, "document": odd}).status_code == 404
    for path in (
        "items/{}/",
        "items/{}/interpretation/",
        "items/{}/column/",
        "columns/{}/state/",
        "releases/{}/",
    ):
        assert desk.get("/desk/publication/" + path.format(ODD[-1])).status_code == 404


def test_the_standard_catalogue_comes_by_pages(
    world: Any, client: Any, django_assert_max_num_queries: Any
) -> None:
    """A county's catalogue has a thousand rows: a page of it keeps within its weight, the files have all."""
    for n in range(60):
        make_catalogue_item(world.dept, f"预算事项{n}")
    catalogue = reverse("publication:grassroots")
    client.get(catalogue)
    with django_assert_max_num_queries(4):
        first = client.get(catalogue, {"q": "预算"}).content.decode()
    assert first.count('<th scope="row">') == 50
    assert "共 60 项" in first
    rest = client.get(catalogue, {"q": "预算", "page": 2}).content.decode()
    assert rest.count('<th scope="row">') == 10
    assert "预算事项59" in rest
    whole = client.get(reverse("publication:grassroots_export", args=["csv"]), {"q": "预算", "page": 2})
    assert len(whole.content.decode().splitlines()) == 61


def test_the_catalogue_keeps_a_domain_together_and_leads_on_from_every_page(world: Any, client: Any) -> None:
    for domain, rows in (("major-projects", 30), ("budget", 30), ("taxation", 1), ("health", 1)):
        for n in range(rows):
            GrassrootsItem.objects.create(
                organ=world.dept, domain=domain, serial=n + 1, item1=f"{domain}{n}", content="内容", basis="条例", period="及时",
                responsible="某局", channels=["政府网站"], levels=["县级"],
            )  # fmt: skip
    # A domain that an update took out of the law's list.
    GrassrootsItem.objects.create(
        organ=world.dept, domain="gone", serial=1, item1="旧领域", content="内容", basis="条例", period="及时", responsible="某局",
    )  # fmt: skip
    catalogue = reverse("publication:grassroots")
    pages = [client.get(catalogue, {"page": n}).content.decode() for n in (1, 2)]
    assert [text.count('<th scope="row">') for text in pages] == [30, 32]
    for text in pages:
        assert f'<form class="filters" method="get" action="{catalogue}"' in text
        assert f'href="{catalogue}?domain=budget"' in text
        assert 'href="/disclosure/catalogue.xlsx"' in text  # as a site of files has it
        assert "旧领域" not in text
    assert "旧领域" in client.get("/disclosure/catalogue.csv").content.decode()
    narrowed = client.get(catalogue, {"level": "县级", "domain": "budget"}).content.decode()
    assert 'href="/disclosure/catalogue.csv?domain=budget&amp;level=' in narrowed
