"""Work that takes longer than a page may."""

from __future__ import annotations

from django_tasks import task

from gongkai.search.building import build_all


@task()
def rebuild() -> int:
    """Looks at everything public again; how many entries changed."""
    return build_all().changed
