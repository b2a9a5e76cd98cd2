"""The map as one page, picture or model: written whole or not at all, and loading nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from millpond.errors import WrongUse
from millpond.process.comparing import MapComparison
from millpond.process.delays import bottleneck
from millpond.process.folding import Drawing, fold
from millpond.process.interchange.bpmn_out import BPMN_MARK
from millpond.process.interchange.map_out import write_map
from millpond.process.results import ProcessMap
from millpond.records.files import refuse_others, replacing
from millpond.report import wording
from millpond.report.figures import Figures
from millpond.report.printable import printable
from millpond.report.process_map.svg import svg
from millpond.report.process_map.tables import (
    compared_table,
    demand_table,
    endings_table,
    steps_table,
    ways_table,
)

SUFFIXES = (".html", ".svg", ".bpmn")


@dataclass(frozen=True)
class MapPart:
    """A part of the page: a heading, sentences, pictures and tables.

    Attributes:
        title: its heading.
        sentences: what is said.
        pictures: SVG, each with its name.
        tables: tables that are read as they stand.
    """

    title: str
    sentences: tuple[str, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    tables: tuple[Figures, ...] = ()


def save_map(whole: ProcessMap, path: Path, detail: float | None = None) -> Drawing:
    """Writes a map as a page, a picture, or a model for other tools; the ending of the file says which.

    Args:
        whole: the map.
        path: ends in ``.html``, ``.svg`` or ``.bpmn`` (BPMN 2.0 with its diagram).
        detail: how much of it is drawn, from 0 to 1; left out, as much as can be read.

    Raises:
        WrongUse: the file has another ending, the detail is not from 0 to 1, or a model is there that another tool
            wrote.
        CannotWrite: it cannot be written; an old file is untouched.
    """
    suffix = checked_suffix(path)
    drawing = fold(whole, detail)
    if suffix == ".bpmn":
        refuse_others(path, BPMN_MARK)
        content = write_map(drawing)
    else:
        content = (svg(drawing) if suffix == ".svg" else map_page(drawing)).encode()
    _write(path, content, private=not whole.hidden_below)
    return drawing


def save_comparison(comparison: MapComparison, path: Path, detail: float | None = None) -> None:
    """Writes maps beside each other as a page.

    Raises:
        WrongUse: the file does not end in ``.html``.
        CannotWrite: it cannot be written; an old file is untouched.
    """
    if checked_suffix(path) != ".html":
        raise WrongUse("Maps beside each other are written as a page. Give the file the ending .html.")
    _write(path, comparison_page(comparison, detail).encode(), private=True)


def checked_suffix(path: Path) -> str:
    """The ending of a file that a map can be written to.

    Raises:
        WrongUse: it has another one.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise WrongUse(
            f"A map cannot be written to '{path.name}': its ending says no known kind of file. "
            f"Give it the ending {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}."
        )
    return suffix


def map_page(drawing: Drawing) -> str:
    """The page of one map as HTML text."""
    whole = drawing.map
    lost = [row.sentence for kind in ("step", "pool", "hand-off") for row in whole.delays.of(kind)[:2]]
    told = bottleneck(whole)
    lost = [told, *(sentence for sentence in lost if not told.endswith(sentence))] if told else lost
    parts = [
        MapPart("Where time is lost", (*lost, *(row.sentence for row in whole.delays.of("queue")[:2]))),
        MapPart("The map", drawing.notes, (("map", svg(drawing, titled=False)),)),
        MapPart(
            "Value and failure demand", (whole.demand.sentence, *whole.demand.notes), (), _some(demand_table(whole))
        ),
        MapPart("The same as tables", (), (), (steps_table(whole), ways_table(whole), *_some(endings_table(whole)))),
        MapPart("What the map rests on", whole.notes),
    ]
    return _page(f"{whole.service}: how work flows", _period(whole), parts)


def comparison_page(comparison: MapComparison, detail: float | None = None) -> str:
    """The page of several maps as HTML text."""
    pictures = [(one.group, svg(fold(one, detail))) for one in comparison.maps]
    parts = [
        MapPart("What differs", comparison.sentences),
        MapPart("The maps", (), tuple(pictures)),
        MapPart("The same as a table", (), (), (compared_table(comparison),)),
        MapPart("What to mind", comparison.notes),
    ]
    first = comparison.maps[0]
    return _page(f"{first.service}: maps beside each other", wording.listed(comparison.groups), parts)


def _some(figures: Figures) -> tuple[Figures, ...]:
    return (figures,) if figures.rows else ()


def _period(whole: ProcessMap) -> str:
    told = f"{wording.count(whole.visits, 'visit')} of {wording.count(whole.cases, 'case')}"
    return f"{told}, {wording.day(whole.first_day)} to {wording.day(whole.last_day)}" if whole.first_day else told


def _page(title: str, under: str, parts: list[MapPart]) -> str:
    shown = [part for part in parts if part.sentences or part.pictures or part.tables]
    return printable(_template().render(title=title, under=under, parts=shown, style=Markup(_resource("page.css"))))


def _write(path: Path, content: bytes, *, private: bool) -> None:
    # It names nobody, but small counts in it may tell of somebody: if they do, it is for its owner alone.
    with replacing(path, private=private) as unfinished:
        unfinished.write_bytes(content)


def _resource(name: str) -> str:
    return (files("millpond.report") / name).read_text(encoding="utf-8")


def _drawn(picture: str, number: int) -> Markup:
    """A picture for a page, its ids made unique."""
    return Markup(re.sub(r"\b(map-title|map-desc)\b", rf"\1-{number}", picture))


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters["drawn"] = _drawn
    parts = ("frame.html", "table.html", "process_map/map.html")
    return environment.from_string("".join(map(_resource, parts)))
