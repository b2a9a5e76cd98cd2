"""Long-run means of the simulator against closed formulas of queueing theory.

Each test runs one service many times and asks that the mean over the replications lies within three standard errors
of the formula, and that three standard errors are a few percent of it at most. Seeds are fixed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from millpond.queueing.erlang import mmc
from millpond.queueing.impatience import erlang_a
from millpond.queueing.networks import OpenStep, jackson
from millpond.queueing.priorities import (
    PriorityClass,
    cobham_mean_waits,
    cobham_mean_waits_many_workers,
    preemptive_means,
)
from millpond.queueing.single import mg1_mean_wait
from millpond.queueing.unlimited import in_service
from tests.theory.replicated import (
    HOUR_MS,
    agrees,
    lasts,
    mean_leads,
    mean_waits,
    number_at,
    one_step,
    replications,
    service,
    tables,
)

slow = pytest.mark.slow
SERVICE = 0.1
"""Hours that a service takes on average: short, so that a year of the clock holds 87,600 of them for each worker."""


@pytest.mark.parametrize(
    ("workers", "load", "count"),
    [
        (1, 0.7, 20),
        pytest.param(1, 0.9, 120, marks=slow),
        pytest.param(3, 0.85, 60, marks=slow),
        pytest.param(10, 0.9, 60, marks=slow),
    ],
)
def test_a_queue_before_several_workers_is_erlangs(workers: int, load: float, count: int) -> None:
    expected = mmc(load * workers / SERVICE, SERVICE, workers)
    of = tables(one_step(expected.arrival_rate, workers, lasts("exponential", SERVICE)), 364)
    runs = replications(of, count)
    waited = [1 - run.totals["wait_bins"][0, 0] / run.wait_count[0] for run in runs]
    agrees(mean_waits(of, runs)[:, 0, 0], expected.mean_wait, within=0.04)
    agrees(mean_leads(runs)[:, 0], expected.mean_lead_time, within=0.03)
    agrees(waited, expected.waiting_probability, within=0.02)


@slow
@pytest.mark.parametrize(
    ("distribution", "sd"),
    [("lognormal", 0.15), ("gamma", 0.05), ("fixed", 0.0), ("weibull", 0.08)],
)
def test_one_worker_with_any_service_time_is_pollaczek_and_khinchines(distribution: str, sd: float) -> None:
    minutes = {"distribution": "fixed", "value": 60 * SERVICE} if sd == 0 else lasts(distribution, SERVICE, sd)
    of = tables(one_step(7, 1, minutes), 364)
    agrees(mean_waits(of, replications(of, 60))[:, 0, 0], mg1_mean_wait(7, SERVICE, sd), within=0.04)


@pytest.mark.parametrize("load", [pytest.param(0.9, marks=slow), 1.3])
def test_people_leave_as_erlang_a_says(load: float) -> None:
    workers, patience = 3, 0.2
    expected = erlang_a(load * workers / SERVICE, SERVICE, workers, patience)
    leaves = {"patience": {"minutes": lasts("exponential", patience)}}
    of = tables(one_step(load * workers / SERVICE, workers, lasts("exponential", SERVICE), step=leaves), 91)
    left, waits, busy = [], [], []
    for run in replications(of, 20, logs=True):
        since = run.log.visits.taken(run.log.visits.joined >= 7 * 24 * HOUR_MS)
        gone = since.started < 0
        left.append(gone.mean())
        waits.append((np.where(gone, since.ended, since.started) - since.joined).mean() / HOUR_MS)
        busy.append(since.worked.sum() / (84 * 24 * HOUR_MS * workers))
    agrees(left, expected.leaving_probability, within=0.03)
    agrees(waits, expected.mean_wait, within=0.03)
    agrees(busy, expected.utilisation, within=0.01)


@slow
def test_two_streams_of_different_priority_wait_as_cobham_says() -> None:
    # Two steps of one pool, so that the classes differ in the length of their work too.
    brief, long = PriorityClass(6, 0.05, 0.075), PriorityClass(3, 0.15, 0.15)
    of = tables(
        service(
            {"pool": 1},
            {
                "later": {"first_step": "long", "per_week": 168 * 3, "priority": 5},
                "first": {"first_step": "brief", "per_week": 168 * 6, "priority": 2},
            },
            {
                "brief": {"pool": "pool", "minutes": lasts("lognormal", 0.05, 0.075)},
                "long": {"pool": "pool", "minutes": lasts("exponential", 0.15)},
            },
        ),
        364,
    )
    waits = mean_waits(of, replications(of, 60))
    first, later = cobham_mean_waits([brief, long])
    agrees(waits[:, 0, 2], first, within=0.03)
    agrees(waits[:, 1, 0], later, within=0.05)


@slow
def test_urgent_cases_of_two_streams_before_several_workers_wait_as_cobham_says() -> None:
    # Four ranks: the urgent of stream 1, the rest of it, the urgent of stream 2, the rest of it.
    rates, workers = (4.0, 8.0, 6.0, 8.0), 3
    streams = {
        "one": {"first_step": "step", "per_week": 168 * 12, "share_urgent": 1 / 3, "priority": 1},
        "two": {"first_step": "step", "per_week": 168 * 14, "share_urgent": 3 / 7, "priority": 2},
    }
    steps = {"step": {"pool": "pool", "minutes": lasts("exponential", SERVICE)}}
    of = tables(service({"pool": workers}, streams, steps), 364)
    waits = mean_waits(of, replications(of, 40))[:, 0]
    for kind, expected in zip((1, 0, 3, 2), cobham_mean_waits_many_workers(rates, SERVICE, workers), strict=True):
        agrees(waits[:, kind], expected, within=0.04)


@slow
@pytest.mark.parametrize(("distribution", "sd"), [("exponential", None), ("lognormal", 0.15)])
def test_urgent_cases_that_interrupt_wait_as_for_themselves_alone(distribution: str, sd: float | None) -> None:
    minutes = lasts(distribution, SERVICE, sd)
    of = tables(one_step(8, 1, minutes, share_urgent=0.3, pool={"urgent_preempts": True}), 364)
    runs = replications(of, 60)
    spread = SERVICE if sd is None else sd
    urgent, others = preemptive_means([PriorityClass(2.4, SERVICE, spread), PriorityClass(5.6, SERVICE, spread)])
    waits, leads = mean_waits(of, runs)[:, 0], mean_leads(runs)
    agrees(waits[:, 1], urgent.mean_wait, within=0.04)
    agrees(leads[:, 1], urgent.mean_lead_time, within=0.03)
    agrees(waits[:, 0], others.mean_wait, within=0.06)
    agrees(leads[:, 0], others.mean_lead_time, within=0.06)


@slow
def test_steps_that_send_people_back_behave_as_jacksons_network() -> None:
    expected = jackson(
        {
            "triage": OpenStep(0.15, workers=2, arrival_rate=6, next={"advice": 0.9}),
            "advice": OpenStep(0.2, workers=3, arrival_rate=1, next={"triage": 0.3, "advice": 0.1}),
        }
    )
    of = tables(
        service(
            {"desk": 2, "advisers": 3},
            {
                "by phone": {"first_step": "triage", "per_week": 168 * 6},
                "known": {"first_step": "advice", "per_week": 168 * 1},
            },
            {
                "triage": {
                    "pool": "desk",
                    "minutes": lasts("exponential", 0.15),
                    "next": {"advice": 0.9, "closed": 0.1},
                },
                "advice": {
                    "pool": "advisers",
                    "minutes": lasts("exponential", 0.2),
                    "next": {"triage": 0.3, "advice": 0.1, "closed": 0.6},
                },
            },
        ),
        182,
    )
    runs = replications(of, 60)
    shape = (len(runs), 2, 4)
    counts = np.array([run.wait_count for run in runs]).reshape(shape).sum(axis=2)
    waits = np.array([run.totals["wait_sum"] for run in runs]).reshape(shape).sum(axis=2) / counts / HOUR_MS
    cases = np.array([run.lead_count.sum() for run in runs])
    for place, name in enumerate(("triage", "advice")):
        agrees(waits[:, place], expected.steps[name].mean_wait, within=0.05)
        agrees(counts[:, place] / cases, expected.visits[name], within=0.01)
    leads = np.array([run.totals["lead_sum"].sum() for run in runs]) / cases / HOUR_MS
    agrees(leads, expected.mean_lead_time, within=0.03)


@slow
@pytest.mark.parametrize(("distribution", "sd"), [("lognormal", 3.0), ("gamma", 1.0)])
def test_with_workers_for_everybody_the_number_is_poisson(distribution: str, sd: float) -> None:
    expected = in_service(10, 2.0)
    of = tables(one_step(10, 80, lasts(distribution, 2.0, sd)), 364)
    # At midnight each day: far enough apart for the numbers to be almost independent of one another.
    counts = np.array([number_at(run, 24 * np.arange(14, 364)) for run in replications(of, 20, logs=True)])
    agrees(counts.mean(axis=1), expected.mean, within=0.01)
    agrees(((counts - expected.mean) ** 2).mean(axis=1), expected.mean, within=0.06)
    for number in (12, 17, 22, 27):
        agrees((counts > number).mean(axis=1), expected.exceeds(number), within=0.2)


def _little() -> list[Any]:
    office = {"a": {"first_step": "first", "per_week": 300, "share_urgent": 0.3}}
    patient = {"minutes": lasts("exponential", 2.0)}
    steps = {
        "first": {"pool": "pool", "minutes": lasts("lognormal", 0.4, 0.4), "next": "second", "patience": patient},
        "second": {"pool": "pool", "minutes": lasts("gamma", 0.5, 0.2), "next": {"second": 0.3, "closed": 0.7}},
    }
    return [
        pytest.param(service({"pool": 3}, office, steps), id="around the clock"),
        pytest.param(service({"pool": 10}, office, steps, hours="Mon-Fri 09:00-17:00"), id="office hours"),
    ]


@pytest.mark.parametrize("of", _little())
def test_littles_law_holds_exactly_on_every_run(of: Any) -> None:
    # Number over time, added up hour by hour from the log, is the time that all cases spent there, from the totals.
    ready = tables(of, 28, warm_up_days=0, drain_days=28)
    for run in replications(ready, 5, logs=True):
        joined, started, ended = run.log.visits.joined, run.log.visits.started, run.log.visits.ended
        assert run.totals["case_counts"][1] == 0, "cases are still there: drain for longer"
        gone = started < 0
        assert _area(joined, ended) == run.totals["lead_sum"].sum()
        waits_of_leavers = int((ended[gone] - joined[gone]).sum())
        assert _area(joined, np.where(gone, ended, started)) == run.totals["wait_sum"].sum() + waits_of_leavers
        assert run.totals["left_count"].sum() == gone.sum() > 0


def _area(since: Any, until: Any) -> int:
    """The number present, added up over time: it steps by one at each instant in the list."""
    times = np.concatenate([since, until])
    order = np.argsort(times, kind="stable")
    number = np.cumsum(np.concatenate([np.ones(len(since), dtype=int), -np.ones(len(until), dtype=int)])[order])
    return int((number[:-1] * np.diff(times[order])).sum())
