"""The office's own templates: which one holds, saving with validation, preview with samples."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.applications.letters import context
from gongkai.applications.letters.fields import FIELDS, REMEDY, samples
from gongkai.applications.letters.kinds import LETTER_KINDS, LetterKind
from gongkai.applications.letters.language import TemplateProblem, parse, unknown_fields
from gongkai.applications.letters.wording import Wording
from gongkai.applications.models import LetterTemplate
from gongkai.applications.policies import MODULE
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import require

register_acts({"letter.template": "修改文书模板", "letter.template_removed": "删除文书模板"})


def kind_of(key: str) -> LetterKind:
    """The kind by key. Raises ValidationError for an unknown one."""
    if key not in LETTER_KINDS:
        raise ValidationError("没有这种文书。")
    return LETTER_KINDS[key]


def wording_for(organ: Organ, kind: LetterKind) -> Wording:
    """The wording that holds for ``organ``: the nearest template at it or above, else the built-in one."""
    steps = range(Organ.steplen, len(organ.path) + 1, Organ.steplen)
    rows = LetterTemplate.objects.filter(
        kind=kind.key, organ__path__in=[organ.path[:end] for end in steps]
    ).select_related("organ")
    nearest = max(rows, key=lambda row: len(row.organ.path), default=None)
    return Wording(nearest.title, nearest.body) if nearest else kind.wording


def template_problems(kind: LetterKind, title: str, body: str) -> dict[str, list[str]]:
    """What is wrong with a template, by form field; empty when it may be used."""
    out: dict[str, list[str]] = {}
    for name, source in (("title", title), ("body", body)):
        try:
            template = parse(source)
        except TemplateProblem as problem:
            out[name] = problem.problems
            continue
        faults = unknown_fields(template, FIELDS)
        secret = [n for n in template.names() if n in context.forbidden(kind) and n not in kind.asks]
        if secret:
            faults.append(f"这种文书的收件人不应看到{'、'.join(f'“{n}”' for n in secret)}，请删去。")
        if name == "body" and kind.has_remedy and template.needed().count(REMEDY) != 1:
            faults.append("答复文书的正文应有一行“{{ 救济途径 }}”，不能放在“若”里。")
        if name == "body" and not kind.has_remedy and REMEDY in template.names():
            faults.append("这种文书不告知救济途径。")
        if faults:
            out[name] = faults
    return out


@transaction.atomic
def save_template(
    actor: Any, organ: Organ, kind: str, title: str, body: str, *, template: LetterTemplate | None = None
) -> LetterTemplate:
    """An office's own wording. Raises PermissionDenied, and ValidationError with every fault of the template."""
    require(actor, MODULE, "assign", organ)
    faults = template_problems(kind_of(kind), title, body)
    if faults:
        raise ValidationError(faults)
    row = template or LetterTemplate(organ=organ, kind=kind)
    row.organ, row.kind, row.title, row.body = organ, kind, title.strip(), body.replace("\r\n", "\n").strip()
    row.updated_by = actor if getattr(actor, "pk", None) else None
    row.full_clean(exclude=["updated_by"])
    row.save()
    audit(actor, "letter.template", row, organ=organ, after={"kind": kind, "body": row.body})
    return row


@transaction.atomic
def remove_template(actor: Any, template: LetterTemplate) -> None:
    """Back to the built-in wording. Raises PermissionDenied."""
    require(actor, MODULE, "assign", template.organ)
    audit(actor, "letter.template_removed", template, organ=template.organ, before={"body": template.body})
    template.delete()


def preview_template(kind: str, title: str, body: str) -> tuple[str, str]:
    """Title and text with sample values. Raises ValidationError with every fault of the template."""
    chosen = kind_of(kind)
    faults = template_problems(chosen, title, body)
    if faults:
        raise ValidationError(faults)
    values = samples() | {"依据条款": context.articles(chosen.basis) or samples()["依据条款"]}
    values[REMEDY] = FIELDS[REMEDY].sample if chosen.has_remedy else ""
    return parse(title).fill(values).text, parse(body).fill(values).text
