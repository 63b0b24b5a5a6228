"""A case is its events: the application, who applied, and the append-only list that everything is folded from."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.applications.fields import SealedText
from gongkai.law.case import (
    APPLICANT_LABELS,
    CHANNEL_LABELS,
    EVENT_LABELS,
    STATUS_LABELS,
    Event,
    Status,
    from_dict,
)
from gongkai.organs.models import Organ

STATUS_CHOICES = [(status.value, label) for status, label in STATUS_LABELS.items()]
KIND_CHOICES = [(kind.value, label) for kind, label in EVENT_LABELS.items()]
CHANNEL_CHOICES = [(channel.value, label) for channel, label in CHANNEL_LABELS.items()]
APPLICANT_CHOICES = [(kind.value, label) for kind, label in APPLICANT_LABELS.items()]
OPEN_STATUSES = (
    Status.SUBMITTED, Status.PROCESSING, Status.CORRECTION, Status.CONSULTING, Status.REASONS, Status.FEE,
    Status.DECIDED, Status.SIGNED,
)  # fmt: skip


class Applicant(models.Model):
    """Who applied, as written on this application. Personal data is sealed; ``masked_name`` is for lists.

    ``identity`` is the fingerprint of the identity number: the same person on another application has the same one.
    """

    kind = models.CharField("申请人类别", max_length=16, choices=APPLICANT_CHOICES)
    masked_name = models.CharField("申请人", max_length=60)
    name = SealedText("姓名或者名称")
    identity_type = models.CharField("证件类型", max_length=20, blank=True)
    identity_number = SealedText("证件号码", blank=True)
    identity = models.CharField("身份指纹", max_length=64, blank=True, editable=False)
    representative = SealedText("法定代表人", blank=True)
    contact_person = SealedText("联系人", blank=True)
    phone = SealedText("联系电话", blank=True)
    email = SealedText("电子邮箱", blank=True)
    address = SealedText("通信地址", blank=True)
    postcode = SealedText("邮政编码", blank=True)
    agent_name = SealedText("代理人", blank=True)
    agent_identity_number = SealedText("代理人证件号码", blank=True)
    agent_phone = SealedText("代理人电话", blank=True)
    anonymised_at = models.DateTimeField("去标识时间", null=True, blank=True)

    class Meta:
        verbose_name = "申请人"
        verbose_name_plural = "申请人"
        indexes = [
            models.Index(fields=["identity"], name="applicant_identity", condition=~Q(identity="")),
            models.Index(fields=["masked_name"], name="applicant_masked_name"),
        ]

    def __str__(self) -> str:
        return self.masked_name


class Application(models.Model):
    """One 件. The columns under "folded" are a cache of ``law.case.fold`` over the events, written in the same
    transaction that appends one; nothing else may write them."""

    organ = models.ForeignKey(
        Organ, verbose_name="受理机关", on_delete=models.PROTECT, related_name="applications"
    )
    applicant = models.ForeignKey(
        Applicant, verbose_name="申请人", on_delete=models.PROTECT, related_name="applications"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name="拆分自",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    receipt = models.CharField("回执号", max_length=20, unique=True, editable=False)
    code_digest = models.CharField(
        max_length=64, editable=False
    )  # of the query code; the code itself is not kept
    number = models.CharField("编号", max_length=60, blank=True)
    number_year = models.PositiveSmallIntegerField("编号年份", null=True, editable=False)
    serial = models.PositiveIntegerField("流水号", null=True, editable=False)
    channel = models.CharField("渠道", max_length=16, choices=CHANNEL_CHOICES)
    description = models.TextField("所需信息的内容描述")
    reference = models.CharField("文号或者其他特征", max_length=300, blank=True)
    purpose_note = models.TextField("补充说明", blank=True)
    form_wanted = models.CharField("提供形式", max_length=20, blank=True)
    route_wanted = models.CharField("获取途径", max_length=20, blank=True)
    assistance = models.CharField("需要的协助", max_length=200, blank=True)
    theme = models.CharField("主题", max_length=40, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="承办人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    account = models.ForeignKey(
        "applications.ApplicantAccount",
        verbose_name="申请人账号",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    envelope = models.JSONField(
        "信封信息", default=dict, blank=True
    )  # postmark, mail number, sender as printed
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    paper_box = models.CharField("纸质档案位置", max_length=60, blank=True)
    hold_reason = models.CharField("暂缓清除的原因", max_length=200, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="暂缓清除的登记人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    held_at = models.DateTimeField("暂缓清除的时间", null=True, blank=True)
    anonymised_at = models.DateTimeField("去标识时间", null=True, blank=True, editable=False)

    # folded ----------------------------------------------------------------------------------------
    events_count = models.PositiveIntegerField(default=0, editable=False)
    status = models.CharField("状态", max_length=16, choices=STATUS_CHOICES, default=Status.NEW.value)
    submitted_on = models.DateField("提交日期", null=True, editable=False)
    received_on = models.DateField("收到申请之日", null=True, editable=False)
    due_on = models.DateField("答复期限", null=True, editable=False)
    next_key = models.CharField("下一节点", max_length=32, blank=True, editable=False)
    next_due = models.DateField("下一节点日期", null=True, editable=False)
    answered_on = models.DateField("答复日期", null=True, editable=False)
    closed_on = models.DateField("办结日期", null=True, editable=False)
    row = models.CharField("办理结果", max_length=32, blank=True, editable=False)
    column = models.CharField("申请人列", max_length=16, blank=True, editable=False)
    year_new = models.PositiveSmallIntegerField("新收年份", null=True, editable=False)
    year_closed = models.PositiveSmallIntegerField("办结年份", null=True, editable=False)
    late = models.BooleanField("逾期答复", default=False, editable=False)
    folded_on = models.DateField("计算日期", null=True, editable=False)

    class Meta:
        verbose_name = "政府信息公开申请"
        verbose_name_plural = "政府信息公开申请"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "number_year", "serial"],
                condition=Q(serial__isnull=False),
                name="application_number_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["organ", "status", "due_on"], name="application_board"),
            models.Index(fields=["organ", "-id"], name="application_ledger"),
            models.Index(fields=["handler", "status"], name="application_handler"),
            models.Index(fields=["organ", "received_on"], name="application_received"),
            models.Index(fields=["organ", "year_new", "column"], name="application_new"),
            # Covers the counting of table 3: year_new tells what was carried over.
            models.Index(
                fields=["organ", "year_closed", "year_new", "row", "column"], name="application_closed"
            ),
            models.Index(fields=["number"], name="application_number"),
            models.Index(fields=["status", "next_due"], name="application_next"),
        ]

    def __str__(self) -> str:
        return self.number or f"回执 {self.receipt}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def row_label(self) -> str:
        """The outcome's printed label without its number, "" while open."""
        from gongkai.law.outcomes import OUTCOMES

        return OUTCOMES[self.row].label if self.row else ""

    def summary(self, length: int = 40) -> str:
        """The beginning of the description, for lists."""
        text = " ".join(self.description.split())
        return text if len(text) <= length else text[:length] + "……"


class EventRecord(models.Model):
    """One event as kept: appended, never changed; ``digest`` chains it to the one before."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="records")
    position = models.PositiveIntegerField("序号")
    kind = models.CharField("事项", max_length=32, choices=KIND_CHOICES)
    on = models.DateField("日期")
    data = models.JSONField("内容")
    recorded_at = models.DateTimeField("录入时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField("经办人姓名", max_length=60)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "办理记录"
        verbose_name_plural = "办理记录"
        ordering = ["application", "position"]
        constraints = [
            models.UniqueConstraint(fields=["application", "position"], name="event_position_unique")
        ]
        indexes = [models.Index(fields=["kind", "on"], name="event_kind_on")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"

    def event(self) -> Event:
        """The law's own value. Raises EventFormatError where the record was damaged."""
        return from_dict(self.data)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("办理记录只增不改；有误的请用“更正记录”。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("办理记录不能删除。")


class EventTombstone(models.Model):
    """The words of one event were replaced after the retention period; the event's own digest stays what it was.

    The chain of a case still verifies: ``EventRecord.digest`` remains the digest of what was recorded, and ``redacted`` is
    the digest of what may be read now. Neither can be made to fit another text.
    """

    record = models.OneToOneField(EventRecord, on_delete=models.PROTECT, related_name="tombstone")
    original = models.CharField(max_length=64)
    redacted = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "去标识记录"
        verbose_name_plural = "去标识记录"

    def __str__(self) -> str:
        return f"去标识 {self.record_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("去标识记录只增不改。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("去标识记录不能删除。")


class Note(models.Model):
    """An internal note; the applicant never sees it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField("内容")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "内部备注"
        verbose_name_plural = "内部备注"
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.text[:40]


class Rating(models.Model):
    """What the applicant thought of the service, once per application."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField("评分")
    text = models.TextField("意见", blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "评价"
        verbose_name_plural = "评价"
        constraints = [models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="rating_1_to_5")]

    def __str__(self) -> str:
        return f"{self.score} 分"
