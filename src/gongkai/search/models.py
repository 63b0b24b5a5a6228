"""The search's own tables: one row for everything public, the words it knows, what was asked and not found."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

#: Bits of a position below the day: this many documents may bear one date.
SERIAL_BITS = 20


class RowNumberField(models.BigIntegerField):
    """A whole number that is the row number itself: to SQLite ``bigint`` as a primary key is an index beside the rows,
    ``integer`` is the order in which they lie, so that the newest are read one after the other."""

    def db_type(self, connection: Any) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class SearchDoc(models.Model):
    """One public thing as the search sees it. A projection: made from the record, never edited.

    ``position`` is the day (proleptic ordinal) with a serial number below it, so that the order of the row numbers is
    the order of time, and the newest matches are the first ones found without sorting (STACK).
    """

    position = RowNumberField(primary_key=True)
    key = models.CharField("对象", max_length=80, unique=True)
    kind = models.CharField("种类", max_length=16)
    organ = models.ForeignKey("organs.Organ", on_delete=models.CASCADE, null=True, related_name="+")
    #: The column of the disclosure pages in which it stands: a number of the app above, which this one does not know.
    column = models.BigIntegerField("栏目", null=True)
    title = models.CharField("标题", max_length=400)
    number = models.CharField("文号", max_length=120, blank=True)
    keywords = models.CharField("关键词", max_length=400, blank=True)
    summary = models.CharField("概述", max_length=600, blank=True)
    body = models.TextField("正文", blank=True)
    url = models.CharField("网址", max_length=400)
    day = models.DateField("日期", null=True)
    year = models.PositiveSmallIntegerField("年份", default=0)
    validity = models.CharField("效力", max_length=12, blank=True)
    topic = models.CharField("主题", max_length=40, blank=True)
    extra = models.JSONField("附加", default=dict)
    facet = models.CharField("分面", max_length=400, editable=False)
    digest = models.CharField(max_length=32, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "搜索条目"
        verbose_name_plural = "搜索条目"
        ordering = ("-position",)
        indexes = [
            # All that the facets count (gongkai.search.rows), so that two thousand rows need not be read for it.
            models.Index(
                fields=("position", "kind", "organ", "year", "validity", "topic"), name="search_facts_idx"
            ),
            models.Index(fields=("kind", "position"), name="search_kind_idx"),
            models.Index(fields=("organ", "position"), name="search_organ_idx"),
            models.Index(fields=("validity", "position"), name="search_validity_idx"),
            models.Index(fields=("column", "position"), name="search_column_idx"),
            models.Index(fields=("updated_at", "position"), name="search_updated_idx"),
            # Following the changes of one kind, organ or column.
            models.Index(fields=("kind", "updated_at", "position"), name="search_kind_updated_idx"),
            models.Index(fields=("organ", "updated_at", "position"), name="search_organ_updated_idx"),
            models.Index(fields=("column", "updated_at", "position"), name="search_column_updated_idx"),
        ]

    def __str__(self) -> str:
        return self.title


class Withdrawn(models.Model):
    """What was public and is no longer: whoever keeps a copy of our open data learns of it here. Kept for good, with where
    it stood, and nothing of what it said."""

    key = models.CharField("对象", max_length=80, unique=True)
    kind = models.CharField("种类", max_length=16)
    organ = models.ForeignKey("organs.Organ", on_delete=models.SET_NULL, null=True, related_name="+")
    column = models.BigIntegerField("栏目", null=True)
    url = models.CharField("网址", max_length=400)
    at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        verbose_name = "已撤下"
        verbose_name_plural = "已撤下"
        indexes = [
            models.Index(fields=("at", "id"), name="search_withdrawn_idx"),
            models.Index(fields=("kind", "at", "id"), name="withdrawn_kind_idx"),
            models.Index(fields=("organ", "at", "id"), name="withdrawn_organ_idx"),
            models.Index(fields=("column", "at", "id"), name="withdrawn_column_idx"),
        ]

    def __str__(self) -> str:
        return self.key


class SearchTerm(models.Model):
    """A word or title that the search can offer while someone types, and take for what was meant."""

    term = models.CharField("词", max_length=80, unique=True)
    pinyin = models.CharField("全拼", max_length=240, blank=True)
    initials = models.CharField("简拼", max_length=80, blank=True)
    word = models.BooleanField("词（不是标题）", default=True)
    weight = models.FloatField("权重", default=1)

    class Meta:
        verbose_name = "联想词"
        verbose_name_plural = "联想词"
        indexes = [
            models.Index(fields=("pinyin", "weight"), name="search_term_pinyin_idx"),
            models.Index(fields=("initials", "weight"), name="search_term_initials_idx"),
        ]

    def __str__(self) -> str:
        return self.term


class SynonymGroup(models.Model):
    """Words that mean the same to the search: 低保 = 最低生活保障. The first is the official one."""

    words = models.JSONField("同义词", default=list, help_text="第一个是规范名称，其余是群众的说法或旧称。")
    note = models.CharField("说明", max_length=200, blank=True)
    active = models.BooleanField("启用", default=True)
    seeded = models.CharField("预置编号", max_length=40, blank=True, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    edited_at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = "同义词"
        verbose_name_plural = "同义词"
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=("seeded",), condition=~Q(seeded=""), name="synonym_seeded_once")
        ]

    def __str__(self) -> str:
        return " = ".join(self.words)


class QueryStat(models.Model):
    """How often something was searched on a day and found nothing: no person, no time of day, no address."""

    day = models.DateField("日期")
    query = models.CharField("搜索词", max_length=60)
    asked = models.PositiveIntegerField("次数", default=0)
    empty = models.PositiveIntegerField("没有结果的次数", default=0)

    class Meta:
        verbose_name = "搜索统计"
        verbose_name_plural = "搜索统计"
        ordering = ("-day", "-asked")
        constraints = [models.UniqueConstraint(fields=("day", "query"), name="query_stat_once")]
        indexes = [models.Index(fields=("query", "day"), name="query_stat_query_idx")]

    def __str__(self) -> str:
        return f"{self.day} {self.query} {self.asked}"


class EmptyQuery(models.Model):
    """A search that finds nothing, to be dealt with: a synonym, new content, or another organ's business."""

    class Answer(models.TextChoices):
        OPEN = "open", "待处理"
        SYNONYM = "synonym", "已加同义词"
        CONTENT = "content", "已补充内容"
        ELSEWHERE = "elsewhere", "不属于本机关"
        NOISE = "noise", "无意义"

    query = models.CharField("搜索词", max_length=60, unique=True)
    asked = models.PositiveIntegerField("次数", default=0)
    first_on = models.DateField("首次")
    last_on = models.DateField("最近")
    answer = models.CharField("处理", max_length=12, choices=Answer.choices, default=Answer.OPEN)
    note = models.CharField("说明", max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    answered_at = models.DateTimeField("处理时间", null=True, editable=False)

    class Meta:
        verbose_name = "没有结果的搜索"
        verbose_name_plural = "没有结果的搜索"
        ordering = ("-asked", "query")
        indexes = [models.Index(fields=("answer", "-asked"), name="empty_query_answer_idx")]

    def __str__(self) -> str:
        return self.query


class IndexState(models.Model):
    """Which of the two tables answers, which one is being built, and with what version of the tokens (one row)."""

    active = models.CharField(max_length=1, default="a")
    building = models.CharField(max_length=1, blank=True)
    #: The table being built holds everything up to this position; what lies beyond comes when its turn comes.
    built_to = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    terms_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "索引状态"
        verbose_name_plural = "索引状态"

    def __str__(self) -> str:
        return f"{self.active} v{self.version}"
