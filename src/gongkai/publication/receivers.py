"""Publication has one effect whichever way it comes: by service, by workflow, by schedule."""

from __future__ import annotations

from typing import Any

from gongkai.publication.models import DisclosurePage, GuidePage


def published(sender: Any, instance: Any, **_: Any) -> None:
    """``page_published``: number, time, clock, release, counts; what the register says of it."""
    from gongkai.publication.services.following import join
    from gongkai.publication.services.guides import supersede_older
    from gongkai.publication.services.items import settle

    if isinstance(instance, DisclosurePage):
        settle(instance)
        join([instance])
        if isinstance(instance, GuidePage):
            supersede_older(instance)


def unpublished(sender: Any, instance: Any, **_: Any) -> None:
    """``page_unpublished``: off the lists."""
    from gongkai.publication.services.items import unsettle

    if isinstance(instance, DisclosurePage):
        unsettle(instance)
