"""What changes sections, columns, items, files and releases; one function per act."""

from gongkai.publication.services.arranging import close_column, columns_for, move_draft, reopen_column
from gongkai.publication.services.bulk import bulk_add
from gongkai.publication.services.documents import (
    build_pages,
    policy_column,
    register_page,
    sync_document,
    unlinked_documents,
)
from gongkai.publication.services.files import add_attachment
from gongkai.publication.services.gate import register_guard
from gongkai.publication.services.grassroots import save_grassroots_item
from gongkai.publication.services.guides import begin_version as begin_guide_version
from gongkai.publication.services.guides import current_guides
from gongkai.publication.services.guides import outdated as outdated_parts
from gongkai.publication.services.interpreting import (
    begin_interpretation,
    interpretation_column,
    link_interpretation,
)
from gongkai.publication.services.items import (
    archive,
    create_item,
    mark_superseded,
    problems,
    publish,
    withdraw,
)
from gongkai.publication.services.releases import cancel_release, confirm_release, import_counts, release
from gongkai.publication.services.sections import (
    add_to_topic,
    create_column,
    create_columns,
    create_topic,
    remove_from_topic,
    sync_page_permissions,
    sync_sections,
    update_column,
    update_topic,
)

__all__ = [
    "add_attachment",
    "add_to_topic",
    "archive",
    "begin_guide_version",
    "begin_interpretation",
    "build_pages",
    "bulk_add",
    "cancel_release",
    "close_column",
    "columns_for",
    "confirm_release",
    "create_column",
    "create_columns",
    "create_item",
    "create_topic",
    "current_guides",
    "import_counts",
    "interpretation_column",
    "link_interpretation",
    "mark_superseded",
    "move_draft",
    "outdated_parts",
    "policy_column",
    "problems",
    "publish",
    "register_guard",
    "register_page",
    "release",
    "remove_from_topic",
    "reopen_column",
    "save_grassroots_item",
    "sync_document",
    "sync_page_permissions",
    "sync_sections",
    "unlinked_documents",
    "update_column",
    "update_topic",
    "withdraw",
]
