"""Import: the trial writes nothing and finds what the real one would; one wrong row stops all."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.testing import make_organ, make_user
from gongkai.remedies.importing import HEADINGS, SheetError, read, run, template
from gongkai.remedies.models import Remedy
from gongkai.remedies.table4 import table4
from tests.remedies.remedy_world import TODAY

pytestmark = pytest.mark.django_db
FIRST = {
    "机构名称": "测试局", "类别": "行政诉讼（未经复议直接起诉）", "收到通知日期": datetime(2024, 3, 4),
    "复议机关或者人民法院": "某区人民法院", "案号": "（2024）某行初1号", "涉及的申请": "2023 年第 5 号",
    "申请人或者原告": "王小明", "结果": "驳回复议请求或者诉讼请求", "审结日期": "2024年6月3日", "结案日期": "2024/7/1",
}  # fmt: skip
SECOND = {
    **FIRST, "审级": "二审", "收到通知日期": "2024-07-10", "案号": "（2024）某行终1号", "上一审级案号": "（2024）某行初1号",
    "结果": "撤销", "审结日期": "2024-10-08", "结案日期": None, "警示": "检索要留记录",
}  # fmt: skip


@pytest.fixture
def organ() -> Organ:
    return make_organ("测试局", make_organ("测试区人民政府"))


def sheet(*rows: dict) -> bytes:
    book = load_workbook(io.BytesIO(template()))
    for row in rows:
        book.active.append([row.get(heading) for heading in HEADINGS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_trial_writes_nothing_and_the_real_run_all(organ: Organ) -> None:
    actor = make_user(organ, Role.OFFICER)
    assert run(actor, read(sheet(FIRST, SECOND)), commit=False, today=TODAY)
    assert not Remedy.objects.exists()
    assert run(actor, read(sheet(FIRST, SECOND)), commit=True, today=TODAY)
    first, second = Remedy.objects.order_by("pk")
    assert (second.earlier, second.lesson, first.closed_on) == (first, "检索要留记录", date(2024, 7, 1))
    assert {k: v for k, v in table4(organ, 2024).items() if v} == {
        "t4.suit_direct.corrected": 1,
        "t4.suit_direct.total": 1,
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"机构名称": "别处局"}, "不在您的职责范围内"),
        ({"类别": "仲裁"}, "没有“仲裁”这一项"),
        ({"收到通知日期": "去年"}, "看不出是哪一天"),
        ({"收到通知日期": None}, "没有填写：收到通知日期"),
        ({"审结日期": None}, "要么都填"),
        ({"审结日期": "2024-01-01"}, "早于"),
        ({"上一审级案号": "没有的案号"}, "没有登记过"),
        ({"收到通知日期": "2030-01-01"}, "不能晚于今天"),
    ],
)
def test_one_wrong_row_stops_all_and_says_why(organ: Organ, change: dict, words: str) -> None:
    lines = read(sheet(FIRST, {**FIRST, "案号": "（2024）某行初2号", **change}))
    assert not run(make_user(organ, Role.OFFICER), lines, commit=True, today=TODAY)
    assert not Remedy.objects.exists()
    assert lines[0].problems == []
    assert words in "".join(lines[1].problems)


def test_the_same_sheet_twice_is_refused(organ: Organ) -> None:
    actor = make_user(organ, Role.OFFICER)
    assert run(actor, read(sheet(FIRST)), commit=True, today=TODAY)
    again = read(sheet(FIRST))
    assert not run(actor, again, commit=True, today=TODAY)
    assert "已经登记过" in "".join(again[0].problems)


def test_files_that_are_no_such_sheet() -> None:
    with pytest.raises(SheetError):
        read(b"not a workbook")
    book = Workbook()
    book.active.append(["别的", "表"])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(SheetError, match="缺少栏目"):
        read(out.getvalue())
    with pytest.raises(SheetError, match="没有内容"):
        read(template())
