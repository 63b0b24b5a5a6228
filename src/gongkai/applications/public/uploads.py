"""Files from strangers: known by their content, bounded in size, never named by what they call themselves."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from gongkai.applications.filetypes import ACCEPTED, clean_name, recognise
from gongkai.applications.services.files import DEFAULT_MAX_MB, max_bytes

MAX_FILES = 8
ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.ofd,.tif,.tiff,.txt"
WORDS = f"可以是照片或者 {ACCEPTED} 文件，每个不超过 {DEFAULT_MAX_MB} MB，一共最多 {MAX_FILES} 个。"
_TOGETHER = 3  # files of the largest size in one request; more are added in another


class QuotaHandler(TemporaryFileUploadHandler):
    """Leaves out files beyond the number or size allowed before they fill the disk; the fields around them stay."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.problem = ""
        self._files = 0
        self._bytes = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._files += 1
        self._bytes = 0
        if self._files > MAX_FILES:
            self.problem = f"一次最多上传 {MAX_FILES} 个文件。请分几次添加，或者合并成一个 PDF。"
            raise SkipFile(self.problem)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._bytes += len(raw_data)
        if self._bytes > max_bytes():
            self.problem = (
                f"“{self.file_name}”超过 {max_bytes() >> 20} MB。请压缩后重新上传，其他内容没有丢失。"
            )
            raise SkipFile(self.problem)
        super().receive_data_chunk(raw_data, start)


def bound(request: HttpRequest) -> QuotaHandler:
    """Put the handler in place; must run before anything reads the body."""
    handler = QuotaHandler(request)
    request.upload_handlers = [handler]  # type: ignore[assignment]
    return handler


def declared_too_large(request: HttpRequest) -> bool:
    """Whether the request itself says it is larger than anything allowed."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > max_bytes() * _TOGETHER
    except ValueError:
        return True


def check(name: str, content: bytes) -> str:
    """The cleaned name of a file that may be taken in, judged by its content.

    Raises ValidationError that begins with the name the applicant knows the file by.
    """
    try:
        if len(content) > max_bytes():
            raise ValidationError(f"附件过大，上限 {max_bytes() >> 20} MB。请压缩后重新上传。")
        return clean_name(name, recognise(content))
    except ValidationError as problem:
        shown = "".join(ch for ch in name if ch.isprintable())[:60] or "附件"
        raise ValidationError(f"“{shown}”没有收下：{problem.messages[0]}") from None
