"""Steps, their rules and splits, and streams."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.errors import FaultyService
from millpond.model import GroupSession, LogNormal, Rule, Service, Step, Stream, dump_service, parse_service


def test_one_name_is_where_all_cases_go() -> None:
    assert Step(next="closed") == Step(next={"closed": 1})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "following",
    [{"a": 1}, {"a": 0.9, "b": 0.1}, {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, {"a": 0.3333333, "b": 0.6666667}],
)
def test_shares_add_up_to_one(following: dict[str, float]) -> None:
    assert Step(next=following).next == following


@pytest.mark.parametrize(
    ("following", "where", "what", "cure"),
    [
        ({"a": 0.9, "closed": 0.2}, "next", "add up to 1.1, not to 1", "Correct the shares"),
        ({"a": 0.9}, "next", "add up to 0.9, not to 1", "Correct the shares"),
        ({"a": 0.9, "b": 0.09999}, "next", "add up to 0.99999, not to 1", "Correct the shares"),
        ({}, "next", "add up to 0, not to 1", "Correct the shares"),
        ({"a": 90, "b": 10}, "next.a", "is 90, which is above 1", "For 90% write 0.9."),
        ({"a": 1.5, "b": -0.5}, "next.b", "is -0.5, which is below 0", "0 or more"),
        ({"a": "1"}, "next.a", 'is the text "1", where a number belongs', "without quotes: a = 1"),
        ({"": 1}, 'next.""', "is a blank name", "Give it a name"),
        (["a"], "next", "is a list, where a table belongs", "{ closed = 1 }"),
    ],
)
def test_faulty_ways_on_are_told(following: object, where: str, what: str, cure: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Step(next=following)  # type: ignore[arg-type]
    told = {fault.where: fault for fault in caught.value.faults}
    assert what in told[where].what
    assert cure in told[where].cure


def test_without_a_pattern_all_hours_are_alike() -> None:
    assert Stream(first_step="triage").hourly_weights == (1.0,) * 168


def test_a_pattern_gives_each_hour_of_the_week_its_weight() -> None:
    stream = Stream(
        first_step="triage",
        pattern={"Mon-Fri 09:00-17:00": 3.5, "Mon-Fri 08:00-09:00, 17:00-20:00": 1.5, "otherwise": 0.2},
    )
    monday, saturday = stream.hourly_weights[:24], stream.hourly_weights[5 * 24 : 6 * 24]
    assert monday == (0.2,) * 8 + (1.5,) + (3.5,) * 8 + (1.5,) * 3 + (0.2,) * 4
    assert saturday == (0.2,) * 24


def test_hours_that_no_pattern_names_have_no_weight_and_half_an_hour_has_half() -> None:
    weights = Stream(first_step="triage", pattern={"Sun 23:30-00:15": 4}).hourly_weights
    assert {hour: weight for hour, weight in enumerate(weights) if weight} == {0: 1.0, 167: 2.0}


@pytest.mark.parametrize(
    ("fields", "where", "what"),
    [
        ({"pattern": {"Mon 09:00-17:00": 1, "Mon 16:00-18:00": 2}}, "pattern", "which overlap"),
        ({"pattern": {"Mon 09:00-17:00": 0}}, "pattern", "gives no hour of the week any weight"),
        ({"pattern": {"Mon nine": 1}}, "pattern", 'has "Mon nine"'),
        ({"pattern": {"Mon 09:00-17:00": -1}}, 'pattern."Mon 09:00-17:00"', "is -1, which is below 0"),
        ({"by_month": [1] * 11}, "by_month", "has 11 weights, not 12"),
        ({"by_month": [0] * 12}, "by_month", "gives no month any weight"),
        ({"per_week": -1}, "per_week", "is -1, which is below 0"),
        ({"share_urgent": 20}, "share_urgent", "is 20, which is above 1"),
        ({"trend_per_year": -1}, "trend_per_year", "is -1, which is not above -1"),
        ({"overdispersion": 0.5}, "overdispersion", "is 0.5, which is below 1"),
    ],
)
def test_faulty_streams_are_told(fields: dict[str, object], where: str, what: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Stream(first_step="triage", **fields)  # type: ignore[arg-type]
    (fault,) = caught.value.faults
    assert fault.where == where
    assert what in fault.what


@pytest.mark.parametrize(
    ("fields", "planned"),
    [
        ({"minutes": 60}, 60),
        ({"minutes": 60, "people": 2}, 120),  # two workers for an hour
        ({"minutes": 120, "group": GroupSession(size=8)}, 15),  # two hours shared by eight
        ({"minutes": LogNormal(mean=20, sd=10), "people": 3}, 60),
        ({"people": 3}, None),
    ],
)
def test_planned_minutes_are_those_of_all_workers_for_one_visit(fields: dict[str, Any], planned: float | None) -> None:
    assert Step(**fields).planned_minutes == planned


@pytest.mark.parametrize(
    ("stream", "urgent", "minutes"),
    [("police", True, 90), ("police", False, 90), ("online", True, 75), ("online", False, 60)],
)
def test_minutes_of_a_stream_go_before_those_of_urgent_cases(stream: str, urgent: bool, minutes: float) -> None:
    assert Step(minutes=60, minutes_for={"urgent": 75, "police": 90}).minutes_of(stream, urgent) == minutes


def test_minutes_of_routine_cases_may_be_all_that_is_known() -> None:
    step = Step(minutes_for={"routine": 20})
    assert (step.minutes_of("a", urgent=False), step.minutes_of("a", urgent=True)) == (20, None)


@pytest.mark.parametrize(
    ("fields", "where", "what"),
    [
        ({"people": 0}, "people", "is 0, which is below 1"),
        ({"people": 21}, "people", "is 21, which is above 20"),
        ({"missed": 1.5}, "missed", "is 1.5, which is above 1"),
        ({"missed_minutes": -1}, "missed_minutes", "is -1, which is below 0"),
        ({"missed_most": 0}, "missed_most", "is 0, which is below 1"),
        ({"minutes_for": {"urgent": "75"}}, "minutes_for.urgent", 'is the text "75", where a number'),
        ({"minutes_for": {"<gamma>": {"distribution": "gamma", "mean": 1}}}, 'minutes_for."<gamma>".sd', "is missing"),
        ({"all_of": ["a"], "then": "b"}, "all_of", "has one step alone"),
        ({"all_of": ["a", "a"], "then": "b"}, "all_of", "has a step twice"),
        ({"all_of": ["a", "b"], "then": "b"}, "then", "is one of the branches in all_of too"),
        ({"all_of": ["a", "b"]}, "then", "is missing beside all_of"),
        ({"then": "b"}, "then", "is given without all_of"),
        ({"all_of": ["a", "b"], "then": "c", "next": "d"}, "next", "is given together with all_of"),
        (
            {"all_of": ["a", "b"], "then": "c", "rules": [{"urgent": True, "next": "d"}]},
            "rules",
            "is given together with all_of",
        ),
        ({"rules": [{"urgent": True, "next": "d"}]}, "next", "is missing beside rules"),
        ({"rules": [{"next": "d"}], "next": "d"}, "rules[1]", "says where cases go but not which cases"),
        ({"rules": [{"urgent": True}], "next": "d"}, "rules[1].next", "is missing"),
        ({"rules": [{"urgent": 1, "next": "d"}], "next": "d"}, "rules[1].urgent", "where true or false belongs"),
        ({"rules": [{"visits_at_least": 0, "next": "d"}], "next": "d"}, "rules[1].visits_at_least", "is below 1"),
        ({"rules": [{"urgent": True, "next": {"d": 0.5}}], "next": "d"}, "rules[1].next", "add up to 0.5, not to 1"),
        ({"group": {"size": 8}, "people": 2}, "people", "is more than one beside group"),
        ({"group": {"size": 8}, "missed": 0.1}, "missed", "is given together with group"),
    ],
)
def test_faulty_steps_are_told(fields: dict[str, Any], where: str, what: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Step(**fields)
    (fault,) = caught.value.faults
    assert fault.where == where
    assert what in fault.what
    assert fault.cure


def test_keys_that_do_not_go_together_are_told_with_their_place_in_the_file() -> None:
    steps = '[steps.a]\nthen = "b"\n[steps.b]\npool = "p"\ngroup = { size = 2 }\npeople = 2\nmissed = 0.5\n'
    with pytest.raises(FaultyService) as caught:
        parse_service(f'name = "x"\n[pools.p]\nskils = 1\n{steps}')
    assert [fault.where for fault in caught.value.faults] == [
        "pools.p.skils",
        "steps.a.then",
        "steps.b.people",
        "steps.b.missed",
    ]


def test_a_rule_is_written_below_its_step() -> None:
    step = Step(
        next={"closed": 1},
        rules=(
            Rule(urgent=False, next={"closed": 1}),
            Rule(visits_at_least=12, next={"a": 0.5, "closed": 0.5}),
        ),
    )
    text = dump_service(Service(name="x", steps={"a": step}))
    assert text.endswith(
        '[steps.a]\nnext = "closed"\n'
        '\n[[steps.a.rules]]\nurgent = false\nnext = "closed"\n'
        "\n[[steps.a.rules]]\nvisits_at_least = 12\nnext = { a = 0.5, closed = 0.5 }\n"
    )
    assert parse_service(text).steps["a"] == step


def test_the_schedule_of_a_week_is_in_order_of_time() -> None:
    stream = Stream(first_step="a", schedule={"Thu 14:30": 3.5, "Monday 09:00": 12, "sun 23:59": 1})
    assert stream.scheduled == ((540, 12), (3 * 1440 + 870, 3.5), (7 * 1440 - 1, 1))


def test_counts_that_were_seen_belong_to_days_of_the_week() -> None:
    stream = Stream(first_step="a", daily_counts={"Mon, Wed-Thu": [3, 5, 4], "Sat-Sun": [0]})  # type: ignore[dict-item]
    assert list(stream.counts_by_weekday) == [(3, 5, 4), (), (3, 5, 4), (3, 5, 4), (), (0,), (0,)]
    assert not any(Stream(first_step="a").counts_by_weekday)


@pytest.mark.parametrize(
    ("fields", "where", "what"),
    [
        ({"priority": 0}, "priority", "is 0, which is below 1"),
        ({"priority": 9}, "priority", "is 9, which is above 8"),
        ({"attributes": {"risk": {"high": 0.2, "low": 0.7}}}, "attributes.risk", "add up to 0.9, not to 1"),
        ({"attributes": {"risk": {}}}, "attributes.risk", "add up to 0, not to 1"),
        ({"attributes": {"risk": "high"}}, "attributes.risk", "where a table belongs"),
        ({"schedule": {"Mon": 1}}, "schedule", 'has "Mon", which is not a day and a time'),
        ({"schedule": {"Mon 24:00": 1}}, "schedule", "is not on the clock"),
        ({"schedule": {"Mno 09:00": 1}}, "schedule", 'has "Mno", which is not a day'),
        ({"schedule": {"Mon 09:00": 1, "Monday 9:00": 1}}, "schedule", "which are the same time"),
        ({"schedule": {"Mon 09:00": -1}}, 'schedule."Mon 09:00"', "is -1, which is below 0"),
        ({"daily_counts": {"Mon-Fri": []}}, "daily_counts", 'has an empty list for "Mon-Fri"'),
        ({"daily_counts": {"Mon-Fri": [1], "Fri": [2]}}, "daily_counts", "which share a day"),
        ({"daily_counts": {"Mon, Mon": [1]}}, "daily_counts", "which names a day twice"),
        ({"daily_counts": {"Mon 09:00": [1]}}, "daily_counts", "cannot be read as days"),
        ({"daily_counts": {"Mon": [-1]}}, "daily_counts.Mon[1]", "is -1, which is below 0"),
        ({"daily_counts": {"Mon": 1}}, "daily_counts.Mon", "where a list belongs"),
        ({"daily_counts": {"Mon": [1]}, "per_week": 5}, "daily_counts", "is given together with per_week"),
        (
            {"daily_counts": {"Mon": [1]}, "by_month": [1] * 12, "trend_per_year": 0.1, "overdispersion": 2},
            "daily_counts",
            "is given together with by_month, trend_per_year and overdispersion",
        ),
    ],
)
def test_faulty_keys_of_streams_are_told(fields: dict[str, Any], where: str, what: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Stream(first_step="triage", **fields)
    (fault,) = caught.value.faults
    assert fault.where == where
    assert what in fault.what
