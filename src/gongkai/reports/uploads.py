"""Files from strangers stay in memory, never larger than allowed, and are gone when the answer is sent."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

MAX_FILE = 20 * 1024 * 1024
MAX_FILES = 2
#: Two files, the pasted text and the form around them.
MAX_REQUEST = MAX_FILES * MAX_FILE + 8 * 1024 * 1024
MAX_TEXT = 1_000_000  # characters


class BoundedMemoryHandler(FileUploadHandler):
    """Keeps each file in memory; stops reading one that grows beyond ``MAX_FILE``, or a third one."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.too_large = ""
        self.count = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.count += 1
        if self.count > MAX_FILES:
            raise StopUpload(connection_reset=False)
        self.buffer = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.buffer.tell() + len(raw_data) > MAX_FILE:
            self.too_large = self.file_name or "文件"
            raise StopUpload(connection_reset=False)
        self.buffer.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.buffer.seek(0)
        return InMemoryUploadedFile(
            self.buffer, self.field_name, self.file_name, self.content_type, file_size, self.charset,
            self.content_type_extra,
        )  # fmt: skip


def bound(request: HttpRequest) -> BoundedMemoryHandler:
    """Put the handler in place. Must run before anything reads the request's body."""
    handler = BoundedMemoryHandler(request)
    request.upload_handlers = [handler]
    return handler


def declared_too_large(request: HttpRequest) -> bool:
    """Whether the request itself says it is larger than anything allowed."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > MAX_REQUEST
    except ValueError:
        return True
