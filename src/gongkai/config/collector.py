"""The garbage collector of a process that serves."""

from __future__ import annotations

import gc


def settle() -> None:
    """What is loaded now stays: the collector need not walk through it again for every few pages that are made."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
