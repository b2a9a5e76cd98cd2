"""Planned minutes of each step: what one of its finished visits took, by the same need that the measures use.

The rule: the mean of the middle 98% of its visits with evidence (recorded minutes, else shared working time from start
to end), leaving out at least the longest and the shortest; the median where there are fewer than ten. A few absurd
durations do not move it. Three significant digits. A step without evidence gets none, and neither does one at which
nine visits in ten end at the instant at which they start: what the rest took says nothing about these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log10
from typing import Any

import ibis
from ibis.expr.types import Table

from millpond.measures.known import known_at
from millpond.measures.need import ELAPSED_TIME, RECORDED, SOURCES, WORKING_TIME, with_need
from millpond.model import Service
from millpond.periods import MICROSECONDS_A_MINUTE, day_of, working_day_table, working_time

FEW = 10
INSTANT = 0.9
_EVIDENCE = (RECORDED, WORKING_TIME, ELAPSED_TIME)


@dataclass(frozen=True)
class StepMinutes:
    """What the visits at one step took.

    Attributes:
        finished: visits that ended and were not withdrawn.
        told: those of them with evidence.
        timed: those with a start and an end and no recorded minutes.
        instant: those of them that ended when they started.
        mean: the robust mean of those told, in minutes; None where there is none, or they are too few among instants.
        by_day: for each day number, minutes of the visits told that ended on it, and how many ended that were not.
    """

    finished: int
    told: int
    timed: int
    instant: int
    mean: float | None
    by_day: Mapping[int, tuple[float, int]]

    def on(self, day: int) -> float:
        """The minutes of work of the visits that ended on a day; those not told count as planned."""
        told, others = self.by_day.get(day, (0.0, 0))
        return told + others * (self.mean or 0.0)


def step_minutes(visits: Table, service: Service, first_day: int, as_of_us: int) -> dict[str, StepMinutes]:
    """What the visits at each step took.

    Args:
        visits: the normalised visit log, each visit with an id of its own.
        service: its steps with their pools, and the calendars; without planned minutes.
        first_day: the day number of the first visit.
        as_of_us: the instant that ends the records, microseconds since 1970-01-01 UTC.

    Returns:
        Step to what is known of it; without the steps that need no staff.
    """
    as_of_day = day_of(as_of_us, service.zone)
    working = {name: working_time(service, pool, first_day, as_of_day + 1) for name, pool in service.pools.items()}
    known = known_at(visits, service, as_of_us)
    needs = with_need(known, None, working_day_table(working), as_of_us, as_of_day)
    finished = needs.filter(needs.ended_us.notnull() & ~needs.withdrawn)
    finished = finished.mutate(
        told=finished.need_source.isin([SOURCES.index(source) for source in _EVIDENCE]),
        timed=finished.started_us.notnull() & finished.minutes_us.isnull(),
    )
    ranked = finished.mutate(
        # Visits of equal need are interchangeable in a sum, so that their order among each other does not matter.
        place=ibis.row_number().over(ibis.window(group_by=["step", "told"], order_by="need_us")),
        among=finished.visit.count().over(ibis.window(group_by=["step", "told"])),
    )
    # How many are left out at either end: one in a hundred, rounded up; of few, all but the middle one or two.
    cut = ibis.ifelse(ranked.among < FEW, (ranked.among - 1) // 2, (ranked.among + 99) // 100)
    middle = ranked.told & (ranked.place >= cut) & (ranked.place < ranked.among - cut)
    groups = ranked.group_by("step", "ended_day").agg(
        finished=ranked.count(),
        told=ranked.count(where=ranked.told),
        told_us=ranked.need_us.sum(where=ranked.told).cast("int64"),
        middle=ranked.count(where=middle),
        middle_us=ranked.need_us.sum(where=middle).cast("int64"),
        timed=ranked.count(where=ranked.timed),
        instant=ranked.count(where=ranked.timed & (ranked.started_us == ranked.ended_us)),
    )
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in groups.to_pyarrow().to_pylist():
        rows[row["step"]].append(row)
    return {step: _of(each) for step, each in rows.items()}


def instant_steps(visits: Table, as_of_us: int) -> frozenset[str]:
    """The steps at whose visits no time was ever spent: none has recorded minutes, or an end after its start.

    Args:
        visits: the normalised visit log.
        as_of_us: the instant that ends the records.
    """
    known = visits.filter(visits.joined_us <= as_of_us)
    spent = (known.started_us < known.ended_us).fill_null(False) | (known.minutes_us > 0).fill_null(False)
    groups = known.group_by("step").agg(spent=known.count(where=spent))
    return frozenset(row["step"] for row in groups.filter(groups.spent == 0).to_pyarrow().to_pylist())


def rounded(value: float, digits: int = 3) -> float:
    """A number with so many significant digits, and never more than so many decimals below 1.

    >>> rounded(27.8843), rounded(1234.5), rounded(0.012345)
    (27.9, 1230.0, 0.0123)
    """
    if value <= 0:
        return 0.0
    return float(round(value, digits - 1 - floor(log10(value))))


def _of(rows: list[dict[str, Any]]) -> StepMinutes:
    total = {
        name: sum(row[name] or 0 for row in rows)
        for name in ("finished", "told", "timed", "instant", "middle", "middle_us")
    }
    mean = total["middle_us"] / total["middle"] / MICROSECONDS_A_MINUTE if total["middle"] else None
    if total["instant"] >= INSTANT * total["finished"]:
        mean = None
    by_day = {
        row["ended_day"]: ((row["told_us"] or 0) / MICROSECONDS_A_MINUTE, row["finished"] - row["told"]) for row in rows
    }
    return StepMinutes(
        total["finished"],
        total["told"],
        total["timed"],
        total["instant"],
        None if mean is None else rounded(mean),
        by_day,
    )
