"""Directories: which files are meant, how years are paired, and that no file can stop the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gongkai.annualreport import corpus
from gongkai.annualreport.model import from_numbers
from gongkai.annualreport.writers import write
from gongkai.demo import figures


def _packed(organ, year, source="x"):
    return corpus._Packed(source, organ, year, b"")


def test_directories_are_searched_and_hidden_or_foreign_files_left_alone(tmp_path):
    for name in ("b/2.html", "a.PDF", ".git/x.html", "图.png", "c.md"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    names = [p.relative_to(tmp_path).as_posix() for p in corpus.files_of([tmp_path, tmp_path / "图.png"])]
    assert names == ["a.PDF", "b/2.html", "c.md", "图.png"]


def test_names_of_one_organ_are_one_chain_sorted_by_year():
    items = [
        _packed("吴忠市利通区人民政府", 2025),
        _packed("利通区人民政府", 2023),
        _packed("利通区", 2024),
        _packed("山阳区人民政府", 2024),
    ]
    groups = {tuple(i.year for i in chain) for chain in corpus.chains(items)}
    assert groups == {(2023, 2024, 2025), (2024,)}


def test_the_same_year_twice_is_not_paired():
    items = [
        _packed("甲县人民政府", 2024),
        _packed("甲县人民政府", 2025, "1"),
        _packed("甲县人民政府", 2025, "2"),
    ]
    assert sorted(len(chain) for chain in corpus.chains(items)) == [1, 1, 1]


def test_an_unknown_organ_or_year_stands_alone():
    assert len(corpus.chains([_packed(None, 2024), _packed("甲县人民政府", None)])) == 2


def test_results_come_in_the_order_of_the_files_on_several_processes(tmp_path):
    paths = []
    for index, report in enumerate(figures.reports()):
        path = tmp_path / f"{index}.json"
        path.write_bytes(write(report, "json"))
        paths.append(path)
    stages = []
    results = corpus.check_files(
        paths, jobs=2, progress=lambda stage, done, total: stages.append((stage, done, total))
    )
    assert [r.source for r in results] == [str(p) for p in paths]
    assert ("读取", 5, 5) in stages
    assert stages[-1][0] == "核验"
    alone = corpus.check_files(paths, jobs=1)
    assert [[f.identity for f in r.findings] for r in alone] == [
        [f.identity for f in r.findings] for r in results
    ]


def _die_on_three(item: int) -> int:
    if item == 3:
        os._exit(9)
    return item * 10


def test_a_worker_that_dies_is_named_and_the_rest_goes_on():
    results = list(
        corpus._spread(_die_on_three, list(range(12)), 2, "读取", None, lambda item: f"lost {item}")
    )
    assert "lost 3" in results
    assert sorted(r for r in results if isinstance(r, int)) == [i * 10 for i in range(12) if i != 3]


@pytest.mark.skipif(not hasattr(__import__("signal"), "SIGALRM"), reason="没有 SIGALRM 的系统")
def test_a_file_that_takes_too_long_is_given_up(monkeypatch, tmp_path):
    def slow(path: Path):
        while True:
            pass

    monkeypatch.setattr(corpus, "read_file", slow)
    monkeypatch.setattr(corpus, "FILE_SECONDS", 1)
    (result,) = corpus._read_bounded(tmp_path / "x")
    assert result.error_code == "slow"


def test_gap_years_are_no_previous_year(tmp_path):
    paths = []
    for year in (2022, 2025):
        path = tmp_path / f"{year}.json"
        numbers = {
            "t3.carried_in.natural": 5,
            "t3.carried_in.total": 5,
            "t3.carried_out.natural": 5,
            "t3.carried_out.total": 5,
        }
        path.write_bytes(
            write(from_numbers(numbers if year == 2025 else {}, organ="甲县人民政府", year=year), "json")
        )
        paths.append(path)
    _, later = corpus.check_files(paths, jobs=1)
    assert not [f for f in later.findings if any(c.key == "t3.carried_in.natural" for c in f.cells)]


def test_a_loop_of_links_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.html").write_text("x")
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a" / "gone.html").symlink_to(tmp_path / "nowhere.html")
    assert [p.name for p in corpus.files_of([tmp_path])] == ["x.html"]


def test_refusals_of_the_system_are_told_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught:  # noqa: PT011
        (tmp_path / "无此文件夹" / "x.html").write_bytes(b"")
    assert corpus.told(caught.value) == "位置不存在"
    assert corpus.told(OSError(9999, "strange")) == "系统错误 9999"
