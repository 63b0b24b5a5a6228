"""Files, the fonds they belong to, the boxes they lie in, and how long they are kept."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from gongkai.organs.fields import SealedText
from gongkai.organs.models import Organ
from gongkai.records.matters import Matter, Retention, Secrecy


class Fonds(models.Model):
    """全宗: all files of one organ. Its number is given by the archive that will take the files over."""

    organ = models.OneToOneField(
        Organ,
        verbose_name="立档单位",
        on_delete=models.PROTECT,
        related_name="fonds",
        error_messages={"unique": "这个机构已有全宗。"},
    )
    code = models.CharField(
        "全宗号",
        max_length=20,
        unique=True,
        help_text="由同级国家档案馆给定；已有档案归入后不能再改。",
        error_messages={"unique": "这个全宗号已在使用。"},
    )
    name = models.CharField("全宗名称", max_length=120)

    class Meta:
        verbose_name = "全宗"
        verbose_name_plural = "全宗"
        ordering = ["organ__path"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RetentionRule(models.Model):
    """The period of one class of files at an organ and below; the nearest one above holds."""

    organ = models.ForeignKey(Organ, verbose_name="机构", on_delete=models.PROTECT, related_name="+")
    matter = models.CharField("门类", max_length=16, choices=Matter.choices)
    retention = models.CharField("保管期限", max_length=4, choices=Retention.choices)
    source = models.CharField(
        "依据", max_length=200, help_text="本机关经同级档案主管部门审查同意的保管期限表的名称和文号。"
    )

    class Meta:
        verbose_name = "保管期限"
        verbose_name_plural = "保管期限"
        ordering = ["organ__path", "matter"]
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "matter"],
                name="retention_rule_unique",
                violation_error_message="该机构已有这个门类的保管期限。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organ.label} {self.get_matter_display()} {self.get_retention_display()}"


class Serial(models.Model):
    """The last number given in one series of a fonds."""

    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, related_name="serials")
    series = models.CharField(max_length=24)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "流水号"
        verbose_name_plural = "流水号"
        constraints = [models.UniqueConstraint(fields=["fonds", "series", "year"], name="serial_unique")]

    def __str__(self) -> str:
        return f"{self.fonds_id} {self.series} {self.year} {self.last}"


class PaperBox(models.Model):
    """A box of paper files and where it stands."""

    fonds = models.ForeignKey(Fonds, verbose_name="全宗", on_delete=models.PROTECT, related_name="boxes")
    number = models.CharField("盒号", max_length=40)
    year = models.PositiveSmallIntegerField("年度")
    retention = models.CharField("保管期限", max_length=4, choices=Retention.choices)
    shelf = models.CharField(
        "存放位置", max_length=80, help_text="库房、架、列、层，例如“档案室 2 架 3 层”。"
    )
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        verbose_name = "档案盒"
        verbose_name_plural = "档案盒"
        ordering = ["fonds", "-year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["fonds", "number"],
                name="paper_box_unique",
                violation_error_message="这个全宗已有同号的档案盒。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}（{self.shelf}）"


def _path(instance: ArchiveFile, filename: str) -> str:
    return new_path()


def new_path() -> str:
    """A fresh place in storage; no name of a person or matter is part of it."""
    return f"records/{timezone.localdate().year}/{uuid.uuid4().hex}"


class ArchiveFile(models.Model):
    """One file of one matter: its number, what was frozen with it, where it lies. Never deleted.

    The stored bytes are encrypted with a key of their own (``file_key``, itself sealed): a case file holds what the letters
    hold. ``digest`` and ``size`` are those of the bytes before encryption.
    """

    class State(models.TextChoices):
        ARCHIVED = "archived", "已归档"
        TRANSFERRED = "transferred", "已移交"
        DESTROYED = "destroyed", "已销毁"

    fonds = models.ForeignKey(Fonds, verbose_name="全宗", on_delete=models.PROTECT, related_name="files")
    organ = models.ForeignKey(
        Organ, verbose_name="归档单位", on_delete=models.PROTECT, related_name="archive_files"
    )
    matter = models.CharField("门类", max_length=16, choices=Matter.choices)
    year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("件号", editable=False)
    volume = models.PositiveSmallIntegerField("卷次", default=1, editable=False)
    number = models.CharField("档号", max_length=80, unique=True, editable=False)
    title = models.CharField("题名", max_length=200)
    object_type = models.CharField("业务类型", max_length=60, editable=False)
    object_id = models.CharField("业务编号", max_length=40, editable=False)
    retention = models.CharField("保管期限", max_length=4, choices=Retention.choices)
    retention_source = models.CharField("期限依据", max_length=200)
    retention_until = models.DateField("期限届满", null=True, blank=True)
    secrecy = models.CharField("密级", max_length=16, choices=Secrecy.choices, default=Secrecy.INTERNAL)
    file = models.FileField("电子文件", upload_to=_path, max_length=200, blank=True)
    file_key = SealedText("文件密钥", blank=True, editable=False)
    file_name = models.CharField("文件名", max_length=120)
    media_type = models.CharField("类型", max_length=80)
    digest = models.CharField("SHA-256", max_length=64, editable=False)
    size = models.PositiveBigIntegerField("大小", editable=False)
    pages = models.PositiveIntegerField("页数", default=0)
    manifest = models.JSONField("卷内目录", default=dict, editable=False)
    box = models.ForeignKey(
        PaperBox, verbose_name="档案盒", null=True, blank=True, on_delete=models.PROTECT, related_name="files"
    )
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.ARCHIVED)
    closed_on = models.DateField(
        "封存日期", null=True, blank=True, editable=False,
        help_text="业务系统中的个人信息已按期清除，电子档案封存：须有批准权限的人员写明事由才能查阅。",
    )  # fmt: skip
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="归档人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    archived_at = models.DateTimeField("归档时间", default=timezone.now)

    class Meta:
        verbose_name = "档案"
        verbose_name_plural = "档案"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "object_id", "volume"], name="archive_file_object_unique"
            ),
            models.UniqueConstraint(
                fields=["fonds", "year", "matter", "serial", "volume"], name="archive_file_serial_unique"
            ),
        ]
        indexes = [
            models.Index(fields=["organ", "-id"], name="archive_file_list"),
            models.Index(fields=["organ", "year", "matter"], name="archive_file_class"),
            models.Index(fields=["retention_until"], name="archive_file_due", condition=Q(state="archived")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def paper_only(self) -> bool:
        """Whether there is nothing to read but paper."""
        return bool(self.manifest.get("paper_only"))

    @property
    def is_closed(self) -> bool:
        """Whether the people in it are named nowhere else any more, so that it is opened only with approval."""
        return self.closed_on is not None

    @property
    def location(self) -> str:
        """Where the paper lies, "" while only electronic."""
        return str(self.box) if self.box_id else ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            old = ArchiveFile.objects.filter(pk=self.pk).first()
            if old is not None and any(getattr(old, n) != getattr(self, n) for n in FROZEN):
                raise TypeError("已归档的内容不能改动；需要补充的归入补充卷。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("档案不能删除；期满的经鉴定后销毁，目录永久保留。")


#: What never changes once filed.
FROZEN = (
    "fonds_id", "organ_id", "matter", "year", "serial", "volume", "number", "title", "object_type", "object_id", "digest",
    "size", "manifest", "archived_by_id", "archived_at",
)  # fmt: skip
