"""The control charts of a folder: which figures, from its measures, and what was decided about them.

It turns rows of the four measures into series; what is chance and what is not is for `millpond.variation`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from millpond.errors import FaultyService, WrongUse
from millpond.folder import moments
from millpond.folder.moments import When
from millpond.measures.results import Measures, PeriodRow
from millpond.model import WatchedChart, label_of
from millpond.model.charts import COUNTS, RARE, Rebase
from millpond.periods import WorkingTime, day_number, working_time
from millpond.variation.chart_results import ControlChart, Variation
from millpond.variation.control import Charted, Series, control_chart
from millpond.variation.rare import cases_between, days_between
from millpond.variation.rhythm import WEEKDAYS, rhythm_of

if TYPE_CHECKING:
    from millpond.folder.asked import Folder

SHARES = ("load", "utilisation")
_ASK = (
    "Is more of it good or bad? Millpond does not assume it.\n"
    "Say --improvement increase (more is good), decrease (less is good) or neutral (neither is); "
    'in Python improvement="decrease".'
)


@dataclass(frozen=True)
class Span:
    """Which days are looked at."""

    first: date | None
    last: date | None
    as_of: When


def variation(folder: Folder, asked: Mapping[str, Any], span: Span) -> Variation:
    """The charts that were asked for, or those that the service keeps an eye on.

    Args:
        folder: the folder.
        asked: the fields of a `WatchedChart`; without a measure, the charts of ``service.toml``.
        span: which days.
    """
    measured: dict[str, Measures] = {}
    wanted = _wanted(folder, asked)
    charts = tuple(_chart(folder, chart, span, measured) for chart in wanted)
    rows = tuple(row for chart in charts for row in chart.rows)
    return Variation(rows, (), folder.service.name, next(iter(measured.values())).as_of, charts)


def watched(folder: Folder, measured: dict[str, Measures], as_of: When) -> Variation | None:
    """The charts that ``service.toml`` keeps an eye on, for the page; a note for each that cannot be made.

    Args:
        folder: the folder.
        measured: measures that are there already, by their period.
        as_of: what ends the series.

    Returns:
        None where it keeps an eye on none.
    """
    if not folder.service.charts:
        return None
    charts, notes = [], []
    for chart in folder.service.charts:
        try:
            charts.append(_chart(folder, chart, Span(None, None, as_of), measured))
        except WrongUse as error:
            notes.append(str(error).replace("\n", " "))
    rows = tuple(row for chart in charts for row in chart.rows)
    known = next(iter(measured.values())).as_of
    return Variation(rows, tuple(notes), folder.service.name, known, tuple(charts))


def _wanted(folder: Folder, asked: Mapping[str, Any]) -> tuple[WatchedChart, ...]:
    service = folder.service
    pool = asked.get("pool")
    if pool is not None and pool not in service.pools:
        # Known from the records alone, or an error that names the nearest.
        folder.measure(by="month", pool=pool)
    if asked.get("measure") is None:
        given = [name for name in asked if name != "pool"]
        if given:
            raise WrongUse(f"{given[0].capitalize()} is given and no measure. Say which figure: --measure backlog.")
        kept = tuple(chart for chart in service.charts if pool in (None, chart.pool))
        if kept:
            return kept
        name = pool or next(iter(service.pools), "advocates")
        whose = f" of {name}" if pool else ""
        raise WrongUse(
            f"service.toml has no charts{whose}, and no figure was asked for.\n"
            f"Ask for one: --pool {name} --measure backlog --improvement decrease; or add to service.toml\n\n"
            f'[[charts]]\npool = "{name}"\nmeasure = "backlog"\nimprovement = "decrease"'
        )
    if asked.get("improvement") is None:
        raise WrongUse(_ASK)
    pools = [pool] if pool is not None else list(service.pools)
    try:
        return tuple(WatchedChart.from_plain({**asked, "pool": name}, "the chart") for name in pools)
    except FaultyService as error:
        told = (str(fault) if fault.where else f"The chart {fault.what}.\n{fault.cure}" for fault in error.faults)
        raise WrongUse("\n".join(told)) from None


def _chart(folder: Folder, chart: WatchedChart, span: Span, measured: dict[str, Measures]) -> ControlChart:
    by = "day" if chart.kind in RARE else chart.by
    if by not in measured:
        measured[by] = folder.measure(by=by, first=span.first, last=span.last, as_of=span.as_of)
    result = measured[by].pool(chart.pool)
    told = [row for row in result.rows if row.complete and not row.filling]
    figure_name = _called(chart)
    label = chart.label or f"{label_of(folder.service.pools, chart.pool)}: {figure_name}"
    if not told:
        raise WrongUse(f"There is no whole {by} on record for the chart {label}. Take a shorter period, or more days.")
    notes = list(result.notes)
    left = len(result.rows) - len(told)
    if left:
        notes.append(
            f"{left} {by if left == 1 else by + 's'} not on record from beginning to end, or still being entered, "
            f"{'is' if left == 1 else 'are'} left out."
        )
    working = _working(folder, chart.pool, told)
    make = _rare if chart.kind in RARE else _regular
    series, rhythm, more = make(chart, told, working)
    about = Charted(
        chart=" ".join([chart.pool, figure_name, *_by(chart)]),
        label=label if chart.weekday is None else f"{label}, {chart.weekday}s",
        pool=chart.pool,
        measure=figure_name,
        unit=_unit(chart, result.unit),
        by="event" if chart.kind in RARE else chart.by,
        rhythm=rhythm,
    )
    return control_chart(
        series,
        about,
        improvement=chart.improvement,
        kind=chart.kind,
        rules=folder.service.chart_rules,
        target=chart.target,
        baseline=chart.baseline,
        rebase=chart.rebase,
        notes=(*notes, *more),
    )


def _called(chart: WatchedChart) -> str:
    """What is charted, in words."""
    if chart.kind == "t":
        return f"days between {chart.measure}"
    if chart.kind == "g":
        return f"{chart.of} between {chart.measure}"
    if chart.rate_of == "working days":
        return f"{chart.measure} a working day"
    joint = {"p": ", of", "u": " for each of"}.get(chart.kind, "")
    return f"{chart.measure}{joint} {chart.of}" if chart.of else chart.measure


def _by(chart: WatchedChart) -> list[str]:
    if chart.kind in RARE:
        return []
    return [f"by {chart.by}", *([] if chart.weekday is None else [chart.weekday])]


def _unit(chart: WatchedChart, unit: str) -> str:
    if chart.kind == "t":
        return "days"
    if chart.kind == "u":
        one = str(chart.rate_of).removeprefix("visits ")
        return "visits a working day" if one == "working days" else f"for each visit {one}"
    if chart.kind == "p" or chart.measure in SHARES:
        return "share"
    own = "visits" if chart.measure in COUNTS else unit
    return own if chart.of is None or chart.kind != "xmr" else f"{own} a working day"


def _regular(
    chart: WatchedChart, rows: Sequence[PeriodRow], working: WorkingTime | None
) -> tuple[Series, str, list[str]]:
    """The series of a chart with a point for each period."""
    notes: list[str] = []
    if chart.by == "day":
        rows, closed = _on_open_days(chart, rows, working)
        notes += closed
    sizes = [_size(row, chart, working) for row in rows]
    known = [
        (row.period, value, size)
        for row, size in zip(rows, sizes, strict=True)
        if (value := figure(row, chart.measure)) is not None and size != 0
    ]
    if len(known) < len(rows):
        left = len(rows) - len(known)
        notes.append(
            f"{left} points are left out, because the figure is not known or there was nothing to set it against."
        )
    periods = tuple(period for period, _, _ in known)
    values = np.array([value for _, value, _ in known], dtype=np.float64)
    if chart.rate_of is not None:
        counted = np.array([size for _, _, size in known], dtype=np.float64)
        if chart.kind != "xmr":
            return Series(periods, values, counted), "none", notes
        values = values / counted
    if chart.by != "day" or chart.weekday is not None:
        return Series(periods, values), "none", notes
    return _without_rhythm(chart, periods, values, notes)


def _on_open_days(
    chart: WatchedChart, rows: Sequence[PeriodRow], working: WorkingTime | None
) -> tuple[list[PeriodRow], list[str]]:
    """The days on which the pool is open, of the weekday where one is asked for."""
    kept = [row for row in rows if working is None or working.is_open(day_number(date.fromisoformat(row.period)))]
    closed = len(rows) - len(kept)
    notes = []
    if closed:
        dropped = {row.period for row in rows} - {row.period for row in kept}
        joined = sum(row.demand_visits for row in rows if row.period in dropped)
        notes.append(
            f"{closed} days on which the pool is closed are not charted"
            + (f", nor the {joined:,} visits that joined on them." if joined else ".")
        )
    if chart.weekday is not None:
        number = WEEKDAYS.index(chart.weekday)
        kept = [row for row in kept if date.fromisoformat(row.period).weekday() == number]
        notes.append(f"Only {chart.weekday}s are charted, so that the other days of the week do not widen the limits.")
    return kept, notes


def _without_rhythm(
    chart: WatchedChart, periods: tuple[str, ...], values: Any, notes: list[str]
) -> tuple[Series, str, list[str]]:
    rhythm = rhythm_of([date.fromisoformat(period) for period in periods], values)
    if rhythm.differ is None:
        notes.append(
            "There are fewer than 12 of some weekday, too few to tell a weekly rhythm from chance; if there is one, "
            "the limits are too wide."
        )
        return Series(periods, values), "unknown", notes
    if not rhythm.differ:
        return Series(periods, values), "none", notes
    if chart.kind == "c":
        notes.append("The days of the week differ, which a c chart does not expect: chart one weekday, or by week.")
        return Series(periods, values), "kept", notes
    ordered = sorted(rhythm.effects.items(), key=lambda effect: effect[1])
    (low, least), (high, most) = ordered[0], ordered[-1]
    notes.append(
        f"The days of the week differ ({high}s by {most:+,.3g}, {low}s by {least:+,.3g} from the mean), so each day is "
        "shown with the usual difference of its weekday taken away."
    )
    return Series(periods, rhythm.values, recorded=values), "removed", notes


def _rare(chart: WatchedChart, rows: Sequence[PeriodRow], working: WorkingTime | None) -> tuple[Series, str, list[str]]:
    """The series of a T or G chart, with a point for each event but the first."""
    days = [date.fromisoformat(row.period) for row in rows]
    events = np.array([figure(row, chart.measure) or 0 for row in rows], dtype=np.float64)
    what = chart.measure.removeprefix("visits ")
    if chart.kind == "t":
        at, values = days_between(days, events)
        several = int((events > 1).sum())
        notes = ["Each point is the number of days since the last day with a visit " + what + "."]
        if several:
            notes.append(f"{several} days had more than one, and count once.")
        since = (days[-1] - at[-1]).days if at else 0
        notes.append(f"{since} days have passed since the last one; they are not a point yet.")
    else:
        cases = np.array([figure(row, chart.of or "visits ended") or 0 for row in rows], dtype=np.float64)
        if np.any(events > cases):
            raise WrongUse(f"There are more {chart.measure} than {chart.of}. Choose an 'of' that they are among.")
        at, values = cases_between(days, events, cases)
        notes = [
            f"Each point is the number of other {chart.of} between two {chart.measure}; within a day they come first."
        ]
    return Series(tuple(day.isoformat() for day in at), values), "none", notes


def figure(row: PeriodRow, measure: str) -> float | None:
    """A figure of a row by the name that charts use; None where it is unknown."""
    if measure == "growth":
        return row.demand - row.activity - row.withdrawn
    if measure == "visits ended":
        return row.activity_visits + row.withdrawn_visits
    named = {
        "visits joined": "demand_visits",
        "visits done": "activity_visits",
        "visits withdrawn": "withdrawn_visits",
        "visits waiting": "backlog_visits",
    }
    value: float | None = getattr(row, named.get(measure, measure))
    return value


def _size(row: PeriodRow, chart: WatchedChart, working: WorkingTime | None) -> float | None:
    """What a figure is set against; None where against nothing."""
    if chart.rate_of is None:
        return None
    if chart.rate_of != "working days":
        return figure(row, str(chart.rate_of))
    first, last = _days_of(row.period, chart.by)
    days = range(day_number(first), day_number(last) + 1)
    return float(len(days) if working is None else sum(working.is_open(day) for day in days))


def _days_of(period: str, by: str) -> tuple[date, date]:
    """The first and last day of a period."""
    first = date.fromisoformat(period if by != "month" else f"{period}-01")
    if by == "month":
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return first, following - timedelta(days=1)
    return first, first + timedelta(days=6 if by == "week" else 0)


def _working(folder: Folder, pool: str, rows: Sequence[PeriodRow]) -> WorkingTime | None:
    """The working time of a pool over its rows; None for a pool that only the records name."""
    if pool not in folder.service.pools:
        return None
    first = date.fromisoformat(f"{rows[0].period}-01" if len(rows[0].period) == 7 else rows[0].period)
    last = date.fromisoformat(f"{rows[-1].period}-01" if len(rows[-1].period) == 7 else rows[-1].period)
    return working_time(folder.service, folder.service.pools[pool], day_number(first), day_number(last) + 31)


def rebases(given: Sequence[Rebase | tuple[Any, str]]) -> list[dict[str, Any]]:
    """Days of rebasing as a chart takes them."""
    plain = [(change.date, change.reason) if isinstance(change, Rebase) else change for change in given]
    return [{"date": moments.day(when, "rebase"), "reason": reason} for when, reason in plain]
