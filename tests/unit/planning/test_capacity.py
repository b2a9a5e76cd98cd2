"""Least capacity: where a formula is exact the simulation agrees, and where the promise cannot be kept it says so."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from millpond.errors import CannotBeKept, FaultyService, WrongUse
from millpond.model import Service
from millpond.planning.asking import Asked, varied_pools
from millpond.planning.capacity import least_capacity
from millpond.planning.least import LeastCapacity
from millpond.planning.promise import read_promise
from millpond.queueing.staffing import positions_needed
from millpond.simulation.starting import OpenVisit
from tests.unit.simulation.services import service

MONDAY = date(2026, 1, 5)
OFFICE = {"always": {"hours": "Mon-Fri 09:00-17:00"}}


def least(
    of: Service, text: str, *, start: str | None = None, opening: tuple[OpenVisit, ...] | None = None, **asked: Any
) -> LeastCapacity:
    given = {"days": 35, "replications": 40, "pools": varied_pools(of, None), "threads": 1, **asked}
    return least_capacity(of, Asked(read_promise(text, of), **given), MONDAY, opening=opening, start=start)


def contact_team() -> Service:
    """Six calls an hour, day and night, of twenty minutes on average: two erlangs."""
    return service(
        pools={"team": {"workers": 3, "cost_per_hour": 15}},
        streams={"calls": {"first_step": "call", "per_week": 6 * 168}},
        steps={"call": {"pool": "team", "minutes": {"distribution": "exponential", "mean": 20}, "next": "closed"}},
    )


def test_erlang_c_and_the_simulation_agree_where_erlang_c_is_exact() -> None:
    needed = positions_needed(6 / 60, 20, target_wait=5, least_service_level=0.8)
    assert needed.workers == 4
    result = least(contact_team(), "80% seen within 5 minutes")
    assert result.answer.workers == (4.0,)
    assert result.answer.verdict in ("keeps it", "probably keeps it")
    (erlang,) = [row for row in result.ways.rows if row.way == "Erlang C"]
    assert erlang.workers == pytest.approx(4) and not erlang.optimistic
    fewer = next(row for row in result.staffings.rows if "one step less" in row.role)
    assert fewer.workers == (3.0,) and fewer.verdict == "breaks it"
    # In the long run three answer 65% in time and four 89%; the worst four weeks of many are somewhat worse.
    assert fewer.could_promise is not None and 0.5 < fewer.could_promise < 0.65
    assert result.answer.could_promise is not None and 0.8 <= result.answer.could_promise < 0.89


def test_the_worked_example_costs_what_it_costs() -> None:
    result = least(service(), "backlog <= 0 min", days=14)
    assert result.answer.workers == (2.0,)
    assert (result.answer.cost, result.answer.broken, result.currency) == (2240, 0, "GBP")
    assert result.start == "empty" and result.settle_days == 56
    assert result.conclusions[0].startswith(
        "2 advocates: the cheapest staffing found that keeps 'backlog <= 0 minutes'"
    )
    assert "On other luck, by which it was not chosen, it is broken in 0.0% of 40" in result.conclusions[1]
    assert "with fewer than 2 more work would come than can be done" in result.conclusions[-1]
    rows = {row.way: row for row in result.ways.rows}
    assert rows["80th percentile of demand"].minutes == 360
    assert rows["Kingman"].minutes is None and "No capacity keeps the backlog at nothing" in rows["Kingman"].remark
    assert rows["the cheapest staffing"].use == 0.75 and rows["the cheapest staffing"].waste == 120
    assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["answer"]["workers"] == [2.0]


def test_half_places_where_they_are_possible() -> None:
    result = least(service(), "backlog <= 0 min", days=14, step=0.25)
    assert result.answer.workers == (1.75,)


def test_the_same_question_has_the_same_answer_to_the_byte() -> None:
    texts = [json.dumps(least(contact_team(), "80% seen within 5 minutes", threads=n).to_dict()) for n in (1, 2)]
    assert texts[0] == texts[1]


def test_what_no_staffing_keeps_is_told_with_what_was_tried() -> None:
    # Who comes on Saturday is seen on Monday by however many.
    closed = service(
        calendars=OFFICE,
        pools={"advocates": {"workers": 2}},
        streams={"police": {"first_step": "advocacy", "schedule": {"Sat 12:00": 4}}},
    )
    with pytest.raises(CannotBeKept) as error:
        least(closed, "95% seen within 1 hour")
    told = str(error.value)
    assert told.startswith("No staffing keeps '95% seen within 1 hour' in all but 5.0% of replications.")
    assert "broken in 100% of 20 replications (95% 83% to 100%)" in told
    assert "could promise 0.0% seen in time" in told
    assert "look at opening hours, or promise less" in told
    assert least(closed, "95% seen within 1 working day").answer.verdict in ("keeps it", "probably keeps it")


def many_wait(count: int) -> tuple[OpenVisit, ...]:
    start = 20_458 * 86_400_000_000  # 2026-01-05
    return tuple(
        OpenVisit(f"case {number}", "advocacy", "police", False, 0, start - 1, start - 1, None, None, 0)
        for number in range(count)
    )


def test_todays_backlog_is_cleared_first_and_told_apart() -> None:
    # Eighty hours wait; two do two hours a day more than comes.
    result = least(service(), "backlog <= 60 min", opening=many_wait(80))
    assert result.start == "cleared"
    assert result.answer.workers == (2.0,)
    assert any("as if today's backlog" in note for note in result.notes)
    first, second = result.reliefs.rows[:2]
    assert (first.backlog, first.goal, first.extra) == (4800, 0, 0)
    # 120 minutes a day beyond what comes: forty days, in each replication alike. With a third, 360: fourteen.
    assert first.weeks_formula == pytest.approx(40 / 7) and first.weeks == pytest.approx(40 / 7)
    assert (second.extra, second.minutes) == (1, 7 * 240)
    assert second.weeks == pytest.approx(2) and second.weeks_formula == pytest.approx(4800 / (7 * 360))
    assert second.cost == pytest.approx(14 * 4 * 20)


def test_todays_backlog_can_be_part_of_the_promise() -> None:
    # To have no more than an hour left of the forty and six of the first day takes 45 hours in a day.
    result = least(service(), "backlog <= 60 min", opening=many_wait(40), start="records")
    assert result.start == "records" and result.settle_days == 0
    assert result.answer.workers == (12.0,)  # eleven give 44 hours
    (relief,) = result.reliefs.rows
    assert (relief.extra, relief.weeks) == (0, 1 / 7)  # who keeps it clears it on the first day


def test_only_one_pool_may_be_varied() -> None:
    steps = {
        "triage": {"pool": "coordinators", "minutes": 10, "next": "advocacy"},
        "advocacy": {"pool": "advocates", "minutes": 60, "next": "closed"},
    }
    pools = {"coordinators": {"workers": 1}, "advocates": {"workers": 1, "minutes_per_day": 240}}
    stream = service().model_dump()["streams"]["police"]["schedule"]
    made = service(steps=steps, pools=pools, streams={"police": {"first_step": "triage", "schedule": dict(stream)}})
    result = least(made, "backlog <= 60 min", pools=varied_pools(made, "advocates"))
    assert result.pools == ("advocates",) and result.answer.workers == (2.0,)
    assert {row.pool for row in result.ways.rows} == {"advocates"}
    with pytest.raises(CannotBeKept, match="Only one pool was varied"):
        least(made, "advocates: backlog <= 0 min", pools=varied_pools(made, "coordinators"))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"risk": 0.0}, "The risk is 0"),
        ({"risk": 5.0}, "between 0 and 1, such as 5%"),
        ({"days": 3}, "The days are 3"),
        ({"replications": 5}, "from 20 to 100,000"),
    ],
)
def test_numbers_out_of_their_limits(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(WrongUse, match=told):
        least(service(), "backlog <= 60 min", **asked)


def test_pools_that_cannot_be_varied() -> None:
    made = service(pools={"advocates": {"workers": 2}, "spare": {"workers": 1}})
    assert varied_pools(made, None) == ("advocates",)
    with pytest.raises(WrongUse, match="Did you mean 'advocates'"):
        varied_pools(made, "advocate")
    with pytest.raises(WrongUse, match="any number is enough"):
        varied_pools(made, "spare")


def test_a_service_that_cannot_run_is_told_its_faults_first() -> None:
    nowhere = service(steps={"advocacy": {"pool": "advocates", "minutes": 60}})
    with pytest.raises(FaultyService, match="cannot be simulated yet"):
        least(nowhere, "backlog <= 60 min")
    with pytest.raises(FaultyService, match="has nothing in it, so that no case ever comes"):
        least(service(streams={}), "backlog <= 60 min")


def test_a_pool_with_nobody_in_it_yet_gets_somebody() -> None:
    result = least(service(pools={"advocates": {"workers": 0, "minutes_per_day": 240}}), "backlog <= 0 min", days=14)
    assert result.answer.workers == (2.0,)
    assert "fewest minutes of capacity" in result.notes[-2]


def test_visits_for_two_at_a_time_take_two() -> None:
    pairs = service(steps={"advocacy": {"pool": "advocates", "minutes": 15, "people": 2, "next": "closed"}})
    # Six visits of twice fifteen minutes are three hours a day: one worker has the time, but is alone.
    result = least(pairs, "backlog <= 0 min", days=14)
    assert result.answer.workers == (2.0,)
    fewer = next(row for row in result.staffings.rows if "one step less" in row.role)
    assert (fewer.verdict, fewer.broken, fewer.workers) == ("cannot be run", None, (1.0,))
    assert any("1 cannot do the work at all" in one for one in result.conclusions)
