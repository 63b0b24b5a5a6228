"""The policy library: finding documents, one document, two texts side by side."""

from __future__ import annotations

import re
from datetime import date

from django.core.cache import cache
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongkai.applications.services.files import download
from gongkai.normative import files, selectors, slots
from gongkai.normative import library as finding
from gongkai.normative.models import Attachment, Document, DocumentVersion
from gongkai.normative.rules.clauses import compare as compare_texts
from gongkai.normative.rules.clauses import parse_clauses
from gongkai.normative.rules.life import VALIDITY_LABELS, Validity
from gongkai.normative.services.core import status_on
from gongkai.normative.wording import names_used
from gongkai.organs import moments
from gongkai.organs.addresses import absolute, address
from gongkai.organs.words import word_of

COLUMN = {
    "name": "政策文件",
    "description": "规章、行政规范性文件和其他政策文件，可按机关、年份、主题、效力查找",
    "keywords": "政策文件,行政规范性文件,现行有效,废止",
    "type": "政策文件",
}
TONES = {
    Validity.VALID: "ok", Validity.AMENDED: "ok", Validity.PENDING: "soon", Validity.PARTLY: "soon",
    Validity.REPEALED: "late", Validity.EXPIRED: "late",
}  # fmt: skip
FACETS_SECONDS = 60


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        return None


def wanted_from(request: HttpRequest) -> finding.Wanted:
    """The reader's choices; what cannot be meant is left out."""
    get = request.GET.get
    year = get("year", "")
    return finding.Wanted(
        organ=get("organ", "")[:60],
        year=year if re.fullmatch("(19|20)[0-9]{2}", year) else "",
        category=get("category", "")[:10],
        topic=get("topic", "")[:2],
        validity=get("validity", "")[:10],
        words=get("q", "").strip()[:80],
        on=_day(get("on", "")),
    )


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Documents by organ, year, category, topic, validity, words; ``on``: what was in force on that day."""
    wanted = wanted_from(request)
    shelf = finding.shelf(wanted)
    page = finding.LibraryPaginator(shelf.rows, finding.PER_PAGE).get_page(request.GET.get("page"))
    if wanted.on:
        prefetch_related_objects(page.object_list, "events")
        for document in page.object_list:
            document.shown = _state(status_on(document, wanted.on))
    else:
        for document in page.object_list:
            document.shown = _state(Validity(document.status))
    context = {
        "column": COLUMN,
        "crumbs": [(COLUMN["name"], "")],
        "wanted": wanted,
        "page": page,
        "in_text": shelf.in_text,
        "said": names_used(shelf.names, [row.title for row in page.object_list]),
        "elsewhere": finding.elsewhere(wanted, moments.today())
        if wanted.words and not page.object_list
        else None,
        "facets": cache.get_or_set("normative.facets", finding.facets, FACETS_SECONDS),
        "bad_day": bool(request.GET.get("on", "").strip()) and wanted.on is None,
        "capped": page.paginator.count == finding.MAX_FOUND,
    }
    return render(request, "normative/library.html", context)


def _state(validity: Validity) -> dict[str, str]:
    return {"word": VALIDITY_LABELS[validity], "tone": TONES.get(validity, "paused")}


def _public(pk: int) -> Document:
    found = selectors.public_document(pk)
    if found is None:
        raise Http404("没有这份文件，或者尚未公布。")
    return found


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet of paper with its validity, metadata, relations and history. ``on``: as it stood on that day."""
    row = _public(pk)
    on = _day(request.GET.get("on", ""))
    day = on or moments.today()
    events = selectors.events_of(row)
    validity = status_on(row, day, events)
    versions = selectors.versions_between(row)
    version = _version_on(versions, day)
    body = selectors.text_of(version) if version else row.body
    next_document = selectors.successor(row) if validity in (Validity.REPEALED, Validity.EXPIRED) else None
    if next_document and not next_document.published_on:
        next_document = None
    here = absolute(request, row.get_absolute_url())
    title = row.title if len(row.title) <= 24 else f"{row.title[:23]}…"
    context = {
        "column": COLUMN,
        "crumbs": [(COLUMN["name"], address("normative:library")), (title, "")],
        "row": row,
        "on": on,
        "state": _state(validity),
        "validity": validity.value,
        "clauses": parse_clauses(body),
        "version": version,
        "versions": versions,
        "successor": next_document,
        "relations": selectors.relations(row),
        "history": selectors.history(events),
        "files": [f for f in selectors.files_of(row) if f.is_public],
        "interpretations": slots.links(slots.INTERPRETATIONS, row),
        "questions": slots.links(slots.QUESTIONS, row),
        "joint": selectors.joint_organs(row),
        "here": here,
        "citation": _citation(row),
        "tags": _metas(row, here),
    }
    return render(request, "normative/document.html", context, using="jinja2")


def _version_on(versions: list[DocumentVersion], day: date) -> DocumentVersion | None:
    """The last of the versions, oldest first, that had begun by ``day``; the first one before that."""
    begun = [version for version in versions if version.valid_from <= day]
    return begun[-1] if begun else next(iter(versions), None)


def _metas(row: Document, here: str) -> list[tuple[str, str]]:
    """The tags of an article, in the order of the page rules."""
    return [
        ("ArticleTitle", row.title),
        ("PubDate", moments.minute(row.published_at)),
        ("ContentSource", row.organ.name),
        ("Keywords", row.keywords or word_of(row, "topic")),
        ("Author", row.drafter or row.organ.name),
        ("Description", row.summary or row.title),
        ("Url", here),
    ]


def _citation(row: Document) -> str:
    number = f"（{row.number}）" if row.number else ""
    return f"{row.organ.name}：《{row.title}》{number}，{files.chinese_day(row.formed_on)}。"


MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def as_file(data: bytes, name: str, form: str) -> HttpResponse:
    """A generated public file, as a download."""
    response = HttpResponse(data, content_type=MEDIA[form])
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{form}") or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def document_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The document as PDF, DOCX or JSON."""
    row = _public(pk)
    if form == "json":
        data = files.document_json(row, parse_clauses(row.body), selectors.relations(row))
        return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    if form not in ("pdf", "docx"):
        raise Http404
    made = files.document_pdf(row) if form == "pdf" else files.document_docx(row)
    return as_file(made, row.title[:60], form)


@require_safe
def attachment(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """A public file of a published document."""
    row = _public(pk)
    found = row.files.filter(pk=file).exclude(kind=Attachment.Kind.EVIDENCE).first()
    if found is None:
        raise Http404
    return download(found.file.open("rb"), found.name, found.media_type)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions (``a``, ``b``: document.version) or two documents, clause by clause."""
    sides = [_side(request.GET.get(name, "")) for name in ("a", "b")]
    if None in sides:
        raise Http404("没有可以比较的两个文本。")
    (left_row, left), (right_row, right) = sides  # type: ignore[misc]
    pairs = compare_texts(left.body, right.body)
    counts = {kind: sum(p.kind == kind for p in pairs) for kind in ("same", "changed", "added", "removed")}
    context = {
        "column": COLUMN,
        "crumbs": [
            (COLUMN["name"], reverse("normative:library")),
            (right_row.title[:24], right_row.get_absolute_url()),
            ("逐条比较", ""),
        ],
        "left": left_row, "left_version": left, "right": right_row, "right_version": right, "pairs": pairs,
        "counts": counts, "only": request.GET.get("only") == "changed", "same_document": left_row.pk == right_row.pk,
    }  # fmt: skip
    return render(request, "normative/compare.html", context)


def _side(text: str) -> tuple[Document, DocumentVersion] | None:
    match = re.fullmatch(r"(\d{1,12})\.(\d{1,4})", text)
    if not match:
        return None
    row = selectors.public_documents().filter(pk=int(match[1])).first()
    version = row.versions.filter(version=int(match[2])).first() if row else None
    return (row, version) if row and version else None
