"""What the program says of its own use is Chinese, and a wrong call ends with status 2."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gongkai.cli_words import chinese

_ENGLISH = re.compile(
    r"Usage|Options|OPTIONS|Arguments|ARGS|COMMAND|Commands|Show this|required|default|Missing|Invalid|Error|"
    r"No such|Try|unexpected|Did you mean|Possible|<bool>|<path>|<int"
)


def gongkai(*arguments: str) -> tuple[int, str]:
    """Status and everything said by ``gongkai ARGUMENTS``."""
    done = subprocess.run(
        [sys.executable, "-c", "from gongkai.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "arguments", [("--help",), ("report", "--help"), ("report", "check", "--help"), ("law", "fee", "--help")]
)
def test_help(arguments: tuple[str, ...]) -> None:
    status, said = gongkai(*arguments)
    assert status == 0
    assert "用法：" in said
    assert "显示用法" in said
    assert not _ENGLISH.search(said)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("repot",), "没有“repot”这个命令。"),
        (("report", "chek", "x"), "您要用的可能是 check。"),
        (("report", "check"), "缺少参数“文件或文件夹”。"),
        (("report", "check", "--format", "doc", "x"), "可选：text、json、html、xlsx。"),
        (("report", "check", "--jobs", "0", "x"), "选项 --jobs / -j：应不小于 1。"),
        (("report", "check", "--jobs", "many", "x"), "应为整数。"),
        (("report", "check", "--formt", "json", "x"), "没有 --formt 这个选项。您要用的可能是 --format。"),
        (("report", "check", "x", "--output"), "选项 --output 后面要写明内容。"),
        (("report", "show", "a", "b"), "多写了参数：b。"),
    ],
)
def test_wrong_calls(arguments: tuple[str, ...], words: str) -> None:
    status, said = gongkai(*arguments)
    assert status == 2
    assert words in said
    assert not _ENGLISH.search(said)


def test_nothing_asked_for_is_a_wrong_call_answered_with_help() -> None:
    status, said = gongkai("report")
    assert status == 2
    assert "核验报告" in said


def test_statuses_of_commands_are_kept(tmp_path: Path) -> None:
    empty = tmp_path / "空.html"
    empty.write_text("<p>今天天气很好</p>", encoding="utf-8")
    assert gongkai("report", "check", str(empty))[0] == 2
    assert gongkai("--version")[0] == 0


def test_unknown_english_still_says_something_in_chinese() -> None:
    assert chinese("A message of another version") == "写法不对。"
    assert chinese("已是中文 as it is") == "已是中文 as it is"
