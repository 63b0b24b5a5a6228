"""What an organ decides for itself about handling applications, and the counters that never skip a number."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from gongkai.law.case import CasePolicy, PolicyError, policy_from_dict
from gongkai.organs.models import Organ

NUMBER_PATTERN = "{short}公开申〔{year}〕{serial}号"
LETTER_PATTERN = "{short}公开{mark}〔{year}〕{serial}号"


class OrganSettings(models.Model):
    """Settings of an organ; they hold for its subtree until an organ below sets its own."""

    organ = models.OneToOneField(
        Organ, verbose_name="机构", on_delete=models.PROTECT, related_name="application_settings"
    )
    accepts = models.BooleanField("接受网上申请", default=True)
    number_pattern = models.CharField("申请编号格式", max_length=80, default=NUMBER_PATTERN)
    letter_pattern = models.CharField("文书文号格式", max_length=80, default=LETTER_PATTERN)
    document_mark = models.CharField("机关代字", max_length=20, blank=True, help_text="不填时用机构简称。")
    policy = models.JSONField("办理口径", default=dict, blank=True)
    fee_group = models.ForeignKey(
        Organ,
        verbose_name="收费合并计数到",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    retention_years = models.PositiveSmallIntegerField("保管期限（年）", default=30)
    personal_years = models.PositiveSmallIntegerField(
        "个人信息保留年限",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text="自办结次年起算，满后清除申请人身份、联系方式和案卷文本，统计数据保留。法律没有规定具体年限，默认 10 年待核实；"
        "应不短于本机关归档范围和保管期限表的要求。",
    )
    appraise_first = models.BooleanField(
        "案卷鉴定后再清除个人信息",
        default=False,
        help_text="不选时，期满即清除台账中的个人信息，已归档的电子案卷封存到保管期满鉴定；选中时，等案卷到期鉴定销毁或者移交后再清除。",
    )
    court_name = models.CharField("告知的人民法院", max_length=120, blank=True)
    online_reconsideration = models.CharField(
        "行政复议的互联网申请渠道",
        max_length=200,
        blank=True,
        help_text="通过互联网送达的答复必须一并告知（行政复议法第二十二条第二款）。",
    )

    class Meta:
        verbose_name = "依申请公开设置"
        verbose_name_plural = "依申请公开设置"

    def __str__(self) -> str:
        return f"{self.organ.label}的依申请公开设置"

    def clean(self) -> None:
        errors = {}
        for field in ("number_pattern", "letter_pattern"):
            try:
                sample = getattr(self, field).format(short="某", year=2026, serial=1, mark="答")
                if "1" not in sample or "2026" not in sample:
                    errors[field] = "格式里要有年份和流水号两个占位符。"
            except (KeyError, IndexError, ValueError):
                errors[field] = "格式里有不认识的占位符；可用的有代字、文书、年份、流水号。"
        try:
            self.case_policy()
        except PolicyError as problem:
            errors["policy"] = str(problem)
        if errors:
            raise ValidationError(errors)

    def case_policy(self) -> CasePolicy:
        """The law's policy with this organ's choices. Raises PolicyError for an unknown field or value."""
        return policy_from_dict(self.policy or {})


class Counter(models.Model):
    """The last number given in a series of an organ and year; incremented under lock, so no number is skipped."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organ", "series", "year"], name="counter_unique")]

    def __str__(self) -> str:
        return f"{self.organ_id} {self.series} {self.year}: {self.last}"
