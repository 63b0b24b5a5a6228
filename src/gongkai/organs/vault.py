"""Personal data at rest: AES-256-GCM with keys from the environment, and a keyed index to find the same person again.

``GONGKAI_DATA_KEYS`` holds one or more keys ``id:base64`` separated by commas; the first one encrypts, all decrypt, so a
key is rotated by putting a new one in front and running ``manage rotate_data_keys``. Without the variable a key is made
once and kept in the var directory, readable by the owner only. The index (HMAC) has a key of its own that never rotates,
because equal people must stay equal (国办函〔2020〕109号: the fee counts by identity, not by name).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from gongkai.organs.keyfile import kept

_PREFIX = "g1"
_NONCE = 12


class VaultError(Exception):
    """A stored value cannot be decrypted: its key is missing, or it was changed."""


@lru_cache(maxsize=4)
def _keys(configured: str) -> tuple[tuple[str, bytes], ...]:
    keys = []
    for part in filter(None, (p.strip() for p in configured.split(","))):
        name, _, text = part.partition(":")
        try:
            raw = base64.b64decode(text, validate=True)
        except ValueError:
            raw = b""
        if not name or not name.isalnum() or len(raw) != 32:
            raise ImproperlyConfigured(
                "GONGKAI_DATA_KEYS 每项应为“编号:密钥”，编号用字母数字，密钥为 32 字节的 base64。"
                "可运行 openssl rand -base64 32 生成。"
            )
        keys.append((name, raw))
    if len({name for name, _ in keys}) != len(keys):
        raise ImproperlyConfigured("GONGKAI_DATA_KEYS 的密钥编号不能重复。")
    return tuple(keys)


def new_key() -> str:
    """A fresh key in the form GONGKAI_DATA_KEYS takes."""
    return f"k{secrets.token_hex(3)}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def keys() -> tuple[tuple[str, bytes], ...]:
    """The key ring, the encrypting key first. Raises ImproperlyConfigured for a malformed variable."""
    configured = os.environ.get("GONGKAI_DATA_KEYS", "")
    return _keys(configured or kept(Path(settings.VAR) / "data_key", new_key()))


@lru_cache(maxsize=4)
def _index_key(configured: str) -> bytes:
    return hashlib.sha256(b"gongkai-index\x00" + configured.encode()).digest()


def index_key() -> bytes:
    """The key of the person index (``GONGKAI_INDEX_KEY``, else kept in the var directory)."""
    configured = os.environ.get("GONGKAI_INDEX_KEY", "")
    return _index_key(configured or kept(Path(settings.VAR) / "index_key", secrets.token_urlsafe(32)))


def seal(text: str, purpose: str) -> str:
    """Encrypt ``text``; ``purpose`` (table and field) is bound to it, so a value moved elsewhere does not open.

    The empty string stays empty: that nothing was given is no secret.
    """
    if not text:
        return ""
    name, key = keys()[0]
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())
    return f"{_PREFIX}.{name}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(stored: str, purpose: str) -> str:
    """Decrypt what :func:`seal` made. Raises VaultError."""
    if not stored:
        return ""
    try:
        prefix, name, text = stored.split(".", 2)
        key = dict(keys())[name]
        raw = base64.urlsafe_b64decode(text)
        if prefix != _PREFIX:
            raise ValueError(prefix)
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode()).decode()
    except KeyError:
        raise VaultError("缺少解密所需的密钥，请检查 GONGKAI_DATA_KEYS 是否保留了旧密钥。") from None
    except (ValueError, InvalidTag):
        raise VaultError("加密数据损坏或被改动，无法解密。") from None


def sealed_with(stored: str) -> str:
    """Name of the key a stored value was sealed with; "" for an empty value."""
    return stored.split(".", 2)[1] if stored.count(".") >= 2 else ""


def fingerprint(text: str, purpose: str) -> str:
    """A keyed digest under which equal values are found again; "" for nothing. Cannot be reversed without the key."""
    clean = "".join(text.split()).upper()
    if not clean:
        return ""
    return hmac.new(index_key(), f"{purpose}\x00{clean}".encode(), hashlib.sha256).hexdigest()
