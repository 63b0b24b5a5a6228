"""What changes a case: one function per act, one transaction each, permission checked, everything recorded."""

from gongkai.applications.services import extension  # noqa: F401  (follows the events of cases)
from gongkai.applications.services.acts import act, act_as_applicant, refresh, verify_chain
from gongkai.applications.services.filing import (
    ApplicantData,
    Filing,
    file_application,
    register_application,
    split_application,
)
from gongkai.applications.services.numbers import next_number

__all__ = [
    "ApplicantData",
    "Filing",
    "act",
    "act_as_applicant",
    "file_application",
    "next_number",
    "refresh",
    "register_application",
    "split_application",
    "verify_chain",
]
