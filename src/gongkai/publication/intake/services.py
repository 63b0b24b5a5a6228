"""From a file or a paste to a draft: read, keep, let a person confirm, make the item."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.audit import record, register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM, require
from gongkai.publication.intake import guessing
from gongkai.publication.intake.outline import plain
from gongkai.publication.intake.paste import clean
from gongkai.publication.intake.reading import GUESS, LIKELY, Guess, Reading, read_file
from gongkai.publication.models import KINDS, ColumnPage, DisclosurePage, IntakeDraft, IntakeFile
from gongkai.publication.services.files import add_attachment, take_up
from gongkai.publication.services.items import MODULE, create_item

register_acts(
    {
        "publication.intake.read": "读取来稿",
        "publication.intake.confirm": "来稿成稿",
        "publication.intake.discard": "放弃来稿",
    }
)
#: What the confirmation asks, in its order.
FIELDS: Final = (
    "title", "document_number", "issuer", "formed_on", "effective_on", "expires_on", "genre", "topic_class", "summary",
    "keywords",
)  # fmt: skip
#: Files that go out with one original.
MAX_FILES: Final = 20


def model_for(column: ColumnPage) -> type[DisclosurePage]:
    """The kind of page that ``column`` holds."""
    return next((m for m in KINDS if column.default_kind == m.FIXED_KIND), DisclosurePage)


def takes_files(column: ColumnPage) -> bool:
    """Whether an item of the column can be made from a text alone: kinds with questions of their own cannot."""
    model = model_for(column)
    own = (
        []
        if model is DisclosurePage
        else [f for f in model._meta.local_fields if f.editable and not f.primary_key]
    )
    return all(f.blank or f.null or f.has_default() for f in own)


def read_upload(actor: Any, column: ColumnPage, name: str, data: bytes) -> IntakeDraft:
    """Reads a file for ``column`` and keeps it as the original. Raises ValidationError, PermissionDenied."""
    require(actor, MODULE, "add", column.organ)
    names = Organ.objects.filter(status="active").values_list("name", "short_name")
    # Parsing stays outside the transaction: SQLite has one writer.
    reading = read_file(data, name, {n for pair in names for n in pair if n})
    with transaction.atomic():
        attachment = add_attachment(actor, column.organ, name, data, provisional=True)
        return _keep(
            actor, column, IntakeDraft.Source.UPLOAD, attachment.name, reading, attachment=attachment
        )


def read_paste(actor: Any, column: ColumnPage, source: str, title: str = "") -> IntakeDraft:
    """Cleans what was pasted and keeps it. Raises ValidationError for nothing or too much, PermissionDenied."""
    require(actor, MODULE, "add", column.organ)
    try:
        cleaned = clean(source)
    except ValueError as problem:
        raise ValidationError({"source": str(problem)}) from None
    if not cleaned.blocks:
        raise ValidationError({"source": "没有粘贴到文字。请在框里粘贴正文。"})
    text = plain(cleaned.blocks)
    title = title.strip() or cleaned.title
    reading = Reading(blocks=cleaned.blocks, label="粘贴")
    if title:
        reading.fields["title"] = Guess(title[:200], LIKELY, "粘贴内容的标题")
    if genre := guessing.genre_of(title):
        reading.fields["genre"] = Guess(genre, LIKELY, "标题末尾")
    topic, words = guessing.topic_of(title, text)
    if topic:
        reading.fields["topic_class"] = Guess(topic, GUESS, f"按用词：{'、'.join(words)}")
    summary, at = guessing.summary_of(text.split("\n"))
    if summary:
        reading.fields["summary"] = Guess(summary, GUESS, f"正文第 {at + 1} 段")
    reading.remarks = [f"已去掉：{d.what} {d.count} 处" for d in cleaned.dropped]
    with transaction.atomic():
        return _keep(actor, column, IntakeDraft.Source.PASTE, title or text[:40], reading)


def _keep(
    actor: Any, column: ColumnPage, source: str, name: str, reading: Reading, **more: Any
) -> IntakeDraft:
    made = IntakeDraft.objects.create(
        organ=column.organ, column=column, source=source, name=name[:200], reading=reading.as_json(),
        blocks=reading.blocks, by=None if actor is SYSTEM else actor, **more,
    )  # fmt: skip
    record(actor, "publication.intake.read", made, organ=made.organ, reason=made.get_source_display())
    return made


def add_files(actor: Any, draft: IntakeDraft, uploads: Iterable[tuple[str, bytes]]) -> list[str]:
    """Adds files that go out with the original; what cannot be taken is returned, by name and with the reason.

    Raises PermissionDenied; ValidationError for a reading that was dealt with.
    """
    require(actor, MODULE, "add", draft.organ)
    if draft.state != IntakeDraft.State.WAITING:
        raise ValidationError("这份来稿已经办过了，请到“稿件”里找。")
    refused = []
    for name, data in uploads:
        shown = name.replace("\\", "/").rsplit("/", 1)[-1][:80]
        if draft.files.count() >= MAX_FILES:
            refused.append(f"“{shown}”没有加上：一份来稿最多 {MAX_FILES} 个附件。")
            continue
        try:
            kept = add_attachment(actor, draft.organ, name, data, provisional=True)
        except ValidationError as error:
            refused.append(f"“{shown}”没有加上：{''.join(error.messages)}")
            continue
        if kept.pk == draft.attachment_id:
            refused.append(f"“{shown}”没有加上：它就是原件，原件本来就作为附件。")
            continue
        IntakeFile.objects.get_or_create(draft=draft, attachment=kept)
    return refused


@transaction.atomic
def drop_file(actor: Any, draft: IntakeDraft, attachment: int) -> None:
    """Takes a file off again. Raises PermissionDenied."""
    require(actor, MODULE, "add", draft.organ)
    draft.files.filter(attachment=attachment, draft__state=IntakeDraft.State.WAITING).delete()


@transaction.atomic
def save_typed(actor: Any, draft: IntakeDraft, typed: dict[str, str]) -> IntakeDraft:
    """Keeps what has been typed so far, complete or not. Raises PermissionDenied."""
    require(actor, MODULE, "add", draft.organ)
    draft.typed = typed
    draft.save(update_fields=["typed"])
    return draft


@transaction.atomic
def confirm(
    actor: Any, draft: IntakeDraft, values: dict[str, Any], captions: dict[int, str] | None = None
) -> DisclosurePage:
    """Makes the draft item: ``values`` by field (dates as date), ``captions`` by number of the table.

    The original and the files beside it become attachments of the body. Raises ValidationError, PermissionDenied.
    """
    require(actor, MODULE, "add", draft.organ)
    row = IntakeDraft.objects.select_for_update().get(pk=draft.pk)
    if row.state != IntakeDraft.State.WAITING:
        raise ValidationError("这份来稿已经办过了，请到“稿件”里找。")
    missing = {}
    if not str(values.get("title") or "").strip():
        missing["title"] = "请填写标题。"
    if not isinstance(values.get("formed_on"), date):
        missing["formed_on"] = "请填写成文日期，公开期限从它起算。"
    if missing:
        raise ValidationError(missing)
    if not takes_files(row.column):
        raise ValidationError("这个栏目的稿件有专门的表格，请用“写稿”。")
    given = {k: v for k, v in values.items() if k in FIELDS and v not in (None, "")}
    page = model_for(row.column)(**given, body=_body(row, captions or {}))
    page.imported_from = f"{row.get_source_display()}：{row.name}"[:120]
    if not page.FIXED_KIND:
        page.kind = row.column.default_kind
    page = create_item(actor, row.column, page)
    take_up(
        [*filter(None, [row.attachment]), *(f.attachment for f in row.files.select_related("attachment"))]
    )
    row.state, row.page, row.typed, row.ended_at = IntakeDraft.State.DONE, page, {}, timezone.now()
    row.save(update_fields=["state", "page", "typed", "ended_at"])
    record(actor, "publication.intake.confirm", row, organ=row.organ, reason=str(page.pk))
    draft.state, draft.page = row.state, page
    return page


def _body(row: IntakeDraft, captions: dict[int, str]) -> list[tuple[str, Any]]:
    body = []
    tables = 0
    for kind, value in row.blocks:
        if kind == "table":
            tables += 1
            value = {
                **value,
                "table_caption": (captions.get(tables) or value.get("table_caption") or "").strip()[:200],
            }
        body.append((kind, value))
    files = [*filter(None, [row.attachment]), *(f.attachment for f in row.files.select_related("attachment"))]
    return body + [("download", {"file": file, "name": ""}) for file in files]


@transaction.atomic
def discard(actor: Any, draft: IntakeDraft) -> None:
    """Sets a reading aside; for a time it can be taken up again. Raises PermissionDenied; ValidationError for one that was
    dealt with: taken up again it would make a second item."""
    require(actor, MODULE, "add", draft.organ)
    row = IntakeDraft.objects.select_for_update().get(pk=draft.pk)
    if row.state != IntakeDraft.State.WAITING:
        raise ValidationError("这份来稿已经办过了，请到“稿件”里找。")
    draft.state, draft.ended_at = IntakeDraft.State.DISCARDED, timezone.now()
    draft.save(update_fields=["state", "ended_at"])
    record(actor, "publication.intake.discard", draft, organ=draft.organ, reason=draft.name)
