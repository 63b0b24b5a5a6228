"""The five published reports that the project was made from, read cell by cell against our own figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.annualreport.model import RemarkCode, Report, Scope
from gongkai.annualreport.readers import read_path
from gongkai.annualreport.schema import SECTION_TITLES
from gongkai.demo import figures

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
FILES = {"LT25": "000", "LT24": "001", "XG25": "002", "BG25": "003", "SY25": "004"}
TITLED = {
    "LT25": ("利通区", 2025, Scope.REGION), "LT24": ("利通区", 2024, Scope.REGION),
    "XG25": ("西工区人民政府办公室", 2025, Scope.UNKNOWN), "BG25": ("北关区人民政府", 2025, Scope.REGION),
    "SY25": ("山阳区人民政府", 2025, Scope.REGION),
}  # fmt: skip

pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason=f"原始报告不在 {SEEDS.name}/，只在有该目录的机器上运行"
)


def seed(code: str) -> Report:
    (path,) = SEEDS.glob(FILES[code] + "_*.txt")
    (report,) = read_path(path)
    return report


@pytest.mark.parametrize("code", FILES)
def test_every_cell(code: str) -> None:
    made, expected = seed(code), figures.get(code)
    assert {k: v.number for k, v in made.values.items()} == {k: v.number for k, v in expected.values.items()}
    assert made.absent() == []
    assert all(value.raw and value.place and value.place.row for value in made.values.values())


@pytest.mark.parametrize("code", FILES)
def test_organ_year_and_scope(code: str) -> None:
    made = seed(code)
    assert (made.organ, made.year, made.scope) == TITLED[code]
    assert {year for _, year in made.years_found} == {made.year}


@pytest.mark.parametrize("code", FILES)
def test_six_sections_with_their_printed_numbers(code: str) -> None:
    made = seed(code)
    numbered = [section for section in made.sections if section.number]
    assert [(s.number, s.printed_number) for s in numbered] == list(
        zip(range(1, 7), "一二三四五六", strict=True)
    )
    assert [s.heading for s in numbered] == [
        f"{cn}、{title}" for cn, title in zip("一二三四五六", SECTION_TITLES, strict=True)
    ]
    for section in made.sections:
        assert bool(section.text) == (section.number not in (2, 3, 4))
        for stray in ("**", "#", "\t", "|", "\n\n"):
            assert stray not in section.text


def test_nothing_is_said_but_the_misread_header_of_one() -> None:
    for code in FILES:
        remarks = seed(code).remarks
        assert [r.code for r in remarks] == ([RemarkCode.LABEL_MISREAD] if code == "LT24" else []), code
    (remark,) = seed("LT24").remarks
    assert remark.cells == ("t2.rules.repealed", "t2.normative.repealed")


def test_sentences_cut_by_the_page_are_joined() -> None:
    assert "开展政策解读 8 次" in seed("LT25").section(1).text  # type: ignore[union-attr]
    assert "抖音平台" in seed("LT25").section(1).text  # type: ignore[union-attr]
    text = seed("LT24").section(6).text  # type: ignore[union-attr]
    assert "政策找企业" in text
    assert "\n三是深度推进政府开放。" in text
    assert seed("LT24").section(5).text.endswith("任务分解。")  # type: ignore[union-attr]


def test_paragraphs_stay_apart() -> None:
    section = seed("BG25").section(1)
    assert section is not None
    lines = section.text.split("\n")
    assert [line[:3] for line in lines[1:]] == ["（一）", "（二）", "（三）", "（四）", "（五）"]
