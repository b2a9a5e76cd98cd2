"""Plans: what they make of a service, what does not go together in one, and in two."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from millpond.errors import FaultyService, WrongUse
from millpond.model import Plan, Service, parse_service
from millpond.model.in_force import states_of
from millpond.model.planned import most_workers, plans_named, with_plans

SERVICE = """
name = "Worked example"
outcomes = ["referred on"]

[calendars.day]
hours = "Mon-Fri 09:00-17:00"

[calendars.late]
hours = "Mon-Fri 09:00-20:00"

[organisations.charity]

[organisations.council]

[pools.advocates]
organisation = "charity"
calendar = "day"
workers = 3

[[pools.advocates.from]]
date = 2026-03-02
workers = 2
cost_per_hour = 30

[pools.clerks]
organisation = "council"
calendar = "day"
workers = 2

[streams.police]
first_step = "triage"
per_week = 10

[steps.triage]
pool = "clerks"
minutes = 20
next = { advocacy = 0.5, closed = 0.5 }

[steps.advocacy]
pool = "advocates"
minutes = 60
minutes_for = { police = 90 }
next = "closed"
"""


CALLED = '[plans.x]\npool = "clerks"\nwhen = "waiting visits"\nabove = 3\n'


def planned(text: str, name: str) -> Service:
    service = parse_service(SERVICE + text)
    return with_plans(service, plans_named(service, name))


def test_a_plan_changes_a_copy() -> None:
    service = parse_service(SERVICE + "[plans.more.pools.clerks]\nworkers = 3\n")
    changed = with_plans(service, plans_named(service, "more"))
    assert (service.pools["clerks"].workers, changed.pools["clerks"].workers) == (2, 3)
    assert with_plans(service, plans_named(service, "nothing")) is service
    assert changed.plans == {}


def test_what_a_plan_says_of_a_pool_holds_whatever_is_dated() -> None:
    pool = planned('[plans.more.pools.advocates]\nworkers = 4\ncalendar = "late"\n', "more").pools["advocates"]
    late = pool.on(date(2026, 3, 2))
    assert (late.workers, late.calendar, late.cost_per_hour) == (4, "late", 30)
    assert (pool.on(date(2026, 3, 1)).workers, pool.on(date(2026, 3, 1)).cost_per_hour) == (4, None)
    # Nothing is left of a dated change that only said what the plan says.
    less = planned("[plans.less.pools.advocates]\nworkers = 1\ncost_per_hour = 20\n", "less").pools["advocates"]
    assert less.changes == ()


def test_workers_who_come_are_a_policy() -> None:
    told = '[plans.lend]\npool = "advocates"\nworkers = 1\nlent_by = "clerks"\nwhen = "waiting visits"\nabove = 5\n'
    policy = planned(told, "lend").policies["lend"]
    assert (policy.pool, policy.lent_by, policy.when, policy.above, policy.lead_days) == (
        *("advocates", "clerks", "waiting visits", 5),
        0,
    )
    assert policy.for_days > 36_000, "left out, they stay to the end"
    standing = planned('[plans.extra]\npool = "advocates"\nworkers = 1\n', "extra").policies["extra"]
    assert (standing.when, standing.above) == ("always", None)


def test_a_plan_beside_a_policy_of_the_same_name_replaces_nothing() -> None:
    policy = '[policies.extra]\npool = "clerks"\nwhen = "always"\nworkers = 1\nfor_days = 7\n'
    found = planned(policy + '[plans.extra]\npool = "advocates"\nworkers = 1\n', "extra").policies
    assert [one.pool for one in found.values()] == ["clerks", "advocates"]


def test_diverted_cases_come_and_go_elsewhere() -> None:
    found = planned("[plans.partner.streams.police]\ndivert = 0.3\n", "partner")
    first = found.streams["police"].first_step
    assert found.steps[first].next == {"diverted by partner": 0.3, "triage": 0.7}
    assert found.steps[first].pool is None
    assert found.all_outcomes[-1] == "diverted by partner"
    # All of them: none is left for the step.
    (gone,) = planned("[plans.all.streams.police]\ndivert = 1\n", "all").steps.keys() - {"triage", "advocacy"}
    assert gone == "diverted by all: police"


def test_more_cases_come_by_week_and_at_stated_times() -> None:
    stream = planned("[plans.open.streams.police]\nmore = 0.2\n", "open").streams["police"]
    assert stream.per_week == pytest.approx(12)
    stated = SERVICE.replace("per_week = 10", 'schedule = { "Mon 09:00" = 4 }')
    service = parse_service(stated + "[plans.open.streams.police]\nmore = 0.5\n")
    assert with_plans(service, service.plans).streams["police"].schedule == {"Mon 09:00": 6}


@pytest.mark.parametrize(
    ("coming", "told"),
    [
        ("daily_counts = { Mon-Fri = [3, 5] }", "has counts seen on days"),
        ("priority = 1", "does not say how many come"),
    ],
)
def test_of_what_is_not_known_there_is_no_more(coming: str, told: str) -> None:
    with pytest.raises(FaultyService) as caught:
        parse_service(SERVICE.replace("per_week = 10", coming) + "[plans.open.streams.police]\nmore = 0.2\n")
    (fault,) = caught.value.faults
    assert fault.where == "plans.open.streams.police.more"
    assert told in fault.what


def test_minutes_of_some_cases_are_added_to_those_of_the_step() -> None:
    step = planned("[plans.less.steps.advocacy]\nminutes = 45\nminutes_for = { urgent = 30 }\n", "less").steps[
        "advocacy"
    ]
    assert (step.minutes, dict(step.minutes_for)) == (45, {"police": 90, "urgent": 30})


def test_plans_together_are_both() -> None:
    text = (
        '[plans.a.steps.triage]\nminutes = 10\n[plans.b.steps.triage]\nnext = "closed"\n'
        '[plans.c]\npool = "advocates"\nworkers = 1\n'
    )
    found = planned(text, "a + b+c")
    assert (found.steps["triage"].minutes, dict(found.steps["triage"].next or {})) == (10, {"closed": 1})
    assert list(found.policies) == ["c"]


@pytest.mark.parametrize(
    ("first", "second", "path"),
    [
        ("steps.triage = { minutes = 10 }", "steps.triage = { minutes = 15 }", "steps.triage.minutes"),
        ("pools.clerks = { workers = 1 }", "pools.clerks = { workers = 3 }", "pools.clerks.workers"),
        # Half and half again is not said: of all, or of what is left?
        ("streams.police = { divert = 0.5 }", "streams.police = { divert = 0.5 }", "streams.police.divert"),
        ("streams.police = { more = 0.5 }", "streams.police = { more = 0.5 }", "streams.police.more"),
        (
            "steps.advocacy = { minutes_for = { police = 10 } }",
            "steps.advocacy = { minutes_for = { police = 20 } }",
            "steps.advocacy.minutes_for.police",
        ),
    ],
)
def test_plans_that_contradict_each_other_are_refused(first: str, second: str, path: str) -> None:
    with pytest.raises(WrongUse) as caught:
        planned(f"[plans.a]\n{first}\n[plans.b]\n{second}\n", "a+b")
    assert str(caught.value) == (
        f"The plans a and b cannot be carried out together: both change {path}.\n"
        "Compare them one by one, or write a plan that says what holds when both are carried out."
    )


SHORT = '[plans.short]\npool = "clerks"\nwhen = "waiting visits"\nabove = 3\nsteps.triage = { minutes = 10 }\n'
SHORTER = '[plans.shorter]\npool = "clerks"\nwhen = "waiting visits"\nabove = 9\nsteps.triage = { minutes = 5 }\n'


def test_with_a_trigger_nothing_changes_until_it_is_called() -> None:
    found = planned(SHORT, "short")
    assert found.steps["triage"].minutes == 20
    assert [state.steps["triage"].minutes for state in states_of(found)] == [20, 10]


def test_hours_change_on_the_days_for_which_a_plan_is_called() -> None:
    before, called = states_of(planned(f'{CALLED}pools.clerks = {{ calendar = "late" }}', "x"))
    assert (before.pools["clerks"].calendar, called.pools["clerks"].calendar) == ("day", "late")


def test_a_step_has_sessions_on_the_days_for_which_a_plan_is_called() -> None:
    before, called = states_of(planned(f"{CALLED}steps.triage = {{ group = {{ size = 6 }} }}", "x"))
    group = called.steps["triage"].group
    assert before.steps["triage"].group is None
    assert group is not None
    assert group.size == 6


@pytest.mark.parametrize(("name", "both"), [("short+shorter", 5), ("shorter+short", 10)])
def test_of_two_that_hold_at_once_the_later_named_has_its_way(name: str, both: float) -> None:
    one, other = (SHORT, SHORTER) if name.startswith("short+") else (SHORTER, SHORT)
    minutes = [state.steps["triage"].minutes for state in states_of(planned(one + other, name))]
    # Nothing is called, the first, the second, both.
    assert minutes in ([20, 10, 5, both], [20, 5, 10, both])
    assert minutes[3] == minutes[2]


def test_what_a_trigger_says_goes_before_what_holds_all_the_time() -> None:
    always = "[plans.less.steps.triage]\nminutes = 15\n"
    assert [state.steps["triage"].minutes for state in states_of(planned(SHORT + always, "short+less"))] == [15, 10]


def test_a_stream_is_diverted_by_one_plan_and_begins_elsewhere_by_another() -> None:
    text = (
        f"{CALLED}streams.police = {{ divert = 0.4 }}\n"
        + CALLED.replace("plans.x", "plans.y")
        + 'streams.police = { first_step = "advocacy" }\n'
    )
    nobody, x, y, both = states_of(planned(text, "x+y"))
    door = "diverted by x: police"
    assert [one.streams["police"].first_step for one in (nobody, x, y, both)] == ["triage", door, "advocacy", door]
    assert dict(x.steps[door].next or {}) == {"diverted by x": 0.4, "triage": 0.6}
    assert dict(both.steps[door].next or {}) == {"diverted by x": 0.4, "advocacy": 0.6}


def test_a_trigger_has_nobody_begin_elsewhere_whom_another_plan_diverts_all_the_time() -> None:
    text = f'[plans.d.streams.police]\ndivert = 0.4\n{CALLED}streams.police = {{ first_step = "advocacy" }}\n'
    with pytest.raises(WrongUse, match="The plans d and x cannot be carried out together: one diverts cases of police"):
        planned(text, "d+x")


def test_more_than_six_with_a_trigger_are_too_many() -> None:
    text = "".join(
        f'[plans.p{n}]\npool = "clerks"\nwhen = "waiting visits"\nabove = {n}\nsteps.triage = {{ minutes = {n} }}\n'
        for n in range(1, 8)
    )
    with pytest.raises(WrongUse, match=r"are 7 plans with a trigger .* at most 6 can be carried out together"):
        planned(text, "+".join(f"p{n}" for n in range(1, 8)))


def test_delays_and_patience_may_be_other() -> None:
    step = planned('[plans.a.steps.triage]\nafter = { advocacy = "2 days" }\npatience = "8 hours"\n', "a").steps[
        "triage"
    ]
    assert (dict(step.after), step.patience) == ({"advocacy": "2 days"}, "8 hours")


def test_plans_that_say_the_same_agree() -> None:
    text = "[plans.a.steps.triage]\nminutes = 10\n[plans.b.steps.triage]\nminutes = 10\n"
    assert planned(text, "a+b").steps["triage"].minutes == 10


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("agncy", 'There is no plan "agncy" in Worked example.\nDid you mean "agency"?'),
        ("zzz", 'There is no plan "zzz" in Worked example.\nIts plans are nothing and agency.'),
        ("agency+agency", "agency+agency has the plan agency twice.\nName each plan once."),
    ],
)
def test_a_plan_that_is_not_there_is_told(name: str, told: str) -> None:
    service = parse_service(SERVICE + '[plans.agency]\npool = "advocates"\nworkers = 1\n')
    assert list(plans_named(service, "agency+nothing")) == ["agency"], "doing nothing besides is doing the rest"
    with pytest.raises(WrongUse) as caught:
        plans_named(service, name)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("text", "where", "what", "cure"),
    [
        ('[plans.x]\nlabel = "a"', "plans.x", "does not say what changes", "Say how many workers come"),
        ("[plans.x]\nworkers = 1", "plans.x.pool", "is missing", "Add it"),
        (
            '[plans.x]\npool = "clerks"\npools.clerks = { workers = 3 }',
            "plans.x.pool",
            "no workers come",
            "Add workers",
        ),
        (
            '[plans.x]\nwhen = "waiting visits"\nabove = 3\nsteps.triage = { minutes = 10 }',
            "plans.x.pool",
            "nobody knows which pool is watched",
            "Add it",
        ),
        (
            f'{CALLED}pools.clerks = {{ order = "due date" }}',
            "plans.x.pools.clerks.order",
            "cannot change in the midst of the days: those who wait stand in a queue that is sorted already",
            "Put it into a plan without a trigger",
        ),
        (f'{CALLED}pools.clerks = {{ calendar = "night" }}', "plans.x.pools.clerks.calendar", "not a calendar", "Did"),
        (
            f"{CALLED}steps.triage = {{ people = 2 }}",
            "plans.x.steps.triage.people",
            "cannot change in the midst of the days: visits under way have their workers",
            "Put it into a plan without a trigger",
        ),
        (
            f"{CALLED}streams.police = {{ more = 0.5 }}",
            "plans.x.streams.police.more",
            "cannot change in the midst of the days: who comes on all the days is drawn",
            "Put it into a plan without a trigger",
        ),
        (
            f"{CALLED}steps.triage = {{ next = {{ closd = 1 }} }}",
            "plans.x.steps.triage.next.closd",
            "neither a step nor an outcome",
            'Did you mean "closed"?',
        ),
        ("[plans.x]\nlead_days = 3\nsteps.triage = { minutes = 9 }", "plans.x.lead_days", "nothing is watched", "Add"),
        ("[plans.x.streams.police]\nmore = 0.1\ndivert = 0.2", "plans.x.streams.police", "both more and", "Say what"),
        ('[plans.x]\npool = "clerks"\nworkers = 1\nabove = 3', "plans.x.above", "nothing is watched", "Say what"),
        (
            '[plans.x]\npool = "clerks"\nworkers = 1\nwhen = "waiting visits"',
            "plans.x.above",
            "above which line",
            "Add it, for example: above = 6000",
        ),
        (
            '[plans.x]\npool = "advocates"\nworkers = 3\nlent_by = "clerks"',
            "plans.x.workers",
            'is 3, and the pool "clerks" that lends them has 2',
            "Lend fewer",
        ),
        ('[plans.x]\npool = "clerks"\nworkers = 1\nlent_by = "clerks"', "plans.x.lent_by", "to which", "Name another"),
        ('[plans.x]\npool = "clerk"\nworkers = 1', "plans.x.pool", "not a pool", 'Did you mean "clerks"?'),
        ("[plans.x.steps.triag]\nminutes = 1", "plans.x.steps.triag", "is not a step", 'Did you mean "triage"?'),
        ('[plans.x]\npaid_by = "councl"\npools.clerks = { workers = 1 }', "plans.x.paid_by", "not an", "Did you mean"),
        ("[plans.x.steps.triage]", "plans.x.steps.triage", "does not say what changes", "Add one of pool, minutes"),
        (
            "[plans.x.steps.triage]\nnext = { closd = 1 }",
            "plans.x.steps.triage.next.closd",
            "neither a step nor an outcome",
            'Did you mean "closed"?',
        ),
        (
            "[plans.x.steps.triage]\npeople = 2\ngroup = { size = 3 }",
            "plans.x.steps.triage.people",
            "is more than one beside group",
            "Take one",
        ),
        ('[plans.x.pools.clerks]\ncalendar = "night"', "plans.x.pools.clerks.calendar", "not a calendar", "Did"),
        ("[plans.x]\npools.clerks = { workers = 1 }\ncost_per_case = 3", "plans.x.cost_per_case", "no case is", "Say"),
        ("[plans.nothing]\npools.clerks = { workers = 1 }", "plans.nothing", "always there", "Rename it."),
        ('[plans."a+b"]\npools.clerks = { workers = 1 }', 'plans."a+b"', "has a + in its name", "Rename it; a +"),
    ],
)
def test_a_plan_that_cannot_be_is_told_with_its_place(text: str, where: str, what: str, cure: str) -> None:
    with pytest.raises(FaultyService) as caught:
        parse_service(SERVICE + text + "\n")
    (fault,) = caught.value.faults
    assert fault.where == where
    assert what in fault.what
    assert fault.cure.startswith(cure) or cure == "Did"


def test_the_most_who_work_in_a_pool_are_of_any_time() -> None:
    service = parse_service(SERVICE)
    assert (most_workers(service, "advocates"), most_workers(service, "clerks")) == (3, 2)


def test_a_plan_is_checked_when_it_is_made() -> None:
    right: dict[str, Any] = {"pool": "a", "workers": 1}
    assert Plan(**right).policy is not None
    with pytest.raises(FaultyService):
        Plan(**{**right, "when": "waiting visits"})
