"""Items that other systems submit: kept as drafts, sent into review in the name of the key's person, mended by the same
system until people have taken over. A key publishes nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.html import escape

from gongkai.api.models import ApiKey, Submission
from gongkai.api.services import digest_of, may_send
from gongkai.organs.audit import record
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.publication.models import Attachment, ColumnPage, DisclosurePage, ReviewAct, ReviewForm
from gongkai.publication.review import scanning, selectors, versions
from gongkai.publication.review import services as review
from gongkai.publication.review.scan.model import KINDS
from gongkai.publication.services.files import add_attachment, take_up
from gongkai.publication.services.items import create_item, problems

#: Kinds that are the item itself; those with fields of their own are completed on the desk.
_PLAIN: Final = ("general", "news", "statistics", "plan")
_TOKEN: Final = "gongkai.api.file"  # noqa: S105 - the salt of the signature, no secret
FILE_SECONDS: Final = 24 * 3600
MAX_FILE: Final = 20 * 1024 * 1024


class Refused(Exception):
    """A submission that is not taken: ``status`` as HTTP has it, and why, in Chinese with what to do."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


@dataclass(frozen=True, slots=True)
class Finding:
    """What stands against the item: ``code`` for programs, the rest for people."""

    code: str
    severity: str
    place: str
    message: str
    advice: str = ""


def _organ(key: ApiKey, slug: str) -> Organ:
    """The organ meant. Raises Refused for one that is not the key's nor below it."""
    if not slug or slug == key.organ.slug:
        return key.organ
    wanted = Organ.objects.filter(slug=slug).first()
    if wanted is None or not wanted.path.startswith(key.organ.path) or not wanted.is_active:
        raise Refused(403, f"这个密钥只能向“{key.organ.name}”及其下级机构报送。")
    return wanted


def _column(key: ApiKey, slug: str, code: str) -> ColumnPage:
    organ = _organ(key, slug)
    column = ColumnPage.objects.select_related("organ").filter(organ=organ, code=code, live=True).first()
    if column is None:
        raise Refused(422, f"“{organ.name}”没有代码为“{code}”的栏目，请对照工作台里的栏目代码。")
    return column


# files --------------------------------------------------------------------------------------------------------------


def add_file(key: ApiKey, slug: str, name: str, data: bytes) -> tuple[Attachment, str]:
    """Keep a file for a submission of this key; the file and the token that names it. Raises Refused."""
    if len(data) > MAX_FILE:
        raise Refused(
            413, f"附件过大：{len(data) // 1048576} MB，上限 {MAX_FILE // 1048576} MB。请压缩后重发。"
        )
    try:
        file = add_attachment(SYSTEM, _organ(key, slug), name, data, provisional=True)
    except ValidationError as error:
        raise Refused(422, "；".join(error.messages)) from None
    return file, signing.dumps([key.pk, file.pk], salt=_TOKEN)


def _files(key: ApiKey, organ: Organ, tokens: list[str]) -> list[Attachment]:
    """The files behind ``tokens``, in order. Raises Refused for one of another key or organ, or too old."""
    wanted: list[int] = []
    for token in tokens:
        try:
            owner, file = signing.loads(token, salt=_TOKEN, max_age=FILE_SECONDS)
        except signing.BadSignature:
            raise Refused(422, "附件编号无法识别，或已超过 24 小时。请重新上传附件。") from None
        if owner != key.pk:
            raise Refused(403, "附件是别的密钥上传的，不能引用。")
        wanted.append(file)
    found = Attachment.objects.filter(organ=organ).in_bulk(wanted)
    if len(found) < len(set(wanted)):
        raise Refused(422, "附件是为另一个机构上传的，请按报送的机构重新上传。")
    return [found[pk] for pk in dict.fromkeys(wanted)]


# items --------------------------------------------------------------------------------------------------------------


def submit(key: ApiKey, idempotency: str, content: dict[str, Any]) -> tuple[Submission, bool]:
    """Take an item and send it into review; (submission, whether it is new). Raises Refused.

    The files of the item are read by the scan before the transaction of the review begins.
    """
    row, new = _take(key, idempotency, content)
    if new and not content["draft"]:
        _send(row)
    return row, new


@transaction.atomic
def _take(key: ApiKey, idempotency: str, content: dict[str, Any]) -> tuple[Submission, bool]:
    column = _column(key, content["organ"], content["column"])
    # One at a time for a key, so that two copies of one request cannot both be the first.
    key = ApiKey.objects.select_for_update(of=("self",)).select_related("organ", "responsible").get(pk=key.pk)
    digest = _digest(content)
    earlier = Submission.objects.select_related("page").filter(key=key, idempotency=idempotency).first()
    if earlier is not None:
        if earlier.digest != digest:
            raise Refused(409, "这个 Idempotency-Key 已用于另一份内容。新内容请换一个键。")
        return earlier, False
    page = DisclosurePage(kind=column.default_kind if column.default_kind in _PLAIN else "general")
    _fill(page, key, column.organ, content)
    try:
        page = create_item(_author(key, column.organ), column, page)
    except ValidationError as error:
        raise Refused(422, "；".join(error.messages)) from None
    row = Submission.objects.create(
        key=key, idempotency=idempotency, digest=digest, page=page, version=_version(page)
    )
    ApiKey.objects.filter(pk=key.pk).update(last_used_on=timezone.localdate())
    record(
        SYSTEM, "api.submission.receive", page, organ=column.organ, after={"submission": row.pk, "key": key.prefix},
        reason=f"{key.name}报送",
    )  # fmt: skip
    return row, True


def mend(row: Submission, content: dict[str, Any]) -> Submission:
    """Replace the content of what lies with the drafter, and send it in again. Raises Refused once it is under review, is
    public, or people changed it on the desk."""
    row = _replace(row, content)
    if not content["draft"]:
        _send(row)
    return row


@transaction.atomic
def _replace(row: Submission, content: dict[str, Any]) -> Submission:
    key = (
        ApiKey.objects.select_for_update(of=("self",))
        .select_related("organ", "responsible")
        .get(pk=row.key_id)
    )
    row = Submission.objects.get(pk=row.pk)
    page = DisclosurePage.objects.select_related("organ", "column").filter(pk=row.page_id).first()
    if page is None:
        raise Refused(404, "报送的稿件已被删除。")
    column = _column(key, content["organ"], content["column"])
    if column.pk != page.column_id:
        raise Refused(422, "改稿不能换机构或栏目，请另报一份。")
    form = selectors.form_of(page.pk)
    if form is not None and form.state in (ReviewForm.State.REVIEWING, ReviewForm.State.APPROVED):
        raise Refused(409, "稿件正在审核，不能修改。确需修改的，请先在工作台撤回送审。")
    if page.published_at is not None:
        raise Refused(409, "稿件已经公开，请在工作台修改。")
    if _version(page) != row.version:
        raise Refused(409, "稿件已在工作台修改过，请在工作台继续办理。")
    latest = page.get_latest_revision_as_object()
    _fill(latest, key, page.organ, content)
    author = _author(key, page.organ)
    try:
        latest.full_clean()
    except ValidationError as error:
        raise Refused(422, "；".join(error.messages)) from None
    latest.save_revision(user=None if author is SYSTEM else author, log_action=False)
    row.digest, row.version = _digest(content), _version(page)
    row.save(update_fields=["digest", "version"])
    record(
        SYSTEM, "api.submission.mend", page, organ=page.organ, after={"submission": row.pk, "key": key.prefix},
        reason=f"{key.name}改稿",
    )  # fmt: skip
    return row


def _fill(page: DisclosurePage, key: ApiKey, organ: Organ, content: dict[str, Any]) -> None:
    for name in ("title", "summary", "formed_on", "document_number", "author", "keywords"):
        setattr(page, name, content[name])
    page.draft_title = page.title
    page.source = content["source"] or key.name
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in content["paragraphs"])
    files = _files(key, organ, content["attachments"])
    take_up(files)
    blocks = [
        ("picture", {"file": file, "alt": "", "caption": file.name}) if file.is_picture
        else ("download", {"file": file, "name": file.name[:120]})
        for file in files
    ]  # fmt: skip
    page.body = [("text", text), *blocks]


def _author(key: ApiKey, organ: Organ) -> Any:
    """In whose name the item is drafted: the key's person while they have the duty, else the platform."""
    person = key.responsible
    return person if person is not None and may_send(person, organ) else SYSTEM


def _digest(content: dict[str, Any]) -> str:
    return digest_of(json.dumps(content, ensure_ascii=False, sort_keys=True, default=str))


def _version(page: DisclosurePage) -> str:
    fresh = DisclosurePage.objects.get(pk=page.pk)
    return versions.digest_of(fresh.get_latest_revision_as_object())


def _send(row: Submission) -> None:
    """Into review, where the key names somebody who may; what stands against it is read by :func:`findings`."""
    page, person = row.page, row.key.responsible
    if page is None or person is None or not may_send(person, page.organ):
        return
    try:
        review.submit(person, page)
    except (ValidationError, PermissionDenied):
        return  # a draft with the reasons that ``findings`` tells


# what became of it --------------------------------------------------------------------------------------------------


def findings(row: Submission, form: ReviewForm | None) -> list[Finding]:
    """What stands against the item now: what it lacks, what the scan found, what reviewers marked."""
    page = row.page
    if page is None or page.published_at is not None:
        return []
    page = page.specific
    latest = page.get_latest_revision_as_object()
    found = [Finding("incomplete", "block", "", text) for text in problems(latest)]
    if form is None:
        person = row.key.responsible
        if person is None:
            found.append(Finding("draft", "note", "", "已存为草稿，由信息员在工作台送审。"))
        elif not may_send(person, page.organ):
            said = "密钥的送审人已没有拟稿送审的职责，稿件存为草稿。请联系政务公开办公室更换密钥。"
            found.append(Finding("sender", "block", "", said))
        return found
    run = scanning.latest_run(page, form.digest)
    if run is not None:
        open_ = {hit["key"] for hit in scanning.open_blocks(page, form.digest, run)}
        found += [
            Finding(f"scan.{hit['kind']}", hit["severity"], hit["place"], f"{KINDS[hit['kind']]}：{hit['text']}", hit["advice"])
            for hit in run.hits
            if hit["severity"] != "block" or hit["key"] in open_
        ]  # fmt: skip
    if form.state == ReviewForm.State.RETURNED:
        found += _returned(form)
    return found


def _returned(form: ReviewForm) -> list[Finding]:
    act = form.acts.filter(kind=ReviewAct.Kind.RETURN).order_by("-pk").prefetch_related("marks").first()
    if act is None:
        return []
    said = [Finding("returned", "block", "", act.opinion)] if act.opinion else []
    return said + [Finding("returned", "block", mark.quote, mark.comment) for mark in act.marks.all()]
