"""Every replication of a trial by itself: figures to work out by hand, and the same luck for what is compared."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from millpond.planning.seen import Limit
from millpond.planning.trial import Trial, try_out
from tests.unit.simulation.services import service

MONDAY = date(2026, 1, 5)
AT_RANDOM: dict[str, Any] = {"police": {"first_step": "advocacy", "per_week": 40}}
OFFICE = {"always": {"hours": "Mon-Fri 09:00-17:00"}}


def tried(limit: str | None = None, days: int = 14, replications: int = 3, **changes: Any) -> Trial:
    made = service(**changes)
    return try_out(
        made, MONDAY, days, replications=replications, limit=None if limit is None else Limit.parse(limit), threads=1
    )


def test_the_worked_example_is_the_same_in_every_replication() -> None:
    # Six hours of work come each midnight to two people who give four hours each.
    trial = tried()
    assert trial.replications == 3
    assert (trial.by_day("demand") == 360).all() and trial.by_day("demand").shape == (3, 14)
    assert (trial.by_day("backlog", "advocates") == 0).all()
    assert trial.of_pool("utilisation", "advocates").tolist() == [0.75] * 3
    assert trial.wait("mean", "advocacy").tolist() == [60.0] * 3
    assert trial.lead_time("mean").tolist() == [120.0] * 3
    assert trial.cost().tolist() == [14 * 2 * 4 * 20.0] * 3
    assert trial.ended[:, trial.outcomes.index("closed")].tolist() == [84.0] * 3
    assert trial.seen is None


def test_trials_of_one_seed_are_paired() -> None:
    few = tried(streams=AT_RANDOM, replications=4)
    more = tried(streams=AT_RANDOM, replications=4, pools={"advocates": {"workers": 3, "minutes_per_day": 240}})
    assert (few.by_day("demand_visits") == more.by_day("demand_visits")).all()
    assert (few.by_day("backlog") >= more.by_day("backlog")).all()
    assert len({tuple(row) for row in few.by_day("demand_visits")}) == 4


def test_a_trial_goes_on_where_another_stopped() -> None:
    made = service(streams=AT_RANDOM)
    whole = try_out(made, MONDAY, 14, replications=5)
    later = try_out(made, MONDAY, 14, replications=2, first_replication=3)
    assert (whole.daily[3:] == later.daily).all()


def counted(trial: Trial) -> list[tuple[int, int]]:
    """For each day how many limits run out, and how many of those visits were seen by then."""
    assert trial.seen is not None
    (due,), (timely,) = trial.seen.due[0], trial.seen.timely[0]
    return list(zip(due.astype(int).tolist(), timely.astype(int).tolist(), strict=True))


def test_who_waits_an_hour_at_most_is_seen_within_an_hour() -> None:
    # They wait 0, 0, 1, 1, 2 and 2 hours.
    assert counted(tried("1 hour", days=3)) == [(6, 4)] * 3
    assert counted(tried("119 minutes", days=3)) == [(6, 4)] * 3
    assert counted(tried("2 hours", days=3)) == [(6, 6)] * 3


def test_who_still_waits_past_the_limit_is_not_seen_in_time() -> None:
    # Twelve come each midnight and eight are seen: four are left on the first evening, eight on the second, and twelve
    # on the third, of whom eight are seen the day after.
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    stream = {"police": {"first_step": "advocacy", "schedule": {f"{day} 00:00": 12 for day in days}}}
    assert counted(tried("1 day", days=4, streams=stream)) == [(0, 0), (12, 12), (12, 12), (12, 8)]
    # Of those who came on the second day, eight wait until the third; by the third day sixteen are before them.
    assert counted(tried("1 hour", days=3, streams=stream))[0] == (12, 4)
    nobody = {"advocates": {"workers": 0.001, "minutes_per_day": 240}}
    assert counted(tried("1 hour", days=3, streams=stream, pools=nobody)) == [(12, 1), (12, 0), (12, 0)]


def test_who_leaves_unseen_was_not_seen_in_time() -> None:
    step = {"advocacy": {"pool": "advocates", "minutes": 60, "next": "closed", "patience": "30 minutes"}}
    assert counted(tried("1 hour", days=3, steps=step)) == [(6, 2)] * 3


def test_working_days_and_working_hours_are_those_of_the_pool() -> None:
    # One comes on Friday at 16:00 and takes an hour; another at 16:30, who is seen on Monday at nine.
    stream = {"police": {"first_step": "advocacy", "schedule": {"Fri 15:30": 2, "Fri 16:30": 1}}}
    pools = {"advocates": {"workers": 1}}
    given: dict[str, Any] = {"streams": stream, "pools": pools, "calendars": OFFICE, "days": 12}
    # Seen at 15:30, 16:30, and Monday at 9:30.
    assert counted(tried("1 working day", **given))[7] == (3, 3)
    assert counted(tried("2 days", **given))[6] == (3, 2)
    assert counted(tried("1 working hour", **given))[4] == (2, 2)
    assert counted(tried("1 working hour", **given))[7] == (1, 1)
    assert counted(tried("59 working minutes", **given))[4] == (2, 1)
    assert counted(tried("59 working minutes", **given))[7] == (1, 0)


def test_visits_that_were_there_before_are_not_counted() -> None:
    from millpond.simulation.starting import OpenVisit

    made, day = service(), 86_400_000_000
    start = 20_458 * day  # 2026-01-05
    before = OpenVisit("a", "advocacy", "police", False, 0, start - day, start - day, None, None, 0)
    trial = try_out(made, MONDAY, 2, replications=1, opening=(before,), limit=Limit.parse("1 hour"))
    # The one before takes the first hour of one of the two: 0, 1, 1, 2, 2, 3 hours.
    assert counted(trial) == [(6, 3), (6, 4)]


@pytest.mark.parametrize("limit", ["1 hour", "2 days", "3 working hours"])
def test_every_visit_is_counted_once(limit: str) -> None:
    trial = tried(limit, streams=AT_RANDOM, days=40)
    assert trial.seen is not None
    joined = trial.by_day("demand_visits")
    due = trial.seen.due[:, 0]
    assert (trial.seen.timely <= trial.seen.due).all()
    # Up to each day no more have come to their limit than have joined, and three days later all of them.
    assert (np.cumsum(due, axis=1) <= np.cumsum(joined, axis=1)).all()
    assert (np.cumsum(due, axis=1)[:, 3:] >= np.cumsum(joined, axis=1)[:, :-3]).all()
