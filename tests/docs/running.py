"""Runs the examples of a page as a reader would, in an empty folder, one after the other.

A block with the name of a file makes that file. Commands and Python run as they stand; what they print is compared
with the block marked ``prints`` that follows. Python shows the value of its last expression, as a notebook does.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millpond.cli.main import run
from tests.docs.pages import ROOT, Block

NOT_RUN = {
    "make": "a recipe; what `make run` runs is run",
    "python": "a script of the repository, which takes longer than a test may",
    ". .venv/bin/activate": "the tests run in the environment already",
    "millpond import postgresql://": "needs a server; its options are looked at",
}
"""Commands that are not run, by how they begin, each with the reason. Any other command must be one of ours."""

_PROGRESS = re.compile(
    r"^(Reading|Measuring|Writing|Checking|Preparing|Simulating|Comparing|Trying) .*\.\.\.\n", re.MULTILINE
)


class Reader:
    """Somebody who follows a page.

    Attributes:
        not_run: the commands that were not run.
        printed: what the last block printed.
    """

    def __init__(self) -> None:
        self.not_run: list[str] = []
        self._names: dict[str, Any] = {}
        self.printed = ""

    def follow(self, block: Block) -> None:
        """Do what a block says."""
        if block.language == "sh":
            expected = int(block.about.removeprefix("exits ")) if block.about else 0
            self.printed = "".join(self._command(command, expected, block) for command in commands(block.text))
        elif block.language == "python":
            self.printed = self._python(block)
        elif block.about == "prints":
            assert matches(block.text, self.printed), f"{block}: this is printed instead:\n{self.printed}"
        elif block.about:
            file = Path(block.about)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")

    def _command(self, command: str, expected: int, block: Block) -> str:
        rule = next((beginning for beginning in NOT_RUN if command.startswith(beginning)), None)
        if rule is not None:
            self.not_run.append(command)
            return "".join(self._command(recipe, expected, block) for recipe in recipes(command))
        words = shlex.split(command)
        assert words[0] == "millpond", f"{block}: '{command}' is not run. Say why in tests/docs/running.py."
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words[1:])
        assert code == expected, f"{block}: '{command}' ends with {code}:\n{out.getvalue()}{err.getvalue()}"
        return out.getvalue() if code == 0 else _PROGRESS.sub("", err.getvalue())

    def _python(self, block: Block) -> str:
        tree = ast.parse(block.text, str(block))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(tree, str(block), "exec"), self._names)
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), str(block), "eval"), self._names)
                if value is not None:
                    print(value)
        return out.getvalue()


def commands(text: str) -> Iterator[str]:
    """The commands of a block, each with its continued lines; without what stands after a ``#``."""
    for line in text.replace("\\\n", " ").splitlines():
        command = re.sub(r"(^|\s)#.*", "", line).strip()
        if command:
            yield command


def recipes(command: str) -> Iterator[str]:
    """The commands of ours that a recipe of the Makefile runs, where it is `make run`."""
    if command != "make run":
        return
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(r"^run:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert found, "the Makefile has no recipe 'run'"
    for line in found[1].splitlines():
        command = line.strip().lstrip("@").replace("$(BIN)/", "")
        if command.startswith("mkdir -p "):
            Path(command.removeprefix("mkdir -p ")).mkdir(parents=True, exist_ok=True)
        else:
            yield command


def matches(told: str, printed: str) -> bool:
    """Whether what a page tells is what was printed; a line ``...`` stands for any lines."""
    lines = [line.rstrip() for line in told.strip("\n").splitlines()]
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in lines)
    trimmed = "".join(line.rstrip() + "\n" for line in printed.strip("\n").splitlines())
    return re.fullmatch(pattern, trimmed) is not None
