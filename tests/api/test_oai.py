"""Harvesting: every answer valid, every error the protocol's own, lists complete while things change, what was withdrawn told
for good and said nothing of."""

from __future__ import annotations

import base64
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from lxml import etree

from gongkai.api.oai import records, sets, views
from gongkai.api.paging import encode
from gongkai.normative.testing import make_document
from gongkai.organs.models import Organ, SiteProfile
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ
from gongkai.publication.services.items import withdraw
from gongkai.publication.testing import make_column, make_item
from gongkai.search import indexing
from gongkai.search.models import SearchDoc, Withdrawn
from gongkai.search.projection import Entry

pytestmark = pytest.mark.django_db
OAI = f"{{{views.NS}}}"
SCHEMA = etree.XMLSchema(etree.parse(str(Path(__file__).parent / "oai-pmh.xsd")))
CORE = etree.XMLSchema(etree.fromstring(records.SCHEMA.encode()))
DC_NAMES = {
    "title", "creator", "subject", "description", "publisher", "contributor", "date", "type", "format", "identifier",
    "source", "language", "relation", "coverage", "rights",
}  # fmt: skip


@pytest.fixture
def organ(db: None) -> Organ:
    caches["limits"].clear()
    return make_organ("丙区人民政府", slug="bing")


def _ask(client: Client, verb: str = "", method: str = "get", **arguments: str) -> Any:
    """The answer, valid."""
    data = {**({"verb": verb} if verb else {}), **arguments}
    response = getattr(client, method)("/oai", data)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(response.content)
    SCHEMA.assertValid(root)
    for core in root.iter(f"{{{records.CORE}}}record"):
        CORE.assertValid(etree.ElementTree(etree.fromstring(etree.tostring(core))))
    for dublin in root.iter(f"{{{records.OAI_DC}}}dc"):
        assert {etree.QName(one).namespace for one in dublin} == {records.DC}
        assert {etree.QName(one).localname for one in dublin} <= DC_NAMES
    return root


def _error(root: Any) -> str:
    found = root.find(f"{OAI}error")
    assert found is not None, etree.tostring(root)
    assert re.search("[一-鿿]", found.text)
    code: str = found.get("code")
    return code


def _heads(root: Any) -> list[tuple[str, bool]]:
    return [
        (head.findtext(f"{OAI}identifier").rpartition("testserver:")[2], head.get("status") == "deleted")
        for head in root.iter(f"{OAI}header")
    ]


def _token(root: Any) -> str | None:
    found = root.find(f".//{OAI}resumptionToken")
    return None if found is None else found.text or ""


def _all(client: Client, verb: str = "ListIdentifiers", **arguments: str) -> list[tuple[str, bool]]:
    root = _ask(client, verb, **arguments)
    out = _heads(root)
    while token := _token(root):
        root = _ask(client, verb, resumptionToken=token)
        out += _heads(root)
    return out


def _put(*numbers: int, **more: Any) -> None:
    indexing.put(
        Entry(key=f"t:{n}", kind="policy", title=f"第{n}号", url=f"/t/{n}/", day=date(2025, 1, 1), **more)
        for n in numbers
    )


def test_what_the_repository_is(client: Client, organ: Organ) -> None:
    SiteProfile(site_name="丙区", organ=organ, domain="www.bing.gov.cn", email="gk@bing.gov.cn").save()
    found = _ask(client, "Identify").find(f"{OAI}Identify")
    said = {etree.QName(one).localname: one.text for one in found}
    assert said["deletedRecord"] == "persistent"
    assert said["adminEmail"] == "gk@bing.gov.cn"
    assert said["baseURL"] == "http://testserver/oai"
    sample = found.find(f".//{{{views.IDENTIFIER}}}sampleIdentifier").text
    assert sample.startswith("oai:www.bing.gov.cn:")
    SiteProfile(site_name="丙区").save()
    assert "webmaster@testserver" in etree.tostring(_ask(client, "Identify")).decode()


def test_formats(client: Client, organ: Organ) -> None:
    _put(1)
    prefixes = [one.text for one in _ask(client, "ListMetadataFormats").iter(f"{OAI}metadataPrefix")]
    assert prefixes == ["oai_dc", "catalogue"]
    assert (
        len(list(_ask(client, "ListMetadataFormats", identifier="oai:testserver:t:1").iter(f"{OAI}schema")))
        == 2
    )
    assert _error(_ask(client, "ListMetadataFormats", identifier="oai:testserver:t:2")) == "idDoesNotExist"
    schema = client.get("/oai/catalogue.xsd")
    assert schema.content.decode() == records.SCHEMA


def test_a_record_in_both_formats(client: Client, organ: Organ) -> None:
    column = make_column(organ, code="gzdt")
    page = make_item(
        column,
        title="停水\x0b公告 <甲&乙>",
        keywords="停水 供水",
        genre="公告",
        topic_class="城乡建设、环境保护",
    )
    identifier = f"oai:testserver:page:{page.pk}"
    root = _ask(client, "GetRecord", identifier=identifier, metadataPrefix="oai_dc")
    dc = {one.tag.partition("}")[2]: one.text for one in root.find(f".//{{{records.OAI_DC}}}dc")}
    assert dc["title"] == "停水公告 <甲&乙>"
    assert (dc["publisher"], dc["type"], dc["language"]) == ("丙区人民政府", "公开信息", "zh-CN")
    assert {one.text for one in root.iter(f"{OAI}setSpec")} == {
        "kind-item",
        "organ-bing",
        f"column-{column.pk}",
    }
    root = _ask(client, "GetRecord", identifier=identifier, metadataPrefix="catalogue")
    core = root.find(f".//{{{records.CORE}}}record")
    said = {etree.QName(one).localname: one.text for one in core}
    assert said["identifier"] == page.index_number
    assert (said["genre"], said["topic"]) == ("公告", "城乡建设、环境保护")
    assert said["formed"] == page.formed_on.isoformat()
    assert [one.text for one in core.iter(f"{{{records.CORE}}}keyword")] == ["停水", "供水"]
    document = make_document(organ)
    root = _ask(
        client, "GetRecord", identifier=f"oai:testserver:document:{document.pk}", metadataPrefix="catalogue"
    )
    said = {etree.QName(one).localname: one.text for one in root.find(f".//{{{records.CORE}}}record")}
    assert (said["validity"], said["genre"]) == ("有效", "通知")


def test_what_was_withdrawn_is_told_and_nothing_it_said(client: Client, organ: Organ) -> None:
    column = make_column(organ, code="gzdt")
    page = make_item(column, title="写错的名单")
    withdraw(SYSTEM, page, reason="含个人信息")
    identifier = f"oai:testserver:page:{page.pk}"
    for prefix in records.FORMATS:
        root = _ask(client, "GetRecord", identifier=identifier, metadataPrefix=prefix)
        assert _heads(root) == [(f"page:{page.pk}", True)]
        assert root.find(f".//{OAI}metadata") is None
        listed = _ask(client, "ListRecords", metadataPrefix=prefix, set=f"column-{column.pk}")
        assert _heads(listed) == [(f"page:{page.pk}", True)]
        assert "写错的名单" not in etree.tostring(listed, encoding="unicode")
    draft = make_item(column, publish=False)
    assert (
        _error(
            _ask(client, "GetRecord", identifier=f"oai:testserver:page:{draft.pk}", metadataPrefix="oai_dc")
        )
        == "idDoesNotExist"
    )


def test_sets_hold_what_they_name(client: Client, organ: Organ) -> None:
    other = make_organ("丁区人民政府", slug="ding")
    column = make_column(organ, code="gzdt", title="工作动态")
    one, two = make_item(column), make_item(make_column(other, code="gzdt"))
    names = {
        s.findtext(f"{OAI}setSpec"): s.findtext(f"{OAI}setName")
        for s in _ask(client, "ListSets").iter(f"{OAI}set")
    }
    assert names["kind-item"] == "公开信息"
    assert names["organ-bing"] == "丙区人民政府"
    assert names[f"column-{column.pk}"] == "丙区人民政府：工作动态"
    assert "kind-organ" not in names
    assert _all(client, metadataPrefix="oai_dc", set="organ-ding") == [(f"page:{two.pk}", False)]
    assert _all(client, metadataPrefix="oai_dc", set=f"column-{column.pk}") == [(f"page:{one.pk}", False)]
    assert len(_all(client, metadataPrefix="oai_dc", set="kind-item")) == 2


def test_sets_by_parts(client: Client, organ: Organ, monkeypatch: Any) -> None:
    for n in range(4):
        make_column(organ, code=f"x{n}")
    whole = [one.text for one in _ask(client, "ListSets").iter(f"{OAI}setSpec")]
    monkeypatch.setattr(sets, "PER_PAGE", 2)
    root = _ask(client, "ListSets")
    found = [one.text for one in root.iter(f"{OAI}setSpec")]
    while token := _token(root):
        root = _ask(client, "ListSets", resumptionToken=token)
        found += [one.text for one in root.iter(f"{OAI}setSpec")]
    assert found == whole
    assert _token(root) == "", "the last part ends with an empty token"
    for bad in ("x", encode(7, 1), encode(0, -1), encode(0, 2**64), encode("0", 1)):
        assert _error(_ask(client, "ListSets", resumptionToken=bad)) == "badResumptionToken"


def test_a_list_is_complete_while_things_change(client: Client, organ: Organ, monkeypatch: Any) -> None:
    monkeypatch.setattr(views, "MOST", {"ListRecords": 3, "ListIdentifiers": 3})
    _put(*range(8))
    root = _ask(client, "ListRecords", metadataPrefix="oai_dc")
    begun = root.findtext(f"{OAI}responseDate")
    got = _heads(root)
    token = _token(root)
    assert token
    indexing.drop(["t:4"])
    indexing.put([Entry(key="t:5", kind="policy", title="改过", url="/t/5/", day=date(2025, 1, 1))])
    _put(9)
    rest = _heads(_ask(client, "ListRecords", resumptionToken=token))
    assert rest == _heads(_ask(client, "ListRecords", resumptionToken=token)), "a token may be used again"
    while token:
        root = _ask(client, "ListRecords", resumptionToken=token)
        assert root.findtext(f"{OAI}responseDate") == begun
        got += _heads(root)
        token = _token(root)
    assert token == ""
    kept = dict(got)
    assert kept == {f"t:{n}": n == 4 for n in (*range(8), 9)}
    assert len(got) == len(set(got))


def test_from_and_until_at_both_granularities(client: Client, organ: Organ) -> None:
    _put(1, 2, 3)
    noon = timezone.now().replace(year=2026, month=3, day=2, hour=12, minute=0, second=0, microsecond=0)
    for n, at in (
        (1, noon - timedelta(days=1)),
        (2, noon + timedelta(microseconds=700_000)),
        (3, noon + timedelta(seconds=1)),
    ):
        SearchDoc.objects.filter(key=f"t:{n}").update(updated_at=at)

    def keys(**times: str) -> list[str]:
        return [key for key, _ in _all(client, metadataPrefix="oai_dc", **times)]

    assert keys(**{"from": "2026-03-02", "until": "2026-03-02"}) == ["t:2", "t:3"]
    assert keys(until="2026-03-02T12:00:00Z") == ["t:1", "t:2"]
    assert keys(**{"from": "2026-03-02T12:00:01Z"}) == ["t:3"]
    assert keys(**{"from": "2026-03-02T12:00:00Z", "until": "2026-03-02T12:00:00Z"}) == ["t:2"]
    for times in (
        {"until": "2001-01-01"},
        {"from": "2999-01-01"},
        {"until": "9999-12-30"} | {"from": "9999-12-29"},
    ):
        assert _error(_ask(client, "ListRecords", metadataPrefix="oai_dc", **times)) == "noRecordsMatch"
    for times in (
        {"from": "2026-03-02", "until": "2026-03-02T12:00:00Z"}, {"from": "2026-03-03", "until": "2026-03-02"},
        {"from": "2026-02-30"}, {"from": "2026-03-02T12:00Z"}, {"until": "gestern"}, {"until": "9999-12-31"},
        {"from": "２０２６-03-02"}, {"from": "2026-03-02T25:00:00Z"},
    ):  # fmt: skip
        assert _error(_ask(client, "ListRecords", metadataPrefix="oai_dc", **times)) == "badArgument", times


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"), ("verb=", "badVerb"), ("verb=Steal", "badVerb"), ("verb=identify", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"), ("verb=Identify&set=x", "badArgument"),
        ("verb=ListRecords", "badArgument"), ("verb=ListRecords&metadataPrefix=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=%3Cx%3E", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=nothing", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=organ-nobody", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=kind-organ", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=column-99999999999999999999", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=column-9", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=abc", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&identifier=oai:testserver:t:1&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=GetRecord&identifier=oai:elsewhere:t:1&metadataPrefix=oai_dc", "idDoesNotExist"),
        ("verb=GetRecord&identifier=t:1&metadataPrefix=oai_dc", "idDoesNotExist"),
        ("verb=GetRecord&identifier=%01%0B&metadataPrefix=oai_dc", "idDoesNotExist"),
        ("verb=GetRecord&identifier=oai:testserver:organ:1&metadataPrefix=oai_dc", "idDoesNotExist"),
        ("verb=GetRecord&resumptionToken=x", "badArgument"),
    ],
)  # fmt: skip
def test_errors_are_those_of_the_protocol(client: Client, organ: Organ, query: str, code: str) -> None:
    _put(1)
    response = client.get(f"/oai?{query}")
    root = etree.fromstring(response.content)
    SCHEMA.assertValid(root)
    assert _error(root) == code
    shown = dict(root.find(f"{OAI}request").attrib)
    assert bool(shown) == (code not in ("badVerb", "badArgument"))


def test_a_token_made_by_somebody_else(client: Client, organ: Organ) -> None:
    _put(1)
    now, far = "2026-01-01T00:00:00+00:00", "9999-12-31T23:59:59-23:59"
    good = ["oai_dc", "", "", "", now, -1, now, -1, now, 0]
    assert _heads(_ask(client, "ListRecords", resumptionToken=encode(*good))) == [("t:1", False)]
    for place, value in (
        (0, "marc"), (1, "nothing"), (1, "organ-nobody"), (2, "gestern"), (3, "2026-02-30"), (4, "x"), (4, "2026-01-01"),
        (4, far), (5, 2**63), (5, 10**30), (7, -2), (6, "\x00"), (8, ""), (9, -1), (9, True), (9, 10**40),
    ):  # fmt: skip
        token = [*good]
        token[place] = value
        root = _ask(client, "ListRecords", resumptionToken=encode(*token))
        assert _error(root) == "badResumptionToken", (place, value)
    deep = base64.urlsafe_b64encode(b"[" * 5000).decode()
    for verb in ("ListRecords", "ListSets"):
        assert _error(_ask(client, verb, "post", resumptionToken=deep)) == "badResumptionToken"


def test_post_is_get(client: Client, organ: Organ) -> None:
    _put(1)
    strict = Client(enforce_csrf_checks=True)
    assert _heads(_ask(strict, "ListRecords", "post", metadataPrefix="oai_dc")) == [("t:1", False)]
    assert client.put("/oai").status_code == 405


def test_a_hundred_records_cost_no_more_than_one(
    client: Client, organ: Organ, django_assert_max_num_queries: Any
) -> None:
    column = make_column(organ, code="gzdt")
    for n in range(6):
        make_item(column, title=f"第{n}条")
    make_document(organ)
    _put(*range(120), organ_id=organ.pk)
    SiteProfile.current()
    for arguments in ({}, {"set": "organ-bing"}):
        with django_assert_max_num_queries(12):
            _ask(client, "ListRecords", metadataPrefix="catalogue", **arguments)
    assert len(_all(client, "ListRecords", metadataPrefix="oai_dc")) == 127


def test_too_many_calls_are_put_off(client: Client, organ: Organ, settings: Any) -> None:
    settings.API_RATE = (1, 60)
    assert client.get("/oai?verb=Identify").status_code == 200
    late = client.get("/oai?verb=Identify")
    assert late.status_code == 503
    assert 1 <= int(late["Retry-After"]) <= 60
    assert late["Cache-Control"] == "no-store"


def test_what_comes_back_is_no_longer_withdrawn(client: Client, organ: Organ) -> None:
    _put(1)
    indexing.drop(["t:1"])
    assert _all(client, metadataPrefix="oai_dc") == [("t:1", True)]
    _put(1)
    assert _all(client, metadataPrefix="oai_dc") == [("t:1", False)]
    assert not Withdrawn.objects.exists()
