"""The seven distances: by hand, by their laws, and against the package that defines them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from millpond.calibration.distances import Distances, distances, floor_of, lead_time_distance
from millpond.calibration.event_log import EventLog, event_log
from tests.unit.calibration.distance_logs import EXPECTED, NAMES, PAIRS, Row, pair

HOUR_US = 3_600_000_000


def _log(rows: list[Row], zone: str = "UTC") -> EventLog:
    cases, steps, workers, starts, ends = zip(*rows, strict=True)
    begins, finishes = ([round(each.timestamp()) * 1_000_000 for each in column] for column in (starts, ends))
    return event_log(cases, steps, workers, begins, finishes, ZoneInfo(zone))


@pytest.mark.parametrize("name", PAIRS)
def test_the_seven_distances_are_those_of_the_package(name: str) -> None:
    one, other = (_log(rows) for rows in pair(name))
    found = distances(one, other)
    assert found.names() == NAMES
    assert found.values() == pytest.approx(EXPECTED[name], abs=1e-9, rel=0)


@pytest.mark.parametrize("name", PAIRS)
def test_a_log_is_at_no_distance_from_itself_and_as_far_there_as_back(name: str) -> None:
    one, other = (_log(rows) for rows in pair(name))
    assert distances(one, one) == Distances(0, 0, 0, 0, 0, 0, 0)
    assert distances(one, other).values() == pytest.approx(distances(other, one).values())


def test_one_of_two_lead_times_three_hours_longer_is_a_distance_of_an_hour_and_a_half() -> None:
    def two(hours: int) -> EventLog:
        starts, ends = [0, 0], [HOUR_US, hours * HOUR_US]
        return event_log(["a", "b"], ["ask", "ask"], [None, None], starts, ends, ZoneInfo("UTC"))

    assert lead_time_distance(two(2), two(5)) == 1.5


def test_the_floor_shifts_the_earlier_part_to_the_start_of_the_later_one() -> None:
    earlier = _log(pair("a week and its echo")[0])
    later = earlier.shifted_to(int(earlier.started_us.min()) + 7 * 24 * HOUR_US)
    assert distances(later, earlier).aed == pytest.approx(7 * 24)
    assert floor_of(earlier, later) == Distances(0, 0, 0, 0, 0, 0, 0)


def test_hours_are_those_of_the_local_clock() -> None:
    """23:30 UTC on a Sunday in summer is 00:30 on Monday in London: the weekdays have nothing in common."""
    at = 1_750_030_200_000_000
    in_utc = event_log(["a"], ["ask"], [None], [at], [at], ZoneInfo("UTC"))
    in_london = event_log(["a"], ["ask"], [None], [at], [at], ZoneInfo("Europe/London"))
    assert distances(in_utc, in_london).ced == pytest.approx(2 * 23 / 7)


def test_a_log_without_finished_visits_has_no_distance() -> None:
    nothing = event_log([], [], [], [], [], ZoneInfo("UTC"))
    with pytest.raises(ValueError, match="no distance"):
        distances(nothing, _log(pair("by hand")[0]))
