"""One key of another system, so that the desk shows what is kept of it. Nobody knows the key: it opens nothing."""

from __future__ import annotations

from datetime import timedelta

from gongkai.api import services
from gongkai.demo.context import DemoContext
from gongkai.organs.scope import SYSTEM


def load(context: DemoContext) -> None:
    """The office-automation system of the county may hand in drafts for half a year."""
    expires = context.today + timedelta(days=180)
    clerk = context.user("ltq-clerk")
    services.create_key(SYSTEM, context.organ("ltq"), "区协同办公系统（演示）", expires, clerk)
    context.log("接口密钥 1 个")
