"""Writes what the examples print now into the pages, for a person to look through before it is committed.

    python -m tests.docs.refresh [PAGE ...]

A block that has a line ``...`` is left as it is where it still matches, and named where it does not.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from tests.docs.pages import PAGES, ROOT, Block, blocks, named
from tests.docs.running import Reader, matches


def refresh(page: Path) -> list[str]:
    """Follow a page and write anew what it prints; returns what a person has to look at."""
    reader = Reader()
    text = page.read_text(encoding="utf-8")
    doubtful = []
    for block in blocks(page):
        if block.about != "prints":
            reader.follow(block)
        elif not matches(block.text, reader.printed):
            if "..." in block.text.splitlines() and block.text.strip() != "...":
                doubtful.append(f"{block} does not match any more:\n{reader.printed}")
                continue
            text = text.replace(_fenced(block, block.text), _fenced(block, _trimmed(reader.printed)))
        elif block.text.strip() == "...":
            text = text.replace(_fenced(block, block.text), _fenced(block, _trimmed(reader.printed)), 1)
    page.write_text(text, encoding="utf-8")
    return doubtful


def _trimmed(text: str) -> str:
    return "".join(line.rstrip() + "\n" for line in text.strip("\n").splitlines())


def _fenced(block: Block, text: str) -> str:
    return f"```{block.language} {block.about}\n{text}```"


def main() -> int:
    """Refreshes the pages that are named, or all."""
    asked = [(ROOT / name).resolve() for name in sys.argv[1:]] or list(PAGES)
    failed = []
    for page in asked:
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            Path("examples").symlink_to(ROOT / "examples")
            print(named(page), file=sys.stderr)
            failed += refresh(page)
    print("\n".join(failed), end="")
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ["COLUMNS"] = "80"
    sys.exit(main())
