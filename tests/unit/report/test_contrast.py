"""Whether people with weak sight can tell letters and marks from what is behind them: WCAG 2.2, level AA.

Letters need a contrast of 4.5 to 1 (success criterion 1.4.3), marks that a reader must see one of 3 to 1 (1.4.11).
"""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from millpond.report.charts import control, return_levels, style

LETTERS, MARKS = 4.5, 3.0
CSS = files("millpond.report").joinpath("page.css").read_text(encoding="utf-8")
VARIABLES = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", CSS))
WHITE = "#ffffff"
LETTERS_OF_CHARTS = ("INK", "MUTED", "SHADE_INK", "DEMAND", "CAPACITY", "ACTIVITY", "BACKLOG", "STRONG")
MARKS_OF_CHARTS = (*LETTERS_OF_CHARTS, "SOFT", "LINK", "GREW", "SHRANK")
BEHIND = ("PAPER", "SHADE", "BACKLOG_FILL", "RULE")
"""Grounds and grid lines, which say nothing that is not said by a mark or a number as well."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, as WCAG 2.2 defines it."""

    def luminance(colour: str) -> float:
        channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_ratio_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast(WHITE, WHITE) == 1
    # The grey that is known to just pass on white.
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("name", LETTERS_OF_CHARTS)
@pytest.mark.parametrize("ground", ["PAPER", "SHADE"])
def test_letters_in_charts(name: str, ground: str) -> None:
    assert contrast(getattr(style, name), getattr(style, ground)) >= LETTERS


@pytest.mark.parametrize("name", MARKS_OF_CHARTS)
@pytest.mark.parametrize("ground", ["PAPER", "SHADE"])
def test_marks_in_charts(name: str, ground: str) -> None:
    assert contrast(getattr(style, name), getattr(style, ground)) >= MARKS


@pytest.mark.parametrize("colour", [control.LIMIT, control.TARGET])
def test_lines_of_control_charts(colour: str) -> None:
    assert contrast(colour, style.PAPER) >= LETTERS
    assert contrast(colour, return_levels.BAND) >= MARKS


@pytest.mark.parametrize("share", [0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1])
def test_a_number_on_a_cell_of_any_heat(share: float) -> None:
    fill = style.heat(share)
    assert contrast(style.ink_on(fill), fill) >= LETTERS


def test_no_colour_of_charts_is_forgotten() -> None:
    named = {name for name, value in vars(style).items() if isinstance(value, str) and value.startswith("#")}
    assert named == {*MARKS_OF_CHARTS, *BEHIND}


@pytest.mark.parametrize(
    ("letters", "grounds"),
    [
        ("ink", ("paper", "ground")),
        ("muted", ("paper", "ground")),
        ("act", ("paper",)),
        ("watch", ("paper",)),
        ("good", ("paper",)),
        ("doubt", ("paper",)),
    ],
)
def test_letters_on_the_page(letters: str, grounds: tuple[str, ...]) -> None:
    for ground in grounds:
        assert contrast(VARIABLES[letters], VARIABLES[ground]) >= LETTERS


def test_links_headings_and_focus_on_the_page() -> None:
    links = re.search(r"^a {[^}]*color: (#[0-9a-f]{6})", CSS, flags=re.MULTILINE)
    head = re.search(r"header \.kind {[^}]*color: (#[0-9a-f]{6})", CSS)
    when = re.search(r"header \.when {[^}]*color: (#[0-9a-f]{6})", CSS)
    heads = re.search(r"thead th {[^}]*background: (#[0-9a-f]{6})", CSS)
    assert links and head and when and heads
    for ground in ("paper", "ground"):
        assert contrast(links[1], VARIABLES[ground]) >= LETTERS
        assert contrast(VARIABLES["focus"], VARIABLES[ground]) >= MARKS
    assert contrast(head[1], VARIABLES["deep"]) >= LETTERS
    assert contrast(when[1], VARIABLES["deep"]) >= LETTERS
    assert contrast(VARIABLES["ink"], heads[1]) >= LETTERS
