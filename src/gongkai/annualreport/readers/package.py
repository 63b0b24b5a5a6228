"""ZIP containers of XML (OOXML, OFD), opened with suspicion: sizes are counted while unpacking, not believed.

Guards against ZIP bombs (ratio, number and total of members), XML entity bombs (no DTD is accepted: neither OOXML nor OFD uses one)
and paths that lead out of the container.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from gongkai.annualreport.readers.errors import Limits, Unreadable

_CHUNK = 1 << 20
_RATIO_FROM = 1 << 20  # small members may compress as they like
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """An opened container. Members are looked up without regard to case, as the formats prescribe."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Raises Unreadable: ``truncated``, ``zip_bomb`` or ``encrypted``."""
        self.limits = limits
        self._spent = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except (
            zipfile.BadZipFile,
            ValueError,
            EOFError,
            OSError,
            NotImplementedError,
            OverflowError,
        ) as error:
            raise Unreadable("truncated") from error
        if len(members) > limits.max_members:
            raise Unreadable("zip_bomb")
        if any(member.flag_bits & 1 for member in members):
            raise Unreadable("encrypted")
        self._members = {_plain(member.filename): member for member in members}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._members

    def names(self) -> list[str]:
        """Names of all members, in lower case with forward slashes."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises KeyError where there is none, Unreadable for bombs and damage."""
        member = self._members[_plain(name)]
        allowed = self.limits.max_unpacked - self._spent
        by_ratio = max(_RATIO_FROM, member.compress_size * self.limits.max_ratio)
        pieces: list[bytes] = []
        size = 0
        try:
            with self._zip.open(member) as stream:
                while piece := stream.read(_CHUNK):
                    size += len(piece)
                    if size > allowed or size > by_ratio:
                        raise Unreadable("zip_bomb")
                    pieces.append(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise Unreadable("truncated") from error
        except RuntimeError as error:  # zipfile's way of asking for a password
            raise Unreadable("encrypted") from error
        self._spent += size
        return b"".join(pieces)

    def xml(self, name: str) -> etree._Element:
        """The root element of an XML member. Raises KeyError, or Unreadable for XML that is damaged or has a DTD."""
        return parse_xml(self.read(name))

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Relations of an OOXML part ("" for the package): id → (last word of the type, target as a member's name)."""
        folder, base = posixpath.split(name)
        path = posixpath.join(folder, "_rels", f"{base}.rels")
        if path not in self:
            return {}
        out: dict[str, tuple[str, str]] = {}
        for relation in self.xml(path).iter(_RELATION):
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "")
            target = (
                target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            out[relation.get("Id", "")] = (kind, target)
        return out

    def main_part(self, fallback: str) -> str:
        """The name of the package's main document. Raises Unreadable where there is none."""
        for kind, target in self.relations("").values():
            if kind == "officeDocument" and target in self:
                return target
        if fallback in self:
            return fallback
        raise Unreadable("damaged")


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML of a container. Raises Unreadable ``damaged``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("damaged") from error
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data or _has_doctype(root):
        raise Unreadable("damaged")
    return root


def _has_doctype(root: etree._Element) -> bool:
    """Also in UTF-16, where the bytes do not show it."""
    docinfo = root.getroottree().docinfo
    return docinfo is not None and bool(getattr(docinfo, "doctype", ""))


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
