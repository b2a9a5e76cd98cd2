"""What a fit recovers of a known service: each value that is stated with an interval, beside the true one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from millpond.calibration.fitting.evidence import Learned
from millpond.calibration.fitting.result import Fit
from millpond.model.distributions import mean_minutes
from tests.truth.services import Known


@dataclass(frozen=True)
class Recovered:
    """A true value beside what a fit says of it.

    Attributes:
        kind: what kind of value.
        key: where it stands.
        true: the true value.
        value, low, high: as fitted; for what is found or not (a calendar, a pool) 1 or 0.
    """

    kind: str
    key: str
    true: float
    value: float
    low: float
    high: float

    @property
    def is_inside(self) -> bool:
        """Whether the true value lies within the interval."""
        return self.low <= self.true <= self.high

    @property
    def error(self) -> float:
        """How far the fitted value is from the true one, as a share of it."""
        return abs(self.value - self.true) / self.true if self.true else abs(self.value)

    @property
    def width(self) -> float:
        """How wide the interval is, as a share of the value."""
        return (self.high - self.low) / self.value if self.value else 0.0


def recovered(known: Known, fit: Fit) -> Iterator[Recovered]:
    """Every value of a known service of which a fit states an interval, and its calendars and pools."""
    rows = {row.key: row for row in fit.rows}
    service = known.service
    by_first = {stream.first_step: name for name, stream in fit.service.streams.items()}
    named = {stream.first_step: name for name, stream in service.streams.items()}
    for first, name in named.items():
        key = f"streams.{name if name in fit.service.streams else by_first.get(first)}.per_week"
        if key in rows and service.streams[name].per_week is not None:
            yield _row("cases a week", rows[key], float(service.streams[name].per_week or 0))
    for name, step in service.steps.items():
        if (row := rows.get(f"steps.{name}.minutes")) is not None:
            yield _row("minutes of work", row, mean_minutes(step.minutes))  # type: ignore[arg-type]
        for to, share in (step.next or {}).items():
            if (row := rows.get(f"steps.{name}.next.{to}")) is not None and share < 1:
                yield _row("share of a way on", row, share)
    for name, pool in service.pools.items():
        steps = [key for key, step in service.steps.items() if step.pool == name]
        homes = {fit.service.steps[key].pool for key in steps if key in fit.service.steps}
        mates = {key for key, step in fit.service.steps.items() if step.pool in homes}
        is_found = len(homes) == 1 and mates == set(steps) & set(fit.service.steps)
        yield _whether("steps of a pool", name, is_found)
        (home,) = sorted(home for home in homes if home is not None)[:1]
        yield _whether(
            "hours of a pool",
            name,
            fit.service.effective_calendars[fit.service.calendar_name(fit.service.pools[home])].hours
            == service.calendars[pool.calendar or ""].hours,
        )
        if (row := rows.get(f"pools.{home}.workers")) is not None:
            yield _row("people of a pool", row, float(pool.workers or 0))
        if (row := rows.get(f"pools.{home}.minutes_per_day")) is not None and pool.minutes_per_day is not None:
            yield _row("direct minutes a day", row, pool.minutes_per_day)
        kind = "critical" if name == known.critical else "other"
        if pool.minutes_per_day is not None:
            yield _whether(f"direct minutes of {kind} pools told", name, f"pools.{home}.minutes_per_day" in rows)
        else:
            yield _whether("whole shift told as such", name, f"pools.{home}.minutes_per_day" not in rows)


def _row(kind: str, row: Learned, true: float) -> Recovered:
    return Recovered(kind, row.key, true, row.value, row.low, row.high)


def _whether(kind: str, key: str, is_found: bool) -> Recovered:
    return Recovered(kind, key, 1.0, float(is_found), float(is_found), float(is_found))
