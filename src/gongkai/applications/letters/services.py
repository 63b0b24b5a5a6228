"""What changes a letter: draft, edit, submit, review, sign, void."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.applications import selectors
from gongkai.applications.letters import checking, context
from gongkai.applications.letters.fields import DEFERRED, FIELDS, REMEDY
from gongkai.applications.letters.freeze import attachment_digests, digest_of
from gongkai.applications.letters.kinds import LetterKind, To
from gongkai.applications.letters.language import harmless, parse
from gongkai.applications.letters.templating import kind_of, wording_for
from gongkai.applications.models import Application, CaseFile, Letter
from gongkai.applications.models.files import GUARDED_KINDS, FileKind
from gongkai.applications.policies import MODULE
from gongkai.applications.services import act, next_number
from gongkai.applications.services.files import release_file
from gongkai.applications.services.filing import masked
from gongkai.law.case import ApplicantKind, Signed
from gongkai.law.case import Kind as EventKind
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import SYSTEM, require

register_acts(
    {
        "letter.draft": "拟写文书",
        "letter.update": "修改文书",
        "letter.submit": "文书送审",
        "letter.review": "审核文书",
        "letter.return": "退回文书",
        "letter.sign": "签发文书",
        "letter.void": "作废文书",
    }
)
State = Letter.State


def _render(
    application: Application, kind: LetterKind, typed: Mapping[str, str], about: str, today: date
) -> tuple[str, str]:
    state = selectors.state_of(application, today)
    used = wording_for(application.organ, kind)
    values = context.values_of(application, kind, state, typed, about)
    deferred = DEFERRED if kind.has_remedy else frozenset()
    if not kind.has_remedy:
        values[REMEDY] = ""
    title = parse(used.title).fill(values).text.replace("\n", "")
    return title[:160], parse(used.body).fill(values, deferred).text


def _addressee(application: Application, kind: LetterKind, values: Mapping[str, str]) -> tuple[str, str]:
    """(as printed, as shown on lists): a natural person's name is masked on lists."""
    if not kind.addressed:
        return "", ""
    if kind.to is To.APPLICANT:
        name = " ".join(application.applicant.name.split())
        return name, application.applicant.masked_name
    field = {To.THIRD_PARTY: "第三方", To.ORGAN: "共同制作机关", To.INSIDE: "协办单位"}[kind.to]
    name = " ".join(values.get(field, "").split())
    person = kind.to is To.THIRD_PARTY and len(name) <= 4
    return name, masked(ApplicantKind.NATURAL, name) if person else name[:200]


def _typed(kind: LetterKind, values: Mapping[str, str]) -> dict[str, str]:
    """What may be typed for this kind, harmless and without empty entries."""
    allowed = set(kind.asks) | {name for name, f in FIELDS.items() if f.typed}
    return {
        n: harmless(v).strip()[:4000] if n != "未公开的部分" else v.strip()[:8000]
        for n, v in values.items()
        if n in allowed and v and v.strip()
    }


def _prefilled(application: Application, kind: LetterKind, about: str, today: date) -> dict[str, str]:
    state = selectors.state_of(application, today)
    known = context.values_of(application, kind, state, {}, about)
    return {name: known[name] for name in kind.asks if known.get(name, "").strip()}


@transaction.atomic
def draft_letter(
    actor: Any,
    application: Application,
    kind: str,
    *,
    today: date | None = None,
    values: Mapping[str, str] | None = None,
    about: str = "",
) -> Letter:
    """A draft of ``kind`` from the nearest template and what the case knows; ``about`` is a consultation's letter id.

    What is missing stands in the text as 【字段】. Raises PermissionDenied, and ValidationError where the case's record does
    not call for such a letter.
    """
    today = today or timezone.localdate()
    require(actor, MODULE, "add", application.organ)
    chosen = kind_of(kind)
    reason = chosen.why_not(selectors.state_of(application, today))
    if reason:
        raise ValidationError(f"现在不能拟写《{chosen.label}》：{reason}")
    if (
        chosen.is_answer
        and application.letters.filter(
            kind__contains=".", state__in=[State.DRAFT, State.REVIEW, State.SIGN]
        ).exists()
    ):
        raise ValidationError("本件已有正在拟办的答复文书，请在其上修改；不用的请先作废。")
    typed = _prefilled(application, chosen, about, today) | _typed(chosen, values or {})
    title, body = _render(application, chosen, typed, about, today)
    printed, shown = _addressee(application, chosen, typed)
    letter = Letter(
        application=application, kind=chosen.key, title=title, body=body, addressee=shown,
        drafted_by=actor if getattr(actor, "pk", None) else None,
    )  # fmt: skip
    letter.keep_details(
        values=typed,
        addressee=printed,
        about=about,
        online=chosen.has_remedy and context.online_by_default(application),
    )
    letter.save()
    _trail(actor, "letter.draft", letter)
    return letter


def _trail(actor: Any, code: str, letter: Letter, reason: str = "") -> None:
    """Says what was done to which letter; its text and addressee never enter the trail."""
    after = {"kind": letter.kind, "state": letter.state, "number": letter.number, "digest": letter.digest}
    audit(actor, code, letter, organ=letter.application.organ, after=after, reason=reason[:200])


def _locked(letter: Letter) -> Letter:
    return (
        Letter.objects.select_for_update(of=("self",))
        .select_related("application__organ", "application__applicant")
        .get(pk=letter.pk)
    )


def _expect(letter: Letter, *states: str) -> None:
    if letter.state not in states:
        names = "、".join(State(s).label for s in states)
        raise ValidationError(f"文书现在是“{letter.get_state_display()}”，只有“{names}”的文书才能这样办理。")


@transaction.atomic
def update_letter(
    actor: Any,
    letter: Letter,
    *,
    title: str | None = None,
    body: str | None = None,
    values: Mapping[str, str] | None = None,
    attachments: Iterable[CaseFile] | None = None,
    online: bool | None = None,
    addressee: str | None = None,
    regenerate: bool = False,
    today: date | None = None,
) -> Letter:
    """Change a draft. With ``regenerate`` the text is made anew from the template and the values.

    Raises PermissionDenied; ValidationError for a text that breaks the rules, or a letter that is no draft any more (the
    reviewer may still mend one that lies with him).
    """
    today = today or timezone.localdate()
    found = _locked(letter)
    application = found.application
    _expect(found, State.DRAFT, State.REVIEW)
    require(actor, MODULE, "add" if found.state == State.DRAFT else "approve", application.organ)
    kind = kind_of(found.kind)
    if values is not None:
        typed = _typed(kind, values)
        found.keep_details(values=typed)
        printed, shown = _addressee(application, kind, typed)
        if kind.to is not To.APPLICANT:
            found.addressee = shown
            found.keep_details(addressee=printed)
    if addressee is not None and kind.to is not To.APPLICANT:
        found.keep_details(addressee=" ".join(addressee.split())[:200])
    if online is not None:
        found.keep_details(online=online and kind.has_remedy)
    if regenerate:
        details = found.details
        found.title, found.body = _render(application, kind, details["values"], details["about"], today)
    else:
        found.title = harmless(title).replace("\n", " ").strip() if title is not None else found.title
        found.body = _clean(body) if body is not None else found.body
        faults = checking.text_problems(kind, found.title, str(found.body))
        if faults:
            raise ValidationError(faults)
    if attachments is not None:
        found.attachments.set(_attachable(application, attachments))
    found.save()
    _trail(actor, "letter.update", found)
    return _mirror(found, letter)


def _clean(body: str) -> str:
    lines = [line.strip(" \t") for line in body.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    text = "\n".join(line for line in lines if line.strip())
    return "".join(ch for ch in text if ch in "\n\t" or (ord(ch) >= 32 and not 0x7F <= ord(ch) < 0xA0))


def _attachable(application: Application, files: Iterable[CaseFile]) -> list[CaseFile]:
    kept = list(files)
    for file in kept:
        if file.application_id != application.pk or file.removed_at is not None:
            raise ValidationError("附件应是本件案卷中的文件。")
        if file.kind in GUARDED_KINDS:
            raise ValidationError(f"“{file.name}”属于{file.get_kind_display()}，不能随文书发出。")
    return kept


def _mirror(source: Letter, target: Letter) -> Letter:
    """The caller's object shows what was written."""
    for field in Letter._meta.concrete_fields:
        setattr(target, field.attname, getattr(source, field.attname))
    return target


@transaction.atomic
def submit_letter(actor: Any, letter: Letter, *, today: date | None = None) -> Letter:
    """Send a draft on: to legal review where the kind wants it, else straight to signing. Letters that need no signing are
    issued at once. Raises ValidationError listing everything that is missing."""
    today = today or timezone.localdate()
    found = _locked(letter)
    require(actor, MODULE, "add", found.application.organ)
    _expect(found, State.DRAFT)
    kind = kind_of(found.kind)
    faults = checking.problems(found, found.application, today)
    if faults:
        raise ValidationError(faults)
    if kind.self_issued:
        return _mirror(_sign(actor, found, kind, today), letter)
    found.state = State.REVIEW if kind.review else State.SIGN
    if getattr(actor, "pk", None):
        found.drafted_by = actor  # who sends it on answers for it
    found.save()
    _trail(actor, "letter.submit", found)
    return _mirror(found, letter)


@transaction.atomic
def review_letter(actor: Any, letter: Letter, *, passed: bool, opinion: str = "") -> Letter:
    """法制审核: pass it on to signing, or return it with an opinion. Also how a leader returns one that waits for signing.

    Raises PermissionDenied; ValidationError for the drafter himself, or a return without an opinion.
    """
    found = _locked(letter)
    require(actor, MODULE, "approve", found.application.organ)
    _expect(found, State.REVIEW, *(() if passed else (State.SIGN,)))
    if _same(actor, found.drafted_by_id):
        raise ValidationError("拟稿人不能审核自己拟写的文书。")
    opinion = " ".join(opinion.split())
    if not passed and not opinion:
        raise ValidationError({"opinion": "退回时请写明需要修改什么。"})
    if found.state == State.REVIEW:
        found.reviewed_by = actor if getattr(actor, "pk", None) else None
        found.reviewed_at = timezone.now()
    found.review_opinion = opinion[:400] or "同意。"
    found.state = State.SIGN if passed else State.DRAFT
    found.save()
    _trail(actor, "letter.review" if passed else "letter.return", found, found.review_opinion)
    return _mirror(found, letter)


def _same(actor: Any, pk: int | None) -> bool:
    return actor is not SYSTEM and pk is not None and getattr(actor, "pk", None) == pk


@transaction.atomic
def sign_letter(
    actor: Any, letter: Letter, *, today: date | None = None, expected: int | None = None
) -> Letter:
    """Sign: number, date, remedy and digest are fixed, and for an answer the law's ``Signed`` is recorded.

    Raises PermissionDenied; ValidationError for the drafter himself, for what is still missing, or for what the law refuses.
    """
    today = today or timezone.localdate()
    found = _locked(letter)
    _expect(found, State.SIGN)
    return _mirror(_sign(actor, found, kind_of(found.kind), today, expected), letter)


def _sign(actor: Any, letter: Letter, kind: LetterKind, today: date, expected: int | None = None) -> Letter:
    application = letter.application
    require(actor, MODULE, "add" if kind.self_issued else "approve", application.organ)
    if not kind.self_issued and _same(actor, letter.drafted_by_id):
        raise ValidationError("拟稿人不能签发自己拟写的文书，请由其他负责人签发。")
    # The case's row is the lock that orders signing against every other act on it.
    Application.objects.select_for_update().get(pk=application.pk)
    reason = kind.why_not(selectors.state_of(application, today))
    if reason:
        raise ValidationError(f"现在不能签发《{kind.label}》：{reason}")
    faults = checking.problems(letter, application, today)
    if faults:
        raise ValidationError(faults)
    letter.body = checking.final_text(letter, application, today)
    letter.dated = today
    if kind.mark:
        _number(letter, kind, today)
    letter.state = State.SIGNED
    letter.signed_by = actor if getattr(actor, "pk", None) else None
    letter.signed_at = timezone.now()
    letter.digest = digest_of(letter, attachment_digests(letter))
    letter.save()
    if kind.is_answer:
        _release(actor, letter)
        signed = Signed(on=today, signed_by=str(actor), letter_no=letter.number)
        act(actor, application, signed, expected=expected, today=today)
    _trail(actor, "letter.sign", letter)
    return letter


def _release(actor: Any, letter: Letter) -> None:
    """Signing the answer lets its redacted copies go to the applicant; who redacted them does not sign for them."""
    for file in letter.attachments.filter(kind=FileKind.REDACTED):
        release_file(actor, file)


def _number(letter: Letter, kind: LetterKind, today: date) -> None:
    """〔年〕号 of the organ's series for this mark; given again if the transaction fails, so none is missing."""
    organ = letter.application.organ
    options = selectors.settings_for(organ)
    letter.number_year = today.year
    letter.serial = next_number(organ, f"letter:{kind.mark}", today.year)
    letter.number = options.letter_pattern.format(
        short=options.document_mark or organ.label, mark=kind.mark, year=today.year, serial=letter.serial
    )


@transaction.atomic
def void_letter(actor: Any, letter: Letter, *, reason: str) -> Letter:
    """作废. A signed letter keeps its text and number; a signed answer stands in the case's record and cannot be voided.

    Raises PermissionDenied; ValidationError without a reason, for a signed answer, or for a letter already served.
    """
    found = _locked(letter)
    _expect(found, State.DRAFT, State.REVIEW, State.SIGN, State.SIGNED)
    kind = kind_of(found.kind)
    require(actor, MODULE, "approve" if found.frozen else "add", found.application.organ)
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": "请写明作废的原因。"})
    if found.frozen and (kind.is_answer or kind.event is EventKind.DECIDED):
        raise ValidationError("签发的答复已经记入办件，不能作废；有误的请另发更正告知书，或者登记重新办理。")
    if found.frozen and found.deliveries.exists():
        raise ValidationError("已经送达的文书不能作废；有误的请另发更正告知书。")
    found.state, found.void_reason = State.VOID, reason[:200]
    found.save()
    _trail(actor, "letter.void", found, reason)
    return _mirror(found, letter)
