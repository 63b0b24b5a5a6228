"""Files for the bodies of items: judged by content, kept by digest, text read out for search and scans."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from gongkai.annualreport.readers.words import words_of
from gongkai.applications.filetypes import FileType, clean_name, recognise
from gongkai.organs.audit import record, register_acts
from gongkai.organs.models import Organ
from gongkai.organs.roles import Module
from gongkai.organs.scope import SYSTEM, require
from gongkai.publication.intake.images import compressed
from gongkai.publication.models import Attachment

MAX_BYTES = 50 * 1024 * 1024
#: What a case file does not hold and a page shows.
VIDEO = FileType("mp4", ".mp4", "video/mp4", "MP4")
CAPTIONS = FileType("vtt", ".vtt", "text/vtt", "VTT")
register_acts({"publication.file.add": "上传附件"})


@transaction.atomic
def add_attachment(
    actor: Any, organ: Organ, name: str, data: bytes, *, provisional: bool = False
) -> Attachment:
    """Keeps a file for ``organ``; the same content is kept once. ``provisional``: only as long as its reading may be
    confirmed, or its token be named by a submission (see ``intake.cleaning``). Raises ValidationError, PermissionDenied."""
    require(actor, Module.PUBLICATION, "add", organ)
    if len(data) > MAX_BYTES:
        raise ValidationError(
            f"附件过大：{len(data) // 1048576} MB，上限 {MAX_BYTES // 1048576} MB。请压缩后重新上传。"
        )
    media_type, shown = _recognise(name, data)
    if media_type in ("image/jpeg", "image/png"):
        # The picture goes to the public: without camera, place and more pixels than a page shows.
        data = compressed(data, settings.PUBLICATION_IMAGE_MAX_WIDTH)
    digest = hashlib.sha256(data).hexdigest()
    found = Attachment.objects.filter(organ=organ, digest=digest).first()
    if found:
        if not provisional:
            take_up([found])
        elif found.provisional:  # its time begins anew
            Attachment.objects.filter(pk=found.pk).update(uploaded_at=timezone.now())
        return found
    width, height = _size(media_type, data)
    item = Attachment(
        organ=organ, name=shown, media_type=media_type, size=len(data), digest=digest, width=width, height=height,
        text=words_of(data, media_type), provisional=provisional, uploaded_by=None if actor is SYSTEM else actor,
    )  # fmt: skip
    item.file.save("upload", ContentFile(data), save=False)
    item.save()
    record(actor, "publication.file.add", item, organ=organ, reason=f"{shown} {digest[:16]}")
    return item


def take_up(files: Iterable[Attachment]) -> None:
    """The files are needed from now on: they stay."""
    Attachment.objects.filter(pk__in=[file.pk for file in files], provisional=True).update(provisional=False)


def _recognise(name: str, data: bytes) -> tuple[str, str]:
    if data[4:8] == b"ftyp":
        kind = VIDEO
    elif data.lstrip(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        kind = CAPTIONS
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            raise ValidationError("字幕不是 UTF-8 编码。请用文本编辑器另存为 UTF-8 后重新上传。") from None
    else:
        kind = recognise(data)
    # The ending too is that of the content: in the export the name decides what the web server sends it as.
    return kind.media_type, clean_name(name, kind)


def _size(media_type: str, data: bytes) -> tuple[int | None, int | None]:
    if not media_type.startswith("image/"):
        return None, None
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        return image.width, image.height
