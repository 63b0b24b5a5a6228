"""Several clerks who give numbers at the same moment: none twice, none left out (SQLite, and PostgreSQL with its URL)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from gongkai.normative import services
from gongkai.normative.models import Document, NumberCounter
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ

WRITERS, DAY = 6, date(2026, 3, 2)


@pytest.mark.django_db(transaction=True)
def test_numbers_run_on_without_a_gap_whoever_comes_first() -> None:
    organ = make_organ("某区人民政府")
    drafts = [
        services.create_draft(SYSTEM, organ, category="policy", title=f"通知{n}", body="正文", on=DAY)
        for n in range(WRITERS)
    ]
    gate = Barrier(WRITERS)

    def issue(document: Document) -> None:
        try:
            gate.wait(30)
            services.issue(SYSTEM, document, on=DAY, mark="某政发")
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        for done in [pool.submit(issue, draft) for draft in drafts]:
            done.result(60)
    rows = Document.objects.filter(organ=organ)
    assert sorted(rows.values_list("number_serial", flat=True)) == list(range(1, WRITERS + 1))
    assert rows.values("index_number").distinct().count() == WRITERS
    assert dict(NumberCounter.objects.values_list("series", "last")) == {"某政发": WRITERS, "索引号": WRITERS}
