"""Text quality and contact data: what is caught, and what must never be."""

from __future__ import annotations

import pytest

from gongkai.annualreport import checks
from gongkai.annualreport.checks.contact import valid_email, valid_phone
from gongkai.annualreport.findings import Finding
from gongkai.annualreport.model import Section, from_numbers


def found(text: str, rule: str, *, section: int = 5, **cells: int) -> list[Finding]:
    numbers = {key.replace("__", "."): value for key, value in cells.items()}
    report = from_numbers(numbers, organ="利通区人民政府", year=2025, sections=[Section(section, "", text)])
    return [f for f in checks.check(report, strict=True) if f.rule == rule]


# --- section five ---------------------------------------------------------------------------------------------------

COMPLETE = (
    "一是公开不够主动，二是解读单一。下一步将加强培训。",
    "存在问题：更新不及时。改进措施：每月检查。",
    "工作中仍有不足：内容不全。针对以上问题，我区将完善制度。",
    "解读质量有待提升。今后从三方面改进：一要学习，二要检查，三要考核。",
    "基层业务能力参差不齐。2026年，我区将组织培训。",
    "重点领域公开还不全面；对此，定期督促各单位更新。",
    "公开形式不够丰富。\n1.丰富公开形式，运用图解。\n2.加强队伍建设。",
    "上年反映的更新慢问题已整改到位，仍有解读质量不高的问题，已组织培训。",
    "主要问题是人员少。（一）加强力量配备。",
)


@pytest.mark.parametrize("text", COMPLETE)
def test_problems_with_measures(text: str) -> None:
    assert found(text, "TEXT-MEASURES") == []
    assert found(text, "TEXT-PROBLEMS") == []


@pytest.mark.parametrize(
    "text",
    [
        "一是公开主动性不高；二是渠道不同步；三是办理水平有待进一步提升；四是能力存在短板。",
        "主要问题：解读不够，更新不及时，还需进一步加强。",
        "存在不足，部分单位有待改进。",
        "队伍能力需要不断提升，公开内容需进一步完善。",
    ],
)
def test_problems_without_measures(text: str) -> None:
    assert [f.severity.value for f in found(text, "TEXT-MEASURES")] == ["error"]


@pytest.mark.parametrize(
    "text", ["无。", "2025年各项工作顺利完成，成效显著。", "本年度没有问题。", "将继续加强公开工作。"]
)
def test_no_problems_named(text: str) -> None:
    assert [f.severity.value for f in found(text, "TEXT-PROBLEMS")] == ["error"]
    assert found(text, "TEXT-MEASURES") == []


# --- enumerations ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("三方面：一要提高认识；要加强能力；三要完善制度。", ["三要"]),
        ("一是公开；二是解读；四是培训。", ["四是"]),
        ("二是解读；三是培训。", ["二是"]),
        ("（一）公开。\n（三）解读。", ["（三）"]),
        ("第一，公开。第二，解读。第四，培训。", ["第四"]),
        ("一是公开；二是解读；三是培训。", []),
        ("一是公开。一要快，二要准。二是解读。三是培训。", []),
        ("一是公开：一是网站，二是新媒体；二是解读；三是培训。", []),
        ("一是公开；二是解读。改进：一是公开；二是解读。", []),
        ("这一是非，那一是非。", []),
        ("统一是前提，唯一是渠道。", []),
        ("要三要素齐全，抓二要点。", []),
        ("一是**公开**；\n二是**解读**。", []),
        ("（一）主动公开。一是快。（二）依申请公开。一是准。二是稳。（三）管理。", []),
    ],
)
def test_enumerations(text: str, broken: list[str]) -> None:
    assert [f.spans[0].text.rstrip("，") for f in found(text, "TEXT-ENUM", section=1)] == broken


# --- characters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "严肃性 & 公信力。",
        "公开\ufffd内容。",
        "公开&nbsp;内容。",
        "<p>公开</p>内容。",
        "锟斤拷内容。",
        "公开\ue123内容。",
        "共XX件。",
    ],
)
def test_stray_characters(text: str) -> None:
    assert [f.severity.value for f in found(text, "TEXT-STRAY", section=1)] == ["note"]


@pytest.mark.parametrize(
    "text", ["“1+N”矩阵，A&B公司。", "见http://a.cn/x?a=1&b=2。", "■ 公开。", "WTO、APP、H5。", "X公司。"]
)
def test_characters_in_their_place(text: str) -> None:
    assert found(text, "TEXT-STRAY", section=1) == []


@pytest.mark.parametrize(
    "text",
    ["公开内容。，及时更新。", "公开，，更新。", "公开,更新。", "公开（，附件）更新。", "公开、解读；。"],
)
def test_bad_punctuation(text: str) -> None:
    assert len(found(text, "TEXT-PUNCT", section=1)) == 1


@pytest.mark.parametrize(
    "text", ["公开……更新。", "“公开。”更新。", "1,234件。", "《条例》，更新。", "公开（见附件）。更新！"]
)
def test_good_punctuation(text: str) -> None:
    assert found(text, "TEXT-PUNCT", section=1) == []


@pytest.mark.parametrize(
    "text",
    ["进一步进一步加强。", "不断不断完善。", "公开的的内容。", "政府信息政府信息公开。", "取得了了成效。"],
)
def test_doubled_words(text: str) -> None:
    assert len(found(text, "TEXT-DOUBLED", section=1)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "区政府政府信息公开。",
        "开展工作工作人员。",
        "一件一件落实。",
        "目的的实现。",
        "为了了解情况。",
        "逐条逐条核对。",
        "信息公开公开率。",
        "方方面面。",
    ],
)
def test_lawful_repetition(text: str) -> None:
    assert found(text, "TEXT-DOUBLED", section=1) == []


def test_unfinished_sentences() -> None:
    assert found("加强培训，", "TEXT-UNFINISHED")
    assert found(
        "一是公开。二是围绕重点领域持续完善公开目录并且进一步推动各单位落实责任的", "TEXT-UNFINISHED"
    )
    for text in (
        "加强培训。",
        "无",
        "加强培训。\n利通区人民政府办公室\n2026年1月20日",
        "详见http://www.example.gov.cn",
        "完善制度（见附件）",
    ):
        assert found(text, "TEXT-UNFINISHED") == [], text


# --- fees -------------------------------------------------------------------------------------------------------------


def test_section_six_silent_on_fees() -> None:
    assert [f.severity.value for f in found("无。", "TEXT-FEE", section=6)] == ["warning"]
    assert [f.severity.value for f in found("无。", "TEXT-FEE", section=6, t3__other_unpaid__total=1)] == [
        "error"
    ]
    assert found("本年度未收取信息处理费。", "TEXT-FEE", section=6) == []
    assert found("没有收费事项。", "TEXT-FEE", section=6) == []


# --- contact ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "ltqzfb@163.com",
        "a.b-c_d@mail.gov.cn",
        "x@y.cn",
        "zwgk@lt.nx.gov.cn",
        "1234567@qq.com",
        "a+b@x-y.com.cn",
    ],
)
def test_good_addresses(address: str) -> None:
    assert valid_email(address)
    for text in (f"邮箱：{address}。", f"电子邮箱:{address}，电话", f"（{address}）", f"{address}."):
        assert found(text, "CONTACT-EMAIL", section=6) == [], text


@pytest.mark.parametrize(
    "address",
    [
        "ltqzfb@.163.com",
        "@163.com",
        "a@163",
        "a@163..com",
        "a..b@163.com",
        ".a@163.com",
        "a@-163.com",
        "a@163,com",
        "a@163.c",
    ],
)
def test_bad_addresses(address: str) -> None:
    result = found(f"电子邮箱：{address}。", "CONTACT-EMAIL", section=6)
    assert [f.severity.value for f in result] == ["error"]


@pytest.mark.parametrize(
    "text",
    ["关注“@利通发布”。", "微博@北关区政府发布信息。", "邮箱：ltqzfb＠163.com", "邮箱：ltqzfb@\n163.com"],
)
def test_what_is_no_bad_address(text: str) -> None:
    assert found(text, "CONTACT-EMAIL", section=6) == []


PHONES = (
    "0953-2666586", "09532666586", "010-12345678", "021-5678901", "(0953)2666586", "0953-2666586-801", "0953-2666586转801", "2666586",
    "13895012345", "+86-13895012345", "400-8001234", "12345", "110", "0953-12345", "95598", "86-0953-2666586", "0371-65509999",
)  # fmt: skip


@pytest.mark.parametrize("number", PHONES)
def test_good_telephones(number: str) -> None:
    plain = number.replace(" ", "")
    assert valid_phone(plain) or valid_phone(plain.replace("-", ""))
    for text in (
        f"电话：{number}，",
        f"联系电话:{number}。",
        f"传真：{number}；",
        f"电话：{number}、{number}。",
        f"电话： {number} ",
    ):
        assert found(text, "CONTACT-PHONE", section=6) == [], text


@pytest.mark.parametrize(
    "number",
    ["0953-266658", "0953-266658612", "1389501234", "138950123456", "953-2666586", "0953-0666586", "266658"],
)
def test_bad_telephones(number: str) -> None:
    assert [f.severity.value for f in found(f"电话：{number}。", "CONTACT-PHONE", section=6)] == ["error"]


@pytest.mark.parametrize(
    "text",
    ["接听热线12345件次。", "电话咨询5000余次。", "热线电话办理量3816件。", "电话：0953－2666586", "电话：（0953）2666586", "电话：0953—2666586", "电话：0953-266****",
     "热线：12345，邮箱见网站。", "电话0953-2666586/2666587", "电话：0953-2666586/87", "接到电话120个。", "手机用户1200户。", "电话:\n地址"],
)  # fmt: skip
def test_what_is_no_bad_telephone(text: str) -> None:
    assert found(text, "CONTACT-PHONE", section=6) == []


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("邮编：751100。", False),
        ("邮政编码 455000", False),
        ("邮编：75110。", True),
        ("邮编：7511000", True),
        ("邮编：951100", True),
        ("邮编：７５１１００", False),
    ],
)
def test_postcodes(text: str, bad: bool) -> None:
    assert bool(found(text, "CONTACT-POSTCODE", section=6)) is bad


def test_span_points_at_the_address() -> None:
    text = "电话：0953-2666586，电子邮箱：ltqzfb@.163.com）。"
    span = found(text, "CONTACT-EMAIL", section=6)[0].spans[0]
    assert text[span.start : span.end] == "ltqzfb@.163.com"
