"""Base viewset of every ledger in the desk.

Wagtail's own model and snippet viewsets ask only "may this user edit *any* of these?"; knowing the address of
another organ's object was enough to open it. Here every view of a viewset, whatever it is called and whenever it
is added, is built through ``construct_view`` and gets ``ScopedViewMixin``: the object is looked up among those the
user may see (404 otherwise), the action is checked on the object (refused otherwise), lists and exports come from
the scoped queryset, and choices in forms and filters are limited to the user's organs.

To use it: register an ``OrganScopedPermissionPolicy`` for the model in ``AppConfig.ready``, subclass
``ScopedModelViewSet``, and give ``perform_create`` / ``perform_update``, which call the app's services.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, ClassVar

from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import models, transaction
from django.forms import Form, ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import SnippetViewSet

from gongkai.organs.desk.columns import TimeColumn
from gongkai.organs.models import AuditEntry, Organ
from gongkai.organs.scope import ANY_ACTION, OrganScopedPermissionPolicy

SCOPED_VIEWSETS: list[type] = []  # every viewset class that was registered; the walking test reads it


def limit_choices(
    form: Form, user: Any, policy: OrganScopedPermissionPolicy, actions: Collection[str]
) -> None:
    """Cuts every choice of a form down to what ``user`` may see.

    Organs: where one of ``actions`` is allowed by ``policy``. Other models with a scoped policy: what that policy
    lets the user view. A value already on the object stays choosable, else saving would lose it silently.
    """
    for name, field in form.fields.items():
        if not isinstance(field, ModelChoiceField) or field.queryset is None:
            continue
        model = field.queryset.model
        if model is Organ:
            allowed = policy.organs_for(user, actions).values("pk")
        else:
            other = policy_registry.get_by_type(model)
            if not isinstance(other, OrganScopedPermissionPolicy):
                continue
            allowed = other.instances_user_has_permission_for(user, "view").values("pk")
        current = getattr(getattr(form, "instance", None), f"{name}_id", None)
        field.queryset = field.queryset.filter(models.Q(pk__in=allowed) | models.Q(pk=current))
        if model is Organ and field.required and not form.is_bound and not form.initial.get(name):
            only = list(field.queryset[:2])
            if len(only) == 1:  # whoever works for one organ is not asked which
                form.initial[name] = only[0].pk


class ScopedViewMixin:
    """Mixed into every view of a scoped viewset."""

    scoped_viewset: Any = None

    @property
    def policy(self) -> OrganScopedPermissionPolicy:
        return policy_registry.get_by_type(self.model)  # type: ignore[no-any-return, attr-defined]

    def needed_actions(self) -> Collection[str]:
        """The actions of which one is needed; a view that names none changes things, so it needs ``change``."""
        if getattr(self, "permission_required", None):
            return [self.permission_required]  # type: ignore[attr-defined]
        return getattr(self, "any_permission_required", None) or ["change"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        # Before the view's own setup, which in Wagtail loads the object.
        self.check_scope(request, kwargs)
        super().setup(request, *args, **kwargs)  # type: ignore[misc]

    def check_scope(self, request: HttpRequest, kwargs: dict[str, Any]) -> None:
        """Raises Http404 for an object outside the user's organs, PermissionDenied for one merely not theirs to do."""
        if not self.policy.user_has_any_permission(request.user, self.needed_actions()):
            raise PermissionDenied
        if "pk" not in kwargs:
            return
        visible = self.policy.instances_user_has_any_permission_for(request.user, ANY_ACTION)
        try:
            instance = visible.get(pk=unquote(str(kwargs["pk"])))
        except (visible.model.DoesNotExist, ValueError, ValidationError):
            raise Http404("没有这条记录，或不在您的机构范围内。") from None
        if not self.policy.user_has_any_permission_for_instance(
            request.user, self.needed_actions(), instance
        ):
            raise PermissionDenied

    def may(self, action: str, instance: models.Model) -> bool:
        return self.policy.user_has_permission_for_instance(self.request.user, action, instance)  # type: ignore[attr-defined]

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        limit_choices(form, self.request.user, self.policy, self.needed_actions())  # type: ignore[attr-defined]
        return form


class CountingPaginator(WagtailPaginator):
    """Says how many in Chinese: “共 6 条”, where Wagtail puts the number before the name of the thing."""

    @cached_property
    def items_count_label(self) -> str:
        return f"共 {self.count} 条"


class ScopedListMixin:
    """For index views: rows, links and filters of the user's organs only."""

    def get_base_queryset(self) -> models.QuerySet[Any]:
        queryset = self.policy.instances_user_has_any_permission_for(  # type: ignore[attr-defined]
            self.request.user,  # type: ignore[attr-defined]
            self.any_permission_required,  # type: ignore[attr-defined]
        )
        viewset = self.scoped_viewset  # type: ignore[attr-defined]
        if viewset.list_select_related:
            queryset = queryset.select_related(*viewset.list_select_related)
        # The scope comes first in the order of inheritance: what a list adds of its own goes through ``rows``.
        return self.rows(queryset.prefetch_related(*viewset.list_prefetch_related))

    def rows(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """What the list adds to its rows: counts, columns left out. An index view overrides it."""
        own = getattr(super(), "rows", None)
        return own(queryset) if own else queryset

    @cached_property
    def filters(self) -> Any:
        filters = super().filters  # type: ignore[misc]
        if filters is not None:
            limit_choices(filters.form, self.request.user, self.policy, ["view"])  # type: ignore[attr-defined]
        return filters

    def get_edit_url(self, instance: models.Model) -> str | None:
        return super().get_edit_url(instance) if self.may("change", instance) else None  # type: ignore[misc, attr-defined]

    def get_delete_url(self, instance: models.Model) -> str | None:
        return super().get_delete_url(instance) if self.may("delete", instance) else None  # type: ignore[misc, attr-defined]

    def get_list_more_buttons(self, instance: models.Model) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)  # type: ignore[misc]
        return [*buttons, *self.scoped_viewset.act_buttons(self.request.user, instance)]  # type: ignore[attr-defined]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)  # type: ignore[misc]
        context["empty_text"] = self.scoped_viewset.empty_text  # type: ignore[attr-defined]
        return context  # type: ignore[no-any-return]


class ServiceFormMixin:
    """For create and edit views: saving means calling the viewset's service; its refusals become form errors."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[no-any-return, misc]
        except ValidationError as error:
            add_errors(form, error)
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[no-any-return, attr-defined]


class CreateThroughService(ServiceFormMixin):
    def save_instance(self) -> models.Model:
        return self.scoped_viewset.perform_create(self.request.user, self.form)  # type: ignore[no-any-return, attr-defined]


class EditThroughService(ServiceFormMixin):
    def save_instance(self) -> models.Model:
        return self.scoped_viewset.perform_update(self.request.user, self.form)  # type: ignore[no-any-return, attr-defined]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [
            *super().header_more_buttons,
            *self.scoped_viewset.act_buttons(self.request.user, self.object),
        ]  # type: ignore[misc, attr-defined]


class InspectScoped:
    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)  # type: ignore[misc]
        if value is True or value is False:
            return "是" if value else "否"
        return "（空）" if value is None or value == "" else value

    def get_edit_url(self) -> str | None:
        return super().get_edit_url() if self.may("change", self.object) else None  # type: ignore[misc, attr-defined]

    def get_delete_url(self) -> str | None:
        return super().get_delete_url() if self.may("delete", self.object) else None  # type: ignore[misc, attr-defined]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [
            *super().header_more_buttons,
            *self.scoped_viewset.act_buttons(self.request.user, self.object),
        ]  # type: ignore[misc, attr-defined]


def add_errors(form: Any, error: ValidationError) -> None:
    """Puts a service's refusal on the form: to the fields it names, where the form has them, else on top."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    for field, messages_ in by_field.items():
        target = field if field in form.fields else None
        for message in messages_:
            form.add_error(target, message)


class AuditHistoryView(HistoryView):
    """历史: the audit entries of one object, newest first."""

    any_permission_required: ClassVar = ["add", "change", "delete", "view"]
    filterset_class = None
    header_buttons: ClassVar[list[Any]] = []

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column("act_label", label="动作"),
            Column("actor_name", label="操作人", width="15%"),
            Column("reason", label="依据或理由"),
            TimeColumn("at", label="时间", width="15%"),
        ]

    def get_base_queryset(self) -> models.QuerySet[AuditEntry]:
        types = [self.model._meta.label_lower, self.model._meta.concrete_model._meta.label_lower]
        return AuditEntry.objects.filter(object_type__in=types, object_id=str(self.object.pk)).order_by("-pk")

    def get_edit_url(self, instance: models.Model) -> str | None:
        return super().get_edit_url(instance) if self.may("change", instance) else None


class ActView(WagtailAdminTemplateMixin, BaseObjectMixin, FormView):
    """One further act on one object: a sentence that says what will happen, a small form, one button.

    Subclasses set ``label``, ``icon``, ``explanation``, ``form_class`` and ``perform``.
    """

    template_name = "desk/act.html"
    permission_required = "change"
    model: Any = None
    index_url_name: str | None = None
    edit_url_name: str | None = None
    inspect_url_name: str | None = None
    label = ""
    icon = "edit"
    explanation = ""
    danger = False
    success = "已办理。"

    @staticmethod
    def offered(instance: models.Model) -> bool:
        """Whether the act makes sense on ``instance`` now."""
        return True

    def perform(self, cleaned: dict[str, Any]) -> Any:
        """Calls the service. What it raises as ValidationError is shown on the form."""
        raise NotImplementedError

    def get_page_title(self) -> str:
        return self.label

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        plural = str(self.model._meta.verbose_name_plural)
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": plural},
            {"url": "", "label": self.label, "sublabel": str(self.object)},
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if getattr(self.form_class, "wants_instance", False):
            kwargs["instance"] = self.object
        return kwargs

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                self.perform(form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        messages.success(self.request, self.success)
        return redirect(reverse(self.index_url_name))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            object=self.object,
            explanation=self.explanation,
            danger=self.danger,
            submit_label=self.label,
            cancel_url=reverse(self.index_url_name),
        )


class ScopedViewSetMixin:
    """What scoped model and snippet viewsets share."""

    copy_view_enabled = False
    add_to_reference_index = False
    history_view_class = AuditHistoryView
    list_select_related: ClassVar[Collection[str]] = ()
    list_prefetch_related: ClassVar[Collection[str]] = ()
    #: What belongs in the list and how to begin, shown while it is empty.
    empty_text = ""
    #: name → ActView subclass: further acts on one object, each at ``<name>/<pk>/``.
    acts: ClassVar[dict[str, type]] = {}

    def on_register(self) -> None:
        policy = policy_registry.get_by_type(self.model)  # type: ignore[attr-defined]
        if not isinstance(policy, OrganScopedPermissionPolicy):
            raise ImproperlyConfigured(
                f"{type(self).__name__}: register an OrganScopedPermissionPolicy for {self.model.__name__} "  # type: ignore[attr-defined]
                "in AppConfig.ready before its viewset."
            )
        if type(self) not in SCOPED_VIEWSETS:
            SCOPED_VIEWSETS.append(type(self))
        super().on_register()  # type: ignore[misc]

    def construct_view(self, view_class: type, **kwargs: Any) -> Callable[..., HttpResponse]:
        return super().construct_view(self.scoped(view_class), **kwargs)  # type: ignore[no-any-return, misc]

    def scoped(self, view_class: type) -> type:
        """``view_class`` behind the scope check."""
        mixins: list[type] = []
        if issubclass(view_class, generic.IndexView):
            mixins.append(ScopedListMixin)
        elif issubclass(view_class, generic.CreateView):
            mixins.append(CreateThroughService)
        elif issubclass(view_class, generic.EditView):
            mixins.append(EditThroughService)
        elif issubclass(view_class, generic.InspectView):
            mixins.append(InspectScoped)
        bases = (*mixins, ScopedViewMixin, view_class)
        more: dict[str, Any] = {"scoped_viewset": self}
        if getattr(view_class, "paginator_class", None) is WagtailPaginator:
            more["paginator_class"] = CountingPaginator
        return type(view_class.__name__, bases, more)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        # "Usage" lists what refers to an object, other organs' records included: there is no such view here.
        return {**super().get_common_view_kwargs(**kwargs), "usage_url_name": None}  # type: ignore[misc]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(  # type: ignore[no-any-return, misc]
            **{"results_template_name": ["desk/list_results.html"], **kwargs}
        )

    def get_urlpatterns(self) -> list[Any]:
        patterns = [p for p in super().get_urlpatterns() if p.name != "usage"]  # type: ignore[misc]
        conv = self.pk_path_converter  # type: ignore[attr-defined]
        for name, view_class in self.acts.items():
            patterns.append(path(f"{name}/<{conv}:pk>/", self.construct_view(view_class), name=name))
        return patterns

    def act_buttons(self, user: Any, instance: models.Model) -> list[Button]:
        """Buttons of the acts that ``user`` may do on ``instance`` now."""
        policy = policy_registry.get_by_type(self.model)  # type: ignore[attr-defined]
        return [
            Button(
                view.label,
                url=reverse(self.get_url_name(name), args=[quote(instance.pk)]),  # type: ignore[attr-defined]
                icon_name=view.icon,
                priority=40 + order,
            )
            for order, (name, view) in enumerate(self.acts.items())
            if view.offered(instance)
            and policy.user_has_permission_for_instance(user, view.permission_required, instance)
        ]

    def perform_create(self, user: Any, form: Any) -> models.Model:
        raise ImproperlyConfigured(f"{type(self).__name__} needs perform_create, which calls a service.")

    def perform_update(self, user: Any, form: Any) -> models.Model:
        raise ImproperlyConfigured(f"{type(self).__name__} needs perform_update, which calls a service.")


class ScopedModelViewSet(ScopedViewSetMixin, ModelViewSet):
    """Viewset of an ordinary model."""


class ScopedSnippetViewSet(ScopedViewSetMixin, SnippetViewSet):
    """Viewset of a model with drafts, revisions or workflow."""
