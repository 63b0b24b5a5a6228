"""The site's identity."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import transaction

from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.models import SiteProfile
from gongkai.organs.models.site import CACHE_KEY
from gongkai.organs.roles import Module
from gongkai.organs.scope import require

register_acts({"site.save": "修改站点信息"})


@transaction.atomic
def save_site_profile(actor: Any, **fields: Any) -> SiteProfile:
    """Changes the site's identity. One who may is either unlimited or serves where the site belongs."""
    profile = SiteProfile.objects.select_for_update().filter(pk=1).first()
    before = snapshot(profile) if profile else None
    profile = profile or SiteProfile(pk=1)
    require(actor, Module.SYSTEM, "change", profile.organ)
    for field, value in fields.items():
        setattr(profile, field, value)
    require(actor, Module.SYSTEM, "change", profile.organ)
    profile.full_clean(exclude=["id"])
    profile.save()
    transaction.on_commit(lambda: cache.delete(CACHE_KEY))
    record(actor, "site.save", profile, organ=profile.organ, before=before, after=snapshot(profile))
    return profile
