"""Data of organs, people, duties, the site's identity and the audit trail."""

from gongkai.organs.models.audit import AuditEntry
from gongkai.organs.models.organ import Organ, OrganName, WorkOffice
from gongkai.organs.models.people import Handover, Membership, Person, User
from gongkai.organs.models.site import DemoLoad, SiteProfile

__all__ = [
    "AuditEntry",
    "DemoLoad",
    "Handover",
    "Membership",
    "Organ",
    "OrganName",
    "Person",
    "SiteProfile",
    "User",
    "WorkOffice",
]
