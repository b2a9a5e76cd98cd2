"""Problem events: which days they are, in how many spells, and how long until all is normal again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from millpond.errors import WrongUse
from millpond.variation.problem_days import PoolDays, ProblemEvents, problem_events
from millpond.variation.recovery import Recovery, Stretch, recovery, stretches
from millpond.variation.returns import levels


def days(
    demand: Sequence[float],
    capacity: Sequence[float] | float = 100.0,
    backlog: Sequence[float] | None = None,
    closed: Sequence[int] = (),
) -> PoolDays:
    """Days from 6 January 2025 on; closed where their number, from 0, is named."""
    count = len(demand)
    given = [capacity] * count if isinstance(capacity, float) else list(capacity)
    return PoolDays(
        days=tuple((date(2025, 1, 6) + timedelta(days=number)).isoformat() for number in range(count)),
        demand=np.array(demand, dtype=float),
        capacity=np.array(given, dtype=float),
        backlog=np.array(backlog if backlog is not None else [0.0] * count, dtype=float),
        is_open=np.array([number not in closed for number in range(count)]),
    )


def events_on(found: ProblemEvents) -> list[str]:
    return [event.day[-2:] for event in found.events]


def test_a_day_is_an_event_from_the_factor_on() -> None:
    found = problem_events(days([200, 199.9, 300, 0]))
    assert events_on(found) == ["06", "08"]
    assert (found.days.count, found.days.of) == (2, 4)
    assert events_on(problem_events(days([200, 199.9, 300, 0]), factor=3)) == ["08"]


def test_days_that_follow_each_other_are_one_spell_also_over_a_weekend() -> None:
    # Friday, Saturday and Sunday closed, Monday; then Wednesday.
    found = problem_events(days([0, 0, 0, 0, 300, 0, 0, 300, 0, 300], closed=(5, 6)))
    assert events_on(found) == ["10", "13", "15"]
    assert (found.spells.count, found.spells.of, found.longest_spell) == (2, 8, 2)
    assert [event.spell for event in found.events] == [1, 1, 2]


def test_a_closed_day_is_no_event_and_what_joins_on_it_is_told() -> None:
    found = problem_events(days([0, 500, 80], capacity=[100, 0, 100], closed=(1,)))
    assert found.events == ()
    assert (found.days.of, found.closed_days, found.closed_with_demand, found.closed_demand) == (2, 1, 1, 500)


def test_demand_of_closed_days_can_be_carried_to_the_next_working_day() -> None:
    found = problem_events(
        days([0, 120, 30, 80, 10], capacity=[100, 0, 0, 100, 100], closed=(1, 2)), when_closed="next day"
    )
    assert [(event.day[-2:], event.demand) for event in found.events] == [("09", 230)]


def test_an_open_day_with_nobody_there_is_an_event_if_anything_joins() -> None:
    found = problem_events(days([50, 0], capacity=[0, 0]))
    assert events_on(found) == ["06"]
    assert found.events[0].ratio == np.inf


def test_days_of_unknown_capacity_are_left_out() -> None:
    found = problem_events(days([500, 300], capacity=[np.nan, 100]))
    assert (found.days.count, found.days.of, found.unknown_days) == (1, 1, 1)


def test_no_day_at_all_is_no_frequency() -> None:
    found = problem_events(days([500], capacity=[np.nan]))
    assert (found.days.share, found.longest_spell, found.recovery.stretches) == (None, 0, 0)


def test_the_factor_is_above_nothing() -> None:
    with pytest.raises(WrongUse, match="Give a factor above 0"):
        problem_events(days([1]), factor=0)


def test_back_to_normal_is_the_usual_backlog_of_the_days_before() -> None:
    # Normal is the median of 10, 20, 30, 40, 50: 30. The bad day leaves 200; two working days later 30 is reached.
    backlog = np.array([10, 20, 30, 40, 50, 200, 90, 30, 10], dtype=float)
    assert stretches(backlog, [(5, 5)]) == (Stretch(5, 5, 30, 2, over=True),)


def test_only_the_twenty_days_before_say_what_is_usual() -> None:
    backlog = np.array([1000.0] * 30 + [50.0] * 20 + [200, 60, 50])
    assert stretches(backlog, [(50, 50)]) == (Stretch(50, 50, 50, 2, over=True),)


def test_a_bad_day_that_leaves_no_more_than_usual_is_over_on_the_day() -> None:
    assert stretches(np.array([30.0] * 6), [(5, 5)]) == (Stretch(5, 5, 30, 0, over=True),)


def test_a_stretch_that_is_not_over_is_kept_as_longer_than_that() -> None:
    backlog = np.array([30.0] * 5 + [200, 150, 120])
    assert stretches(backlog, [(5, 5)]) == (Stretch(5, 5, 30, 2, over=False),)


def test_a_further_bad_day_before_the_backlog_is_back_begins_no_new_stretch() -> None:
    backlog = np.array([30.0] * 5 + [200, 150, 250, 100, 30, 200, 30])
    assert stretches(backlog, [(5, 5), (7, 7), (10, 10)]) == (
        Stretch(5, 5, 30, 4, over=True),
        # By then the twenty days before hold the bad ones too: 30 six times, 100, 150, 200, 250.
        Stretch(10, 10, 30, 1, over=True),
    )


def test_without_days_before_nobody_knows_what_is_normal() -> None:
    assert stretches(np.array([30.0] * 4 + [200, 30]), [(4, 4)]) == (Stretch(4, 4, None, None, over=False),)
    assert recovery(stretches(np.array([200.0, 30]), [(0, 0)])) == Recovery(0, 0, None, None)


def test_the_usual_time_counts_those_still_under_way() -> None:
    def of(*lengths: int) -> list[Stretch]:
        """Stretches that took so long; below nothing, still under way after so long."""
        return [Stretch(0, 0, 1.0, abs(length), over=length > 0) for length in lengths]

    assert recovery(of(1, 2, 3, 4, 5)).median == 3
    # Kaplan and Meier by hand: 1 of 6 is over at 1, one is last seen at 2, 1 of 4 is over at 3, 1 of 3 at 4:
    # 5/6 x 3/4 x 2/3 is 0.42, at most half for the first time.
    assert recovery(of(1, -2, 3, 4, -9, 10)).median == 4
    assert recovery(of(1, -2, -2, -2, -2)).median is None, "too few are over to tell"
    assert recovery(of(1, 2, 3, 4)).median is None, "four are too few to tell what is usual"
    assert recovery(of(1, -2, 3)) == Recovery(3, 2, None, 3)


def test_return_levels_by_ranks_that_can_be_counted() -> None:
    ratios = np.arange(1.0, 101.0)
    twenty, fifty, hundred, more = levels(ratios)
    # Once in 20 of 100 days: the fifth highest. Binomial of 100 and 0.05: 2.5% at 1, 97.5% at 10.
    assert (twenty.level, twenty.low, twenty.high) == (96, 90, 100)
    assert (fifty.level, fifty.high) == (99, None), "nothing above the highest day is known"
    assert hundred.level == 100
    assert (more.level, more.low, more.high) == (None, None, None), "100 days do not tell what comes once in 250"


@pytest.mark.slow
def test_the_interval_of_a_return_level_covers_what_it_promises() -> None:
    # 2,000 histories of 250 exponential days; the level that comes once in 20 days is the logarithm of 20.
    luck = np.random.default_rng(11)
    held = 0
    for _ in range(2000):
        level = levels(luck.exponential(size=250), (20,))[0]
        held += (level.low or 0) <= np.log(20) < (level.high or np.inf)
    # By ranks it covers at least 95%, with these numbers 97.2%: a binomial count is whole. Measured: 97.3%.
    exact = 0.9720578543551133
    assert abs(held / 2000 - exact) < 3 * np.sqrt(exact * (1 - exact) / 2000)
