"""Reconsiderations and suits against an organ's answers, each an append-only list of steps."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from gongkai.applications.fields import SealedText
from gongkai.applications.models import Application
from gongkai.organs.models import Organ
from gongkai.remedies.course import Taken
from gongkai.remedies.kinds import (
    DEFAULT_GROUPS,
    SUITS,
    UNDECIDED,
    Group,
    Instance,
    Kind,
    Procedure,
    Result,
    State,
    Step,
)


class Remedy(models.Model):
    """One reconsideration, or one instance of a suit. The columns under "folded" are a cache of the steps, written in
    the transaction that appends one (``services``); nothing else may write them."""

    organ = models.ForeignKey(
        Organ, verbose_name="被申请人或者被告", on_delete=models.PROTECT, related_name="remedies"
    )
    application = models.ForeignKey(
        Application,
        verbose_name="涉及的申请",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="remedies",
    )
    case_text = models.CharField(
        "涉及的申请（系统外）", max_length=120, blank=True, help_text="启用本系统前的申请，填编号或者事由。"
    )
    kind = models.CharField("类别", max_length=16, choices=Kind.choices)
    instance = models.CharField("审级", max_length=8, choices=Instance.choices, blank=True)
    earlier = models.OneToOneField(
        "self",
        verbose_name="上一审级",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="later",
    )
    reconsideration = models.ForeignKey(
        "self",
        verbose_name="起诉前的行政复议",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="suits",
    )
    authority = models.CharField("复议机关或者人民法院", max_length=120)
    number = models.CharField("案号", max_length=80, blank=True)
    applicant_name = SealedText("申请人或者原告", blank=True)
    masked_name = models.CharField("申请人或者原告", max_length=60, blank=True, editable=False)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="承办人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField("录入时间", auto_now_add=True)

    # folded ----------------------------------------------------------------------------------------
    steps_count = models.PositiveIntegerField(default=0, editable=False)
    state = models.CharField(
        "状态", max_length=12, choices=State.choices, default=State.NOTIFIED, editable=False
    )
    procedure = models.CharField(
        "程序", max_length=10, choices=Procedure.choices, default=Procedure.ORDINARY, editable=False
    )
    received_on = models.DateField("收到通知之日", null=True, editable=False)
    reply_due = models.DateField("答复期限", null=True, editable=False)
    evidence_due = models.DateField("举证期限", null=True, editable=False)
    due_reason = models.TextField("期限依据", blank=True, editable=False)
    replied_on = models.DateField("答复举证日期", null=True, editable=False)
    hearing_on = models.DateField("开庭或者听证日期", null=True, editable=False)
    result = models.CharField("结果", max_length=16, choices=Result.choices, blank=True, editable=False)
    result_document = models.CharField("决定书或者裁判文书号", max_length=120, blank=True, editable=False)
    decided_on = models.DateField("审结日期", null=True, editable=False)
    served_on = models.DateField("收到文书日期", null=True, editable=False)
    effective_on = models.DateField("生效日期", null=True, editable=False)
    compliance_due = models.DateField("履行期限", null=True, editable=False)
    redo_days = models.PositiveSmallIntegerField("重新答复期限（工作日）", null=True, editable=False)
    complied_on = models.DateField("履行日期", null=True, editable=False)
    correction_reason = models.TextField("被纠正的原因", blank=True, editable=False)
    lesson = models.TextField("警示", blank=True, editable=False)
    closed_on = models.DateField("结案日期", null=True, editable=False)
    next_due = models.DateField("下一期限", null=True, editable=False)
    #: For table 4: counted in a year unless a later instance had begun by its end.
    group = models.CharField("统计归类", max_length=10, choices=Group.choices, blank=True, editable=False)
    year_received = models.PositiveSmallIntegerField("收到年份", null=True, editable=False)
    year_closed = models.PositiveSmallIntegerField("审结年份", null=True, editable=False)
    year_superseded = models.PositiveSmallIntegerField("进入下一审级的年份", null=True, editable=False)

    class Meta:
        verbose_name = "复议诉讼"
        verbose_name_plural = "复议诉讼"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.RECONSIDERATION, instance="") | (Q(kind__in=SUITS) & ~Q(instance="")),
                name="remedy_instance_of_suit",
                violation_error_message="行政诉讼应填写审级，行政复议没有审级。",
            ),
            models.CheckConstraint(
                condition=Q(application__isnull=False) | ~Q(case_text=""),
                name="remedy_names_its_case",
                violation_error_message="请选择涉及的申请；启用系统前的，填写编号或者事由。",
            ),
            models.UniqueConstraint(
                fields=["organ", "kind", "instance", "number"],
                condition=~Q(number=""),
                name="remedy_number_unique",
                violation_error_message="这个案号已经登记过。",
            ),
        ]
        indexes = [
            models.Index(fields=["organ", "kind", "year_closed", "group"], name="remedy_table4"),
            models.Index(fields=["organ", "year_received"], name="remedy_received"),
            models.Index(fields=["state", "next_due"], name="remedy_next"),
            models.Index(fields=["number"], name="remedy_number"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.short_kind} {self.received_on or ''}".strip()

    @property
    def is_suit(self) -> bool:
        return self.kind in SUITS

    @property
    def is_pending(self) -> bool:
        """Whether the authority or the court has still to decide."""
        return self.state in UNDECIDED

    @property
    def short_kind(self) -> str:
        """行政复议, or the suit with its instance."""
        return f"行政诉讼{self.get_instance_display()}" if self.is_suit else "行政复议"

    @property
    def case_label(self) -> str:
        """What the remedy is about: the case's number, or what was typed for one before go-live."""
        return str(self.application) if self.application_id else self.case_text

    @property
    def applicant_label(self) -> str:
        """Who applied or sued, masked: the name given with the notice, else the case's applicant."""
        if self.masked_name:
            return self.masked_name
        return self.application.applicant.masked_name if self.application else ""

    def taken(self) -> list[Taken]:
        """The steps as the fold reads them. One query."""
        return [step.taken() for step in self.steps.order_by("position")]


class RemedyStep(models.Model):
    """One step as recorded: appended, never changed."""

    remedy = models.ForeignKey(Remedy, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveIntegerField("序号")
    kind = models.CharField("事项", max_length=12, choices=Step.choices)
    on = models.DateField("日期")
    data = models.JSONField("内容", default=dict)
    note = models.TextField("说明", blank=True)
    recorded_at = models.DateTimeField("录入时间", auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField("经办人姓名", max_length=60)

    class Meta:
        verbose_name = "复议诉讼记录"
        verbose_name_plural = "复议诉讼记录"
        ordering = ["remedy", "position"]
        constraints = [
            models.UniqueConstraint(fields=["remedy", "position"], name="remedy_step_position_unique")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"

    def taken(self) -> Taken:
        """The value the fold reads."""
        return Taken(self.kind, self.on, self.data)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("复议诉讼的记录只增不改；有误的请用“更正记录”。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("复议诉讼的记录不能删除。")


class RemedySettings(models.Model):
    """Which column of table 4 a result counts in, from a year on, for an organ and what lies below it."""

    organ = models.ForeignKey(
        Organ, verbose_name="机构", on_delete=models.PROTECT, related_name="remedy_settings"
    )
    first_year = models.PositiveSmallIntegerField("自哪一年度起")
    groups = models.JSONField("与默认不同的归类", default=dict, blank=True)
    source = models.CharField("依据", max_length=200, help_text="上级的填报说明、通知文号等。")

    class Meta:
        verbose_name = "表四归类设置"
        verbose_name_plural = "表四归类设置"
        ordering = ["organ__path", "first_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "first_year"],
                name="remedy_settings_unique",
                violation_error_message="这个机构在这一年度已有设置。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organ.label} {self.first_year} 年起的表四归类"

    def clean(self) -> None:
        unknown = [
            key
            for key, value in (self.groups or {}).items()
            if key not in Result.values or value not in Group.values
        ]
        if unknown:
            raise ValidationError({"groups": f"不认识的结果或者归类：{'、'.join(unknown)}。"})

    def mapping(self) -> dict[str, str]:
        """Result → group, the defaults with this organ's changes."""
        return {**DEFAULT_GROUPS, **(self.groups or {})}
