"""Reading a file for the scan: by content type, bounded, to its hidden corners."""

from __future__ import annotations

import io
from typing import Final

from gongkai.publication.review.scan.model import Hit, Piece, Reading, Severity

MAX_BYTES: Final = 50 * 1024 * 1024
MAX_TEXT: Final = 3_000_000
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXIF_PERSONAL: Final = {0x013B: "作者", 0x8298: "版权人", 0x9C9D: "作者", 0x010E: "说明", 0x9286: "备注"}
_GPS: Final = 0x8825


def read_file(name: str, data: bytes, media_type: str, text: str = "") -> Reading:
    """Everything in a file that could say something. Never raises for a broken file: it is reported as not checked."""
    place = f"附件“{name}”"
    reading = Reading(pieces=[Piece(f"{place}的文件名", name)])
    if len(data) > MAX_BYTES:
        reading.limit = f"{place}超过 {MAX_BYTES // 1048576} MB"
        return reading
    try:
        _read(reading, place, data, media_type, text)
    except Exception:  # whatever a broken file makes a parser raise: people must look at it themselves
        reading.hits.append(
            Hit(
                "unread",
                place,
                "文件读不出",
                Severity.BLOCK,
                "请换成能正常打开的文件，或者由审核人打开核对后放行。",
            )
        )
    total = 0
    for number, piece in enumerate(reading.pieces):
        total += len(piece.text)
        if total > MAX_TEXT:
            del reading.pieces[number:]
            reading.limit = reading.limit or f"{place}文字超过 {MAX_TEXT // 10000} 万字"
            break
    return reading


def _read(reading: Reading, place: str, data: bytes, media_type: str, text: str) -> None:
    if media_type == _EXCEL:
        from gongkai.publication.review.scan.excel import read

        read(reading, place, data)
    elif media_type == _WORD:
        from gongkai.publication.review.scan.word import read as read_word

        read_word(reading, place, data)
    elif media_type == "application/pdf":
        from gongkai.publication.review.scan.portable import read as read_pdf

        read_pdf(reading, place, data)
    elif media_type.startswith("image/"):
        _picture(reading, place, data)
    elif media_type.startswith("text/"):
        reading.pieces += _lines(place, data.decode("utf-8", "replace"))
    elif media_type.startswith("video/"):
        return
    elif text:
        reading.pieces += _lines(place, text)
    else:
        reading.hits.append(Hit("unread", place, "没有可检查的文字", Severity.WARN, "请审核人打开核对。"))


def _lines(place: str, text: str) -> list[Piece]:
    return [Piece(f"{place}第 {n} 行", line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]


def _picture(reading: Reading, place: str, data: bytes) -> None:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        exif = image.getexif()
        notes = {str(k): str(v) for k, v in image.info.items() if isinstance(v, str)}
    if exif.get_ifd(_GPS):
        reading.hits.append(
            Hit(
                "location", place, "图片记有拍摄地点的经纬度", Severity.WARN, "请用去除拍摄信息后的图片替换。"
            )
        )
    for tag, label in _EXIF_PERSONAL.items():
        value = exif.get(tag) or exif.get_ifd(0x8769).get(tag)
        if isinstance(value, bytes):
            value = value.decode("utf-16-le" if tag == 0x9C9D else "utf-8", "replace").strip("\0 ")
        if value and str(value).strip():
            reading.pieces.append(Piece(f"{place}的{label}", str(value), "图片属性"))
            reading.hits.append(Hit("meta", place, f"图片属性记有{label}", Severity.NOTE, "请确认可以公开。"))
    for key, value in notes.items():
        reading.pieces.append(Piece(f"{place}的 {key} 属性", value[:5000], "图片属性"))
