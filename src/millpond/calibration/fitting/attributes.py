"""A column of the records whose values are classes of cases that take different minutes: it becomes their stream.

The model tells minutes apart by stream and by urgency. Where the records name no streams, all cases begin at one step,
and a further column has two to eight values that each case keeps, its classes are tried step by step as those of
streams are (`millpond.calibration.fitting.classes`); the column by which the Bayesian information criterion falls most
is taken, where it falls by ten or more ("very strong" in the words of Kass and Raftery, 1995), and by twice the
logarithm of the number of columns and steps tried besides.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from ibis.expr.types import Table

from millpond.calibration.fitting.classes import classes_of
from millpond.calibration.fitting.moves import MINUTE_US
from millpond.calibration.fitting.openings import openings_of
from millpond.model import Service
from millpond.records.schema import VISITS, WHILE_READING

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]
FEWEST, MOST, COVERED, STRONG = 2, 8, 0.9, 10.0
_OF_CASES = ("segment", "organisation")
_ALIKE = 0.99


@dataclass(frozen=True)
class Attribute:
    """A column whose values become streams.

    Attributes:
        column: its name.
        steps: the steps at which minutes differ by it.
        gain: by how much the criterion falls in all.
    """

    column: str
    steps: tuple[str, ...]
    gain: float


def attribute_of(visits: Table, drafted: Service) -> Attribute | None:
    """The column that tells minutes apart; None where none does, or the records name streams.

    Args:
        visits: the normalised visit log, cut off.
        drafted: the service as drafted from it.
    """
    columns = [name for name in visits.columns if name not in VISITS and name not in WHILE_READING]
    columns = [*_OF_CASES, *columns]
    if len(drafted.streams) != 1 or set(drafted.streams) != {"all cases"}:
        return None
    rows = visits.filter(visits.started_us.notnull() & visits.ended_us.notnull())
    named = ["case", "step", "started_us", "ended_us", "minutes_us"]
    table = rows.select(*named, *columns, joined="joined_us").order_by("joined").to_pyarrow()
    case, step = (np.array(table[name].to_pylist(), dtype=object) for name in ("case", "step"))
    minutes = _minutes(table, step, drafted)
    first = dict(zip(case[::-1].tolist(), step[::-1].tolist(), strict=True))
    if not first or max(Counter(first.values()).values()) < _ALIKE * len(first):
        return None
    found: list[Attribute] = []
    for column in columns:
        value = _kept_by_cases(case.tolist(), table[column].to_pylist())
        if value is None:
            continue
        gains: dict[str, float] = {}
        for name in sorted(set(step.tolist())):
            here = np.flatnonzero(step == name)
            apart = classes_of(minutes[here], {column: [value.get(each) for each in case[here]]})
            if apart is not None:
                gains[name] = apart.gain
        if gains:
            found.append(Attribute(column, tuple(gains), sum(gains.values())))
    searches = max(len(columns) * len(set(step.tolist())), 1)
    best = max(found, key=lambda each: each.gain, default=None)
    return best if best is not None and best.gain >= STRONG + 2 * math.log(searches) else None


def as_streams(visits: Table, attribute: Attribute) -> Table:
    """The log with the values of a column as its streams."""
    known = visits.group_by("case").agg(of_case=visits[attribute.column].cast("string").min())
    return visits.join(known, "case").drop("stream").rename(stream="of_case").select(*visits.columns)


def _minutes(table: pa.Table, step: Texts, drafted: Service) -> Floats:
    """What each visit took: as recorded, else its working time, else its time by the clock."""
    starts, ends = (table[name].to_numpy().astype(np.int64) for name in ("started_us", "ended_us"))
    if not len(starts):
        return np.zeros(0)
    openings = openings_of(drafted, int(starts.min()), int(ends.max()))
    minutes: Floats = (ends - starts) / MINUTE_US
    for name, each in drafted.steps.items():
        here = np.flatnonzero(step == name)
        if each.pool in openings and len(here):
            worked = openings[each.pool].worked(starts[here], ends[here]) / MINUTE_US
            minutes[here] = np.where(worked > 0, worked, minutes[here])
    recorded = np.array(table["minutes_us"].to_pylist(), dtype=np.float64)
    return np.where(np.isnan(recorded), minutes, recorded / MINUTE_US)


def _kept_by_cases(cases: list[str], values: list[object]) -> Mapping[str, str] | None:
    """The value of each case where it is a list of classes; None where it is not."""
    found: dict[str, str] = {}
    for case, value in zip(cases, values, strict=True):
        if value is None or not str(value).strip():
            continue
        if found.setdefault(case, str(value)) != str(value):
            return None
    counts = Counter(found.values())
    if not FEWEST <= len(counts) <= MOST or counts.total() < COVERED * len(set(cases)):
        return None
    return found
