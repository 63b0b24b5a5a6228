"""What an uploaded file really is, judged by its content, and whether a case file may hold it.

The container formats are told apart by the report readers' own ``detect``; this module adds pictures, and refuses what
can run (programs, macros, embedded programs), what cannot be read later (passwords) and what swells when opened.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from gongkai.annualreport.readers.detect import detect
from gongkai.annualreport.readers.errors import DEFAULT, Unreadable


@dataclass(frozen=True, slots=True)
class FileType:
    """``extension`` with its dot; ``media_type`` is what a download is sent as."""

    key: str
    extension: str
    media_type: str
    label: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES: dict[str, FileType] = {
    t.key: t
    for t in (
        FileType("pdf", ".pdf", "application/pdf", "PDF"),
        FileType("docx", ".docx", _OFFICE + "wordprocessingml.document", "DOCX"),
        FileType("xlsx", ".xlsx", _OFFICE + "spreadsheetml.sheet", "XLSX"),
        FileType("ofd", ".ofd", "application/ofd", "OFD"),
        FileType("jpg", ".jpg", "image/jpeg", "JPG"),
        FileType("png", ".png", "image/png", "PNG"),
        FileType("tif", ".tif", "image/tiff", "TIF"),
        FileType("text", ".txt", "text/plain; charset=utf-8", "TXT"),
    )
}
ACCEPTED = "PDF、DOCX、XLSX、OFD、JPG、PNG、TIF 和 TXT"
_PICTURES = {"JPEG": "jpg", "PNG": "png", "TIFF": "tif", "MPO": "jpg"}
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa",
    b"dex\n",
)
_ACTIVE_PART = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex/|/attachedtoolbars|\.(?:exe|dll|js|vbs|bat|cmd|ps1|scr|hta|jar)$",
    re.IGNORECASE,
)
_MAX_PIXELS = 120_000_000  # an A3 page at 600 dpi is 70 million
_MAX_NAME = 120


def _refuse(message: str, code: str) -> ValidationError:
    return ValidationError(message, code=code)


def recognise(data: bytes) -> FileType:
    """The type of ``data``. Raises ValidationError with a Chinese sentence that says what to do instead."""
    if not data:
        raise _refuse("附件是空的，没有内容。请确认文件能正常打开后重新上传。", "empty")
    if data.startswith(_PROGRAMS):
        raise _refuse(f"附件是可执行程序，不能上传。可以上传 {ACCEPTED}。", "program")
    picture = _picture(data)
    if picture:
        return TYPES[picture]
    try:
        kind = detect(data)
    except Unreadable as problem:
        raise _refuse(_sentence(problem), problem.code) from None
    if kind in ("docx", "xlsx", "ofd"):
        _check_container(data)
    elif kind == "pdf":
        _check_pdf(data)
    elif kind == "html":
        raise _refuse("附件是网页文件。请在浏览器中打印为 PDF 后上传。", "html")
    else:
        kind = "text"
    return TYPES[kind]


def _sentence(problem: Unreadable) -> str:
    if problem.code == "encrypted":
        return "附件设有密码，工作人员无法打开。请取消密码保护后重新上传。"
    if problem.code == "archive":
        return f"附件是压缩包。请解压后逐个上传，可以上传 {ACCEPTED}。"
    if problem.code in ("old_format", "truncated", "zip_bomb", "too_large", "empty"):
        return problem.message.replace("读取", "接收") if problem.code == "old_format" else problem.message
    return f"这种附件不能接收。可以上传 {ACCEPTED}。"


def _picture(data: bytes) -> str:
    """Key of the picture type, "" for what is no picture."""
    if not data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*")):
        return ""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise _refuse("图片的像素过大。请缩小尺寸后重新上传。", "pixels")
            key = _PICTURES.get(image.format or "", "")
            image.load()
    except ValidationError:
        raise
    except Exception:
        raise _refuse("图片不完整或者已损坏，打不开。请重新拍照或者扫描后上传。", "damaged") from None
    return key


def _check_container(data: bytes) -> None:
    """No macros, no programs inside, no archive that swells. Raises ValidationError."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        members = container.infolist()
        if sum(m.file_size for m in members) > DEFAULT.max_unpacked or any(
            m.file_size > 1 << 20 and m.file_size > DEFAULT.max_ratio * max(m.compress_size, 1)
            for m in members
        ):
            raise _refuse("附件解压后的体积远超正常文档，不能接收。请用办公软件重新另存后上传。", "zip_bomb")
        if any(_ACTIVE_PART.search(m.filename.replace("\\", "/")) for m in members):
            raise _refuse(
                "附件带有宏或者程序，不能接收。请另存为不带宏的 DOCX、XLSX 或者 PDF 后上传。", "macro"
            )
        try:
            types = (
                container.read("[Content_Types].xml")
                if "[Content_Types].xml" in container.namelist()
                else b""
            )
            broken = container.testzip()
            objects = [container.read(m) for m in members if "/embeddings/" in m.filename.lower()]
        except Exception:
            raise _refuse("附件不完整或者已损坏。请用办公软件打开后重新另存，再上传。", "damaged") from None
    if broken:
        raise _refuse("附件不完整或者已损坏。请用办公软件打开后重新另存，再上传。", "damaged")
    if b"macroenabled" in types.lower():
        raise _refuse("附件带有宏，不能接收。请另存为不带宏的 DOCX 或者 XLSX 后上传。", "macro")
    if any("Ole10Native".encode("utf-16-le") in content for content in objects):
        raise _refuse("附件里嵌入了其他程序文件，不能接收。请删除嵌入的对象，另行上传。", "embedded")


def _check_pdf(data: bytes) -> None:
    """Opens without a password and has pages. Raises ValidationError."""
    import pypdfium2 as pdfium
    from pypdfium2 import raw

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as problem:
        if getattr(problem, "err_code", None) == raw.FPDF_ERR_PASSWORD or b"/Encrypt" in data:
            raise _refuse("附件设有密码，工作人员无法打开。请取消密码保护后重新上传。", "encrypted") from None
        raise _refuse("PDF 不完整或者已损坏，打不开。请重新导出后上传。", "damaged") from None
    try:
        if len(document) == 0:
            raise _refuse("PDF 里没有页面。请重新导出后上传。", "empty")
    finally:
        document.close()


def clean_name(name: str, kind: FileType) -> str:
    """A name that is safe to print and to save: no folders, no control or direction marks, the ending of its content."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name or ""))[-1]
    base = "".join(
        " " if ch.isspace() else ch for ch in base if unicodedata.category(ch) not in ("Cc", "Cf", "Cs", "Co")
    )
    base = re.sub(r'[:*?"<>|\x00]', "", base).strip(" .")
    stem, dot, ending = base.rpartition(".")
    if dot and re.fullmatch(r"[A-Za-z0-9]{1,5}", ending):
        base = stem.strip(" .")
    return (base or "附件")[:_MAX_NAME] + kind.extension


def size_words(size: int) -> str:
    """38 MB, 1.5 MB, 640 KB."""
    if size >= 10 * 1024 * 1024:
        return f"{round(size / 1024 / 1024)} MB"
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f} MB"
    return f"{max(1, round(size / 1024))} KB"
