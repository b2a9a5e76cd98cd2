"""The proof of a fit: what it says of the later part of history, of which it has seen nothing, beside what came.

The model is fitted on the earlier part, begins with the visits that are open at the split, and plays the later part
several times. Cases that began since the split are held against those of reality by the seven distances
(`millpond.calibration.distances`), beside the floor: the distance between the two real parts. Both sides are looked at
in the same way, up to the last recorded instant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from scipy import stats

from millpond.calibration.distances import Distances, case_starts, distances, floor_of, lead_times
from millpond.calibration.event_log import EventLog, Ints, event_log, event_log_of
from millpond.calibration.fitting.fit import fit_service
from millpond.calibration.fitting.known import cut_off
from millpond.calibration.fitting.parallel import parallel_steps
from millpond.calibration.fitting.result import Fit, fit_result
from millpond.calibration.replaying import simulated_logs
from millpond.errors import WrongUse
from millpond.measures.four import VisitLog, needs
from millpond.measures.overview import overview
from millpond.measures.results import Result
from millpond.model import Service
from millpond.periods import date_of, day_of, local_us
from millpond.simulation.starting import OpenVisit, open_visits

Tell = Callable[[float | None, int], None]
REPLICATIONS = 10
FEWEST_CASES = 20
BAND = 0.8
_CARRIED = re.compile(r"-c\d+$")
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


@dataclass(frozen=True)
class DistanceRow:
    """One of the seven distances between what was simulated and what came.

    Attributes:
        distance: its name.
        compares: what it compares, and in which unit.
        value: the mean over the replications.
        low, high: of its 95% interval.
        floor: the distance between the two real parts; history repeated.
        ratio: value over floor; None where the floor is nothing.
    """

    distance: str
    compares: str
    value: float
    low: float
    high: float
    floor: float
    ratio: float | None


@dataclass(frozen=True)
class FigureRow:
    """A plain figure of the cases that began since the split, as it came and as it was simulated.

    Attributes:
        figure: what it is, with its unit.
        real: as it came; None where it is not known.
        simulated: the mean over the replications; None where none has it.
        low, high: of its 95% interval.
    """

    figure: str
    real: float | None
    simulated: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class BacklogRow:
    """The cases under way as a day began.

    Attributes:
        day: the day, ISO 8601.
        real: as it was.
        median: of the replications.
        low, high: between which eight in ten are expected.
    """

    day: str
    real: int
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Figures(Result):
    """The plain figures of a backtest."""

    row_type: ClassVar[type] = FigureRow


@dataclass(frozen=True)
class BacklogBand(Result):
    """The cases under way, day by day, over the band of the replications.

    Attributes:
        inside: the share of days on which reality lay within the band.
    """

    inside: float
    row_type: ClassVar[type] = BacklogRow


@dataclass(frozen=True)
class Backtest(Result):
    """How a fitted model fares on history that it never saw.

    Attributes:
        rows: the seven distances.
        service: the service's name.
        split: the first day of the later part, ISO 8601.
        until: the last recorded day.
        earlier_cases, later_cases: cases in the two parts; the later ones began since the split.
        replications: how often the later part was simulated.
        figures: plain figures.
        backlog: the cases under way.
        fit: the fit on the earlier part.
    """

    service: str
    split: str
    until: str
    earlier_cases: int
    later_cases: int
    replications: int
    figures: Figures
    backlog: BacklogBand
    fit: Fit
    row_type: ClassVar[type] = DistanceRow

    def to_dict(self) -> dict[str, Any]:
        """The whole result as plain values, without the fit."""
        names = ("service", "split", "until", "earlier_cases", "later_cases", "replications")
        return {
            **{name: getattr(self, name) for name in names},
            "rows": [asdict(row) for row in self.rows],
            "figures": [asdict(row) for row in self.figures.rows],
            "backlog": {"inside": self.backlog.inside, "rows": [asdict(row) for row in self.backlog.rows]},
            "notes": list(self.notes),
        }


def backtest(
    log: VisitLog,
    own: Mapping[str, Any],
    as_of_us: int,
    *,
    split: float = 0.7,
    replications: int = REPLICATIONS,
    seed: int = 1,
    progress: Tell | None = None,
) -> Backtest:
    """Fits the earlier part of a log and holds simulations of the later part against it.

    Args:
        log: the records.
        own: what a person says of the service, under the keys of service.toml.
        as_of_us: the last instant that counts, microseconds since 1970-01-01 UTC.
        split: the share of visits in the earlier part.
        replications: how often the later part is simulated.
        seed: of the random draws.
        progress: is told how far it has come.

    Raises:
        WrongUse: the split is no share, or one of the parts has too few cases.
    """
    if not 0 < split < 1:
        raise WrongUse(f"A split of {split:g} leaves nothing on one side. Give a share such as 70%.")
    if not 2 <= replications <= 1000:
        raise WrongUse(f"{replications} replications are too few or too many. Give a number from 2 to 1,000.")
    zone = Service.from_plain({key: own[key] for key in ("name", "timezone") if key in own}).zone
    first_day = _split_day(log, as_of_us, split)
    split_us = local_us(first_day, 0, zone)
    real = event_log_of(cut_off(log.visits, as_of_us).to_pyarrow(), zone)
    earlier, later = _parts(real, split_us)
    tell = progress or (lambda share, count: None)
    tell(None, 0)
    fitted = fit_service(log.visits, own, split_us - 1)
    opening = open_at(log, fitted.service, split_us - 1)
    last_day = day_of(as_of_us, zone)
    found: list[Distances] = []
    figures: list[list[float | None]] = []
    under_way: list[Ints] = []
    days = [local_us(day, 0, zone) for day in range(first_day + 1, last_day + 1)]
    target_us = _target_us(fitted.service)
    for number, whole in enumerate(
        simulated_logs(
            fitted,
            date_of(first_day),
            last_day - first_day + 1,
            replications=replications,
            seed=seed,
            opening=opening,
        )
    ):
        seen = _until(whole, as_of_us)
        new = seen.of_cases(np.flatnonzero([_CARRIED.search(case) is None for case in seen.cases]))
        if len(new):
            found.append(distances(later, new))
        figures.append(_figures(new, target_us))
        under_way.append(_under_way(seen, days))
        tell((number + 1) / replications, number + 1)
    if not found:
        raise WrongUse("No case comes in the simulation, so that there is nothing to compare.")
    carried = {visit.case for visit in opening}
    there = real.of_cases(np.array([n for n, case in enumerate(real.cases) if case in carried], dtype=np.int64))
    real_open = _under_way(later, days) + _under_way(_since(there, split_us), days)
    return Backtest(
        rows=tuple(_distance_rows(found, floor_of(earlier, later))),
        notes=_notes(len(opening), replications),
        service=fitted.service.name,
        split=date_of(first_day).isoformat(),
        until=date_of(last_day).isoformat(),
        earlier_cases=len(earlier.cases),
        later_cases=len(later.cases),
        replications=replications,
        figures=Figures(tuple(_figure_rows(_figures(later, target_us), figures)), ()),
        backlog=_band([date_of(day).isoformat() for day in range(first_day + 1, last_day + 1)], real_open, under_way),
        fit=fit_result(fitted, parallel_steps(fitted.log)),
    )


def open_at(log: VisitLog, service: Service, as_of_us: int) -> tuple[OpenVisit, ...]:
    """The visits that are open at an instant, from what was known then."""
    visits = cut_off(log.visits, as_of_us)
    spells = log.spells.filter(log.spells.ends_us <= as_of_us)
    return open_visits(needs(VisitLog(visits, spells, (), overview(visits, spells, as_of_us)), service, as_of_us))


def _split_day(log: VisitLog, as_of_us: int, split: float) -> int:
    joined = log.visits.filter(log.visits.joined_us <= as_of_us).select("joined_day").to_pyarrow()
    days = np.sort(joined["joined_day"].to_numpy())
    if not len(days):
        raise WrongUse("There are no visits to split.")
    return int(days[min(int(split * len(days)), len(days) - 1)])


def _parts(real: EventLog, split_us: int) -> tuple[EventLog, EventLog]:
    if len(real):
        starts = case_starts(real)
        before = real.of_cases(np.flatnonzero(starts < split_us))
        earlier, later = _until(before, split_us - 1), real.of_cases(np.flatnonzero(starts >= split_us))
        if min(len(earlier.cases), len(later.cases)) >= FEWEST_CASES:
            return earlier, later
        few = f"{len(earlier.cases)} cases begin before the split and {len(later.cases)} after it"
    else:
        few = "no visit has ended"
    raise WrongUse(
        f"This history is too short to prove a model: {few}, and {FEWEST_CASES} are needed on either side.\n"
        "Wait for more records, or choose another split (--split)."
    )


def _until(log: EventLog, last_us: int) -> EventLog:
    """The visits that had ended by an instant."""
    return _chosen(log, log.ended_us <= last_us)


def _since(log: EventLog, first_us: int) -> EventLog:
    return _chosen(log, log.ended_us >= first_us)


def _chosen(log: EventLog, kept: npt.NDArray[np.bool_]) -> EventLog:
    workers = [None if number < 0 else log.workers[number] for number in log.worker[kept]]
    cases = [log.cases[number] for number in log.case[kept]]
    return event_log(cases, log.step[kept], workers, log.started_us[kept], log.ended_us[kept], log.zone)


def _under_way(log: EventLog, days: list[int]) -> Ints:
    """How many cases had begun and still had a visit to end, as each day began."""
    if not len(log):
        return np.zeros(len(days), dtype=np.int64)
    starts = case_starts(log)
    ends = starts + lead_times(log)
    at = np.array(days, dtype=np.int64)
    begun = np.searchsorted(np.sort(starts), at, side="left")
    over = np.searchsorted(np.sort(ends), at, side="left")
    return np.asarray(begun - over, dtype=np.int64)


_FIGURES = (
    "cases begun",
    "visits for each case",
    "mean lead time, hours",
    "median lead time, hours",
    "lead time that 9 in 10 keep to, hours",
)
_WITHIN = "share of cases within the target"


def _target_us(service: Service) -> int | None:
    """The target for lead times as elapsed time; None where there is none, or it counts working days."""
    target = service.targets.target
    if target is None or target.is_working_time:
        return None
    hours = {"minutes": 1 / 60, "hours": 1.0, "days": 24.0, "weeks": 168.0}[target.unit]
    return round(target.amount * hours * _HOURS_US)


def _figures(log: EventLog, target_us: int | None) -> list[float | None]:
    if not len(log):
        return [0.0, None, None, None, None, None]
    lengths = lead_times(log)
    hours = lengths / _HOURS_US
    within = None if target_us is None else float((lengths <= target_us).mean())
    quantiles = np.quantile(hours, (0.5, 0.9))
    found = (len(log.cases), len(log) / len(log.cases), hours.mean(), *quantiles)
    return [*(float(value) for value in found), within]


def _figure_rows(real: list[float | None], simulated: list[list[float | None]]) -> list[FigureRow]:
    rows = []
    for place, name in enumerate((*_FIGURES, _WITHIN)):
        values = [each[place] for each in simulated]
        known = np.array([value for value in values if value is not None], dtype=np.float64)
        if name == _WITHIN and real[place] is None:
            continue
        mean, low, high = _interval(known) if len(known) else (None, None, None)
        rows.append(FigureRow(name, real[place], mean, low, high))
    return rows


def _distance_rows(found: list[Distances], floor: Distances) -> list[DistanceRow]:
    values = np.array([each.values() for each in found])
    rows = []
    for place, (name, least) in enumerate(zip(Distances.names(), floor.values().tolist(), strict=True)):
        mean, low, high = _interval(values[:, place])
        ratio = mean / least if least > 0 else None
        rows.append(DistanceRow(name, _MEANINGS[name], mean, low, high, least, ratio))
    return rows


def _interval(values: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """A mean and its 95% interval (Student's t); the mean alone where there is one value."""
    mean = float(values.mean())
    if len(values) < 2:
        return mean, mean, mean
    half = float(stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return mean, mean - half, mean + half


def _band(days: list[str], real: Ints, simulated: list[Ints]) -> BacklogBand:
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
    inside = float(((real >= low) & (real <= high)).mean()) if days else 1.0
    promised = (count + 1 - 2 * rank) / (count + 1)
    note = f"With {count} replications the band is one of {100 * promised:.0f}%."
    return BacklogBand(rows, (note,), inside)


def _notes(carried: int, replications: int) -> tuple[str, ...]:
    return (
        f"{carried:,} visits that were open at the split were carried over; cases between two visits were not, for "
        "nobody knew then whether they would come again.",
        "The floor is the distance between the two real parts: history repeated. A model near it is as good as "
        "that, and none can be expected far below.",
        f"Intervals are of the mean over {replications} replications; they tell of luck and not of what the model "
        "leaves out.",
    )
