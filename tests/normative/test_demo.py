"""The demonstration register holds the published figures, as far as they do not contradict each other."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.demo import figures
from gongkai.demo.context import DemoContext
from gongkai.normative import demo, table2
from gongkai.normative.models import CatalogueIssue, Document
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ

TODAY = date(2026, 11, 21)


@pytest.fixture
def county(db: None) -> Organ:
    top = make_organ("利通区人民政府", slug="ltq")
    make_organ("利通区人民政府办公室", top, kind="office", slug="ltq-office")
    for name, slug in (
        ("财政局", "czj"),
        ("农业农村局", "nyj"),
        ("住房和城乡建设局", "zjj"),
        ("民政局", "mzj"),
    ):
        make_organ(f"利通区{name}", top, slug=f"ltq-{slug}")
    region = make_organ("西工区人民政府", slug="xgq")
    make_organ("西工区人民政府办公室", region, kind="office", slug="xgq-office")
    make_organ("北关区人民政府", slug="bgq")
    make_organ("山阳区人民政府", slug="syq")
    demo.load(DemoContext(actor=SYSTEM, today=TODAY, log=lambda line: None))
    return top


def test_the_county_as_its_reports_say(county: Organ) -> None:
    normative = Document.objects.filter(organ__path__startswith=county.path, category="normative")
    issued = normative.filter(issued_on__isnull=False)
    assert issued.count() == 80
    assert table2.stock_on(county, TODAY)["t2.normative.valid"] == 34
    c24, c25 = table2.document_counts(county, 2024), table2.document_counts(county, 2025)
    for column in ("issued", "repealed", "valid"):
        assert c24[f"t2.normative.{column}"] == figures.get("LT24").amount(f"t2.normative.{column}")
    assert (c25["t2.normative.issued"], c25["t2.normative.repealed"], c25["t2.normative.valid"]) == (6, 9, 28)
    in_name = Document.objects.filter(organ__slug__in=("ltq", "ltq-office"), issued_on__year=2025)
    assert in_name.count() == 83
    assert CatalogueIssue.objects.filter(year=2025, state="published").count() == 4
    assert normative.filter(status="amended").exists()
    for code, slug in (("XG25", "xgq-office"), ("BG25", "bgq"), ("SY25", "syq")):
        counted = table2.document_counts(Organ.objects.get(slug=slug), 2025)
        assert counted["t2.normative.valid"] == figures.get(code).amount("t2.normative.valid")
