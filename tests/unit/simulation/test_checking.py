"""What cannot be simulated is told before anything runs, with its cure; and loads that a person can work out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from millpond.errors import FaultyService
from millpond.model import Service
from millpond.model.planned import with_plans
from millpond.simulation.checking import check_can_be_simulated, overloads
from millpond.simulation.horizon import Horizon
from millpond.simulation.loads import expected_visits, loads_of
from tests.unit.simulation.services import service

MONDAY = 20_458  # 2026-01-05


def _horizon(of: Service, days: int = 28) -> Horizon:
    return Horizon(MONDAY, days, days, days, of.zone)


def _faults(of: Service) -> dict[str, str]:
    with pytest.raises(FaultyService) as told:
        check_can_be_simulated(of, _horizon(of))
    assert all(fault.cure for fault in told.value.faults)
    return {fault.where: fault.what for fault in told.value.faults}


def _steps(**steps: Any) -> Service:
    return service(steps=steps)


def test_a_whole_service_has_no_faults() -> None:
    check_can_be_simulated(service(), _horizon(service()))


def test_a_step_that_no_case_can_leave() -> None:
    told = _faults(
        _steps(
            advocacy={"pool": "advocates", "minutes": 60, "next": {"review": 0.5, "closed": 0.5}},
            review={"pool": "advocates", "minutes": 10, "next": "second review"},
            **{"second review": {"pool": "advocates", "minutes": 10, "next": "review"}},
        )
    )
    assert set(told) == {"steps.review.next", 'steps."second review".next'}
    assert "no case that comes here ever ends" in told["steps.review.next"]


def test_a_rule_lets_only_its_own_cases_out() -> None:
    step = {"pool": "advocates", "minutes": 60, "next": "advocacy", "rules": [{"urgent": True, "next": "closed"}]}
    stream = {"first_step": "advocacy", "per_week": 5, "share_urgent": 0.5}
    told = _faults(service(steps={"advocacy": step}, streams={"police": stream}))
    assert told == {
        "steps.advocacy.next": "leads to no outcome: none of the routine cases of police that comes here ever ends"
    }


def test_faults_are_told_all_at_once() -> None:
    told = _faults(
        service(
            pools={"advocates": {"workers": 0}},
            steps={"advocacy": {"pool": "advocates"}},
        )
    )
    assert set(told) == {"steps.advocacy.next", "steps.advocacy.minutes", "pools.advocates"}


def test_a_calendar_that_is_closed_all_the_time() -> None:
    closed = {"always": {"hours": "Sat 09:00-12:00"}}
    on_weekdays = service(calendars=closed)
    with pytest.raises(FaultyService, match=r"calendars\.always: has no opening hours in the days simulated"):
        check_can_be_simulated(on_weekdays, Horizon(MONDAY, 5, 5, 5, on_weekdays.zone))


def test_more_people_at_once_than_there_are() -> None:
    told = _faults(_steps(advocacy={"pool": "advocates", "minutes": 60, "next": "closed", "people": 3}))
    assert "asks for 3 workers at the same time, and pool advocates has 2" in told["steps.advocacy.people"]


def test_patience_of_no_time_that_leads_back() -> None:
    visit = {"pool": "advocates", "minutes": 60, "next": "closed"}
    of = _steps(
        advocacy={**visit, "patience": {"minutes": 0, "to": "call"}},
        call={**visit, "patience": {"minutes": 0, "to": "advocacy"}},
    )
    told = "is no time, and cases that leave come back at the same instant by call, advocacy"
    assert _faults(of)["steps.advocacy.patience"] == told
    once = _steps(advocacy={**visit, "patience": {"minutes": 0, "to": "call"}}, call=visit)
    check_can_be_simulated(once, _horizon(once))


def test_a_service_without_cases() -> None:
    assert set(_faults(service(streams={}))) == {"streams"}


def test_a_step_that_nobody_comes_to_may_be_unfinished() -> None:
    check_can_be_simulated(
        _steps(
            advocacy={"pool": "advocates", "minutes": 60, "next": "closed"},
            later={"pool": "advocates"},
        ),
        _horizon(service()),
    )


def test_the_load_of_the_worked_example() -> None:
    # 6 people a day x 60 minutes against 2 x 240.
    (load,) = loads_of(service(), _horizon(service()))
    assert (load.demand, load.capacity, load.load, load.growth) == (360, 480, 0.75, 0)
    assert overloads(service(), _horizon(service())) == ()


def test_twelve_a_day_for_eight_grow_by_240_minutes() -> None:
    stream = {
        "first_step": "advocacy",
        "schedule": {f"{day} 00:00": 12 for day in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]},
    }
    busy = service(streams={"police": stream})
    (sentence,) = overloads(busy, _horizon(busy))
    assert "720 minutes of work a day over their whole way, and 480 can be done (a load of 1.50)" in sentence
    assert "without end, by about 240 minutes a day" in sentence


def test_what_is_not_done_leads_to_no_further_visit() -> None:
    # Half come again. Ten cases a day would bring 20 visits; 8 a day are done, so 10 + 4 join and 6 hours are left.
    stream = {
        "first_step": "advocacy",
        "schedule": {f"{day} 00:00": 10 for day in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]},
    }
    step = {"pool": "advocates", "minutes": 60, "next": {"advocacy": 0.5, "closed": 0.5}}
    busy = service(streams={"police": stream}, steps={"advocacy": step})
    (load,) = loads_of(busy, _horizon(busy))
    assert load.demand == pytest.approx(1200)
    assert load.growth == pytest.approx(360)


def test_expected_visits_with_a_limit_to_their_number() -> None:
    # One, half, and a quarter come; then the rule ends it.
    step = {
        "pool": "advocates",
        "minutes": 60,
        "next": {"advocacy": 0.5, "closed": 0.5},
        "rules": [{"visits_at_least": 3, "next": "closed"}],
    }
    assert expected_visits(service(steps={"advocacy": step}), "police", False) == pytest.approx([1.75])


def test_expected_visits_of_a_split_meet_once() -> None:
    steps = {
        "advocacy": {"pool": "advocates", "minutes": 60, "all_of": ["housing", "health"], "then": "review"},
        "housing": {"pool": "advocates", "minutes": 10, "next": {"housing": 0.5, "review": 0.5}},
        "health": {"pool": "advocates", "minutes": 10, "next": "review"},
        "review": {"pool": "advocates", "minutes": 10, "next": {"advocacy": 0.5, "closed": 0.5}},
    }
    # Half begin again: two rounds, with two visits for housing in each.
    found = expected_visits(service(steps=steps), "police", False)
    assert found == pytest.approx(np.array([2, 4, 2, 2]))


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        ({"calendar": "short"}, "pools.advocates.calendar", "only in some of its hours does a day hold more than"),
        ({"minutes_per_day": 1440}, "pools.advocates.minutes_per_day", "limits a day on some days only"),
    ],
)
def test_overtime_has_a_day_to_come_off_with_a_trigger_and_without(
    change: dict[str, Any], where: str, what: str
) -> None:
    plan = {"pool": "advocates", "when": "waiting visits", "above": 1, "pools": {"advocates": change}}
    made = service(
        calendars={"always": {"hours": "Mon-Sun 00:00-24:00"}, "short": {"hours": "Mon-Sun 09:00-12:00"}},
        pools={
            "advocates": {"calendar": "always", "workers": 2, "minutes_per_day": 240, "at_closing": "finish"},
        },
        plans={"open": plan},
    )
    assert what in _faults(with_plans(made, made.plans))[where]
