"""Spam defence that asks nothing of an honest person and can be passed without eyes.

A form carries a signed ticket (when it was handed out, and a number used once), a field that people are told to leave
empty, and a count per address. Only when one of them speaks against the sender is a plain question asked.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from gongkai.applications.public import limits

SALT = "gongkai.applications.ticket"
MIN_SECONDS = 3
MAX_SECONDS = 24 * 3600
TRAP = "website"
_WORDS = "零一二三四五六七八九"


def new_ticket() -> str:
    """A ticket for one filing."""
    return signing.TimestampSigner(salt=SALT).sign(secrets.token_urlsafe(18))


@dataclass(frozen=True)
class Ticket:
    """What a ticket says: its number and whether it came back faster than anyone can type."""

    number: str
    hasty: bool

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{SALT}\x00{self.number}".encode()).hexdigest()


def read_ticket(text: str) -> Ticket | None:
    """None for a ticket that is not ours or older than a day."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        number = signer.unsign(text, max_age=MAX_SECONDS)
    except signing.BadSignature:
        return None
    try:
        signer.unsign(text, max_age=MIN_SECONDS)
        hasty = True
    except signing.SignatureExpired:
        hasty = False
    return Ticket(number, hasty)


@dataclass(frozen=True)
class Question:
    text: str
    proof: str


def _proof(number: str, answer: int) -> str:
    return hmac.new(
        settings.SECRET_KEY.encode(), f"{SALT}\x00{number}\x00{answer}".encode(), hashlib.sha256
    ).hexdigest()


def question(ticket: Ticket) -> Question:
    """An addition in words, the same for the same ticket, so that going back does not change it."""
    seed = hashlib.sha256(f"{settings.SECRET_KEY}{ticket.number}".encode()).digest()
    first, second = seed[0] % 8 + 1, seed[1] % 8 + 1
    text = f"请用数字写出答案：{_WORDS[first]}加{_WORDS[second]}等于几？"
    return Question(text, _proof(ticket.number, first + second))


def answered(ticket: Ticket, answer: str) -> bool:
    import unicodedata

    clean = unicodedata.normalize("NFKC", answer).strip()
    if not clean.isascii() or not clean.isdecimal() or len(clean) > 3:
        return False
    return hmac.compare_digest(_proof(ticket.number, int(clean)), question(ticket).proof)


def suspicious(ticket: Ticket, trap: str, text: str, who: str) -> bool:
    """Whether the question should be asked before this is taken in."""
    links = text.lower().count("http://") + text.lower().count("https://")
    return bool(trap.strip()) or ticket.hasty or links > 3 or limits.exceeded("file-quiet", who)
