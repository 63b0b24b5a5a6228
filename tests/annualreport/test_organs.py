"""Names of organs: the same one under other names, another one under a like name, and the level a name tells."""

from __future__ import annotations

import pytest

from gongkai.annualreport.organs import conflicting, level_of, parse_name, same_organ

SAME = [
    ("利通区", "利通区人民政府"), ("利通区", "吴忠市利通区人民政府"), ("利通区政府", "宁夏吴忠市利通区"),
    ("利通区", "宁夏回族自治区吴忠市利通区人民政府"), ("宁夏回族自治区利通区", "宁夏回族自治区吴忠市利通区"),
    ("西工区人民政府办公室", "洛阳市西工区政府办"), ("利通区教育局", "吴忠市利通区教育局"),
    ("利通区市场监督管理局", "利通区市场监管局"), ("利通区城市管理局", "利通区城管局"),
    ("某县发展和改革委员会", "某县发改委"), ("某县人力资源和社会保障局", "某县人社局"),
    ("金银滩镇", "利通区金银滩镇人民政府"), ("金星街道", "利通区金星街道办事处"), ("吴忠市", "吴忠市人民政府"),
    ("利通区 人民政府", "利通区人民政府"), ("教育局", "教育局"), ("大兴安岭地区行政公署", "大兴安岭地区行署"),
    ("高新区管委会", "高新区管理委员会"),
]  # fmt: skip
OTHER = [
    ("利通区人民政府", "吴忠市人民政府"), ("利通区人民政府", "利通区人民政府办公室"), ("晋城市城区", "东城区"),
    ("石家庄市桥西区", "张家口市桥西区"), ("大兴区", "大兴安岭地区"), ("利通区教育局", "利通区财政局"),
    ("利通区", "红寺堡区"), ("河南省西工区", "河北省西工区"), ("利通区教育局", "红寺堡区教育局"), ("区政府", "利通区人民政府"),
    ("利通区", "利通区金银滩镇人民政府"), ("", "利通区"), (None, None),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), SAME)
def test_same(a, b):
    assert same_organ(a, b)
    assert same_organ(b, a)


@pytest.mark.parametrize(("a", "b"), OTHER)
def test_other(a, b):
    assert not same_organ(a, b)
    assert not same_organ(b, a)


def test_loose_names_fit_within_a_document_only():
    assert same_organ("区政府", "吴忠市利通区人民政府", loose=True)
    assert same_organ("我区教育局", "利通区教育局", loose=True)
    assert not same_organ("市政府", "利通区人民政府", loose=True)
    assert not same_organ("区政府", "利通区人民政府")


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("宁夏回族自治区人民政府", "省"), ("北京市人民政府", "省"), ("河南省人民政府办公厅", "省"), ("吴忠市人民政府", "市"),
        ("恩施土家族苗族自治州人民政府", "市"), ("朝阳市", "市"), ("利通区人民政府", "县"), ("上海市静安区人民政府", "县"),
        ("北京市朝阳区", "县"), ("广饶县", "县"), ("鄂伦春自治旗人民政府", "县"), ("六枝特区", "县"),
        ("吴忠市青铜峡市人民政府", "县"), ("恩施土家族苗族自治州利川市", "县"), ("西工区人民政府办公室", "县"),
        ("郭家桥乡人民政府", "乡镇"), ("金星街道办事处", "乡镇"), ("利通区教育局", "部门"), ("吴忠市公安局", "部门"),
        ("灵武市人民政府", None), ("上海市浦东新区人民政府", None), ("大兴安岭地区行政公署", None), ("阿拉善盟行政公署", None),
        ("济南高新技术产业开发区管理委员会", None), ("财政部", None), ("国家税务总局", None), ("县政府", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_level(name, level):
    assert level_of(name) == level


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("利通区人民政府", "红寺堡区人民政府", True), ("利通区人民政府", "吴忠市利通区人民政府", False),
        ("利通区人民政府", "利通区人民政府办公室", False), ("利通区人民政府", "区政府办公室", False),
        ("利通区教育局", "教育局", False), ("利通区人民政府", "中共利通区委办公室", False), ("北关区", "安阳市文峰区", True),
        ("利通区", "某某公司", False),
    ],
)  # fmt: skip
def test_conflicting(a, b, expected):
    assert conflicting(a, b) is expected
    assert conflicting(b, a) is expected


def test_parse_keeps_what_it_does_not_know():
    assert parse_name("某某大学").body == "某某大学"
    assert parse_name("").generic
