"""``manage rotate_data_keys``: seal every stored value anew with the first key of GONGKAI_DATA_KEYS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from gongkai.applications import vault
from gongkai.applications.fields import SealedText

BATCH = 500


class Command(BaseCommand):
    help = "用 GONGKAI_DATA_KEYS 的第一把密钥重新加密全部个人信息。完成后才可以从变量里去掉旧密钥。可以中断后重新运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只报告还有多少项用的是旧密钥")

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        for field in sealed_fields():
            count = outstanding(field)
            if count and not options["dry_run"]:
                try:
                    reseal(field)
                except vault.VaultError as problem:
                    raise CommandError(f"{field.purpose}：{problem}") from None
            total += count
            if count:
                self.stdout.write(f"{field.model._meta.verbose_name}·{field.verbose_name}：{count} 项")
        verb = "仍用旧密钥" if options["dry_run"] else "已用新密钥重新加密"
        self.stdout.write(f"{verb} {total} 项。" if total else "全部数据已使用当前密钥。")


def sealed_fields() -> Iterator[SealedText]:
    """Every encrypted column of every installed model."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedText):
                yield field


def _where(field: SealedText) -> tuple[str, list[str]]:
    """Rows sealed with another key. Table and column names come from our own models, never from a person."""
    quote = connection.ops.quote_name
    column = quote(field.column)
    # An underscore or a per cent in a key's name cannot occur: names are letters and digits.
    return (
        f"FROM {quote(field.model._meta.db_table)} WHERE {column} <> '' AND {column} NOT LIKE %s",
        [f"g1.{vault.keys()[0][0]}.%"],
    )


def outstanding(field: SealedText) -> int:
    """How many values of the column are sealed with an older key."""
    where, values = _where(field)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) {where}", values)
        return int(cursor.fetchone()[0])


def reseal(field: SealedText) -> None:
    """Seal the column anew, a batch a transaction, past the models' guards: what is signed keeps its words.

    Raises VaultError when an old key is missing; what was done until then stays done.
    """
    quote = connection.ops.quote_name
    key, column = quote(field.model._meta.pk.column), quote(field.column)
    table = quote(field.model._meta.db_table)
    where, values = _where(field)
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT {key}, {column} {where} LIMIT {BATCH}", values)
            rows = cursor.fetchall()
            if not rows:
                return
            fresh = [(vault.seal(vault.unseal(old, field.purpose), field.purpose), pk) for pk, old in rows]
            cursor.executemany(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", fresh)  # noqa: S608
