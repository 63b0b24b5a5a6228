"""The organ tree: what an organ is, what it was called when, and the office that answers for disclosure."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from treebeard.mp_tree import MP_Node

from gongkai.organs import validators

#: A path is steps of four characters; the last character of treebeard's alphabet bounds a subtree from above.
PATH_CEILING = "ZZZZ"


def subtree(path: str, prefix: str = "") -> Q:
    """Condition for "this organ or below", as a range on the indexed path (LIKE would not use the index).

    ``prefix`` is the lookup to the organ with its trailing ``__`` ("" on Organ itself, "organ__" on a ledger).
    """
    return Q(**{f"{prefix}path__gte": path, f"{prefix}path__lte": path + PATH_CEILING})


class Organ(MP_Node):
    """One organ of the tree. Nothing is deleted: an organ is renamed, merged or abolished, with its history."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", "政府"
        OFFICE = "office", "政府办公室"
        DEPARTMENT = "department", "部门"
        TOWNSHIP = "township", "乡镇"
        SUBDISTRICT = "subdistrict", "街道"
        DISPATCHED = "dispatched", "派出机关"
        VILLAGE = "village", "村"
        OTHER = "other", "其他"

    class Status(models.TextChoices):
        ACTIVE = "active", "在册"
        MERGED = "merged", "已合并"
        ABOLISHED = "abolished", "已撤销"

    kind = models.CharField("类别", max_length=16, choices=Kind.choices)
    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=40, blank=True)
    slug = models.SlugField("网址代号", max_length=60, unique=True, help_text="用在网址里，定下后不宜再改。")
    credit_code = models.CharField(
        "统一社会信用代码", max_length=18, blank=True, validators=[validators.validate_uscc]
    )
    region_code = models.CharField(
        "行政区划代码", max_length=12, blank=True, validators=[validators.validate_region_code]
    )
    status = models.CharField("状态", max_length=12, choices=Status.choices, default=Status.ACTIVE)
    valid_from = models.DateField("设立日期", null=True, blank=True)
    valid_to = models.DateField("撤并日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        verbose_name="承接机构",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )
    address = models.CharField("办公地址", max_length=200, blank=True)
    hours = models.CharField("办公时间", max_length=200, blank=True)
    phone = models.CharField("联系电话", max_length=100, blank=True, validators=[validators.validate_phone])
    fax = models.CharField("传真", max_length=60, blank=True, validators=[validators.validate_phone])
    postcode = models.CharField(
        "邮政编码", max_length=6, blank=True, validators=[validators.validate_postcode]
    )
    # Not EmailField: an address imported with a fault must be storable, to be shown and mended.
    email = models.CharField("电子邮箱", max_length=120, blank=True, validators=[validators.validate_email])
    head = models.CharField("负责人", max_length=60, blank=True)
    duties = models.TextField("机构职能", blank=True)
    keywords = models.CharField(
        "职能关键词", max_length=300, blank=True, help_text="用空格隔开，供公众找到该向谁申请。"
    )
    vertical = models.BooleanField(
        "垂直领导", default=False, help_text="税务、海关等：不计入本地区汇总与考核。"
    )
    reconsideration_authority = models.ForeignKey(
        "self",
        verbose_name="行政复议机关",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="不填时按隶属关系确定（部门、乡镇为本级政府）。",
    )
    reconsideration_text = models.CharField("行政复议机关（树外）", max_length=120, blank=True)
    court = models.CharField("有管辖权的人民法院", max_length=120, blank=True)
    profile_reviewed_on = models.DateField("资料核对日期", null=True, blank=True)

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code="") & Q(status="active"),
                name="organ_credit_code_unique",
                violation_error_message="已有在册机构使用这个统一社会信用代码。",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="organ_valid_range",
                violation_error_message="撤并日期不能早于设立日期。",
            ),
            models.CheckConstraint(
                condition=Q(status="active", valid_to__isnull=True) | ~Q(status="active"),
                name="organ_active_has_no_end",
                violation_error_message="在册机构不应有撤并日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "path"], name="organ_kind_path"),
            models.Index(fields=["status", "path"], name="organ_status_path"),
            models.Index(fields=["name"], name="organ_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Short where there is a short form."""
        return self.short_name or self.name

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE

    def contact_errors(self) -> dict[str, str]:
        """Field label → what is wrong, for contact data that is present but unusable (check V9)."""
        errors: dict[str, str] = {}
        for name in ("phone", "fax", "postcode", "email"):
            field = self._meta.get_field(name)
            value = getattr(self, name)
            if not value:
                continue
            try:
                field.run_validators(value)
            except ValidationError as error:
                errors[str(field.verbose_name)] = error.messages[0]
        return errors


class OrganName(models.Model):
    """A name an organ bore in a period; the open row is its present name."""

    organ = models.ForeignKey(Organ, verbose_name="机构", on_delete=models.PROTECT, related_name="names")
    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=40, blank=True)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "曾用名"
        verbose_name_plural = "曾用名"
        ordering = ["organ", F("valid_from").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["organ"], condition=Q(valid_to__isnull=True), name="organ_one_present_name"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="organ_name_valid_range",
            ),
        ]
        indexes = [models.Index(fields=["organ", "valid_from"], name="organ_name_period")]

    def __str__(self) -> str:
        return self.name


class WorkOffice(models.Model):
    """政府信息公开工作机构 of an organ (条例第四条): who heads it, who stands in, how applications reach it."""

    organ = models.OneToOneField(
        Organ, verbose_name="机构", on_delete=models.PROTECT, related_name="work_office"
    )
    name = models.CharField("名称", max_length=120)
    head = models.ForeignKey(
        "organs.User",
        verbose_name="负责人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="offices_headed",
        help_text="批准延期答复（条例第三十三条）。",
    )
    backup = models.ForeignKey(
        "organs.User",
        verbose_name="代理负责人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="offices_backed",
        help_text="负责人不在时代为办理。",
    )
    address = models.CharField("通信地址", max_length=200, blank=True)
    hours = models.CharField("受理时间", max_length=200, blank=True)
    phone = models.CharField("联系电话", max_length=100, blank=True, validators=[validators.validate_phone])
    fax = models.CharField("传真", max_length=60, blank=True, validators=[validators.validate_phone])
    postcode = models.CharField(
        "邮政编码", max_length=6, blank=True, validators=[validators.validate_postcode]
    )
    email = models.CharField("电子邮箱", max_length=120, blank=True, validators=[validators.validate_email])
    accepts_web = models.BooleanField("网上", default=True)
    accepts_mail = models.BooleanField("信函", default=True)
    accepts_visit = models.BooleanField("当面", default=True)
    accepts_fax = models.BooleanField("传真接收", default=False)
    accepts_email = models.BooleanField("电子邮件", default=False)

    class Meta:
        verbose_name = "公开工作机构"
        verbose_name_plural = "公开工作机构"
        ordering = ["organ__path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(head__isnull=True) | Q(backup__isnull=True) | ~Q(head=F("backup")),
                name="work_office_two_people",
                violation_error_message="负责人与代理负责人不能是同一人。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    contact_errors = Organ.contact_errors

    def channels(self) -> list[str]:
        """The receiving channels that are open, in the order of the annual report's habit."""
        names = ("accepts_web", "accepts_mail", "accepts_visit", "accepts_fax", "accepts_email")
        return [
            str(self._meta.get_field(n).verbose_name).replace("接收", "") for n in names if getattr(self, n)
        ]

    def channels_text(self) -> str:
        """The open channels for a table cell."""
        return "、".join(self.channels()) or "（未开通）"
