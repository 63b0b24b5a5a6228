"""What a file is, by its content; and every refusal a plain sentence."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path

import pytest

from gongkai.annualreport.model import RemarkCode
from gongkai.annualreport.readers import Limits, Unreadable, read, read_path
from gongkai.annualreport.readers.detect import decode, detect
from gongkai.annualreport.readers.errors import MESSAGES
from gongkai.demo import figures

from .layouts import markdown, plain


def archive(*names: str, encrypted: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name in names:
            z.writestr(name, "<x/>")
    data = out.getvalue()
    if encrypted:  # the flag of the first entry, in its header and in the directory
        data = bytearray(data)
        data[6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\n\n%PDF-1.4", "pdf"),
        (archive("[Content_Types].xml", "word/document.xml"), "docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (archive("OFD.xml", "Doc_0/Document.xml"), "ofd"),
        (b"<!DOCTYPE html><html><body><p>a</p></body></html>", "html"),
        ("<?xml version='1.0'?><html><p>年报</p></html>".encode(), "html"),
        ("\ufeff<table><tr><td>a</td></tr></table>".encode(), "html"),
        ("<!-- x --><div>正文</div>".encode("gb18030"), "html"),
        ("<html><body>年报</body></html>".encode("utf-16"), "html"),
        ("<html><body>report annual 2025</body></html>".encode("utf-16-le"), "html"),
        (b'{"format": "x"}', "json"),
        (b'\n[{"a": 1}]', "json"),
        (b"organ,year,key,value\nx,2025,t3.new.natural,5\n", "csv"),
        ("一、总体情况\n全年公开信息。".encode(), "text"),
        ("# 年报\n\n|a|b|\n|---|---|\n".encode("gbk"), "text"),
        ("小于号 a < b 与 <b>强调</b>".encode(), "text"),
    ],
)
def test_kinds(data: bytes, kind: str) -> None:
    assert detect(data) == kind


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t\x00", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "image"),
        (b"\xff\xd8\xff\xe0" + b"0" * 50, "image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image"),
        (b"BM" + (40).to_bytes(4, "little") + b"\0" * 34, "image"),
        (OLE + "WordDocument".encode("utf-16-le"), "old_format"),
        (OLE + "Workbook".encode("utf-16-le"), "old_format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (OLE, "old_format"),
        (b"Rar!\x1a\x07\x00", "archive"),
        (b"7z\xbc\xaf\x27\x1c00", "archive"),
        (archive("a.txt"), "archive"),
        (archive("ppt/slides/slide1.xml"), "unsupported"),
        (archive("mimetype", "content.xml"), "unsupported"),
        (archive("xl/workbook.bin"), "unsupported"),
        (archive("word/document.xml", encrypted=True), "encrypted"),
        (archive("word/document.xml")[:60], "truncated"),
        (b"PK\x05\x06" + b"\0" * 18, "empty"),
        (b"{\\rtf1\\ansi hello}", "unsupported"),
        (bytes(range(256)) * 20, "unsupported"),
        (b"\x7fELF" + b"\0\1\2\3" * 200, "unsupported"),
    ],
    # A zip holds the time it was made: as an id it would differ from process to process.
    ids=lambda value: value if isinstance(value, str) else "data",
)
def test_refusals(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        detect(data)
    assert caught.value.code == code
    assert caught.value.message.endswith("。")


def test_every_message_is_a_chinese_sentence_that_says_what_to_do() -> None:
    for code, message in MESSAGES.items():
        assert Unreadable(code).message == message
        assert message.endswith("。")
        assert any("\u4e00" <= ch <= "\u9fff" for ch in message)
        assert "请" in message


def test_an_error_survives_the_way_back_from_a_worker() -> None:
    error = pickle.loads(pickle.dumps(Unreadable("scanned")))  # noqa: S301
    assert (error.code, str(error)) == ("scanned", MESSAGES["scanned"])


def test_too_large_before_anything_is_done() -> None:
    with pytest.raises(Unreadable) as caught:
        read(b"<html>" + b"x" * 2000, limits=Limits(max_bytes=1000))
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    "text",
    [
        "今天的会议讨论了预算。\n会议到十二点结束。",
        "<html><body><h1>通知</h1><p>明日放假。</p><table><tr><td>姓名</td><td>电话</td></tr><tr><td>某</td><td>1</td></tr></table></body></html>",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "a\tb\n1\t2\n",
        "甲区2025年政府信息公开工作年度报告\n\n详见附件。",
        "1\n2\n3\n",
    ],
)
def test_other_documents_are_no_reports(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(text.encode(), "甲区2025年政府信息公开工作年度报告.html")
    assert caught.value.code == "not_report"


def test_a_page_of_scripts_has_no_text() -> None:
    with pytest.raises(Unreadable) as caught:
        read(b"<html><head><title></title></head><body><script>var a=1;</script></body></html>")
    assert caught.value.code == "empty"


@pytest.mark.parametrize(
    ("encoding", "declared", "odd"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "gbk", False),
        ("gb18030", "gb2312", False),
        ("gb18030", "utf-8", True),
        ("utf-8", "gb2312", True),
        ("utf-16", "", False),
        ("utf-16-le", "", False),
        ("utf-16-be", "", False),
        ("gb18030", "", False),
    ],
)
def test_encodings(encoding: str, declared: str, odd: bool) -> None:
    original = figures.get("SY25")
    text = plain(original).replace(
        '<meta charset="utf-8">', f'<meta charset="{declared}">' if declared else ""
    )
    (made,) = read(text.encode(encoding))
    assert made.organ == original.organ
    assert made.value("t3.total.total").number == 29
    assert [r.code for r in made.remarks] == ([RemarkCode.ENCODING] if odd else [])


def test_big5_is_told_from_gbk() -> None:
    text = "臺北市政府資訊公開年度報告。申請人應依行政程序提出申請，機關應於期限內辦理。" * 5
    assert decode(text.encode("big5")).text == text


def test_a_character_cut_at_the_end_and_one_lost_inside() -> None:
    text = markdown(figures.get("SY25"))
    (made,) = read(text.encode()[:-1])
    assert made.value("t3.total.total").number == 29
    data = (
        text.replace("总体情况", "总体情况\n\n很坏的字：@@。", 1)
        .encode("gb18030")
        .replace(b"@@", b"\xff\xff")
    )
    (made,) = read(data)
    assert [r.code for r in made.remarks] == [RemarkCode.ENCODING]
    assert made.value("t3.total.total").number == 29


def test_a_page_saved_as_one_file() -> None:
    import base64

    body = base64.encodebytes(plain(figures.get("SY25")).encode("gb18030")).decode()
    text = (
        'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        f"Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n--b--\r\n"
    )
    (made,) = read(text.encode())
    assert made.value("t3.total.total").number == 29


def test_paths(tmp_path: Path) -> None:
    path = tmp_path / "年报.md"
    path.write_text(markdown(figures.get("SY25")), encoding="utf-8")
    (made,) = read_path(path)
    assert (made.source_name, made.source_format) == ("年报.md", "text")
    assert len(made.source_digest) == 64
    for wanted, code in ((tmp_path, "directory"), (tmp_path / "无.md", "not_found"), ("a\0b", "damaged")):
        with pytest.raises(Unreadable) as caught:
            read_path(wanted)
        assert caught.value.code == code
    with pytest.raises(Unreadable) as caught:
        read_path(path, limits=Limits(max_bytes=10))
    assert caught.value.code == "too_large"
