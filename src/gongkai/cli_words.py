"""The command line in Chinese: what typer itself prints in English (usage, panels, types, usage errors).

Works on the built command and on typer's module constants by their names; where another version of typer lacks one of
them, its English stays and nothing breaks.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import typer

_CONSTANTS = {
    "DEPRECATED_STRING": "（已停用）",
    "DEFAULT_STRING": "［默认：{}］",
    "ENVVAR_STRING": "［环境变量：{}］",
    "REQUIRED_LONG_STRING": "［必填］",
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "ERRORS_PANEL_TITLE": "错误",
    "ABORTED_TEXT": "已中断。",
}
#: The type column of the help: what to give, or nothing for a switch.
_TYPES = {
    "<bool>": "", "<path>": "路径", "<list[Path]>": "路径…", "<int>": "整数", "<int range>": "整数", "<float>": "数", "<str>": "文字",
    "<date>": "日期", "<datetime>": "日期", "<list[str]>": "文字…", "<Decimal>": "金额", "<list[int]>": "整数…",
}  # fmt: skip
#: Names of arguments as they stand in a usage line.
_NAMES = {
    "path": "文件", "paths": "文件或文件夹", "rule": "规则", "day": "日期", "date": "日期", "start": "起始日", "end": "截止日",
    "family": "类别", "count": "件数", "pages": "页数", "word": "词语", "days": "天数", "until": "截止日", "step": "天数或另一日期",
    "text": "文字",
}  # fmt: skip
_HELP = "显示用法"

_SAID: tuple[tuple[str, str], ...] = (
    (r"No such command ['\"](.+?)['\"]\.(?: Did you mean (.+?)\?)?$", "没有“{0}”这个命令。"),
    (r"Missing command\.", "请写明要用哪个命令。"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", "多写了参数：{0}。路径中有空格的，请加引号。"),
    (r"No such option: (.+)", "没有 {0} 这个选项。"),
    (r"Option ['\"](.+?)['\"] requires (?:an argument|\d+ arguments)\.?", "选项 {0} 后面要写明内容。"),
    (r"Option ['\"](.+?)['\"] does not take a value\.?", "选项 {0} 后面不用写内容。"),
    (r"(?:Value error, )?['\"](.+?)['\"] is not one of (.+?)\.?$", "“{0}”不在可选的范围内，可选：{1}。"),
    (r".*is not in the range (.+?)\.?$", "应在 {0} 范围内。"),
    (r".*greater than or equal to (\S+)", "应不小于 {0}。"),
    (r".*less than or equal to (\S+)", "应不大于 {0}。"),
    (r".*valid integer.*", "应为整数。"),
    (r".*valid (?:number|decimal|float).*", "应为数字。"),
    (r".*valid date.*|.*does not match the formats?.*", "应为日期，例如 2025-03-31。"),
)  # fmt: skip
_CHINESE = re.compile("[一-鿿]")


def chinese(message: str) -> str:
    """An error of the command line in Chinese. Messages that are Chinese already are returned unchanged."""
    if _CHINESE.search(message):
        return message
    for pattern, words in _SAID:
        if match := re.match(pattern, message, re.DOTALL):
            groups = [(g or "").replace("'", "").replace(", ", "、") for g in match.groups()]
            near = groups[1] if len(groups) > 1 and "Did you mean" in message else ""
            return words.format(*groups) + (f"您要用的可能是 {near}。" if near else "")
    return "写法不对。"


def explained(error: Any) -> str:
    """The sentence for a usage error raised by typer, which parameter it concerns included."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    parameter = getattr(error, "param", None)
    name = _called(parameter) if parameter is not None else ""
    if "MissingParameter" in kinds:
        return f"缺少{name}。" if name else "缺少必填的内容。"
    if "NoSuchOption" in kinds:
        near = "、".join(sorted(getattr(error, "possibilities", None) or ()))
        return chinese(str(error.message)) + (f"您要用的可能是 {near}。" if near else "")
    said = chinese(str(error.message))
    return f"{name}：{said}" if name else said


def _called(parameter: Any) -> str:
    if getattr(parameter, "param_type_name", "") == "argument":
        return f"参数“{_NAMES.get(parameter.name, parameter.name)}”"
    return "选项 " + " / ".join(parameter.opts)


def install(command: Any) -> Any:
    """Give ``command`` and all its parts Chinese usage lines and help; returns it."""
    try:
        from typer import rich_utils
    except ImportError:
        pass
    else:
        for name, words in _CONSTANTS.items():
            if hasattr(rich_utils, name):
                setattr(rich_utils, name, words)
    for part in _parts(command):
        _reword(part)
    return command


def _parts(command: Any) -> Iterator[Any]:
    yield command
    for part in getattr(command, "commands", {}).values():
        yield from _parts(part)


def _reword(command: Any) -> None:
    usage: Callable[[Any], str] = command.get_usage
    option: Callable[[Any], Any] = command.get_help_option

    def get_usage(context: Any) -> str:
        line = usage(context).replace("Usage: ", "用法：", 1)
        line = line.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]…")
        return re.sub(r"\{(\w+)\}", lambda m: _NAMES.get(m[1], m[1]), line).replace("...", "…")

    def get_help_option(context: Any) -> Any:
        found = option(context)
        if found is not None:
            found.help = _HELP
            _retype(found)
        return found

    command.get_usage, command.get_help_option = get_usage, get_help_option
    for parameter in command.params:
        _retype(parameter)


def _retype(parameter: Any) -> None:
    shown = getattr(parameter, "display_type_rich", None)
    if shown is not None:
        parameter.display_type_rich = lambda ctx: _TYPES.get(said := shown(ctx=ctx), said)
    if getattr(parameter, "param_type_name", "") == "argument" and not parameter.metavar:
        name = _NAMES.get(parameter.name, parameter.name)
        if hasattr(type(parameter), "display_name_raw"):
            parameter.__class__ = _renamed(type(parameter), name)


def _renamed(kind: type, name: str) -> type:
    return type(kind.__name__, (kind,), {"display_name_raw": property(lambda self: name)})


def run(app: typer.Typer) -> int:
    """Run ``app`` with the process's arguments; the exit status. A wrong call ends with 2 and says what was wrong."""
    command = install(typer.main.get_command(app))
    try:
        status = command.main(standalone_mode=False)
    except typer.Abort:
        sys.stderr.write("已中断。\n")
        return 130
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        return _refused(error)
    return status if isinstance(status, int) else 0


def _refused(error: Any) -> int:
    """Say what was wrong with the call on standard error. Help asked for by writing nothing has been printed already."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        if text := str(error.message).strip():
            sys.stderr.write(text + "\n")
        return 2
    sys.stderr.write(f"{explained(error)}\n")
    if context is not None:
        sys.stderr.write(f"{context.get_usage()}\n查看说明：{context.command_path} --help\n")
    return int(getattr(error, "exit_code", 2))


__all__ = ["chinese", "explained", "install", "run"]
