"""Queueing and delivering notices. A row is written with the act itself; it is sent after the act is committed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from gongkai.applications.models import Application
from gongkai.applications.models.notices import Notice
from gongkai.applications.notices import channels, config, texts
from gongkai.applications.notices.muting import is_muted
from gongkai.applications.policies import MODULE
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import require

register_acts({"notice.retry": "重发通知"})

#: Minutes to wait after the first, second … failure; after the last one it is given up and shown on 今天.
BACKOFF = (1, 5, 30, 120, 720)
#: A message nobody could send for so long would only confuse.
STALE = timedelta(days=3)


def queue(
    application: Application, template: str, key: str, *, due: date | None = None, users: Iterable[Any] = ()
) -> list[Notice]:
    """Write the notices of one milestone: to the applicant, or to ``users`` where given, by every configured channel.

    Once per ``key``, person and channel; nothing where no channel is configured, the person gave no address for it, or
    notices are muted. Staff without any address get a failed row, so that somebody fills it in.
    """
    if is_muted():
        return []
    people = list(users)
    made = (
        [n for user in people for n in _for_staff(application, template, key, due, user)]
        if people
        else _for_applicant(application, template, key, due)
    )
    fresh = [n for n in made if n is not None]
    waiting = [n.pk for n in fresh if n.state == Notice.State.WAITING]
    if waiting:
        transaction.on_commit(lambda: _start(waiting))
    return fresh


def _channels() -> list[str]:
    found = [Notice.Channel.EMAIL.value] if config.email_on() else []
    try:
        if config.webhook():
            found.append(Notice.Channel.WEBHOOK.value)
    except ImproperlyConfigured:
        # A wrong setting must not stop a clerk from working on the case; the system check names it.
        pass
    return found


def _for_applicant(application: Application, template: str, key: str, due: date | None) -> list[Notice]:
    out = []
    for channel in _channels():
        to = _applicant_address(application, channel)
        if to:
            out.append(_once(application, template, f"{key}:a:{channel}", channel, to, due, None))
    return [n for n in out if n is not None]


def _for_staff(
    application: Application, template: str, key: str, due: date | None, user: Any
) -> list[Notice]:
    used = _channels()
    found = [(channel, address) for channel in used if (address := _staff_address(user, channel))]
    out = [
        _once(application, template, f"{key}:{user.pk}:{channel}", channel, address, due, user)
        for channel, address in found
    ]
    if used and not found:
        row = _once(application, template, f"{key}:{user.pk}:{used[0]}", used[0], "", due, user)
        if row is not None:
            row.state, row.error = Notice.State.FAILED, "没有登记邮箱或者电话，请在人员资料里补上"
            row.next_try_at = None
            row.save(update_fields=["state", "error", "next_try_at"])
    return [n for n in out if n is not None]


def _once(
    application: Application, template: str, key: str, channel: str, to: str, due: date | None, user: Any
) -> Notice | None:
    masked = texts.mask_email(to) if channel == Notice.Channel.EMAIL else texts.mask_phone(to)
    row, made = Notice.objects.get_or_create(
        key=key[:120],
        defaults={
            "application": application,
            "template": template,
            "channel": channel,
            "audience": Notice.Audience.STAFF if user else Notice.Audience.APPLICANT,
            "recipient": user,
            "to_masked": masked if to else "",
            "due_on": due,
            "next_try_at": config.earliest(timezone.now()),
        },
    )
    return row if made else None


def _applicant_address(application: Application, channel: str) -> str:
    person = application.applicant
    if person.anonymised_at is not None:
        return ""
    if channel == Notice.Channel.EMAIL:
        return person.email if channels.valid_address(person.email) else ""
    return (person.agent_phone or person.phone).strip()


def _staff_address(user: Any, channel: str) -> str:
    if not user.is_active:
        return ""
    return str(user.email if channel == Notice.Channel.EMAIL else user.phone).strip()


# delivering -------------------------------------------------------------------------------------------


def _start(pks: list[int]) -> None:
    """Send in a thread of its own, so that a slow server does not hold up the desk. What is lost with the process is
    still waiting in the table, and ``manage send_reminders`` sends it."""
    if getattr(settings, "NOTICE_INLINE", False):
        flush(pks=pks)
        return
    Thread(target=_in_thread, args=(pks,), daemon=True).start()


def _in_thread(pks: list[int]) -> None:
    close_old_connections()
    try:
        flush(pks=pks)
    finally:
        connection.close()


def flush(now: datetime | None = None, *, pks: list[int] | None = None, limit: int = 500) -> tuple[int, int]:
    """Send what is due; (sent, failed this time). Two runs at once do not send twice: each row is claimed first."""
    now = now or timezone.now()
    if config.earliest(now) > now:
        return 0, 0
    rows = Notice.objects.filter(state=Notice.State.WAITING, next_try_at__lte=now)
    if pks is not None:
        rows = rows.filter(pk__in=pks)
    sent = failed = 0
    for pk in list(rows.order_by("next_try_at").values_list("pk", flat=True)[:limit]):
        notice = _claim(pk, now)
        if notice is None:
            continue
        if deliver(notice, now):
            sent += 1
        else:
            failed += 1
    return sent, failed


def _claim(pk: int, now: datetime) -> Notice | None:
    """Take the row for one attempt by moving its next try ahead; None where another process has it."""
    later = now + timedelta(minutes=BACKOFF[1])
    mine = Notice.objects.filter(pk=pk, state=Notice.State.WAITING, next_try_at__lte=now).update(
        next_try_at=later
    )
    if not mine:
        return None
    return Notice.objects.select_related("application__organ", "application__applicant", "recipient").get(
        pk=pk
    )


def deliver(notice: Notice, now: datetime) -> bool:
    """One attempt; the row says how it went."""
    try:
        if now - notice.created_at > STALE:
            raise channels.NotSent("超过三天未能发出，不再发送", final=True)
        _send(notice)
    except channels.NotSent as problem:
        _failed(notice, str(problem), now, final=problem.final)
        return False
    except ImproperlyConfigured as problem:
        _failed(notice, str(problem), now, final=False)
        return False
    notice.state, notice.sent_at, notice.error = Notice.State.SENT, now, ""
    notice.attempts += 1
    notice.next_try_at = None
    notice.save(update_fields=["state", "sent_at", "error", "attempts", "next_try_at"])
    return True


def _send(notice: Notice) -> None:
    case = notice.application
    to = (
        _staff_address(notice.recipient, notice.channel)
        if notice.recipient_id
        else _applicant_address(case, notice.channel)
    )
    if not to:
        raise channels.NotSent("没有可用的联系方式", final=True)
    message = texts.message(notice.template, case, notice.due_on)
    if notice.channel == Notice.Channel.EMAIL:
        channels.send_email(to, message)
    else:
        channels.send_webhook(to, message, key=notice.key, template=notice.template)


def _failed(notice: Notice, reason: str, now: datetime, *, final: bool) -> None:
    notice.attempts += 1
    notice.error = reason[:200]
    if final or notice.attempts > len(BACKOFF):
        notice.state, notice.next_try_at = Notice.State.FAILED, None
    else:
        wait = timedelta(minutes=BACKOFF[notice.attempts - 1])
        notice.next_try_at = config.earliest(now + wait)
    notice.save(update_fields=["attempts", "error", "state", "next_try_at"])


@transaction.atomic
def retry(actor: Any, notice: Notice) -> Notice:
    """Put a failed notice back into the queue. Raises PermissionDenied, ValidationError for one that did not fail."""
    organ = notice.application.organ
    require(actor, MODULE, "change", organ)
    row = Notice.objects.select_for_update().get(pk=notice.pk)
    if row.state != Notice.State.FAILED:
        raise ValidationError("只有发送失败的通知可以重发。")
    now = timezone.now()
    row.state, row.attempts, row.error = Notice.State.WAITING, 0, ""
    row.next_try_at, row.created_at = config.earliest(now), now
    row.save(update_fields=["state", "attempts", "error", "next_try_at", "created_at"])
    audit(
        actor,
        "notice.retry",
        row.application,
        organ=organ,
        after={"notice": row.pk, "template": row.template},
    )
    transaction.on_commit(lambda: _start([row.pk]))
    return row
