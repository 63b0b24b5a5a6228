"""What happens to a file afterwards: lent, handed over, appraised. These rows are kept for good."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.records.matters import Retention
from gongkai.records.models.files import ArchiveFile, Fonds


class Kept(models.Model):
    """A row that is never deleted."""

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("归档业务的记录不能删除。")


class Loan(Kept):
    """借阅: who has it, what for, since when, until when."""

    class Form(models.TextChoices):
        PAPER = "paper", "纸质"
        ELECTRONIC = "electronic", "电子"

    archive_file = models.ForeignKey(
        ArchiveFile, verbose_name="档案", on_delete=models.PROTECT, related_name="loans"
    )
    form = models.CharField("载体", max_length=12, choices=Form.choices, default=Form.PAPER)
    borrower = models.CharField("借阅人", max_length=60)
    unit = models.CharField("借阅单位", max_length=120, blank=True)
    purpose = models.CharField("用途", max_length=200)
    out_on = models.DateField("借出日期")
    due_on = models.DateField("应还日期")
    returned_on = models.DateField("归还日期", null=True, blank=True)
    condition = models.CharField("归还时状况", max_length=200, blank=True)
    lent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "借阅"
        verbose_name_plural = "借阅"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["archive_file"],
                condition=Q(form="paper", returned_on__isnull=True),
                name="loan_paper_once",
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("out_on")), name="loan_due_after_out"),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="loan_out", condition=Q(returned_on__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.archive_file.number} 借{self.borrower}"


class TransferList(Kept):
    """移交清册: which files go to whom; after both sides signed they are no longer ours."""

    class State(models.TextChoices):
        DRAFT = "draft", "编制中"
        SIGNED = "signed", "已签收"

    fonds = models.ForeignKey(
        Fonds, verbose_name="全宗", on_delete=models.PROTECT, related_name="transfer_lists"
    )
    year = models.PositiveSmallIntegerField("年度", editable=False)
    serial = models.PositiveIntegerField("流水号", editable=False)
    number = models.CharField("编号", max_length=60, unique=True, editable=False)
    recipient = models.CharField("接收单位", max_length=120)
    basis = models.CharField("移交依据", max_length=200, blank=True)
    files = models.ManyToManyField(ArchiveFile, verbose_name="档案", related_name="transfer_lists")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.DRAFT)
    handed_by = models.CharField("移交人", max_length=60, blank=True)
    handed_on = models.DateField("移交日期", null=True, blank=True)
    taken_by = models.CharField("接收人", max_length=60, blank=True)
    taken_on = models.DateField("接收日期", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="编制人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("编制时间", auto_now_add=True)

    class Meta:
        verbose_name = "移交清册"
        verbose_name_plural = "移交清册"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["fonds", "year", "serial"], name="transfer_list_serial_unique"),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(handed_on__isnull=False, taken_on__isnull=False),
                name="transfer_list_signed_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} 移交{self.recipient}"


class Appraisal(Kept):
    """到期鉴定: one person proposes, another decides (两人以上鉴定)."""

    class Verdict(models.TextChoices):
        KEEP = "keep", "续存"
        DESTROY = "destroy", "销毁"

    class State(models.TextChoices):
        PROPOSED = "proposed", "待复核"
        APPROVED = "approved", "已同意"
        REJECTED = "rejected", "未同意"

    archive_file = models.ForeignKey(
        ArchiveFile, verbose_name="档案", on_delete=models.PROTECT, related_name="appraisals"
    )
    verdict = models.CharField("鉴定意见", max_length=8, choices=Verdict.choices)
    retention = models.CharField("续存期限", max_length=4, choices=Retention.choices, blank=True)
    reason = models.CharField("理由", max_length=400)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="鉴定人", on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="复核人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)
    opinion = models.CharField("复核意见", max_length=400, blank=True)

    class Meta:
        verbose_name = "到期鉴定"
        verbose_name_plural = "到期鉴定"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["archive_file"], condition=Q(state="proposed"), name="appraisal_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="appraisal_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.archive_file.number} {self.get_verdict_display()}"
