"""登记编号印发, 公布, 备案, and the interpretation that is owed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.normative import prechecks
from gongkai.normative.competence import check_category
from gongkai.normative.models import Document, DocumentEvent, DocumentVersion, Term
from gongkai.normative.rules.life import LABELS, Act
from gongkai.normative.services import changing
from gongkai.normative.services.core import allow, append, life_of, locked, not_future, plain, settings_for
from gongkai.normative.services.numbers import checked, next_index, next_number, put
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts

register_acts({"document.interpreted": "文件已解读", "document.override": "检查发现问题，说明理由后公布"})
#: Characters of a legal reason.
OVERRIDE_MIN = 8


def missing_steps(document: Document) -> list[str]:
    """The steps that a normative document lacks before it may be issued (国办发〔2018〕37号; 115号), in words."""
    if not document.is_binding:
        return []
    done, rules = life_of(document).done, settings_for(document.organ)
    needed = [Act.REVIEWED]
    if rules.needs_consultation:
        needed.insert(0, Act.CONSULTED)
    if rules.needs_deliberation:
        needed.append(Act.DELIBERATED)
    return [LABELS[act] for act in needed if act not in done]


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def check_term(document: Document, effective: date, until: date | None) -> None:
    """Raises ValidationError where the period of validity is missing, or longer than the settings allow."""
    rules = settings_for(document.organ)
    limited = document.term != Term.OPEN
    if limited and until is None:
        raise ValidationError({"until": f"{document.get_term_display()}的文件须写明有效期截止日期。"})
    if until is None or not document.is_binding:
        return
    trial = document.term in (Term.TRIAL, Term.INTERIM)
    years = rules.trial_years if trial else rules.max_years
    if years and until > _years_after(effective, years):
        kind = document.get_term_display() if trial else "规范性文件"
        raise ValidationError(
            {"until": f"{kind}的有效期最长 {years} 年，不能超过 {_years_after(effective, years)}。"}
        )


@transaction.atomic
def issue(
    actor: Any,
    document: Document,
    *,
    on: date,
    mark: str = "",
    number: str = "",
    formed_on: date | None = None,
    effective_on: date | None = None,
    until: date | None = None,
    today: date | None = None,
) -> Document:
    """登记编号印发: gives the next number of ``mark``, or keeps ``number``; carries out the repeals and amendments planned.

    ``formed_on`` (成文, default the document's or ``on``) ≤ ``on``; ``effective_on`` default ``on``; ``until`` is the last day of
    validity. Needs ``change``. Raises PermissionDenied; ValidationError for a skipped step, a number in use, a bad date.
    """
    allow(actor, "change", document)
    document = locked(document)
    not_future(on, "印发日期", today)
    missing = missing_steps(document)
    if missing:
        raise ValidationError(
            f"还没有完成：{'、'.join(missing)}。规范性文件未经规定程序不得印发（国办发〔2018〕37号）；依法可以不经的，在该环节写明理由。"
        )
    check_category(document.organ, document.category)
    document.formed_on = formed_on or document.formed_on or on
    if document.formed_on > on:
        raise ValidationError({"formed_on": f"成文日期 {document.formed_on} 晚于印发日期 {on}。"})
    effective = effective_on or on
    check_term(document, effective, until)
    if number.strip():
        put(document, checked(document.organ, number, document))
    elif mark.strip():
        put(document, next_number(document.organ, mark.strip(), on.year))
    elif document.is_binding:
        raise ValidationError(
            {"number": "规范性文件统一登记、编号、印发：选机关代字由系统编号，或者填已有的文号。"}
        )
    if not document.index_number:
        document.index_number = next_index(document.organ, document.formed_on.year)
    append(
        actor, document, Act.ISSUED, on, effective=effective, until=until, note=document.number, today=today
    )
    DocumentVersion.objects.create(
        document=document, version=1, valid_from=effective, body=document.body, note="印发文本"
    )
    changing.carry_out(actor, document, today=today)
    return document


@transaction.atomic
def publish(
    actor: Any,
    document: Document,
    *,
    secrecy_reviewed: bool = False,
    override: str = "",
    at: datetime | None = None,
    today: date | None = None,
) -> Document:
    """公布: the document appears in the library; the time cannot be changed afterwards. Needs ``approve``.

    ``secrecy_reviewed``: text and files were reviewed (条例第十七条). What the registered checks find must be mended first;
    ``override`` is the legal reason for which ``actor`` lets it out all the same, kept in the record.
    Raises PermissionDenied; ValidationError for what is not reviewed, not issued, not for the public, or has nothing to read.
    """
    allow(actor, "approve", document)
    document = locked(document)
    at = at or timezone.now()
    day = timezone.localtime(at).date()
    not_future(day, "公布日期", today)
    if document.published_on:
        raise ValidationError(f"文件已于 {document.published_on} 公布，公布时间不能更改。")
    if document.disclosure != "active":
        raise ValidationError(f"文件的公开属性是“{document.get_disclosure_display()}”，不能公布。")
    if not document.body.strip() and not document.files.exclude(kind="evidence").exists():
        raise ValidationError("文件没有正文，也没有附件。请先录入正文或者上传文件。")
    if not secrecy_reviewed:
        raise ValidationError({"secrecy_reviewed": "没有经过保密审查的，不能公布（条例第十七条）。"})
    found = prechecks.blocking(document)
    if found and len(override.strip()) < OVERRIDE_MIN:
        raise ValidationError({"override": [f"公布前检查发现：{text}" for text in found]})
    document.published_at = at
    append(actor, document, Act.PUBLISHED, day, detail={"secrecy_reviewed": True}, today=today)
    if found:  # in the trail, not among the acts: those the public reads
        audit(
            actor,
            "document.override",
            document,
            organ=document.organ,
            after={"found": found},
            reason=override,
        )
    return document


@transaction.atomic
def file_with(actor: Any, document: Document, *, on: date, organ: str, receipt: str = "") -> DocumentEvent:
    """备案 with the government above (and the standing committee, each its own entry). Needs ``change``."""
    allow(actor, "change", document)
    document = locked(document)
    not_future(on, "备案日期")
    if not organ.strip():
        raise ValidationError({"organ": "写明向哪个机关备案。"})
    note = f"向{organ}备案" + (f"，备案号 {receipt}" if receipt else "")
    return append(actor, document, Act.FILED, on, note=note, detail={"organ": organ, "receipt": receipt})


@transaction.atomic
def mark_interpreted(actor: Any, document: Document, on: date, *, note: str = "") -> Document:
    """The first interpretation was published on that day; the lag against the document counts from here. Needs ``change``.

    ``note``: its title or address. A later one changes nothing. Raises PermissionDenied; ValidationError for a day to come.
    """
    allow(actor, "change", document)
    row = locked(document)
    not_future(on, "解读发布日期")
    if row.interpreted_on and row.interpreted_on <= on:
        return row
    before = plain(row)
    row.interpreted_on = on
    row.save()
    audit(actor, "document.interpreted", row, organ=row.organ, before=before, after=plain(row), reason=note)
    return row
