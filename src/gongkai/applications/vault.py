"""Personal data at rest. The key ring is the platform's (``gongkai.organs.vault``): the archive seals with it too."""

from gongkai.organs.vault import (
    VaultError,
    fingerprint,
    index_key,
    keys,
    new_key,
    seal,
    sealed_with,
    unseal,
)

__all__ = ["VaultError", "fingerprint", "index_key", "keys", "new_key", "seal", "sealed_with", "unseal"]
