"""What goes over the socket: one header line of JSON, then the files' bytes; back comes a status byte and the answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

OK, REFUSED, BUSY = b"+", b"!", b"~"

#: Wall clock and processor seconds a child may take, and memory it may add to what the server has.
WALL_SECONDS = 20
CPU_SECONDS = 15
MEMORY_BYTES = 768 * 1024 * 1024
MAX_CHILDREN = 4
MAX_ANSWER = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Job:
    """``task`` names a function of :mod:`.work`; ``options`` are plain data; ``blobs`` the files."""

    task: str
    options: dict[str, Any]
    blobs: tuple[bytes, ...] = ()

    def encode(self) -> bytes:
        header = {"task": self.task, "options": self.options, "sizes": [len(b) for b in self.blobs]}
        return json.dumps(header).encode("ascii") + b"\n" + b"".join(self.blobs)

    @classmethod
    def decode(cls, data: bytes) -> Job:
        """Raises ValueError for a malformed job."""
        line, _, rest = data.partition(b"\n")
        header = json.loads(line)
        blobs, at = [], 0
        for size in header["sizes"]:
            blobs.append(rest[at : at + size])
            at += size
        if at != len(rest):
            raise ValueError("job is cut short")
        return cls(header["task"], header["options"], tuple(blobs))
