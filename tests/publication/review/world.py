"""The people of a review, and a version on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from gongkai.organs.models import User
from gongkai.organs.testing import make_user
from gongkai.publication import services as items
from gongkai.publication.models import DisclosurePage, ReviewForm
from gongkai.publication.review import people, services
from gongkai.publication.testing import make_item

OPEN = {"conclusion": "open", "basis": "不涉及国家秘密、工作秘密和个人隐私"}


@dataclass
class Team:
    """Editor and reviewer of the department, the rest of the government above it."""

    editor: User
    reviewer: User
    director: User
    secrecy: User
    leader: User


def team(world: Any) -> Team:
    return Team(
        world.editor, world.reviewer, world.director,
        make_user(world.gov, "secrecy", "保密审查员"), make_user(world.gov, "leader", "分管领导"),
    )  # fmt: skip


def draft(world: Any, **fields: Any) -> DisclosurePage:
    return make_item(world.column, publish=False, actor=world.editor, **fields)


def with_file(world: Any, name: str, data: bytes, **fields: Any) -> DisclosurePage:
    file = items.add_attachment(world.editor, world.dept, name, data)
    return draft(world, body=[("text", "<p>正文。</p>"), ("download", {"file": file, "name": ""})], **fields)


def edit(page: DisclosurePage, user: User, **fields: Any) -> DisclosurePage:
    """A new version, as the editor writes it."""
    latest = DisclosurePage.objects.get(pk=page.pk).specific.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(latest, name, value)
    latest.save_revision(user=user, log_action=False)
    return DisclosurePage.objects.get(pk=page.pk)


def gates(form: ReviewForm) -> dict[str, str]:
    return {gate.value: "符合" for gate in people.gates_of(form)}


def passes(user: User, form: ReviewForm, **extra: Any) -> ReviewForm:
    """``user`` signs the waiting step with everything it asks for."""
    values = {**(OPEN if form.step == "secrecy" else {}), **extra}
    return services.approve(user, form, gates=gates(form), proofread=True, **values)


def to_the_end(people_: Team, form: ReviewForm, **last: Any) -> ReviewForm:
    for user in (people_.reviewer, people_.director, people_.secrecy):
        form = passes(user, form)
    return passes(people_.leader, form, **last)


def next_year() -> Any:
    return timezone.localdate() + timedelta(days=365)
