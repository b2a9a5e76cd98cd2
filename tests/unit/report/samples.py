"""Results made by hand for the report's tests: small enough to check, or shaped like a year of a real service."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from millpond.measures.arrivals import HourRow, HoursOfTheWeek
from millpond.measures.caseload import Caseload, CaseloadRow, PoolCaseload
from millpond.measures.clearing import clearing
from millpond.measures.critical import critical_resource
from millpond.measures.lead_times import LeadTimeRow, LeadTimes
from millpond.measures.results import Measures, PeriodRow
from millpond.measures.waiting import Breaches, BreachRow, Waiting, WaitingRow
from millpond.measures.waits import CurvePoint, WaitRow, Waits
from millpond.measures.work_content import WorkContent, WorkContentRow
from millpond.model import Service, parse_service
from millpond.records.findings import Finding
from millpond.records.lag import RecordingLag
from millpond.records.quality import QualityReport
from millpond.report.coarser import coarser
from millpond.report.results import ReportResults


def row(period: str, pool: str = "advocates", **changed: object) -> PeriodRow:
    """The worked example of the design: 720 minutes asked for, 480 there, 480 done, 1,200 waiting."""
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
        "utilisation": 1.0,
        "load": 1.5,
        "demand_visits": 12,
        "activity_visits": 8,
        "withdrawn_visits": 0,
        "backlog_visits": 20,
        "capacity_source": "pool",
        "complete": True,
        "filling": False,
    }
    return PeriodRow(**{**values, **changed})  # type: ignore[arg-type]


def measures(rows: list[PeriodRow], by: str = "day", unit: str = "minutes", notes: tuple[str, ...] = ()) -> Measures:
    """A result of these rows, as of the evening of the last of them."""
    last = max((r.period for r in rows), default="2025-01-06")
    return Measures(rows=tuple(rows), notes=notes, unit=unit, by=by, as_of=f"{last[:10]}T17:00:00+00:00")


def worked_example() -> Measures:
    """Three days of the worked example: the backlog is 1,200 and grows by 240 a day."""
    days = ("2025-01-06", "2025-01-07", "2025-01-08")
    return measures([row(day, backlog=1200.0 + 240.0 * i, backlog_visits=20 + 4 * i) for i, day in enumerate(days)])


def year(
    pools: tuple[str, ...] = ("coordinators", "advocates", "counsellors"),
    first: date = date(2024, 4, 1),
    days: int = 365,
    seed: int = 7,
    filling_days: int = 6,
) -> Measures:
    """A year of daily rows in which the second pool loses a worker in October and its backlog starts to grow."""
    draw = random.Random(seed)
    rows: list[PeriodRow] = []
    for number, pool in enumerate(pools):
        need = (20.0, 60.0, 50.0)[number % 3]
        workers = (2, 4, 3)[number % 3]
        backlog = 0.0
        waiting = 0
        for i in range(days):
            day = first + timedelta(days=i)
            open_today = day.weekday() < 5 and (day.month, day.day) not in ((12, 25), (12, 26), (1, 1))
            staff = workers - (1 if number % 3 == 1 and day >= date(2024, 10, 14) else 0)
            capacity = staff * 240.0 if open_today else 0.0
            season = 1.15 if day.month in (11, 12, 1) else 0.78 if day.month == 8 else 1.0
            expected = workers * 240.0 / need * (0.7, 0.72, 0.79)[number % 3] * season
            visits = max(0, round(draw.gauss(expected if day.weekday() < 5 else expected * 0.35, expected**0.5)))
            if i >= days - filling_days:
                visits = round(visits * 0.7)
            demand = visits * need
            gone = 1 if waiting > 40 and draw.random() < 0.3 else 0
            withdrawn = gone * need
            activity = min(backlog + demand - withdrawn, capacity * draw.uniform(0.93, 1.0))
            done = round(activity / need)
            backlog = backlog + demand - activity - withdrawn
            waiting = max(0, waiting + visits - done - gone)
            rows.append(
                row(
                    day.isoformat(),
                    pool,
                    demand=demand,
                    capacity=capacity,
                    activity=activity,
                    backlog=backlog,
                    withdrawn=withdrawn,
                    utilisation=activity / capacity if capacity else None,
                    load=demand / capacity if capacity else None,
                    demand_visits=visits,
                    activity_visits=done,
                    withdrawn_visits=gone,
                    backlog_visits=waiting,
                    complete=i < days - 1,
                    filling=i >= days - filling_days,
                )
            )
    rows.sort(key=lambda r: (r.period, pools.index(r.pool)))
    return measures(rows)


def hours_of_the_week(arrivals: dict[tuple[int, int], int], weeks: int = 52) -> HoursOfTheWeek:
    """So many new cases in each (weekday, hour) over so many weeks."""
    rows = tuple(
        HourRow(
            weekday=d,
            hour=h,
            arrivals=arrivals.get((d, h), 0),
            hours=weeks,
            mean=arrivals.get((d, h), 0) / weeks,
        )
        for d in range(7)
        for h in range(24)
    )
    return HoursOfTheWeek(rows=rows, notes=(), unit="cases an hour", as_of="2025-03-31T17:00:00+01:00")


def office_hours(seed: int = 3) -> HoursOfTheWeek:
    """Most cases in the morning of working days, a few at the weekend."""
    draw = random.Random(seed)
    return hours_of_the_week(
        {
            (d, h): max(0, round(draw.gauss((30 if d < 5 else 6) * (1.4 if h in (9, 10, 11) else 0.8), 5)))
            for d in range(7)
            for h in range(8, 20)
        }
    )


def waits() -> Waits:
    """Two steps: one that nearly everybody starts within days, one with a long queue that a tenth leave."""
    rows, curves = [], []
    for step, pool, scale, leave, final in (
        ("triage", "coordinators", 900.0, 0.02, 0.97),
        ("advocacy", "advocates", 60000.0, 0.11, 0.78),
    ):
        n, at_risk = 120, 1500
        for i in range(1, n + 1):
            t = scale * 3.2 * i / n
            share = final * (1 - 2.718281828 ** (-t / scale))
            curves.append(
                CurvePoint(
                    step,
                    pool,
                    t,
                    share,
                    max(0.0, share - 0.03),
                    min(1.0, share + 0.03),
                    leave * i / n,
                    at_risk,
                )
            )
            at_risk -= 11
        rows.append(
            WaitRow(
                step=step, pool=pool, visits=1600, started=1350, withdrawn=int(1600 * leave), waiting=60, unknown=14,
                median=scale * 0.72, p90=scale * 2.4 if final > 0.9 else None, mean_completed=scale * 0.8,
                target="2 working days", within_target=0.71, within_target_low=0.69, within_target_high=0.73,
            )
        )  # fmt: skip
    return Waits(rows=tuple(rows), notes=(), unit="minutes", as_of="2025-03-31T17:00:00+01:00", curves=tuple(curves))


def service() -> Service:
    """A small victim support service, with labels."""
    return parse_service(
        """
        name = "Northshire victim support"
        holidays = "GB-ENG"

        [pools.coordinators]
        label = "Referral coordinators"
        workers = 2
        minutes_per_day = 240

        [pools.advocates]
        label = "Independent domestic violence advisers"
        workers = 4
        minutes_per_day = 240

        [pools.counsellors]
        label = "Counsellors"
        workers = 3
        minutes_per_day = 240

        [streams.police]
        label = "Police referrals"
        first_step = "triage"

        [steps.triage]
        label = "Triage"
        pool = "coordinators"
        minutes = 20
        next = "advocacy"

        [steps.advocacy]
        label = "Advocacy"
        pool = "advocates"
        minutes = 60
        target_wait = "5 working days"
        next = { counselling = 0.4, closed = 0.6 }

        [steps.counselling]
        label = "Counselling"
        pool = "counsellors"
        minutes = 50
        next = "closed"
        """
    )


def waiting() -> Waiting:
    """The longest waiters of 352, all beyond their target or without one."""
    rows = tuple(
        WaitingRow(
            visit=f"v{i}",
            case=f"NS-2024-{1040 + 7 * i}",
            step="advocacy",
            pool="advocates",
            joined=f"2024-{12 - i // 8:02d}-{24 - i:02d}T10:30:00+00:00",
            waited=(97 - 1.3 * i) * 1440,
            target="5 working days",
            breached=True,
        )
        for i in range(12)
    )
    return Waiting(rows=rows, notes=(), unit="minutes", as_of="2025-03-31T17:00:00+01:00", waiting=352)


def breaches() -> Breaches:
    """One step with a target, which three visits in ten missed."""
    made = BreachRow("advocacy", "advocates", "5 working days", 1480, 431, 0.291, 0.268, 0.315, 290, 62, 21, 4)
    return Breaches(rows=(made,), notes=(), unit="visits", as_of="2025-03-31T17:00:00+01:00")


def caseload() -> Caseload:
    """Three workers and the cases that nobody has yet."""
    rows = [CaseloadRow("advocates", worker, cases) for worker, cases in (("amina", 61), ("ben", 48), ("chloe", 3))]
    rows.append(CaseloadRow("advocates", None, 240))
    pool = PoolCaseload("advocates", open_cases=352, not_allocated=240, workers=3.0, mean=37.3, most=61)
    as_of = "2025-03-31T17:00:00+01:00"
    return Caseload(rows=tuple(rows), notes=(), unit="cases", as_of=as_of, pools=(pool,))


def lead_times() -> LeadTimes:
    """All cases together."""
    made = LeadTimeRow(None, 2100, 1500, 160, 440, 0, 12, 38880.0, None, 30000.0, None, None, None, None)
    return LeadTimes(rows=(made,), notes=(), unit="minutes", as_of="2025-03-31T17:00:00+01:00")


def work_content() -> WorkContent:
    """Open cases that will come back for more, at one pool in a number that nobody can tell."""
    rows = (
        WorkContentRow("coordinators", 9, 180.0, 0.0, 0.0, 180.0, 0.0),
        WorkContentRow("advocates", 352, 20940.0, 211.5, 12690.0, 33630.0, 0.0),
        WorkContentRow("counsellors", 12, 600.0, None, None, None, 0.0),
    )
    return WorkContent(rows=rows, notes=(), unit="minutes", as_of="2025-03-31T17:00:00+01:00")


def quality() -> QualityReport:
    """Some starts are missing, a few rows were set aside, and the last days are filling up."""
    found = (
        Finding("set aside", 12, 12 / 9_812, "12 rows set aside: the case is blank."),
        Finding("missing starts", 412, 0.042, "412 visits (4%) have an end but no start; their work falls on the end."),
    )
    lag = RecordingLag(date(2025, 3, 26), "Days from 2025-03-26 are probably still filling up.", "counts")
    return QualityReport("records.csv", rows=9_812, kept=9_800, set_aside=12, findings=found, lag=lag)


def results(**changed: Any) -> ReportResults:
    """Everything that a page can show, for a year of three pools."""
    daily = year()
    made = ReportResults(
        service=service(),
        measures=coarser(daily, "week"),
        critical=critical_resource(daily, {name: service().pools[name].label or name for name in service().pools}),
        clearing=clearing(daily),
        work_content=work_content(),
        waits=waits(),
        waiting=waiting(),
        breaches=breaches(),
        lead_times=lead_times(),
        arrivals=office_hours(),
        caseload=caseload(),
        quality=quality(),
    )
    return replace(made, **changed)
