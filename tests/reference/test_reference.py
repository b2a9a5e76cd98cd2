"""The reference simulator, and the compiled one with it, against tables that a person can check, and known answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from millpond.model import Service
from tests.generative.agreement import told_by_kernel, told_by_reference
from tests.reference.draws import philox, splitmix64
from tests.reference.simulator import simulate
from tests.reference.values import ReferenceRun

MONDAY = date(2025, 6, 2)
MINUTE = 60_000
SCHEDULED = 2**39
"""The number of a stream's first case by its schedule."""


def service(**parts: Any) -> Service:
    """A service in one zone without clock changes; every part may be put in the place of the plain one."""
    plain: dict[str, Any] = {
        "name": "a service",
        "timezone": "UTC",
        "calendars": {"office": {"hours": "Mon-Fri 09:00-17:00"}, "always": {"hours": "Mon-Sun 00:00-24:00"}},
        "pools": {"team": {"calendar": "office", "workers": 1}},
        "streams": {"post": come("Mon 09:00", 1)},
        "steps": {"work": {"pool": "team", "minutes": 30, "next": "closed"}},
    }
    return Service.from_plain(plain | parts)


def come(*at: Any, first: str = "work", **more: Any) -> dict[str, Any]:
    """A stream whose cases come at stated times: a time, how many, a time, how many."""
    return {"first_step": first, "schedule": dict(zip(at[::2], at[1::2], strict=True)), **more}


def clock(ms: int | None) -> str:
    """An instant as day and time, such as ``Mon 09:00``; seconds where there are any."""
    if ms is None:
        return "-"
    seconds, rest = divmod(ms, 1000)
    assert not rest, ms
    day, second = divmod(seconds, 86_400)
    text = f"{('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')[day % 7]} {second // 3600:02}:{second // 60 % 60:02}"
    return text + (f":{second % 60:02}" if second % 60 else "")


def table(run: ReferenceRun) -> list[str]:
    """One line a visit: case, step, joined, started, ended, worker; with the outcome and the time left, if any."""
    lines = []
    for visit in run.visits:
        words = [f"{visit.case[0]} {visit.case[1] % SCHEDULED}", visit.step, clock(visit.joined)]
        words += [clock(visit.started), clock(visit.ended), visit.worker or "-"]
        words += [visit.outcome] if visit.outcome else []
        words += [clock(visit.left)] if visit.left is not None else []
        lines.append(" | ".join(words))
    return lines


def run(days: int = 5, **parts: Any) -> ReferenceRun:
    """What happens by the reference; the compiled event loop must say the same."""
    of = service(**parts)
    assert told_by_kernel(of, MONDAY, days, 1, 0) == told_by_reference(of, MONDAY, days, 1, 0)
    return balanced(of, simulate(of, MONDAY, days, seed=1, replication=0))


def balanced(of: Service, result: ReferenceRun) -> ReferenceRun:
    """The run itself, once its books have been found to balance."""
    for pool in of.pools:
        opened = sum(result.demand[pool]) - sum(result.activity[pool]) - sum(result.withdrawn[pool])
        here = [visit for visit in result.visits if of.steps[visit.step].pool == pool and visit.left is None]
        planned = {name: int((step.planned_minutes or 0) * MINUTE + 0.5) for name, step in of.steps.items()}
        assert opened == sum(max(0, planned[v.step] - v.work) for v in here if v.ended is None)
    assert sum(map(sum, result.activity.values())) == sum(
        sum(days) for days in (*result.used.values(), *result.overtime.values())
    )
    for visit in result.visits:
        assert visit.started is None or visit.joined <= visit.started
    for pool, used in result.used.items():
        assert all(spent >= 0 for spent in used), pool
    return result


def test_the_generator_gives_its_published_answer() -> None:
    assert philox(0, 0, 0) == (0xCA00A0459843D731, 0x66C24222C9A845B5)
    assert splitmix64(0) == 0xE220A8397B1DCDAF  # the first output of SplitMix64 from state 0


def test_first_come_first_served() -> None:
    result = run(
        streams={"post": come("Mon 09:00", 1, "Mon 09:05", 1, "Mon 09:10", 1)},
        pools={"team": {"calendar": "office", "workers": 2}},
    )
    assert table(result) == [
        "post 0 | work | Mon 09:00 | Mon 09:00 | Mon 09:30 | team 1",
        "post 1 | work | Mon 09:05 | Mon 09:05 | Mon 09:35 | team 2",
        "post 2 | work | Mon 09:10 | Mon 09:30 | Mon 10:00 | team 1",
    ]
    assert result.demand["team"][0] == result.activity["team"][0] == 90 * MINUTE
    assert result.capacity["team"] == [960 * MINUTE] * 5
    assert result.outcomes["post", SCHEDULED + 2] == ("closed", 600 * MINUTE)


def test_work_is_broken_off_at_the_close_and_gone_on_with_by_the_same_worker() -> None:
    result = run(streams={"post": come("Mon 16:40", 1, "Fri 16:50", 1)}, days=8)
    assert table(result) == [
        "post 0 | work | Mon 16:40 | Mon 16:40 | Tue 09:10 | team 1",
        "post 1 | work | Fri 16:50 | Fri 16:50 | Mon 09:20 | team 1",
        "post 2 | work | Mon 16:40 | Mon 16:40 | - | team 1",
    ]
    assert result.activity["team"] == [minutes * MINUTE for minutes in (20, 10, 0, 0, 10, 0, 0, 20 + 20)]


def test_work_that_is_finished_after_the_close_is_overtime() -> None:
    result = run(
        streams={"post": come("Mon 16:40", 1)},
        pools={"team": {"calendar": "office", "workers": 1, "at_closing": "finish"}},
    )
    assert table(result) == ["post 0 | work | Mon 16:40 | Mon 16:40 | Mon 17:10 | team 1"]
    assert (result.used["team"][0], result.overtime["team"][0]) == (20 * MINUTE, 10 * MINUTE)
    assert len(result.spells) == 2


def test_overtime_that_reaches_the_next_opening_is_ordinary_time_from_there() -> None:
    result = run(
        streams={"post": come("Mon 16:00", 1)},
        steps={"work": {"pool": "team", "minutes": 1080, "next": "closed"}},
        pools={"team": {"calendar": "office", "workers": 1, "at_closing": "finish"}},
    )
    assert table(result) == ["post 0 | work | Mon 16:00 | Mon 16:00 | Tue 10:00 | team 1"]
    assert result.used["team"][:2] == [60 * MINUTE, 60 * MINUTE]
    assert result.overtime["team"][:2] == [420 * MINUTE, 540 * MINUTE]


def test_a_budget_that_is_spent_lets_nobody_start_and_what_was_too_much_is_taken_off_the_next() -> None:
    result = run(
        streams={"post": come("Mon 09:00", 4)},
        steps={"work": {"pool": "team", "minutes": 50, "next": "closed"}},
        pools={"team": {"calendar": "office", "workers": 1, "minutes_per_day": 60}},
    )
    assert table(result) == [  # Monday 100 of 60, which leaves 20 for Tuesday; 30 less there leaves 30 for Wednesday
        "post 0 | work | Mon 09:00 | Mon 09:00 | Mon 09:50 | team 1",
        "post 1 | work | Mon 09:00 | Mon 09:50 | Mon 10:40 | team 1",
        "post 2 | work | Mon 09:00 | Tue 09:00 | Tue 09:50 | team 1",
        "post 3 | work | Mon 09:00 | Wed 09:00 | Wed 09:50 | team 1",
    ]
    assert result.capacity["team"] == [60 * MINUTE] * 5


def test_a_part_time_place_has_that_share_of_the_open_time() -> None:
    result = run(
        pools={"team": {"calendar": "office", "workers": 1.5, "from": [{"date": date(2025, 6, 4), "workers": 1}]}}
    )
    assert result.capacity["team"] == [720 * MINUTE] * 2 + [480 * MINUTE] * 3


def test_urgent_cases_and_streams_of_higher_priority_go_first() -> None:
    streams = {
        "late": come("Mon 09:01", 1, priority=2, share_urgent=1),
        "post": come("Mon 09:00", 2, "Mon 09:02", 1),
        "police": come("Mon 09:03", 1, share_urgent=1),
    }
    assert [line.split(" | ")[0] for line in by_start(run(streams=streams))] == [
        "post 0",
        "police 0",
        "post 1",
        "post 2",
        "late 0",
    ]


def by_start(result: ReferenceRun) -> list[str]:
    order = sorted(range(len(result.visits)), key=lambda place: result.visits[place].started or 0)
    lines = table(result)
    return [lines[place] for place in order]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("first come", ["first 0", "long 0", "short 0", "soon 0"]),
        ("shortest", ["first 0", "short 0", "soon 0", "long 0"]),
        ("due date", ["first 0", "soon 0", "short 0", "long 0"]),
    ],
)
def test_a_pool_takes_its_queue_in_its_own_order(order: str, expected: list[str]) -> None:
    result = run(
        pools={"team": {"calendar": "office", "workers": 1, "order": order}},
        streams={
            "first": come("Mon 09:00", 1, first="long"),
            "long": come("Mon 09:01", 1, first="long"),
            "short": come("Mon 09:02", 1, first="short"),
            "soon": come("Mon 09:03", 1, first="soon"),
        },
        steps={
            "long": {"pool": "team", "minutes": 60, "next": "closed"},
            "short": {"pool": "team", "minutes": 10, "next": "closed", "target_wait": "3 hours"},
            "soon": {"pool": "team", "minutes": 20, "next": "closed", "target_wait": "1 hour"},
        },
    )
    assert [line.split(" | ")[0] for line in by_start(result)] == expected


def test_somebody_leaves_at_the_deadline_even_where_a_worker_is_free_at_that_instant() -> None:
    steps = {
        "work": {"pool": "team", "minutes": 30, "next": "closed", "patience": {"minutes": 30, "to": "letter"}},
        "letter": {"minutes": 60, "next": "closed"},
    }
    assert table(run(streams={"post": come("Mon 09:00", 2, "Mon 09:01", 1)}, steps=steps)) == [
        "post 0 | work | Mon 09:00 | Mon 09:00 | Mon 09:30 | team 1",
        "post 1 | work | Mon 09:00 | - | - | - | withdrawn | Mon 09:30",
        "post 2 | work | Mon 09:01 | Mon 09:30 | Mon 10:00 | team 1",
        "post 1 | letter | Mon 09:30 | Mon 09:30 | Mon 10:30 | -",
    ]


def test_patience_of_working_time_stands_still_over_the_weekend() -> None:
    steps = {
        "work": {"pool": "team", "minutes": 480, "next": "closed", "patience": {"minutes": 120, "time": "working"}}
    }
    result = run(streams={"post": come("Fri 16:00", 2)}, steps=steps, days=8)
    assert table(result)[1] == "post 1 | work | Fri 16:00 | - | - | - | withdrawn | Mon 10:00"
    assert result.withdrawn["team"][7] == 480 * MINUTE


@pytest.mark.parametrize(
    ("delay", "joined"),
    [
        ("3 hours", "Thu 19:30"),
        ({"minutes": 30, "time": "working"}, "Thu 17:00"),
        ({"minutes": 60, "time": "working"}, "Fri 09:30"),
        ("1 working day", "Fri 16:30"),
        ("2 working days", "Mon 16:30"),
    ],
)
def test_the_next_visit_joins_after_a_delay(delay: Any, joined: str) -> None:
    steps = {
        "work": {"pool": "team", "minutes": 30, "next": "again", "after": {"again": delay}},
        "again": {"pool": "team", "minutes": 30, "next": "closed"},
    }
    assert clock(run(streams={"post": come("Thu 16:00", 1)}, steps=steps, days=8).visits[1].joined) == joined


def test_a_missed_appointment_is_made_again_until_it_has_been_missed_too_often() -> None:
    steps = {
        "work": {"pool": "team", "minutes": 30, "next": "closed", "missed": 1, "missed_minutes": 10, "missed_most": 2}
    }
    result = run(steps=steps, streams={"post": come("Mon 09:00", 2)})
    assert table(result) == [
        "post 0 | work | Mon 09:00 | Mon 09:00 | Mon 09:10 | team 1 | missed",
        "post 1 | work | Mon 09:00 | Mon 09:10 | Mon 09:20 | team 1 | missed",
        "post 0 | work | Mon 09:10 | Mon 09:20 | Mon 09:30 | team 1 | missed",
        "post 1 | work | Mon 09:20 | Mon 09:30 | Mon 09:40 | team 1 | missed",
    ]
    assert result.outcomes["post", SCHEDULED + 1] == ("withdrawn", 580 * MINUTE)


def test_rules_decide_before_next() -> None:
    result = run(
        streams={"post": come("Mon 09:00", 1, attributes={"risk": {"high": 1, "low": 0}}),
                 "police": come("Mon 09:01", 1), "web": come("Mon 09:02", 1, share_urgent=1)},
        steps={"work": {"pool": "team", "minutes": 10, "next": "work", "minutes_for": {"police": 20, "urgent": 5},
                        "rules": [{"attributes": {"risk": "high"}, "next": "closed"},
                                  {"stream": "police", "visits_at_least": 3, "next": "withdrawn"},
                                  {"urgent": True, "visits_at_least": 2, "next": "closed"}]}},
    )  # fmt: skip
    assert {name: sum(1 for visit in result.visits if visit.case[0] == name) for name in ("post", "police", "web")} == {
        "post": 1,
        "police": 3,
        "web": 2,
    }
    assert result.outcomes["police", SCHEDULED][0] == "withdrawn"
    assert {visit.work // MINUTE for visit in result.visits if visit.case[0] == "police"} == {20}


def test_a_rule_may_ask_where_the_case_came_from_and_has_delays_of_its_own() -> None:
    result = run(
        streams={"post": come("Mon 09:00", 1)},
        steps={"work": {"pool": "team", "minutes": 10, "next": "check", "after": {"check": "1 hours"},
                        "rules": [{"came_from": "check", "next": "check", "after": {"check": "2 hours"},
                                   "visits_at_least": 2}]},
               "check": {"pool": "team", "minutes": 5, "next": "work",
                         "rules": [{"visits_at_least": 2, "next": "closed"}]}},
    )  # fmt: skip
    assert table(result) == [
        "post 0 | work | Mon 09:00 | Mon 09:00 | Mon 09:10 | team 1",
        "post 0 | check | Mon 10:10 | Mon 10:10 | Mon 10:15 | team 1",
        "post 0 | work | Mon 10:15 | Mon 10:15 | Mon 10:25 | team 1",
        "post 0 | check | Mon 12:25 | Mon 12:25 | Mon 12:30 | team 1",
    ]


def test_a_worker_helps_where_there_is_nothing_to_do_at_home() -> None:
    result = run(
        pools={"team": {"calendar": "office"}, "other": {"calendar": "office"}},
        workers={"Ann": {"pool": "team", "also": ["other"], "skills": ["Polish"]}, "Bob": {"pool": "other"}},
        streams={"post": come("Mon 09:00", 2, first="task"), "phone": come("Mon 09:10", 1, "Mon 09:15", 1),
                 "Polish": come("Mon 09:20", 1, first="translate")},
        steps={"work": {"pool": "team", "minutes": 30, "next": "closed"},
               "task": {"pool": "other", "minutes": 60, "next": "closed"},
               "translate": {"pool": "other", "minutes": 20, "skill": "Polish", "next": "closed"}},
    )  # fmt: skip
    assert table(result) == [
        "post 0 | task | Mon 09:00 | Mon 09:00 | Mon 10:00 | Bob",
        "post 1 | task | Mon 09:00 | Mon 09:00 | Mon 10:00 | Ann",
        "phone 0 | work | Mon 09:10 | Mon 10:00 | Mon 10:30 | Ann",
        "phone 1 | work | Mon 09:15 | Mon 10:30 | Mon 11:00 | Ann",
        "Polish 0 | translate | Mon 09:20 | Mon 11:00 | Mon 11:20 | Ann",
    ]
    assert (result.used["team"][0], result.activity["team"][0]) == (140 * MINUTE, 60 * MINUTE)


def test_a_case_stays_with_its_worker_who_holds_only_so_many() -> None:
    steps = {"work": {"pool": "team", "minutes": 60, "next": "more", "after": {"more": "2 hours"}},
             "more": {"pool": "team", "minutes": 60, "next": "closed"}}  # fmt: skip
    result = run(
        streams={"post": come("Mon 09:00", 3)},
        steps=steps,
        pools={"team": {"calendar": "office", "workers": 2, "caseload": 1}},
    )
    assert table(result) == [
        "post 0 | work | Mon 09:00 | Mon 09:00 | Mon 10:00 | team 1",
        "post 1 | work | Mon 09:00 | Mon 09:00 | Mon 10:00 | team 2",
        "post 2 | work | Mon 09:00 | Mon 13:00 | Mon 14:00 | team 1",
        "post 0 | more | Mon 12:00 | Mon 12:00 | Mon 13:00 | team 1",
        "post 1 | more | Mon 12:00 | Mon 12:00 | Mon 13:00 | team 2",
        "post 2 | more | Mon 16:00 | Mon 16:00 | Mon 17:00 | team 1",
    ]


def test_a_visit_for_two_waits_until_two_are_free_and_nobody_passes_it_by() -> None:
    steps = {"work": {"pool": "team", "minutes": 30, "next": "closed"},
             "pair": {"pool": "team", "minutes": 20, "people": 2, "next": "closed"}}  # fmt: skip
    result = run(
        streams={"post": come("Mon 09:00", 1, "Mon 09:10", 1), "both": come("Mon 09:05", 1, first="pair")},
        steps=steps,
        pools={"team": {"calendar": "office", "workers": 2}},
    )
    assert table(result) == [
        "post 0 | work | Mon 09:00 | Mon 09:00 | Mon 09:30 | team 1",
        "both 0 | pair | Mon 09:05 | Mon 09:30 | Mon 09:50 | team 2",
        "post 1 | work | Mon 09:10 | Mon 09:50 | Mon 10:20 | team 1",
    ]
    assert result.visits[1].work == 40 * MINUTE
    assert result.used["team"][0] == 100 * MINUTE


def test_who_waits_behind_a_visit_for_two_is_seen_when_that_one_leaves() -> None:
    steps = {"work": {"pool": "team", "minutes": 60, "next": "closed"},
             "pair": {"pool": "team", "minutes": 20, "people": 2, "patience": "30 minutes",
                      "next": "closed"}}  # fmt: skip
    result = run(
        streams={"post": come("Mon 09:00", 1, "Mon 09:10", 1), "both": come("Mon 09:05", 1, first="pair")},
        steps=steps,
        pools={"team": {"calendar": "office", "workers": 2}},
    )
    assert table(result) == [
        "post 0 | work | Mon 09:00 | Mon 09:00 | Mon 10:00 | team 1",
        "both 0 | pair | Mon 09:05 | - | - | - | withdrawn | Mon 09:35",
        "post 1 | work | Mon 09:10 | Mon 09:35 | Mon 10:35 | team 2",
    ]


def test_a_session_is_held_when_it_is_full_or_the_first_has_waited_long() -> None:
    steps = {"work": {"pool": "team", "minutes": 60, "next": "closed", "group": {"size": 2, "longest_wait": "3 hours"}}}
    result = run(streams={"post": come("Mon 09:00", 1, "Mon 09:30", 1, "Mon 10:00", 1)}, steps=steps)
    assert table(result) == [
        "post 0 | work | Mon 09:00 | Mon 09:30 | Mon 10:30 | team 1",
        "post 1 | work | Mon 09:30 | Mon 09:30 | Mon 10:30 | team 1",
        "post 2 | work | Mon 10:00 | Mon 13:00 | Mon 14:00 | team 1",
    ]
    assert [visit.work // MINUTE for visit in result.visits] == [30, 30, 60]


def test_a_session_waits_for_the_first_of_those_who_are_still_there() -> None:
    steps = {
        "work": {
            "pool": "team",
            "minutes": 60,
            "next": "closed",
            "group": {"size": 3, "longest_wait": "2 hours"},
            "patience": {"minutes": {"distribution": "empirical", "values": [90]}},
        }
    }
    # The first leaves at 10:30; the second would wait until 12:20, but leaves before, at 11:50; so does the third.
    result = run(steps=steps, streams={"post": come("Mon 09:00", 1, "Mon 10:20", 1, "Mon 10:40", 1)})
    assert [clock(visit.left) for visit in result.visits] == ["Mon 10:30", "Mon 11:50", "Mon 12:10"]
    # Three together start at once; whose session is called stays, though the worker is busy until 11:00.
    result = run(
        steps=steps | {"call": {"pool": "team", "minutes": 120, "next": "closed"}},
        streams={"web": come("Mon 09:00", 1, first="call"), "post": come("Mon 09:10", 3)},
    )
    assert [clock(visit.started) for visit in result.visits] == ["Mon 09:00", "Mon 11:00", "Mon 11:00", "Mon 11:00"]


def test_a_branch_may_be_on_its_way_for_a_while() -> None:
    steps = {
        "work": {
            "pool": "team",
            "minutes": 30,
            "all_of": ["call", "letter"],
            "then": "closed",
            "after": {"letter": "3 hours"},
        },
        "call": {"pool": "team", "minutes": 10, "next": "closed"},
        "letter": {"pool": "team", "minutes": 20, "next": "closed"},
    }
    result = run(steps=steps)
    assert table(result) == [
        "post 0 | work | Mon 09:00 | Mon 09:00 | Mon 09:30 | team 1",
        "post 0 | call | Mon 09:30 | Mon 09:30 | Mon 09:40 | team 1",
        "post 0 | letter | Mon 12:30 | Mon 12:30 | Mon 12:50 | team 1",
    ]
    assert list(result.outcomes.values()) == [("closed", 770 * MINUTE)]


def test_the_branches_of_a_split_meet_once() -> None:
    steps = {
        "work": {"pool": "team", "minutes": 10, "all_of": ["report", "check"], "then": "review"},
        "report": {"pool": "team", "minutes": 20, "next": "review"},
        "check": {"minutes": 60, "next": "closed"},
        "review": {"pool": "team", "minutes": 5, "next": "closed"},
    }
    result = run(steps=steps)
    assert table(result) == [
        "post 0 | work | Mon 09:00 | Mon 09:00 | Mon 09:10 | team 1",
        "post 0 | check | Mon 09:10 | Mon 09:10 | Mon 10:10 | -",
        "post 0 | report | Mon 09:10 | Mon 09:10 | Mon 09:30 | team 1",
        "post 0 | review | Mon 10:10 | Mon 10:10 | Mon 10:15 | team 1",
    ]
    assert result.outcomes == {("post", SCHEDULED): ("closed", 615 * MINUTE)}


def test_an_urgent_case_interrupts_what_was_started_last() -> None:
    pools = {"team": {"calendar": "office", "workers": 2, "urgent_preempts": True}}
    streams = {"post": come("Mon 09:00", 1, "Mon 09:10", 1, "Mon 09:11", 1),
               "police": come("Mon 09:15", 1, share_urgent=1)}  # fmt: skip
    result = run(pools=pools, streams=streams)
    assert table(result) == [
        "post 0 | work | Mon 09:00 | Mon 09:00 | Mon 09:30 | team 1",
        "post 1 | work | Mon 09:10 | Mon 09:10 | Mon 09:55 | team 1",
        "post 2 | work | Mon 09:11 | Mon 09:45 | Mon 10:15 | team 2",
        "police 0 | work | Mon 09:15 | Mon 09:15 | Mon 09:45 | team 2",
    ]
    assert [(s.worker, clock(s.start), clock(s.end)) for s in result.spells if s.visit == 1] == [
        ("team 1", "Mon 09:30", "Mon 09:55"),
        ("team 2", "Mon 09:10", "Mon 09:15"),
    ]


def test_a_policy_calls_extra_workers_for_its_days() -> None:
    policies = {"agency": {"pool": "team", "when": "waiting visits", "above": 3, "workers": 1, "for_days": 2,
                           "lead_days": 1, "minutes_per_day": 120}}  # fmt: skip
    steps = {"work": {"pool": "team", "minutes": 240, "next": "closed"}}
    result = run(policies=policies, steps=steps, streams={"post": come("Mon 09:00", 7)})
    # Five wait on Tuesday at midnight, so that the extra worker comes on Wednesday and Thursday.
    assert result.capacity["team"] == [480 * MINUTE, 480 * MINUTE, 600 * MINUTE, 600 * MINUTE, 480 * MINUTE]
    assert [clock(visit.started) for visit in result.visits] == [
        "Mon 09:00",
        "Mon 13:00",
        "Tue 09:00",
        "Tue 13:00",
        "Wed 09:00",
        "Wed 09:00",
        "Wed 13:00",
    ]


def test_somebody_absent_is_away_for_the_day() -> None:
    result = run(pools={"team": {"calendar": "office", "workers": 40, "absence": 0.25}}, days=30)
    working = [day for day in result.capacity["team"] if day]
    assert len(working) == 22
    assert all(day % (480 * MINUTE) == 0 for day in working)
    # 880 worker-days, each away with probability 1/4: 660 expected, standard deviation 12.8.
    assert abs(sum(working) / (480 * MINUTE) - 660) < 4 * 12.8


def test_daily_counts_come_in_the_hours_of_the_pattern() -> None:
    stream = {"first_step": "work", "daily_counts": {"Mon-Fri": [2, 3], "Sun": [0.5]},
              "pattern": {"Mon-Fri 10:00-12:00": 1}}  # fmt: skip
    result = run(streams={"post": stream}, days=28)
    counts = dict.fromkeys(range(28), 0)
    for entered, _ in result.cases.values():
        day, ms = divmod(entered, 86_400_000)
        counts[day] += 1
        assert day % 7 == 6 or 10 <= ms / 3_600_000 < 12
    assert {counts[day] for day in range(28) if day % 7 < 5} == {2, 3}
    assert all(counts[day] == 0 for day in range(28) if day % 7 == 5)
    assert all(counts[day] <= 1 for day in range(28) if day % 7 == 6)


def test_a_fraction_in_the_schedule_is_one_more_case_now_and_then() -> None:
    result = run(streams={"post": come("Wed 23:15", 2.5)}, days=7 * 60)
    assert {entered % (7 * 86_400_000) for entered, _ in result.cases.values()} == {
        (2 * 24 * 60 + 23 * 60 + 15) * MINUTE
    }
    assert 60 * 2 + 12 < len(result.cases) < 60 * 2 + 48  # 30 more expected, standard deviation 3.9


def test_random_arrivals_follow_month_and_bunching() -> None:
    stream = {"first_step": "work", "per_week": 70, "by_month": [0, 0, 0, 0, 0, 1.5, 0.5, 0, 0, 0, 0, 0],
              "overdispersion": 3}  # fmt: skip
    steps = {"work": {"minutes": 1, "next": "closed"}}
    result = run(streams={"post": stream}, steps=steps, days=120)
    counts = [0] * 120
    for entered, _ in result.cases.values():
        counts[entered // 86_400_000] += 1
    assert sum(counts[60:]) == 0  # August has no weight
    june, july = counts[:29], counts[29:60]
    assert sum(june) / 29 == pytest.approx(90, rel=0.1)  # 10 a day, times 1.5 over a mean weight of 2/12
    assert sum(july) / 31 == pytest.approx(30, rel=0.15)
    mean = sum(june) / 29
    assert 1.2 < sum((count - mean) ** 2 for count in june) / 28 / mean < 6  # about 3


def test_one_worker_with_random_work_waits_as_the_formula_says() -> None:
    # M/M/1 with load 1/2: the mean wait equals the mean time of work, 30 minutes.
    streams = {"post": {"first_step": "work", "per_week": 168}}
    steps = {"work": {"pool": "team", "minutes": {"distribution": "exponential", "mean": 30}, "next": "closed"}}
    result = run(streams=streams, steps=steps, pools={"team": {"calendar": "always", "workers": 1}}, days=120)
    waits = [visit.started - visit.joined for visit in result.visits if visit.started is not None]
    assert len(result.cases) == pytest.approx(120 * 24, rel=0.06)
    assert sum(waits) / len(waits) / MINUTE == pytest.approx(30, rel=0.2)


def test_the_clock_change_makes_a_day_of_23_hours() -> None:
    of = service(
        timezone="Europe/London",
        pools={"team": {"calendar": "always", "workers": 1}},
        streams={"post": come("Sun 12:00", 1)},
    )
    result = simulate(of, date(2025, 3, 30), 2, seed=1, replication=0)
    assert result.capacity["team"] == [23 * 60 * MINUTE, 24 * 60 * MINUTE]
    assert result.visits[0].joined == 11 * 60 * MINUTE
