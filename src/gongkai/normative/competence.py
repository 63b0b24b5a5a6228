"""Who may make 规章 (立法法第九十三条)."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from gongkai.annualreport.organs import level_of
from gongkai.normative.models.document import Category
from gongkai.organs.models import Organ


def may_make_rules(organ: Organ) -> bool:
    """Only the governments of provinces, of cities with districts and of autonomous prefectures."""
    return organ.kind == Organ.Kind.GOVERNMENT and level_of(organ.name) in ("省", "市")


def check_category(organ: Organ, category: str) -> None:
    """Raises ValidationError where ``organ`` has no power to issue such a document."""
    if category == Category.RULES and not may_make_rules(organ):
        raise ValidationError(
            {
                "category": f"{organ.name}没有规章制定权（立法法第九十三条：省、自治区、直辖市和设区的市、自治州的人民政府可以制定规章）。"
                "请选“行政规范性文件”。"
            }
        )
    if category in (Category.RULES, Category.NORMATIVE) and organ.kind == Organ.Kind.VILLAGE:
        raise ValidationError({"category": "村民委员会不是行政机关，不能制发行政规范性文件。"})
