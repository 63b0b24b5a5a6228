"""Letters of a case and the templates they are made from."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.signals import m2m_changed
from django.dispatch import receiver

from gongkai.applications.fields import SealedText
from gongkai.applications.models.application import Application
from gongkai.applications.models.files import CaseFile
from gongkai.law.case import CARRIER_LABELS, SERVICE_LABELS
from gongkai.organs.models import Organ


class LetterTemplate(models.Model):
    """An office's own wording of a kind of letter; without one the built-in wording is used.

    It holds for ``organ`` and its subtree; the nearest one wins.
    """

    organ = models.ForeignKey(
        Organ, verbose_name="机构", on_delete=models.PROTECT, related_name="letter_templates"
    )
    kind = models.CharField("文书种类", max_length=40)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("正文", help_text="用 {{ 字段名 }} 插入字段；右侧列出全部字段。")
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "文书模板"
        verbose_name_plural = "文书模板"
        ordering = ["organ__path", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "kind"],
                name="letter_template_unique",
                violation_error_message="该机构已有这种文书的模板。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.organ.label}）"


class Letter(models.Model):
    """One letter: editable until signed, then frozen with its digest."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        REVIEW = "review", "待法制审核"
        SIGN = "sign", "待签发"
        SIGNED = "signed", "已签发"
        VOID = "void", "作废"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField("文书种类", max_length=40)
    number = models.CharField("文号", max_length=60, blank=True)
    number_year = models.PositiveSmallIntegerField(null=True, editable=False)
    serial = models.PositiveIntegerField(null=True, editable=False)
    addressee = models.CharField(
        "主送", max_length=200, blank=True
    )  # masked on lists; the text itself is sealed
    title = models.CharField("标题", max_length=160)
    body = SealedText("正文")  # it names the applicant
    data = SealedText("填写内容", blank=True, default="")  # JSON: typed fields, addressee, delivery wish
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    dated = models.DateField("成文日期", null=True, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="拟稿人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField(auto_now_add=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="审核人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_opinion = models.CharField("审核意见", max_length=400, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="签发人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField("摘要", max_length=64, blank=True)  # of title, number, date and body at signing
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    anonymised_at = models.DateTimeField("去标识时间", null=True, blank=True, editable=False)
    attachments = models.ManyToManyField(CaseFile, verbose_name="附件", blank=True, related_name="letters")

    class Meta:
        verbose_name = "文书"
        verbose_name_plural = "文书"
        ordering = ["application", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="signed") | (Q(signed_at__isnull=False) & ~Q(digest="")),
                name="letter_signed_is_frozen",
            )
        ]
        indexes = [models.Index(fields=["state", "kind"], name="letter_state_kind")]

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()

    @property
    def frozen(self) -> bool:
        """Whether the text, number and date can no longer change."""
        return bool(self.digest)

    @property
    def details(self) -> dict[str, Any]:
        """What was typed: ``values`` (field → text), ``addressee``, ``online``, ``about`` (a consultation's letter)."""
        kept: dict[str, Any] = json.loads(self.data) if self.data else {}
        return {"values": {}, "addressee": "", "online": False, "about": ""} | kept

    def keep_details(self, **changes: Any) -> None:
        """Merge ``changes`` into :attr:`details` (not saved)."""
        self.data = json.dumps(self.details | changes, ensure_ascii=False, sort_keys=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        # A signed letter is what the applicant holds in hand: only that it was voided may be added.
        if self.pk is not None:
            old = Letter.objects.filter(pk=self.pk).first()
            if old is not None and old.frozen and any(getattr(old, n) != getattr(self, n) for n in FROZEN):
                raise TypeError("已签发的文书不能改动；有误的请另发更正告知书。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("文书不能删除；不用的请作废。")


#: What never changes after signing.
FROZEN = (
    "application_id", "kind", "number", "number_year", "serial", "addressee", "title", "body", "data", "dated",
    "drafted_by_id", "reviewed_by_id", "reviewed_at", "review_opinion", "signed_by_id", "signed_at", "digest",
)  # fmt: skip


class Delivery(models.Model):
    """One service of a signed letter: how, when, by whom carried, with what proof (国办公开办函〔2016〕235号)."""

    letter = models.ForeignKey(
        Letter, verbose_name="文书", on_delete=models.PROTECT, related_name="deliveries"
    )
    way = models.CharField(
        "送达方式", max_length=16, choices=[(k.value, v) for k, v in SERVICE_LABELS.items()]
    )
    on = models.DateField("送达日期")
    carrier = models.CharField(
        "承运", max_length=16, blank=True, choices=[(k.value, v) for k, v in CARRIER_LABELS.items()]
    )
    tracking = models.CharField("邮件号", max_length=40, blank=True)
    place = models.CharField("送达地点", max_length=200, blank=True)
    confirmed_on = models.DateField("确认日", null=True, blank=True)
    proof = models.ForeignKey(
        CaseFile, verbose_name="送达凭证", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "送达记录"
        verbose_name_plural = "送达记录"
        ordering = ["letter", "pk"]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.on}"


@receiver(m2m_changed, sender=Letter.attachments.through)
def _attachments_are_frozen(sender: Any, instance: Any, action: str, **kwargs: Any) -> None:
    # From the file's side too (file.letters.add), where pk_set are letters.
    if not action.startswith("pre_"):
        return
    letters = (
        [instance]
        if isinstance(instance, Letter)
        else Letter.objects.filter(pk__in=kwargs.get("pk_set") or ())
    )
    if any(letter.frozen for letter in letters):
        raise TypeError("已签发的文书不能增减附件。")
