"""Sessions for groups that a plan with a trigger begins and ends: what can be checked by hand.

A visit takes an hour. Two letters come to the front on Friday evening, so that the plan is called for Saturday alone.
The slow simulator says the same of all.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from millpond.model import Service
from millpond.model.planned import with_plans
from millpond.periods import day_number
from millpond.simulation import kernel
from millpond.simulation.replication import replicate
from millpond.simulation.spells import worked_by_part
from millpond.simulation.tables import tables_of
from tests.generative.agreement import Told
from tests.unit.simulation.triggered import FRIDAY, clock, told, work


def service(come: dict[str, int], plan: dict[str, Any], **step: Any) -> Service:
    """One worker from nine to five on all days, to whom visits come as told."""
    return Service.from_plain(
        {
            "name": "a service",
            "timezone": "UTC",
            "calendars": {"days": {"hours": "Mon-Sun 09:00-17:00"}},
            "pools": {"front": {"workers": 1}, "team": {"workers": 1}},
            "streams": {
                "letters": {"first_step": "sort", "schedule": {"Fri 20:00": 2}},
                "post": {"first_step": "work", "schedule": come},
            },
            "steps": {
                "sort": {"pool": "front", "minutes": 10, "next": "closed"},
                "work": {"pool": "team", "minutes": 60, "next": "closed", **step},
            },
            "plans": {
                "groups": {
                    "pool": "front",
                    "when": "waiting visits",
                    "above": 1,
                    "for_days": 1,
                    "steps": {"work": plan},
                }
            },
        }
    )


def visits(found: Told) -> list[str]:
    """The visits in the order of joining: when each joined, began and ended or left, and how many minutes it had."""
    return [
        f"{clock(visit.joined)}: {clock(visit.started)} to {clock(visit.ended)}, {visit.worked // 60_000}"
        for visit in found.visits
        if visit.step == "work"
    ]


COME = {"Fri 16:30": 2, "Sat 08:00": 1, "Sat 10:00": 2, "Sat 12:00": 2}


def test_who_waits_stays_alone_and_who_is_gathered_at_the_end_goes_alone() -> None:
    found = told(service(COME, {"group": {"size": 3}}))
    assert visits(found) == [
        "Fri 16:30: Fri 16:30 to Sat 09:30, 60",
        # Waiting when sessions begin.
        "Fri 16:30: Sat 09:30 to Sat 10:30, 60",
        # One session, called when the third comes at ten.
        "Sat 08:00: Sat 10:30 to Sat 11:30, 20",
        "Sat 10:00: Sat 10:30 to Sat 11:30, 20",
        "Sat 10:00: Sat 10:30 to Sat 11:30, 20",
        # Gathered, and too few, when sessions end at midnight.
        "Sat 12:00: Sun 09:00 to Sun 10:00, 60",
        "Sat 12:00: Sun 10:00 to Sun 11:00, 60",
    ]


def test_who_is_gathered_when_sessions_end_keeps_their_patience() -> None:
    found = told(service(COME, {"group": {"size": 3}}, patience="20 hours"))
    # Twenty hours after noon, an hour before the opening.
    assert visits(found)[5:] == ["Sat 12:00: - to Sun 08:00, 0"] * 2


def test_a_session_that_is_called_stays_one_when_sessions_end() -> None:
    found = told(service({"Sat 16:50": 3, "Sat 16:55": 3}, {"group": {"size": 3}}))
    # The first is under way at closing, with ten of its sixty minutes; the other waits in the queue.
    assert (
        visits(found) == ["Sat 16:50: Sat 16:50 to Sun 09:50, 20"] * 3 + ["Sat 16:55: Sun 09:50 to Sun 10:50, 20"] * 3
    )


def test_who_is_gathered_before_a_smaller_size_is_called_when_the_next_joins() -> None:
    found = told(service({"Fri 18:00": 3, "Sat 10:00": 1}, {"group": {"size": 2}}, group={"size": 4}))
    assert visits(found) == ["Fri 18:00: Sat 10:00 to Sat 11:00, 15"] * 3 + ["Sat 10:00: Sat 10:00 to Sat 11:00, 15"]


def test_an_urgent_visit_interrupts_one_that_is_alone_and_no_session_whatever_is_called_that_day() -> None:
    made = service({"Sat 16:50": 3}, {"group": {"size": 3}})
    pools = {name: pool.changed(urgent_preempts=True) for name, pool in made.pools.items()}
    calls = made.streams["post"].changed(schedule={"Sun 09:10": 1, "Sun 11:00": 1}, share_urgent=1)
    late = made.streams["post"].changed(schedule={"Sun 10:55": 1})
    found = told(made.changed(pools=pools, streams={**made.streams, "calls": calls, "late": late}))
    # The call at ten past nine waits for the session, though there are none on Sunday. That at eleven takes the worker
    # from the visit of five to eleven, which goes on after it.
    assert work(found, "Sun")[:1] == ["09:00-09:50 1 team 1"]
    assert [spell[:11] for spell in work(found, "Sun")[1:]] == [
        "09:50-10:50",
        "10:55-11:00",
        "11:00-12:00",
        "12:00-12:55",
    ]


def test_the_work_of_sessions_is_dealt_out_to_their_members_and_of_visits_alone_to_each() -> None:
    made = service({"Fri 16:30": 2, "Sat 16:50": 3, "Sat 16:55": 2}, {"group": {"size": 3}})
    tables = tables_of(with_plans(made, made.plans), day_number(FRIDAY), 5)
    run = replicate(tables, 1, 0, logs=True)
    amounts: dict[int, int] = {}
    for found, worked in worked_by_part(tables, run.log):
        for visit, amount in zip(worked.visit.tolist(), worked.amount.tolist(), strict=True):
            joined = int(found.joined[visit]) // 60_000
            amounts[joined] = amounts.get(joined, 0) + amount
    saturday = 24 * 60
    # Friday's second is begun and done on Saturday without a break, so that its line tells all.
    assert amounts[16 * 60 + 30] == 60 * 60_000
    assert amounts[saturday + 16 * 60 + 50] == 60 * 60_000
    assert int(np.sum(run.totals["daily"][kernel.ACTIVITY, 1])) == (2 + 1 + 2) * 60 * 60_000
