"""``python -m gongkai.config serve`` starts the platform; ``manage`` is Django's command line."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.base")
    if sys.argv[1:2] == ["manage"]:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["gongkai manage", *sys.argv[2:]])


if __name__ == "__main__":
    main()
