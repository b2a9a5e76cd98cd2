"""Every example of the documentation runs, and prints what the page says it prints."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main

from millpond.cli.main import app
from tests.docs.pages import PAGES, ROOT, Block, blocks, named
from tests.docs.running import NOT_RUN, Reader, commands, matches

RUN = tuple(page for page in PAGES if any(block.language in ("sh", "python") for block in blocks(page)))
KNOWN = {"sh", "python", "py", "text", "toml", "csv", "json", "xml", ""}


@pytest.mark.parametrize("page", RUN, ids=named)
def test_the_examples_of_a_page_run_as_they_stand(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    reader = Reader()
    for block in blocks(page):
        reader.follow(block)


def test_each_reason_for_not_running_a_command_is_needed() -> None:
    told = [
        command
        for page in PAGES
        for block in blocks(page)
        if block.language == "sh"
        for command in commands(block.text)
    ]
    for beginning in NOT_RUN:
        assert any(command.startswith(beginning) for command in told), f"no page has '{beginning}' any more"


def test_commands_of_ours_that_are_not_run_have_options_that_there_are() -> None:
    group: Any = typer.main.get_command(app)
    for page in PAGES:
        for block in blocks(page):
            for command in commands(block.text) if block.language == "sh" else ():
                words = shlex.split(command)
                if words[0] == "millpond" and any(command.startswith(beginning) for beginning in NOT_RUN):
                    known = {way for param in group.commands[words[1]].params for way in param.opts}
                    asked = {word for word in words if word.startswith("--")}
                    assert asked and asked <= known, f"{block}: {asked - known}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_block_says_what_it_is(page: Path) -> None:
    for block in blocks(page):
        assert block.language in KNOWN, f"{block}: what is '{block.language}'?"
        if block.about and block.about != "prints":
            assert block.language == "sh" or re.fullmatch(r"[\w./-]+\.(csv|toml|bpmn)", block.about), (
                f"{block}: {block.about}"
            )


FRAGMENTS = [block for page in PAGES for block in blocks(page) if block.language == "toml"]


@pytest.mark.parametrize("block", FRAGMENTS, ids=str)
def test_toml_can_be_read(block: Block) -> None:
    tomllib.loads(block.text)


def test_a_fence_is_closed_where_it_was_opened() -> None:
    for page in PAGES:
        fences = [
            line for line in page.read_text(encoding="utf-8").splitlines() if re.match(r"^```[a-z]*( [^`]*)?$", line)
        ]
        assert len(fences) == 2 * len(blocks(page)), f"{named(page)} has a fence that is not closed"


@pytest.mark.parametrize(
    ("told", "printed", "expected"),
    [
        ("one\ntwo\n", "one\ntwo\n", True),
        ("one\n...\n", "one\ntwo\nthree\n", True),
        ("...\nthree\n", "one\ntwo\nthree\n", True),
        ("one\nthree\n", "one\ntwo\nthree\n", False),
        ("one\n", "one\ntwo\n", False),
        ("a.c\n", "abc\n", False),
        ("...\n", "", True),
    ],
)
def test_dots_stand_for_any_lines_and_all_else_for_itself(told: str, printed: str, expected: bool) -> None:
    assert matches(told, printed) is expected


def test_a_command_goes_on_after_a_backslash_and_ends_at_a_hash() -> None:
    assert [shlex.split(command) for command in commands('a "b c" \\\n  d  # why\n\n# only this\ne\n')] == [
        ["a", "b c", "d"],
        ["e"],
    ]
