"""What changes documents: one function per act, one transaction each, permission checked, audit written."""

from gongkai.normative.services.changing import (
    amend,
    carry_out,
    declare_void,
    end_in_part,
    extend,
    repeal,
    strike,
)
from gongkai.normative.services.core import refresh_statuses, settings_for
from gongkai.normative.services.issuing import file_with, issue, mark_interpreted, publish
from gongkai.normative.services.preparing import (
    consult,
    create_draft,
    deliberate,
    return_from_review,
    review,
    update_document,
)
from gongkai.normative.services.registering import Existing, bulk_register, register_existing
from gongkai.normative.services.relating import relate, unrelate

__all__ = [
    "Existing",
    "amend",
    "bulk_register",
    "carry_out",
    "consult",
    "create_draft",
    "declare_void",
    "deliberate",
    "end_in_part",
    "extend",
    "file_with",
    "issue",
    "mark_interpreted",
    "publish",
    "refresh_statuses",
    "register_existing",
    "relate",
    "repeal",
    "return_from_review",
    "review",
    "settings_for",
    "strike",
    "unrelate",
    "update_document",
]
