"""Review before publication: the form, its signed lines, the marked passages, scans, words, art. 18 re-reviews.

Wagtail's workflow holds where a form stands; who signed what on which version is kept here, for good.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from wagtail.locks import WorkflowLock
from wagtail.models import Task


class Flow(models.TextChoices):
    """The three workflows; each serves every organ."""

    PUBLISH = "publish", "公开审核"
    WITHHOLD = "withhold", "不公开审定"
    AFTER = "after", "紧急发布补审"


class Step(models.TextChoices):
    FIRST = "first", "初审"
    SECOND = "second", "复审"
    SECRECY = "secrecy", "保密审查"
    FINAL = "final", "终审"


class Gate(models.TextChoices):
    """The five checkpoints (D03)."""

    POLITICS = "politics", "政治关"
    LAW = "law", "法律关"
    POLICY = "policy", "政策关"
    SECRECY = "secrecy", "保密关"
    WORDING = "wording", "文字关"


class Conclusion(models.TextChoices):
    """What a secrecy review may conclude (条例第十七条)."""

    OPEN = "open", "可公开"
    PART = "part", "部分公开"
    CLOSED = "closed", "不公开"
    REFER = "refer", "提请上级确定"


class ReviewLock(WorkflowLock):
    """What the editor says while a version is under review."""

    def get_message(self, user: Any) -> str:
        return f"正在{self.task.name}，审核期间不能修改。需要修改的，请先在审核单撤回送审。"

    def get_locked_by(self, user: Any, can_lock: bool = False) -> str:
        return "审核中"

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        return "审核期间不能修改"


class OrganApprovalTask(Task):
    """One step of review. Who may act is found from the page's organ by the review services; Wagtail's own buttons
    are never offered, since they would pass by the form, its checkpoints and the separation of persons."""

    step = models.CharField("环节", max_length=8, choices=Step.choices, unique=True)
    lock_class = ReviewLock

    class Meta:
        verbose_name = "审核环节"
        verbose_name_plural = "审核环节"

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return True

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        from django.core.exceptions import PermissionDenied

        raise PermissionDenied("请在审核单上办理。")


class ReviewForm(models.Model):
    """审签单: one version of one item on its way, with every signature on it."""

    class State(models.TextChoices):
        BLOCKED = "blocked", "扫描拦下"
        REVIEWING = "reviewing", "审核中"
        RETURNED = "returned", "已退回"
        APPROVED = "approved", "审核通过"
        DONE = "done", "已办结"
        RECALLED = "recalled", "已撤回送审"

    OPEN: ClassVar = (State.BLOCKED, State.REVIEWING, State.RETURNED)

    organ = models.ForeignKey("organs.Organ", verbose_name="机构", on_delete=models.PROTECT, related_name="+")
    page = models.ForeignKey(
        "publication.DisclosurePage",
        verbose_name="稿件",
        on_delete=models.PROTECT,
        related_name="review_forms",
    )
    title = models.CharField("标题", max_length=255)
    number = models.CharField("审签单编号", max_length=20, unique=True, null=True)  # noqa: DJ001 - given after its key
    flow = models.CharField("流程", max_length=10, choices=Flow.choices)
    state = models.CharField("状态", max_length=10, choices=State.choices)
    step = models.CharField("当前环节", max_length=8, choices=Step.choices, blank=True)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    digest = models.CharField("版本摘要", max_length=64)
    workflow_state = models.ForeignKey(
        "wagtailcore.WorkflowState", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="送审人", on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField("送审时间")
    waiting_since = models.DateTimeField("本环节开始时间")
    finished_at = models.DateTimeField("办结时间", null=True, blank=True)
    conclusion = models.CharField("保密审查结论", max_length=8, choices=Conclusion.choices, blank=True)
    conclusion_basis = models.CharField("结论依据", max_length=300, blank=True)
    conclusion_note = models.CharField("说明", max_length=300, blank=True)
    next_review_on = models.DateField("下次复核日期", null=True, blank=True)
    emergency_reason = models.CharField("紧急发布理由", max_length=300, blank=True)
    emergency_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    emergency_at = models.DateTimeField("紧急发布时间", null=True, blank=True)
    review_due = models.DateField("补审期限", null=True, blank=True)

    class Meta:
        verbose_name = "审签单"
        verbose_name_plural = "审签单"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page"], condition=Q(state__in=["blocked", "reviewing", "returned"]),
                name="review_form_one_open", violation_error_message="这一条已在审核中。",
            ),
            models.CheckConstraint(
                condition=Q(emergency_at__isnull=True) | (~Q(emergency_reason="") & Q(review_due__isnull=False)),
                name="review_emergency_recorded",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "step", "organ"], name="review_form_waiting"),
            models.Index(fields=["organ", "-id"], name="review_form_organ"),
            models.Index(fields=["page", "-id"], name="review_form_page"),
            models.Index(fields=["submitted_by", "state"], name="review_form_mine"),
            models.Index(
                fields=["next_review_on", "organ"], name="review_form_again", condition=Q(next_review_on__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class ReviewAct(models.Model):
    """One signed line: who did what, when, on which version, after how long."""

    class Kind(models.TextChoices):
        SUBMIT = "submit", "送审"
        APPROVE = "approve", "通过"
        RETURN = "return", "退回修改"
        REFER = "refer", "提请上级确定"
        RECALL = "recall", "撤回送审"
        OVERRIDE = "override", "放行扫描结果"
        EMERGENCY = "emergency", "紧急发布"
        PUBLISH = "publish", "公开"
        SCHEDULE = "schedule", "定时公开"
        WITHDRAW = "withdraw", "撤下公开页"

    form = models.ForeignKey(ReviewForm, on_delete=models.PROTECT, related_name="acts")
    round = models.PositiveSmallIntegerField("轮次")
    step = models.CharField("环节", max_length=8, choices=Step.choices, blank=True)
    kind = models.CharField("动作", max_length=10, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="办理人", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("时间")
    digest = models.CharField("版本摘要", max_length=64)
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opinion = models.CharField("意见", max_length=500, blank=True)
    proofread = models.PositiveSmallIntegerField("校次", null=True, blank=True)
    waited = models.PositiveIntegerField("用时（分钟）", null=True, blank=True)

    class Meta:
        verbose_name = "签署行"
        verbose_name_plural = "签署行"
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind", "step", "at"], name="review_act_times")]

    def __str__(self) -> str:
        return f"{self.get_step_display()}{self.get_kind_display()}"


class GateLine(models.Model):
    """A checkpoint, signed with the act it belongs to."""

    act = models.ForeignKey(ReviewAct, on_delete=models.PROTECT, related_name="gates")
    gate = models.CharField("关口", max_length=8, choices=Gate.choices)
    remark = models.CharField("意见", max_length=200, default="符合")

    class Meta:
        verbose_name = "把关意见"
        verbose_name_plural = "把关意见"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["act", "gate"], name="gate_line_once")]

    def __str__(self) -> str:
        return f"{self.get_gate_display()}：{self.remark}"


class Mark(models.Model):
    """A passage marked on return, or a correction of a proofreading."""

    class Kind(models.TextChoices):
        PASSAGE = "passage", "标注"
        PROOF = "proof", "校对更正"

    act = models.ForeignKey(ReviewAct, on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField("种类", max_length=8, choices=Kind.choices, default=Kind.PASSAGE)
    quote = models.CharField("原文", max_length=300)
    comment = models.CharField("意见或者改为", max_length=300)

    class Meta:
        verbose_name = "标注"
        verbose_name_plural = "标注"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"“{self.quote}”：{self.comment}"


class ScanRun(models.Model):
    """The scan of one version. ``hits`` are masked; nothing found is kept in clear."""

    page = models.ForeignKey("publication.DisclosurePage", on_delete=models.CASCADE, related_name="scans")
    digest = models.CharField("版本摘要", max_length=64)
    at = models.DateTimeField("时间", auto_now_add=True)
    hits = models.JSONField("结果", default=list)
    blocking = models.PositiveIntegerField("必须处理", default=0)

    class Meta:
        verbose_name = "扫描"
        verbose_name_plural = "扫描"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["page", "digest"], name="scan_of_version")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.at:%Y-%m-%d %H:%M}"


class ScanOverride(models.Model):
    """That a named reviewer lets a blocking hit of one version pass, and on what ground."""

    page = models.ForeignKey(
        "publication.DisclosurePage", on_delete=models.CASCADE, related_name="scan_overrides"
    )
    digest = models.CharField("版本摘要", max_length=64)
    key = models.CharField("结果", max_length=16)
    shown = models.CharField("位置与内容", max_length=400)
    basis = models.CharField("依据条款", max_length=120)
    reason = models.CharField("理由", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="放行人", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "放行"
        verbose_name_plural = "放行"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["page", "digest", "key"], name="scan_override_once")]

    def __str__(self) -> str:
        return self.shown


class ScheduleRefusal(models.Model):
    """That a version did not become public at the time set for it, and why."""

    page = models.ForeignKey(
        "publication.DisclosurePage", on_delete=models.CASCADE, related_name="schedule_refusals"
    )
    due_at = models.DateTimeField("定时公开时间", null=True)
    reasons = models.CharField("原因", max_length=500)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "没有办成的定时公开"
        verbose_name_plural = "没有办成的定时公开"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.reasons


class WatchWord(models.Model):
    """A line of an organ's own word list; it stands before the built-in line of the same text."""

    class Kind(models.TextChoices):
        WORD = "word", "错误用词"
        OUTDATED = "outdated", "机构旧称"
        RISK = "risk", "风险用语"

    class Weight(models.TextChoices):
        BLOCK = "block", "必须处理"
        WARN = "warn", "请核对"
        NOTE = "note", "提示"
        OFF = "off", "不检查"

    organ = models.ForeignKey("organs.Organ", verbose_name="机构", on_delete=models.PROTECT, related_name="+")
    text = models.CharField("词语", max_length=40)
    kind = models.CharField("类别", max_length=8, choices=Kind.choices, default=Kind.WORD)
    advice = models.CharField("应为或者处理办法", max_length=120, blank=True)
    weight = models.CharField("处理", max_length=8, choices=Weight.choices, default=Weight.WARN)

    class Meta:
        verbose_name = "词语"
        verbose_name_plural = "用词词库"
        ordering = ["text"]
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "text"],
                name="watch_word_once",
                violation_error_message="词库里已有这个词语。",
            )
        ]

    def __str__(self) -> str:
        return self.text


class Rereview(models.Model):
    """A re-evaluation of what was not disclosed (条例第十八条)."""

    class Result(models.TextChoices):
        KEEP = "keep", "继续不公开"
        OPEN = "open", "转为公开"

    form = models.ForeignKey(ReviewForm, on_delete=models.PROTECT, related_name="rereviews")
    result = models.CharField("结论", max_length=8, choices=Result.choices)
    basis = models.CharField("依据和理由", max_length=300)
    next_review_on = models.DateField("下次复核日期", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="复核人", on_delete=models.PROTECT, related_name="+"
    )
    on = models.DateField("复核日期")

    class Meta:
        verbose_name = "定期复核"
        verbose_name_plural = "定期复核"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.get_result_display()}"
