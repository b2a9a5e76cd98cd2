"""Writes the parts of the documentation that the code itself knows: commands, functions, columns, keys of results.

    python docs/generate.py            brings every page and the picture in the README up to date
    python docs/generate.py --check    changes nothing, and ends with 1 where a page is out of date

Two pages of the reference are written whole. In the others, what stands between ``<!-- generated: NAME -->`` and
``<!-- end -->`` is. Nothing is told here that the code does not say: help texts, docstrings and tables of names.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from generating.command_line import command_line
from generating.functions import python_page
from generating.parts import part

import millpond
from millpond.report.charts.chart import Chart
from millpond.report.charts.four_measures import four_measures

DOCS = Path(__file__).parent
PICTURE = DOCS / "images" / "victim-support.svg"
_MARKED = re.compile(r"(<!-- generated: ([^>]+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> dict[Path, str]:
    """Every page that is generated, or has generated parts, as it should be."""
    reference = DOCS / "reference"
    whole = {reference / "command-line.md": command_line(), reference / "python.md": python_page()}
    for page in sorted(DOCS.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        if page not in whole and "<!-- generated:" in text:
            whole[page] = _MARKED.sub(lambda found: f"{found[1]}\n{part(found[2])}\n{found[3]}", text)
    return whole


def picture() -> Chart:
    """The chart in the README: the main one of the example's page."""
    with millpond.open(DOCS.parent / "examples" / "victim-support") as service:
        weeks = service.measure(by="week")
        return four_measures(weeks, "advocates", service.labels["advocates"])


def main() -> int:
    """Writes the pages and the picture, or says which pages are out of date."""
    stale = [page for page, text in pages().items() if not page.exists() or page.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        for page in stale:
            print(f"{page.relative_to(DOCS.parent)} is out of date: run python docs/generate.py")
        return 1 if stale else 0
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")
    picture().save(PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
