"""Erlang B and C, staffing, Little's law, and enough workers for everybody."""

from __future__ import annotations

from math import exp, factorial, inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from millpond.errors import WrongUse
from millpond.queueing.erlang import erlang_b, erlang_c, mmc
from millpond.queueing.little import arrival_rate, mean_number, mean_time
from millpond.queueing.staffing import positions_needed, service_level
from millpond.queueing.unlimited import in_service, in_service_any_time, in_service_from_empty


@pytest.mark.parametrize(("workers", "offered"), [(1, 0.3), (5, 4.0), (14, 10.0), (300, 310.0), (20, 0.0)])
def test_erlang_b_is_the_last_term_of_a_truncated_poisson_number(workers: int, offered: float) -> None:
    last = stats.poisson.pmf(workers, offered) / stats.poisson.cdf(workers, offered)
    assert erlang_b(workers, offered) == pytest.approx(float(last), rel=1e-10)


def test_erlang_c_is_erlangs_own_sum() -> None:
    workers, offered = 6, 4.5
    waiting = offered**workers / factorial(workers) * workers / (workers - offered)
    everything = sum(offered**n / factorial(n) for n in range(workers)) + waiting
    assert erlang_c(workers, offered) == pytest.approx(waiting / everything, rel=1e-12)


def test_the_contact_centre_example() -> None:
    # 100 calls in 30 minutes, 3 minutes each, 80% within 20 seconds, at most 85% busy, 30% shrinkage.
    needed = positions_needed(
        100 / 30, 3.0, target_wait=20 / 60, least_service_level=0.8, most_utilisation=0.85, shrinkage=0.3
    )
    assert (needed.workers, needed.positions) == (14, 20)
    assert needed.offered == pytest.approx(10)
    assert needed.waiting_probability == pytest.approx(0.1741319335950498, rel=1e-12)
    assert needed.service_level == pytest.approx(0.8883500191794669, rel=1e-12)
    assert needed.utilisation == pytest.approx(0.7142857, abs=1e-7)
    assert service_level(100 / 30, 3.0, 13, 20 / 60) == pytest.approx(0.79559, abs=5e-6)


def test_a_bound_on_utilisation_may_ask_for_more_workers_and_exact_quotients_for_none() -> None:
    # 8.5 erlangs at 85% are 10 workers exactly, though the quotient comes out a hair above 10.
    needed = positions_needed(8.5, 1.0, target_wait=100, least_service_level=0.1, most_utilisation=0.85)
    assert needed.workers == 10
    assert needed.positions == 10
    assert needed.mean_wait == pytest.approx(mmc(8.5, 1.0, 10).mean_wait)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.integers(1, 40), st.floats(0.01, 0.98), st.floats(0.1, 100))
def test_little_holds_and_erlang_c_exceeds_b(workers: int, load: float, service_time: float) -> None:
    queue = mmc(load * workers / service_time, service_time, workers)
    assert queue.mean_in_system == pytest.approx(mean_number(queue.arrival_rate, queue.mean_lead_time))
    assert queue.mean_in_system - queue.mean_waiting == pytest.approx(load * workers)
    assert erlang_b(workers, queue.offered) <= queue.waiting_probability <= 1
    # The wait is exponential beyond 0, so that its mean is the integral of the chances to exceed a time.
    assert queue.mean_wait == pytest.approx(queue.waiting_probability * service_time / (workers * (1 - load)))


def test_mm1_by_hand() -> None:
    # Load 0.8, 30 minutes each: Wq = 0.8 / 0.2 * 30 = 120; in the system 0.8 / 0.2 = 4.
    queue = mmc(0.8 / 30, 30, 1)
    assert queue.mean_wait == pytest.approx(120)
    assert queue.mean_in_system == pytest.approx(4)
    assert queue.waiting_probability == pytest.approx(0.8)
    assert queue.wait_exceeds(150) == pytest.approx(0.8 * exp(-1))


def test_the_quantile_of_the_wait_undoes_the_chance_to_exceed_it() -> None:
    queue = mmc(10 / 3, 3.0, 14)
    assert 1 - queue.wait_exceeds(queue.wait_quantile(0.95)) == pytest.approx(0.95)
    assert queue.wait_quantile(0.8) == 0  # 82.6% do not wait at all


def test_little_both_ways() -> None:
    assert mean_number(30, 13) == 390
    assert mean_time(390, 30) == 13
    assert arrival_rate(390, 13) == 30


def test_a_poisson_number_in_service() -> None:
    cases = in_service(arrival_rate=2, mean_service_time=1.5)
    assert cases.mean == 3
    assert cases.chance_of(0) == pytest.approx(exp(-3))
    assert cases.exceeds(0) == pytest.approx(1 - exp(-3))
    assert cases.quantile(0.5) == 3
    assert in_service(0, 1).quantile(0.0) == 0


def test_from_empty_general_service_agrees_with_the_exponential_one_and_with_fixed_times() -> None:
    exponential = in_service_any_time(2.0, 5.0, lambda age: exp(-age / 3))
    assert exponential.mean == pytest.approx(in_service_from_empty(2.0, 5.0, 3.0).mean)
    # Services of exactly 3: after 2 nobody has gone (10 came), after 10 the last 3 units of time are there (15).
    assert in_service_any_time(2.0, 5.0, lambda age: float(age < 3)).mean == pytest.approx(10)
    assert in_service_any_time(10.0, 5.0, lambda age: float(age < 3)).mean == pytest.approx(15)
    # Arrivals at rate 2t and services that never end: t^2 came.
    assert in_service_any_time(4.0, lambda time: 2 * time, lambda age: 1.0).mean == pytest.approx(16)


def test_too_much_work_is_refused_by_its_load_with_the_cure() -> None:
    with pytest.raises(WrongUse, match=r"The load is 1\.050, so the queue grows without limit.*\nGive more workers"):
        mmc(1.05, 1.0, 1)
    with pytest.raises(WrongUse, match=r"load is 1\.000"):
        erlang_c(10, 10.0)


@pytest.mark.parametrize("value", [-1.0, nan, inf])
def test_what_is_no_rate_is_refused_by_name(value: float) -> None:
    with pytest.raises(WrongUse, match="The arrival rate is"):
        mmc(value, 1.0, 1)


def test_other_wrong_arguments_are_refused() -> None:
    with pytest.raises(WrongUse, match=r"The number of workers is 1\.5, but has to be a whole number"):
        mmc(0.5, 1.0, 1.5)  # type: ignore[arg-type]
    with pytest.raises(WrongUse, match="The least service level is 1, but has to be 0 or more, and less than 1"):
        positions_needed(1, 1, target_wait=1, least_service_level=1)
    with pytest.raises(WrongUse, match=r"highest utilisation is 1\.1, but has to be 0 or more, and at most 1"):
        positions_needed(1, 1, target_wait=1, least_service_level=0.8, most_utilisation=1.1)
    with pytest.raises(WrongUse, match="mean time is 0"):
        arrival_rate(1, 0)
