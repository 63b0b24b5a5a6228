"""The command line: exit status, forms of output, pairing of years in a directory, nothing but Chinese sentences on error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from gongkai.annualreport.model import Section, from_numbers
from gongkai.annualreport.readers import read_path
from gongkai.annualreport.writers import write
from gongkai.cli import build
from gongkai.demo import figures

runner = CliRunner()


def gongkai(*arguments: object):
    return runner.invoke(build("report"), ["report", *map(str, arguments)])


def clean_report():
    """A consistent report with every section said properly."""
    report = from_numbers(
        {
            "t3.new.natural": 12, "t3.new.total": 12, "t3.granted.natural": 12, "t3.granted.total": 12,
            "t3.total.natural": 12, "t3.total.total": 12,
        },
        organ="清河县人民政府", year=2025,
    )  # fmt: skip
    report.sections = [
        Section(1, "一、总体情况", "本报告统计期限自2025年1月1日至12月31日，数据为全县汇总。\n2025年，新收政府信息公开申请12件，均已答复。"),
        Section(2, "二、主动公开政府信息情况", ""),
        Section(3, "三、收到和处理政府信息公开申请情况", ""),
        Section(4, "四、政府信息公开行政复议、行政诉讼情况", ""),
        Section(5, "五、存在的主要问题及改进情况", "存在的问题：个别栏目更新不够及时。改进措施：逐栏明确责任人，按月检查。"),
        Section(6, "六、其他需要报告的事项", "本年度未收取信息处理费。"),
    ]  # fmt: skip
    return report


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """LT24 and LT25 as HTML and Markdown-free JSON, SY25 as CSV: three files, two organs."""
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / "2024.html").write_bytes(write(figures.get("LT24"), "html"))
    (tmp_path / "甲" / "2025.json").write_bytes(write(figures.get("LT25"), "json"))
    (tmp_path / "山阳.csv").write_bytes(write(figures.get("SY25"), "csv"))
    (tmp_path / ".隐藏.html").write_text("<p>不看</p>")
    (tmp_path / "说明.doc.bak").write_text("不看")
    return tmp_path


def test_a_clean_report_exits_0(tmp_path):
    file = tmp_path / "clean.html"
    file.write_bytes(write(clean_report(), "html"))
    result = gongkai("check", file)
    assert result.exit_code == 0, result.output
    assert "错误 0" in result.output


def test_findings_exit_1_and_are_said_in_chinese(folder):
    result = gongkai("check", folder / "甲" / "2024.html")
    assert result.exit_code == 1
    assert "错误" in result.output


def test_years_in_a_directory_are_paired(folder):
    """V4: 31 + 6 − 9 = 28 but 34 is reported; only visible when 2024 lies beside 2025, in whatever form."""
    alone = json.loads(gongkai("check", folder / "甲" / "2025.json", "--format", "json").stdout)
    together = json.loads(gongkai("check", folder, "--format", "json").stdout)
    assert together["summary"]["reports"] == 3

    def rolled(results):
        return [
            f for r in results if r["year"] == 2025 and "利通" in r["organ"] for f in r["findings"]
            if any(c["key"] == "t2.normative.valid" for c in f["cells"])
        ]  # fmt: skip

    assert not rolled(alone["results"])
    assert rolled(together["results"])


def test_one_unreadable_file_exits_2_and_does_not_stop_the_others(folder):
    (folder / "坏.pdf").write_bytes(b"%PDF-1.4 nothing")
    result = gongkai("check", folder, "--format", "json")
    assert result.exit_code == 2
    data = json.loads(result.stdout)
    assert data["summary"]["unreadable"] == 1
    assert data["summary"]["reports"] == 3
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 50, "只是一段话".encode(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_files_that_are_no_report_say_so(tmp_path, content):
    file = tmp_path / "x.txt"
    file.write_bytes(content)
    result = gongkai("check", file)
    assert result.exit_code == 2
    assert "不能读取" in result.output
    assert "Traceback" not in result.output


def test_a_missing_path_and_an_empty_directory_say_what_to_do(tmp_path):
    assert gongkai("check", tmp_path).exit_code == 2
    result = gongkai("check", tmp_path / "没有.html")
    assert result.exit_code == 2
    assert "找不到这个文件" in result.output


def test_fail_on_decides_the_exit_status(folder):
    file = folder / "山阳.csv"
    findings = json.loads(gongkai("check", file, "--format", "json").stdout)["summary"]
    assert findings["error"] == 0
    assert findings["warning"] > 0
    assert gongkai("check", file, "--fail-on", "error").exit_code == 0
    assert gongkai("check", file, "--fail-on", "warning").exit_code == 1


@pytest.mark.parametrize("form", ["json", "html", "xlsx", "text"])
def test_results_are_written_to_a_file_in_every_form(folder, tmp_path, form):
    out = tmp_path / f"结果.{form}"
    result = gongkai("check", folder / "甲" / "2024.html", "--format", form, "--output", out)
    assert result.exit_code == 1
    data = out.read_bytes()
    if form == "xlsx":
        assert load_workbook(out)["问题"].max_row > 1
    else:
        assert "利通区" in data.decode()


def test_an_unwritable_output_is_told(folder):
    result = gongkai(
        "check", folder / "山阳.csv", "--format", "json", "-o", folder / "没有这个文件夹" / "x.json"
    )
    assert result.exit_code == 2
    assert "不能写入" in result.output


@pytest.mark.parametrize("form", ["html", "docx", "pdf", "xlsx", "json", "csv"])
def test_convert_keeps_every_cell(folder, tmp_path, form):
    out = tmp_path / f"转换.{form}"
    result = gongkai("convert", folder / "甲" / "2024.html", "-o", out)
    assert result.exit_code == 0, result.output
    (again,) = read_path(out)
    original = figures.get("LT24")
    assert again.amounts() == original.amounts()
    assert (again.organ, again.year) == (original.organ, original.year)


def test_convert_needs_a_known_form(folder, tmp_path):
    assert gongkai("convert", folder / "山阳.csv", "-o", tmp_path / "x.wps").exit_code == 2


def test_compare_shows_change_and_fractions(folder):
    result = gongkai("compare", folder / "甲" / "2024.html", folder / "甲" / "2025.json", "--texts")
    assert result.exit_code == 0, result.output
    assert "公开率" in result.output
    assert "/28" in result.output.replace(" ", "")


def test_show_tells_provenance(folder):
    result = gongkai("show", folder / "甲" / "2024.html", "--provenance")
    assert result.exit_code == 0
    assert "t3.new.natural" in result.output
    assert "第" in result.output


def test_rules_are_listed():
    result = gongkai("rules")
    assert result.exit_code == 0
    assert "国办公开办函" in result.output
