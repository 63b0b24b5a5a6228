"""What is spared for a reader of a public page is there for whoever needs it, and says the same as Django's own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gongkai.config.middleware import LazySessionMiddleware
from gongkai.organs import moments
from gongkai.organs.addresses import absolute, address, mounted, prefix
from gongkai.organs.roles import Role
from gongkai.organs.testing import make_organ, make_user

MOMENTS = st.datetimes(
    min_value=datetime(1949, 10, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)
)  # fmt: skip


@given(MOMENTS)
def test_moments_are_those_of_the_platforms_zone(value: datetime) -> None:
    said = timezone.localtime(value, timezone.get_default_timezone())
    assert moments.local(value) == said
    assert moments.minute(value) == said.strftime("%Y-%m-%d %H:%M")
    assert moments.day(value) == said.strftime("%Y-%m-%d")


def test_the_day_is_the_platforms_whatever_a_request_has_set() -> None:
    with timezone.override("Pacific/Kiritimati"):
        assert moments.today() == timezone.localdate(timezone=timezone.get_default_timezone())
    assert (moments.minute(None), moments.day(None)) == ("", "")
    with pytest.raises(ValueError, match="time zone"):
        moments.local(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    "path", ["/", "/policies/5/", "/gov/ltq/zcwj/某办法/", "/reports/a/2025/", "/x/%E4%BD%8E/"]
)
def test_an_address_with_the_sites_name_is_djangos(path: str) -> None:
    request = RequestFactory().get("/policies/?q=1", HTTP_HOST="127.0.0.1:8000")
    assert absolute(request, path) == request.build_absolute_uri(path)
    assert absolute(request, path) == request.build_absolute_uri(path), "the second time as the first"


def test_a_prefix_holds_for_its_request_only() -> None:
    before, request = get_script_prefix(), RequestFactory().get("/")

    def fail(_request: HttpRequest) -> str:
        raise LookupError

    set_script_prefix("/gk/")
    try:
        assert mounted(lambda _request: (prefix(), address("portal:home")), request) == ("/gk/", "/gk/")
        with pytest.raises(LookupError):
            mounted(fail, request)
    finally:
        set_script_prefix(before)
    assert prefix() == before
    assert address("portal:home") == reverse("portal:home")


def _through(request: HttpRequest, view: Any) -> HttpResponse:
    return LazySessionMiddleware(view)(request)


@pytest.mark.django_db
def test_a_session_begins_with_the_first_who_writes_into_it() -> None:
    request = RequestFactory().get("/")
    answer = _through(request, lambda _request: HttpResponse("公开"))
    assert (answer.cookies, answer.has_header("Vary"), Session.objects.count()) == ({}, False, 0)

    def write(asked: HttpRequest) -> HttpResponse:
        asked.session["step"] = 2
        return HttpResponse("记住了")

    answer = _through(RequestFactory().get("/"), write)
    key = answer.cookies[settings.SESSION_COOKIE_NAME].value
    assert "Cookie" in answer["Vary"]
    again = RequestFactory().get("/")
    again.COOKIES[settings.SESSION_COOKIE_NAME] = key
    _through(again, lambda asked: HttpResponse(str(asked.session["step"])))
    assert again.session["step"] == 2

    def only_look(asked: HttpRequest) -> HttpResponse:
        return HttpResponse(str(asked.session.get("step")))

    answer = _through(RequestFactory().get("/"), only_look)
    assert (answer.content, "Cookie" in answer["Vary"], answer.cookies) == (b"None", True, {})


@pytest.mark.django_db
def test_logging_in_and_out_without_a_session_before(client: Client) -> None:
    organ = make_organ("某县人民政府")
    user = make_user(organ, Role.DIRECTOR)
    user.set_password("a-long-pass-phrase-1")
    user.save()
    page = client.get(reverse("portal:home"))
    assert not page.cookies
    assert isinstance(page.wsgi_request.user, AnonymousUser) or not page.wsgi_request.user.is_authenticated
    client.post(
        reverse("wagtailadmin_login"), {"username": user.username, "password": "a-long-pass-phrase-1"}
    )
    assert client.get(reverse("wagtailadmin_home")).wsgi_request.user == user
    client.post(reverse("wagtailadmin_logout"))
    assert not client.get(reverse("portal:home")).wsgi_request.user.is_authenticated
