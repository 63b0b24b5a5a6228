"""The page of a document and its entry in the register: joined by number, and the page says what the register says.

The one place where the two meet. A document that ends must be marked on the page where it was published (sheet 05 §3);
nobody has to remember to. :func:`follow` listens to the register, :func:`join` is asked after every publication. Whichever
of the two comes later finds the other by organ and 文号.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from django.utils.html import escape

from gongkai.normative.models import Document
from gongkai.normative.rules.life import Act, standing
from gongkai.normative.rules.numbers import NumberError, normalise
from gongkai.organs.audit import record, register_acts
from gongkai.organs.scope import SYSTEM
from gongkai.publication import search_documents
from gongkai.publication.models import DisclosurePage, PolicyPage
from gongkai.publication.services.items import facts, make_public
from gongkai.publication.vocab import ENDED, Validity

register_acts({"publication.document.follow": "文件效力变化"})

#: What the register says → what the page says.
VALIDITY: Final = {
    "pending": Validity.PENDING, "valid": Validity.IN_FORCE, "amended": Validity.AMENDED, "partly": Validity.PARTLY,
    "repealed": Validity.REPEALED, "expired": Validity.EXPIRED,
}  # fmt: skip
#: The acts of which the page names the document they rest on.
ENDING: Final = (Act.REPEALED, Act.DECLARED_VOID)
CHANGING: Final = (*ENDING, Act.AMENDED, Act.PARTLY_ENDED)
T = TypeVar("T")
#: Keys in one query.
CHUNK: Final = 500


def follow(actor: Any, documents: Sequence[Document], earlier: str = "") -> None:
    """Listener of the register, in the transaction of the act: the documents' pages say what holds now.

    ``earlier``: the text that the register held before a slip in it was mended.
    """
    _find_pages(documents)
    for some in _chunks(documents):
        keys = {d.pk: d for d in some}
        for page in PolicyPage.objects.filter(register_entry__in=keys).select_related("organ").order_by("pk"):
            _say(actor, page, keys[page.register_entry_id], earlier)


def join(pages: Iterable[DisclosurePage]) -> None:
    """Ties published pages to the entries of their organs with the same number; then both they and what their documents
    ended say what the register says."""
    policies = [p for p in pages if isinstance(p, PolicyPage)]
    _find_entries([p for p in policies if p.register_entry_id is None])
    entries = {p.register_entry_id for p in policies if p.register_entry_id is not None}
    for some in _chunks(sorted(entries)):
        own = Document.objects.filter(pk__in=some)
        # What such a document ended can name its page now.
        ended = Document.objects.filter(events__basis__in=some, pages__isnull=False)
        touched = (own | ended).distinct().select_related("organ").prefetch_related("events")
        follow(SYSTEM, list(touched.order_by("pk")))


def _chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    left = iter(rows)
    while some := list(islice(left, CHUNK)):
        yield some


def _number(typed: str) -> str:
    try:
        return normalise(typed)
    except NumberError:
        return ""


def _find_entries(pages: Iterable[PolicyPage]) -> None:
    wanted: dict[int, dict[str, list[PolicyPage]]] = defaultdict(lambda: defaultdict(list))
    for page in pages:
        if number := _number(page.document_number):
            wanted[page.organ_id][number].append(page)
    for organ, numbers in wanted.items():
        for some in _chunks(numbers):
            for entry in Document.objects.filter(organ=organ, number__in=some).order_by("pk"):
                _tie(numbers[entry.number], entry)


def _find_pages(documents: Sequence[Document]) -> None:
    """Pages published before their documents came into the register."""
    if len(documents) == 1 and documents[0].pages.exists():
        return
    lone: dict[int, dict[str, Document]] = defaultdict(dict)
    for document in documents:
        if document.number and document.is_issued:
            lone[document.organ_id][document.number] = document
    for organ, numbers in lone.items():
        free = PolicyPage.objects.filter(
            organ=organ, register_entry=None, published_at__isnull=False
        ).exclude(document_number="")
        for key, typed in free.values_list("pk", "document_number"):
            if (entry := numbers.get(_number(typed))) is not None:
                PolicyPage.objects.filter(pk=key).update(register_entry=entry)


def _tie(pages: Iterable[PolicyPage], entry: Document) -> None:
    for page in pages:
        PolicyPage.objects.filter(pk=page.pk).update(register_entry=entry)
        page.register_entry = entry


def _cause(document: Document) -> tuple[str, Document | None]:
    """What the page says of the last change that still stands, and the document it rests on."""
    rows = {event.pk: event for event in sorted(document.events.all(), key=lambda e: e.pk)}
    events = [rows[e.id] for e in standing(row.as_life() for row in rows.values()) if e.act in CHANGING]
    wanted = ENDING if document.status in ("repealed", "expired") else CHANGING
    last = next((e for e in reversed(events) if e.act in wanted), None)
    if document.end_act == Act.EXPIRED.value and document.ended_on and document.status == "expired":
        return f"自{document.ended_on:%Y年%-m月%-d日}起失效", None
    if last is None:
        return "", None
    words = {Act.AMENDED: "修改", Act.PARTLY_ENDED: "部分条款失效", Act.REPEALED: "废止"}
    return f"自{last.on:%Y年%-m月%-d日}起{words.get(Act(last.act), '失效')}", last.basis


def _say(actor: Any, page: PolicyPage, document: Document, earlier: str) -> None:
    if document.status not in VALIDITY:
        return
    registers = holds_registers_words(page, document, earlier)
    if registers and page.published_at and text_of(page) != blocks_of(document.body):
        page = _retext(page, document)
    note, basis = _cause(document)
    successor = PolicyPage.objects.filter(register_entry=basis, shown=True).first() if basis else None
    if basis and successor is None:
        note = f"{note}，依据{basis}"
    wanted: dict[str, Any] = {
        "validity": VALIDITY[document.status], "superseded_note": note[:200],
        "superseded_by_id": successor.pk if successor and document.status in (*ENDED, "amended") else None,
    }  # fmt: skip
    for name, value in (("effective_on", document.effective_on), ("expires_on", document.valid_until)):
        # That the register knows no day takes nothing from a page that people wrote.
        if value is not None or registers:
            wanted[name] = value
    if all(getattr(page, name) == value for name, value in wanted.items()):
        return
    before = facts(page)
    PolicyPage.objects.filter(pk=page.pk).update(**wanted)
    search_documents.refresh([page.pk])
    page.refresh_from_db()
    record(
        actor, "publication.document.follow", page, organ=page.organ, before=before, after=facts(page),
        reason=note,
    )  # fmt: skip


def blocks_of(words: str) -> list[tuple[str, str]]:
    """A text of the register as paragraphs; a document that is a file only says where the file is."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return [("text", text or "<p>正文见文件库中的附件。</p>")]


def text_of(page: DisclosurePage) -> list[tuple[str, str]]:
    """The body as pairs to compare with :func:`blocks_of`."""
    return [(b.block_type, str(getattr(b.value, "source", b.value))) for b in page.body]


def holds_registers_words(page: DisclosurePage, document: Document, earlier: str = "") -> bool:
    """Whether the page's body is a version of the register: then it follows it. What people wrote and reviewed stays."""
    shown = text_of(page)
    if shown in (blocks_of(document.body), blocks_of(earlier) if earlier else None):
        return True
    return shown in [blocks_of(body) for body in document.versions.values_list("body", flat=True)]


def _retext(page: PolicyPage, document: Document) -> PolicyPage:
    """The text in force becomes public; a draft that somebody has begun at the page stays their draft."""
    begun = page.get_latest_revision_as_object() if page.has_unpublished_changes else None
    author = page.latest_revision.user if page.latest_revision else None
    page.body = blocks_of(document.body)
    page.save_revision(log_action=False)
    page = make_public(SYSTEM, page, channels=(), reason="正文随文件修改")
    if begun is not None:
        begun.save_revision(user=author, log_action=False)
        page.refresh_from_db()
    return page
