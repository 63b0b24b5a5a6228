"""The lawyers' case tests: every YAML file under ``cases`` is run, one test per case."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.law.calendar import default_calendar
from gongkai.law.case.casebook import Case, check_case, load_cases

FOLDER = Path(__file__).parent / "cases"
FILES = sorted(FOLDER.glob("*.yaml"))
CASES = [case for file in FILES for case in load_cases(file)]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.file}:{c.name}")
def test_case(case: Case) -> None:
    assert check_case(case, default_calendar()) == []


def test_the_files_of_the_issue_exist() -> None:
    names = {file.stem for file in FILES}
    assert {f"条例{n}" for n in (30, 31, 32, 33, 34, 35, 36, 37)} <= names
    assert {"信息处理费", "送达", "年末结转", "重新办理", "更正记录"} <= names
