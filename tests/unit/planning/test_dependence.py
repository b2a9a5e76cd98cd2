"""What it does when one of us is away, on services whose figures can be worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from millpond.errors import WrongUse
from millpond.planning.dependence import dependence
from millpond.planning.dependence_rows import Dependence
from tests.unit.simulation.services import service

MONDAY = date(2026, 1, 5)


def found(days: int = 12, away: int = 5, **changes: Any) -> Dependence:
    return dependence(service(**changes), MONDAY, days, away=away, replications=2, threads=1)


def test_a_place_without_a_name_is_tried_once_and_its_work_is_caught_up() -> None:
    # 120 minutes too many on each of five days, 120 too few on each of the next five: 120 to 600, and 480 to 0.
    (row,) = found().rows
    assert (row.person, row.alike, row.only_one, row.refused) == ("advocates 2", 2, None, None)
    assert row.backlog_change is not None and row.backlog_change.value == pytest.approx((1800 + 1200) / 12)
    assert row.recovery_days == 5
    assert row.wait_change is not None and row.wait_change.value > 0


def test_what_is_not_caught_up_within_the_days_is_said() -> None:
    assert found(days=9).rows[0].recovery_days is None


def test_who_has_nothing_to_do_is_missed_by_nobody() -> None:
    pools = {"advocates": {"workers": 2, "minutes_per_day": 240}, "clerks": {"workers": 1, "minutes_per_day": 300}}
    result = found(pools=pools)
    clerk = next(row for row in result.rows if row.pool == "clerks")
    assert result.rows[0].pool == "advocates", "by damage"
    assert clerk.backlog_change is not None and clerk.backlog_change.value == 0
    assert (clerk.recovery_days, clerk.only_one) == (0, "clerks")


def test_a_step_that_nobody_could_do_is_the_finding() -> None:
    pools = {"advocates": {"minutes_per_day": 480}}
    result = found(days=5, away=5, pools=pools, workers={"sam": {"pool": "advocates", "skills": ["Polish"]}})
    (row,) = result.rows
    assert (row.only_one, row.backlog_change) == ("advocates, Polish", None)
    assert row.refused is not None and "advocacy" in row.refused
    held = [(one.kind, one.name, one.people, one.only) for one in result.holdings.rows]
    assert held == [("pool", "advocates", 1, "sam"), ("skill", "Polish", 1, "sam")]


def test_training_lets_somebody_else_do_the_work() -> None:
    # Alone, 360 a day are left while sam is away; a clerk with 480 minutes a day does them all.
    pools = {"advocates": {"minutes_per_day": 480}, "clerks": {"workers": 1, "minutes_per_day": 480}}
    result = found(pools=pools, workers={"sam": {"pool": "advocates"}})
    sam = next(row for row in result.rows if row.person == "sam")
    assert sam.training == "clerks 1" and sam.training_saves is not None and sam.backlog_change is not None
    assert sam.training_saves.value == pytest.approx(sam.backlog_change.value)


def test_numbers_out_of_their_limits_are_refused() -> None:
    with pytest.raises(WrongUse, match="days away are 13"):
        found(away=13)


def test_names_that_share_places_are_told() -> None:
    workers = {name: {"pool": "advocates"} for name in ("ada", "bo", "cy")}
    result = found(workers=workers)
    assert [row.alike for row in result.rows] == [1, 1, 1]
    assert any("The 3 named workers of advocates share 2 places" in note for note in result.notes)
    assert not any("share" in note for note in found().notes)
