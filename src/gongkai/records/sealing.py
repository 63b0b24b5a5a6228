"""A file's bytes at rest: AES-256-GCM in pieces, under a key that belongs to this file alone.

The key is kept in the row, sealed by the platform's key ring, so rotating the ring re-seals a short text and not the
archive. Each piece is bound to its place and to being the last one or not: a cut or shuffled file does not open.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC: Final = b"GKARC1"
PIECE: Final = 1 << 20
_TAG: Final = 16


class SealError(Exception):
    """The stored bytes do not open: changed, cut, or the key is another one."""


def new_key() -> str:
    """A fresh key as text."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _place(index: int, last: bool) -> tuple[bytes, bytes]:
    # The key serves one file only, so counting is a safe nonce.
    return index.to_bytes(12, "big"), b"last" if last else b"more"


def seal(source: BinaryIO, key: str) -> Iterator[bytes]:
    """The encrypted pieces of ``source``, read from where it stands to its end."""
    cipher = AESGCM(base64.b64decode(key))
    yield MAGIC
    index, piece = 0, source.read(PIECE)
    while True:
        following = source.read(PIECE)
        nonce, bound = _place(index, not following)
        yield cipher.encrypt(nonce, piece, bound)
        if not following:
            return
        index, piece = index + 1, following


def unseal(source: BinaryIO, key: str) -> Iterator[bytes]:
    """The plain pieces of what :func:`seal` wrote. Raises SealError at the first piece that does not hold."""
    cipher = AESGCM(base64.b64decode(key))
    if source.read(len(MAGIC)) != MAGIC:
        raise SealError("不是归档文件")
    index, piece = 0, source.read(PIECE + _TAG)
    while True:
        following = source.read(PIECE + _TAG)
        nonce, bound = _place(index, not following)
        try:
            yield cipher.decrypt(nonce, piece, bound)
        except InvalidTag:
            raise SealError("内容被改动或者缺损") from None
        if not following:
            return
        index, piece = index + 1, following
