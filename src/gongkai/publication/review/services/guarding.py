"""The condition of publication: a finished form for exactly this version, open by its secrecy review, clean by its scan."""

from __future__ import annotations

from typing import Any

from gongkai.organs.scope import SYSTEM
from gongkai.publication.models import Conclusion, DisclosurePage, Flow, ReviewForm
from gongkai.publication.review import scanning, versions
from gongkai.publication.services.gate import register_guard

State = ReviewForm.State


@register_guard
def guard(page: DisclosurePage, actor: Any, approval: str) -> list[str]:
    """Why ``page`` (the object of its latest revision) may not be published. The platform itself (imports of what was
    public elsewhere, demonstrations) passes."""
    if actor is SYSTEM:
        return []
    form = ReviewForm.objects.filter(page=page.pk, number=approval).first() if approval else None
    if form is None:
        return ["没有审核通过的审签单，不能公开。请送审。"]
    digest = versions.digest_of(page)
    if digest != form.digest:
        return ["内容在审核以后改过，此前的审核不再有效，请重新送审。"]
    reasons = []
    emergency = form.flow == Flow.AFTER and form.emergency_by_id == getattr(actor, "pk", None)
    if not emergency:
        if form.state != State.APPROVED:
            reasons.append("审核还没有全部通过。")
        if form.conclusion not in (Conclusion.OPEN, Conclusion.PART):
            reasons.append("没有“可公开”或者“部分公开”的保密审查结论。")
    reasons += [f"{h['place']}：{h['text']}" for h in scanning.open_blocks(page, digest)]
    return reasons
