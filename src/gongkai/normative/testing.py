"""Factories of this app for the test that walks every desk address (see ``gongkai.organs.testing``)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from gongkai.normative.models import CatalogueIssue, Category, CleanUp, Document, NormativeSettings
from gongkai.normative.services import Existing, register_existing
from gongkai.normative.services.catalogue import make_issue
from gongkai.normative.services.cleanup import start_clean_up
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import register_factory


def make_document(organ: Organ, marker: str = "", *, issued: date | None = None, **more: object) -> Document:
    """A normative document issued and published a month ago."""
    day = issued or timezone.localdate() - timedelta(days=30)
    more.setdefault("category", Category.NORMATIVE.value)
    row = Existing(
        title=f"{marker}关于临时救助的规定", issued_on=day, published_on=day,
        body="第一条　为规范临时救助，制定本规定。\n第二条　本规定自印发之日起施行。", **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return Document.objects.select_related("organ").get(pk=register_existing(SYSTEM, organ, row).pk)


def _clean_up(organ: Organ, marker: str) -> CleanUp:
    make_document(organ, marker)
    return start_clean_up(
        SYSTEM, organ, title=f"{marker}文件清理", basis=f"{marker}通知", until=timezone.localdate()
    )


def _catalogue(organ: Organ, marker: str) -> CatalogueIssue:
    make_document(organ, marker)
    today = timezone.localdate()
    return make_issue(SYSTEM, organ, period_from=today - timedelta(days=60), period_to=today)


def _settings(organ: Organ, marker: str) -> NormativeSettings:
    return NormativeSettings.objects.create(organ=organ, marks=f"{marker}政发")


register_factory(Document, make_document)
register_factory(CleanUp, _clean_up)
register_factory(CatalogueIssue, _catalogue)
register_factory(NormativeSettings, _settings)
