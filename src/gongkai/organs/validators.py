"""Checks on codes and contact data. Each says in Chinese what is wrong and what a right value looks like."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_PHONE_ONE = re.compile(
    r"(?:(?:\(?0\d{2,3}\)?[- ]?)?[2-9]\d{6,7}(?:[-转]\d{1,6})?"  # landline, area code and extension optional
    r"|1[3-9]\d{9}"  # mobile
    r"|400[- ]?\d{3}[- ]?\d{4}|800[- ]?\d{3}[- ]?\d{4}"
    r"|1\d{2}|1\d{4}|9\d{4})"  # short numbers: 110, 12345, 95598
)


def uscc_check_character(first17: str) -> str:
    """The 18th character of a 统一社会信用代码 from the first seventeen (GB 32100-2015).

    Raises ValueError for a character outside the alphabet (I, O, S, V, Z are not used).
    """
    total = sum(
        USCC_ALPHABET.index(char) * weight for char, weight in zip(first17, USCC_WEIGHTS, strict=True)
    )
    return USCC_ALPHABET[(31 - total % 31) % 31]


def validate_uscc(value: str) -> None:
    """18 characters whose last is the check character of the rest (GB 32100-2015)."""
    if len(value) != 18:
        raise ValidationError(
            "统一社会信用代码应为 18 位，现为 %(n)d 位。", params={"n": len(value)}, code="length"
        )
    bad = sorted({char for char in value if char not in USCC_ALPHABET})
    if bad:
        raise ValidationError(
            "统一社会信用代码含有不会出现的字符“%(bad)s”（只用数字和除 I、O、S、V、Z 外的大写字母）。",
            params={"bad": "".join(bad)},
            code="alphabet",
        )
    if uscc_check_character(value[:17]) != value[17]:
        raise ValidationError("统一社会信用代码校验位不符，请对照登记证书核对。", code="checksum")


def validate_region_code(value: str) -> None:
    """行政区划代码: 6 digits, 9 to the township, 12 to the village (GB/T 2260, 统计用区划代码)."""
    if not re.fullmatch(r"[1-9]\d{5}(\d{3}(\d{3})?)?", value, re.ASCII):
        raise ValidationError("行政区划代码应为 6 位（县）、9 位（乡镇）或 12 位（村）数字。", code="region")


def validate_phone(value: str) -> None:
    """One or several telephone numbers separated by 、 ， ; or /."""
    for part in re.split(r"[、，,；;/]\s*", value.strip()):
        if not _PHONE_ONE.fullmatch(part.strip().replace("—", "-").replace("－", "-")):
            raise ValidationError(
                "电话号码“%(part)s”无法识别。示例：0953-2012345、13900000000、12345。",
                params={"part": part},
                code="phone",
            )


def validate_email(value: str) -> None:
    """An address that can receive mail; “name@.163.com” cannot (a label of the domain is empty)."""
    try:
        EmailValidator()(value)
    except ValidationError:
        raise ValidationError(
            "“%(value)s”不是可用的电子邮箱地址。示例：xxgk@example.gov.cn。",
            params={"value": value},
            code="email",
        ) from None


def validate_postcode(value: str) -> None:
    """邮政编码: six digits."""
    if not re.fullmatch(r"\d{6}", value, re.ASCII):
        raise ValidationError("邮政编码应为 6 位数字。", code="postcode")


def validate_site_code(value: str) -> None:
    """政府网站标识码: ten digits (国办发〔2017〕47号)."""
    if not re.fullmatch(r"\d{10}", value, re.ASCII):
        raise ValidationError("网站标识码应为 10 位数字。", code="site_code")
