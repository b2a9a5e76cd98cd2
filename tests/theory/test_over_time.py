"""The number in the simulator's queue over time, from empty and with changing hours, against exact chances.

The mean over many replications at several times of the day is compared with the numerical solution of the birth and
death equations, with the Poisson number where nobody waits, and where a rush is large with the fluid.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from millpond.model import Service
from millpond.queueing.fluid import number_in_fluid
from millpond.queueing.stretches import Stretch
from millpond.queueing.transient import number_over_time
from millpond.queueing.unlimited import in_service_any_time
from tests.theory.replicated import agrees, lasts, number_at, one_step, replications, tables

slow = pytest.mark.slow

PATTERN = {"Mon-Sun 09:00-12:00": 3.0, "Mon-Sun 12:00-18:00": 2.0, "otherwise": 0.5}
WEIGHTS = np.array([0.5] * 9 + [3.0] * 3 + [2.0] * 6 + [0.5] * 6)


def hourly(per_hour: float) -> list[float]:
    """The rates of a day's hours, so many on average."""
    return [float(rate) for rate in per_hour * WEIGHTS / WEIGHTS.mean()]


def numbers(of: Service, times: list[float], count: int) -> npt.NDArray[np.int64]:
    days = int(times[-1] // 24) + 1
    runs = replications(tables(of, days, warm_up_days=0, drain_days=0), count, logs=True)
    return np.array([number_at(run, times) for run in runs])


TIMES = [4.0, 10.0, 12.5, 17.0, 21.0, 33.0, 36.0, 47.0]


def test_a_queue_that_closes_at_night_follows_its_birth_and_death_equations() -> None:
    # Work that is broken off at closing goes on the next day: with exponential times what is left of it is as new.
    of = one_step(4.0, 8, lasts("exponential", 0.7), hours="Mon-Sun 08:00-20:00", pattern=PATTERN)
    staffed = [Stretch(1, rate, 8 if 8 <= hour < 20 else 0) for _ in range(2) for hour, rate in enumerate(hourly(4.0))]
    expected = number_over_time(staffed, 0.7, TIMES)
    found = numbers(of, TIMES, 1500)
    for place, mean in enumerate(expected.mean_in_system):
        agrees(found[:, place], mean, within=0.08)
    # At nine, after a night of arrivals, not the mean alone: how often eight workers are not enough.
    agrees(found[:, 5] > 8, float(expected.chances[5, 9:].sum()), within=0.15)


@slow
def test_a_queue_that_people_leave_follows_its_birth_and_death_equations() -> None:
    patient = {"patience": {"minutes": lasts("exponential", 3.0)}}
    of = one_step(4.0, 4, lasts("exponential", 0.7), step=patient, pattern=PATTERN)
    stretches = [Stretch(1, rate, 4) for _ in range(2) for rate in hourly(4.0)]
    expected = number_over_time(stretches, 0.7, TIMES, mean_patience=3.0).mean_in_system
    found = numbers(of, TIMES, 8000)
    for place, mean in enumerate(expected):
        agrees(found[:, place], mean, within=0.05)


@slow
def test_with_workers_for_everybody_the_number_follows_the_arrivals() -> None:
    # Lognormal services of 3 hours, so that the number trails behind the arrivals: the integral knows how far.
    spread = np.sqrt(np.log(2))
    service = stats.lognorm(spread, scale=3.0 * np.exp(-(spread**2) / 2))
    rates = hourly(6.0)
    found = numbers(one_step(6.0, 90, lasts("lognormal", 3.0, 3.0), pattern=PATTERN), TIMES, 5000)
    first = 0.0
    for place, time in enumerate(TIMES):
        by_hour = np.linspace(0, time, 20_001)
        middle = (by_hour[:-1] + by_hour[1:]) / 2
        rate = np.array(rates)[(middle % 24).astype(int)]
        mean = float((rate * service.sf(time - middle)).sum() * (by_hour[1] - by_hour[0]))
        agrees(found[:, place], mean, within=0.03)
        agrees((found[:, place] - mean) ** 2, mean, within=0.1)
        first = first or mean
    # The rate of the first nine hours is one number, so that the integral of the formula takes it whole.
    np.testing.assert_allclose(in_service_any_time(4.0, rates[0], service.sf).mean, first, rtol=1e-6)


@slow
def test_a_large_overload_rises_and_falls_as_a_fluid() -> None:
    # 400 workers: chance moves the number by a few in a hundred, and its mean by less.
    rates = hourly(380.0)
    of = one_step(380.0, 400, lasts("exponential", 1.0), pattern=PATTERN)
    times = [11.0, 13.0, 16.0, 18.0, 20.0]
    found = numbers(of, times, 200).mean(axis=0)
    expected = number_in_fluid([Stretch(1, rate, 400) for rate in rates], 1.0, times)
    assert max(expected) > 1500, "the rush should fill the queue several times over"
    np.testing.assert_allclose(found, expected, rtol=0.01)
