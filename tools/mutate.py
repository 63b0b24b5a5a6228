"""Mutation testing of pure modules: change one operator, constant or condition, expect a test to fail.

    python tools/mutate.py src/gongkai/law/calendar.py tests/law/test_calendar.py tests/law/test_calendar_cases.py

mutmut leaves decorated functions alone, and ours carry `@rule(…)`; this walks every function. Left alone are strings
(wording), type annotations, decorators, the arguments of `cite(…)` (read against the law) and `assert`. Each mutant
runs in a fork of a process that has imported pytest and the libraries already. Survivors are printed with line and change.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
TIMEOUT = 60
COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Pow: ast.Mult,
}  # fmt: skip


def mutations(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Replacements of one node, each with a word about it."""
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            new = copy.deepcopy(node)
            new.ops[i] = COMPARE[type(op)]()
            yield "compare", new
    elif isinstance(node, ast.BinOp) and type(node.op) in BINARY and not _is_text(node):
        yield "operator", ast.BinOp(node.left, BINARY[type(node.op)](), node.right)
    elif isinstance(node, ast.BoolOp):
        yield "and/or", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield "unary", node.operand
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield "constant", ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield "constant", ast.Constant(node.value + 1)
    elif isinstance(node, (ast.If, ast.IfExp)):
        new_if = copy.copy(node)
        new_if.test = ast.UnaryOp(ast.Not(), node.test)
        yield "condition", new_if
    elif isinstance(node, ast.Continue):
        yield "continue", ast.Break()
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield "return", ast.Return(ast.Constant(None))


def _is_text(node: ast.BinOp) -> bool:
    """Joining of strings: an error of type, not a change of meaning."""
    sides = (node.left, node.right)
    return any(isinstance(s, ast.JoinedStr) or isinstance(getattr(s, "value", None), str) for s in sides)


class _Mutator(ast.NodeTransformer):
    """Applies mutation number `wanted` of the tree; with None only counts them."""

    def __init__(self, wanted: int | None) -> None:
        self.wanted = wanted
        self.seen = 0
        self.done = ""

    def visit(self, node: ast.AST) -> ast.AST:
        for word, new in mutations(node):
            self.seen += 1
            if self.seen - 1 == self.wanted:
                before = ast.unparse(node).splitlines()[0]
                self.done = (
                    f"{getattr(node, 'lineno', 0)}: {word}: {before} -> {ast.unparse(new).splitlines()[0]}"
                )
                return ast.copy_location(new, node)
        return self._children(node)

    def _children(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Assert):
            return node
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "cite":
            return node
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "decorator_list"):
                continue
            if isinstance(value, list):
                setattr(node, field, [self.visit(v) if isinstance(v, ast.AST) else v for v in value])
            elif isinstance(value, ast.AST):
                setattr(node, field, self.visit(value))
        return node


def mutant(source: str, wanted: int | None) -> tuple[ast.Module, _Mutator]:
    """The tree with one mutation, and the mutator that knows what it did."""
    mutator = _Mutator(wanted)
    tree = mutator.visit(ast.parse(source))
    assert isinstance(tree, ast.Module)
    return ast.fix_missing_locations(tree), mutator


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Serves one module from a given tree."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.tree = name, path, tree

    def find_spec(
        self, name: str, path: object, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)  # type: ignore[arg-type]

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)  # noqa: S102


def run(path: Path, tree: ast.Module, tests: Sequence[str]) -> str:
    """killed, survived or timeout for one tree, in a fork."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(TIMEOUT)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        relative = path.resolve().relative_to(ROOT / "src")
        sys.meta_path.insert(0, _Finder(".".join(relative.with_suffix("").parts), path, tree))
        import hypothesis
        import pytest

        # The first counter-example is enough: no shrinking, fewer examples.
        quick = hypothesis.settings(max_examples=30, phases=[hypothesis.Phase.generate], database=None)
        hypothesis.settings.register_profile("mutation", quick, derandomize=True, deadline=None)
        hypothesis.settings.load_profile("mutation")
        options = [
            "-x",
            "-q",
            "--noconftest",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:django",
            "-p",
            "no:randomly",
        ]
        os._exit(int(pytest.main([*options, *tests])))
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return "timeout"
    return "survived" if os.WEXITSTATUS(status) == 0 else "killed"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("module", type=Path)
    parser.add_argument("tests", nargs="+")
    arguments = parser.parse_args()
    _preload()
    source = arguments.module.read_text("utf-8")
    unchanged, counter = mutant(source, None)
    if run(arguments.module, unchanged, arguments.tests) != "survived":
        print("tests fail without any mutation")
        return 2
    started, survivors = time.monotonic(), []
    for n in range(counter.seen):
        tree, mutator = mutant(source, n)
        if run(arguments.module, tree, arguments.tests) == "survived":
            survivors.append(mutator.done)
            print(f"  {arguments.module.name}:{mutator.done}", flush=True)
    killed = counter.seen - len(survivors)
    score = 100 * killed / max(1, counter.seen)
    seconds = time.monotonic() - started
    print(
        f"{arguments.module.name}: {killed}/{counter.seen} killed, {score:.1f} %, {seconds:.0f} s", flush=True
    )
    return 0


def _preload() -> None:
    """What every fork would otherwise import for itself; nothing of the code under test."""
    for name in (
        "pytest",
        "_pytest.assertion.rewrite",
        "hypothesis",
        "chinese_calendar",
        "yaml",
        "typer.testing",
        "rich",
    ):
        importlib.import_module(name)


if __name__ == "__main__":
    sys.exit(main())
