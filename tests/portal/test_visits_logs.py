"""访问量 from the logs of nginx: each line once, none that the application counted, whatever happens to the files."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.portal.models import PageViews, VisitLog, VisitTotal
from gongkai.portal.visits import ledger, logs
from gongkai.portal.visits.loglines import Tally, visit_of
from gongkai.portal.visits.logs import LogError, import_log
from tests.reports.world import World

REPORT = "/reports/ltq/2025/"
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36"


def line(
    path: str = REPORT, at: str = "2026-03-01T10:00:00+08:00", method: str = "GET", status: int = 200, store: str = "-",
    upstream: str = "-", robot: str = "0",
) -> str:  # fmt: skip
    return "\t".join((at, method, str(status), store, upstream, robot, path)) + "\n"


def combined(path: str = REPORT, agent: str = BROWSER, status: int = 200, method: str = "GET") -> str:
    return f'203.0.113.7 - - [01/Mar/2026:23:30:00 +0000] "{method} {path} HTTP/1.1" {status} 512 "http://a/?q=\\"x\\"" "{agent}"\n'


def log(folder: Path, *lines: str, name: str = "visits.log") -> Path:
    path = folder / name
    with path.open("a", encoding="utf-8") as file:
        file.writelines(lines)
    return path


def total() -> int:
    return sum(VisitTotal.objects.values_list("views", flat=True))


# --- lines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "became"),
    [
        (line(), "counted"), (line(status=304), "counted"), (line(store="HIT"), "counted"),
        (line(store="STALE", upstream="502"), "counted"), (line(store="UPDATING"), "counted"),
        (line(store="MISS", upstream="200"), "application"), (line(store="EXPIRED", upstream="502, 200"), "application"),
        (line(store="BYPASS", upstream="304"), "application"), (line(upstream="200"), "application"),
        (line(method="HEAD"), "other"), (line(method="POST"), "other"), (line(status=404), "other"),
        (line(status=206), "other"), (line(path="/static/a.css"), "other"), (line(path="/desk/"), "other"),
        (line(robot="1"), "robots"), (line(path="/gov/\\xE5\\x85/"), "malformed"), (line(at="yesterday"), "malformed"),
        ("\n", "malformed"), ("\x00\x01\x02\n", "malformed"), (line().replace("\t", " "), "malformed"),
        ('203.0.113.7 - - [99/Foo/2026:25:00:00 +0800] "GET / HTTP/1.1" 200 1 "-" "x"\n', "malformed"),
    ],
)  # fmt: skip
def test_each_line_is_one_thing(text: str, became: str) -> None:
    tally = Tally()
    visit = visit_of(text.encode(), text.startswith("203"), tally)
    assert tally == Tally(lines=1) + Tally(**{became: 1})
    assert (visit is not None) == (became == "counted")


def test_the_day_is_that_of_shanghai_and_names_are_read() -> None:
    tally = Tally()
    for text, everything, day, path in (
        (line(at="2026-02-28T17:00:00+00:00"), False, date(2026, 3, 1), REPORT),
        (line(at="2026-03-01T00:10:00+08:00"), False, date(2026, 3, 1), REPORT),
        (combined(), True, date(2026, 3, 2), REPORT),
        (combined("/gov/%E6%A0%8F/?q=%E5%BC%A0"), True, date(2026, 3, 2), "/gov/栏/"),
        (line("/gov/\\xE6\\xA0\\x8F/"), False, date(2026, 3, 1), "/gov/栏/"),
        (line("/policies//index.html"), False, date(2026, 3, 1), "/policies/"),
    ):
        visit = visit_of(text.encode(), everything, tally)
        assert visit is not None
        assert (visit[0], visit[1].path) == (day, path)
    for agent in ("-", "curl/8", "Baiduspider"):
        assert visit_of(combined(agent=agent).encode(), True, tally) is None
    assert tally.robots == 3


# --- files --------------------------------------------------------------------------------------------------------


def test_a_log_read_twice_counts_once_and_goes_on_where_it_was_left(world: World, tmp_path: Path) -> None:
    path = log(tmp_path, line(), line(), line(robot="1"))
    assert import_log(path).counted == 2
    assert import_log(path) == Tally()
    log(tmp_path, line(), line("/")[:-5])  # the last line is being written
    assert import_log(path).counted == 1
    log(tmp_path, line("/")[-5:])
    assert import_log(path).counted == 1
    assert total() == 4
    row = VisitLog.objects.get()
    assert (row.size, row.lines, row.counted, row.last_day) == (path.stat().st_size, 5, 4, date(2026, 3, 1))


def test_rotation_and_packing_change_nothing(world: World, tmp_path: Path) -> None:
    path = log(tmp_path, line(), line("/"))
    import_log(path)
    log(tmp_path, line())
    packed = tmp_path / "visits.log.2.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    path.rename(tmp_path / "visits.log.1")
    new = log(tmp_path, line("/policies/", at="2026-03-02T10:00:00+08:00"))
    assert import_log(packed).counted == 1
    assert import_log(tmp_path / "visits.log.1") == Tally()
    assert import_log(new).counted == 1
    assert total() == 4
    assert VisitLog.objects.count() == 2


def test_two_servers_that_begin_with_the_same_line_are_two_logs(world: World, tmp_path: Path) -> None:
    a = log(tmp_path, line(), line("/"), name="a.log")
    b = log(tmp_path, line(), line("/policies/"), line("/policies/"), name="b.log")
    for _ in range(2):
        import_log(a)
        import_log(b)
    assert total() == 5
    assert sorted(VisitLog.objects.values_list("serial", "counted")) == [(0, 2), (1, 3)]


def test_a_log_that_was_emptied_in_its_place_is_a_new_one(world: World, tmp_path: Path) -> None:
    path = log(tmp_path, line(), line())
    import_log(path)
    path.write_text(line(at="2026-03-02T00:00:01+08:00"), encoding="utf-8")
    assert import_log(path).counted == 1


def test_what_the_application_counted_is_left_out_unless_it_counts_nothing(
    world: World, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.VISITS_COUNT = True
    mine = [line(), line(store="MISS", upstream="200")]
    call_command("import_visits", str(log(tmp_path, *mine)))
    assert total() == 1
    assert "计入 1 次；应用已计 1" in capsys.readouterr().out
    settings.VISITS_COUNT = False
    call_command("import_visits", str(log(tmp_path, *reversed(mine), name="later.log")))
    assert total() == 3


def test_the_usual_format_needs_a_word_of_the_operator(
    world: World, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.VISITS_COUNT = True
    path = log(tmp_path, combined(), combined(status=500), combined("/"))
    with pytest.raises(CommandError):
        call_command("import_visits", str(path))
    assert "gongkai_visits" in capsys.readouterr().err
    assert not VisitLog.objects.exists()
    call_command("import_visits", str(path), "--all")
    assert total() == 2
    assert "203.0.113.7" not in str(
        [list(model.objects.values()) for model in (VisitTotal, PageViews, VisitLog)]
    )


@pytest.mark.parametrize("content", [b"", b"no newline yet", b"\x1f\x8b\x08broken"])
def test_what_is_no_log_is_said_or_waited_for(world: World, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(content)
    if content.startswith(b"\x1f"):
        with pytest.raises(LogError, match="读不了"):
            import_log(path)
    else:
        assert import_log(path) == Tally()
    with pytest.raises(LogError, match="读不了"):
        import_log(tmp_path / "missing.log")
    assert not VisitLog.objects.exists()


def test_a_damaged_archive_keeps_what_was_read_and_counts_it_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "BLOCK", 256)
    monkeypatch.setattr(logs, "STEP", 1)
    text = "".join(line() for _ in range(400)).encode()
    whole, broken = tmp_path / "whole.gz", tmp_path / "broken.gz"
    whole.write_bytes(gzip.compress(text, 0))
    broken.write_bytes(whole.read_bytes()[:9000])
    with pytest.raises(LogError):
        import_log(broken)
    assert 0 < total() < 400
    import_log(whole)
    assert total() == 400


def test_an_import_that_fails_half_way_neither_loses_nor_repeats(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "BLOCK", 200)
    monkeypatch.setattr(logs, "STEP", 1)
    path = log(tmp_path, *(line() for _ in range(50)))
    real, calls = ledger.add, []

    def failing(counts: Any) -> int:
        calls.append(1)
        if len(calls) == 3:
            raise DatabaseError("disk full")
        return real(counts)

    monkeypatch.setattr(ledger, "add", failing)
    with pytest.raises(DatabaseError):
        import_log(path)
    assert 0 < total() < 50
    import_log(path)
    assert total() == 50


def test_two_readers_of_one_log_do_not_count_twice(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = log(tmp_path, line())
    import_log(path)
    log(tmp_path, line(), line())
    real = logs._read

    def slow(file: Any, reading: Any) -> None:
        monkeypatch.setattr(logs, "_read", real)
        import_log(Path(file.name))  # the other one, meanwhile
        real(file, reading)

    monkeypatch.setattr(logs, "_read", slow)
    with pytest.raises(LogError, match="另一个程序"):
        import_log(path)
    assert total() == 3
    fresh = log(tmp_path, line("/"), name="fresh.log")
    monkeypatch.setattr(logs, "_read", slow)
    with pytest.raises(LogError, match="另一个程序"):
        import_log(fresh)
    assert total() == 4


def test_a_clock_gone_wrong_and_a_file_that_is_no_log(world: World, tmp_path: Path) -> None:
    late = (timezone.localdate() + timedelta(days=3)).isoformat()
    assert import_log(log(tmp_path, line(at=f"{late}T00:00:00+08:00"))) == Tally(lines=1, malformed=1)
    blob = tmp_path / "blob"
    blob.write_bytes(b"x" * (3 << 20))
    with pytest.raises(LogError, match="不是访问日志"):
        import_log(blob)


def test_a_long_log_costs_few_queries(world: World, tmp_path: Path) -> None:
    path = log(tmp_path, *(line(p) for p in (REPORT, "/", "/policies/") for _ in range(5000)))
    with CaptureQueriesContext(connection) as asked:
        assert import_log(path).counted == 15000
    assert len(asked) <= 14
    assert total() == 15000
