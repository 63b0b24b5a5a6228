"""Factories of this app for the test that walks every desk address (see ``gongkai.organs.testing``)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from gongkai.applications.letters.services import draft_letter
from gongkai.applications.letters.templating import save_template
from gongkai.applications.models import (
    Application,
    DisclosureSuggestion,
    Letter,
    LetterTemplate,
    Notice,
    OrganSettings,
)
from gongkai.applications.services import file_application, register_application
from gongkai.applications.services.acts import act
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.law.case import ApplicantKind, Channel, Received
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import register_factory


def make_application(organ: Organ, marker: str = "", *, registered: bool = True) -> Application:
    """A case received today, numbered unless told otherwise; ``marker`` stands in name and description."""
    today = timezone.localdate()
    application, _ = file_application(
        SYSTEM,
        organ,
        ApplicantData(ApplicantKind.BUSINESS, f"{marker}有限公司", phone="0953-2012345"),
        Filing(Channel.COUNTER, f"{marker}年度绿化养护合同", submitted_on=today),
        today=today,
    )
    if registered:
        act(SYSTEM, application, Received(on=today), today=today)
        register_application(SYSTEM, application, today=today)
    return application


def _settings(organ: Organ, marker: str) -> OrganSettings:
    return OrganSettings.objects.create(organ=organ, court_name=f"{marker}人民法院")


def _suggestion(organ: Organ, marker: str) -> DisclosureSuggestion:
    row = DisclosureSuggestion.objects.create(
        organ=organ,
        title=f"{marker}绿化养护合同",
        applicants=2,
        count=2,
        found_on=timezone.localdate() - timedelta(days=1),
    )
    row.applications.add(make_application(organ, marker), make_application(organ, marker))
    return row


register_factory(Application, make_application)
register_factory(OrganSettings, _settings)
register_factory(DisclosureSuggestion, _suggestion)


def _letter(organ: Organ, marker: str) -> Letter:
    return draft_letter(SYSTEM, make_application(organ, marker), "register_form")


def _letter_template(organ: Organ, marker: str) -> LetterTemplate:
    body = f"{marker}：{{{{ 称谓 }}}}的申请因{{{{ 延期理由 }}}}延期。"
    return save_template(SYSTEM, organ, "extension", f"{marker}延期告知书", body)


register_factory(Letter, _letter)
register_factory(LetterTemplate, _letter_template)


def _notice(organ: Organ, marker: str) -> Notice:
    case = make_application(organ, marker)
    return Notice.objects.create(
        application=case,
        key=f"test:{case.pk}",
        template="received",
        audience=Notice.Audience.APPLICANT,
        channel=Notice.Channel.EMAIL,
        to_masked=f"{marker}***@example.com",
        state=Notice.State.FAILED,
        error="邮件服务器未接受",
    )


register_factory(Notice, _notice)
