"""Identity numbers as people type them, checked by their own check digits (GB 11643-1999, GB 32100-2015)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from gongkai.organs.validators import validate_uscc

ID_CARD = "居民身份证"
IDENTITY_TYPES = (
    ID_CARD,
    "护照",
    "港澳居民来往内地通行证",
    "台湾居民来往大陆通行证",
    "外国人永久居留身份证",
    "其他",
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def normal(text: str) -> str:
    """Full-width letters and digits made half width, blanks and dashes left out, capitals."""
    return re.sub(r"[\s\-—－]", "", unicodedata.normalize("NFKC", text)).upper()


def validate_id_card(number: str, today: date | None = None) -> None:
    """18 characters, a date of birth that existed, the check digit of the rest (GB 11643-1999).

    Raises ValidationError saying which of them is wrong.
    """
    if len(number) != 18:
        raise ValidationError(f"居民身份证号码应为 18 位，现为 {len(number)} 位。")
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number, re.ASCII):
        raise ValidationError("居民身份证号码只能是数字，最后一位可以是 X。")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValidationError("居民身份证号码第 7 至 14 位不是一个存在的出生日期，请核对。") from None
    if not date(1890, 1, 1) <= born <= (today or timezone.localdate()):
        raise ValidationError("居民身份证号码里的出生日期不可能，请核对。")
    if _CHECKS[sum(int(c) * w for c, w in zip(number, _WEIGHTS, strict=False)) % 11] != number[17]:
        raise ValidationError("居民身份证号码有误：最后一位校验码与前面的数字不符，请对照证件核对。")


def validate_identity(kind: str, number: str) -> None:
    """The number of a personal document of ``kind``. Raises ValidationError."""
    if kind == ID_CARD:
        validate_id_card(number)
    elif not re.fullmatch(r"[A-Z0-9()（）]{5,30}", number, re.ASCII):
        raise ValidationError(f"{kind}号码应为 5 至 30 位字母和数字，请对照证件核对。")


def validate_organisation_code(number: str) -> None:
    """统一社会信用代码. Raises ValidationError."""
    validate_uscc(number)
