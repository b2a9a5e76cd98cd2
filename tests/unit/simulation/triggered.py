"""What both simulators say of a service with plans that a trigger calls, in words that a person can check."""

from __future__ import annotations

from datetime import date

from millpond.model import Service
from millpond.model.planned import with_plans
from tests.generative.agreement import Told, told_by_kernel, told_by_reference

FRIDAY = date(2025, 6, 6)


def told(of: Service, days: int = 5) -> Told:
    """What happens from Friday on, with all plans; the two simulators must say the same."""
    made = with_plans(of, of.plans)
    asked = (made, FRIDAY, days, 1, 0)
    assert told_by_kernel(*asked) == told_by_reference(*asked)
    return told_by_kernel(*asked)


def clock(ms: int | None) -> str:
    """An instant as day and time, such as ``Fri 09:00``."""
    if ms is None:
        return "-"
    day, minute = divmod(ms // 60_000, 24 * 60)
    return f"{('Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed')[day]} {minute // 60:02}:{minute % 60:02}"


def work(found: Told, day: str) -> list[str]:
    """The spells of work of a day in order: from when to when, of which visit, by whom."""
    first = min(spell.number for spell in found.spells)
    return [
        f"{clock(spell.start)[4:]}-{clock(spell.end)[4:]} {spell.number - first + 1} {spell.worker}"
        for spell in sorted(found.spells)
        if clock(spell.start).startswith(day)
    ]


def minutes(found: Told, measure: str, pool: str = "team") -> list[int]:
    """A measure of each day."""
    return [ms // 60_000 for ms in found.daily[measure, pool]]
