"""用词词库: an organ's own lines; the built-in ones are shown beside them."""

from __future__ import annotations

from typing import Any, ClassVar

from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from gongkai.organs.desk.base import ScopedModelViewSet
from gongkai.publication.models import WatchWord
from gongkai.publication.review.services import remove_word, save_word


class DeleteWord(generic.DeleteView):
    """Through the service, so that the trail has it."""

    def delete_action(self) -> None:
        remove_word(self.request.user, self.object)


class WordViewSet(ScopedModelViewSet):
    """The word list."""

    model = WatchWord
    name = "watch-words"
    url_prefix = "publication/words"
    icon = "openquote"
    menu_label = "用词词库"
    form_fields: ClassVar = ["organ", "text", "kind", "advice", "weight"]
    list_display: ClassVar = [
        "text", Column("get_kind_display", label="类别"), Column("get_weight_display", label="处理"),
        Column("advice", label="应为或者处理办法"), Column("organ", label="机构"),
    ]  # fmt: skip
    list_filter: ClassVar = ["kind", "weight", "organ"]
    search_fields: ClassVar = ["text", "advice"]
    list_select_related = ("organ",)
    list_export: ClassVar = ["text", "kind", "weight", "advice"]
    delete_view_class = DeleteWord
    empty_text = "这里是本机构自己的词语。平台已内置常见错别字、机构旧称和风险用语；同一词语在这里登记的，以这里为准，选“不检查”可以停用。"

    def perform_create(self, user: Any, form: Any) -> WatchWord:
        return save_word(user, form.save(commit=False))

    def perform_update(self, user: Any, form: Any) -> WatchWord:
        return save_word(user, form.save(commit=False))
