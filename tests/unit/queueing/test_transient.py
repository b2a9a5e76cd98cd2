"""Queues over time: against the long run, a matrix exponential, and closed forms; and the fluid beside them."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from scipy import integrate, linalg, special

from millpond.errors import WrongUse
from millpond.queueing.erlang import erlang_b, mmc
from millpond.queueing.fluid import number_in_fluid
from millpond.queueing.impatience import erlang_a
from millpond.queueing.stretches import Stretch
from millpond.queueing.transient import number_over_time
from millpond.queueing.unlimited import in_service_from_empty


def test_from_empty_mm1_is_empty_again_with_the_textbook_chance() -> None:
    # P00(t) of M/M/1 by its Bessel functions (Kleinrock, volume 1, section 2.13), the infinite sum cut at 300.
    births, deaths, time = 0.7, 1.0, 6.0
    root, load = np.sqrt(births * deaths), births / deaths
    scaled = exp(-(births + deaths - 2 * root) * time)
    orders = np.arange(300)
    bessel = special.ive(orders, 2 * root * time) * scaled
    chance = bessel[0] + bessel[1] / np.sqrt(load) + (1 - load) * (bessel[2:] * load ** (-orders[2:] / 2)).sum()
    found = number_over_time([Stretch(10, births, 1)], 1 / deaths, [time])
    assert found.chances[0, 0] == pytest.approx(float(chance), abs=1e-10)


def test_a_day_of_changing_rates_is_a_product_of_matrix_exponentials() -> None:
    stretches = [Stretch(2, 3.0, 2), Stretch(1, 0.5, 0), Stretch(4, 1.0, 3)]
    places, service, patience = 12, 0.8, 2.0
    row = np.zeros(places + 1)
    row[4] = 1
    for stretch in stretches:
        rates = np.zeros((places + 1, places + 1))
        for n in range(places + 1):
            if n < places:
                rates[n, n + 1] = stretch.arrival_rate
            if n:
                rates[n, n - 1] = min(n, stretch.workers) / service + max(n - stretch.workers, 0) / patience
        rates -= np.diag(rates.sum(axis=1))
        row = row @ linalg.expm(rates * stretch.length)
    found = number_over_time(stretches, service, [7], opening=4, mean_patience=patience, places=places)
    assert np.allclose(found.chances[0], row, atol=1e-11)
    assert found.mean_waiting[0] == pytest.approx(float(row[4:] @ np.arange(1, 10)))
    assert found.waiting_probability[0] == pytest.approx(float(row[3:].sum()))


def test_in_the_end_comes_the_long_run() -> None:
    queue, found = mmc(4.0, 1.0, 5), number_over_time([Stretch(400, 4.0, 5)], 1.0, [400])
    assert found.mean_in_system[0] == pytest.approx(queue.mean_in_system, rel=1e-7)
    assert found.waiting_probability[0] == pytest.approx(queue.waiting_probability, rel=1e-7)
    impatient = number_over_time([Stretch(400, 6.0, 5)], 1.0, [400], mean_patience=2.0)
    assert impatient.mean_waiting[0] == pytest.approx(erlang_a(6.0, 1.0, 5, 2.0).mean_waiting, rel=1e-9)
    lost = number_over_time([Stretch(400, 6.0, 5)], 1.0, [400], places=5)
    assert lost.chance_full[0] == pytest.approx(erlang_b(5, 6.0))


def test_enough_workers_from_empty_and_when_closed() -> None:
    found = number_over_time([Stretch(9, 4.0, 60), Stretch(1, 2.0, 0)], 3.0, [0, 1, 5, 9, 10])
    for time, mean in zip(found.times[:4], found.mean_in_system, strict=False):
        assert mean == pytest.approx(in_service_from_empty(time, 4.0, 3.0).mean, abs=1e-8)
    # Closed, nobody goes and 2 more come.
    assert found.mean_in_system[4] == pytest.approx(found.mean_in_system[3] + 2)


def test_a_thousandth_of_the_time_unit_more_or_less_changes_nothing_that_matters() -> None:
    whole = number_over_time([Stretch(8, 3.0, 4)], 1.0, [8])
    cut = number_over_time([Stretch(0.001, 3.0, 4)] * 8000, 1.0, [8])
    assert cut.mean_in_system[0] == pytest.approx(whole.mean_in_system[0], rel=1e-7)


def test_fluid_by_hand() -> None:
    # 3 come and 2 go: from 0 it fills to the 2 workers, then grows by 1; closed, it grows by 3; 8 workers drain it.
    assert number_in_fluid([Stretch(5, 3, 2)], 1.0, [1, 5], opening=2) == pytest.approx((3, 7))
    assert number_in_fluid([Stretch(5, 3, 2), Stretch(2, 3, 0)], 1.0, [7], opening=2) == pytest.approx((13,))
    assert number_in_fluid([Stretch(1, 3, 8)], 1.0, [0.4], opening=10) == pytest.approx((8.0,))
    assert number_in_fluid([Stretch(50, 3, 8)], 1.0, [50], opening=10) == pytest.approx((3.0,))
    # With a patience of 2 it settles where as many leave as are too many: 2 + (3 - 2) * 2.
    assert number_in_fluid([Stretch(99, 3, 2)], 1.0, [99], mean_patience=2.0) == pytest.approx((4.0,))


@pytest.mark.parametrize("patience", [None, 1.7])
@pytest.mark.parametrize("opening", [0.0, 4.0, 15.0])
def test_fluid_is_the_solution_of_its_equation(opening: float, patience: float | None) -> None:
    stretches = [Stretch(2, 9, 4), Stretch(3, 1, 6), Stretch(1, 5, 5)]
    number = opening
    for stretch in stretches:

        def change(time: float, x: list[float], at: Stretch = stretch) -> list[float]:
            leaving = max(x[0] - at.workers, 0) / patience if patience else 0.0
            return [at.arrival_rate - min(x[0], at.workers) / 1.3 - leaving]

        number = integrate.solve_ivp(change, (0, stretch.length), [number], rtol=1e-10, atol=1e-10, max_step=0.05).y[
            0, -1
        ]
    found = number_in_fluid(stretches, 1.3, [6], opening=opening, mean_patience=patience)
    assert found[0] == pytest.approx(number, abs=1e-5)


def test_a_large_service_comes_near_to_the_fluid() -> None:
    stretches = [Stretch(2, 300.0, 200), Stretch(2, 100.0, 200)]
    times = [1.0, 2.0, 3.0, 4.0]
    fluid = number_in_fluid(stretches, 1.0, times)
    assert number_over_time(stretches, 1.0, times).mean_in_system == pytest.approx(fluid, rel=0.04)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(WrongUse, match="after the end of the last stretch, 1"):
        number_over_time([Stretch(1, 1, 1)], 1.0, [2])
    with pytest.raises(WrongUse, match="do not ascend"):
        number_in_fluid([Stretch(1, 1, 1)], 1.0, [1, 0.5])
    with pytest.raises(WrongUse, match="no time to look at"):
        number_in_fluid([], 1.0, [1])
    with pytest.raises(WrongUse, match="number of places is 3"):
        number_over_time([Stretch(1, 1, 1)], 1.0, [1], opening=4, places=3)
    with pytest.raises(WrongUse, match="length of a stretch is 0"):
        Stretch(0, 1, 1)
    with pytest.raises(WrongUse, match="use number_in_fluid"):
        number_over_time([Stretch(1, 1, 1)], 1.0, [1], opening=10**6)
