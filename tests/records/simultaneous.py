"""Many writers at once into one fonds: run by :mod:`test_services` on the configured database, and as a script on another.

As a script with ``TEST_POSTGRES_URL`` set it migrates that database, does the same, and prints the result as JSON.
"""

from __future__ import annotations

import json
from typing import Any

from tests.applications.simultaneous import at_once

WRITERS = 20


def hammer() -> dict[str, Any]:
    """Twenty files of one class, and one matter filed by twenty people, all at the same moment."""
    from gongkai.organs.testing import make_organ
    from gongkai.records.models import ArchiveFile, Fonds
    from gongkai.records.testing import make_file

    organ = make_organ("清河县人民政府", slug="qh")
    out = at_once([lambda n=n: make_file(organ, f"{n}", object_id=f"a{n}") for n in range(WRITERS)])
    errors = [repr(one) for one in out if isinstance(one, Exception)]
    same = at_once([lambda: make_file(organ, object_id="same", matter="finding") for _ in range(WRITERS)])
    refused = [one for one in same if isinstance(one, Exception)]
    errors += [repr(one) for one in refused if "不能重复归档" not in str(one)]
    reports = ArchiveFile.objects.filter(matter="report").order_by("serial")
    return {
        "errors": errors,
        "serials": list(reports.values_list("serial", flat=True)),
        "fonds": Fonds.objects.count(),
        "same": WRITERS - len(refused),
    }


if __name__ == "__main__":
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    print(json.dumps({"vendor": connection.vendor, **hammer()}, ensure_ascii=False))
