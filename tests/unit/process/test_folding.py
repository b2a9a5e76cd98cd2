"""What is drawn of a large map: it can be read, and what is left out is counted and said."""

from __future__ import annotations

import re

import numpy as np
import pytest

from millpond.errors import WrongUse
from millpond.process.discover import process_map
from millpond.process.folding import READABLE_STEPS, Drawing, fold
from millpond.process.results import ProcessMap
from tests.tables import at, stored_visits
from tests.unit.process.given import END, mapped, service

NAMES = 400
MINUTE = 60_000_000


@pytest.fixture(scope="module")
def large() -> ProcessMap:
    """A log of 400 step names, some of them frequent and most seldom, in twelve pools."""
    draw = np.random.default_rng(11)
    start = at("2025-01-06 09:00")
    records = []
    for case in range(600):
        now = start + int(draw.integers(0, 8000)) * MINUTE
        for nth in range(int(draw.integers(2, 9))):
            name = int(min(draw.zipf(1.35), NAMES)) - 1 if nth else int(draw.integers(0, 2))
            name = (case * 7 + nth) % NAMES if nth == 1 else name
            begins = now + int(draw.integers(0, 400)) * MINUTE
            records.append(
                {
                    "visit": f"v{case}-{nth}",
                    "case": f"c{case}",
                    "step": f"Step {name:03d} of the way",
                    "pool": f"pool {name % 12}",
                    "worker": f"w{name % 12}-{case % 3}",
                    "joined_us": now,
                    "started_us": begins,
                    "ended_us": begins + 20 * MINUTE,
                }
            )
            now = begins + 20 * MINUTE
    return process_map(stored_visits(records), service(), at(END))


def test_it_has_four_hundred_step_names(large: ProcessMap) -> None:
    assert len(large.steps.rows) == NAMES


def passages(drawing: Drawing) -> int:
    return sum(way.passages for way in drawing.ways)


@pytest.mark.parametrize("detail", [None, 0.0, 0.2, 0.5, 0.8, 1.0])
def test_no_visit_and_no_passage_is_lost_without_being_said(large: ProcessMap, detail: float | None) -> None:
    drawing = fold(large, detail)
    assert sum(step.visits for step in drawing.steps) == large.visits
    named = [name for step in drawing.steps for name in step.folded or (step.key,)]
    assert sorted(named) == sorted(step.step for step in large.steps.rows)
    counts = re.findall(r"with ([\d,]+) passage", " ".join(drawing.notes))
    hidden = [int(count.replace(",", "")) for count in counts]
    within = sum(step.repeats for step in drawing.steps)
    assert passages(drawing) + within + sum(hidden) == sum(way.passages for way in large.ways.rows)
    for cause in ("staff", "others"):
        assert sum(step.causes[cause] for step in drawing.steps) == pytest.approx(
            sum(step.causes[cause] for step in large.steps.rows)
        )


def test_what_is_drawn_by_default_can_be_read(large: ProcessMap) -> None:
    drawing = fold(large)
    assert len(drawing.steps) <= READABLE_STEPS + 15
    assert len(drawing.ways) <= 4 * len(drawing.steps)
    assert any("folded" in note for note in drawing.notes) and any("Not drawn" in note for note in drawing.notes)


def test_more_detail_shows_no_less(large: ProcessMap) -> None:
    drawings = [fold(large, detail) for detail in (0.0, 0.25, 0.5, 0.75, 1.0)]
    single = [sum(1 for step in drawing.steps if not step.folded) for drawing in drawings]
    assert single == sorted(single) and single[0] < 10 and single[-1] == NAMES
    assert passages(drawings[0]) <= passages(drawings[-1])
    assert drawings[-1].notes == ()


def test_every_step_that_is_drawn_can_be_come_to_and_left(large: ProcessMap) -> None:
    drawing = fold(large, 0.3)
    into = {way.to_key for way in drawing.ways}
    out = {way.from_key for way in drawing.ways}
    assert {step.key for step in drawing.steps} <= into
    assert {step.key for step in drawing.steps} <= out
    assert None in into and None in out


def test_the_steps_with_the_longest_waiting_are_never_folded(large: ProcessMap) -> None:
    worst = max(large.steps.rows, key=lambda step: step.waiting_total)
    assert worst.step in {step.key for step in fold(large, 0.0).steps}


def test_a_small_map_is_drawn_whole() -> None:
    whole = mapped("""
        case | step   | joined    | started   | ended     | worker
        -----+--------+-----------+-----------+-----------+-------
        ada  | triage | Mon 09:00 | Mon 09:00 | Mon 10:00 | w1
        ada  | visit  | Mon 10:00 | Mon 10:00 | Mon 11:00 | w2
        ada  | visit  | Mon 11:00 | Mon 11:00 | Mon 12:00 | w2
    """)
    drawing = fold(whole)
    assert [(step.key, step.visits, step.repeats) for step in drawing.steps] == [("visit", 2, 1), ("triage", 1, 0)]
    ways = [(way.from_key, way.to_key) for way in drawing.ways]
    assert ways == [(None, "triage"), ("triage", "visit"), ("visit", None)]
    assert (drawing.notes, drawing.detail) == ((), 1.0)


@pytest.mark.parametrize("detail", [-0.1, 1.01, float("nan")])
def test_a_detail_beyond_its_limits_is_refused(large: ProcessMap, detail: float) -> None:
    with pytest.raises(WrongUse, match="from 0 to 1"):
        fold(large, detail)
