"""The problem events of a simulated service against the law of its arrivals."""

from __future__ import annotations

from datetime import date
from math import exp, factorial
from typing import Any

import pytest

from millpond.errors import WrongUse
from millpond.planning.events_ahead import events_ahead
from millpond.variation.events_ahead import EventsAhead
from tests.unit.simulation.services import service

MONDAY = date(2026, 1, 5)
RANDOM = {"police": {"first_step": "advocacy", "per_week": 21}}
POOLS = {"advocates": {"workers": 1, "minutes_per_day": 180}}
HOURS = {"always": {"hours": "Mon-Sun 00:00-24:00"}}


def found(within: int = 10, **told: Any) -> EventsAhead:
    of = service(**{"streams": RANDOM, "pools": POOLS, "calendars": HOURS, **told.pop("changes", {})})
    asked: dict[str, Any] = {"factor": 2.0, "when_closed": "left out", "days": 40, "replications": 100, **told}
    return events_ahead(of, MONDAY, pools=("advocates",), within=within, threads=1, **asked)


def test_shares_and_chances_are_those_of_poisson() -> None:
    # Three cases of an hour come on an average day, at random, and three hours are done: six or more are twice that.
    share = 1 - sum(exp(-3) * 3**count / factorial(count) for count in range(6))
    chance = 1 - (1 - share) ** 10
    (row,) = found().rows
    assert row.share_low is not None and row.share_high is not None
    assert row.chance_low is not None and row.chance_high is not None
    assert row.share_low < share < row.share_high
    assert row.share_high - row.share_low < 0.025
    assert row.chance_low < chance < row.chance_high


def test_a_service_that_starts_empty_fills_up_first() -> None:
    result = found()
    assert (result.start, result.settle_days, result.first_day) == ("empty", 56, "2026-03-02")
    assert (result.rows[0].of, result.ratios["advocates"].shape) == (40, (100, 40))
    assert "56 days in which the service fills up are not counted" in " ".join(result.notes)
    here = found(opening=())
    assert (here.start, here.settle_days, here.first_day) == ("records", 0, "2026-01-05")


def test_what_is_never_away_is_told() -> None:
    assert "states no absence of advocates" in " ".join(found().notes)
    away = found(changes={"pools": {"advocates": {**POOLS["advocates"], "absence": 0.1}}})
    assert "states no absence" not in " ".join(away.notes)
    # Away on a tenth of the days, and with anything coming that is a problem day: 0.9 * 8.4% and 0.1 * 95%.
    assert away.rows[0].share == pytest.approx(0.9 * 0.0839 + 0.1 * 0.9502, abs=0.02)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"within": 41}, "open on 40 of the 40 days simulated, fewer than the 41"),
        ({"days": 6}, "The days are 6. Give a whole number from 7 to 3,660"),
        ({"replications": 19}, "The replications are 19"),
        ({"factor": 0.0}, "Give a factor above 0"),
    ],
)
def test_what_makes_no_sense_is_refused(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongUse, match=says):
        found(**asked)
