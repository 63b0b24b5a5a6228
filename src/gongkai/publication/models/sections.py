"""The frame of the tree: root, one section per organ (nested as the organs are), columns, topics."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable, Page

from gongkai.publication import vocab


class FramePage(Page):
    """Frame pages are made by services and edited on screens of ours, never in the page editor."""

    is_creatable = False
    promote_panels: ClassVar[list[Any]] = []
    settings_panels: ClassVar[list[Any]] = []

    class Meta:
        abstract = True

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        from gongkai.publication import views

        return views.serve(self.specific, request)


class DisclosureRoot(FramePage):
    """Above all sections, at /gov/."""

    max_count = 1
    subpage_types: ClassVar = ["publication.OrganSection"]

    class Meta:
        verbose_name = "政府信息公开"


class OrganSection(FramePage):
    """政府信息公开 of one organ: the four fixed sub-columns, what else it publishes, the sections below it."""

    organ = models.OneToOneField(
        "organs.Organ", verbose_name="机构", on_delete=models.PROTECT, related_name="section"
    )

    parent_page_types: ClassVar = ["publication.DisclosureRoot", "publication.OrganSection"]
    subpage_types: ClassVar = [
        "publication.OrganSection", "publication.ColumnPage", "publication.TopicPage",
    ]  # fmt: skip

    class Meta:
        verbose_name = "机构专栏"


class ColumnPage(FramePage):
    """栏目: one owner, one update rule, and what the law says must be in it."""

    organ = models.ForeignKey(
        "organs.Organ", verbose_name="机构", on_delete=models.PROTECT, related_name="columns"
    )
    code = models.CharField("栏目代码", max_length=40)
    fixed = models.CharField("固定栏目", max_length=12, choices=vocab.Fixed.choices, blank=True)
    statutory_item = models.CharField("法定依据", max_length=16, choices=vocab.statutory_choices, blank=True)
    domain = models.CharField("基层公开领域", max_length=40, choices=vocab.domain_choices, blank=True)
    content_class = models.CharField(
        "信息类别", max_length=12, choices=vocab.ContentClass.choices, default=vocab.ContentClass.STATUTORY
    )
    column_type = models.CharField(
        "栏目类型", max_length=16, choices=vocab.ColumnType.choices, default=vocab.ColumnType.DISCLOSURE
    )
    default_kind = models.CharField(
        "内容种类", max_length=16, choices=vocab.Kind.choices, default=vocab.Kind.GENERAL
    )
    period = models.CharField("公开期限", max_length=24, default="general", help_text="公开期限表里的键。")
    owner_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="责任人",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="columns_owned",
    )
    update_rule = models.CharField(
        "更新规则", max_length=8, choices=vocab.UpdateRule.choices, default=vocab.UpdateRule.STEADY
    )
    update_days = models.PositiveSmallIntegerField("更新周期（天）", null=True, blank=True)
    update_note = models.CharField("更新要求", max_length=200, blank=True)
    description = models.CharField("栏目说明", max_length=200, blank=True)
    keywords = models.CharField("栏目关键词", max_length=200, blank=True)
    audience = models.CharField("服务对象", max_length=60, blank=True)
    retention = models.CharField("保管期限", max_length=30, blank=True)
    # Kept by services in the transaction of each publication, so that lists and alarms count nothing.
    live_count = models.PositiveIntegerField("已公开条数", default=0, editable=False)
    latest_at = models.DateTimeField("最近更新", null=True, editable=False)

    parent_page_types: ClassVar = ["publication.OrganSection", "publication.ColumnPage"]
    subpage_types: ClassVar = [
        "publication.ColumnPage", "publication.DisclosurePage", "publication.PolicyPage",
        "publication.InterpretationPage", "publication.MeetingPage", "publication.BudgetPage",
        "publication.MotionPage", "publication.KeyTaskPage", "publication.LeaderPage", "publication.GuidePage",
    ]  # fmt: skip

    class Meta:
        verbose_name = "栏目"
        verbose_name_plural = "栏目"
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "code"],
                name="column_code_per_organ",
                violation_error_message="这个机构已有同代码的栏目。",
            ),
            models.UniqueConstraint(
                fields=["organ", "fixed"], condition=~models.Q(fixed=""), name="column_fixed_once"
            ),
            models.CheckConstraint(
                condition=models.Q(update_rule="steady") | models.Q(update_days__gt=0),
                name="column_days_given",
                violation_error_message="定期更新的栏目要填写更新周期（天）。",
            ),
        ]
        indexes = [
            models.Index(fields=["organ", "statutory_item"], name="column_organ_item"),
            models.Index(fields=["statutory_item", "organ"], name="column_item_organ"),
            models.Index(fields=["domain", "organ"], name="column_domain"),
        ]


class TopicPage(FramePage):
    """专题: lists of items that have their home elsewhere, in the four kinds of material (A16)."""

    organ = models.ForeignKey(
        "organs.Organ", verbose_name="机构", on_delete=models.PROTECT, related_name="topics"
    )
    introduction = models.TextField("导语", blank=True)
    promise_days = models.PositiveSmallIntegerField("更新承诺（天）", default=30)

    parent_page_types: ClassVar = ["publication.OrganSection"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "专题"
        verbose_name_plural = "专题"


class TopicEntry(Orderable):
    """One item of a topic."""

    class Material(models.TextChoices):
        POLICY = "policy", "政策法规"
        PLAN = "plan", "工作方案"
        CASE = "case", "典型案例"
        RESULT = "result", "创新成果"

    topic = ParentalKey(TopicPage, on_delete=models.CASCADE, related_name="entries")
    page = models.ForeignKey(
        "publication.DisclosurePage", verbose_name="条目", on_delete=models.CASCADE, related_name="+"
    )
    material = models.CharField("材料类型", max_length=8, choices=Material.choices, default=Material.POLICY)

    class Meta(Orderable.Meta):
        verbose_name = "专题条目"
        verbose_name_plural = "专题条目"
        constraints = [models.UniqueConstraint(fields=["topic", "page"], name="topic_entry_once")]
