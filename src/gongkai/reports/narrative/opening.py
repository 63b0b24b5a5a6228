"""What the organ's own profile says at the head and the foot of a report: basis, period, where to read it, contact.

Sources: sheet 02 §1 (preamble) and inventory J01, J02, J09, J10.
"""

from __future__ import annotations

from gongkai.annualreport.schema import edition_for_year
from gongkai.organs.models import Organ
from gongkai.reports.models import AnnualReport, Scope
from gongkai.reports.narrative.fields import Field, ledger, register

WORDS = {
    "机关名称": "机关的全称，取自机构资料。",
    "报告年度": "报告年度的四位数字。",
    "编制依据": "条例和国办规定的格式文号。",
    "统计期限": "报告年度的1月1日至12月31日。",
    "统计范围": "本机关，或者本地区各行政机关的汇总，取自报告的统计范围。",
    "联系方式": "联系单位、地址、邮编、电话、传真、电子邮箱，取自机构资料。",
}
register(*(Field(name, "报告说明", what, ledger(name), "", sentence=True) for name, what in WORDS.items()))

PREAMBLE = (
    "本报告依据{{编制依据}}编制，由总体情况等六个部分组成。{{统计范围}}统计期限：{{统计期限}}。"
    "报告电子版可在本机关门户网站“政府信息公开年报”栏目查阅、下载。{{联系方式}}"
)
SIX = "（一）收费情况。{{信息处理费情况}}。\n（二）其他需要报告的事项。无。"
#: What a report says before anyone has written: the statements the format asks of every report.
DEFAULTS = {"0": PREAMBLE, "6": SIX}


def words(row: AnnualReport) -> dict[str, str]:
    """The ready words of a report, by field name."""
    edition = edition_for_year(row.year)
    return {
        "机关名称": row.organ.name,
        "报告年度": str(row.year),
        "编制依据": f"《中华人民共和国政府信息公开条例》和{edition.document}规定的格式",
        "统计期限": f"{row.year}年1月1日至{row.year}年12月31日",
        "统计范围": _scope(row),
        "联系方式": contact(row.organ),
    }


def _scope(row: AnnualReport) -> str:
    if row.scope == Scope.REGION:
        return "本报告数据为本地区各行政机关的汇总数据。"
    return "本报告数据为本机关数据。" if row.scope == Scope.OWN else ""


def contact(organ: Organ) -> str:
    """The contact block (条例第十二条); data that is missing is left out, see :func:`contact_gaps`."""
    parts = [
        f"{label}：{value}"
        for label, value in (
            ("联系单位", organ.name), ("地址", organ.address), ("邮编", organ.postcode), ("电话", organ.phone),
            ("传真", organ.fax), ("电子邮箱", organ.email),
        )
        if value.strip()
    ]  # fmt: skip
    return "，".join(parts) + "。"


def contact_gaps(organ: Organ) -> list[str]:
    """What the organ's profile lacks or has wrong for the contact block, in words for the screen."""
    missing = [
        label
        for label, value in (("地址", organ.address), ("邮编", organ.postcode), ("电话", organ.phone), ("电子邮箱", organ.email))
        if not value.strip()
    ]  # fmt: skip
    wrong = [f"{label}：{why}" for label, why in organ.contact_errors().items()]
    return [*(f"机构资料没有填写{label}" for label in missing), *wrong]
