"""A fast first sieve for mutation testing: all case tests against every mutant, in one process.

mutmut writes its mutants to ``mutants/src`` and picks one by an environment variable, so they can be tried
without a new pytest session each (about 15 a second instead of one). Use::

    mutmut run                                   # stop it once it says "files mutated"
    python tests/law/mutation_sieve.py           # prints killed and alive per file, alive ones by name
    mutmut run <names left alive>                # the whole suite has the last word

What this sieve kills is killed by tests of the suite: the YAML cases, the fixed wording and the plain
(not hypothesis) tests of the modules named below.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

MUTANTS = Path("mutants").resolve()
SECONDS_PER_MUTANT = 20
MODULES = {
    "case": ("test_case_state", "test_case_table3"),
    "outcomes": ("test_outcomes", "test_remedy"),
    "outcome_types": ("test_outcomes", "test_remedy", "test_questions"),
    "questions": ("test_questions",),
    "remedy": ("test_remedy",),
}


def _plain_tests(module: ModuleType) -> Iterator[tuple[Callable[..., None], dict[str, Any]]]:
    """The module's tests with every set of parameters; those of hypothesis are left to pytest."""
    for name, function in vars(module).items():
        if not name.startswith("test_") or getattr(function, "is_hypothesis_test", False):
            continue
        marks = [m for m in getattr(function, "pytestmark", []) if m.name == "parametrize"]
        if not marks:
            yield function, {}
            continue
        names = marks[0].args[0]
        names = [n.strip() for n in names.split(",")] if isinstance(names, str) else list(names)
        for values in marks[0].args[1]:
            yield function, dict(zip(names, values if len(names) > 1 else (values,), strict=True))


class Sieve:
    """The tests, loaded once from the mutated tree."""

    def __init__(self) -> None:
        sys.path[:0] = [str(MUTANTS / "src"), str(MUTANTS)]
        os.environ["MUTANT_UNDER_TEST"] = ""
        self.wording = importlib.import_module("tests.law.test_wording")
        casebook = importlib.import_module("gongkai.law.case.casebook")
        self.check = casebook.check_case
        self.calendar = importlib.import_module("gongkai.law.calendar").default_calendar()
        folder = MUTANTS / "tests" / "law" / "cases"
        self.cases = [case for file in sorted(folder.glob("*.yaml")) for case in casebook.load_cases(file)]
        self.agreed = set(self.wording.GOLDEN.read_text("utf-8").splitlines())
        self.remedies = set(self.wording._remedies())
        self.tests = {
            key: [t for name in names for t in _plain_tests(importlib.import_module(f"tests.law.{name}"))]
            for key, names in MODULES.items()
        }

    def passes(self, part: str) -> bool:
        """Whether every test of the part passes with the mutant now chosen."""
        if part == "case" and not self._cases_pass():
            return False
        if part == "remedy" and set(self.wording._remedies()) - self.agreed:
            return False
        for function, values in self.tests[part]:
            function(**values)
        return True

    def _cases_pass(self) -> bool:
        said: set[str] = set()
        for case in self.cases:
            if self.check(case, self.calendar):
                return False
            said.update(self.wording._of_case(case))
        return said | self.remedies | set(self.wording._impossible()) == self.agreed

    def survives(self, mutant: str, part: str) -> bool:
        """Whether the mutant passes every test; one that never ends is killed."""
        os.environ["MUTANT_UNDER_TEST"] = mutant
        signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_MUTANT)
        try:
            return self.passes(part)
        except KeyboardInterrupt:
            raise
        except BaseException:  # a mutant may raise anything at all, pytest's own failures included
            return False
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            os.environ["MUTANT_UNDER_TEST"] = ""


def _too_slow(*_: object) -> None:
    raise TimeoutError


def main() -> None:
    """Try every mutant mutmut has written and print the survivors."""
    signal.signal(signal.SIGALRM, _too_slow)
    sieve = Sieve()
    for part in MODULES:
        assert sieve.passes(part), f"{part}: the tests must pass before anything is mutated"
    for meta in sorted((MUTANTS / "src").rglob("*.meta")):
        name = meta.relative_to(MUTANTS / "src").as_posix().removesuffix(".py.meta")
        part = "case" if "/law/case/" in name else Path(name).name
        if part not in MODULES:
            continue
        mutants = list(json.loads(meta.read_text("utf-8"))["exit_code_by_key"])
        alive = [mutant for mutant in mutants if sieve.survives(mutant, part)]
        print(
            f"{name}: {len(mutants)} mutants, {len(mutants) - len(alive)} killed, {len(alive)} alive",
            flush=True,
        )
        print("".join(f"  {mutant}\n" for mutant in alive), end="", flush=True)


if __name__ == "__main__":
    main()
