"""Weekdays on which single people never work, though their pool does.

On a weekday somebody is expected as often as on their other days, times how much more or less often their colleagues
come on it. Where ten days or more were expected, hardly any was seen (one in fifty at most), and chance would give so
few less than once in a thousand searches of the whole pool, the weekday is a day off. It takes a colleague to tell: of
somebody who works alone, a weekday off is one on which the pool is closed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from millpond.calibration.fitting.attendance import Attendance
from millpond.model.hours import DAYS, Week

SURE, HARDLY, FEWEST = 0.001, 0.02, 10.0


@dataclass(frozen=True)
class DayOff:
    """A weekday on which somebody does not work.

    Attributes:
        weekday: Monday = 0.
        seen: on how many such days they did anything.
        days: how many such days there were.
        expected: on how many they would have.
    """

    weekday: int
    seen: int
    days: int
    expected: float


def days_off(attendance: Attendance) -> dict[str, tuple[DayOff, ...]]:
    """The weekdays off of each person who has any.

    Args:
        attendance: of one pool.
    """
    people = list(attendance.here)
    week = sorted({int(day) for day in attendance.weekday})
    found: dict[str, tuple[DayOff, ...]] = {}
    if len(people) < 2:
        return found
    for who in people:
        off: set[int] = set()
        told: dict[int, DayOff] = {}
        # Once a day off is known it no longer blurs what is usual on the others.
        for _ in week:
            fresh = [each for day in week if day not in off and (each := _day_off(attendance, who, day, off, people))]
            if not fresh:
                break
            told |= {each.weekday: each for each in fresh}
            off |= set(told)
        if off and len(off) < len(week):
            found[who] = tuple(told[day] for day in sorted(off))
    return found


def _day_off(attendance: Attendance, who: str, day: int, off: set[int], people: list[str]) -> DayOff | None:
    on_books, here, weekday = attendance.on_books[who], attendance.here[who], attendance.weekday
    inside = on_books & (weekday == day)
    usual = on_books & (weekday != day) & ~np.isin(weekday, list(off))
    days = int(inside.sum())
    if not days or not usual.any():
        return None
    rate = float(here[usual].mean())
    others = [other for other in people if other != who]
    theirs = np.array([[attendance.here[o][inside].mean(), attendance.here[o][usual].mean()] for o in others])
    factor = float(theirs[:, 0].max() / max(theirs[:, 1].max(), 1e-9))
    chance = min(rate * min(factor, 1.0), 1.0)
    seen, expected = int(here[inside].sum()), days * chance
    searches = len(people) * len(set(weekday.tolist()))
    unlikely = float(stats.binom.cdf(seen, days, chance)) < SURE / searches
    if expected >= FEWEST and seen <= HARDLY * days and unlikely:
        return DayOff(day, seen, days, expected)
    return None


def hours_without(week: Week, off: set[int]) -> str:
    """Opening hours in words, without some weekdays.

    Args:
        week: the spans of each weekday.
        off: the weekdays, Monday = 0.
    """
    parts = []
    for day, spans in enumerate(week):
        if day not in off:
            parts += [f"{DAYS[day]} {_clock(opening)}-{_clock(closing)}" for opening, closing in spans]
    return ", ".join(parts)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
