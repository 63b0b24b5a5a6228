"""What kind of file the bytes are, judged by content; a name or declared type is never trusted."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from itertools import islice

from .errors import DEFAULT, Limits, Unreadable

#: Kinds of file with a reader; the module of that name in this package reads it.
KINDS = ("html", "text", "docx", "xlsx", "pdf", "ofd", "json", "csv")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00",
    b"8BPS", b"\x00\x00\x00\x0cjP  ",
)  # fmt: skip
_ARCHIVES = (
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
)
_TAG = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|div|p|span|section|article|meta|title|tr|td|h[1-6]|font|center|ul|o:p)\b",
    re.IGNORECASE,
)
_OPENING_TAG = re.compile(r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<(?:!--|!doctype|[a-z])", re.IGNORECASE)
_CELL_KEY = re.compile(r"(?<![\w.])t[234]\.[a-z_0-9]{1,40}\.[a-z_]{1,20}(?![\w.])")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
#: Frequent in any report, in simplified and traditional characters: enough to tell one decoding from another.
_COMMON = (
    "政府",
    "信息",
    "公开",
    "申请",
    "行政",
    "年度",
    "報告",
    "公開",
    "資訊",
    "申請",
    "报告",
    "的",
    "总计",
    "办理",
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding used. ``declared`` is what the page says of itself, ``lossy`` counts lost characters."""

    text: str
    encoding: str
    declared: str = ""
    lossy: int = 0

    @property
    def mislabelled(self) -> bool:
        return bool(self.declared) and _family(self.declared) != _family(self.encoding)


def detect(data: bytes, limits: Limits = DEFAULT) -> str:
    """One of :data:`KINDS`.

    Raises Unreadable for what has no reader (old Office files, images, archives, unknown binaries) and for files that
    are empty, too large or encrypted.
    """
    if len(data) > limits.max_bytes:
        raise Unreadable("too_large")
    if not data.strip(b"\x00 \t\r\n\x0b\x0c\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty")
    head = data[:1024]
    if b"%PDF-" in head:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_kind(data, limits)
    if data.startswith(_OLE):
        raise _ole_error(data)
    if data.startswith(_IMAGES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or _is_bmp(data):
        raise Unreadable("image")
    if data.startswith(_ARCHIVES):
        raise Unreadable("archive")
    if head.lstrip().startswith(b"{\\rtf"):
        raise Unreadable("unsupported", "这是 RTF 文件，无法读取。请打开后另存为 DOCX 再试。")
    return _text_kind(data)


def _is_bmp(data: bytes) -> bool:
    return data[:2] == b"BM" and len(data) > 26 and int.from_bytes(data[2:6], "little") == len(data)


def _zip_kind(data: bytes, limits: Limits) -> str:
    """The kind of a ZIP container by its members."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            members = container.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, OverflowError) as error:
        raise Unreadable("truncated") from error
    if len(members) > limits.max_members:
        raise Unreadable("zip_bomb")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("encrypted")
    names = {member.filename.replace("\\", "/").lstrip("/").lower() for member in members}
    if any(name.startswith("word/") and name.endswith(".xml") for name in names):
        return "docx"
    if any(name.startswith("xl/") and name.endswith((".xml", ".bin")) for name in names):
        if "xl/workbook.bin" in names:
            raise Unreadable("unsupported", "这是二进制工作簿（xlsb），无法读取。请打开后另存为 XLSX 再试。")
        return "xlsx"
    if "ofd.xml" in names:
        return "ofd"
    if any(name.startswith("ppt/") for name in names):
        raise Unreadable("unsupported", "这是演示文稿，不是年度报告。请选择 DOCX、PDF 或网页格式的报告。")
    if "content.xml" in names and "mimetype" in names:
        raise Unreadable(
            "unsupported", "这是 ODF 文件（odt、ods），无法读取。请打开后另存为 DOCX 或 XLSX 再试。"
        )
    raise Unreadable("archive" if names else "empty")


def _ole_error(data: bytes) -> Unreadable:
    directory = data[: 4 * 1024 * 1024] + data[-1024 * 1024 :]
    if "EncryptedPackage".encode("utf-16-le") in directory:
        return Unreadable("encrypted")
    if "WordDocument".encode("utf-16-le") in directory:
        return Unreadable(
            "old_format", "这是旧版 Word/WPS 文字文件（doc、wps），无法读取。请打开后另存为 DOCX 再试。"
        )
    if any(word.encode("utf-16-le") in directory for word in ("Workbook", "Book")):
        return Unreadable(
            "old_format", "这是旧版 Excel/WPS 表格文件（xls、et），无法读取。请打开后另存为 XLSX 再试。"
        )
    return Unreadable("old_format")


def _text_kind(data: bytes) -> str:
    """HTML, JSON, CSV of our own, or plain text (Markdown included)."""
    text = decode(data[:16_384]).text
    sample = text[:4096]
    controls = len(_CONTROLS.findall(sample))
    if controls * 10 > len(sample):
        raise Unreadable("unsupported")
    start = text.lstrip("\ufeff \t\r\n\x00")
    if start[:1] in "{[" and '"' in start[:400]:
        return "json"
    if _OPENING_TAG.match(start) and _TAG.search(text):
        return "html"
    if start[:300].lower().find("mime-version:") >= 0 and "text/html" in start[:4000].lower():
        return "html"
    tags = sum(1 for _ in islice(_TAG.finditer(text), 12))
    # Text that merely embeds a <table> (some extractors do so) stays text; markup all through is a page cut at its head.
    if tags >= 12 and not start[:1].isalnum() and not start.startswith("#"):
        return "html"
    first = start.split("\n", 1)[0]
    if first.count(",") >= 2 and _CELL_KEY.search(start[:20_000]):
        return "csv"
    return "text"


def decode(data: bytes) -> Decoded:
    """Bytes of a page or text as text, whatever the page says of its encoding.

    UTF-8 is proved by decoding; where it fails, the decoding with the fewest lost and the most frequent characters
    of this field wins, the declared one first.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        return _lossy(data[3:], "utf-8", "")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _lossy(data, "utf-16", "")
    if wide := _wide(data):
        return _lossy(data, wide, "")
    match = _CHARSET.search(data, 0, 4096)
    declared = match[1].decode("ascii", "replace").lower() if match else ""
    try:
        return Decoded(data.decode("utf-8"), "utf-8", declared)
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # cut in the middle of the last character
            return _lossy(data, "utf-8", declared)
    return _best(data, declared)


def _best(data: bytes, declared: str) -> Decoded:
    names = ["gb18030", "big5hkscs", "utf-8"]
    if declared and _family(declared) not in names:
        names.append(declared)
    sample = data[:200_000]
    ranked = []
    for order, name in enumerate(names):
        try:
            text = sample.decode(name, "replace")
        except (LookupError, UnicodeError):
            continue
        score = sum(text.count(word) for word in _COMMON) - 3 * text.count("\ufffd")
        ranked.append((score, -order, name))
    return _lossy(data, max(ranked)[2], declared)


def _lossy(data: bytes, encoding: str, declared: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, declared, text.count("\ufffd"))


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: tags, digits and line ends leave zero bytes on one side only."""
    sample = data[:4096]
    if len(sample) < 8 or len(data) % 2:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 16 and even * 8 < odd:
        return "utf-16-le"
    if even > len(sample) // 16 and odd * 8 < even:
        return "utf-16-be"
    return ""


def _family(name: str) -> str:
    plain = name.lower().replace("_", "-")
    if plain in {"gb2312", "gbk", "gb18030", "cp936", "hz", "x-gbk", "gb-2312", "csgb2312"}:
        return "gb18030"
    if plain.startswith("utf-16"):
        return "utf-16"
    if plain in {"utf8", "utf-8", "utf-8-sig"}:
        return "utf-8"
    if plain.startswith("big5"):
        return "big5hkscs"
    return plain


__all__ = ["KINDS", "Decoded", "decode", "detect"]
