"""``python -m gongkai.config serve`` starts the platform; ``… manage <command>`` is Django's command line."""

from __future__ import annotations

import argparse
import os
import sys


def main(argv: list[str] | None = None) -> int:
    """Runs one of the two commands; returns the exit status."""
    argv = sys.argv[1:] if argv is None else argv
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.base")
    if argv[:1] == ["manage"]:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["gongkai.config manage", *argv[1:]])
        return 0
    parser = argparse.ArgumentParser(prog="python -m gongkai.config", description="公开平台")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    serve = commands.add_parser("serve", help="启动平台（首次自动迁移并装入演示数据）")
    serve.add_argument("--host", default="127.0.0.1", help="监听地址，默认只对本机开放")
    serve.add_argument("--port", type=int, default=8000, help="监听端口，默认 8000")
    serve.add_argument("--workers", type=int, default=0, help="工作进程数，默认按处理器数")
    commands.add_parser("manage", help="管理命令（迁移、演示数据、核验审计链……）")
    options = parser.parse_args(argv)

    from gongkai.config.serve import run

    return run(options.host, options.port, options.workers)


if __name__ == "__main__":
    sys.exit(main())
