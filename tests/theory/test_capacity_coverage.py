"""Whether the interval of a broken share holds what it promises, on services whose true risk is known."""

from __future__ import annotations

import numpy as np
import pytest

from millpond.measures.proportions import wilson
from millpond.planning.day_level import PoolDays
from millpond.planning.promise import BacklogPromise
from millpond.planning.tries import clopper_pearson

SERVICES, REPLICATIONS, TRUTH, DAYS = 240, 100, 10_000, 100


def service(random: np.random.Generator, replications: int, mean: float, sd: float, follows: float) -> PoolDays:
    """Normal days, of which each keeps some of the excess of the day before; thirty days to settle."""
    excess = random.normal(size=(replications, DAYS + 30))
    for day in range(1, DAYS + 30):
        excess[:, day] = follows * excess[:, day - 1] + np.sqrt(1 - follows**2) * excess[:, day]
    shape = np.ones(DAYS + 30)
    return PoolDays("team", mean + sd * excess, shape, np.arange(DAYS + 30) % 7, 60.0, judged_from=30)


@pytest.mark.slow
def test_the_interval_of_the_risk_covers_the_true_risk() -> None:
    random = np.random.default_rng(20)
    covered, judged = 0, 0
    while judged < SERVICES:
        mean, spread, follows = random.uniform(300, 900), random.uniform(0.1, 0.5), random.uniform(0, 0.7)
        capacity = mean * random.uniform(1.02, 1.3)
        promise = BacklogPromise(None, None, mean * random.uniform(0.5, 4), "minutes")
        of = (mean, spread * mean, follows)
        truth = float(service(random, TRUTH, *of).broken(promise, capacity).mean())
        if not 0.005 < truth < 0.995:
            continue  # where it is always the same there is nothing to be sure of
        judged += 1
        broken = service(random, REPLICATIONS, *of).broken(promise, capacity)
        low, high = clopper_pearson(int(broken.sum()), REPLICATIONS)
        covered += low <= truth <= high
    measured = wilson(covered, judged)
    # 230 of 240 when this was written, 95.8%, Wilson 92.5% to 97.7%.
    assert measured is not None and measured[0] <= 0.95 <= measured[1], f"{covered} of {judged}"


@pytest.mark.slow
def test_the_least_capacity_keeps_its_risk_on_luck_that_it_was_not_found_by() -> None:
    random = np.random.default_rng(21)
    risks = []
    for _ in range(60):
        mean, spread, follows = random.uniform(300, 900), random.uniform(0.1, 0.5), random.uniform(0, 0.7)
        promise = BacklogPromise(None, None, mean * random.uniform(0.5, 4), "minutes")
        of = (mean, spread * mean, follows)
        least = service(random, 2000, *of).least(promise, 0.05)
        assert least is not None
        risks.append(float(service(random, 4000, *of).broken(promise, least).mean()))
    # 100 of 2,000 broken are known to about a tenth: each by itself, and all together far better.
    assert np.mean(risks) == pytest.approx(0.05, abs=0.003)
    assert max(risks) < 0.075
