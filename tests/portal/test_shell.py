"""The most read pages stand in the same frame as all others, whoever reads them and wherever they lie."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.messages import add_message, constants
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory, override_settings
from django.urls import resolve, set_script_prefix

from gongkai.portal import shell, site
from gongkai.portal.site import Column
from gongkai.portal.templatetags import portal as tags

pytestmark = pytest.mark.django_db
COLUMN = Column("栏目<一>", "说明", "词", "概况信息")
CONTEXT = {"column": COLUMN, "crumbs": [("上一级", "/gov/"), ("这里", "")], "words": "正文<b>"}
OWN = """{{% extends "{base}" %}}{{% block title %}}题{{% endblock %}}{meta}
{{% block styles %}}<link rel="stylesheet" href="/own.css">{{% endblock %}}{crumbs}
{{% block main %}}<p>{{{{ words }}}}</p>{{% endblock %}}"""
IN_DJANGO = OWN.format(
    base="portal/base.html",
    meta='{% block meta %}{% include "portal/parts/column_meta.html" %}{% endblock %}',
    crumbs='{% block crumbs %}{% include "portal/parts/crumbs.html" %}{% endblock %}',
)
IN_JINJA = OWN.format(base="portal/page.html", meta="", crumbs="")


def _same(text: str) -> str:
    """Blanks between tags and the two ways to escape a quote mean nothing."""
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", text).replace("&#39;", "&#x27;").replace("&#34;", "&quot;")


def _request(path: str, **cookies: str) -> Any:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    request.resolver_match = resolve("/accessibility/")
    return request


def _both(request: HttpRequest, **more: Any) -> tuple[str, str]:
    context = {**CONTEXT, **more}
    return tuple(  # type: ignore[return-value]
        _same(engines[engine].from_string(source).render(dict(context), request))
        for engine, source in (("django", IN_DJANGO), ("jinja2", IN_JINJA))
    )


@pytest.mark.parametrize(
    "path", ["/", "/gov/", "/gov/a/b/?x=1&y=<2>", "/policies/3/", "/policies/", "/nowhere/中文/", "/reports/?q=1"]
)  # fmt: skip
@pytest.mark.parametrize("care", ["", "1"])
def test_the_frame_is_that_of_every_page(path: str, care: str) -> None:
    ours, theirs = _both(_request(path, **({"care": care} if care else {})))
    assert ours == theirs
    assert "正文&lt;b&gt;" in ours
    assert ("care" in ours.split("<head>")[0]) is bool(care)


def test_a_page_that_becomes_a_file_says_nothing_of_the_day() -> None:
    request = _request("/gov/a/")
    request.gongkai_static = True
    ours, theirs = _both(request)
    assert ours == theirs
    assert "今天是" not in ours


def test_pages_of_one_place_do_not_share_their_address() -> None:
    pages = ["".join(shell.shell(_request(path))) for path in ("/gov/one/", "/gov/two/")]
    assert ["next=/gov/one/" in page for page in pages] == [True, False]
    assert "next=/gov/two/" in pages[1]


def test_messages_reach_whoever_they_wait_for() -> None:
    request = _request("/gov/a/", sessionid="x")
    request.session = {}
    request._messages = FallbackStorage(request)
    add_message(request, constants.ERROR, "没有<做成>")
    assert '<p class="notice notice-bad">没有&lt;做成&gt;</p>' in shell.messages(request)
    assert shell.messages(_request("/gov/a/")) == ""


def test_a_site_below_another_address_keeps_it() -> None:
    set_script_prefix("/open/")
    try:
        assert 'href="/open/sitemap/"' in "".join(shell.shell(_request("/open/gov/a/")))
    finally:
        set_script_prefix("/")
    assert 'href="/sitemap/"' in "".join(shell.shell(_request("/gov/a/")))


def test_a_change_of_the_profile_shows_at_once() -> None:
    from gongkai.organs.models import SiteProfile

    before = "".join(shell.shell(_request("/gov/a/")))
    SiteProfile(site_name="改了名的平台", notice="系统今晚维护").save()
    after = "".join(shell.shell(_request("/gov/a/")))
    assert "系统今晚维护" not in before
    assert "系统今晚维护" in after


def test_a_frame_without_a_place_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "PLACES", (*shell.PLACES, "elsewhere"))
    with override_settings(DEBUG=True), pytest.raises(RuntimeError, match="no place"):
        shell.shell(_request("/gov/a/"))
    assert get_template("portal/shell.html") is not None
    assert site.frame(None).care is False


@pytest.mark.parametrize("value", ["甲\x00乙", "\x00", "\x00甲\x00"])
def test_a_sign_inside_a_value_moves_no_other_value(value: str) -> None:
    rows = [("Keywords", value), ("Description", "<次>"), ("Url", None)]
    assert tags.metas(rows).count("<meta ") == 3
    assert '<meta name="Description" content="&lt;次&gt;">' in tags.metas(rows)
    assert "<dt>Description</dt><dd>&lt;次&gt;</dd>" in tags.definitions(rows)
    assert tags.metas([]) == tags.definitions([]) == ""


def test_messages_are_kept_until_somebody_reads_them(client: Any) -> None:
    """Whoever asks for no messages loses none: the next page that shows them has them."""
    from django.contrib.messages.storage.base import Message
    from django.contrib.messages.storage.cookie import CookieStorage

    waiting = CookieStorage(RequestFactory().get("/"))._encode([Message(constants.SUCCESS, "已经提交")])
    client.cookies["messages"] = waiting
    client.get("/robots.txt")
    assert client.cookies["messages"].value == waiting
    shown = client.get("/accessibility/")
    assert "已经提交" in shown.content.decode()
    assert client.cookies["messages"].value == ""
    assert "已经提交" not in client.get("/accessibility/").content.decode()
