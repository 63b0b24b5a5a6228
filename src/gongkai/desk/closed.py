"""Stock desk addresses that stay shut for everybody but the unlimited administrator.

Wagtail's reports, bulk actions, user and group screens and generic choosers answer across organs (measured: the
site-history report and bulk actions showed other organs' titles). What an app needs of them it opens again here,
by name, once it has a scoped replacement; the test that walks every address keeps this honest.
"""

from __future__ import annotations

from typing import Final

CLOSED_NAMESPACES: Final = frozenset(
    {
        "wagtailadmin_reports",
        "wagtailadmin_collections",
        "wagtailadmin_workflows",
        "wagtailusers_users",
        "wagtailusers_groups",
        "wagtailsites",
        "wagtailsnippets",
        "wagtailadmin_api",
        "wagtailimages",
        "wagtailimages_chooser",
        "wagtaildocs",
        "wagtaildocs_chooser",
    }
)
CLOSED_NAMES: Final = frozenset(
    {
        "wagtail_bulk_action",
        "wagtailadmin_tag_autocomplete",
        "wagtailadmin_tag_model_autocomplete",
        "wagtailadmin_error_test",
        "wagtailadmin_block_preview",
    }
)


def is_closed(namespaces: list[str], name: str | None) -> bool:
    """Whether the address is one of those."""
    if not namespaces:
        return name in CLOSED_NAMES or (name or "").startswith("wagtailadmin_choose_page")
    return bool(CLOSED_NAMESPACES & set(namespaces))
