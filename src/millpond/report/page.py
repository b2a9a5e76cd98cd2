"""The one page: what it holds, and its HTML.

The page is one file that loads nothing: charts are drawn into it, its style is written in it, and it runs no script.
What goes on it is decided in `millpond.report.gather`; here it is only set out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from millpond.report import wording
from millpond.report.charts.chart import Chart, anchor
from millpond.report.charts.style import NARROW, WIDE
from millpond.report.figures import MOST_ROWS, Figures
from millpond.report.printable import printable

TONES = {
    "act": "Act on this",
    "watch": "Keep an eye on this",
    "good": "Going well",
    "doubt": "Mind the figures",
    "note": "Good to know",
}


@dataclass(frozen=True)
class Finding:
    """One thing that the reader should know first.

    Attributes:
        sentence: what was found, with its number.
        detail: what it rests on, or what to do about it.
        tone: ``act``, ``watch``, ``good``, ``note`` where it is neither, or ``doubt`` where it is about the records
            and not the service.
    """

    sentence: str
    detail: str = ""
    tone: str = "watch"

    @property
    def label(self) -> str:
        """The tone in words."""
        return TONES[self.tone]


@dataclass(frozen=True)
class Section:
    """One part of the page.

    Attributes:
        key: short name, unique on the page; links go to it.
        title: its heading.
        lead: sentences below the heading.
        charts: charts at the width of the page.
        small: charts set two beside each other where there is room.
        tables: tables that are read as they stand.
        points: a list of sentences.
    """

    key: str
    title: str
    lead: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    small: tuple[Chart, ...] = ()
    tables: tuple[Figures, ...] = ()
    points: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it has nothing to show; an empty section is left out."""
        return not (self.lead or self.charts or self.small or self.tables or self.points)


@dataclass(frozen=True)
class Definition:
    """A word of the page and what it means here."""

    term: str
    meaning: str


@dataclass(frozen=True)
class Note:
    """What a reader of some figures must know.

    Attributes:
        topic: which figures.
        sentences: what.
    """

    topic: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class PageContents:
    """Everything that the page shows.

    Attributes:
        service: the service's name.
        period: the days that the figures cover, in words.
        as_of: the instant at which the records end, ISO 8601 with its offset.
        findings: the most important first; three are enough.
        sections: the parts of the page, in order.
        definitions: what the words mean.
        notes: what a reader of the figures must know, by topic.
        sharing: a sentence on hidden small numbers, where they are hidden.
    """

    service: str
    period: str
    as_of: str
    findings: tuple[Finding, ...] = ()
    sections: tuple[Section, ...] = ()
    definitions: tuple[Definition, ...] = ()
    notes: tuple[Note, ...] = ()
    sharing: str = ""


def build_page(contents: PageContents) -> str:
    """The page as HTML text, whole in itself: it loads nothing and runs nothing.

    Args:
        contents: what it shows.
    """
    text = _template().render(
        page=contents,
        sections=[section for section in contents.sections if not section.is_empty],
        style=Markup(_resource("page.css")),
        as_of=wording.moment(contents.as_of) if contents.as_of else "",
        most_rows=f"{MOST_ROWS:,}",
    )
    return printable(text)


def _picture(chart: Chart, narrow: bool) -> Markup:
    """The drawing for the page: without title, and silent, because the figure around it speaks."""
    svg = chart.svg(NARROW if narrow else WIDE, titled=False)
    svg = re.sub(r'<svg role="img" aria-label="[^"]*"', '<svg aria-hidden="true" focusable="false"', svg, count=1)
    return Markup(svg)


def _resource(name: str) -> str:
    return (files("millpond.report") / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters["picture"] = _picture
    environment.filters["anchor"] = anchor
    return environment.from_string(_resource("frame.html") + _resource("table.html") + _resource("page.html"))
