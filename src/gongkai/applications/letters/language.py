"""The language of letter templates: ``{{ 字段 }}`` and ``{% 若 字段 %}…{% 否则 %}…{% 完 %}``, and nothing else.

There are no attributes, filters, calls or loops, so a template can print the listed fields and reach no other object. What is
put in is text: a brace pair inside a value is printed, never read as template again.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

#: Characters; the longest built-in wording has a tenth of it.
LONGEST = 20_000
DEEPEST = 5
_TOKEN = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}", re.S)
_STOPS = tuple("。；！？：，、…．")
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}")
#: What marks a field that has no value yet in a draft.
HOLE = re.compile(r"【([^【】\n]{1,30})】")


class TemplateProblem(ValueError):
    """A template that cannot be used; ``problems`` are Chinese sentences with line numbers."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    then: tuple[Node, ...]
    otherwise: tuple[Node, ...]


Node = Text | Slot | Choice


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled template: the text, with 【字段】 where something is missing, and the names of what is missing."""

    text: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template."""

    nodes: tuple[Node, ...]

    def names(self) -> tuple[str, ...]:
        """Every field it names, in order of first appearance."""
        return tuple(dict.fromkeys(_names(self.nodes)))

    def needed(self) -> tuple[str, ...]:
        """The fields it cannot do without: those outside a condition."""
        return tuple(dict.fromkeys(n.name for n in self.nodes if isinstance(n, Slot)))

    def fill(self, values: Mapping[str, str], deferred: Collection[str] = ()) -> Filled:
        """Put ``values`` in. A field of ``deferred`` stays as ``{{ 字段 }}``, to be filled at signing."""
        missing: dict[str, None] = {}
        lines: list[str] = []
        for line in "".join(_fill(self.nodes, values, deferred, missing)).split("\n"):
            clean = line.strip(" \t\r\x00")
            if clean.strip("\x01"):
                lines.append(_cells(clean) if clean.startswith("｜") else _sentences(clean))
        return Filled("\n".join(lines), tuple(missing))


def _cells(line: str) -> str:
    # Line breaks inside a table row would end the row.
    return line.replace("\x00", "；").replace("\x01", "")


def _sentences(line: str) -> str:
    """Full stops where a paragraph ends with what was typed (``\\x01`` marks its end, ``\\x00`` a line break inside it)."""
    *items, final = line.split("\x00")
    if final.endswith("\x01") and final.rstrip("\x01")[-1:] not in _STOPS:
        final += "。"
    items = [item if item[-1:] in _STOPS else item + "；" for item in items]
    return "\n".join([*items, final]).replace("\x01", "")


def _names(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Slot):
            yield node.name
        elif isinstance(node, Choice):
            yield node.name
            yield from _names(node.then)
            yield from _names(node.otherwise)


def _fill(
    nodes: tuple[Node, ...], values: Mapping[str, str], deferred: Collection[str], missing: dict[str, None]
) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Text):
            yield node.text
        elif isinstance(node, Choice):
            chosen = node.then if values.get(node.name, "").strip() else node.otherwise
            yield from _fill(chosen, values, deferred, missing)
        elif node.name in deferred:
            yield f"{{{{ {node.name} }}}}"
        else:
            value = harmless(values.get(node.name, "")).strip()
            if not value:
                missing[node.name] = None
            yield f"{value.replace(chr(10), chr(0))}\x01" if value else f"【{node.name}】"


def harmless(value: str) -> str:
    """A value that cannot be taken for a template, a table row or a hole, and has no control characters."""
    text = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", str(value))
    text = "".join(ch for ch in text if ch in "\n\t" or (ord(ch) >= 32 and not 0x7F <= ord(ch) < 0xA0))
    for pair, instead in (("{{", "｛｛"), ("}}", "｝｝"), ("{%", "｛%"), ("%}", "%｝"), ("｜", "|")):
        text = text.replace(pair, instead)
    return re.sub(r"[\u202a-\u202e\u2066-\u2069]", "", text)


@lru_cache(maxsize=256)
def parse(source: str) -> Template:
    """Parse a template. Raises :class:`TemplateProblem` naming every fault it can."""
    if len(source) > LONGEST:
        raise TemplateProblem([f"模板过长：{len(source)} 字，上限 {LONGEST} 字。"])
    return Template(_Parser(source).run())


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = re.sub(r"\r\n?", "\n", source).translate({0: None, 1: None})
        self.problems: list[str] = []
        # Each level: (condition's name, its line, nodes before 否则, nodes now being collected, 否则 seen)
        self.stack: list[tuple[str, int, list[Node], bool]] = []
        self.now: list[Node] = []

    def run(self) -> tuple[Node, ...]:
        end = 0
        for token in _TOKEN.finditer(self.source):
            self._text(self.source[end : token.start()], end)
            end = token.end()
            line = self._line(token.start())
            if token[1] is not None:
                self._slot(token[1].strip(), line)
            else:
                self._tag(token[2].split(), line)
        self._text(self.source[end:], end)
        for name, line, _, _ in self.stack:
            self.problems.append(f"第 {line} 行的“若 {name}”没有对应的“完”。")
        if self.problems:
            raise TemplateProblem(self.problems)
        return tuple(self.now)

    def _line(self, position: int) -> int:
        return self.source.count("\n", 0, position) + 1

    def _text(self, text: str, start: int) -> None:
        if stray := _STRAY.search(text):
            at = self._line(start + stray.start())
            self.problems.append(f"第 {at} 行有不成对的“{stray[0]}”；字段写成 {{{{ 字段名 }}}}。")
        if text:
            self.now.append(Text(text))

    def _slot(self, name: str, line: int) -> None:
        if not name or "\n" in name or "{" in name:
            self.problems.append(f"第 {line} 行的字段名不完整。")
            return
        self.now.append(Slot(name))

    def _tag(self, words: list[str], line: int) -> None:
        match words:
            case ["若", name]:
                if len(self.stack) >= DEEPEST:
                    self.problems.append(f"第 {line} 行：“若”最多套 {DEEPEST} 层。")
                self.stack.append((name, line, self.now, False))
                self.now = []
            case ["否则"] if self.stack and not self.stack[-1][3]:
                name, at, outer, _ = self.stack.pop()
                self.stack.append((name, at, [*outer, Choice(name, tuple(self.now), ())], True))
                self.now = []
            case ["完"] if self.stack:
                name, _, outer, otherwise = self.stack.pop()
                if otherwise:
                    last = outer[-1]
                    assert isinstance(last, Choice)
                    outer[-1] = Choice(name, last.then, tuple(self.now))
                    self.now = outer
                else:
                    self.now = [*outer, Choice(name, tuple(self.now), ())]
            case ["否则" | "完"]:
                self.problems.append(f"第 {line} 行的“{words[0]}”前面没有“若”。")
            case _:
                said = " ".join(words) or "（空）"
                self.problems.append(f"第 {line} 行不认识“{said[:30]}”；只能用“若 字段”“否则”“完”。")


def unknown_fields(template: Template, known: Collection[str]) -> list[str]:
    """A sentence for every field of ``template`` that does not exist, with the nearest one that does."""
    out = []
    for name in template.names():
        if name not in known:
            near = difflib.get_close_matches(name, list(known), 1, 0.4)
            out.append(
                f"没有“{name[:30]}”这个字段"
                + (f"，是不是“{near[0]}”？" if near else "，请从字段列表中选用。")
            )
    return out
