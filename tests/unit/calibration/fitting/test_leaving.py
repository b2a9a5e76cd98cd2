"""How long people wait before they leave, against figures that can be worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from millpond.calibration.fitting.history import UNKNOWN, History
from millpond.calibration.fitting.leaving import leaving_of
from millpond.calibration.outcomes import outcomes
from millpond.model import Exponential
from millpond.model.distributions import mean_minutes
from tests.unit.calibration.fitting.logs import MINUTE_US, at, history_of

ENDS = outcomes({"withdrawn": 1}, ())


def _waiting(left: list[float], seen: list[float]) -> History:
    """Visits that all joined on Monday at 00:00; some left after so many minutes, the others were begun."""
    lines = [f"l{n} | advice | - | - | 0 00:00" for n in range(len(left))]
    lines += [f"s{n} | advice | ann | 0 00:00 | 0 00:00" for n in range(len(seen))]
    log = history_of("\n".join(lines))
    joined = np.full(len(log), at("00:00"))
    is_left = np.array([case.startswith("l") for case in log.case])
    ends = joined.copy()
    ends[is_left] += (np.array(left) * MINUTE_US).astype(np.int64)
    starts = np.full(len(log), UNKNOWN)
    starts[~is_left] = joined[~is_left] + (np.array(seen) * MINUTE_US).astype(np.int64)
    ends[~is_left] = starts[~is_left]
    outcome = np.array(["withdrawn" if gone else None for gone in is_left], dtype=object)
    return replace(log, joined_us=joined, started_us=starts, ended_us=ends, outcome=outcome)


def test_the_mean_patience_is_the_time_waited_by_all_over_the_number_who_left() -> None:
    # The first 12 of 60 who leave at an even rate; the other 48 are seen when the twelfth has left.
    left = [round(-1000 * math.log(1 - (n + 0.5) / 60), 1) for n in range(12)]
    seen = [left[-1]] * 48
    found = leaving_of(_waiting(left, seen), "advice", ENDS, None)
    assert found is not None
    exact = (sum(left) + sum(seen)) / 12
    assert isinstance(found.patience.minutes, Exponential)
    assert mean_minutes(found.patience.minutes) == pytest.approx(exact, rel=1e-3)
    assert found.low < exact < found.high
    assert (found.left, found.stayed, found.patience.to) == (12, 48, "withdrawn")


def test_the_same_length_for_all_is_a_limit() -> None:
    found = leaving_of(_waiting([240.0] * 15, [60.0] * 100), "advice", ENDS, None)
    assert found is not None
    assert found.patience.minutes == 240


def test_a_few_who_leave_tell_nothing() -> None:
    assert leaving_of(_waiting([30.0 * n for n in range(1, 10)], [60.0] * 100), "advice", ENDS, None) is None


def test_lengths_that_cluster_are_no_exponential_ones() -> None:
    luck = np.random.default_rng(1)
    length = 1000 * luck.weibull(4.0, 400)
    seen = luck.uniform(0, 2000, 400)
    left = length < seen
    found = leaving_of(_waiting(length[left].tolist(), seen[~left].tolist()), "advice", ENDS, None)
    assert found is not None
    assert "Weibull" in found.why
    # The mean of a Weibull distribution of scale 1000 and shape 4 is 1000 x gamma(1.25) = 906.4.
    assert found.low < 906.4 < found.high
