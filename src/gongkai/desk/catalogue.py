"""Compiles the desk's translation catalogues without gettext's tools (an office server has none)."""

from __future__ import annotations

import ast
import re
import struct
from pathlib import Path

FOLDER = Path(__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES"
_LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")$')


def read_po(path: Path) -> dict[str, str]:
    """Key as gettext stores it (context and plural included) → translation. Raises ValueError on a bad line."""
    entries: dict[str, str] = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        fields: dict[str, str] = {}
        for line in block.splitlines():
            if not line or line.startswith("#"):
                continue
            match = _LINE.match(line)
            if match:
                # Chinese has one form; an English file's second plural only ends the first.
                name = match[1].replace("[0]", "")
                fields[name] = ast.literal_eval(match[2])
            elif line.startswith('"'):
                fields[name] += ast.literal_eval(line)
            else:
                raise ValueError(f"{path.name}: {line}")
        if "msgid" in fields:
            key = fields["msgid"]
            if "msgid_plural" in fields:
                key += "\0" + fields["msgid_plural"]
            if "msgctxt" in fields:
                key = fields["msgctxt"] + "\x04" + key
            entries[key] = fields["msgstr"]
    return entries


def mo_bytes(entries: dict[str, str]) -> bytes:
    """The binary catalogue (GNU .mo, little endian, no hash table)."""
    keys = sorted(entries, key=lambda key: key.encode())
    ids, texts, offsets = b"", b"", []
    for key in keys:
        raw, text = key.encode(), entries[key].encode()
        offsets.append((len(ids), len(raw), len(texts), len(text)))
        ids += raw + b"\0"
        texts += text + b"\0"
    table = 7 * 4
    id_start = table + 16 * len(keys)
    text_start = id_start + len(ids)
    id_table = b"".join(struct.pack("<II", length, id_start + at) for at, length, _, _ in offsets)
    text_table = b"".join(struct.pack("<II", length, text_start + at) for _, _, at, length in offsets)
    header = struct.pack("<7I", 0x950412DE, 0, len(keys), table, table + 8 * len(keys), 0, 0)
    return header + id_table + text_table + ids + texts


def compile_all(folder: Path = FOLDER) -> list[Path]:
    """Writes a .mo beside each .po; returns what was written."""
    written = []
    for po in sorted(folder.glob("*.po")):
        mo = po.with_suffix(".mo")
        mo.write_bytes(mo_bytes(read_po(po)))
        written.append(mo)
    return written
