"""Colours that can be read, and labels that stand apart."""

from __future__ import annotations

import itertools
import random

import pytest

from millpond.report.charts import style
from millpond.report.charts.scale import axis_for


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


LETTERS = (style.INK, style.MUTED, style.DEMAND, style.CAPACITY, style.ACTIVITY, style.BACKLOG, style.SHADE_INK)


@pytest.mark.parametrize("colour", LETTERS)
def test_letters_can_be_read_on_white(colour: str) -> None:
    assert contrast(colour, style.PAPER) >= 4.5


def test_numbers_can_be_read_in_every_shade_of_the_heatmap() -> None:
    for step in range(101):
        fill = style.heat(step / 100)
        assert contrast(style.ink_on(fill), fill) >= 4.5


def test_the_four_differ_without_colour() -> None:
    looks = [(look.dash, look.weight) for look in style.LOOK.values()]

    assert len(set(looks)) == 4


def test_labels_keep_order_distance_and_room() -> None:
    draw = random.Random(5)
    for _ in range(500):
        wanted = [draw.uniform(-20, 320) for _ in range(draw.randint(1, 8))]
        placed = style.spread(wanted, 18, 0, 300)
        order = sorted(range(len(wanted)), key=lambda i: wanted[i])
        for above, below in itertools.pairwise(order):
            assert placed[below] - placed[above] >= 18 - 1e-9
        assert min(placed) >= -1e-9
        assert max(placed) <= 300 + 1e-9


def test_labels_that_are_apart_stay_where_they_are() -> None:
    assert style.spread([50, 250, 100], 18, 0, 300) == [50, 250, 100]


def test_labels_that_meet_share_the_shift() -> None:
    assert style.spread([100, 100], 20, 0, 300) == [90, 110]


def test_too_many_labels_share_the_room() -> None:
    assert style.spread([5, 5, 5], 100, 0, 100) == [0, 50, 100]


@pytest.mark.parametrize(
    ("values", "ends", "step", "form"),
    [
        ([0, 720, 480], [0, 800], 200, ",.0~f"),
        ([0, 21028], [0, 25000], 5000, ",.0~f"),
        ([-612, 2443], [-1000, 3000], 1000, ",.0~f"),
        ([0.0], [0, 1], 0.25, ",.2~f"),
        ([0, 9], [0, 10], 2.5, ",.1~f"),
        ([0, 110], [0, 125], 25, ",.0~f"),
    ],
)
def test_axes_end_at_round_numbers(values: list[float], ends: list[float], step: float, form: str) -> None:
    axis = axis_for(values, 200)

    assert axis.domain == pytest.approx(ends)
    assert axis.step == pytest.approx(step)
    assert axis.format == form


def test_an_amount_stands_where_the_axis_says() -> None:
    axis = axis_for([0, 800], 200)

    assert [axis.pixel(value, 200) for value in (800, 400, 0)] == [0, 100, 200]
