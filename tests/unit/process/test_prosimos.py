"""Prosimos in and out: positions of parameters, hours, shares, people, and what is told not to be kept."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from millpond.errors import UnreadableFile
from millpond.model import parse_service
from millpond.model.distributions import mean_minutes
from millpond.process.interchange.prosimos_amounts import arrivals_per_week, hours_of, minutes_of, quantiles, week_of
from millpond.process.interchange.prosimos_in import read_prosimos
from millpond.process.interchange.prosimos_out import write_prosimos
from millpond.process.interchange.results import ModelRead
from tests.unit.process.test_bpmn import bpmn, flows

MODEL = bpmn(
    '<startEvent id="s"/><task id="a" name="Triage"/><task id="b" name="Advice"/><exclusiveGateway id="g"/>'
    '<endEvent id="e"/>' + flows("s > a > g > b > e; g > e")
)
OFFICE = [{"from": "MONDAY", "to": "FRIDAY", "beginTime": "09:00:00", "endTime": "17:00:00"}]


def law(name: str, *values: float | str) -> dict[str, Any]:
    return {"distribution_name": name, "distribution_params": [{"value": value} for value in values]}


def person(id: str, tasks: list[str], amount: int | str = 1, cost: float = 20) -> dict[str, Any]:
    return {"id": id, "name": id, "cost_per_hour": cost, "amount": amount, "calendar": "c", "assignedTasks": tasks}


def parameters(**changed: Any) -> dict[str, Any]:
    return {
        "resource_profiles": [{"id": "p", "name": "Team", "resource_list": [person("r", ["a", "b"], "3")]}],
        "resource_calendars": [{"id": "c", "name": "office", "time_periods": OFFICE}],
        "arrival_time_distribution": law("expon", "3600", "0", "1000000"),
        "arrival_time_calendar": [{"from": "MONDAY", "to": "SUNDAY", "beginTime": "00:00:00", "endTime": "23:59:59"}],
        "gateway_branching_probabilities": [
            {"gateway_id": "g", "probabilities": [{"path_id": "g-b", "value": "0.3"}, {"path_id": "g-e", "value": 0.7}]}
        ],
        "task_resource_distribution": [
            {"task_id": "a", "resources": [{"resource_id": "r", **law("fix", 600)}]},
            {"task_id": "b", "resources": [{"resource_id": "r", **law("lognorm", 1800, 810000, 0, 1e9)}]},
        ],
        **changed,
    }


def read(**changed: Any) -> ModelRead:
    return read_prosimos(json.dumps(parameters(**changed)).encode(), MODEL, "x.json", "x.bpmn")


def test_a_model_comes_in_by_position_and_in_minutes() -> None:
    model = read()
    steps = model.service.steps
    assert steps["Triage"].minutes == 10
    advice: Any = steps["Advice"].minutes
    # The third number is the variance: its root, 900 seconds, is a spread of 15 minutes.
    assert (advice.distribution, advice.mean, advice.sd) == ("lognormal", 30, 15)
    assert dict(steps["Triage"].next or {}) == {"Advice": 0.3, "closed": 0.7}
    pool = model.service.pools["Team"]
    assert (pool.workers, pool.cost_per_hour, pool.calendar) == (3, 20, "office")
    assert model.service.calendars["office"].weekly == (((540, 1020),),) * 5 + ((), ())
    assert model.service.streams["arrivals"].per_week == pytest.approx(168, rel=0.001)
    assert model.not_kept == ()


@pytest.mark.parametrize(
    ("name", "values", "mean"),
    [
        ("fix", (90,), 1.5),
        ("expon", (600, 0, 1e9), 10),
        ("uniform", (60, 180), 2),
        ("gamma", (600, 90000, 0, 1e9), 10),
        ("lognorm", (600, 90000, 0, 1e9), 10),
        ("norm", (600, 60, 0, 1e9), 10),
        ("norm", (600, 60), 10),  # too short for pix-framework, and meant to have no limits
        ("expon", (600, 300, 1e9), 10),  # from 300 seconds on
    ],
)
def test_every_distribution_keeps_its_mean(name: str, values: tuple[float, ...], mean: float) -> None:
    found = minutes_of(name, values)
    assert found is not None
    service = parse_service("name = 'x'").changed(steps={"a": {"minutes": found[0]}})
    assert mean_minutes(service.steps["a"].minutes or 0) == pytest.approx(mean, rel=0.01)


def test_what_limits_cut_off_is_cut_off_here_too_and_said() -> None:
    found = minutes_of("expon", (600, 0, 600))
    assert found is not None
    # Mean of an exponential kept below its mean: 1 - 1/(e - 1) of it.
    assert np.mean(found[0]["values"]) == pytest.approx(10 * (1 - 1 / (np.exp(1.0) - 1)), rel=0.01)
    assert "limits" in found[1]


@pytest.mark.parametrize("name", ["triang", "weird"])
def test_a_distribution_that_nobody_can_read_is_told_by_name(name: str) -> None:
    assert quantiles(name, (1, 2, 3)) is None
    task = {"task_id": "a", "resources": [{"resource_id": "r", **law(name, 1, 2, 3)}]}
    model = read(task_resource_distribution=[task])
    assert model.service.steps["Triage"].minutes is None
    assert [(each.name, name in each.reason) for each in model.not_kept] == [("Triage", True)]


def test_people_with_different_tasks_are_at_home_in_one_pool_and_help_in_the_other() -> None:
    people = [person("x", ["a"]), person("y", ["a", "b"]), person("z", ["b"], cost=30)]
    model = read(
        resource_profiles=[{"id": "p", "name": "Team", "resource_list": people}],
        task_resource_distribution=[
            {
                "task_id": "a",
                "resources": [{"resource_id": "x", **law("fix", 60)}, {"resource_id": "y", **law("fix", 180)}],
            },
            {"task_id": "b", "resources": [{"resource_id": who, **law("fix", 60)} for who in "yz"]},
        ],
    )
    service = model.service
    # x does the first task alone: a pool of one. y and z do the second, and y helps with the first.
    assert {name: step.pool for name, step in service.steps.items()} == {"Triage": "Team", "Advice": "Team (2)"}
    assert {name: (pool.workers, pool.cost_per_hour) for name, pool in service.pools.items()} == {
        "Team": (1, 20),
        "Team (2)": (None, 25),
    }
    assert {name: (worker.pool, worker.also) for name, worker in service.workers.items()} == {
        "y": ("Team (2)", ("Team",)),
        "z": ("Team (2)", ()),
    }
    # Half of the visits with one minute, half with three.
    assert mean_minutes(service.steps["Triage"].minutes or 0) == pytest.approx(2)
    assert any("different distributions" in each.reason for each in model.not_kept)
    assert any("cost different amounts" in each.reason for each in model.not_kept)


def test_what_has_no_counterpart_is_listed_by_name() -> None:
    model = read(batch_processing=[{"task_id": "a"}], prioritisation_rules=[{"priority_level": 1}], branch_rules=[])
    assert [each.element for each in model.not_kept] == ["batch_processing", "prioritisation_rules"]


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"{", "no JSON"), (b"{}", "no resource_profiles"), (b"[" * 100_000, "no JSON")],
)
def test_what_is_no_model_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        read_prosimos(content, MODEL, "x.json", "x.bpmn")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"arrival_time_distribution": law("expon", "soon")},
            'arrival_time_distribution.distribution_params[0] is "soon", which is no number. Write a number there',
        ),
        (
            {"arrival_time_distribution": law("expon", float("nan"))},
            "arrival_time_distribution.distribution_params[0] is NaN, which is no number",
        ),
        ({"resource_calendars": [{"id": "c"}]}, "resource_calendars[0] lacks 'time_periods'. Write it there"),
        ({"resource_calendars": [None]}, "resource_calendars[0] is null, which is no object"),
        ({"resource_profiles": "x"}, 'resource_profiles is "x", which is no list'),
        (
            {"resource_calendars": [{"id": "c", "time_periods": [{**OFFICE[0], "from": "FUNDAY"}]}]},
            'resource_calendars[0].time_periods[0].from is "FUNDAY", which is no day of the week. Write MONDAY',
        ),
        (
            {"arrival_time_calendar": [{**OFFICE[0], "beginTime": "25:99"}]},
            'arrival_time_calendar[0].beginTime is "25:99", which is no time of day. Write one such as 09:00:00',
        ),
        (
            {"task_resource_distribution": [{"task_id": "a", "resources": [{"resource_id": "r", **law("fix", -5)}]}]},
            "task_resource_distribution[0].resources[0].distribution_params[0] is -5, a length of time below 0",
        ),
        (
            {"gateway_branching_probabilities": [{"probabilities": [{"path_id": "g-b", "value": -1}]}]},
            "gateway_branching_probabilities[0].probabilities[0].value is -1, which is below 0",
        ),
    ],
)
def test_a_wrong_value_is_named_with_its_place_its_fault_and_the_cure(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(**changed)
    assert str(refused.value).startswith(f"x.json: {says}")
    assert str(refused.value).endswith("there, or export the simulation parameters again.")


def test_what_nobody_here_knows_is_listed_and_not_dropped_in_silence() -> None:
    tasks = parameters()["task_resource_distribution"]
    tasks[0]["resources"].append({"resource_id": "ghost", **law("fix", 60)})
    found = {(each.element, each.reason) for each in read(surprise={"a": 1}, task_resource_distribution=tasks).not_kept}
    assert ("surprise", "it is not known here") in found
    assert (
        "task_resource_distribution",
        "resource_profiles has no 'ghost', who does it; they are left out",
    ) in found


def test_hours_are_read_over_the_week_s_end_and_past_midnight() -> None:
    week = week_of([{"from": "SUNDAY", "to": "MONDAY", "beginTime": "22:00:00", "endTime": "02:00:00"}])
    assert hours_of(week) == "Mon 00:00-02:00, 22:00-24:00, Tue 00:00-02:00, Sun 22:00-24:00"


def test_who_comes_while_closed_comes_at_the_opening() -> None:
    """One gap of 24 hours, open for an hour a day: one case a day, whatever the hour."""
    week = week_of([{"from": "MONDAY", "to": "SUNDAY", "beginTime": "09:00:00", "endTime": "10:00:00"}])
    assert arrivals_per_week(np.array([24 * 3600.0]), week) == pytest.approx(7, rel=0.01)
    # Gaps of 36 hours reach 21:00 of the next day, and wait until the morning after: one in two days.
    assert arrivals_per_week(np.array([36 * 3600.0]), week) == pytest.approx(3.5, rel=0.01)


CRISP = """
name = "Crisp"
[calendars.office]
hours = "Mon-Fri 09:00-17:00"
holidays = false
[pools.front]
workers = 2
calendar = "office"
cost_per_hour = 20
[pools.back]
workers = 3
calendar = "office"
cost_per_hour = 25
[streams.arrivals]
first_step = "triage"
per_week = 40
[steps.triage]
pool = "front"
minutes = 15
next = { advice = 0.75, closed = 0.25 }
after = { advice = "2 days" }
[steps.advice]
pool = "back"
minutes = { distribution = "gamma", mean = 45, sd = 30 }
next = "closed"
"""


def test_a_service_comes_back_from_prosimos_as_it_was() -> None:
    service = parse_service(CRISP)
    text, model, not_kept = write_prosimos(service)
    assert not_kept == ()
    back = read_prosimos(text.encode(), model, "x.json", "x.bpmn").service
    assert back.pools == service.pools
    assert back.streams["arrivals"].per_week == 40
    assert {name: step.pool for name, step in back.steps.items()} == {"triage": "front", "advice": "back"}
    assert back.steps["advice"].minutes == service.steps["advice"].minutes
    assert back.steps["triage"].next == service.steps["triage"].next
    assert back.steps["triage"].delay_to("advice") is not None
    assert back.calendars["office"].weekly == service.calendars["office"].weekly


def test_what_prosimos_cannot_be_told_is_listed() -> None:
    service = parse_service(
        CRISP.replace('next = "closed"', 'next = "closed"\npatience = "3 days"\nmissed = 0.1')
        + '[streams.police]\nfirst_step = "advice"\nper_week = 10\nshare_urgent = 0.5\n'
    )
    text, _, not_kept = write_prosimos(service)
    told = " ".join(f"{each.name} {each.reason}" for each in not_kept)
    for what in ("patience", "missed", "share_urgent", "several streams"):
        assert what in told
    given = json.loads(text)
    gateway = next(each for each in given["gateway_branching_probabilities"] if each["gateway_id"] == "Streams")
    assert [way["value"] for way in gateway["probabilities"]] == [0.8, 0.2]
    assert given["arrival_time_distribution"]["distribution_params"][0]["value"] == pytest.approx(604800 / 50)
