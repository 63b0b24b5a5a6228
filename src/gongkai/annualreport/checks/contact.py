"""Contact data in the narrative: e-mail, telephone and fax, postcode (07 §2: malformed is an error).

A reader who cannot reach the office is the harm; so a thing is malformed only where no reading of it is an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.annualreport.findings import Context, Family, Finding, Severity, rule
from gongkai.annualreport.model import Report, Section

from . import wording
from .base import finding, narrative

_WIDE: dict[int, int | str] = {0xFF10 + i: ord("0") + i for i in range(10)}
_WIDE |= {
    ord("＠"): "@",
    ord("．"): ".",
    ord("－"): "-",
    ord("—"): "-",
    ord("–"): "-",
    ord("（"): "(",
    ord("）"): ")",
    ord("\u3000"): " ",
}

_LONGEST = 400_000

_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{0,64}\s?@\s?[A-Za-z0-9.,_\-]{1,100}")
_VALID_EMAIL = re.compile(
    r"[A-Za-z0-9_%+\-]+(?:\.[A-Za-z0-9_%+\-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,12}\Z"
)


def valid_email(text: str) -> bool:
    """Whether ``text`` is an e-mail address (RFC 5321 dot-string and domain, without quoting)."""
    return bool(_VALID_EMAIL.match(text))


@rule(
    "CONTACT-EMAIL", Family.TEXT, Severity.ERROR, "电子邮箱写错", "RFC 5321；《政府信息公开条例》第十二条",
    explanation="@ 前后都要有内容，域名各段不能为空，末段是字母。",
    example="ltqzfb@.163.com。",
)  # fmt: skip
def email(report: Report, context: Context) -> Iterator[Finding]:
    for section in narrative(report):
        text = section.text[:_LONGEST].translate(_WIDE)
        if "@" not in text:
            continue
        for match in _EMAIL.finditer(text):
            # A full stop or comma after the address belongs to the sentence; blanks come from line breaks.
            address = "".join(match.group().split()).rstrip(".,-_")
            if not valid_email(address):
                yield _contact(
                    report, section, match, "CONTACT-EMAIL", f"电子邮箱“{address}”不是有效的地址", address
                )


_PHONE = re.compile(
    r"(?:电话|传真|热线|手机|联系方式|座机)(?:号码)?[^\S\n]*(?P<colon>[:：为])?[^\S\n]*(?P<number>[+(]?\d[\d()\-/ 、转*xX]{2,60})"
)
_SEPARATE = re.compile(r"[、/]|\s{2,}")
_MOBILE = re.compile(r"(?:\+?86-?)?1[3-9]\d{9}\Z")
_SERVICE = re.compile(
    r"(?:1\d{2,5}|95\d{3,6}|96\d{3,6}|[48]00-?\d{3}-?\d{4}|0\d{2,3}-?(?:12345|123\d\d|96\d{3,4}))\Z"
)
_AREA = re.compile(
    r"(?:\+?86-?)?\(?(?P<area>0(?:10|2\d|[3-9]\d{2}))\)?-?(?P<local>[1-9]\d{6,7})(?:(?:-|-?转)\d{1,6})?\Z"
)
_LOCAL = re.compile(r"[2-9]\d{6,7}(?:[-转]\d{1,6})?\Z")


def valid_phone(text: str) -> bool:
    """Whether ``text`` (digits, brackets, hyphens, no blanks) is a telephone number one can dial in mainland China.

    Mobile, landline with or without area code and extension, or a service number (12345, 110, 400…, 95…).
    """
    return any(pattern.match(text) for pattern in (_MOBILE, _SERVICE, _AREA, _LOCAL))


@rule(
    "CONTACT-PHONE", Family.TEXT, Severity.ERROR, "电话或传真号码写错", "《政府信息公开条例》第十二条；电话网编号方案",
    explanation="固定电话：区号（0开头3至4位）加7至8位号码；手机11位；服务号码如12345。",
    example="0953-266658（少一位）。",
)  # fmt: skip
def phone(report: Report, context: Context) -> Iterator[Finding]:
    for section in narrative(report):
        text = section.text[:_LONGEST].translate(_WIDE)
        for match in _PHONE.finditer(text):
            digits = re.sub(r"\D", "", match["number"])
            after = text[match.end() : match.end() + 1]
            counted = after in "件条个次部余多人万台通起例份"
            if (
                "*" in match["number"]
                or (not match["colon"] and (len(digits) < 7 or counted))
                or (counted and after and len(digits) < 7)
            ):
                continue
            for number in _numbers(match["number"]):
                if not valid_phone(number):
                    yield _contact(
                        report,
                        section,
                        match,
                        "CONTACT-PHONE",
                        f"电话或传真“{number}”的位数或写法不对",
                        number,
                    )


def _numbers(text: str) -> Iterator[str]:
    """The numbers of a list 0953-2666586、2666765; a short tail (…6586/87) is left alone."""
    pieces = [re.sub(r"\s", "", piece).strip("-(") for piece in _SEPARATE.split(text)]
    for place, piece in enumerate(pieces):
        if re.search(r"\d", piece) and not (place and len(piece) < 5) and not re.search(r"[xX]", piece):
            yield piece


_POSTCODE = re.compile(r"(?:邮编|邮政编码)[^\S\n]*[:：为]?[^\S\n]*(?P<number>\d[\d ]{0,12})")


@rule(
    "CONTACT-POSTCODE", Family.TEXT, Severity.ERROR, "邮政编码写错", "邮政编码编制规则：六位数字",
    explanation="邮政编码是六位数字，首位0至8。",
    example="75110（少一位）。",
)  # fmt: skip
def postcode(report: Report, context: Context) -> Iterator[Finding]:
    for section in narrative(report):
        text = section.text[:_LONGEST].translate(_WIDE)
        for match in _POSTCODE.finditer(text):
            number = match["number"].replace(" ", "")
            if len(number) != 6 or number[0] == "9":
                yield _contact(
                    report, section, match, "CONTACT-POSTCODE", f"邮政编码“{number}”应为六位数字", number
                )


def _contact(
    report: Report, section: Section, match: re.Match[str], rule_id: str, message: str, actual: str
) -> Finding:
    return finding(
        report, rule_id, f"{wording.PARTS[section.number]}的{message}。",
        spans=(wording.Span(section.number, match.start(), match.end(), section.text[match.start() : match.end()]),),
        actual=actual, suggestion="改成能够联系到本机关的写法。", discriminator=actual,
    )  # fmt: skip
