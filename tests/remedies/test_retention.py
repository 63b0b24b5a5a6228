"""While a remedy runs the case's personal data stays."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from gongkai.applications.services.anonymise import anonymise
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ
from gongkai.remedies.models import Remedy
from tests.remedies.remedy_world import answered_case, told

pytestmark = pytest.mark.django_db


def test_a_case_under_remedy_is_kept_until_that_is_closed():
    organ = make_organ("清河县人民政府", short_name="清河", slug="qh")
    case = answered_case(organ)
    remedy = told(organ, case.answered_on, application=case)
    later = date(case.answered_on.year + 20, 1, 1)
    with pytest.raises(ValidationError, match="尚未结案"):
        anonymise(SYSTEM, case, today=later)
    Remedy.objects.filter(pk=remedy.pk).update(closed_on=case.answered_on)
    assert anonymise(SYSTEM, case, today=later)
