"""Targets in words."""

from __future__ import annotations

import pytest

from millpond.errors import FaultyService
from millpond.model import Step, Targets, TargetWait


@pytest.mark.parametrize(
    ("text", "amount", "unit", "described"),
    [
        ("4 hours", 4, "hours", "4 hours"),
        ("1 hour", 1, "hours", "1 hour"),
        ("28 days", 28, "days", "28 days"),
        ("5 working days", 5, "working days", "5 working days"),
        ("1 working day", 1, "working days", "1 working day"),
        ("90 minutes", 90, "minutes", "90 minutes"),
        ("90 mins", 90, "minutes", "90 minutes"),
        ("2 weeks", 2, "weeks", "2 weeks"),
        ("2.5 hours", 2.5, "hours", "2.5 hours"),
        ("0.5 Hours", 0.5, "hours", "0.5 hours"),
        ("  5   Working  Days ", 5, "working days", "5 working days"),
        ("30minutes", 30, "minutes", "30 minutes"),
        ("1234567 minutes", 1_234_567, "minutes", "1234567 minutes"),
    ],
)
def test_a_target_is_read_and_told(text: str, amount: float, unit: str, described: str) -> None:
    step = Step(target_wait=text)
    assert step.target_wait == text
    assert step.target == TargetWait.parse(text)
    target = TargetWait.parse(text)
    assert (target.amount, target.unit, target.describe()) == (amount, unit, described)
    assert Targets(lead_time=text).target == target


def test_only_working_days_leave_out_days_of_closure() -> None:
    assert TargetWait.parse("5 working days").is_working_time
    assert not TargetWait.parse("5 days").is_working_time


def test_no_target_is_none() -> None:
    assert Step().target is None
    assert Targets().target is None


@pytest.mark.parametrize(
    ("text", "what", "cure"),
    [
        ("", "is not a length of time", '"4 hours"'),
        ("soon", "is not a length of time", '"4 hours"'),
        ("5", "is not a length of time", '"4 hours"'),
        ("-5 days", "is not a length of time", '"4 hours"'),
        ("5,5 days", "is not a length of time", '"4 hours"'),
        ("five days", "is not a length of time", '"4 hours"'),
        ("0 days", "is zero", '"4 hours"'),
        ("5 dys", 'has the unit "dys"', 'Did you mean "days"?'),
        ("5 workingdays", 'has the unit "workingdays"', 'Did you mean "working days"?'),
        ("5 fortnights", 'has the unit "fortnights"', '"4 hours"'),
        ("3000000 days", "is longer than", '"4 hours"'),
    ],
)
def test_a_target_that_cannot_be_read_says_how_to_write_it(text: str, what: str, cure: str) -> None:
    for build in (lambda: Step(target_wait=text), lambda: Targets(lead_time=text), lambda: TargetWait.parse(text)):
        with pytest.raises(FaultyService) as caught:
            build()
        (fault,) = caught.value.faults
        assert what in fault.what
        assert cure in fault.cure
