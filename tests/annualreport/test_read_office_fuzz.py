"""Cut, flipped and rewritten files: a report or a plain refusal, never another exception, never a hang."""

from __future__ import annotations

import io
import random
import re
import zipfile

import pytest

from gongkai.annualreport.model import Report
from gongkai.annualreport.readers import Unreadable, docx, ofd, pdf, read, xlsx
from gongkai.annualreport.readers.errors import DEFAULT, MESSAGES
from tests.annualreport.corpus_builder import random_report, render

FORMS = ("docx", "xlsx", "pdf", "ofd", "json", "csv")
READERS = {"docx": docx, "xlsx": xlsx, "pdf": pdf, "ofd": ofd}
TIMES = 40


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    rng = random.Random(1)
    report = random_report(rng)
    return {form: render(report, form, rng) for form in FORMS}


def _read(data: bytes) -> None:
    try:
        reports = read(data, "x")
    except Unreadable as error:
        assert re.search("[\u4e00-\u9fff]", error.message)  # noqa: PT017 -- either outcome is lawful
        assert not re.search(r"Traceback|Error|Exception", error.message)  # noqa: PT017
    else:
        assert all(isinstance(report, Report) for report in reports)


@pytest.mark.parametrize("form", FORMS)
def test_cut_anywhere(form: str, files: dict[str, bytes]) -> None:
    data, rng = files[form], random.Random(form)
    for length in [0, 1, 4, 30, len(data) - 1, *(rng.randrange(len(data)) for _ in range(TIMES))]:
        _read(data[:length])


@pytest.mark.parametrize("form", FORMS)
def test_bytes_flipped(form: str, files: dict[str, bytes]) -> None:
    rng = random.Random(form)
    for _ in range(TIMES):
        data = bytearray(files[form])
        for _ in range(rng.choice((1, 3, 30))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        _read(bytes(data))


@pytest.mark.parametrize("form", ["docx", "xlsx", "ofd"])
def test_xml_rewritten_within_an_intact_container(form: str, files: dict[str, bytes]) -> None:
    """Attributes and elements changed at random, so that damage reaches the readers themselves."""
    rng = random.Random(form)
    junk = (
        b"",
        b"-1",
        b"99999999999",
        b"NaN",
        b"1e309",
        b"\xe4\xb8\x80",
        b'"',
        b"<",
        b"../../etc",
        b"0",
        b"true",
    )
    for _ in range(TIMES):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(files[form])) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                values = list(re.finditer(rb'="([^"]*)"|>([^<]{1,40})<', content))
                for match in sorted(rng.sample(values, min(len(values), 3)), key=lambda m: -m.start()):
                    group = 1 if match[1] is not None else 2
                    content = content[: match.start(group)] + rng.choice(junk) + content[match.end(group) :]
                if rng.random() > 0.03:
                    new.writestr(name, content)
        try:
            READERS[form].read(out.getvalue(), DEFAULT)
        except Unreadable as error:
            assert error.code in MESSAGES  # noqa: PT017


@pytest.mark.parametrize("form", ["docx", "xlsx", "ofd", "pdf"])
def test_a_cut_file_says_so(form: str, files: dict[str, bytes]) -> None:
    with pytest.raises(Unreadable) as caught:
        read(files[form][: len(files[form]) // 3])
    assert caught.value.code in {"truncated", "damaged", "unsupported"}


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_a_container_of_another_kind_is_refused(form: str, files: dict[str, bytes]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(files[form])) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if not name.endswith(("document.xml", "workbook.xml")):
                new.writestr(name, old.read(name))
    with pytest.raises(Unreadable):
        READERS[form].read(out.getvalue(), DEFAULT)


def test_a_csv_cut_between_lines_is_remarked_on(files: dict[str, bytes]) -> None:
    lines = files["csv"].split(b"\r\n")
    (whole,) = read(files["csv"])
    assert whole.remarks == []
    (cut,) = read(b"\r\n".join(lines[:100]) + b"\r\n")
    assert "可能被截断" in cut.remarks[0].message
    assert set(cut.remarks[0].cells) == set(cut.absent())
