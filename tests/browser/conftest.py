"""Headless Chromium for the journeys; where there is none the tests skip and say so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from tests.reports.world import World, build

CHROMIUM = next(
    (
        p
        for p in ("/usr/bin/chromium", shutil.which("chromium"), shutil.which("google-chrome"))
        if p and Path(p).exists()
    ),
    None,
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("没有 Chromium，浏览器测试跳过（Debian：apt install chromium）")
    from playwright.sync_api import sync_playwright

    # Playwright's loop lives in this thread; Django would refuse its ORM beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        engine = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield engine
        engine.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture(autouse=True)
def _pages_closed(request: pytest.FixtureRequest) -> Iterator[None]:
    """A page left open goes on asking the server, whose complaints then stand in what a later test reads."""
    engine = request.getfixturevalue("browser") if "browser" in request.fixturenames else None
    yield
    for context in list(engine.contexts) if engine else []:
        context.close()


@pytest.fixture
def world(browser: Any, transactional_db: None) -> World:
    cache.clear()
    return build()


@pytest.fixture
def site(world: World, live_server: Any) -> str:
    """Address of the running site with its small county."""
    return str(live_server.url)
