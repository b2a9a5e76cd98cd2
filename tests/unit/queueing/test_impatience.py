"""Erlang A: against direct sums, its limits, and the balance of flows."""

from __future__ import annotations

from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millpond.errors import WrongUse
from millpond.queueing.erlang import erlang_b, mmc
from millpond.queueing.impatience import erlang_a
from millpond.queueing.unlimited import in_service


def test_patience_as_long_as_service_makes_the_number_poisson() -> None:
    # Whoever is there goes at the same rate, waiting or served: the number is that of M/M/infinity.
    queue = erlang_a(7.0, 1.0, workers=5, mean_patience=1.0)
    assert queue.mean_in_system == pytest.approx(7)
    assert queue.waiting_probability == pytest.approx(in_service(7, 1).exceeds(4))


def test_one_worker_by_hand() -> None:
    # Poisson with mean 1: busy for 1 - 1/e; of all arrivals 1/e leave.
    queue = erlang_a(1.0, 1.0, workers=1, mean_patience=1.0)
    assert queue.utilisation == pytest.approx(1 - exp(-1))
    assert queue.leaving_probability == pytest.approx(exp(-1))


def test_direct_sums() -> None:
    rate, service, workers, patience = 2.0, 1.5, 2, 4.0
    weights = [1.0]
    for n in range(1, 200):
        weights.append(weights[-1] * rate / (min(n, workers) / service + max(n - workers, 0) / patience))
    waiting = sum(max(n - workers, 0) * weight for n, weight in enumerate(weights)) / sum(weights)
    queue = erlang_a(rate, service, workers, patience)
    assert queue.mean_waiting == pytest.approx(waiting, rel=1e-12)
    assert queue.waiting_probability == pytest.approx(sum(weights[workers:]) / sum(weights), rel=1e-12)


def test_endless_patience_is_erlang_c_and_none_is_erlang_b() -> None:
    patient, c = erlang_a(4.5, 1.0, 6, 1e9), mmc(4.5, 1.0, 6)
    assert patient.mean_wait == pytest.approx(c.mean_wait, rel=1e-7)
    assert patient.waiting_probability == pytest.approx(c.waiting_probability, rel=1e-7)
    assert erlang_a(4.5, 1.0, 6, 1e-9).leaving_probability == pytest.approx(erlang_b(6, 4.5), rel=1e-7)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.floats(0.05, 4.0), st.integers(1, 50), st.floats(0.01, 1000))
def test_who_comes_is_served_or_leaves(load: float, workers: int, patience: float) -> None:
    queue = erlang_a(load * workers, 1.0, workers, patience)
    assert queue.utilisation == pytest.approx(load * (1 - queue.leaving_probability), rel=1e-9)
    assert queue.leaving_probability == pytest.approx(queue.mean_wait / patience, rel=1e-9)


def test_twice_too_much_with_long_patience_is_half_lost_in_a_queue_of_a_million() -> None:
    queue = erlang_a(2.0, 1.0, workers=1, mean_patience=1e6)
    assert queue.leaving_probability == pytest.approx(0.5)
    assert queue.mean_waiting == pytest.approx(1e6)


def test_too_long_a_patience_is_refused_with_a_way_on() -> None:
    with pytest.raises(WrongUse, match=r"mean patience is 1e\+15 at a load of 1\.5000.*\n.*use mmc"):
        erlang_a(1.5, 1.0, 1, 1e15)
