"""What holds of every run of the reference simulator, on a service that uses nearly everything at once."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from millpond.model import Service
from tests.reference.simulator import simulate
from tests.reference.tables import need
from tests.reference.values import ReferenceRun

FIRST = date(2025, 3, 24)
"""The Monday before the clocks go forward in London."""
HOUR = 3_600_000
LONG_DELAY = 2 * HOUR

PLAIN: dict[str, Any] = {
    "name": "nearly everything",
    "holidays": "GB-ENG",
    "calendars": {
        "office": {"hours": "Mon-Fri 09:00-12:30, 13:30-17:00"},
        "night": {"hours": "Fri-Sun 23:00-01:00"},
    },
    "pools": {
        "front": {"calendar": "office", "workers": 2.5, "urgent_preempts": True, "absence": 0.1},
        "advocates": {"calendar": "office", "minutes_per_day": 240, "caseload": 6, "order": "longest in service"},
        "nurses": {
            "calendar": "night",
            "workers": 2,
            "at_closing": "finish",
            "order": "due date",
            "from": [{"date": date(2025, 4, 1), "workers": 3}],
        },
    },
    "workers": {
        "Ann": {"pool": "advocates", "also": ["front"], "skills": ["Polish"]},
        "Bob": {"pool": "advocates", "minutes_per_day": 120, "leaves": date(2025, 4, 7)},
        "Cat": {"pool": "advocates", "also": ["nurses", "front"], "caseload": 2, "absence": 0.3},
    },
    "streams": {
        "post": {
            "first_step": "triage",
            "per_week": 60,
            "share_urgent": 0.3,
            "pattern": {"Mon-Fri 08:00-18:00": 3, "otherwise": 0.3},
            "overdispersion": 1.5,
            "attributes": {"risk": {"high": 0.3, "low": 0.7}},
        },
        "police": {"first_step": "triage", "schedule": {"Mon 09:00": 6, "Sat 21:00": 2.5}, "priority": 2},
        "web": {"first_step": "triage", "daily_counts": {"Mon-Fri": [2, 4], "Sun": [1.5]}},
    },
    "steps": {
        "triage": {
            "pool": "front",
            "minutes": {"distribution": "lognormal", "mean": 20, "sd": 15},
            "minutes_for": {"police": 30, "urgent": {"distribution": "exponential", "mean": 10}},
            "next": {"assess": 0.5, "screening": 0.3, "closed": 0.2},
            "rules": [{"attributes": {"risk": "high"}, "next": {"assess": 0.8, "course": 0.2}}],
            "after": {"screening": {"minutes": {"distribution": "uniform", "low": 0, "high": 120}}},
        },
        "assess": {
            "pool": "advocates",
            "minutes": {"distribution": "gamma", "mean": 50, "sd": 30},
            "patience": {"minutes": {"distribution": "exponential", "mean": 900}, "time": "working"},
            "missed": 0.2,
            "missed_minutes": 10,
            "all_of": ["report", "night check"],
            "then": "review",
        },
        "report": {"pool": "front", "minutes": 25, "people": 2, "next": {"review": 0.9, "closed": 0.1}},
        "night check": {"pool": "nurses", "minutes": 40, "target_wait": "2 days", "next": "review"},
        "review": {"pool": "advocates", "minutes": 15, "next": {"review": 0.3, "closed": 0.7}},
        "screening": {
            "pool": "front",
            "minutes": {"distribution": "empirical", "values": [5, 7, 20]},
            "patience": "9 hours",
            "skill": "Polish",
            "next": "course",
        },
        "course": {
            "pool": "nurses",
            "minutes": 90,
            "group": {"size": 3, "longest_wait": "4 days"},
            "patience": {"minutes": 4000, "to": "letter"},
            "next": "closed",
        },
        "letter": {"minutes": 60, "next": "closed"},
    },
    "policies": {
        "agency": {"pool": "front", "when": "backlog minutes", "above": 120, "workers": 2, "for_days": 3},
    },
}


@pytest.fixture(scope="module")
def of() -> Service:
    return Service.from_plain(PLAIN)


@pytest.fixture(scope="module", params=range(3))
def result(of: Service, request: pytest.FixtureRequest) -> ReferenceRun:
    return simulate(of, FIRST, 21, seed=5, replication=request.param, drain_days=7)


def test_nearly_everything_happens(result: ReferenceRun) -> None:
    seen = {visit.outcome for visit in result.visits}
    assert seen == {"", "withdrawn", "missed"}
    assert {visit.step for visit in result.visits} >= set(PLAIN["steps"]) - {"letter"}
    assert sum(map(sum, result.overtime.values())) > 0
    assert any(person.name.startswith("agency") and person.days for person in result.people)


def test_nobody_does_two_things_at_once(result: ReferenceRun) -> None:
    for person in result.people:
        spells = sorted((s.start, s.end) for s in result.spells if s.worker == person.name)
        assert all(end <= start for (_, end), (start, _) in pairwise(spells)), person.name


def test_work_lies_within_stretches_but_for_overtime_of_those_who_finish(result: ReferenceRun) -> None:
    by_name = {person.name: person for person in result.people}
    for spell in result.spells:
        person = by_name[spell.worker]
        inside = any(opens <= spell.start and spell.end <= closes for opens, closes in person.stretches())
        outside = all(spell.end <= opens or closes <= spell.start for opens, closes in person.stretches())
        assert inside or (outside and person.pool == "nurses")


def test_nobody_starts_on_a_day_after_giving_all_that_the_day_holds(of: Service, result: ReferenceRun) -> None:
    for person in result.people:
        spells = sorted((s.start, s.end, s.visit) for s in result.spells if s.worker == person.name)
        for day, at_work in person.days.items():
            if at_work.budget is None or not at_work.stretches:
                continue
            spent = 0
            for start, end, visit in spells:
                if at_work.stretches[0][0] <= start < at_work.stretches[-1][1]:
                    if result.visits[visit].started == start:
                        assert spent < at_work.budget, (person.name, day)
                    spent += end - start


def test_every_case_ends_or_is_still_somewhere(of: Service, result: ReferenceRun) -> None:
    end = 28 * 24 * HOUR - HOUR  # a day of 23 hours lies within
    for name, (entered, _) in result.cases.items():
        mine = [visit for visit in result.visits if visit.case == name]
        assert mine[0].joined == entered
        is_open = any(visit.ended is None and visit.left is None for visit in mine)
        last = max(visit.ended or visit.left or 0 for visit in mine)
        if name in result.outcomes:
            assert not is_open
            assert result.outcomes[name][1] == last
        else:
            assert is_open or last > end - LONG_DELAY


def test_the_books_balance(of: Service, result: ReferenceRun) -> None:
    for pool in of.pools:
        here = [visit for visit in result.visits if of.steps[visit.step].pool == pool]
        left = sum(need(visit) - visit.work for visit in here if visit.ended is None and visit.left is None)
        assert left == sum(result.demand[pool]) - sum(result.activity[pool]) - sum(result.withdrawn[pool])
        assert sum(result.activity[pool]) == sum(visit.work for visit in here)
    done = sum(map(sum, result.used.values())) + sum(map(sum, result.overtime.values()))
    assert sum(map(sum, result.activity.values())) == done


def test_who_leaves_has_not_been_seen_and_who_is_seen_had_not_left(result: ReferenceRun) -> None:
    for visit in result.visits:
        assert (visit.left is None) == (visit.outcome != "withdrawn")
        if visit.left is not None:
            assert (visit.started, visit.ended, visit.worker, visit.work) == (None, None, None, 0)
        if visit.started is not None:
            assert visit.joined <= visit.started <= (visit.ended or visit.started)


def test_nobody_holds_more_cases_than_the_caseload(result: ReferenceRun) -> None:
    most = {"Ann": 6, "Bob": 6, "Cat": 2}
    for worker, limit in most.items():
        first: dict[tuple[str, int], int] = {}
        for visit in result.visits:
            if visit.step in ("assess", "review") and visit.worker == worker and visit.started is not None:
                first.setdefault(visit.case, visit.started)
        for instant in first.values():
            held = [c for c, start in first.items() if start <= instant < result.outcomes.get(c, ("", instant + 1))[1]]
            assert len(held) <= limit


def test_a_further_stream_moves_nobody_elses_luck(of: Service, result: ReferenceRun) -> None:
    streams = {**PLAIN["streams"], "phone": {"first_step": "letter", "per_week": 30}}
    more = simulate(Service.from_plain({**PLAIN, "streams": streams}), FIRST, 21, seed=5, replication=0, drain_days=7)
    before = simulate(of, FIRST, 21, seed=5, replication=0, drain_days=7)
    assert [visit for visit in more.visits if visit.case[0] != "phone"] == before.visits
    assert len(more.visits) > len(before.visits)
