"""One document of the register: what it is, and the columns folded from its life."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from gongkai.normative.rules.life import LABELS, VALIDITY_LABELS, Act, Validity
from gongkai.normative.rules.numbers import NumberError, normalise
from gongkai.organs.addresses import address
from gongkai.organs.models import Organ


class Category(models.TextChoices):
    """类别. Only the first two stand in table 2."""

    RULES = "rules", "规章"
    NORMATIVE = "normative", "行政规范性文件"
    POLICY = "policy", "其他政策文件"
    GENERAL = "general", "一般公文"


#: Categories that have a validity, need an interpretation and are cleaned up.
BINDING = (Category.RULES, Category.NORMATIVE)


class Disclosure(models.TextChoices):
    """公开属性, fixed at drafting (sheet 05 §10)."""

    ACTIVE = "active", "主动公开"
    REQUEST = "request", "依申请公开"
    CLOSED = "closed", "不予公开"


class Term(models.TextChoices):
    """How long the document is meant to hold."""

    OPEN = "open", "未定期限"
    FIXED = "fixed", "定有有效期"
    TRIAL = "trial", "试行"
    INTERIM = "interim", "暂行"


class Topic(models.TextChoices):
    """主题分类 (22 classes, sheet 05 §10)."""

    STATE_COUNCIL = "01", "国务院组织机构"
    GENERAL = "02", "综合政务"
    ECONOMY = "03", "国民经济管理、国有资产监管"
    FINANCE = "04", "财政、金融、审计"
    LAND = "05", "国土资源、能源"
    FARMING = "06", "农业、林业、水利"
    INDUSTRY = "07", "工业、交通"
    TRADE = "08", "商贸、海关、旅游"
    MARKET = "09", "市场监管、安全生产监管"
    BUILDING = "10", "城乡建设、环境保护"
    EDUCATION = "11", "科技、教育"
    CULTURE = "12", "文化、广电、新闻出版"
    HEALTH = "13", "卫生、体育"
    POPULATION = "14", "人口与计划生育、妇女儿童工作"
    LABOUR = "15", "劳动、人事、监察"
    JUSTICE = "16", "公安、安全、司法"
    WELFARE = "17", "民政、扶贫、救灾"
    ETHNIC = "18", "民族、宗教"
    FOREIGN = "19", "对外事务"
    OVERSEAS = "20", "港澳台侨工作"
    DEFENCE = "21", "国防"
    OTHER = "22", "其他"


class Genre(models.TextChoices):
    """公文体裁: the fifteen kinds of official document."""

    RESOLUTION = "resolution", "决议"
    DECISION = "decision", "决定"
    ORDER = "order", "命令（令）"
    COMMUNIQUE = "communique", "公报"
    ANNOUNCEMENT = "announcement", "公告"
    NOTICE_PUBLIC = "notice_public", "通告"
    OPINION = "opinion", "意见"
    NOTICE = "notice", "通知"
    CIRCULAR = "circular", "通报"
    REPORT = "report", "报告"
    REQUEST = "request", "请示"
    REPLY = "reply", "批复"
    BILL = "bill", "议案"
    LETTER = "letter", "函"
    MINUTES = "minutes", "纪要"


STAGES = [(act.value, LABELS[act]) for act in (Act.DRAFTED, Act.CONSULTED, Act.REVIEWED, Act.DELIBERATED)] + [
    (Act.ISSUED.value, "已印发")
]
VALIDITIES = [(v.value, VALIDITY_LABELS[v]) for v in Validity if v.value]
ENDS = [(act.value, LABELS[act]) for act in (Act.REPEALED, Act.DECLARED_VOID, Act.EXPIRED)]


def document_url(pk: int) -> str:
    """The public page of the document with that key."""
    return address("normative:document", pk)


class Document(models.Model):
    """A document in drafting, or issued. The columns from ``stage`` on are folded from its events by the services, in the
    transaction that appends the event; ``status`` is today's; on ``changes_on`` it becomes another, and the daily command writes that down."""

    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, related_name="documents", verbose_name="制发机关"
    )
    joint_organs = models.ManyToManyField(
        Organ, blank=True, related_name="joint_documents", verbose_name="联合制发机关"
    )
    category = models.CharField("类别", max_length=10, choices=Category.choices)
    title = models.CharField("标题", max_length=300)
    number = models.CharField("发文字号", max_length=60, blank=True)
    mark = models.CharField("机关代字", max_length=40, blank=True, editable=False)
    number_year = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    number_serial = models.PositiveIntegerField(null=True, blank=True, editable=False)
    index_number = models.CharField("索引号", max_length=60, blank=True)
    genre = models.CharField("体裁", max_length=16, choices=Genre.choices, default=Genre.NOTICE)
    topic = models.CharField("主题分类", max_length=2, choices=Topic.choices, default=Topic.GENERAL)
    keywords = models.CharField("主题词", max_length=120, blank=True)
    audience = models.CharField("适用对象", max_length=120, blank=True)
    summary = models.CharField("内容概述", max_length=500, blank=True)
    drafter = models.CharField("起草单位", max_length=120, blank=True)
    signer = models.CharField("签发人", max_length=60, blank=True)
    body = models.TextField("正文", blank=True)

    disclosure = models.CharField(
        "公开属性", max_length=8, choices=Disclosure.choices, default=Disclosure.ACTIVE
    )
    disclosure_reason = models.CharField("属性理由", max_length=300, blank=True)
    interpretation_required = models.BooleanField("需要解读", default=True)
    interpretation_exemption = models.CharField("免予解读的理由", max_length=300, blank=True)
    interpreted_on = models.DateField("解读发布日期", null=True, blank=True, editable=False)

    formed_on = models.DateField("成文日期", null=True, blank=True)
    term = models.CharField("期限", max_length=8, choices=Term.choices, default=Term.OPEN)
    legacy = models.BooleanField("补登的已印发文件", default=False, editable=False)

    # folded
    stage = models.CharField(
        "办理环节", max_length=12, choices=STAGES, default=Act.DRAFTED.value, editable=False
    )
    issued_on = models.DateField("印发日期", null=True, blank=True, editable=False)
    effective_on = models.DateField("施行日期", null=True, blank=True, editable=False)
    published_on = models.DateField("公布日期", null=True, blank=True, editable=False)
    published_at = models.DateTimeField("发布时间", null=True, blank=True, editable=False)
    filed_on = models.DateField("备案日期", null=True, blank=True, editable=False)
    valid_until = models.DateField("有效期截止", null=True, blank=True, editable=False)
    ended_on = models.DateField("失去效力日期", null=True, blank=True, editable=False)
    end_act = models.CharField("失去效力方式", max_length=16, blank=True, choices=ENDS, editable=False)
    status = models.CharField("效力", max_length=8, blank=True, choices=VALIDITIES, editable=False)
    changes_on = models.DateField("效力下次变化", null=True, blank=True, editable=False)

    publication_due = models.DateField("公开期限", null=True, blank=True, editable=False)
    filing_due = models.DateField("备案期限", null=True, blank=True, editable=False)
    interpretation_due = models.DateField("解读期限", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件登记簿"
        ordering = ("-issued_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("organ", "number"),
                condition=~Q(number=""),
                name="document_number_once",
                violation_error_message="本机关已有文件使用这个文号。",
            ),
            models.UniqueConstraint(
                fields=("index_number",), condition=~Q(index_number=""), name="document_index_once"
            ),
            models.CheckConstraint(
                condition=Q(stage="issued", issued_on__isnull=False, effective_on__isnull=False)
                | (
                    ~Q(stage="issued")
                    & Q(issued_on__isnull=True, ended_on__isnull=True, published_on__isnull=True)
                ),
                name="document_issued_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_act="")
                | (Q(ended_on__gte=F("issued_on")) & ~Q(end_act="")),
                name="document_ends_after_issue",
                violation_error_message="失去效力的日期不能早于印发日期。",
            ),
            models.CheckConstraint(
                condition=Q(disclosure="active", published_on__isnull=True)
                | Q(published_on__gte=F("issued_on"), published_at__isnull=False, disclosure="active")
                | (~Q(disclosure="active") & ~Q(disclosure_reason="") & Q(published_on__isnull=True)),
                name="document_disclosure",
                violation_error_message="依申请公开、不予公开的文件应写明理由，且不能公布。",
            ),
            models.CheckConstraint(
                condition=Q(interpretation_required=True)
                | ~Q(interpretation_exemption="")
                | ~Q(category__in=("rules", "normative")),
                name="document_interpretation",
                violation_error_message="规章和行政规范性文件应当解读；免予解读的，写明理由。",
            ),
        ]
        indexes = [
            models.Index(fields=("category", "issued_on", "ended_on", "organ"), name="document_table2"),
            models.Index(fields=("category", "ended_on", "organ"), name="document_ended"),
            models.Index(fields=("organ", "-issued_on", "-id"), name="document_organ"),
            models.Index(fields=("number",), name="document_number"),
            models.Index(fields=("mark", "number_year", "number_serial"), name="document_mark"),
            # The library: in its order, with every column that its conditions name (see ``library``).
            models.Index(
                fields=(
                    "-published_on",
                    "-id",
                    "organ",
                    "category",
                    "topic",
                    "status",
                    "issued_on",
                    "effective_on",
                    "ended_on",
                ),
                condition=Q(published_on__isnull=False),
                name="document_library",
            ),
            models.Index(
                fields=("organ", "-published_on", "-id"),
                condition=Q(published_on__isnull=False),
                name="document_public_organ",
            ),
            models.Index(
                fields=("publication_due",),
                condition=Q(published_on__isnull=True, publication_due__isnull=False),
                name="document_publication_due",
            ),
            models.Index(
                fields=("filing_due",),
                condition=Q(filed_on__isnull=True, filing_due__isnull=False),
                name="document_filing_due",
            ),
            models.Index(
                fields=("interpretation_due",),
                condition=Q(interpreted_on__isnull=True, interpretation_due__isnull=False),
                name="document_interpretation_due",
            ),
            models.Index(fields=("status", "valid_until"), name="document_expiry"),
            models.Index(
                fields=("changes_on",), condition=Q(changes_on__isnull=False), name="document_changes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.number}）" if self.number else self.title

    def clean(self) -> None:
        try:
            self.number = normalise(self.number)
        except NumberError as problem:
            raise ValidationError({"number": str(problem)}) from None

    def get_absolute_url(self) -> str:
        """The public page (of a published document)."""
        return document_url(self.pk)

    @property
    def is_binding(self) -> bool:
        """Whether it is counted in table 2, cleaned up and interpreted."""
        return self.category in BINDING

    @property
    def is_issued(self) -> bool:
        return self.issued_on is not None

    @property
    def in_stock(self) -> bool:
        """现行有效 today."""
        return Validity(self.status).in_stock

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds."""
        return self.ended_on - timedelta(days=1) if self.ended_on else None
