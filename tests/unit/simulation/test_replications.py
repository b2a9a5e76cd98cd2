"""Simulations of services whose figures a person can work out, and the same bytes whatever runs them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from millpond.errors import FaultyService, WrongUse
from millpond.simulation.replications import simulate
from millpond.simulation.results import Simulation
from tests.unit.simulation.services import service

MONDAY = date(2026, 1, 5)
AT_RANDOM = {"police": {"first_step": "advocacy", "per_week": 40, "share_urgent": 0.25}}


@pytest.fixture(scope="module")
def at_random() -> Simulation:
    return simulate(service(streams=AT_RANDOM), first_day=MONDAY, days=14, replications=8)


def test_the_worked_example_comes_out_exactly() -> None:
    # Every midnight six come for two people: they wait 0, 0, 1, 1, 2, 2 hours, and all is done by three.
    done = simulate(service(), first_day=MONDAY, days=14, replications=2)
    (pool,) = done.pools.rows
    assert (pool.demand.value, pool.capacity.value, pool.activity.value) == (2520, 3360, 2520)
    assert (pool.backlog.value, pool.backlog.low, pool.backlog.high) == (0, 0, 0)
    assert pool.utilisation is not None and pool.utilisation.value == 0.75
    # 14 days x 8 hours x 20.
    assert pool.cost is not None and pool.cost.value == 2240
    assert done.cost == pool.cost
    waits = done.waits.rows[0]
    assert waits.mean is not None and waits.mean.value == 60
    assert waits.median is not None and waits.median.value == pytest.approx(60, rel=1 / 64)
    assert waits.within_target is not None and waits.within_target.value == pytest.approx(4 / 6)
    leads = done.lead_times.rows[0]
    assert leads.mean is not None and leads.mean.value == 120
    assert {row.outcome: row.cases.value for row in done.outcomes.rows} == {"closed": 84, "withdrawn": 0}
    day = done.by_day.rows[3]
    assert (day.day, day.demand.value, day.demand_visits.value) == ("2026-01-08", 360, 6)


def test_a_backlog_grows_by_what_cannot_be_done() -> None:
    stream = {
        "first_step": "advocacy",
        "schedule": {f"{day} 00:00": 12 for day in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]},
    }
    pools = {"advocates": {"workers": 2, "minutes_per_day": 240, "opening_backlog": 1200, "opening_backlog_visits": 20}}
    done = simulate(service(streams={"police": stream}, pools=pools), first_day=MONDAY, days=5, replications=1)
    assert [row.backlog.value for row in done.by_day.rows] == [1440, 1680, 1920, 2160, 2400]
    assert [row.backlog_visits.value for row in done.by_day.rows] == [24, 28, 32, 36, 40]
    assert done.pools.rows[0].cost is None
    assert "by about 240 minutes a day" in done.notes[0]
    assert any("One replication" in note for note in done.notes)


def test_a_policy_calls_workers_in_at_its_own_price() -> None:
    # 720 minutes come a day, 480 are done: 240, 480, 720 wait at the end of the first days. On the fourth morning that
    # is above 500, and one more comes for two days; then it is above 500 still, and one comes again.
    stream = {
        "first_step": "advocacy",
        "schedule": {f"{day} 00:00": 12 for day in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]},
    }
    agency = {"pool": "advocates", "when": "backlog minutes", "above": 500, "workers": 1, "for_days": 2}
    priced = {"agency": {**agency, "minutes_per_day": 240, "cost_per_hour": 30}}
    done = simulate(service(streams={"police": stream}, policies=priced), first_day=MONDAY, days=6, replications=1)
    assert [row.backlog.value for row in done.by_day.rows] == [240, 480, 720, 720, 720, 720]
    assert [row.capacity.value for row in done.by_day.rows] == [480, 480, 480, 720, 720, 720]
    (row,) = done.policies.rows
    assert row.cost is not None
    assert (row.pool, row.days.value, row.capacity.value, row.cost.value) == ("advocates", 3, 720, 360)
    # Six days of two people for four hours at 20, and the 360.
    assert done.cost is not None and done.cost.value == 6 * 2 * 4 * 20 + 360
    (usual,) = simulate(
        service(streams={"police": stream}, policies={"agency": agency}), first_day=MONDAY, days=6, replications=1
    ).policies.rows
    assert usual.cost is not None and usual.cost.value == 3 * 4 * 20


def test_any_number_of_threads_gives_the_same_bytes(at_random: Simulation) -> None:
    for threads in (1, 3):
        again = simulate(service(streams=AT_RANDOM), first_day=MONDAY, days=14, replications=8, threads=threads)
        assert json.dumps(again.to_dict()) == json.dumps(at_random.to_dict())
    other = simulate(service(streams=AT_RANDOM), first_day=MONDAY, days=14, replications=8, seed=2)
    assert json.dumps(other.to_dict()) != json.dumps(at_random.to_dict())


def test_every_day_has_the_identity_of_the_measures(at_random: Simulation) -> None:
    before = 0.0
    for row in at_random.by_day.rows:
        now = before + row.demand.value - row.activity.value - row.withdrawn.value
        assert row.backlog.value == pytest.approx(now, abs=1e-9)
        before = row.backlog.value


def test_each_replication_can_be_had_by_itself(at_random: Simulation) -> None:
    rows = {(row.quantity, row.pool, row.step): row.values for row in at_random.by_replication.rows}
    pool = at_random.pools.rows[0]
    values = [value for value in rows["demand", "advocates", None] if value is not None]
    assert len(values) == 8
    assert sum(values) / 8 == pytest.approx(pool.demand.value)
    assert ("wait", None, "advocacy") in rows
    assert ("lead time", None, None) in rows


def test_urgent_and_routine_cases_are_told_apart(at_random: Simulation) -> None:
    rows = {row.urgency: row for row in at_random.waits.rows}
    numbers = {key: row.started.value for key, row in rows.items() if row.started is not None}
    assert numbers[None] == pytest.approx(numbers["urgent"] + numbers["routine"])
    assert all(row.mean is not None for row in rows.values())


def test_a_table_has_three_columns_for_each_estimate(at_random: Simulation) -> None:
    frame = at_random.pools.to_pandas()
    assert list(frame.columns[:5]) == ["pool", "replications", "demand", "demand_low", "demand_high"]
    assert frame["demand_low"][0] < frame["demand"][0] < frame["demand_high"][0]
    assert at_random.pools.to_csv().startswith("pool,replications,demand,demand_low,demand_high,")
    assert at_random.by_replication.to_pandas()["values"].map(len).unique().tolist() == [8]


def test_a_warm_up_is_left_out_and_a_drain_lets_cases_end() -> None:
    done = simulate(service(), first_day=MONDAY, days=4, warm_up_days=3, drain_days=2, replications=1)
    row = done.waits.rows[0]
    assert row.started is not None and row.started.value == 6
    assert done.pools.rows[0].demand.value == 360 * 7
    assert [row.demand.value for row in done.by_day.rows] == [360, 360, 360, 360, 0, 0]


def test_it_runs_until_a_precision_is_reached() -> None:
    done = simulate(service(streams=AT_RANDOM), first_day=MONDAY, days=7, precision=0.1)
    assert 20 <= done.replications < 1000
    mean = done.lead_times.rows[0].mean
    assert mean is not None and mean.low is not None
    assert mean.value - mean.low <= 0.1 * mean.value
    exact = simulate(service(), first_day=MONDAY, days=7, precision=0.01)
    assert exact.replications == 20
    short = simulate(service(streams=AT_RANDOM), first_day=MONDAY, days=7, precision=0.001, replications=25)
    assert short.replications == 25
    assert any("was not reached in 25 replications" in note for note in short.notes)


def test_it_says_how_far_it_has_come() -> None:
    told: list[tuple[float | None, int]] = []
    simulate(
        service(), first_day=MONDAY, days=2, replications=4, progress=lambda share, count: told.append((share, count))
    )
    assert told[0] == (None, 0)
    assert [one for one in told if one[0] is not None] == [(0.25, 1), (0.5, 2), (0.75, 3), (1.0, 4)]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"days": 0}, "days is 0"),
        ({"replications": 0}, "replications is 0"),
        ({"precision": 5.0}, "such as 0.05 for 5%"),
        ({"seed": -1}, "seed is -1"),
        ({"threads": 0}, "threads is 0"),
        ({"days": 10, "warm_up_days": 10}, "less than the 10 days"),
        ({"drain_days": -1}, "drain days are -1"),
    ],
)
def test_numbers_out_of_their_limits(options: dict[str, Any], told: str) -> None:
    with pytest.raises(WrongUse, match=told):
        simulate(service(), first_day=MONDAY, **options)


def test_a_service_that_cannot_run_does_not() -> None:
    with pytest.raises(FaultyService, match="cannot be simulated yet"):
        simulate(service(steps={"advocacy": {"pool": "advocates", "minutes": 60}}), first_day=MONDAY)
