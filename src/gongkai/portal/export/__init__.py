"""The public site as files (DESIGN §2 "Static outside, living inside"): nginx serves them, the office edits inside."""

from gongkai.portal.export.release import ExportResult, export_site

__all__ = ["ExportResult", "export_site"]
