"""Formulas and percentiles: each figure by hand, and when Erlang C is not for a pool."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pytest

from millpond.model import Service
from millpond.planning.day_level import PoolDays
from millpond.planning.promise import BacklogPromise, SeenPromise, read_promise
from millpond.planning.seen import Limit
from millpond.planning.ways import WayRow, ways_of
from tests.unit.simulation.services import service

DAYS = np.arange(260)
TWO_VALUES = np.where(np.random.default_rng(1).random((200, 260)) < 0.5, 360.0, 600.0)
"""Independent days of 360 or 600 minutes alike: a mean of 480, a standard deviation of 120."""


def rows(promise: BacklogPromise | SeenPromise, **more: Any) -> dict[str, WayRow]:
    days = PoolDays("team", TWO_VALUES, np.ones(260), DAYS % 7, 60.0, **more)
    return {row.way: row for row in ways_of(days, promise, 0.05, 240.0)}


def test_kingman_and_his_tail() -> None:
    found = rows(BacklogPromise(None, None, 600, "minutes"))
    mean, margin = TWO_VALUES.mean(), TWO_VALUES.var() / 1200
    assert (mean, margin) == (pytest.approx(480, abs=1), pytest.approx(12, abs=0.01))
    assert found["Kingman: that backlog on average"].minutes == pytest.approx(mean + margin)
    assert found["Kingman's tail: any one day's end"].minutes == pytest.approx(mean + margin * log(20))
    tail = found["Kingman's tail: all of 260 days"]
    assert tail.minutes is not None and tail.minutes == pytest.approx(mean + margin * log(5200))
    assert tail.workers == pytest.approx(tail.minutes / 240) and tail.use == pytest.approx(mean / tail.minutes)
    assert tail.waste == pytest.approx(margin * log(5200))
    # Days are independent: nothing is marked, and the bound holds.
    assert not any(row.optimistic for row in found.values())
    assert tail.broken is not None and tail.broken <= 0.05
    bound = found["Kingman: that backlog on average"]
    assert bound.backlog is not None and bound.backlog < 600 and bound.broken is not None and bound.broken > 0.5


def test_variable_capacity_adds_to_the_variance() -> None:
    steady = rows(BacklogPromise(None, None, 600, "minutes"))["Kingman: that backlog on average"].minutes
    varied = rows(BacklogPromise(None, None, 600, "minutes"), sd_capacity=160.0)["Kingman: that backlog on average"]
    assert steady is not None and varied.minutes is not None
    assert varied.minutes - steady == pytest.approx(160**2 / 1200)


def test_a_percentile_with_the_waste_and_the_backlog_that_it_means() -> None:
    found = rows(BacklogPromise(None, None, 600, "minutes"))
    high = found["80th percentile of demand"]
    assert (high.minutes, high.backlog, high.broken) == (600, 0, 0)  # no day brings more
    assert high.waste == pytest.approx(120, abs=1) and high.use == pytest.approx(0.8, abs=0.002)
    assert {row.kind for row in found.values()} == {"formula", "percentile"}


def test_the_rules_for_waiting_lists() -> None:
    promise = SeenPromise(None, None, 1 - np.exp(-4), Limit.parse("10 working days"))
    found = rows(promise)["rules for waiting lists, factor 4.00"]
    # Eight visits a day with a variation of a quarter, a target of ten days, four times the mean wait.
    mean, sd = TWO_VALUES.mean(), TWO_VALUES.std()
    assert found.minutes == pytest.approx(60 * (mean / 60 + (sd / mean) ** 2 / 2 * 4 / 10))
    hours = rows(SeenPromise(None, None, 0.9, Limit.parse("4 hours")))
    assert hours["rules for waiting lists"].remark == "They are for waits of days, not of hours."
    assert hours["80th percentile of demand"].broken is None
    sure = rows(SeenPromise(None, None, 1.0, Limit.parse("4 days")))["rules for waiting lists"]
    assert "promise nothing for sure" in sure.remark


def team(**changes: Any) -> Service:
    step = {"pool": "team", "minutes": {"distribution": "exponential", "mean": 20}, "next": "closed"}
    plain: dict[str, Any] = {
        "pools": {"team": {"workers": 3}},
        "streams": {"calls": {"first_step": "call", "per_week": 1008}},
        "steps": {"call": step},
    }
    return service(**{**plain, **changes})


STEP = {"pool": "team", "minutes": {"distribution": "exponential", "mean": 20}, "next": "closed"}


@pytest.mark.parametrize(
    ("changes", "promise", "reason"),
    [
        ({}, "80% seen within 2 days", "people wait for days"),
        ({}, "100% seen within 5 minutes", "nothing for sure"),
        ({"steps": {"call": {**STEP, "minutes": 20}}}, "80% seen within 5 minutes", "exponential minutes"),
        ({"steps": {"call": {**STEP, "patience": "1 hour"}}}, "80% seen within 5 minutes", "more to them"),
        ({"steps": {"call": {**STEP, "next": {"call": 0.1, "closed": 0.9}}}}, "80% seen within 5 minutes", "or again"),
        ({"pools": {"team": {"workers": 3, "minutes_per_day": 300}}}, "80% seen within 5 minutes", "not there all"),
        ({"calendars": {"always": {"hours": "Mon-Fri 09:00-17:00"}}}, "80% seen within 5 minutes", "the pool closes"),
        (
            {"streams": {"calls": {"first_step": "call", "per_week": 1008, "share_urgent": 0.2}}},
            "80% seen within 5 minutes",
            "some go before others",
        ),
        (
            {"streams": {"calls": {"first_step": "call", "per_week": 1008, "overdispersion": 1.5}}},
            "80% seen within 5 minutes",
            "not come at one steady rate",
        ),
    ],
)
def test_when_erlang_c_does_not_fit(changes: dict[str, Any], promise: str, reason: str) -> None:
    made = team(**changes)
    days = PoolDays("team", np.full((3, 28), 2880.0), np.ones(28), np.arange(28) % 7, 20.0)
    (row,) = [row for row in ways_of(days, read_promise(promise, made), 0.05, 1440.0, made) if row.way == "Erlang C"]
    assert row.minutes is None and row.remark.startswith("It does not fit: ") and reason in row.remark


def test_erlang_c_where_it_fits() -> None:
    made = team()
    days = PoolDays("team", np.full((3, 28), 2880.0), np.ones(28), np.arange(28) % 7, 20.0)
    promise = read_promise("80% seen within 5 minutes", made)
    (row,) = [row for row in ways_of(days, promise, 0.05, 1440.0, made) if row.way == "Erlang C"]
    assert row.workers == pytest.approx(4)  # two erlangs: four answer 89% in time, three 65%
    # The chance to wait is 0.173913, and to wait for longer than five minutes 0.6065 of that.
    assert row.remark.startswith("89.5% in the long run")
