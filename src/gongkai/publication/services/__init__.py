"""What changes sections, columns, items, files and releases; one function per act."""

from gongkai.publication.services.bulk import bulk_add
from gongkai.publication.services.files import add_attachment
from gongkai.publication.services.grassroots import save_grassroots_item
from gongkai.publication.services.items import (
    archive,
    create_item,
    mark_superseded,
    problems,
    publish,
    register_guard,
    withdraw,
)
from gongkai.publication.services.releases import cancel_release, confirm_release, import_counts, release
from gongkai.publication.services.sections import (
    add_to_topic,
    create_column,
    create_columns,
    create_topic,
    sync_page_permissions,
    sync_sections,
    update_column,
)

__all__ = [
    "add_attachment",
    "add_to_topic",
    "archive",
    "bulk_add",
    "cancel_release",
    "confirm_release",
    "create_column",
    "create_columns",
    "create_item",
    "create_topic",
    "import_counts",
    "mark_superseded",
    "problems",
    "publish",
    "register_guard",
    "release",
    "save_grassroots_item",
    "sync_page_permissions",
    "sync_sections",
    "update_column",
    "withdraw",
]
