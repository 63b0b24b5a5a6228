"""What the server says on the terminal, in Chinese, and without its advice on a choice that was made on purpose."""

from __future__ import annotations

import logging
import re

#: Its advice that there may be more threads than processors: they wait for the database, not for a processor.
ON_PURPOSE = "Configuration allows spawning up to"
LEVELS = {"WARNING": "警告", "ERROR": "错误", "CRITICAL": "严重错误"}
#: What may happen to a running site. Anything else is shown as the server says it: better foreign than hidden.
SAID = (
    (r"Unexpected exit from worker-(\d+)", r"工作进程 \1 意外退出，将自动重新启动；反复出现的，请看 gongkai.log"),
    (r"Killing (?:old )?worker-(\d+) after it refused to gracefully stop", r"工作进程 \1 没有按时停下，已强制结束"),
    (r"Worker crash loop detected, exiting", "工作进程反复启动失败，已停止；原因见上和 gongkai.log"),
)  # fmt: skip


def chinese(record: logging.LogRecord) -> bool:
    """A filter of the server's log: whether ``record`` is shown, its words in Chinese where they are known."""
    said = record.getMessage()
    if said.startswith(ON_PURPOSE):
        return False
    for pattern, words in SAID:
        said = re.sub(pattern, words, said)
    record.msg, record.args = said, ()
    record.levelname = LEVELS.get(record.levelname, record.levelname)
    return True


def speak_chinese() -> None:
    """To be called before the server sets up its log: what it sets up keeps the filters that are there."""
    logging.getLogger("_granian").addFilter(chinese)


__all__ = ["chinese", "speak_chinese"]
