"""How often the intervals of what a fit finds hold the truth, and how often it claims what is not there, by seeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.calibration.fitting.played import fitted, played, row_of
from tests.unit.calibration.fitting.test_features import PLAIN, RICH

pytestmark = pytest.mark.slow
SEEDS = 20
FEWEST = 16
"""Of 20 intervals of 95%, 16 or more hold the truth in 99.7% of all tries (binomial)."""
TRUE = {
    "pools.advisers.absence": 0.1,
    "steps.advice.patience": 6000,
    "steps.triage.minutes_for.police": 20,
    "steps.triage.minutes_for.web": 12,
    "steps.advice.minutes_for.routine": 60,
    "steps.course.group.longest_wait": 24 * 60,
}


def test_intervals_hold_the_truth(tmp_path: Path) -> None:
    held = dict.fromkeys(TRUE, 0)
    days_off = 0
    for seed in range(SEEDS):
        fit = fitted(played(tmp_path / str(seed), RICH, days=273, seed=100 + seed))
        for key, true in TRUE.items():
            row = row_of(fit, key)
            held[key] += row.low <= true <= row.high
        days_off += set(fit.service.workers) == {"ann", "bob"}
    assert {key: count for key, count in held.items() if count < FEWEST} == {}
    assert days_off == SEEDS


def test_nothing_is_claimed_that_is_not_there(tmp_path: Path) -> None:
    for seed in range(SEEDS):
        service = fitted(played(tmp_path / str(seed), PLAIN, days=210, seed=200 + seed)).service
        assert not service.workers
        assert {pool.absence for pool in service.pools.values()} == {0}
        assert {pool.order for pool in service.pools.values()} == {"first come"}
        assert {stream.priority for stream in service.streams.values()} == {1}
        for step in service.steps.values():
            assert (step.patience, step.group, dict(step.minutes_for)) == (None, None, {})
