"""The archive of a closed case (条例第四十五条 归档): one package with everything that belongs to it, filed in ``records``."""

from gongkai.applications.archive.package import CasePackage, build_case_file
from gongkai.applications.archive.services import archive_case, can_archive, verify_archive, volumes

__all__ = ["CasePackage", "archive_case", "build_case_file", "can_archive", "verify_archive", "volumes"]
