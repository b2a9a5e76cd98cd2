"""Waiting lists with a target: the published worked figures, in every published variant."""

from __future__ import annotations

import pytest

from millpond.errors import WrongUse
from millpond.queueing.waiting_list import (
    capacity_variation,
    chance_of_missing,
    demand_uncertainty,
    is_queue_too_big,
    load,
    pressure,
    relief_capacity,
    target_capacity,
    target_mean_wait,
    target_queue_size,
)


def test_the_walkthrough() -> None:
    # 30 a week join, 27 are seen, 1200 wait; 52 weeks is the target, and the mean wait is 63.
    assert load(30, 27) == pytest.approx(1.1111, abs=1e-4)
    assert target_mean_wait(52) == 13
    assert target_mean_wait(52, 6) == pytest.approx(8.67, abs=0.005)
    assert (chance_of_missing(4), chance_of_missing(6)) == pytest.approx((0.0183, 0.0025), abs=5e-5)
    assert target_queue_size(30, 52) == 390
    assert is_queue_too_big(1200, 390)
    assert not is_queue_too_big(780, 390)
    assert pressure(63, 52) == pytest.approx(2.423077, abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "capacity"), [((30, 1200, 390, 26), 61.153846), ((33, 800, 200, 30), 53), ((35, 250, 100, 15), 45)]
)
def test_relief_capacity(arguments: tuple[float, float, float, float], capacity: float) -> None:
    assert relief_capacity(*arguments) == pytest.approx(capacity, abs=1e-6)


def test_a_short_list_needs_less_than_its_demand_but_never_less_than_nothing() -> None:
    assert relief_capacity(30, 130, 390) == 20
    assert relief_capacity(1, 0, 390) == 0


@pytest.mark.parametrize(
    ("arguments", "capacity"),
    [
        ((30, 52, 3, 1.1, 1.2), 30.076442),
        ((42, 65, 2, 1.2, 1.5), 42.0567692),
        ((35, 50, 1, 1.3, 1.6), 35.0425),
        ((30, 52), 30.0769231),
    ],
)
def test_target_capacity_as_the_package_has_it(arguments: tuple[float, ...], capacity: float) -> None:
    assert target_capacity(*arguments) == pytest.approx(capacity, abs=1e-6)


def test_target_capacity_as_others_have_it() -> None:
    assert target_capacity(30, 52, rule="paper", variation=3) == 30.5
    assert target_capacity(30, 52, rule="paper") == pytest.approx(30.19, abs=0.005)
    assert target_capacity(30, 52, rule="paper", variation=6.58) == pytest.approx(31.05, abs=0.005)
    assert target_capacity(30, 52, 1) == pytest.approx(30.02, abs=0.005)
    assert target_capacity(30, 52, 6.58) == pytest.approx(30.13, abs=0.005)
    margin = target_capacity(30, 52, 3, 1.1, 1.2) - 30
    assert target_capacity(30, 52, 3, 1.1, 1.2, rule="help text") - 30 == pytest.approx(2 * margin)


def test_both_readings_of_the_variation_of_capacity() -> None:
    assert capacity_variation(160, 30, 27) == pytest.approx(7.32, abs=0.005)
    assert capacity_variation(160, 30, 27, rule="load") == pytest.approx(6.58, abs=0.005)


@pytest.mark.parametrize(
    ("wait", "target", "figure"), [(63, 52, 2.423077), (61, 52, 2.346), (42, 24, 3.5), (55, 50, 2.2), (24, 4, 12)]
)
def test_pressure(wait: float, target: float, figure: float) -> None:
    assert pressure(wait, target) == pytest.approx(figure, abs=2e-4)


def test_uncertain_demand_is_a_share_whatever_the_unit_of_time() -> None:
    assert demand_uncertainty(0.5, 100) == pytest.approx(0.1)


def test_unknown_rules_and_numbers_that_make_no_sense_are_refused() -> None:
    with pytest.raises(
        WrongUse, match=r"The rule is 'old', which is not known.\nGive one of: help text, package, paper"
    ):
        target_capacity(30, 52, rule="old")  # type: ignore[arg-type]
    with pytest.raises(WrongUse, match="capacity is 0"):
        load(30, 0)
    with pytest.raises(WrongUse, match="target is 0"):
        pressure(1, 0)
