"""What is on its way in: a file or text read and not yet confirmed, a spreadsheet and what became of its rows."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class IntakeDraft(models.Model):
    """A reading that waits for its person: nothing of it is lost when the session ends."""

    class State(models.TextChoices):
        WAITING = "waiting", "待确认"
        DONE = "done", "已成稿"
        DISCARDED = "discarded", "已放弃"

    class Source(models.TextChoices):
        UPLOAD = "upload", "上传文件"
        PASTE = "paste", "粘贴"

    organ = models.ForeignKey("organs.Organ", verbose_name="机构", on_delete=models.PROTECT, related_name="+")
    column = models.ForeignKey(
        "publication.ColumnPage", verbose_name="栏目", on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField("来源", max_length=8, choices=Source.choices)
    name = models.CharField("名称", max_length=200)
    attachment = models.ForeignKey(
        "publication.Attachment", verbose_name="原件", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reading = models.JSONField("读出的要素", default=dict)
    blocks = models.JSONField("读出的正文", default=list)
    typed = models.JSONField("已填写", default=dict)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    page = models.ForeignKey(
        "publication.DisclosurePage",
        verbose_name="稿件",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("上传时间", auto_now_add=True)
    ended_at = models.DateTimeField("成稿或者放弃时间", null=True, editable=False)

    class Meta:
        verbose_name = "待确认来稿"
        verbose_name_plural = "待确认来稿"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["by", "-id"], name="intake_mine", condition=Q(state="waiting")),
            models.Index(fields=["ended_at"], name="intake_given_up", condition=Q(state="discarded")),
        ]

    def __str__(self) -> str:
        return self.name


class IntakeFile(models.Model):
    """A file that goes out with the original of a reading, in the order in which they were added."""

    draft = models.ForeignKey(IntakeDraft, on_delete=models.CASCADE, related_name="files")
    attachment = models.ForeignKey("publication.Attachment", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "来稿附件"
        verbose_name_plural = "来稿附件"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["draft", "attachment"], name="intake_file_once")]

    def __str__(self) -> str:
        return str(self.attachment)


def _path(instance: MigrationRun, filename: str) -> str:
    return f"publication/migration/{instance.organ_id}/{uuid.uuid4().hex}"


class MigrationRun(models.Model):
    """One spreadsheet of items, or ZIP of web pages: its mapping, how far it has come, what moved and what was left with the reason."""

    class State(models.TextChoices):
        MAPPING = "mapping", "待对应列"
        CHECKED = "checked", "已试运行"
        RUNNING = "running", "正在导入"
        DONE = "done", "已完成"

    class Mode(models.TextChoices):
        DRAFT = "draft", "存为草稿，经审核后公开"
        HISTORY = "history", "原已公开的信息，按原发布时间公开"

    organ = models.ForeignKey("organs.Organ", verbose_name="机构", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to=_path, max_length=200)
    digest = models.CharField("SHA-256", max_length=64, db_index=True)
    source = models.CharField("来源", max_length=100)
    packed = models.BooleanField("网页压缩包", default=False, editable=False)
    mode = models.CharField("方式", max_length=8, choices=Mode.choices, default=Mode.DRAFT)
    headings = models.JSONField("表头", default=list)
    header_line = models.PositiveIntegerField("表头所在行", default=1)
    mapping = models.JSONField("列的对应", default=dict)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.MAPPING)
    total = models.PositiveIntegerField("行数", default=0)
    last_line = models.PositiveIntegerField("已处理到的行", default=0)
    moved = models.PositiveIntegerField("已导入", default=0)
    skipped = models.PositiveIntegerField("未导入", default=0)
    trial_good = models.PositiveIntegerField("试运行可导入", default=0)
    trial_bad = models.PositiveIntegerField("试运行不能导入", default=0)
    seconds = models.FloatField("用时（秒）", default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "批量导入"
        verbose_name_plural = "批量导入"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name}（{self.source}）"


class MigrationRow(models.Model):
    """What became of one row; with ``trial`` what would become of it."""

    run = models.ForeignKey(MigrationRun, on_delete=models.CASCADE, related_name="rows")
    trial = models.BooleanField("试运行", default=False)
    line = models.PositiveIntegerField("行号")
    title = models.CharField("标题", max_length=200, blank=True)
    reason = models.CharField("原因", max_length=500, blank=True)
    advice = models.CharField("怎么办", max_length=300, blank=True)
    page = models.ForeignKey(
        "publication.DisclosurePage",
        verbose_name="条目",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = "导入行"
        verbose_name_plural = "导入行"
        ordering = ["run", "trial", "line"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "trial", "line"], name="migration_row_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["run", "trial", "line"], name="migration_skipped", condition=~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line} {self.title}"


class OldAddress(models.Model):
    """Where an item stood on the site before this one; asking for it leads to the item."""

    path = models.CharField("原网址", max_length=500, unique=True)
    page = models.ForeignKey(
        "publication.DisclosurePage",
        verbose_name="条目",
        on_delete=models.CASCADE,
        related_name="old_addresses",
    )

    class Meta:
        verbose_name = "原网址"
        verbose_name_plural = "原网址"

    def __str__(self) -> str:
        return self.path
