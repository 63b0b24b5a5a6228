"""The file chooser of the page editor: files of the user's organs only."""

from __future__ import annotations

from wagtail.admin.viewsets.chooser import ChooserViewSet


class AttachmentChooserViewSet(ChooserViewSet):
    model = "publication.Attachment"
    icon = "doc-full"
    choose_one_text = "选择附件"
    choose_another_text = "换一个附件"


chooser_viewset = AttachmentChooserViewSet("publication_attachments")
