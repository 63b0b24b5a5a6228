"""The scan finds what it must, where it is, masked; and does not cry wolf."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gongkai.annualreport.writers.typst_tools import families_by_face
from gongkai.applications.letters.layout import sample_sheet
from gongkai.applications.letters.pdf import pdf_of
from gongkai.publication.review.scan import Piece, Severity, Word, find, scan_file, scan_pieces
from gongkai.publication.review.scan.personal import is_bank_card, is_id_number
from tests.publication.review.samples import (
    DOCX,
    XLSX,
    added,
    card_number,
    document,
    id_number,
    people,
    workbook,
)

ID, CARD, MOBILE = id_number(), card_number(), "13912345678"


def hits(data: bytes, media: str = XLSX, name: str = "附表.xlsx") -> dict[tuple[str, str], Severity]:
    found = scan_file(name, data, media)
    assert not any(ID in h.text or CARD in h.text or MOBILE in h.text for h in found), "号码没有遮盖"
    return {(h.kind, h.place): h.severity for h in found}


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (workbook(ID), "附件“附表.xlsx”隐藏工作表“附表2” A12 单元格（工作表已隐藏）"),
        (workbook(row=ID), "附件“附表.xlsx”工作表“汇总” A5 单元格（所在行已隐藏）"),
        (workbook(column=ID), "附件“附表.xlsx”工作表“汇总” H3 单元格（所在列已隐藏）"),
        (workbook(comment=f"证号{ID}"), "附件“附表.xlsx”工作表“汇总” B2 单元格批注（批注）"),
        (workbook(name=ID), "附件“附表.xlsx”定义的名称“户主”（定义名称）"),
        (workbook(author=ID), "附件“附表.xlsx”的文档属性“作者”（文档属性）"),
    ],
)
def test_corners_of_a_workbook(data: bytes, place: str) -> None:
    assert hits(data)["id", place] == Severity.BLOCK


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (document(body=f"联系人证件号{ID}"), "正文第 1 段"),
        (document(header=ID), "页眉第 1 段"),
        (document(hidden=ID), "隐藏文字"),
        (document(deleted=ID), "已删除的修订"),
        (document(author=ID), "文档属性“作者”"),
        (document(table=ID), "正文第"),
        (document(custom=ID), "customXml/item9.xml 内部数据"),
    ],
)
def test_corners_of_a_document(data: bytes, words: str) -> None:
    found = hits(data, DOCX, "通知.docx")
    assert any(k == "id" and words in p and s == Severity.BLOCK for (k, p), s in found.items()), found


def test_a_workbook_behind_a_document_is_opened() -> None:
    found = hits(added(document(), "word/embeddings/book.xlsx", workbook(ID)), DOCX, "通知.docx")
    inside = [p for (k, p), s in found.items() if k == "id" and s == Severity.BLOCK]
    assert any("内嵌的附件“book.xlsx”隐藏工作表“附表2” A12" in p for p in inside)


def test_tracked_changes_and_hidden_text_are_reported_by_themselves() -> None:
    found = scan_file("通知.docx", document(deleted="旧文", hidden="密"), DOCX)
    text = next(h.text for h in found if h.kind == "markup")
    assert "修订痕迹" in text
    assert "隐藏文字" in text


def test_pdf_text_by_page_and_broken_files_are_not_passed() -> None:
    assert families_by_face()
    found = hits(pdf_of([sample_sheet("通知", f"证件号码{ID}。", "甲区")]), "application/pdf", "通知.pdf")
    assert found["id", "附件“通知.pdf”第 1 页"] == Severity.BLOCK
    for media in (XLSX, DOCX, "application/pdf", "image/png"):
        assert ("unread", "附件“坏.x”") in hits(b"%PDF-1.4 nothing", media, "坏.x")


def test_where_a_picture_was_taken_and_a_number_in_a_name() -> None:
    image, exif = Image.new("RGB", (4, 4)), Image.Exif()
    exif.get_ifd(0x8825)[2] = (38.0, 1.0, 2.0)
    exif[0x013B] = f"作者 {MOBILE}"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    found = hits(out.getvalue(), "image/jpeg", f"张{ID}.jpg")
    assert {k for k, _ in found} >= {"location", "id", "mobile", "meta"}


@pytest.mark.parametrize(
    ("heads", "row", "severity"),
    [
        (["姓名", "身份证号", "金额"], ["甲", "（已采集）", "100"], Severity.BLOCK),
        (["姓 名", "手机", "住址"], ["甲", "1390000", "清河"], Severity.BLOCK),
        (["户主", "联系电话"], ["甲", "2050000"], Severity.WARN),
        (["姓名", "身份证号", "金额"], ["甲", "640***********1233", "100"], None),
        (["姓名", "村名", "金额"], ["甲", "清河", "100"], None),
        (["村名", "银行"], ["清河", "信用社"], None),
    ],
)
def test_lists_of_people(heads: list[str], row: list[str], severity: Severity | None) -> None:
    found = [h for h in scan_file("名单.xlsx", people(*heads, rows=[row, row]), XLSX) if h.kind == "people"]
    assert [h.severity for h in found] == ([severity] if severity else [])
    assert not found or "共 2 行" in found[0].text


@given(st.text("0123456789", min_size=17, max_size=17))
def test_only_the_right_check_digit_makes_an_identity_number(body: str) -> None:
    right = id_number(body)
    for last in "0123456789X":
        assert not (last != right[-1] and is_id_number(body + last))


@settings(max_examples=300)
@given(st.integers(0, 10**18 - 1))
def test_a_random_number_without_check_digit_is_never_reported_as_identity(number: int) -> None:
    text = f"项目编码{number:018d}号"
    if not is_id_number(f"{number:018d}"):
        assert not [f for f in find(text) if f.kind == "id"]


@given(
    st.dates().filter(lambda d: 1930 <= d.year <= 2020), st.integers(0, 999), st.sampled_from(["", " ", "，"])
)
def test_every_right_identity_number_is_found(born: object, serial: int, around: str) -> None:
    number = id_number(f"640302{born:%Y%m%d}{serial:03d}")
    wide = number.translate({ord("0") + n: chr(ord("０") + n) for n in range(10)})
    for text in (number, number.lower(), wide, f"{number[:6]} {number[6:14]} {number[14:]}"):
        found = list(find(f"证号{around}{text}{around}"))
        assert [f.kind for f in found] == ["id"]
        assert number[3:14] not in found[0].masked


def test_a_card_needs_its_check_digit_and_lengths_are_not_enough() -> None:
    rng = random.Random(7)
    assert is_bank_card(CARD)
    wrong = CARD[:-1] + str((int(CARD[-1]) + 1) % 10)
    assert [f.kind for f in find(CARD)] == ["card"]
    assert not list(find(f"流水号{wrong}"))
    for _ in range(200):
        number = "91" + "".join(rng.choices("0123456789", k=16))  # a credit code of digits
        assert not [f for f in find(number) if f.kind == "card"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("联系电话：0953-2037000", ["phone"]),
        ("联系人手机 139 1234 5678", ["mobile"]),
        ("文号640302〔2026〕12号，金额13912345678.00元以内", []),
        ("金额1391234567890元", []),
        ("邮箱 xxgk@ltq.example", ["email"]),
        ("宁A·12345 号车", ["plate"]),
        ("住金积花园3号楼2单元501室", ["address"]),
        ("清河村三组12号", ["address"]),
        ("2026年11月21日 08:30 第 12 期", []),
        ("91640302MA7600001X", []),
    ],
)
def test_other_kinds(text: str, kinds: list[str]) -> None:
    assert [f.kind for f in find(text)] == kinds


def test_words_are_reported_with_their_surroundings() -> None:
    words = [Word("国土资源局", "outdated", "现为自然资源局")]
    found = scan_pieces([Piece("正文第 1 段", "请到区国土资源局办理")], words)
    assert (found[0].kind, found[0].place, found[0].advice) == ("outdated", "正文第 1 段", "现为自然资源局")
    assert "请到区国土资源局办理" in found[0].text


def test_long_lists_are_counted_and_large_files_bounded() -> None:
    pieces = [Piece(f"第 {n} 行", id_number(f"64030219800101{n:03d}")) for n in range(100)]
    found = scan_pieces(pieces)
    assert len(found) == 31
    assert found[-1].text == "另有 70 处"
