"""Kinds of item that have fields of their own."""

from __future__ import annotations

from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from gongkai.law.catalogue import guide_problems
from gongkai.publication import vocab
from gongkai.publication.models.items import DisclosurePage
from gongkai.publication.panels import install


class PolicyPage(DisclosurePage):
    """政策文件: the published page of a document."""

    register_entry = models.ForeignKey(
        "normative.Document",
        verbose_name="文件登记",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="pages",
    )
    joint_issuers = models.CharField("联合发文机关", max_length=300, blank=True)
    normative = models.BooleanField("行政规范性文件", default=False)

    FIXED_KIND = vocab.Kind.POLICY

    class Meta:
        verbose_name = "政策文件"
        verbose_name_plural = "政策文件"


class InterpretationPage(DisclosurePage):
    """政策解读: what a document means for whoever reads it, in six elements (B12)."""

    document = models.ForeignKey(
        DisclosurePage, verbose_name="解读的文件", null=True, blank=True, on_delete=models.PROTECT,
        related_name="interpretations",
    )  # fmt: skip
    document_title = models.CharField("文件名称（未在本平台公开的）", max_length=200, blank=True)
    form = models.CharField("形式", max_length=8, choices=vocab.Form.choices, default=vocab.Form.TEXT)
    background = models.TextField("背景依据", blank=True, help_text="为什么要出台，依据什么。")
    aims = models.TextField("目标任务", blank=True, help_text="要做成什么。")
    content = models.TextField("主要内容", blank=True, help_text="规定了哪几件事。")
    standards = models.TextField("执行标准", blank=True, help_text="标准是多少，怎么算，何时起止。")
    benefits = models.TextField("惠民举措", blank=True, help_text="谁能享受，得到什么。")
    differences = models.TextField(
        "新旧政策差异", blank=True, help_text="和过去比变了什么；新出台的写“首次制定”。"
    )
    who = models.CharField("谁能享受", max_length=300, blank=True)
    how = models.CharField("怎么办", max_length=300, blank=True)
    where = models.CharField("到哪办", max_length=300, blank=True)
    until = models.CharField("何时止", max_length=120, blank=True)
    ask = models.CharField("咨询电话", max_length=120, blank=True)
    speaker = models.CharField("解读人", max_length=60, blank=True)
    series = models.CharField(
        "系列", max_length=60, blank=True, db_index=True, validators=[vocab.series_name]
    )
    issue_number = models.PositiveSmallIntegerField("期号", null=True, blank=True)

    FIXED_KIND = vocab.Kind.INTERPRETATION

    class Meta:
        verbose_name = "政策解读"
        verbose_name_plural = "政策解读"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        # Typed twice with another blank it would be another series.
        self.series = " ".join(self.series.split())
        super().full_clean(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> InterpretationPage:
        """Which document it explains is tied by a service (``interpreting``); a revision never brings back another."""
        obj: InterpretationPage = super().with_content_json(content)  # type: ignore[assignment]
        obj.document_id = self.document_id
        return obj

    def missing_elements(self) -> list[str]:
        """Names of the six elements that are still empty."""
        return [name for field, name in vocab.ELEMENTS.items() if not getattr(self, field).strip()]

    def lag_days(self) -> int | None:
        """Calendar days from the document's publication to this one's; None while either is unpublished."""
        document = self.document
        if not document or not document.published_at or not self.published_at:
            return None
        return (self.published_at.date() - document.published_at.date()).days


class MeetingPage(DisclosurePage):
    """会议信息 (A09)."""

    meeting = models.CharField("会议", max_length=60, help_text="例如：政府常务会议。")
    session = models.CharField("届次", max_length=60, blank=True)
    held_on = models.DateField("召开日期")
    chair = models.CharField("主持人", max_length=60, blank=True)
    agenda = models.TextField("议题", help_text="每行一个。")
    outcome = models.TextField("议定结果", blank=True, help_text="每行一个，与议题对应。")

    FIXED_KIND = vocab.Kind.MEETING

    class Meta:
        verbose_name = "会议信息"
        verbose_name_plural = "会议信息"


class BudgetPage(DisclosurePage):
    """财政预决算 (A11); the tables stand in the body."""

    class Stage(models.TextChoices):
        BUDGET = "budget", "预算"
        ADJUSTMENT = "adjustment", "预算调整"
        FINAL = "final", "决算"
        EXECUTION = "execution", "预算执行情况"

    class Level(models.TextChoices):
        GOVERNMENT = "government", "政府"
        DEPARTMENT = "department", "部门"
        UNIT = "unit", "所属单位"

    stage = models.CharField("阶段", max_length=12, choices=Stage.choices, default=Stage.BUDGET)
    level = models.CharField("层次", max_length=12, choices=Level.choices, default=Level.DEPARTMENT)
    fiscal_year = models.PositiveSmallIntegerField("年度", db_index=True)
    unit = models.CharField("单位名称", max_length=120, blank=True)
    approved_on = models.DateField("批准（批复）日期", null=True, blank=True)

    FIXED_KIND = vocab.Kind.BUDGET

    class Meta:
        verbose_name = "财政预决算"
        verbose_name_plural = "财政预决算"


class MotionPage(DisclosurePage):
    """建议提案办理情况 (A10)."""

    class Body(models.TextChoices):
        CONGRESS = "congress", "人大代表建议"
        CONFERENCE = "conference", "政协提案"

    body_kind = models.CharField("类别", max_length=12, choices=Body.choices, default=Body.CONGRESS)
    session = models.CharField("届次", max_length=60)
    number = models.CharField("编号", max_length=20)
    subject = models.CharField("案由", max_length=200)
    result = models.CharField(
        "办理结果", max_length=40, blank=True, help_text="例如：A 类，已经解决或者基本解决。"
    )
    replied_on = models.DateField("答复日期", null=True, blank=True)

    FIXED_KIND = vocab.Kind.MOTION

    class Meta:
        verbose_name = "建议提案办理"
        verbose_name_plural = "建议提案办理"


class KeyTaskPage(DisclosurePage):
    """重点任务、民生实事 with progress (A15)."""

    class Type(models.TextChoices):
        REPORT = "report", "政府工作报告重点任务"
        LIVELIHOOD = "livelihood", "民生实事"

    task_type = models.CharField("类型", max_length=12, choices=Type.choices, default=Type.REPORT)
    year = models.PositiveSmallIntegerField("年度")
    lead = models.CharField("牵头单位", max_length=120)
    target = models.CharField("目标", max_length=300)
    target_on = models.DateField("完成时限", null=True, blank=True)

    FIXED_KIND = vocab.Kind.TASK

    class Meta:
        verbose_name = "重点任务"
        verbose_name_plural = "重点任务"


class TaskProgress(Orderable):
    """One report on a key task."""

    task = ParentalKey(KeyTaskPage, on_delete=models.CASCADE, related_name="progress")
    on = models.DateField("日期")
    percent = models.PositiveSmallIntegerField("完成百分比")
    text = models.CharField("进展", max_length=300)

    class Meta(Orderable.Meta):
        verbose_name = "进展"
        verbose_name_plural = "进展"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__lte=100),
                name="task_percent",
                violation_error_message="完成百分比不能超过 100。",
            )
        ]


class LeaderPage(DisclosurePage):
    """领导信息."""

    post = models.CharField("职务", max_length=120)
    rank = models.PositiveSmallIntegerField("排序", default=10)
    duties = models.TextField("分工", blank=True)
    resume = models.TextField("简历", blank=True)

    FIXED_KIND = vocab.Kind.LEADER

    class Meta:
        verbose_name = "领导信息"
        verbose_name_plural = "领导信息"


class GuidePage(DisclosurePage):
    """政府信息公开指南 (条例第十二条第二款), versioned: a new version supersedes the one before."""

    version = models.PositiveSmallIntegerField("版本", default=1)
    classification = models.TextField("政府信息的分类", blank=True)
    arrangement = models.TextField("编排体系", blank=True)
    access = models.TextField("获取方式", blank=True)
    office_name = models.CharField("公开工作机构名称", max_length=120, blank=True)
    office_address = models.CharField("办公地址", max_length=200, blank=True)
    office_hours = models.CharField("办公时间", max_length=200, blank=True)
    phone = models.CharField("联系电话", max_length=60, blank=True)
    fax = models.CharField("传真号码", max_length=60, blank=True)
    internet = models.CharField("互联网联系方式", max_length=200, blank=True)

    FIXED_KIND = vocab.Kind.GUIDE

    class Meta:
        verbose_name = "公开指南"
        verbose_name_plural = "公开指南"

    def problems(self) -> tuple[str, ...]:
        """What 条例第十二条 asks for and the guide lacks."""
        return guide_problems({f.name: getattr(self, f.name) for f in GuidePage._meta.local_fields})


KINDS: tuple[type[DisclosurePage], ...] = (
    PolicyPage, InterpretationPage, MeetingPage, BudgetPage, MotionPage, KeyTaskPage, LeaderPage, GuidePage,
)  # fmt: skip
for _model in KINDS:
    install(_model)
