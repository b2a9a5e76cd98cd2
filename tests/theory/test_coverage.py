"""How often a 95% interval holds the truth, on services whose truth is known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from millpond.model import Service
from millpond.queueing.stretches import Stretch
from millpond.queueing.transient import number_over_time
from millpond.simulation.intervals import Estimate
from millpond.simulation.replications import simulate
from tests.theory.replicated import lasts, one_step

MONDAY = dt.date(2025, 1, 6)
SIMULATIONS, DAYS = 1000, 3
PER_HOUR, WORKERS, HOURS_EACH = 3.0, 2, 0.5


def truths() -> dict[str, float]:
    """Means that are known exactly: of a week's demand, and of how many are there at the end of each day."""
    ends = [24.0 * (day + 1) for day in range(DAYS)]
    there = number_over_time([Stretch(ends[-1], PER_HOUR, WORKERS)], HOURS_EACH, ends).mean_in_system
    at_ends = {f"backlog on day {day + 1}": float(number) for day, number in enumerate(there)}
    # Of who is under way at the end, only the need so far is known: demand is that of the days before, in visits.
    return {"demand": PER_HOUR * 24, **at_ends}


def estimates(of: Service, seed: int, replications: int) -> dict[str, Estimate]:
    """The same figures from one simulation."""
    days = simulate(of, first_day=MONDAY, days=DAYS, replications=replications, seed=seed).by_day.rows
    at_ends = {f"backlog on day {day + 1}": row.backlog_visits for day, row in enumerate(days)}
    return {"demand": days[0].demand_visits, **at_ends}


def covered(replications: int) -> dict[str, float]:
    """The share of intervals that hold the truth, printed for the documentation."""
    of = one_step(PER_HOUR, WORKERS, lasts("exponential", HOURS_EACH), step={"next": "closed"})
    known = truths()
    held = dict.fromkeys(known, 0)
    for seed in range(SIMULATIONS):
        for name, estimate in estimates(of, seed, replications).items():
            assert estimate.low is not None and estimate.high is not None
            held[name] += estimate.low <= known[name] <= estimate.high
    return {name: count / SIMULATIONS for name, count in held.items()}


def show(capsys: pytest.CaptureFixture[str], replications: int, shares: dict[str, float]) -> None:
    told = ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
    with capsys.disabled():
        print(f"\n{replications} replications, intervals that hold the truth: {told}")


THREE_ERRORS = 3 * np.sqrt(0.95 * 0.05 / SIMULATIONS)
"""Of a share of 95% in so many simulations."""


@pytest.mark.slow
def test_with_a_hundred_replications_95_of_100_intervals_hold_the_truth(capsys: pytest.CaptureFixture[str]) -> None:
    shares = covered(100)
    show(capsys, 100, shares)
    for name, share in shares.items():
        assert abs(share - 0.95) <= THREE_ERRORS, name


@pytest.mark.slow
def test_with_twenty_intervals_of_very_uneven_figures_hold_it_less_often(capsys: pytest.CaptureFixture[str]) -> None:
    # The number who wait at one instant is often small and seldom large: the mean of twenty is not yet normal, and its
    # spread is often seen too small. That nine in ten hold the truth is what the reference promises then.
    shares = covered(20)
    show(capsys, 20, shares)
    assert abs(shares.pop("demand") - 0.95) <= THREE_ERRORS
    for name, share in shares.items():
        assert 0.90 - THREE_ERRORS <= share <= 0.95 + THREE_ERRORS, name
