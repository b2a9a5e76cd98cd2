"""The proof of a fit: what it says of the later part of history, of which it has seen nothing, beside what came.

The model is fitted on the earlier part, begins with the visits that are open at the split and the cases that are
between two visits then, and plays the later part several times. Cases that began since the split are held against
those of reality by the seven distances (`millpond.calibration.distances`), beside the floor: the distance between the
two real parts. Both sides are looked at in the same way, up to the last recorded instant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from millpond.calibration.backtesting.between import cases_between
from millpond.calibration.backtesting.figures import (
    backlog_band,
    distance_rows,
    figure_rows,
    plain_figures,
    target_us,
)
from millpond.calibration.backtesting.parts import ended_by, enough, parts_of, split_day
from millpond.calibration.backtesting.results import Backtest, Figures
from millpond.calibration.backtesting.spans import joins_of, spans_of
from millpond.calibration.distances import Distances, distances, floor_of
from millpond.calibration.event_log import Ints, event_log_of
from millpond.calibration.fitting.fit import fit_service
from millpond.calibration.fitting.known import cut_off
from millpond.calibration.fitting.parallel import parallel_steps
from millpond.calibration.fitting.result import fit_result
from millpond.calibration.replaying import simulated_visits
from millpond.errors import WrongUse
from millpond.measures.four import VisitLog, needs
from millpond.measures.overview import overview
from millpond.model import Service
from millpond.periods import date_of, day_of, local_us
from millpond.simulation.starting import OpenVisit, open_visits

Tell = Callable[[float | None, int], None]
REPLICATIONS = 10
_CARRIED = re.compile(r"-c\d+$")


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
    first_day = split_day(log, as_of_us, split)
    split_us = local_us(first_day, 0, zone)
    known = cut_off(log.visits, as_of_us).to_pyarrow()
    real = event_log_of(known, zone)
    earlier, later = parts_of(real, split_us)
    tell = progress or (lambda share, count: None)
    tell(None, 0)
    fitted = fit_service(log.visits, own, split_us - 1)
    # Where a fit takes another column for the streams, the records' own do not name them.
    opening = tuple(
        replace(visit, stream=fitted.facts.streams.get(visit.case, visit.stream))
        for visit in open_at(log, fitted.service, split_us - 1)
    )
    between = cases_between(fitted)
    # Who had joined and was not yet seen is carried over: not one of the cases that began since.
    waiting = {visit.case for visit in opening}
    later = enough(later.of_cases(np.flatnonzero([case not in waiting for case in later.cases])), earlier)
    last_day = day_of(as_of_us, zone)
    found: list[Distances] = []
    figures: list[list[float | None]] = []
    open_each_day: list[Ints] = []
    days = [local_us(day, 0, zone) for day in range(first_day + 1, last_day + 1)]
    target, joins = target_us(fitted.service), joins_of(known)
    for number, visits in enumerate(
        simulated_visits(
            fitted,
            date_of(first_day),
            last_day - first_day + 1,
            replications=replications,
            seed=seed,
            opening=opening,
            between=between,
        )
    ):
        seen = ended_by(event_log_of(visits, zone, fitted.made_up), as_of_us)
        new = seen.of_cases(np.flatnonzero([not _is_carried(case) for case in seen.cases]))
        if len(new):
            found.append(distances(later, new))
        spans = spans_of(visits, as_of_us, joins, fitted.made_up)
        figures.append(plain_figures(new, spans.begun_since(split_us, _is_carried), target))
        open_each_day.append(spans.under_way(days, _is_carried))
        tell((number + 1) / replications, number + 1)
    if not found:
        raise WrongUse(
            "No case comes in the simulation, so that there is nothing to compare: none came before on such days as "
            "the later part has. Choose another split (--split), or wait for more records."
        )
    real_spans = spans_of(known, as_of_us, joins)
    begun = real_spans.begun_since(split_us, waiting.__contains__)
    return Backtest(
        rows=tuple(distance_rows(found, floor_of(earlier, later))),
        notes=_notes(len(opening), len(between), replications),
        service=fitted.service.name,
        split=date_of(first_day).isoformat(),
        until=date_of(last_day).isoformat(),
        earlier_cases=len(earlier.cases),
        later_cases=len(begun.cases),
        replications=replications,
        figures=Figures(tuple(figure_rows(plain_figures(later, begun, target), figures)), ()),
        backlog=backlog_band(
            [date_of(day).isoformat() for day in range(first_day + 1, last_day + 1)],
            real_spans.under_way(days),
            open_each_day,
        ),
        fit=fit_result(fitted, parallel_steps(fitted.log)),
    )


def _is_carried(case: str) -> bool:
    return _CARRIED.search(case) is not None


def open_at(log: VisitLog, service: Service, as_of_us: int) -> tuple[OpenVisit, ...]:
    """The visits that are open at an instant, from what was known then."""
    visits = cut_off(log.visits, as_of_us)
    spells = log.spells.filter(log.spells.ends_us <= as_of_us)
    return open_visits(needs(VisitLog(visits, spells, (), overview(visits, spells, as_of_us)), service, as_of_us))


def _notes(carried: int, between: int, replications: int) -> tuple[str, ...]:
    return (
        f"{carried:,} visits that were open at the split were carried over, and {between:,} cases between two visits: "
        "which of these come again, where and when, is drawn for each replication from the fitted ways and delays, "
        "given that they had not come yet.",
        "The floor is the distance between the two real parts: history repeated. A model near it is as good as "
        "that, and none can be expected far below.",
        f"Intervals are of the mean over {replications} replications; they tell of luck and not of what the model "
        "leaves out.",
    )
