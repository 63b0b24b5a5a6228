"""The acts of review; one function per act, one transaction each."""

from gongkai.publication.review.services.emergency import publish_emergency
from gongkai.publication.review.services.guarding import guard
from gongkai.publication.review.services.lists import remove_word, rereview, save_word
from gongkai.publication.review.services.mending import replace_file
from gongkai.publication.review.services.scheduling import refuse, release_due, schedule
from gongkai.publication.review.services.signing import approve, release_approved, send_back
from gongkai.publication.review.services.submitting import override, recall, submit

__all__ = [
    "approve", "guard", "override", "publish_emergency", "recall", "refuse", "release_approved", "release_due",
    "remove_word", "replace_file", "rereview", "save_word", "schedule", "send_back", "submit",
]  # fmt: skip
