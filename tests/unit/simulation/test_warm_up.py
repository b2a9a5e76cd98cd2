"""The warm-up that MSER-5 advises, for series that a person can see through."""

from __future__ import annotations

import numpy as np

from millpond.simulation.warm_up import warm_up_advice


def test_a_start_from_empty_is_cut_off() -> None:
    # Empty for 20 days, then level at 100, with one more and one less from mean to mean.
    level = np.repeat([101.0, 99.0], 5)
    series = np.concatenate([np.zeros(20), np.tile(level, 18)])
    advice = warm_up_advice(series)
    assert advice.days == 20
    assert "20 days" in advice.sentence


def test_a_level_series_needs_none() -> None:
    assert warm_up_advice(np.tile(np.repeat([101.0, 99.0], 5), 20)).days == 0


def test_a_series_that_only_settles_late_or_not_at_all_is_too_short() -> None:
    advice = warm_up_advice(np.concatenate([np.arange(150.0), np.full(50, 150.0)]))
    assert advice.days is None
    assert "simulate more days" in advice.sentence


def test_few_days_cannot_tell() -> None:
    advice = warm_up_advice(np.zeros(49))
    assert advice.days is None
    assert "50 days or more" in advice.sentence
