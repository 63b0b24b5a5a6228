"""Any published annual report, in whatever form, as :class:`~gongkai.annualreport.model.Report`.

``read`` looks at the content, never at the name. The reader of each format is imported when it is first needed, so that
checking a web page does not pay for the PDF library.
"""

from __future__ import annotations

import hashlib
from importlib import import_module
from pathlib import Path

from gongkai.annualreport.document import Document
from gongkai.annualreport.model import Report

from .detect import detect
from .errors import DEFAULT, Limits, Unreadable

#: Readers that give back our own writers' output as reports, with no document between.
_DIRECT = frozenset({"json", "csv"})


def read(data: bytes, name: str = "", *, limits: Limits = DEFAULT) -> list[Report]:
    """The reports in ``data``, in reading order (a file may hold several).

    ``name`` is the file's name, used only as a weak hint for organ and year and to name the source.
    Raises :class:`Unreadable` and nothing else.
    """
    kind = detect(data, limits)
    reader = import_module(f".{kind}", __name__)
    found: object
    try:
        found = reader.read(data, limits)
    except Unreadable:
        raise
    except MemoryError as error:
        raise Unreadable("too_complex") from error
    # The format libraries raise whatever their parsers meet in a broken file; for the user it is one thing.
    except Exception as error:
        raise Unreadable("damaged") from error
    reports = _reports(found, kind, name, limits)
    digest = hashlib.sha256(data).hexdigest()
    for report in reports:
        report.source_name = report.source_name or name
        report.source_format = report.source_format or kind
        report.source_digest = digest
    return reports


def _reports(found: object, kind: str, name: str, limits: Limits) -> list[Report]:
    if isinstance(found, Document):
        from gongkai.annualreport.assemble import assemble

        return assemble(found, name, limits)
    if isinstance(found, Report):
        return [found]
    if kind in _DIRECT and isinstance(found, (list, tuple)) and found:
        return list(found)
    raise Unreadable("not_report")


def read_path(path: str | Path, *, limits: Limits = DEFAULT) -> list[Report]:
    """The reports in a file. Raises :class:`Unreadable` also when it is missing, a folder or may not be read."""
    path = Path(path)
    try:
        if path.is_dir():
            raise Unreadable("directory")
        if path.stat().st_size > limits.max_bytes:
            raise Unreadable("too_large")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable("not_found") from error
    except PermissionError as error:
        raise Unreadable("forbidden") from error
    except (OSError, ValueError) as error:
        raise Unreadable("damaged", "读不到这个文件。请检查路径和磁盘后再试。") from error
    return read(data, path.name, limits=limits)


__all__ = ["DEFAULT", "Limits", "Unreadable", "read", "read_path"]
