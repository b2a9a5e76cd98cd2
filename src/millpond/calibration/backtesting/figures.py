"""The figures of a backtest: the seven distances, what a manager knows, and the cases under way over a band."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from millpond.calibration.backtesting.results import BacklogBand, BacklogRow, DistanceRow, FigureRow
from millpond.calibration.backtesting.spans import Spans
from millpond.calibration.distances import Distances
from millpond.calibration.event_log import EventLog, Ints
from millpond.model import Service

BAND = 0.8
_HOURS_US = 3_600_000_000
_MEANINGS = {
    "NGD": "sequences of three steps, 0 to 1",
    "AED": "times of events, hours",
    "CAR": "times at which cases begin, hours",
    "CED": "hours of the day of events, hours",
    "RED": "times of events since their case began, hours",
    "CTD": "lead times, hours",
    "CWD": "workers busy by hour of the week, hours",
}


_FIGURES = (
    "cases begun",
    "visits for each case",
    "mean lead time, hours",
    "median lead time, hours",
    "lead time that 9 in 10 keep to, hours",
)
_WITHIN = "share of cases within the target"


def target_us(service: Service) -> int | None:
    """The target for lead times as elapsed time; None where there is none, or it counts working days."""
    target = service.targets.target
    if target is None or target.is_working_time:
        return None
    hours = {"minutes": 1 / 60, "hours": 1.0, "days": 24.0, "weeks": 168.0}[target.unit]
    return round(target.amount * hours * _HOURS_US)


def plain_figures(log: EventLog, begun: Spans, target_us: int | None) -> list[float | None]:
    """The plain figures of a log, in the order of `_FIGURES`, then the share of cases within the target.

    Args:
        log: its finished visits.
        begun: from when to when its cases were under way.
        target_us: the target for lead times.
    """
    visits = len(log) / len(log.cases) if len(log) else None
    lengths = begun.lead_times_us
    if not len(lengths):
        return [float(len(begun.cases)), visits, None, None, None, None]
    hours = lengths / _HOURS_US
    within = None if target_us is None else float((lengths <= target_us).mean())
    median, most = np.quantile(hours, (0.5, 0.9))
    return [float(len(begun.cases)), visits, float(hours.mean()), float(median), float(most), within]


def figure_rows(real: list[float | None], simulated: list[list[float | None]]) -> list[FigureRow]:
    """The plain figures of reality beside those of the replications."""
    rows = []
    for place, name in enumerate((*_FIGURES, _WITHIN)):
        values = [each[place] for each in simulated]
        known = np.array([value for value in values if value is not None], dtype=np.float64)
        if name == _WITHIN and real[place] is None:
            continue
        mean, low, high = _interval(known) if len(known) else (None, None, None)
        rows.append(FigureRow(name, real[place], mean, low, high))
    return rows


def distance_rows(found: list[Distances], floor: Distances) -> list[DistanceRow]:
    """The seven distances over the replications, beside the floor; none is below 0, nor its interval."""
    values = np.array([each.values() for each in found])
    rows = []
    for place, (name, least) in enumerate(zip(Distances.names(), floor.values().tolist(), strict=True)):
        mean, low, high = _interval(values[:, place])
        ratio = mean / least if least > 0 else None
        rows.append(DistanceRow(name, _MEANINGS[name], mean, max(low, 0.0), high, least, ratio))
    return rows


def backlog_band(days: list[str], real: Ints, simulated: list[Ints]) -> BacklogBand:
    """The band in which a further replication lies with a probability as near 80% as order statistics allow."""
    ordered = np.sort(np.array(simulated), axis=0)
    count = len(ordered)
    rank = max(1, round((1 - BAND) / 2 * (count + 1)))
    low, high = ordered[rank - 1], ordered[count - rank]
    median = np.median(ordered, axis=0)
    rows = tuple(
        BacklogRow(day, int(real[place]), float(median[place]), float(low[place]), float(high[place]))
        for place, day in enumerate(days)
    )
    inside = float(((real >= low) & (real <= high)).mean()) if days else None
    promised = (count + 1 - 2 * rank) / (count + 1)
    note = f"With {count} replications the band is one of {100 * promised:.0f}%."
    return BacklogBand(rows, (note,), inside, promised)


def _interval(values: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """A mean and its 95% interval (Student's t); the mean alone where there is one value."""
    mean = float(values.mean())
    if len(values) < 2:
        return mean, mean, mean
    half = float(stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return mean, mean - half, mean + half
