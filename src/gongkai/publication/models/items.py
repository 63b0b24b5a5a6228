"""The item: one table that every list, count and search reads, whatever the kind.

Kinds with fields of their own are subclasses (``kinds.py``); a list never needs their tables.
"""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester
from wagtail.url_routing import RouteResult

from gongkai.publication import vocab
from gongkai.publication.blocks import Body
from gongkai.publication.forms import ItemForm

#: What belongs to the item and not to one version of it: a revision never carries these back.
LASTING = (
    "organ", "column", "index_number", "published_at", "state", "shown", "due_on", "late", "content_class",
    "withdrawn_at", "withdrawn_reason", "corrected_at", "correction_note", "validity", "superseded_by", "superseded_note", "imported_from",
)  # fmt: skip


class ItemPermissions(PagePermissionTester):
    """What Wagtail's desk offers for an item, without a query per line of a list."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        # What was public is never deleted (see wagtail_hooks): no need to look for live pages below it.
        return self.page.published_at is None and super().can_delete(ignore_bulk)


class DisclosurePage(Page):
    """An item of disclosure (公开目录 entry of 条例第十二条): general kinds are this model itself."""

    organ = models.ForeignKey(
        "organs.Organ",
        verbose_name="发布机构",
        on_delete=models.PROTECT,
        related_name="disclosures",
        editable=False,
    )
    column = models.ForeignKey(
        "publication.ColumnPage",
        verbose_name="栏目",
        on_delete=models.PROTECT,
        related_name="items",
        editable=False,
    )
    kind = models.CharField("内容种类", max_length=16, choices=vocab.Kind.choices, default=vocab.Kind.GENERAL)
    content_class = models.CharField(
        "信息类别", max_length=12, choices=vocab.ContentClass.choices, editable=False
    )
    index_number = models.CharField(  # noqa: DJ001 - null until given: many drafts have none, and it is unique
        "索引号", max_length=40, null=True, unique=True, editable=False
    )
    document_number = models.CharField("发文字号", max_length=60, blank=True, db_index=True)
    issuer = models.CharField("制作机关", max_length=120, blank=True, help_text="与发布机构不同时填写。")
    source = models.CharField("信息来源", max_length=120, blank=True, help_text="不填时为发布机构。")
    author = models.CharField("撰稿", max_length=60, blank=True)
    formed_on = models.DateField("成文日期", help_text="信息形成之日，二十个工作日的公开期限从次日起算。")
    published_at = models.DateTimeField("发布时间", null=True, editable=False)
    due_on = models.DateField("应公开日期", null=True, editable=False)
    late = models.BooleanField("逾期公开", default=False, editable=False)
    state = models.CharField(
        "状态", max_length=12, choices=vocab.State.choices, default=vocab.State.DRAFT, editable=False
    )
    #: On the portal now: published, not withdrawn. Partial indexes lead with it as their condition.
    shown = models.BooleanField("在公开", default=False, editable=False)
    topic_class = models.CharField("主题分类", max_length=30, choices=vocab.TOPIC_CHOICES, blank=True)
    genre = models.CharField("体裁", max_length=12, choices=vocab.GENRE_CHOICES, blank=True)
    attribute = models.CharField(
        "公开属性", max_length=12, choices=vocab.Attribute.choices, default=vocab.Attribute.PROACTIVE
    )
    attribute_reason = models.CharField(
        "属性理由", max_length=300, blank=True, help_text="依申请公开或者不予公开的，写明依据的条款和理由。"
    )
    facet = models.CharField("五公开", max_length=12, choices=vocab.Facet.choices, blank=True)
    domain = models.CharField("基层公开领域", max_length=40, choices=vocab.domain_choices, blank=True)
    summary = models.CharField("内容概述", max_length=500, blank=True)
    keywords = models.CharField("主题词", max_length=200, blank=True, help_text="用空格隔开。")
    audience = models.CharField("服务对象", max_length=60, blank=True)
    validity = models.CharField("有效性", max_length=12, choices=vocab.Validity.choices, blank=True)
    effective_on = models.DateField("施行日期", null=True, blank=True)
    expires_on = models.DateField("失效日期", null=True, blank=True)
    body = StreamField(Body(), verbose_name="正文", blank=True)
    superseded_by = models.ForeignKey(
        "self",
        verbose_name="被何件取代",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="supersedes",
    )
    superseded_note = models.CharField("取代说明", max_length=200, blank=True, editable=False)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, editable=False)
    withdrawn_reason = models.CharField("撤回理由", max_length=300, blank=True, editable=False)
    corrected_at = models.DateTimeField("更正时间", null=True, editable=False)
    correction_note = models.CharField("更正说明", max_length=300, blank=True, editable=False)
    drafter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="拟稿人",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    imported_from = models.CharField("导入来源", max_length=120, blank=True, editable=False)

    #: The kind of a subclass; None: the drafter chooses.
    FIXED_KIND: ClassVar[str | None] = None
    base_form_class = ItemForm
    parent_page_types: ClassVar = ["publication.ColumnPage"]
    subpage_types: ClassVar[list[str]] = []
    exclude_fields_in_copy: ClassVar = [
        "index_number", "published_at", "state", "shown", "due_on", "late", "withdrawn_at", "withdrawn_reason",
        "corrected_at", "correction_note",
        "superseded_by", "superseded_note", "imported_from", "attachment_uses", "releases",
    ]  # fmt: skip
    show_in_menus_default = False

    class Meta:
        verbose_name = "一般信息"
        verbose_name_plural = "公开信息"
        indexes = [
            models.Index(
                fields=["column", "-published_at", "-page_ptr"], name="item_column", condition=Q(shown=True)
            ),
            models.Index(
                fields=["organ", "-published_at", "-page_ptr"], name="item_organ", condition=Q(shown=True)
            ),
            models.Index(fields=["-published_at", "-page_ptr"], name="item_all", condition=Q(shown=True)),
            models.Index(
                fields=["kind", "-published_at", "-page_ptr"], name="item_kind", condition=Q(shown=True)
            ),
            models.Index(fields=["domain", "-published_at"], name="item_domain", condition=Q(shown=True)),
            models.Index(fields=["organ", "state", "-page_ptr"], name="item_desk"),
            models.Index(fields=["drafter", "-page_ptr"], name="item_drafter"),
            models.Index(fields=["due_on", "organ"], name="item_due", condition=Q(published_at__isnull=True)),
            models.Index(fields=["organ", "-published_at"], name="item_late", condition=Q(late=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(index_number__isnull=False),
                name="item_published_is_numbered",
            ),
            models.CheckConstraint(
                condition=Q(shown=False) | Q(published_at__isnull=False), name="item_shown_is_published"
            ),
            models.CheckConstraint(
                condition=Q(attribute="proactive") | Q(shown=False),
                name="item_shown_is_proactive",
                violation_error_message="正在公开的信息不能改为不公开。请先撤下公开页，再改公开属性。",
            ),
        ]

    # --- staying what it is -------------------------------------------------------------------------------------

    def with_content_json(self, content: dict[str, Any]) -> DisclosurePage:
        """A revision brings back text, never number, timestamp or state (see LASTING)."""
        obj = super().with_content_json(content)
        for name in LASTING:
            field = self._meta.get_field(name)
            setattr(obj, field.attname, getattr(self, field.attname))
        return obj  # type: ignore[no-any-return]

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.fill()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill()
        super().save(*args, **kwargs)

    def fill(self) -> None:
        """What follows from the place in the tree and from the kind."""
        if self.FIXED_KIND:
            self.kind = self.FIXED_KIND
        if not self.slug:
            # Title addresses would change with the title; the number does not exist before publication.
            self.slug = f"{timezone.localdate():%Y%m%d}-{secrets.token_hex(4)}"
        if self.column_id is None and self.path:
            parent = self.get_parent()
            if parent is not None and parent.specific_class.__name__ == "ColumnPage":
                self.column = parent.specific
        if self.column_id and (self.organ_id is None or not self.content_class):
            self.organ_id = self.column.organ_id
            self.content_class = self.content_class or self.column.content_class
            self.domain = self.domain or self.column.domain
        if self.drafter_id is None and self.owner_id:
            self.drafter_id = self.owner_id
        if self.published_at is None and self.column_id and self.formed_on:
            from gongkai.publication.clock import due_of

            self.due_on = due_of(self).due

    # --- reading ------------------------------------------------------------------------------------------------

    @property
    def shown_source(self) -> str:
        return self.source or self.issuer or self.organ.name

    @property
    def ended(self) -> bool:
        """Repealed or expired: the page must say so at its top."""
        return self.validity in vocab.ENDED

    @property
    def public_url(self) -> str:
        from gongkai.publication.paths import url_of

        return url_of(self.url_path)

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """Wagtail's editor, workflow, schedule and bulk action all end here, and so does our service: one gate for all.

        Raises ValidationError while a condition of publication (review, scan) is not met; nothing is changed then.
        """
        from gongkai.publication.services.gate import check

        with transaction.atomic():
            check(self)
            return super().publish(revision, *args, **kwargs)

    def permissions_for_user(self, user: Any) -> ItemPermissions:
        return ItemPermissions(user, self)

    def route(self, request: Any, path_components: list[str]) -> Any:
        # A withdrawn item still answers at its address, with the reason; a draft answers nothing.
        if not path_components and not self.live and self.withdrawn_at is not None:
            return RouteResult(self)
        return super().route(request, path_components)

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        from gongkai.publication import views

        return views.serve(self, request)


from gongkai.publication.panels import install  # noqa: E402  (panels need the model's fields)

install(DisclosurePage)
