"""Files made to break a reader: only Unreadable may come out, in bounded time and memory."""

from __future__ import annotations

import contextlib
import random
import time
import tracemalloc

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gongkai.annualreport.assemble import assemble
from gongkai.annualreport.assemble.labels import ROLES
from gongkai.annualreport.assemble.sections import clean, heading_of
from gongkai.annualreport.document import Document, Grid, GridCell, Paragraph
from gongkai.annualreport.model import Report
from gongkai.annualreport.readers import Limits, Unreadable, html, read, text
from gongkai.demo import figures

from .layouts import LAYOUTS, cell_per_line, markdown, plain, t3_html

#: Seconds of CPU that no file may take: one takes three at most on an idle machine, what grows with the square of a file
#: takes hours. A busy machine and a full heap have taken four times as long.
LONGEST = 60.0


def attempt(data: bytes) -> list[Report] | None:
    start = time.process_time()
    reports: list[Report] | None
    try:
        reports = read(data, "x.html")
    except Unreadable as refused:
        reports, message = None, refused.message
    else:
        message = "。"
    assert message.endswith("。")
    assert time.process_time() - start < LONGEST
    return reports


ROW = "<tr>" + "<td>0</td>" * 7 + "</tr>"
ATTACKS = {
    "spans of a thousand million": "<table>"
    + "<tr><td rowspan=1000000000 colspan=1000000000>自然人</td></tr>" * 300
    + "</table>",
    "spans on every cell": "<table>"
    + ("<tr>" + "<td rowspan=65534 colspan=1000>申请</td>" * 50 + "</tr>") * 100
    + "</table>",
    "odd spans": "<table><tr><td colspan=-1 rowspan='x'>自然人</td><td colspan='9999999999999999999999'>总计</td></tr></table>",
    "deep divs": "<div>" * 200_000 + "一、总体情况",
    "deep tables": "<table><tr><td>" * 4_000 + "自然人",
    "many tables": "<table><tr><td>自然人</td><td>1</td></tr></table>" * 6_000,
    "deep spans": "<b>" * 100_000 + "二、主动公开政府信息情况",
    "wide row": "<table><tr>" + "<td>申请" * 250_000 + "</table>",
    "long table": "<table>" + ROW * 30_000 + "</table>",
    "huge attribute": "<p style='" + "a:b;" * 1_000_000 + "'>一、总体情况</p>",
    "many attributes": "<p " + " ".join(f"a{i}=1" for i in range(100_000)) + ">一、总体情况</p>",
    "comments": "<!--" * 200_000 + "<p>一、总体情况",
    "entities": "<p>" + "&amp;" * 500_000 + "&#x4e00;" * 100_000 + "</p>",
    "long paragraph": "一、总体情况\n" + "公开" * 2_000_000,
    "many paragraphs": "一、总体情况\n\n" + "公开。\n\n" * 300_000,
    "many titles": "甲区2025年政府信息公开工作年度报告\n一、总体情况\n五、存在的主要问题及改进情况\n"
    * 20_000,
    "many headings": "一、总体情况\n二、主动公开政府信息情况\n" * 30_000,
    "many labels": "1.属于国家秘密\n" * 100_000,
    "misread labels": "\n".join(
        f"1.属于国家秘{chr(0x4E00 + i % 20000)}\t{i}\t0\t0\t0\t0\t0\t0" for i in range(20_000)
    ),
    "short rows": "\n".join("1.属于国家秘密\t5\t0\t5" for _ in range(20_000)),
    "ambiguous rows": "三、收到和处理政府信息公开申请情况\n" + "\n".join(f"{k}\n1\n1" for k in ROLES),
    "long numbers": "1.属于国家秘密\t" + "9" * 500_000 + "\t0" * 6,
    "dots": "一、总体情况" + "." * 500_000,
    "stars": "一、总体情况\n" + "*" * 300_000 + "_" * 300_000 + "#" * 300_000,
    "pipes": "|" * 1_000_000,
    "lone pipes": "|\n" * 300_000,
    "tabs": "\t" * 1_000_000 + "x",
    "blanks": " " * 1_000_000 + "x" + "\u3000" * 1_000_000,
    "page feet": ("- 1 -" + " " * 300 + "\n") * 20_000,
    "open tables in text": "正文 <table" * 100_000,
    "nested tables in text": "正文 " + "<table>" * 20_000 + "</table>" * 20_000,
    "image marks": "![" * 200_000 + "一、总体情况",
    "particulars": "<p>" + "索引号：" * 100_000 + "</p>" + t3_html(figures.get("SY25")),
    "period": "一、总体情况\n" + "2025年1月1日至" * 100_000,
    "years": "一、总体情况\n" + "2025年" * 300_000,
    "marks of our own": "<p>\ue01c5\ue01e\ue01d9一、总体情况\x00\x1c\x1e</p>" + t3_html(figures.get("SY25")),
    "surrogates": "<p>&#xD800;&#xDFFF;&#x110000;一、总体情况</p>",
    "mime": "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    + "--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 5_000
    + "text/html",
    "commas": "," * 500_000 + "\n" + ("1," * 2_000 + "\n") * 200,
    "quotes": '"' * 500_000 + ",1,2\n",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_are_refused_or_read_in_bounded_time(name: str) -> None:
    attempt(ATTACKS[name].encode("utf-8", "surrogatepass"))


def test_spans_cost_no_memory() -> None:
    data = ATTACKS["spans of a thousand million"].encode()
    tracemalloc.start()
    try:
        attempt(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 64 * 1024 * 1024


@pytest.mark.parametrize(
    ("limits", "data"),
    [
        (Limits(max_cells=50), plain(figures.get("SY25"))),
        (Limits(max_cells=50), markdown(figures.get("SY25"))),
        (Limits(max_blocks=5), markdown(figures.get("SY25"))),
        (Limits(max_blocks=5), plain(figures.get("SY25"))),
        (Limits(max_rows=5), plain(figures.get("SY25"))),
        (Limits(max_rows=5), markdown(figures.get("SY25"))),
        (Limits(max_reports=1), markdown(figures.get("SY25")) + "\n\n" + markdown(figures.get("BG25"))),
    ],
)
def test_every_limit_holds(limits: Limits, data: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(data.encode(), limits=limits)
    assert caught.value.code == "too_complex"


def test_limit_of_characters() -> None:
    for data in (plain(figures.get("SY25")), markdown(figures.get("SY25"))):
        with pytest.raises(Unreadable) as caught:
            read(data.encode(), limits=Limits(max_chars=500))
        assert caught.value.code == "too_large"


# --- damage at random ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_truncation_anywhere(layout: str) -> None:
    data = LAYOUTS[layout](figures.get("SY25")).encode()
    rng = random.Random(layout)
    for at in sorted(rng.randrange(len(data)) for _ in range(12)):
        attempt(data[:at])


@pytest.mark.parametrize("layout", ["plain", "word", "markdown", "cell_per_line", "page_feet"])
def test_flipped_bytes(layout: str) -> None:
    data = LAYOUTS[layout](figures.get("SY25")).encode()
    rng = random.Random(layout)
    for _ in range(12):
        broken = bytearray(data)
        for _ in range(rng.choice((1, 10, 200))):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        attempt(bytes(broken))


def test_lines_shuffled_and_repeated() -> None:
    rng = random.Random(7)
    for make in (cell_per_line, markdown, plain):
        lines = make(figures.get("SY25")).split("\n")
        for _ in range(15):
            attempt("\n".join(rng.choices(lines, k=len(lines))).encode())


_WORDS = st.sampled_from(
    [
        *sorted(ROLES),
        "一、总体情况",
        "三、收到和处理政府信息公开申请情况",
        "甲区2025年政府信息公开工作年度报告",
        "0",
        "12",
        "",
        "/",
        "无",
        "１",
        "1,2",
        "a",
    ]
)
_TEXTS = st.one_of(_WORDS, st.text(max_size=30))


@example(
    [[["公开总数量", "政府规章", "本年废止件数", "一、总体情况"]]]
)  # a column that the format does not have
@given(st.lists(st.one_of(_TEXTS, st.lists(st.lists(_TEXTS, max_size=12), max_size=12)), max_size=12))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_document_gives_reports_or_a_refusal(blocks: list[str | list[list[str]]]) -> None:
    """The assembler is called bare here: no guard of :func:`read` may hide what it raises."""
    document = Document(format="text")
    for block in blocks:
        if isinstance(block, str):
            document.blocks.append(Paragraph(block))
        else:
            rows = [[GridCell(t, r, c) for c, t in enumerate(line)] for r, line in enumerate(block)]
            document.blocks.append(Grid(rows))
    try:
        reports = assemble(document, "x")
    except Unreadable:
        return
    for report in reports:
        assert set(report.values) <= set(report.edition.by_key)
        for remark in report.remarks:
            assert set(remark.cells) <= set(report.edition.by_key), remark


@given(st.lists(_TEXTS, max_size=40).map("\n".join))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_gives_a_document(body: str) -> None:
    for reader in (text.read, html.read):
        document = reader(body.encode("utf-8", "surrogatepass"))
        assert all(isinstance(block, (Paragraph, Grid)) for block in document.blocks)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_headings_and_cleaning_take_any_text(body: str) -> None:
    heading = heading_of(body)
    assert heading is None or 1 <= heading.number <= 6
    assert clean(clean(body)) == clean(body)


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        read(data)
