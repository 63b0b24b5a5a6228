"""Putting a corrected file in the place of one that was stopped, without looking for it in the editor."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.blocks.stream_block import StreamValue

from gongkai.organs.audit import register_acts
from gongkai.organs.roles import Module
from gongkai.organs.scope import require
from gongkai.publication.models import Attachment, ReviewForm
from gongkai.publication.review import versions
from gongkai.publication.review.services.common import State, latest_of, locked, trail
from gongkai.publication.services.files import add_attachment

register_acts({"review.replace": "换上改好的附件"})


@transaction.atomic
def replace_file(actor: Any, form: ReviewForm, old: int, name: str, data: bytes) -> Attachment:
    """A new version of the item with another file in the place of ``old``; it still has to be sent in.

    Raises PermissionDenied; ValidationError while the version is under review, for a file that is not in it, of a kind
    that is not taken, or the same as before.
    """
    require(actor, Module.PUBLICATION, "add", form.organ)
    form = locked(form)
    if form.state not in (State.BLOCKED, State.RETURNED):
        raise ValidationError("审核期间不能换附件。需要换的，请先撤回送审。")
    latest = latest_of(form.page)
    before = next((f for f in versions.attachments_of(latest) if f.pk == old), None)
    if before is None:
        raise ValidationError("这一稿里没有这个附件，可能已经换过了。")
    kept = add_attachment(actor, form.organ, name, data)
    if kept.pk == before.pk:
        raise ValidationError(f"这个文件和原来的“{before.name}”一模一样，没有改动。请选择改好的文件。")
    latest.body = StreamValue(latest.body.stream_block, _replaced(latest.body, old, kept.pk), is_lazy=True)
    latest.save_revision(user=actor, log_action=False)
    trail(actor, "review.replace", form, f"{before.name} → {kept.name}")
    return kept


def _replaced(body: Any, old: int, new: int) -> list[dict[str, Any]]:
    """The stored blocks, with the key of the one file changed to the other wherever it stands."""
    out = []
    for block in body.raw_data:
        value = block["value"]
        if isinstance(value, dict):
            value = {k: new if k in ("file", "captions") and v == old else v for k, v in value.items()}
        out.append({**block, "value": value})
    return out
