"""Measurements: ``make bench`` runs every ``bench_*.py`` here and prints one table.

Each module has ``run() -> list[dict]`` with ``name``, ``ours`` and ``peer`` (each a number in ``unit``, or None), the
``peer``'s name in ``against``, and ``ratio`` (ours to peer as the line says). Only figures of one run are comparable.
"""
