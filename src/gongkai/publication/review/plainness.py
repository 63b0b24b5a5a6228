"""What a reader would say of an interpretation: that it only repeats the document, or that nobody can follow it.

“不得照抄文件” and “听得懂、记得住” are asked of every interpretation (sheet 05 §8; B12, B13). These are remarks for the
people who review it, never a reason to stop it.
"""

from __future__ import annotations

from typing import Final

from gongkai.annualreport.similarity import sentences
from gongkai.normative.models import Document
from gongkai.publication.models import DisclosurePage, InterpretationPage, PolicyPage
from gongkai.publication.review import versions
from gongkai.publication.review.scan import Hit, Severity
from gongkai.publication.vocab import ELEMENTS

#: From this share of its own words on, an interpretation counts as copied.
COPIED: Final = 0.6
#: Fewer words than this tell nothing.
FEW: Final = 120
#: Words copied in one run: shorter runs are names and set phrases that cannot be said otherwise.
RUN: Final = 12
#: A sentence longer than this is not understood when heard once.
LONG: Final = 80


def _bare(text: str) -> str:
    return "".join(ch for ch in text if ch.isalnum())


def copied_share(text: str, source: str) -> float:
    """How much of ``text`` stands word for word in ``source``, in runs of at least ``RUN`` characters. Linear."""
    a, b = _bare(text), _bare(source)
    if len(a) < RUN or len(b) < RUN:
        return 0.0
    known = {b[i : i + RUN] for i in range(len(b) - RUN + 1)}
    covered, until = 0, 0
    for i in range(len(a) - RUN + 1):
        if a[i : i + RUN] in known:
            covered += i + RUN - max(i, until)
            until = i + RUN
    return covered / len(a)


def _words(page: InterpretationPage) -> str:
    """What the interpretation itself says: its elements and its text, without titles and names of files."""
    own = [getattr(page, field) for field in ELEMENTS]
    body = [line for name, lines in versions.sections(page) if name in ("正文", "问答") for line in lines]
    return "\n".join([*own, *body])


def _source(document: DisclosurePage) -> str:
    """The document's words: of the register where it keeps them, else of its page."""
    entry = PolicyPage.objects.filter(pk=document.pk).values_list("register_entry", flat=True).first()
    body = Document.objects.filter(pk=entry).values_list("body", flat=True).first() if entry else ""
    return str(body or versions.text_of(document.specific))


def remarks(page: DisclosurePage) -> list[Hit]:
    """Remarks on a version of an interpretation; none for other kinds."""
    if not isinstance(page, InterpretationPage):
        return []
    found, text = [], _words(page)
    if page.document_id and len(_bare(text)) >= FEW:
        share = copied_share(text, _source(DisclosurePage.objects.get(pk=page.document_id)))
        if share >= COPIED:
            found.append(
                Hit(
                    "copied", "解读全文", f"{share:.0%} 的文字与文件原文相同", Severity.WARN,
                    "解读不能照抄文件，请说明为什么、怎么办、和过去比变了什么。",
                )
            )  # fmt: skip
    long = [s for s in sentences(text) if len(_bare(s)) > LONG]
    if long:
        shown = long[0][:24]
        found.append(
            Hit(
                "plain", "解读全文", f"{len(long)} 个句子超过 {LONG} 个字，例如“{shown}……”", Severity.NOTE,
                "请拆成短句，让人听一遍就懂。",
            )
        )  # fmt: skip
    return found
