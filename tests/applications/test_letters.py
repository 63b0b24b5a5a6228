"""Every kind of letter: drafted from the case, signed, frozen, printed."""

from __future__ import annotations

import io
import re
from contextlib import closing

import pypdfium2 as pdfium
import pytest
from docx import Document

from gongkai.applications import selectors
from gongkai.applications.letters import context, services
from gongkai.applications.letters.docx import render_docx
from gongkai.applications.letters.fields import FIELDS
from gongkai.applications.letters.freeze import intact
from gongkai.applications.letters.kinds import LETTER_KINDS, To
from gongkai.applications.letters.language import HOLE
from gongkai.applications.letters.layout import sample_sheet, sheet_of
from gongkai.applications.letters.pdf import pdf_of, render_pdf
from gongkai.law.outcomes import OUTCOMES
from gongkai.organs.scope import SYSTEM
from tests.applications import letter_pictures
from tests.applications import letters_world as world

pytestmark = pytest.mark.django_db


@pytest.fixture
def organ():
    return world.county()


def pdf_text(data: bytes) -> str:
    with closing(pdfium.PdfDocument(data)) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    return "".join(text.split())


def docx_text(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    texts = [p.text for p in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join("".join(texts).split())


def last_page(data: bytes) -> str:
    """The text of the last page without its number."""
    with closing(pdfium.PdfDocument(data)) as document:
        text = document[len(document) - 1].get_textpage().get_text_range()
    return re.sub(r"—\d+—$", "", "".join(text.split()))


def signature(letter) -> str:
    sheet = sheet_of(letter)
    return sheet.signature + sheet.dated


@pytest.mark.parametrize("lines", range(12, 34, 2))
def test_name_and_date_never_stand_on_a_page_without_text(lines):
    text = "\n".join(f"第{n}项：这一段恰好占一行文字。" for n in range(lines)) + "\n特此告知。"
    sheet = sample_sheet("政府信息公开告知书", text, "清河县自然资源局")
    page = last_page(pdf_of([sheet]))
    assert page.endswith("特此告知。清河县自然资源局2026年5月18日")
    with closing(pdfium.PdfDocument(pdf_of([sheet]))) as document:
        assert len(document) == (1 if lines <= 16 else 2)


@pytest.mark.parametrize("key", LETTER_KINDS)
def test_every_kind_is_drafted_signed_and_printed_whole(key, organ):
    kind = LETTER_KINDS[key]
    letter, day = world.drafted(key, organ)
    assert not [name for name in HOLE.findall(letter.body) if name in FIELDS]
    services.submit_letter(SYSTEM, letter, today=day)
    if kind.review:
        services.review_letter(SYSTEM, letter, passed=True)
    if not kind.self_issued:
        services.sign_letter(SYSTEM, letter, today=day)
    assert letter.state == "signed"
    assert last_page(render_pdf(letter)) != signature(letter), "落款单独成页"
    assert intact(letter)
    assert "{{" not in letter.body
    assert bool(letter.number) == bool(kind.mark)
    printed = render_pdf(letter)
    letter_pictures.keep(key, printed)
    pdf, docx = pdf_text(printed), docx_text(render_docx(letter))
    for text in (pdf, docx):
        # Table cells wrap, so long values are compared by their beginning.
        for name, value in letter.details["values"].items():
            if name != "未公开的部分" and name in services.wording_for(organ, kind).body:
                for line in value.splitlines():
                    assert "".join(line.split())[:12] in text, name
        assert letter.number in text
        assert "".join(letter.title.split()) in text
        # A field left empty shows as a hole, or as signs that belong to no words.
        assert not [
            hole
            for hole in ("【", "】", "《》", "（）", "“”", "，。", "。。", "，，", "：。", "、。")
            if hole in text
        ]
    if kind.to is To.APPLICANT:
        assert "王小明：" in pdf
        assert f"{day.year}年{day.month}月{day.day}日" in pdf
    if kind.to in (To.THIRD_PARTY, To.ORGAN, To.INSIDE):
        assert "王小明" not in pdf + docx
        assert letter.application.receipt not in pdf


@pytest.mark.parametrize("key", [k.key for k in LETTER_KINDS.values() if k.outcome])
def test_each_answer_cites_its_article_and_tells_the_right_remedy(key, organ):
    kind = LETTER_KINDS[key]
    letter, day = world.drafted(key, organ)
    from gongkai.applications.letters.checking import final_text

    text = final_text(letter, letter.application, day)
    for one in kind.basis:
        assert one.place in text
        assert one.instrument.name in text
    expected = OUTCOMES[kind.outcome].variant(kind.variant).remedy
    before, direct = "应当先申请行政复议" in text, "六个月内向清河县人民法院提起行政诉讼" in text
    assert (before, direct) == {
        "R1": (True, False), "R2": (False, True), "R3": (False, True), "mixed": (True, True), "none": (False, False),
    }[expected.value]  # fmt: skip
    if expected != "none":
        assert "清河县人民政府" in text
        assert world.CHANNEL in text  # filed on the internet, so answered there
        services.update_letter(SYSTEM, letter, online=False, today=day)
        assert world.CHANNEL not in final_text(letter, letter.application, day)


def test_every_row_and_variant_has_its_own_answer():
    wanted = {f"{o.key}.{v.key}" for o in OUTCOMES.values() for v in o.variants}
    answers = {k.key: k.wording.body for k in LETTER_KINDS.values() if k.outcome}
    assert set(answers) == wanted
    assert len(set(answers.values())) >= len(OUTCOMES) - 1


def test_the_partial_answer_names_each_withheld_part_with_its_article(organ):
    letter, _ = world.drafted("partial.usual", organ)
    assert "第十五条" in letter.body
    assert "第十六条第二款" in letter.body
    assert context.withheld_parts("甲|保护第三方合法权益|有害")[0]["outcome"] == "refused_third_party"


def test_what_the_record_says_need_not_be_typed(organ):
    letter, _ = world.drafted("correction", organ)
    assert "1.请写明文件名称或者文号" in letter.body
    assert "10个工作日内" in letter.body
    fee, _ = world.drafted("fee", organ)
    assert "380元（人民币叁佰捌拾元整）" in fee.body
    assert "第31至100页每页10元" in fee.body


def test_an_answer_needs_the_decision_that_fits(organ):
    application = world.registered(organ)
    with pytest.raises(services.ValidationError, match="尚未作出决定"):
        services.draft_letter(SYSTEM, application, "granted.provided", today=world.DAY)
    application, day = world.ready_for("granted.provided", organ)
    with pytest.raises(services.ValidationError, match="与本文书不符"):
        services.draft_letter(SYSTEM, application, "refused_secret.usual", today=day)
    with pytest.raises(services.ValidationError, match="条例第"):
        services.draft_letter(SYSTEM, application, "fee", today=day)


def test_everything_missing_is_said_at_once(organ):
    application, day = world.ready_for("refused_secret.usual", organ)
    letter = services.draft_letter(SYSTEM, application, "refused_secret.usual", today=day)
    assert "【定密依据】" in letter.body
    with pytest.raises(services.ValidationError) as problem:
        services.submit_letter(SYSTEM, letter, today=day)
    said = "".join(problem.value.messages)
    assert "定密依据" in said
    assert "理由" in said
    assert selectors.state_of(application, day).status == "decided"


def test_a_letter_about_something_done_waits_for_it(organ):
    application, day = world.ready_for("granted.provided", organ)
    for key, said in (
        ("other_other.withdrawn", "撤回申请"),
        ("rectification", "签发"),
        ("public_notice", "送达未成"),
        ("reopening", "重新办理"),
        ("consultation_notice", "征求第三方意见"),
    ):
        with pytest.raises(services.ValidationError, match=said):
            services.draft_letter(SYSTEM, application, key, today=day)


def test_the_answer_made_anew_says_why(organ):
    from datetime import timedelta

    from gongkai.law import case as ev

    application, day = world.ready_for("reopening", organ)
    later = day + timedelta(days=1)
    world.play(application, ev.Decided(on=later, outcome="granted", variant="already_public"))
    letter = services.draft_letter(SYSTEM, application, "granted.already_public", today=later)
    assert "根据清政复决〔2026〕5号行政复议决定，本机关重新办理该申请" in letter.body
