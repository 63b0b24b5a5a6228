"""What the records say: Dublin Core for everyone, and the fourteen core elements of the 政府信息公开目录."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from gongkai.annualreport.writers.plan import printable
from gongkai.api.datasets import LICENCE
from gongkai.api.following import Change
from gongkai.normative.models import Document
from gongkai.publication.models import DisclosurePage
from gongkai.search.models import SearchDoc
from gongkai.search.pages import VALIDITY
from gongkai.search.projection import kind_label

DC = "http://purl.org/dc/elements/1.1/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
CORE = "urn:gongkai:catalogue:1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA_LOCATION = f"{{{XSI}}}schemaLocation"
OAI_DC_XSD = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
#: Prefix → its namespace.
FORMATS: Final = {"oai_dc": OAI_DC, "catalogue": CORE}


@dataclass(frozen=True, slots=True)
class Core:
    """What the catalogue holds of an item beside what the search knows."""

    index_number: str = ""
    formed_on: Any = None
    genre: str = ""
    keywords: str = ""
    audience: str = ""


_NONE = Core()
_FIELDS = ("pk", "index_number", "formed_on", "genre", "keywords", "audience")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its change, and what it says where it was not withdrawn."""

    change: Change
    doc: SearchDoc | None
    core: Core


def load(changes: Sequence[Change]) -> list[Record]:
    """The records of ``changes``. Three queries, however many."""
    docs = {
        doc.key: doc
        for doc in SearchDoc.objects.select_related("organ")
        .defer("body", "extra")
        .filter(key__in=[c.key for c in changes if not c.withdrawn])
    }
    cores: dict[str, Core] = {}
    for prefix, model in (("page:", DisclosurePage), ("document:", Document)):
        pks = [key.removeprefix(prefix) for key in docs if key.startswith(prefix)]
        for pk, number, formed, genre, keywords, audience in _rows(model, pks):
            word = dict(Document._meta.get_field("genre").flatchoices).get(genre, genre)
            cores[f"{prefix}{pk}"] = Core(number or "", formed, str(word), keywords, audience)
    # What was withdrawn between the two looks is told as withdrawn the next time it is asked for.
    return [
        Record(c, docs.get(c.key), cores.get(c.key, _NONE)) for c in changes if c.withdrawn or c.key in docs
    ]


def _rows(model: Any, pks: list[str]) -> Iterable[tuple[Any, ...]]:
    return model.objects.filter(pk__in=pks).values_list(*_FIELDS) if pks else ()


def metadata(prefix: str, record: Record, site: str) -> Any:
    """The metadata of a public record in the format ``prefix``; ``site``: where addresses begin."""
    return _dublin_core(record, site) if prefix == "oai_dc" else _catalogue(record, site)


def _put(parent: Any, namespace: str, name: str, *values: Any) -> None:
    for value in values:
        if value not in (None, ""):
            etree.SubElement(parent, f"{{{namespace}}}{name}").text = printable(str(value))


def _dublin_core(record: Record, site: str) -> Any:
    doc, core = record.doc, record.core
    assert doc is not None
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC, "xsi": XSI})
    root.set(SCHEMA_LOCATION, f"{OAI_DC} {OAI_DC_XSD}")
    organ = doc.organ.name if doc.organ else ""
    _put(root, DC, "title", doc.title)
    _put(root, DC, "creator", organ)
    _put(root, DC, "subject", doc.topic, *core.keywords.split())
    _put(root, DC, "description", doc.summary)
    _put(root, DC, "publisher", organ)
    _put(root, DC, "date", doc.day)
    _put(root, DC, "type", kind_label(doc.kind))
    _put(root, DC, "format", "text/html")
    _put(root, DC, "identifier", f"{site}{doc.url}", core.index_number, doc.number)
    _put(root, DC, "language", "zh-CN")
    _put(root, DC, "rights", LICENCE)
    return root


def _catalogue(record: Record, site: str) -> Any:
    doc, core = record.doc, record.core
    assert doc is not None
    root = etree.Element(f"{{{CORE}}}record", nsmap={None: CORE, "xsi": XSI})
    root.set(SCHEMA_LOCATION, f"{CORE} {site}/oai/catalogue.xsd")
    # Reports and yearly forms bear no index number: their address is what tells them apart.
    _put(root, CORE, "identifier", core.index_number or f"{site}{doc.url}")
    _put(root, CORE, "title", doc.title)
    _put(root, CORE, "description", doc.summary)
    _put(root, CORE, "formed", core.formed_on)
    _put(root, CORE, "publisher", doc.organ.name if doc.organ else "")
    _put(root, CORE, "published", doc.day)
    _put(root, CORE, "number", doc.number)
    _put(root, CORE, "topic", doc.topic)
    _put(root, CORE, "genre", core.genre)
    _put(root, CORE, "keyword", *core.keywords.split())
    _put(root, CORE, "audience", core.audience)
    _put(root, CORE, "format", "text/html")
    _put(root, CORE, "link", f"{site}{doc.url}")
    _put(root, CORE, "validity", VALIDITY.get(doc.validity, doc.validity))
    return root


SCHEMA: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{CORE}" targetNamespace="{CORE}" elementFormDefault="qualified">
  <xs:annotation><xs:documentation xml:lang="zh-CN">政府信息公开目录核心元数据：索引号、标题、内容概述、生成日期、发布机构、发布日期、文号、主题分类、体裁分类、主题词、服务对象、格式、链接、有效性。没有索引号的，identifier 为网址。</xs:documentation></xs:annotation>
  <xs:element name="record"><xs:complexType><xs:sequence>
    <xs:element name="identifier" type="text"/>
    <xs:element name="title" type="text"/>
    <xs:element name="description" type="text" minOccurs="0"/>
    <xs:element name="formed" type="xs:date" minOccurs="0"/>
    <xs:element name="publisher" type="text" minOccurs="0"/>
    <xs:element name="published" type="xs:date" minOccurs="0"/>
    <xs:element name="number" type="text" minOccurs="0"/>
    <xs:element name="topic" type="text" minOccurs="0"/>
    <xs:element name="genre" type="text" minOccurs="0"/>
    <xs:element name="keyword" type="text" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element name="audience" type="text" minOccurs="0"/>
    <xs:element name="format" type="text"/>
    <xs:element name="link" type="xs:anyURI"/>
    <xs:element name="validity" type="text" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:simpleType name="text"><xs:restriction base="xs:string"><xs:minLength value="1"/></xs:restriction></xs:simpleType>
</xs:schema>
"""
