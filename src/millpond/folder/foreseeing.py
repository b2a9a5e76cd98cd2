"""What a folder hands to forecasts, seasonality and distributions, and what comes back.

Nothing is fitted here: counts and lengths are taken from the records, and handed on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np

from millpond.errors import WrongUse
from millpond.folder.counting import Counted, counted, must_be_known
from millpond.folder.moments import When
from millpond.measures.fates import LEFT, NO_START, OPEN, REACHED, Tally, tallies, with_fate
from millpond.measures.four import needs
from millpond.measures.known import known_at
from millpond.measures.need import NOTHING, PLANNED, SOURCES
from millpond.measures.results import MICROSECONDS_A_MINUTE

if TYPE_CHECKING:
    from millpond.folder.opened import Tell
    from millpond.folder.verbs.measuring import MeasuredFolder
    from millpond.variation.distributions import Distributions, Sample
    from millpond.variation.forecast import Forecast
    from millpond.variation.kaplan_meier import Lengths
    from millpond.variation.seasonality import Seasonality

KINDS = ("work", "wait")


def forecast_of(
    folder: MeasuredFolder,
    weeks: int,
    pool: str | None,
    stream: str | None,
    as_of: When,
    seed: int,
    progress: Tell | None,
) -> Forecast:
    """The forecast of a folder; see `Folder.forecast`."""
    from millpond.variation.forecast import forecast

    counts = counted(folder, pool, stream, as_of)
    each, notes = _minutes_each(folder, counts, pool, stream, as_of)
    return forecast(
        counts.series,
        7 * weeks,
        of=counts.of,
        unit=counts.unit,
        skip=counts.skip,
        minutes_each=each,
        seed=seed,
        notes=(*counts.notes, *notes),
        progress=progress,
    )


def seasonality_of(folder: MeasuredFolder, pool: str | None, stream: str | None, as_of: When) -> Seasonality:
    """The seasonality of a folder; see `Folder.seasonality`."""
    from millpond.variation.seasonality import seasonality

    counts = counted(folder, pool, stream, as_of)
    return seasonality(counts.series, of=counts.of, unit=counts.unit, by_hour=counts.by_hour, notes=counts.notes)


def distributions_of(folder: MeasuredFolder, of: str | None, step: str | None, as_of: When) -> Distributions:
    """The distributions of a folder; see `Folder.distributions`."""
    from millpond.variation.distributions import distributions

    if of is not None and of not in KINDS:
        raise WrongUse(f"There are no distributions of '{of}'. Choose {' or '.join(KINDS)}.")
    samples = [sample for kind in KINDS if of in (None, kind) for sample in _samples(folder, kind, as_of)]
    if step is not None:
        known = sorted({sample.step for sample in samples} | set(folder.service.steps))
        must_be_known(step, known, "step", folder)
        samples = [sample for sample in samples if sample.step == step]
    notes = []
    if of != "wait":
        notes.append(
            "Work is the minutes recorded, or the working time between start and end; what open visits have had so "
            "far, and withdrawn ones, counts as at least so long."
        )
    if of != "work":
        notes.append(
            "Waits are elapsed time from joining to start; visits that still wait, and people who left before they "
            "were seen, count as at least so long."
        )
    return distributions(samples, as_of=folder.as_of_text(as_of), notes=tuple(notes))


def _minutes_each(
    folder: MeasuredFolder, counts: Counted, pool: str | None, stream: str | None, as_of: When
) -> tuple[float | None, tuple[str, ...]]:
    """The mean minutes of work that one of what is counted brings, and what that is."""
    if folder.records().kind == "daily totals" or pool is not None:
        return _minutes_of_visits(folder, counts, pool, as_of)
    contents: dict[str, float | None] = {}
    for row in folder.arrival_content(as_of).rows:
        before = contents.get(row.stream, 0.0)
        contents[row.stream] = None if before is None or row.minutes is None else before + row.minutes
    came: dict[str, int] = {}
    for arrived in folder.arrivals(by="month", as_of=as_of).rows:
        came[arrived.stream] = came.get(arrived.stream, 0) + arrived.arrivals
    wanted = {name: number for name, number in came.items() if number and stream in (None, name)}
    known = {name: minutes for name in wanted if (minutes := contents.get(name)) is not None}
    if not wanted or set(known) != set(wanted):
        lacking = ", ".join(sorted(set(wanted) - set(known)))
        why = f"How much work a case brings is not known of: {lacking}. " if lacking else ""
        return None, (f"{why}Minutes are told where service.toml has the streams, their steps and planned minutes.",)
    each = sum(number * known[name] for name, number in wanted.items()) / sum(wanted.values())
    return each, ("The work of a case is its work content: what it brings to all pools over its whole way.",)


def _minutes_of_visits(
    folder: MeasuredFolder, counts: Counted, pool: str | None, as_of: When
) -> tuple[float | None, tuple[str, ...]]:
    if folder.records().kind == "daily totals":
        measured = folder.measure(by="day", pool=pool, as_of=as_of)
        visits = sum(row.demand_visits for row in measured.rows)
        if measured.unit != "minutes" or not visits:
            return None, ("Minutes are not known: the totals do not say how long a visit takes.",)
        return sum(row.demand for row in measured.rows) / visits, ()
    needed = needs(folder.log(), folder.service, folder.as_of_us(as_of))
    needed = needed.filter((needed.pool == pool) & (needed.need_source != SOURCES.index(NOTHING)))
    total = needed.agg(us=needed.need_us.sum().cast("int64"), number=needed.count()).to_pyarrow().to_pylist()[0]
    if not total["number"]:
        return None, ("Minutes are not known: nothing says how long a visit takes.",)
    return total["us"] / total["number"] / MICROSECONDS_A_MINUTE, ()


def _samples(folder: MeasuredFolder, kind: str, as_of: When) -> list[Sample]:
    """The lengths of work, or of waits, of each step."""
    from millpond.variation.distributions import Sample

    as_of_us = folder.as_of_us(as_of)
    log = folder.log()
    if kind == "wait":
        fated = with_fate(known_at(log.visits, folder.service, as_of_us), as_of_us)
    else:
        needed = needs(log, folder.service, as_of_us)
        evident = needed.need_source < SOURCES.index(PLANNED)
        over = needed.ended_us.notnull() & ~needed.withdrawn
        fate = ibis.cases((over & evident, REACHED), (~over & (needed.done_us > 0), OPEN), else_=NO_START)
        fated = needed.mutate(fate=fate, span_us=ibis.ifelse(over, needed.need_us, needed.done_us))
    found = tallies(fated, ("step", "pool"), "span_us")
    return [
        Sample(kind, step, pool, _lengths(tally), int(tally.reached[tally.times == 0].sum()))
        for (step, pool), tally in found.items()
        if tally.count(REACHED, LEFT, OPEN)
    ]


def _lengths(tally: Tally) -> Lengths:
    from millpond.variation.kaplan_meier import Lengths

    some = tally.times > 0
    unfinished = (tally.left + tally.still_open)[some].astype(np.int64)
    return Lengths(tally.times[some] / MICROSECONDS_A_MINUTE, tally.reached[some].astype(np.int64), unfinished)
