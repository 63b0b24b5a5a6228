"""Interpretations and what they explain: begun from the document, tied to it by number (谁起草、谁解读).

Which document an interpretation explains belongs to the item, not to one version of its text: what came from the site
before can be tied without a new review of its words. It cannot change while a version is under review.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gongkai.organs.audit import record, register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import require, scope_of
from gongkai.publication import search_documents
from gongkai.publication.models import ColumnPage, DisclosurePage, InterpretationPage, ReviewForm
from gongkai.publication.services.documents import paragraphs
from gongkai.publication.services.items import MODULE, create_item
from gongkai.publication.vocab import ColumnType, Kind

register_acts({"publication.interpretation.link": "关联解读的文件"})
#: How the paragraph that says why a document was made usually begins or goes on.
_BACKGROUND: Final = re.compile(r"^(?:第一条|一、)?\s*为|根据|依据|按照|贯彻")
#: A version of which signatures were given, or are being given.
_SIGNED: Final = (ReviewForm.State.REVIEWING, ReviewForm.State.APPROVED)


def interpretation_column(actor: Any, organ: Organ) -> ColumnPage | None:
    """Where ``actor`` may write an interpretation of a document of ``organ``: its own column, else that of the nearest
    organ above it; None where there is none. One query."""
    above = {o.pk: o.depth for o in (organ, *organ.get_ancestors())}
    columns = ColumnPage.objects.filter(
        Q(default_kind=Kind.INTERPRETATION) | Q(column_type=ColumnType.INTERPRETATION),
        organ__in=above, fixed="", live=True,
    ).select_related("organ")  # fmt: skip
    scope = scope_of(actor)
    own = [c for c in columns if scope.allows(MODULE, ["add"], c.organ.path)]
    return max(own, key=lambda c: (above[c.organ_id], c.path), default=None)


def _background(document: DisclosurePage) -> str:
    """The paragraph of the document that tells why and on what ground it was made, to begin from."""
    lines = [line for block in document.body for line in paragraphs(block)]
    return next((line for line in lines[:6] if _BACKGROUND.search(line)), "")[:800]


@transaction.atomic
def begin_interpretation(actor: Any, document: DisclosurePage) -> InterpretationPage:
    """写解读: a draft that knows what it explains, with what the document itself tells filled in.

    A draft of the same person that is not out yet is taken up again. Raises ValidationError, PermissionDenied.
    """
    if document.FIXED_KIND == Kind.INTERPRETATION or document.kind == Kind.INTERPRETATION:
        raise ValidationError("解读材料本身不用再解读。")
    column = interpretation_column(actor, document.organ)
    if column is None:
        raise ValidationError(f"{document.organ.name}没有您可以写稿的“政策解读”栏目。请先在栏目维护中开设。")
    begun = InterpretationPage.objects.filter(
        document=document.pk, drafter=actor.pk, published_at__isnull=True, column=column.pk
    ).first()
    if begun is not None:
        return begun
    title = document.title if document.title.startswith("《") else f"《{document.title}》"
    page = InterpretationPage(
        title=f"{title[:240]}政策解读", document=DisclosurePage.objects.get(pk=document.pk), formed_on=timezone.localdate(),
        summary=f"对{title}的解读。"[:500], background=_background(document), ask=document.organ.phone[:120],
        until=f"{document.expires_on:%Y年%-m月%-d日}" if document.expires_on else "",
        topic_class=document.topic_class, keywords=document.keywords, audience=document.audience, facet=document.facet,
        source=document.organ.name[:120],
    )  # fmt: skip
    made = create_item(actor, column, page)
    assert isinstance(made, InterpretationPage)
    return made


@transaction.atomic
def link_interpretation(actor: Any, page: InterpretationPage, document: DisclosurePage) -> InterpretationPage:
    """Says which item ``page`` explains; both pages lead to each other from then on, and the register notes it.

    Needs ``add`` at the interpretation's organ. Raises ValidationError while a version is under review.
    """
    from gongkai.publication.register import note_interpretations

    require(actor, MODULE, "add", page.organ)
    if document.kind == Kind.INTERPRETATION:
        raise ValidationError("解读的文件不能是另一篇解读。")
    if page.review_forms.filter(state__in=_SIGNED).exists():
        raise ValidationError("这一稿正在审核。请先撤回送审，再改解读的文件。")
    before = page.document_id
    InterpretationPage.objects.filter(pk=page.pk).update(document=document.pk)
    page = InterpretationPage.objects.get(pk=page.pk)
    record(
        actor, "publication.interpretation.link", page, organ=page.organ, before={"document": before},
        after={"document": document.pk}, reason=document.title[:200],
    )  # fmt: skip
    if page.shown:
        note_interpretations([page])
        search_documents.refresh([page.pk, document.pk])  # both pages show something else now
    return page
