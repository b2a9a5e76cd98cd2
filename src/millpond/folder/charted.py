"""The control charts of a folder: which figures, from its measures, and what was decided about them.

What is chance and what is not is for `millpond.variation`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from millpond.errors import FaultyService, WrongUse
from millpond.folder import moments
from millpond.folder.moments import When
from millpond.folder.series import between_events, by_period
from millpond.folder.waiting_series import of_waits
from millpond.measures.results import Measures, PeriodRow
from millpond.model import WatchedChart, label_of
from millpond.model.charts import COUNTS, IN_TIME, RARE, WAITS, Rebase
from millpond.periods import WorkingTime, day_number, working_time
from millpond.variation.chart_results import ControlChart, Variation
from millpond.variation.control import Charted, control_chart

if TYPE_CHECKING:
    from millpond.folder.verbs.measuring import MeasuredFolder

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


def variation(folder: MeasuredFolder, asked: Mapping[str, Any], span: Span) -> Variation:
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


def watched(folder: MeasuredFolder, measured: dict[str, Measures], as_of: When) -> Variation | None:
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


def _wanted(folder: MeasuredFolder, asked: Mapping[str, Any]) -> tuple[WatchedChart, ...]:
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


def _chart(folder: MeasuredFolder, chart: WatchedChart, span: Span, measured: dict[str, Measures]) -> ControlChart:
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
    if chart.measure in (*WAITS, IN_TIME):
        series, rhythm, more = of_waits(folder, chart, [row.period for row in told], span.as_of)
    else:
        make = between_events if chart.kind in RARE else by_period
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
    if chart.measure in WAITS:
        return "hours"
    own = "visits" if chart.measure in COUNTS else unit
    return own if chart.of is None or chart.kind != "xmr" else f"{own} a working day"


def _working(folder: MeasuredFolder, pool: str, rows: Sequence[PeriodRow]) -> WorkingTime | None:
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
