"""The file chooser of the page editor: files of the user's organs only, in every one of its views."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from wagtail.admin.views.generic import chooser as views
from wagtail.admin.viewsets.chooser import ChooserViewSet

from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.publication.models import Attachment
from gongkai.publication.services.files import add_attachment

MODULE = "publication"


def files_for(user: Any) -> QuerySet[Attachment]:
    """Files of the organs at which ``user`` drafts or looks after items."""
    return Attachment.objects.filter(
        scope_of(user).condition("organ__", MODULE, ["add", "change"]), provisional=False
    )


class UploadForm(forms.Form):
    """A file, and whose it is."""

    organ = forms.ModelChoiceField(label="机构", queryset=Organ.objects.none())
    upload = forms.FileField(
        label="文件", help_text="PDF、Word、Excel、图片、视频（MP4）或者字幕（VTT），不超过 50 MB。"
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        organs = Organ.objects.filter(
            scope_of(user).condition("", MODULE, ["add"]), status="active"
        ).order_by("path")
        self.fields["organ"].queryset = organs
        self.fields["organ"].initial = organs.first()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("upload") and data.get("organ"):
            try:
                content = data["upload"].read()
                self.saved = add_attachment(self.user, data["organ"], data["upload"].name, content)
            except ValidationError as error:
                self.add_error("upload", error)
        return data

    def save(self) -> Attachment:
        return self.saved


class OwnFiles:
    """Lists and looks up among the user's own."""

    request: Any

    def get_object_list(self) -> QuerySet[Attachment]:
        return files_for(self.request.user)

    def get_object(self, pk: Any) -> Attachment:
        return files_for(self.request.user).get(pk=pk)

    def get_objects(self, pks: Any) -> QuerySet[Attachment]:
        return files_for(self.request.user).filter(pk__in=pks)


class WithUpload(OwnFiles):
    def get_creation_form_class(self) -> type[forms.Form]:
        return UploadForm

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_creation_form_kwargs(), "user": self.request.user}  # type: ignore[misc]


class ChooseView(WithUpload, views.ChooseView):
    """The dialogue."""


class ChooseResultsView(WithUpload, views.ChooseResultsView):
    """Its list."""


class ChosenView(OwnFiles, views.ChosenView):
    """One file chosen."""


class ChosenMultipleView(OwnFiles, views.ChosenMultipleView):
    """Several files chosen."""


class CreateView(WithUpload, views.CreateView):
    """A file uploaded from the dialogue."""


class AttachmentChooserViewSet(ChooserViewSet):
    model = Attachment
    icon = "doc-full"
    choose_one_text = "选择附件"
    choose_another_text = "换一个附件"
    create_action_label = "上传"
    create_action_clicked_label = "正在上传……"
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView
    create_view_class = CreateView


chooser_viewset = AttachmentChooserViewSet("publication_attachments", url_prefix="publication/files/choose")
