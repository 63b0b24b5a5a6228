"""What changes organs, people and duties: one function per act, one transaction each, permission checked,
audit entry written. ``actor`` is the user who acts, or ``scope.SYSTEM``."""

from gongkai.organs.services.handover import HandoverItem, HandoverProvider, outstanding, register_handover
from gongkai.organs.services.people import (
    assign_password,
    create_person,
    end_membership,
    grant_membership,
    review_membership,
    set_person_active,
    update_membership,
    update_person,
)
from gongkai.organs.services.site import save_site_profile
from gongkai.organs.services.structure import (
    abolish_organ,
    create_organ,
    merge_organs,
    move_organ,
    register_structure_listener,
    rename_organ,
    save_work_office,
    update_profile,
)
from gongkai.organs.services.sync import register_group_provisioner, sync_user_groups

__all__ = [
    "HandoverItem",
    "HandoverProvider",
    "abolish_organ",
    "assign_password",
    "create_organ",
    "create_person",
    "end_membership",
    "grant_membership",
    "merge_organs",
    "move_organ",
    "outstanding",
    "register_group_provisioner",
    "register_handover",
    "register_structure_listener",
    "rename_organ",
    "review_membership",
    "save_site_profile",
    "save_work_office",
    "set_person_active",
    "sync_user_groups",
    "update_membership",
    "update_person",
    "update_profile",
]
