"""Services whose means are known exactly because work always waits: more comes each day than can be done.

Work is done in the last hours of each day, when the day's cases are there; nobody who works is ever idle. So the mean
backlog at the end of day d is cases a day x minutes x d, less what the staff can give in d days (Wald's equation).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from benchmarks.intervals.measured import Random

from millpond.model import Service

MONDAY = date(2026, 1, 5)
DAYS = 14
MEAN_OF_DAYS = (DAYS + 1) / 2
PRICE = 30.0


@dataclass(frozen=True)
class MadeUp:
    """A service of one pool and one step, and what is known of it.

    Attributes:
        cases: new cases a day, on average.
        minutes: the work of each, on average.
        workers: how many there are.
        hours: hours a day that each works.
        absence: the share of days on which one is away without notice.
        plain: its description.
    """

    cases: float
    minutes: float
    workers: int
    hours: int
    absence: float
    plain: dict[str, Any]

    def service(self, **changes: Any) -> Service:
        """The service, with changes."""
        return Service.from_plain({**self.plain, **changes})

    @property
    def given(self) -> float:
        """Minutes of work that one worker gives in a day, on average."""
        return 60 * self.hours * (1 - self.absence)

    @property
    def backlog(self) -> float:
        """The mean backlog over the ends of all days."""
        return MEAN_OF_DAYS * (self.cases * self.minutes - self.workers * self.given)


def made_up(random: Random) -> MadeUp:
    """One service: its size, minutes, staff, absence and luck all differ from one to the next."""
    workers, hours = int(random.integers(2, 5)), int(random.integers(1, 4))
    minutes = float(random.uniform(20, 60))
    cases = float(random.uniform(3, 5)) * workers * hours * 60 / minutes
    absence = float(random.uniform(0.05, 0.3))
    # All visits take about as long as planned. Of a visit under way at the end the backlog has what is planned, and
    # such visits are long ones where lengths differ: the truth would not be so easily told.
    shape: dict[str, Any] = {"distribution": "gamma", "mean": minutes, "sd": minutes * 0.01}
    plain: dict[str, Any] = {
        "name": "made up",
        "timezone": "UTC",
        "calendars": {"evening": {"hours": f"Mon-Sun {24 - hours:02d}:00-24:00"}},
        "pools": {"team": {"workers": workers, "absence": absence, "cost_per_hour": PRICE}},
        "streams": {
            "all": {"first_step": "step", "per_week": 7 * cases, "overdispersion": float(random.uniform(1, 2))}
        },
        "steps": {"step": {"pool": "team", "minutes": shape, "next": "closed"}},
    }
    return MadeUp(cases, minutes, workers, hours, absence, plain)
