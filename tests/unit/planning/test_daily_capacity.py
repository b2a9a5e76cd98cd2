"""Least capacity of daily totals: days that are all alike, and days that hang together."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pytest

from millpond.errors import CannotBeKept, WrongUse
from millpond.planning.asking import Asked
from millpond.planning.daily_capacity import least_capacity_of_totals
from millpond.planning.least import LeastCapacity
from millpond.planning.promise import read_promise
from millpond.planning.resampling import Past
from tests.unit.simulation.services import service

MONDAY = date(2026, 1, 5)
OFFICE = {"always": {"hours": "Mon-Fri 09:00-17:00"}}
PAST_MONDAY = date(2025, 1, 6)


def past(demand: Any, backlog: float = 0.0) -> Past:
    days = np.arange(len(demand))
    return Past("advocates", PAST_MONDAY, np.asarray(demand, dtype=float), days % 7 < 5, 60.0, backlog)


def least(of: Past, text: str, *, start: str | None = None, **asked: Any) -> LeastCapacity:
    made = service(calendars=OFFICE, pools={"advocates": {"workers": 2, "minutes_per_day": 240, "cost_per_hour": 20}})
    given = {"days": 91, "pools": ("advocates",), **asked}
    return least_capacity_of_totals(made, Asked(read_promise(text, made), **given), MONDAY, of, start)


def test_days_that_are_all_alike() -> None:
    # 600 minutes on each working day, of which nothing may be left: three of 240.
    result = least(past(np.where(np.arange(140) % 7 < 5, 600.0, 0.0)), "backlog <= 0 min")
    assert result.answer.workers == (3.0,)
    assert result.answer.broken == 0 and result.answer.replications == 2000
    assert result.answer.cost == 65 * 3 * 4 * 20  # 65 working days
    rows = {row.way: row for row in result.ways.rows}
    assert rows["the days on record, resampled"].minutes == pytest.approx(600, rel=0.002)
    assert rows["85th percentile of demand"].minutes == 600
    roles = {row.workers[0]: row.role for row in result.staffings.rows}
    assert roles[2.0] == "today, one step less" and roles[4.0] == "one step more"
    assert "days to come are made of 140 days on record" in result.notes[0]
    json.dumps(result.to_dict(), allow_nan=False)


def test_a_backlog_that_breaks_the_promise_is_cleared_first() -> None:
    demand = np.where(np.arange(140) % 7 < 5, 600.0, 0.0)
    result = least(past(demand, backlog=24_000), "backlog <= 100 min")
    assert result.start == "cleared" and result.answer.workers == (3.0,)
    first = result.reliefs.rows[0]
    # Three have 120 minutes a working day to spare, 600 a week: forty weeks, the last ending on its Friday.
    assert first.weeks_formula == pytest.approx(40) and first.weeks == pytest.approx(40 - 2 / 7)
    assert result.reliefs.rows[1].minutes == pytest.approx(5 * 240)
    kept = least(past(demand, backlog=24_000), "backlog <= 24,000 min")
    assert kept.start == "records"
    with pytest.raises(CannotBeKept, match="not even twenty times"):
        least(past(demand, backlog=240_000), "backlog <= 100 min", start="records")


def test_busy_weeks_take_more_than_the_percentile() -> None:
    # One week in four brings 900 minutes a day, the others 500: the mean is 600, and four days in five are below 900.
    weeks = np.arange(364) // 7
    demand = np.where(np.arange(364) % 7 < 5, np.where(weeks % 4 == 0, 900.0, 500.0), 0.0)
    result = least(past(demand), "backlog <= 300 min", step=0.25)
    rows = {row.way: row for row in result.ways.rows}
    # Blocks of two weeks may put two busy weeks side by side: ten days of 900, with 300 left at their end.
    assert rows["the days on record, resampled"].minutes == pytest.approx(870, rel=0.01)
    percentile, formula = rows["65th percentile of demand"], rows["Kingman: that backlog on average"]
    assert percentile.minutes == 500 and percentile.broken is not None and percentile.broken > 0.95
    assert formula.minutes is not None and formula.minutes < 700
    assert formula.broken is not None and formula.broken > 0.9
    assert percentile.optimistic and formula.optimistic
    assert any("busy days follow busy days in the totals" in note for note in result.notes)


def test_a_share_seen_within_days() -> None:
    # 600 minutes join on Mondays alone; with 240 a day they are seen by Wednesday, with 120 by Friday.
    demand = np.where(np.arange(140) % 7 == 0, 600.0, 0.0)
    result = least(past(demand), "95% seen within 2 working days", step=0.5)
    assert result.answer.workers == (1.0,)  # 240 a day: 720 by Wednesday; half a place has 360
    assert least(past(demand), "60% seen within 2 working days", step=0.5).answer.workers == (0.5,)
    waiting_list = next(row for row in result.ways.rows if row.way.startswith("rules for waiting lists"))
    assert waiting_list.minutes is not None and waiting_list.minutes > 120


def test_too_short_a_history() -> None:
    with pytest.raises(WrongUse, match="There are 30 days of history"):
        least(past(np.ones(30)), "backlog <= 100 min")
