"""From when to when each case was under way, as far as records tell at an instant: real ones and simulated ones alike.

A case is under way from when its first visit joined until its last visit has ended, and on where one of its visits is
still open. Where records do not tell when visits joined, they begin with their start, on both sides: simulated records
know more than real ones, and must not count for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
OPEN = np.iinfo(np.int64).max
"""The end of a case that is still open."""


@dataclass(frozen=True)
class Joins:
    """Of which visits the real records tell when they joined.

    Attributes:
        first: of the first ones of cases.
        later: of the others.
    """

    first: bool
    later: bool


@dataclass(frozen=True, eq=False)
class Spans:
    """From when to when cases were under way, microseconds since 1970-01-01 UTC.

    Attributes:
        cases: their ids.
        begins: when each began.
        ends: when it was over; `OPEN` where it is not.
    """

    cases: tuple[str, ...]
    begins: Ints
    ends: Ints

    def where(self, chosen: npt.NDArray[np.bool_]) -> Spans:
        """Some of them."""
        kept = np.flatnonzero(chosen)
        return Spans(tuple(self.cases[place] for place in kept), self.begins[kept], self.ends[kept])

    def begun_since(self, first_us: int, but: Callable[[str], bool]) -> Spans:
        """Those that began since an instant, without some that were there before although they are seen later."""
        return self.where((self.begins >= first_us) & np.array([not but(case) for case in self.cases], dtype=np.bool_))

    def under_way(self, at_us: Sequence[int], there_before: Callable[[str], bool] = lambda case: False) -> Ints:
        """How many are under way at each of some instants.

        Args:
            at_us: the instants.
            there_before: which cases had begun before all of them, whenever they are seen first.
        """
        before = np.array([there_before(case) for case in self.cases], dtype=np.bool_)
        begins = np.sort(np.where(before, np.iinfo(np.int64).min, self.begins))
        at = np.array(at_us, dtype=np.int64)
        begun = np.searchsorted(begins, at, side="left")
        return np.asarray(begun - np.searchsorted(np.sort(self.ends), at, side="left"), dtype=np.int64)

    @property
    def lead_times_us(self) -> Ints:
        """How long those took that are over."""
        over = self.ends != OPEN
        return np.asarray(self.ends[over] - self.begins[over], dtype=np.int64)


def joins_of(visits: pa.Table) -> Joins:
    """Whether most first visits, and most others, of real records have a joining time.

    Args:
        visits: in the shape of records (`millpond.records.schema.VISITS`).
    """
    told = np.asarray(pc.equal(visits["joined_source"], "recorded").fill_null(False).to_numpy(zero_copy_only=False))
    first = _first(visits)
    return Joins(*(bool(told[some].mean() > 0.5) if some.any() else False for some in (first, ~first)))


def spans_of(visits: pa.Table, as_of_us: int, joins: Joins, leaving_out: Collection[str] = ()) -> Spans:
    """From when to when the cases of some records were under way.

    Args:
        visits: in the shape of records.
        as_of_us: what happened later is not known.
        joins: of which visits real records tell when they joined.
        leaving_out: names of steps that are not to count.
    """
    if leaving_out:
        visits = visits.filter(pc.invert(pc.is_in(visits["step"], pa.array(list(leaving_out), pa.string()))))
    started, ended = (_instants(visits, f"{name}_us") for name in ("started", "ended"))
    tells = np.where(_first(visits), joins.first, joins.later)
    begins = np.where(tells, _instants(visits, "joined_us"), np.minimum(started, ended))
    known = begins <= as_of_us
    cases, number = np.unique(np.array(visits["case"].to_pylist(), dtype=object)[known], return_inverse=True)
    first = np.full(len(cases), OPEN)
    np.minimum.at(first, number, begins[known])
    last = np.full(len(cases), np.iinfo(np.int64).min)
    np.maximum.at(last, number, np.where(ended > as_of_us, OPEN, ended)[known])
    return Spans(tuple(cases.tolist()), first, last)


def _instants(visits: pa.Table, name: str) -> Ints:
    """A column of instants; `OPEN` where there is none."""
    return np.asarray(visits[name].cast(pa.int64()).fill_null(OPEN).to_numpy(), dtype=np.int64)


def _first(visits: pa.Table) -> npt.NDArray[np.bool_]:
    """Which visits are the first of their case."""
    case = np.array(visits["case"].to_pylist(), dtype=object)
    _, number = np.unique(case, return_inverse=True) if len(case) else (case, np.zeros(0, dtype=np.int64))
    order = np.lexsort((np.arange(len(case)), _instants(visits, "joined_us"), number))
    found = np.zeros(len(case), dtype=np.bool_)
    found[order] = np.diff(number[order], prepend=-1) != 0
    return found
