"""The compiled event loop and the slow reference say the same of services at random, visit for visit."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from millpond.errors import FaultyService
from millpond.model import Service
from millpond.periods import day_number
from millpond.simulation.checking import check_can_be_simulated
from millpond.simulation.horizon import Horizon
from tests.generative.agreement import Told, told_by_kernel, told_by_reference
from tests.generative.services import FEATURES, Example
from tests.searching import examples

LEAN = ("budget", "changes", "finish", "named", "overdispersion", "patience", "priorities", "urgent")
"""Features that services often have which the small event loop can run."""
numbers = st.integers(0, 1 << 40)


def say_the_same(example: Example, *, full: bool = False) -> Told | None:
    """What both say; None where the service cannot be simulated, which the checks tell."""
    try:
        service = example.service
        days = example.days + 2
        check_can_be_simulated(service, Horizon(day_number(example.first_day), days, days, example.days, service.zone))
    except FaultyService:
        return None
    asked = (service, example.first_day, example.days, example.number % 1000, example.number % 7)
    fast = told_by_kernel(*asked, drain_days=2, full=full)
    slow = told_by_reference(*asked, drain_days=2)
    assert fast.visits == slow.visits
    assert fast.spells == slow.spells
    assert fast.daily == slow.daily
    assert fast.outcomes == slow.outcomes
    return fast


# Of this service a branch was once taken to have missed what another case had missed.
@example(21567)
@given(numbers)
@settings(max_examples=examples(150))
def test_visits_spells_and_totals_are_the_same_to_the_millisecond(number: int) -> None:
    say_the_same(Example(number))


@given(numbers)
@settings(max_examples=examples(50))
def test_so_they_are_for_the_small_event_loop_and_for_the_full_one_in_its_place(number: int) -> None:
    fast = say_the_same(Example(number, LEAN))
    assert say_the_same(Example(number, LEAN), full=True) == fast


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_is_met(feature: str) -> None:
    """Each by itself, in a service that cannot leave it out."""
    met = 0
    for number in range(60):
        example = Example(number, (feature, "urgent"), few=0.0)
        told = say_the_same(example) if feature in example.uses else None
        met += told is not None and bool(told.visits)
    assert met >= 10


def test_a_day_of_no_minutes_leaves_nothing_over_from_the_day_before() -> None:
    """Sixty minutes come at nine and at noon on Monday, and an hour of the four is left; on Tuesday there is none."""
    made = Service.from_plain(
        {
            "name": "a day of none",
            "timezone": "UTC",
            "pools": {
                "team": {
                    "workers": 1,
                    "minutes_per_day": 240,
                    "from": [{"date": date(2025, 1, 7), "minutes_per_day": 0}],
                }
            },
            "streams": {"post": {"first_step": "first", "schedule": {"Mon 09:00": 2, "Mon 12:00": 1, "Tue 09:00": 1}}},
            "steps": {"first": {"pool": "team", "minutes": 60, "next": "closed"}},
        }
    )
    told = told_by_kernel(made, date(2025, 1, 6), 2, 1, 0)
    assert told.daily["activity", "team"] == [180 * 60_000, 0]
    assert told == told_by_reference(made, date(2025, 1, 6), 2, 1, 0)
