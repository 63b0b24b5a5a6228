"""What was redacted is not in the file: not in its text, not in its bytes, not in what an office program hides."""

from __future__ import annotations

import io
import zipfile

import docx
import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from gongkai.applications.redaction import (
    GROUNDS,
    Block,
    RedactionError,
    WordBlock,
    find_blocks,
    redact_docx,
    redact_pdf,
)
from gongkai.applications.redaction import docx as word
from gongkai.applications.redaction.pages import picture_as_pdf
from tests.applications import redaction_samples as samples

PRIVACY = "refused_third_party"
SECRETS = (samples.SECRET, samples.NUMBER)


@pytest.fixture(scope="module")
def original() -> bytes:
    return samples.pdf_with_everything()


@pytest.fixture(scope="module")
def redacted(original: bytes) -> bytes:
    blocks = [block for secret in SECRETS for block in find_blocks(original, secret, PRIVACY)]
    return redact_pdf(original, blocks)


def test_the_grounds_are_those_of_articles_14_to_16():
    assert {g.article.split("第")[1][:2] for g in GROUNDS.values()} == {"十四", "十五", "十六"}
    assert len(GROUNDS) == 7


def test_the_sample_does_hold_the_secrets(original):
    """Else the tests below could not fail."""
    text = samples.pdf_text(original)
    assert samples.SECRET in text
    assert "甲乙丙" in text
    assert "丁戊己" in text
    raw = samples.pdf_bytes_unpacked(original)
    assert samples.NUMBER.encode() in raw
    assert any(s in raw for s in samples.spellings(samples.SECRET))


def test_no_secret_in_text_or_bytes(redacted):
    text = "".join(samples.pdf_text(redacted).split())
    raw = samples.pdf_bytes_unpacked(redacted)
    for secret in SECRETS:
        assert secret not in text
        assert not any(spelling in raw for spelling in samples.spellings(secret))


def test_every_place_is_found_across_spaces_and_line_ends(original):
    pages = [block.page for block in find_blocks(original, "王 小明", PRIVACY)]
    assert pages.count(1) == 4  # title, sentence, and the one broken over a line end gives two boxes
    assert pages.count(2) == 1


def test_the_rest_stays_readable_in_order(redacted):
    text = "".join(samples.pdf_text(redacted).split())
    mark = "【依据条例第十五条不予公开】"
    assert f"关于{mark}征收补偿的批复" in text
    assert "其余内容可以公开，土地面积3.5亩。" in text
    assert "保留的第二页文字。" in text
    assert text.count(mark) >= 4


def test_words_hidden_in_the_original_do_not_come_to_light(redacted):
    """Text under a bar drawn with an office program, and white text, were in the original's text layer."""
    text = samples.pdf_text(redacted)
    for word_ in ("甲乙丙", "早先盖住", "丁戊己", "白色的"):
        assert word_ not in text


def test_nothing_of_the_original_file_is_carried_over(redacted):
    raw = samples.pdf_bytes_unpacked(redacted)
    for trace in (b"/EmbeddedFile", b"/Annots", b"/AcroForm", b"/Outlines", b"/Metadata", b"/JavaScript", b"/Author",
                  b"/Creator", b"/Producer", b"/URI", b"/Prev", b"example.org", b"/XFA"):  # fmt: skip
        assert trace not in raw
    assert raw.count(b"%%EOF") == 1
    document = pdfium.PdfDocument(redacted)
    assert document.get_metadata_dict(skip_empty=True) == {"Title": "区分处理后的政府信息"}
    assert document.count_attachments() == 0
    document.close()


def test_the_block_is_black_in_the_picture(original, redacted):
    block = find_blocks(original, samples.NUMBER, PRIVACY)[0]
    before, after = (_cut(data, block) for data in (original, redacted))
    assert (before > 200).mean() > 0.5
    assert (after < 60).mean() > 0.5
    assert (after[0] < 60).all()  # no rim of the letters looks out
    assert (after[-1] < 60).all()


def _cut(data: bytes, block: Block) -> np.ndarray:
    document = pdfium.PdfDocument(data)
    page = document[block.page - 1]
    picture = np.asarray(page.render(scale=3).to_pil().convert("L"))
    page.close()
    document.close()
    return picture[
        round(block.top * 3) : round(block.bottom * 3), round(block.left * 3) : round(block.right * 3)
    ]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_redacted_where_it_shows(turn):
    document = pdfium.PdfDocument(samples.pdf())
    document[0].set_rotation(turn)
    out = io.BytesIO()
    document.save(out)
    document.close()
    blocks = find_blocks(out.getvalue(), samples.NUMBER, PRIVACY)
    assert blocks
    result = redact_pdf(out.getvalue(), blocks)
    assert (_cut(result, blocks[0]) < 60).mean() > 0.5
    assert samples.NUMBER not in samples.pdf_text(result)


def test_a_drawn_rectangle_takes_the_text_below_it():
    data = samples.pdf()
    result = redact_pdf(data, [Block(1, 0, 0, 600, 140, "refused_internal")])
    text = samples.pdf_text(result)
    assert "补偿金额" not in text
    assert "第二页也有" in text
    assert "依据条例第十六条第一款不予公开" in text


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([], "还没有标出"),
        ([Block(9, 0, 0, 10, 10, PRIVACY)], "第 9 页不存在"),
        ([Block(1, 0, 0, 10, 10, "granted")], "依据"),
        ([Block(1, 5, 5, 5, 90, PRIVACY)], "没有大小"),
        ([Block(1, 5000, 0, 5100, 90, PRIVACY)], "页面以外"),
    ],
)
def test_a_block_that_cannot_be_is_refused(blocks, message):
    with pytest.raises(RedactionError, match=message):
        redact_pdf(samples.pdf("一页"), blocks)


def test_a_broken_file_is_told_in_words():
    with pytest.raises(RedactionError, match="打不开"):
        redact_pdf(b"%PDF-1.7 broken", [Block(1, 0, 0, 9, 9, PRIVACY)])
    with pytest.raises(RedactionError, match="打不开"):
        redact_docx(b"PK broken", [WordBlock(PRIVACY, text="x")])


def test_a_photograph_loses_its_place_and_its_block():
    image = Image.new("RGB", (800, 600), "white")
    exif = Image.Exif()
    exif[0x010E] = "taken-at-home"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    result = redact_pdf(picture_as_pdf(out.getvalue()), [Block(1, 10, 10, 200, 100, PRIVACY)])
    assert b"taken-at-home" not in samples.pdf_bytes_unpacked(result)
    assert (_cut(result, Block(1, 12, 12, 198, 98, PRIVACY)) < 60).mean() > 0.6


# DOCX -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def word_result() -> bytes:
    blocks = [WordBlock(PRIVACY, text=secret) for secret in SECRETS]
    return redact_docx(samples.word_document(), blocks)


def test_no_part_of_the_document_holds_a_secret(word_result):
    with zipfile.ZipFile(io.BytesIO(word_result)) as container:
        parts = {name: container.read(name) for name in container.namelist()}
    for name, content in parts.items():
        for trace in (*SECRETS, "删去的", "隐藏的机要", "secret-exif"):
            assert not any(s in content for s in samples.spellings(trace)), f"{trace} in {name}"
        assert b"rsid" not in content
    kept = {name.split("/")[0] for name in parts}
    assert kept <= {"word", "_rels", "[Content_Types].xml"}
    assert not any("comment" in name or "embedding" in name for name in parts)


def test_the_document_opens_and_says_what_was_withheld(word_result):
    document = docx.Document(io.BytesIO(word_result))
    text = "\n".join(p.text for p in document.paragraphs)
    mark = "■■■（依据条例第十五条不予公开）"
    assert f"被征收人{mark}，补偿款可以公开的说明。" in text
    assert f"全角号码 {mark} 在此。" in text
    assert f"新增的{mark}文字" in text
    assert "域结果" in text
    assert f"控件里的{mark}" in text
    assert document.tables[0].cell(0, 0).text == f"姓名：{mark}"
    assert document.tables[0].cell(0, 1).text == "面积：3.5 亩"
    assert document.sections[0].header.paragraphs[0].text == f"页眉{mark}"
    assert document.core_properties.author in (None, "", "python-docx")


def test_a_paragraph_and_a_picture_can_be_withheld_whole():
    data = samples.word_document()
    number = next(i for i, t in enumerate(word.paragraphs(data), 1) if t.startswith("全角号码"))
    picture = next(iter(word.pictures(data)))
    result = redact_docx(
        data, [WordBlock("refused_process", paragraph=number), WordBlock(PRIVACY, picture=picture)]
    )
    document = docx.Document(io.BytesIO(result))
    assert [p.text for p in document.paragraphs if "第十六条第二款" in p.text] == [
        "■■■（依据条例第十六条第二款不予公开）"
    ]
    with zipfile.ZipFile(io.BytesIO(result)) as container:
        name = next(n for n in container.namelist() if "media" in n)
        pixels = np.asarray(Image.open(io.BytesIO(container.read(name))))
    assert pixels.max() < 10


def test_words_that_are_not_there_are_told():
    with pytest.raises(RedactionError, match="没有找到“李四”"):
        redact_docx(samples.word_document(), [WordBlock(PRIVACY, text="李四")])


def test_a_document_with_a_chart_is_to_be_saved_as_pdf():
    data = io.BytesIO(samples.word_document())
    with zipfile.ZipFile(data, "a") as container:
        container.writestr("word/charts/chart1.xml", "<a/>")
    with pytest.raises(RedactionError, match="另存为 PDF"):
        redact_docx(data.getvalue(), [WordBlock(PRIVACY, text=samples.SECRET)])


def test_entities_are_not_resolved():
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(samples.word_document())) as source, zipfile.ZipFile(data, "w") as target:
        for item in source.namelist():
            content = source.read(item)
            if item == "word/document.xml":
                content = (
                    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
                    + content.split(b"?>", 1)[1]
                )
            target.writestr(item, content)
    with pytest.raises(RedactionError, match="实体"):
        redact_docx(data.getvalue(), [WordBlock(PRIVACY, text=samples.SECRET)])
