"""Direct minutes of a day, from the days of one worker who stops when they are spent."""

from __future__ import annotations

import numpy as np
import pytest

from millpond.calibration.fitting.daily_minutes import DailyMinutes, daily_minutes
from millpond.calibration.fitting.openings import openings_of
from millpond.model import parse_service
from tests.unit.calibration.fitting.logs import MINUTE_US, at, history_of

SERVICE = parse_service(
    'name = "x"\ntimezone = "UTC"\n[calendars.office]\nhours = "Mon-Sun 09:00-21:00"\n[pools.team]\nworkers = 1\n'
    '[steps.ask]\npool = "team"\nminutes = 40\n'
)
LIMIT = 200.0


def _told(seed: int, *, days: int = 150, goes_on: float = 1.0, late: float | None = None) -> DailyMinutes | None:
    """What is told of somebody with a limit of 200 minutes.

    Args:
        seed: of the lengths of visits.
        days: how many there are.
        goes_on: how likely there is another visit to take.
        late: how many minutes after the limit was spent one visit more was begun on the last day.
    """
    random = np.random.default_rng(seed)
    lines, missing = [], 0.0
    for day in range(days):
        given, clock = missing, 0.0
        while given < LIMIT and (clock == 0 or random.random() < goes_on):
            length = round(float(random.exponential(40)) + 0.1, 2)
            lines.append((day, clock, length))
            given, clock = given + length, clock + length
        missing = max(given - LIMIT, 0.0)
    if late is not None:
        # Two days on nothing is missing any more: a visit up to some minutes beyond the limit, and one after it.
        lines += [(days + 5, 0.0, LIMIT + late), (days + 5, LIMIT + late, 10.0)]
    rows = [f"c{number} | ask | Ann | {day} 09:00 | {day} 09:01" for number, (day, _, _) in enumerate(lines)]
    log = history_of("\n".join(rows))
    place = [int(case[1:]) for case in log.case]
    starts = np.array([at(f"{day} 09:00") + round(clock * MINUTE_US) for day, clock, _ in lines])[place]
    ends = starts + np.array([round(length * MINUTE_US) for _, _, length in lines])[place]
    order = np.argsort(starts, kind="stable")
    log.started_us[:], log.ended_us[:] = starts[order], ends[order]
    log = type(log)(**{**vars(log), "as_of_us": at(f"{days + 20} 00:00")})
    hours = openings_of(SERVICE, int(starts.min()), log.as_of_us)
    return daily_minutes(log, SERVICE, hours).of_pool.get("team")


def _width(told: list[DailyMinutes]) -> float:
    return float(np.median([each.high - each.low for each in told]))


def test_the_limit_lies_in_its_interval_as_often_as_that_says() -> None:
    told = [each for each in map(_told, range(40)) if each is not None]
    assert len(told) == 40
    # By chance fewer than 34 of 40 are, where 95% are, once in two hundred times.
    assert sum(each.low <= LIMIT <= each.high for each in told) >= 34


def test_where_little_waits_for_people_the_interval_is_wider_and_still_holds_the_limit() -> None:
    told = [each for each in (_told(seed, goes_on=0.8) for seed in range(40)) if each is not None]
    assert len(told) >= 30
    assert sum(each.low <= LIMIT <= each.high for each in told) >= 0.85 * len(told)
    busy = [each for each in map(_told, range(40)) if each is not None]
    assert _width(told) > 1.5 * _width(busy)


def test_one_visit_begun_long_after_the_limit_was_spent_is_no_limit() -> None:
    told = _told(3, days=300, late=30)
    assert told is not None
    assert told.minutes == pytest.approx(LIMIT, abs=1)


def test_a_visit_begun_little_before_the_limit_is_no_exception_to_an_earlier_one() -> None:
    """Nobody gives less than they were seen to give where nothing sets the last visit apart from the others."""
    for seed in range(20):
        told = _told(seed, days=300, goes_on=0.7)
        assert told is None or told.high >= LIMIT
