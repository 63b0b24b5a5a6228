"""定时公开与到期撤下: in the place of Wagtail's command, which stops at the first page that is refused."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from gongkai.publication.models import DisclosurePage
from gongkai.publication.review.services import refuse, release_due

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "公开到了时间的稿件，撤下到期的页面。没有办成的逐条告诉拟稿人和定时的人，其余照常办理。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dryrun", action="store_true", help="只列出，不办理。")

    def handle(self, *args: Any, **options: Any) -> None:
        now, self.broken = timezone.now(), 0
        expired = Page.objects.filter(live=True, expire_at__lt=now).order_by("expire_at")
        due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
        if options["dryrun"]:
            for page in expired:
                self.stdout.write(f"到期撤下：{page.title}（{page.expire_at:%Y-%m-%d %H:%M}）")
            for revision in due:
                self.stdout.write(
                    f"定时公开：{revision.object_str}（{revision.approved_go_live_at:%Y-%m-%d %H:%M}）"
                )
            return
        for page in list(expired):
            self._each(
                page.title, lambda page=page: page.specific.unpublish(set_expired=True, log_action=None)
            )
        for revision in list(due):
            self._publish(revision)
        if self.broken:
            raise CommandError(f"{self.broken} 条因程序出错没有办成，详见日志；下次再试。")

    def _publish(self, revision: Revision) -> None:
        ours = isinstance(revision.content_object, DisclosurePage)
        found = self._each(
            revision.object_str, lambda: release_due(revision) if ours else revision.publish(log_action=None)
        )
        if found and ours:
            refuse(revision, found)

    def _each(self, title: str, act: Callable[[], Any]) -> list[str]:
        """Does one of them in a transaction of its own; why it was refused, if it was."""
        try:
            with transaction.atomic():
                act()
        except ValidationError as refused:
            found = refused.messages
        except PermissionDenied as refused:
            found = [str(refused) or "定时的人已经没有公开的权限。"]
        except Exception:
            # Whatever is wrong with this one, the others have their time too.
            logger.exception("定时公开出错：%s", title)
            self.broken += 1
            return []
        else:
            return []
        self.stderr.write(f"《{title}》没有办成：{'；'.join(found)}")
        return found
