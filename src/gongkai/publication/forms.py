"""The form behind the page editor."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm


class ItemForm(WagtailAdminPageForm):
    """A new draft begins as what its column usually holds."""

    def __init__(self, *args: Any, parent_page: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, parent_page=parent_page, **kwargs)
        column = getattr(parent_page, "specific", None)
        if self.instance.pk is None and "kind" in self.fields and hasattr(column, "default_kind"):
            self.initial["kind"] = column.default_kind
