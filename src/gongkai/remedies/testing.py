"""Factories of this app for the test that walks every desk address (see ``gongkai.organs.testing``)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from gongkai.applications.testing import make_application
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import register_factory
from gongkai.remedies.kinds import Group, Kind, Result
from gongkai.remedies.models import Remedy, RemedySettings
from gongkai.remedies.services import Notified, register_remedy


def make_remedy(organ: Organ, marker: str = "") -> Remedy:
    """A reconsideration about a new case, received a week ago; ``marker`` stands in number and applicant."""
    told = Notified(
        kind=Kind.RECONSIDERATION,
        received_on=timezone.localdate() - timedelta(days=7),
        authority=f"{marker}人民政府",
        number=f"{marker}行复1号",
        application=make_application(organ, marker),
        applicant_name=f"{marker}有限公司",
    )
    return register_remedy(SYSTEM, organ, told)


def _settings(organ: Organ, marker: str) -> RemedySettings:
    return RemedySettings.objects.create(
        organ=organ,
        first_year=2025,
        groups={Result.NOT_ACCEPTED.value: Group.EXCLUDED.value},
        source=f"{marker}填报说明",
    )


register_factory(Remedy, make_remedy)
register_factory(RemedySettings, _settings)
