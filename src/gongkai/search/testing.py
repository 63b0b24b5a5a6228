"""Factories of this app (see ``gongkai.organs.testing``). What is the site's belongs to the organ of the site."""

from __future__ import annotations

from django.core.cache import cache
from django.utils import timezone

from gongkai.organs.models import Organ, SiteProfile
from gongkai.organs.models.site import CACHE_KEY
from gongkai.organs.testing import register_factory
from gongkai.search.models import EmptyQuery, SynonymGroup


def _site_of(organ: Organ) -> None:
    SiteProfile.objects.update_or_create(pk=1, defaults={"organ": organ})
    cache.delete(CACHE_KEY)


def make_synonyms(organ: Organ, marker: str = "示例") -> SynonymGroup:
    """A group of two words, of the site of ``organ``."""
    _site_of(organ)
    return SynonymGroup.objects.create(words=[f"{marker}规范名称", f"{marker}俗称"])


def make_empty(organ: Organ, marker: str = "示例") -> EmptyQuery:
    """A search that found nothing, twice, on the site of ``organ``."""
    _site_of(organ)
    today = timezone.localdate()
    return EmptyQuery.objects.create(query=f"{marker}搜不到"[:60], asked=2, first_on=today, last_on=today)


register_factory(SynonymGroup, make_synonyms)
register_factory(EmptyQuery, make_empty)
