"""A version as its reviewers see it: its digest, its words by section, what changed against another one."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import html as lxml_html

from gongkai.publication.models import Attachment, DisclosurePage
from gongkai.publication.models.items import LASTING
from gongkai.publication.panels import OWN
from gongkai.publication.review.scan import Grid, Piece

#: What Wagtail keeps of a page that is not its content.
_OUTSIDE: Final = frozenset(
    {
        *LASTING, "path", "depth", "numchild", "translation_key", "locale", "live", "has_unpublished_changes",
        "first_published_at", "last_published_at", "latest_revision_created_at", "go_live_at", "expire_at", "expired",
        "locked", "locked_at", "locked_by", "latest_revision", "live_revision", "url_path", "draft_title", "owner",
        "drafter", "show_in_menus", "seo_title", "search_description", "content_type", "alias_of", "slug",
        "wagtail_admin_comments", "page_ptr", "disclosurepage_ptr",
    }
)  # fmt: skip
_FIELDS: Final = (
    "title", "document_number", "issuer", "source", "author", "formed_on", "effective_on", "expires_on", "topic_class",
    "genre", "domain", "audience", "keywords", "summary", "attribute", "attribute_reason",
)  # fmt: skip
#: Fields that Wagtail writes as JSON in a text.
_STREAMS: Final = ("body",)
_BLOCKS: Final = re.compile(r"</(?:p|h[1-6]|li|tr|div|blockquote)>|<br\s*/?>", re.IGNORECASE)
_SENTENCES: Final = re.compile(r"[^。！？；\n]*[。！？；\n]?")


def digest_of(page: DisclosurePage) -> str:
    """SHA-256 of the content of ``page`` (an object read from a revision) and of the files in its body."""
    content = {k: v for k, v in page.serializable_data().items() if k not in _OUTSIDE}
    # As data, not as text: PostgreSQL keeps the JSON of a revision with its keys in an order of its own.
    content |= {field: json.loads(content[field]) for field in _STREAMS if content.get(field)}
    files = {str(f.pk): f.digest for f in attachments_of(page)}
    text = json.dumps([content, files], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def attachments_of(page: DisclosurePage) -> list[Attachment]:
    """Files in the body that belong to the organ, in order."""
    from gongkai.publication.services.items import files_of

    keys = files_of(page)
    found = Attachment.objects.in_bulk(keys)
    return [found[k] for k in keys if k in found]


def plain(markup: str) -> list[str]:
    """Paragraphs of rich text, without markup."""
    text = _BLOCKS.sub("\n", str(markup))
    if "<" in text:
        text = lxml_html.fromstring(f"<div>{text}</div>").text_content()
    else:
        text = lxml_html.fromstring(f"<div>{text or ' '}</div>").text_content()
    return [line.strip() for line in text.split("\n") if line.strip()]


def sections(page: DisclosurePage) -> list[tuple[str, list[str]]]:
    """(name, paragraphs) of everything a reader will see, fields first."""
    found: list[tuple[str, list[str]]] = []
    for name in (*_FIELDS, *OWN.get(type(page).__name__, ())):
        field = page._meta.get_field(name)
        value = getattr(page, f"get_{name}_display")() if field.choices else getattr(page, name)
        if value not in (None, "", False):
            found.append((str(field.verbose_name), ["是" if value is True else str(value)]))
    return found + body_lines(page)


def body_lines(page: DisclosurePage) -> list[tuple[str, list[str]]]:
    """(name, paragraphs) of the blocks of the body that hold words."""
    return [(label, lines) for label, lines in map(_block, page.body) if lines]


def _block(block: Any) -> tuple[str, list[str]]:
    value, kind = block.value, block.block_type
    if kind == "text":
        return "正文", plain(value.source)
    if kind == "table":
        table = value or {}
        rows = [" ｜ ".join(str(c or "") for c in row) for row in table.get("data") or []]
        return f"表格“{table.get('table_caption') or ''}”", rows
    if kind == "picture":
        return "图片", [t for t in (value.get("alt"), value.get("caption")) if t]
    if kind == "download":
        file = value.get("file")
        return "附件", [value.get("name") or (file.name if file else "")]
    if kind == "video":
        return f"视频“{value.get('title')}”", plain(
            value["transcript"].source if value.get("transcript") else ""
        )
    if kind == "qa":
        return "问答", [
            value.get("question") or "",
            *plain(value["answer"].source if value.get("answer") else ""),
        ]
    return "链接", [f"{value.get('text')}（{value.get('url')}）"]


def text_of(page: DisclosurePage) -> str:
    """All words of the version, to look for a quoted passage in."""
    return "\n".join(line for _, lines in sections(page) for line in lines)


def pieces(page: DisclosurePage) -> Iterator[Piece]:
    """The version's own text for the scan; places are counted as a reader counts."""
    count = 0
    for label, lines in sections(page):
        for number, line in enumerate(lines, 1):
            if label == "正文":
                count += 1
                yield Piece(f"正文第 {count} 段", line)
            else:
                yield Piece(f"{label}第 {number} 行" if len(lines) > 1 else label, line)


def grids(page: DisclosurePage) -> Iterator[Grid]:
    """Tables of the body."""
    for number, block in enumerate((b for b in page.body if b.block_type == "table"), 1):
        table = block.value or {}
        rows = tuple(
            tuple((f"{r}-{c}", str(cell or "")) for c, cell in enumerate(row, 1))
            for r, row in enumerate(table.get("data") or [], 1)
        )
        yield Grid(f"正文表格“{table.get('table_caption') or number}”", rows)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence and how it stands to the other version: same, new or gone."""

    text: str
    how: str


def _sentences(lines: list[str]) -> list[str]:
    return [s for line in lines for s in _SENTENCES.findall(f"{line}\n") if s.strip()]


def compare(old: DisclosurePage | None, new: DisclosurePage) -> list[tuple[str, list[Passage]]]:
    """Sections of ``new`` with each sentence marked; with nothing to compare to, all are the same."""
    after = [(label, _sentences(lines)) for label, lines in sections(new)]
    if old is None:
        return [(label, [Passage(s, "same") for s in lines]) for label, lines in after]
    before: dict[str, list[list[str]]] = {}
    for label, lines in sections(old):
        before.setdefault(label, []).append(_sentences(lines))
    found = [
        (label, _marked(before[label].pop(0) if before.get(label) else [], lines)) for label, lines in after
    ]
    for label, rest in before.items():
        found += [(label, [Passage(s, "gone") for s in lines]) for lines in rest if lines]
    return found


def _marked(old: list[str], new: list[str]) -> list[Passage]:
    out: list[Passage] = []
    for op, i1, i2, j1, j2 in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if op == "equal":
            out += [Passage(s, "same") for s in new[j1:j2]]
        else:
            out += [Passage(s, "gone") for s in old[i1:i2]] + [Passage(s, "new") for s in new[j1:j2]]
    return out
