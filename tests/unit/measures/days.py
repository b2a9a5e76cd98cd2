"""Daily measures made by hand for tests of what is judged from them."""

from __future__ import annotations

from datetime import date, timedelta

from millpond.measures.results import Measures, PeriodRow


def day(period: str, pool: str = "advocates", **changed: object) -> PeriodRow:
    """A day of the worked example of the design: 720 minutes asked for, 480 there, 480 done, 1,200 waiting."""
    values: dict[str, object] = {
        "period": period,
        "pool": pool,
        "demand": 720.0,
        "capacity": 480.0,
        "activity": 480.0,
        "backlog": 1200.0,
        "withdrawn": 0.0,
        "borrowed": 0.0,
        "lent": 0.0,
        "utilisation": None,
        "load": None,
        "demand_visits": 12,
        "activity_visits": 8,
        "withdrawn_visits": 0,
        "backlog_visits": 20,
        "capacity_source": "pool",
        "complete": True,
        "filling": False,
    }
    return PeriodRow(**{**values, **changed})  # type: ignore[arg-type]


def weeks(
    count: int,
    pool: str = "advocates",
    *,
    demand: float = 720.0,
    capacity: float | None = 480.0,
    activity: float | None = None,
    backlog: float = 0.0,
    **changed: object,
) -> list[PeriodRow]:
    """Whole weeks from Monday 6 January 2025; demand and capacity from Monday to Friday, none at weekends."""
    rows = []
    for number in range(count * 7):
        today = date(2025, 1, 6) + timedelta(days=number)
        works = today.weekday() < 5
        asked = demand if works else 0.0
        there = None if capacity is None else capacity if works else 0.0
        done = (min(asked, there or 0.0) if activity is None else activity) if works else 0.0
        backlog += asked - done
        rows.append(
            day(
                today.isoformat(),
                pool,
                **{"demand": asked, "capacity": there, "activity": done, "backlog": backlog, **changed},
            )
        )
    return rows


def measures(rows: list[PeriodRow], by: str = "day", unit: str = "minutes") -> Measures:
    """A result of these rows."""
    last = max((row.period for row in rows), default="2025-01-06")
    return Measures(rows=tuple(rows), notes=(), unit=unit, by=by, as_of=f"{last[:10]}T17:00:00+00:00")
