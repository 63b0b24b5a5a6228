"""The page article → rule → test: found statically, complete for what is registered."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.law import docs, rules

TESTS = Path(__file__).parent
OURS = ("calendar.", "fee.", "publication.", "catalogue.", "report.")
# Statements that bind people outside the code: nothing computes them.
STATEMENTS = {"fee.objection", "fee.no-other-cost", "fee.revenue", "fee.article-35"}


def test_tests_are_found_by_marker_and_by_comment(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        'import pytest\n\n@pytest.mark.rule("fee.month", "fee.order")\ndef test_one():\n    pass\n\n'
        "# rule: fee.page\n"
        '@pytest.mark.rule("fee.notice")\nclass TestTwo:\n    pass\n',
        "utf-8",
    )
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "x.yaml").write_text(
        "# rule: fee.month, fee.units\n- {a: 1}\n# rules: none\n", "utf-8"
    )
    assert docs.linked_tests(tmp_path) == {
        "fee.month": ("cases/x.yaml", "test_a.py::test_one"),
        "fee.order": ("test_a.py::test_one",),
        "fee.page": ("test_a.py",),
        "fee.notice": ("test_a.py::TestTwo",),
        "fee.units": ("cases/x.yaml",),
    }
    assert docs.unknown_ids(tmp_path) == ()


def test_a_mistyped_rule_in_a_test_is_reported(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("# rule: fee.moon\n", "utf-8")
    assert docs.unknown_ids(tmp_path) == ("fee.moon",)


def test_no_test_names_an_unknown_rule() -> None:
    # The scanner's own samples above stand in strings and name known rules.
    assert set(docs.unknown_ids(TESTS)) <= {"fee.moon"}


def test_every_rule_computed_here_has_a_test() -> None:
    untested = [r.id for r in docs.rules_with_tests(TESTS) if not r.tests and r.id.startswith(OURS)]
    assert set(untested) <= STATEMENTS


def test_every_computed_rule_names_its_function() -> None:
    bare = {r.id for r in rules.all_rules() if r.id.startswith(OURS) and not rules.functions(r.id)}
    assert bare <= STATEMENTS


def test_the_page_lists_every_rule_with_its_article_and_tests() -> None:
    page = docs.render(TESTS)
    for rule in rules.all_rules():
        assert f"`{rule.id}`" in page
    assert "| 第四条第二款 | 按件计收标准 `fee.by-count` |" in page
    assert "`test_fees.py::test_by_count_follows_the_formula`" in page
    assert page.index("## 《政府信息公开条例》") < page.index("## 《预算法》")
    assert page == docs.render(TESTS)


@pytest.mark.parametrize("column", ["条文", "规则", "内容", "可靠程度", "代码", "测试"])
def test_the_tables_have_their_columns(column: str) -> None:
    assert f" {column} |" in docs.render(TESTS)


def test_every_row_has_as_many_cells_as_its_head() -> None:
    head = 0
    for line in docs.render(TESTS).splitlines():
        if not line.startswith("|"):
            head = 0
            continue
        cells = line.replace("\\|", "").count("|")
        head = head or cells
        assert cells == head, line
