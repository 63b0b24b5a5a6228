"""专题: the list, and one topic with its introduction and its items."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.admin import messages

from gongkai.organs.desk.base import add_errors
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.publication import selectors, services
from gongkai.publication.desk.base import MODULE, PublicationView
from gongkai.publication.models import DisclosurePage, TopicEntry, TopicPage
from gongkai.publication.services.sections import TOPIC_FIELDS


class TopicForm(forms.ModelForm):
    """A topic as its keeper fills it in."""

    title = forms.CharField(label="专题名称", max_length=60)

    class Meta:
        model = TopicPage
        fields = TOPIC_FIELDS

    def _post_clean(self) -> None:
        """The service checks; the form only reads."""


class NewTopicForm(TopicForm):
    slug = forms.SlugField(
        label="网址代号", max_length=40, help_text="小写字母、数字和连字符，定下后不能改。"
    )


class TopicList(PublicationView):
    """Topics of the user's organs, and the form for a new one."""

    template_name = "publication/desk/topics.html"
    page_title = "专题"
    header_icon = "folder-open-inverse"

    def organ(self) -> Organ | None:
        organs = Organ.objects.filter(
            scope_of(self.request.user).condition("", MODULE, ["add"]), section__isnull=False, status="active"
        ).order_by("path")
        key = self.request.POST.get("organ", "")
        return organs.filter(pk=int(key[:15])).first() if key.isdecimal() else organs.first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topics = TopicPage.objects.filter(self.organs("view")).select_related("organ").order_by("path")[:200]
        organs = Organ.objects.filter(
            scope_of(self.request.user).condition("", MODULE, ["add"]), section__isnull=False, status="active"
        ).order_by("path")
        context = {"topics": topics, "organs": organs, "form": NewTopicForm(), "chosen": self.organ()}
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        organ, form = self.organ(), NewTopicForm(request.POST)
        section = selectors.section_of(organ) if organ else None
        if section is None:
            raise Http404("没有这个机构的专栏，或不在您的机构范围内。")
        if form.is_valid():
            try:
                topic = services.create_topic(request.user, section, **form.cleaned_data)
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, "专题已开设。")
                return HttpResponseRedirect(reverse("publication_topic", args=[topic.pk]))
        return self.render_to_response(self.get_context_data(form=form), status=422)


class TopicView(PublicationView):
    """One topic: what is said of it, what is listed in it, and what can be."""

    template_name = "publication/desk/topic.html"
    page_title = "专题"
    header_icon = "folder-open-inverse"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        start = {"url": reverse("publication_topics"), "label": "专题"}
        return [*self.breadcrumbs_items, start, {"url": "", "label": "办理"}]

    def topic(self) -> TopicPage:
        found = (
            TopicPage.objects.filter(self.organs("view"), pk=self.kwargs["pk"])
            .select_related("organ")
            .first()
        )
        if found is None:
            raise Http404("没有这个专题，或不在您的机构范围内。")
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topic = self.topic()
        q = self.request.GET.get("q", "").strip()[:40]
        entries = topic.entries.select_related("page").order_by("material", "sort_order")
        offered = selectors.public_items().filter(self.organs("view"), title__icontains=q) if q else []
        context = {
            "topic": topic, "q": q, "entries": entries, "form": TopicForm(instance=topic),
            "offered": offered[:30] if q else [], "materials": TopicEntry.Material.choices,
            "may_change": self.may("change", topic.organ),
        }  # fmt: skip
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        topic, act = self.topic(), request.POST.get("act", "")
        try:
            if act in ("add", "remove"):
                self._list(request, topic, act)
            else:
                form = TopicForm(request.POST)
                if not form.is_valid():
                    return self.render_to_response(self.get_context_data(form=form), status=422)
                services.update_topic(request.user, topic, **form.cleaned_data)
                messages.success(request, "专题已保存。")
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(errors=error.messages), status=422)
        return HttpResponseRedirect(request.path)

    def _list(self, request: HttpRequest, topic: TopicPage, act: str) -> None:
        key = request.POST.get("page", "")
        page = DisclosurePage.objects.filter(pk=int(key[:15]) if key.isdecimal() else 0).first()
        if page is None:
            raise Http404("没有这条信息。")
        if act == "add":
            services.add_to_topic(request.user, topic, page, request.POST.get("material", ""))
            messages.success(request, "已列入专题。")
        else:
            services.remove_from_topic(request.user, topic, page)
            messages.success(request, "已从专题移出，原信息不变。")
