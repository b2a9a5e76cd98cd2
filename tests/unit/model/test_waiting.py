"""Delays, patience and group sessions: in words or in a table, and what they stand for."""

from __future__ import annotations

from typing import Any

import pytest

from millpond.errors import FaultyService
from millpond.model import Delay, Exponential, GroupSession, Patience, Service, Step, dump_service, parse_service


@pytest.mark.parametrize(
    ("written", "minutes", "working_days", "is_working_time"),
    [
        ("7 days", 10_080, None, False),
        ("3 hours", 180, None, False),
        ("2 weeks", 20_160, None, False),
        ("90 minutes", 90, None, False),
        ("5 working days", None, 5, True),
        ({"minutes": 60}, 60, None, False),
        ({"minutes": 60, "time": "elapsed"}, 60, None, False),
        ({"minutes": 60, "time": "working"}, 60, None, True),
        ({"working_days": 5}, None, 5, True),
        ({"minutes": {"distribution": "exponential", "mean": 9}}, Exponential(mean=9), None, False),
    ],
)
def test_a_delay_is_minutes_or_working_days(
    written: Any, minutes: object, working_days: float | None, is_working_time: bool
) -> None:
    delay = Step(next="review", after={"review": written}).delay_to("review")  # type: ignore[arg-type]
    assert delay is not None
    assert (delay.minutes, delay.working_days) == (minutes, working_days)
    assert delay.is_working_time is is_working_time


def test_without_a_delay_a_case_joins_at_once() -> None:
    assert Step(after={"review": "7 days"}).delay_to("letter") is None


@pytest.mark.parametrize(
    ("written", "minutes", "is_working_time", "to"),
    [
        ("8 hours", 480, False, "withdrawn"),
        ("21 days", 30_240, False, "withdrawn"),
        ({"minutes": 480}, 480, False, "withdrawn"),
        ({"minutes": 480, "time": "working", "to": "letter"}, 480, True, "letter"),
        ({"minutes": {"distribution": "exponential", "mean": 9}}, Exponential(mean=9), False, "withdrawn"),
    ],
)
def test_patience_is_a_time_and_where_the_case_goes(
    written: Any, minutes: object, is_working_time: bool, to: str
) -> None:
    limit = Step(patience=written).patience_limit
    assert limit is not None
    assert (limit.minutes, limit.is_working_time, limit.to) == (minutes, is_working_time, to)


def test_without_patience_all_stay() -> None:
    assert Step().patience_limit is None


def test_a_session_waits_until_it_is_full_or_the_first_has_waited_enough() -> None:
    assert GroupSession(size=8, longest_wait="14 days").longest_wait_minutes == 14 * 24 * 60
    assert GroupSession(size=8).longest_wait_minutes is None


@pytest.mark.parametrize(
    ("fields", "where", "what", "cure"),
    [
        ({"after": {"a": "soon"}}, "after.a", 'is "soon", which is not a length of time', '"5 working days"'),
        ({"after": {"a": "0 days"}}, "after.a", "is zero, which is no time at all", '"28 days"'),
        ({"after": {"a": "5 dyas"}}, "after.a", 'has the unit "dyas"', 'Did you mean "days"?'),
        ({"after": {"a": 7}}, "after.a", "is the number 7, where a length of time belongs", '"7 days"'),
        ({"after": {"a": {}}}, "after.a", "has neither minutes nor working_days", "Keep one of the two."),
        ({"after": {"a": {"minutes": 1, "working_days": 1}}}, "after.a", "has both minutes and", "one of the two"),
        ({"after": {"a": {"working_days": 1, "time": "working"}}}, "after.a", "and a time besides", "Take time away"),
        ({"after": {"a": {"minutes": -1}}}, "after.a.minutes", "is -1, which is below 0", "0 or more"),
        ({"after": {"a": {"minute": 1}}}, "after.a.minute", "is not a known key", "Did you mean minutes?"),
        ({"after": {"a": {"minutes": 1, "time": "workin"}}}, "after.a.time", "is not known", 'mean "working"?'),
        (
            {"after": {"a": {"minutes": {"distribution": "gama", "mean": 1}}}},
            "after.a.minutes.distribution",
            'is "gama", which is not known',
            'Did you mean "gamma"?',
        ),
        ({"after": {"<table>": {"minutes": "1"}}}, 'after."<table>".minutes', 'the text "1"', "minutes = 1"),
        ({"patience": "5 working days"}, "patience", "working days do not count here", 'time = "working" }'),
        ({"patience": 480}, "patience", "is the number 480, where a length of time belongs", "{ minutes = 60 }"),
        ({"patience": {"to": "a"}}, "patience.minutes", "is missing", "minutes = 480"),
        ({"group": {"size": 0}}, "group.size", "is 0, which is below 1", "1 or more"),
        ({"group": {}}, "group.size", "is missing", "size = 8"),
        ({"group": {"size": 2, "longest_wait": "2 working days"}}, "group.longest_wait", "do not count", '"14 days".'),
        ({"group": 8}, "group", "is the number 8, where a table belongs", "square brackets"),
    ],
)
def test_a_faulty_wait_is_told(fields: dict[str, Any], where: str, what: str, cure: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Step(**fields)
    told = {fault.where: fault for fault in caught.value.faults}
    assert what in told[where].what
    assert cure in told[where].cure


@pytest.mark.parametrize(
    "written",
    [
        'after = { b = "7 days" }',
        'after = { b = "168 hours" }',  # as long, and yet it stays as somebody wrote it
        "after = { b = { minutes = 60 } }",
        'after = { b = { minutes = { distribution = "exponential", mean = 60 }, time = "working" } }',
        'patience = "8 hours"',
        "patience = { minutes = 480 }",
        'patience = { minutes = 480, time = "working", to = "b" }',
        'group = { size = 8, longest_wait = "14 days" }',
    ],
)
def test_what_is_written_stays_as_it_was_written(written: str) -> None:
    text = f'name = "x"\n\n[pools.p]\n\n[steps.a]\npool = "p"\nnext = "b"\n{written}\n\n[steps.b]\npool = "p"\n'
    assert dump_service(parse_service(text)) == text


def test_values_can_be_given_in_place_of_tables() -> None:
    step = Step(
        pool="p",
        next={"a": 1},
        after={"a": Delay(minutes=5)},
        patience=Patience(minutes=5),
        group=GroupSession(size=2),
    )
    text = dump_service(Service(name="x", pools={"p": {}}, steps={"b": step, "a": Step()}))  # type: ignore[dict-item]
    assert "after = { a = { minutes = 5 } }\npatience = { minutes = 5 }\ngroup = { size = 2 }" in text
    assert parse_service(text).steps["b"] == step
