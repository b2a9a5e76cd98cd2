"""One worker: Pollaczek-Khinchine, Kingman, Sakasegawa; priorities by Cobham and with interruption."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millpond.errors import WrongUse
from millpond.queueing.erlang import mmc
from millpond.queueing.priorities import (
    PriorityClass,
    cobham_mean_waits,
    cobham_mean_waits_many_workers,
    preemptive_means,
)
from millpond.queueing.single import mg1_mean_wait, mm1, vut_mean_wait


@pytest.mark.parametrize(("utilisation", "wait"), [(0.8, 120), (0.85, 170), (0.9, 270), (0.95, 570)])
def test_kingman_at_thirty_minutes(utilisation: float, wait: float) -> None:
    assert vut_mean_wait(utilisation, 30, cv_arrivals=1, cv_service=1) == pytest.approx(wait)
    assert mm1(utilisation / 30, 30).mean_wait == pytest.approx(wait)
    assert mg1_mean_wait(utilisation / 30, 30, 30) == pytest.approx(wait)


def test_steadier_service_waits_less() -> None:
    assert vut_mean_wait(0.8, 30, cv_arrivals=1, cv_service=0.5) == pytest.approx(75)
    assert mg1_mean_wait(0.8 / 30, 30, 15) == pytest.approx(75)


@pytest.mark.parametrize(("workers", "load"), [(2, 0.8), (2, 0.95), (5, 0.9), (10, 0.9), (10, 0.98)])
def test_sakasegawa_is_near_erlang_c(workers: int, load: float) -> None:
    # Known to be within a few per cent at high loads.
    exact = mmc(load * workers, 1.0, workers).mean_wait
    assert vut_mean_wait(load, 1.0, cv_arrivals=1, cv_service=1, workers=workers) == pytest.approx(exact, rel=0.05)


def test_cobham_by_hand() -> None:
    # Loads 0.2 and 0.6, exponential services of 1: work in hand 0.8; 0.8 / 0.8 = 1, and 0.8 / (0.8 * 0.2) = 5.
    classes = [PriorityClass(0.2, 1, 1), PriorityClass(0.6, 1, 1)]
    assert cobham_mean_waits(classes) == pytest.approx((1, 5))
    assert cobham_mean_waits_many_workers([0.2, 0.6], 1.0, 1) == pytest.approx((1, 5))


def test_interruption_by_hand() -> None:
    # The first class sees M/M/1 at 0.2: wait 0.25, lead time 1.25. The second: 0.8 / (0.8 * 0.2) = 5, and 1 / 0.8 more.
    first, second = preemptive_means([PriorityClass(0.2, 1, 1), PriorityClass(0.6, 1, 1)])
    assert (first.mean_wait, first.mean_lead_time) == pytest.approx((0.25, 1.25))
    assert (second.mean_wait, second.mean_lead_time) == pytest.approx((5, 6.25))
    # Exponential services of one length: the number in the system is that of M/M/1 in any order, 0.8 / 0.2 = 4.
    assert 0.2 * first.mean_lead_time + 0.6 * second.mean_lead_time == pytest.approx(4)


_CLASSES = st.lists(st.tuples(st.floats(0.02, 0.23), st.floats(0.1, 10), st.floats(0, 2)), min_size=1, max_size=4)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(_CLASSES)
def test_cobhams_waits_obey_the_conservation_law(drawn: list[tuple[float, float, float]]) -> None:
    # Priorities move waiting about: the waits weighed with the loads add up to the same in every order (Kleinrock).
    classes = [PriorityClass(load / mean, mean, cv * mean) for load, mean, cv in drawn]
    load = sum(kind.load for kind in classes)
    residual = sum(c.arrival_rate * (c.mean_service_time**2 + c.sd_service_time**2) / 2 for c in classes)
    for order in (classes, classes[::-1]):
        weighed = sum(kind.load * wait for kind, wait in zip(order, cobham_mean_waits(order), strict=True))
        assert weighed == pytest.approx(load * residual / (1 - load))


def test_many_workers_share_erlang_cs_wait_out_among_the_classes() -> None:
    rates = [1.0, 2.0, 1.5]
    waits = cobham_mean_waits_many_workers(rates, 1.0, 5)
    average = sum(rate * wait for rate, wait in zip(rates, waits, strict=True)) / sum(rates)
    assert average == pytest.approx(mmc(4.5, 1.0, 5).mean_wait)
    assert waits[0] < waits[1] < waits[2]


def test_what_cannot_be_is_refused() -> None:
    too_much = [PriorityClass(0.5, 1, 1), PriorityClass(0.5, 1, 1)]
    with pytest.raises(WrongUse, match=r"load is 1\.000"):
        cobham_mean_waits(too_much)
    with pytest.raises(WrongUse, match="The more urgent classes alone can be asked about"):
        preemptive_means(too_much)
    with pytest.raises(WrongUse, match="There are no classes"):
        cobham_mean_waits([])
    with pytest.raises(WrongUse, match="There are no arrival rates"):
        cobham_mean_waits_many_workers([], 1, 1)
    with pytest.raises(WrongUse, match=r"load is 1\.200"):
        vut_mean_wait(1.2, 1, cv_arrivals=1, cv_service=1)
    with pytest.raises(WrongUse, match=r"load is 2\.000"):
        mg1_mean_wait(2, 1, 0)
