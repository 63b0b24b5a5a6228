"""同义词 and 没有结果的搜索."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db import models
from django.db.models import QuerySet
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from gongkai.organs.desk.base import ActView, ScopedModelViewSet
from gongkai.organs.desk.columns import DayColumn, TimeColumn
from gongkai.search import services, vocabulary
from gongkai.search.models import EmptyQuery, SynonymGroup


class SynonymForm(WagtailAdminModelForm):
    """Words as people write them: one after the other."""

    words = forms.CharField(
        label="同义词", widget=forms.Textarea(attrs={"rows": 4}), max_length=600,
        help_text="第一个是规范名称，其余是群众的说法、简称或旧称；用顿号、空格或换行隔开。例如：最低生活保障、低保、吃低保。",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["words"] = "、".join(self.instance.words)

    def clean_words(self) -> list[str]:
        return services.words_of(self.cleaned_data["words"])

    class Meta:
        model = SynonymGroup
        fields: ClassVar = ["words", "note", "active"]


class SynonymFilter(WagtailFilterSet):
    holds = django_filters.CharFilter(label="含有的词", method="by_word")

    def by_word(self, queryset: QuerySet[SynonymGroup], name: str, value: str) -> QuerySet[SynonymGroup]:
        # The words are kept as JSON, which no database searches alike; there are some hundreds of groups.
        found = [pk for pk, words in queryset.values_list("pk", "words") if any(value in w for w in words)]
        return queryset.filter(pk__in=found)

    class Meta:
        model = SynonymGroup
        fields: ClassVar = ["active"]


class DeleteGroup(generic.DeleteView):
    """Goes through the service: the index of words must forget the group."""

    def delete_action(self) -> None:
        services.delete_synonyms(self.request.user, self.object)


class SynonymViewSet(ScopedModelViewSet):
    model = SynonymGroup
    name = "search-synonyms"
    url_prefix = "search/synonyms"
    icon = "link"
    delete_view_class = DeleteGroup
    filterset_class = SynonymFilter
    list_display: ClassVar = [
        Column("__str__", label="同义词"), Column("active", label="启用", accessor=lambda g: "是" if g.active else "否"),
        "note", TimeColumn("edited_at", label="修改时间"),
    ]  # fmt: skip
    list_export: ClassVar = ["words", "note", "active"]
    list_per_page = 50
    ordering: ClassVar = ["-edited_at", "pk"]
    empty_text = "群众怎么说、文件怎么写，在这里对上号：搜其中一个词，能找到写着另一个词的文件。"

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        return SynonymForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return services.save_synonyms(user, None, **form.cleaned_data)

    def perform_update(self, user: Any, form: Any) -> models.Model:
        return services.save_synonyms(user, form.instance, **form.cleaned_data)


class SameForm(forms.Form):
    """What people called it is known; what it is called officially is asked."""

    same = forms.CharField(
        label="规范名称", max_length=200,
        help_text="这个搜索词说的就是什么。可以再写几个别的叫法，用顿号隔开；已有这个名称的一组会加进去。",
    )  # fmt: skip


class SynonymAct(ActView):
    label = "加为同义词"
    icon = "link"
    form_class = SameForm
    explanation = "群众的说法与文件的名称对上号，以后这样搜就能找到，本条随之办结。"
    success = "已加为同义词，马上生效。"

    @staticmethod
    def offered(instance: models.Model) -> bool:
        return isinstance(instance, EmptyQuery) and instance.answer == EmptyQuery.Answer.OPEN

    def get_initial(self) -> dict[str, Any]:
        return {"same": vocabulary.correct(self.object.query)}

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.answer_with_synonym(
            self.request.user, self.object, same=services.words_of(cleaned["same"])
        )


class AnswerForm(WagtailAdminModelForm):
    class Meta:
        model = EmptyQuery
        fields: ClassVar = ["answer", "note"]
        help_texts: ClassVar = {"note": "补充了内容的写明标题，不属于本机关的写明属于谁。"}


class EmptyFilter(WagtailFilterSet):
    class Meta:
        model = EmptyQuery
        fields: ClassVar = ["answer"]


class EmptyViewSet(ScopedModelViewSet):
    model = EmptyQuery
    name = "search-empty"
    url_prefix = "search/empty"
    icon = "search"
    filterset_class = EmptyFilter
    list_display: ClassVar = [
        "query", Column("asked", label="次数"), DayColumn("first_on", label="首次"), DayColumn("last_on", label="最近"),
        Column("get_answer_display", label="处理"), "note",
    ]  # fmt: skip
    list_export: ClassVar = ["query", "asked", "first_on", "last_on", "answer", "note"]
    list_per_page = 50
    ordering: ClassVar = ["-asked", "query"]
    acts: ClassVar = {"synonym": SynonymAct}
    empty_text = (
        "公众搜索而没有找到的词列在这里：缺同义词的加同义词，缺内容的补内容。只记词和次数，不记是谁。"
    )

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        return AnswerForm

    def perform_update(self, user: Any, form: Any) -> models.Model:
        return services.answer_empty(user, form.instance, **form.cleaned_data)
