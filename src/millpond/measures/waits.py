"""How long people wait at each step, from joining its queue to the start of the work.

Those still waiting count as waiting for as long as they have waited (right censoring), and those who withdrew before
they started as never reaching it (a competing risk); see `millpond.measures.survival` for the method. A wait whose
beginning or end is not recorded is unknown, never zero: it is counted and left out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from ibis.expr.types import Table

from millpond.measures.fates import LEFT, NO_JOINING, NO_START, OPEN, REACHED, Tally, tallies, with_fate
from millpond.measures.known import known_at
from millpond.measures.results import MICROSECONDS_A_MINUTE, Result
from millpond.measures.sentences import counted, named
from millpond.measures.survival import Incidence
from millpond.measures.target_time import TARGET_NOTE, against_targets, scaled, target_steps
from millpond.model import Service
from millpond.periods import moment_of


@dataclass(frozen=True)
class WaitRow:
    """The waits at one step; all times in minutes of elapsed time.

    Attributes:
        step: the step's name.
        pool: the pool whose queue it is.
        visits: all that had joined: the sum of the next four.
        started: of these, how many have started, both instants known.
        withdrawn: how many withdrew before they started.
        waiting: how many are still waiting.
        unknown: how many have a wait that the records do not tell.
        median: the wait within which half of all who joined had started; None where not half have.
        p90: the wait within which nine in ten had started; None where they have not.
        mean_completed: the mean wait of started visits only; it leaves out the waits that are not over.
        target: the step's target wait in words; None where it has none.
        within_target: the share of all who joined that starts within the target; None where nobody knows.
        within_target_low, within_target_high: the 95% interval of that share.
    """

    step: str
    pool: str
    visits: int
    started: int
    withdrawn: int
    waiting: int
    unknown: int
    median: float | None
    p90: float | None
    mean_completed: float | None
    target: str | None
    within_target: float | None
    within_target_low: float | None
    within_target_high: float | None


@dataclass(frozen=True)
class CurvePoint:
    """One point of the curve of a step's waits.

    Attributes:
        step: the step's name.
        pool: the pool whose queue it is.
        minutes: elapsed time since joining.
        started: the share of all who joined that had started by then.
        low, high: the 95% interval of that share; None where it has none.
        withdrawn: the share that had withdrawn before starting by then.
        at_risk: how many had waited at least as long.
    """

    step: str
    pool: str
    minutes: float
    started: float
    low: float | None
    high: float | None
    withdrawn: float
    at_risk: int


@dataclass(frozen=True)
class Waits(Result):
    """The waits at every step, with the curve of each.

    Attributes:
        unit: ``minutes`` of elapsed time.
        as_of: the instant at which the records end, ISO 8601 in the service's zone.
        curves: the share started by time since joining, step by step, in the order of the rows.
    """

    rows: tuple[WaitRow, ...]
    unit: str
    as_of: str
    curves: tuple[CurvePoint, ...]
    row_type: ClassVar[type] = WaitRow

    def to_dict(self) -> dict[str, Any]:
        """The whole result as plain values, ready for JSON."""
        return {**super().to_dict(), "curves": [asdict(point) for point in self.curves]}


def waits(visits: Table, service: Service, as_of_us: int) -> Waits:
    """The waits at every step.

    Args:
        visits: the normalised visit log.
        service: says which pool works at each step, what a withdrawal is, the targets, and when pools work.
        as_of_us: the instant at which the records end, in microseconds since 1970-01-01 UTC.

    Returns:
        One row a step and pool, by name. The steps that need no staff have no queue and are left out.
    """
    fated = with_fate(known_at(visits, service, as_of_us), as_of_us)
    groups = tallies(fated, ("step", "pool"), "span_us")
    targets = target_steps(service)
    judged = tallies(against_targets(fated, service, as_of_us), ("step", "pool"), "target_span") if targets else {}
    rows, curves = [], []
    for (step, pool), tally in groups.items():
        incidence = _incidence(tally)
        on_target = _incidence(judged.get((step, pool), Tally()))
        rows.append(_row(step, pool, tally, incidence, service, on_target))
        curves.extend(_curve(step, pool, incidence))
    as_of = moment_of(as_of_us, service.zone).isoformat(timespec="seconds")
    estimated = fated.filter(fated.joined_source == "estimated").count().to_pyarrow().as_py()
    notes = _notes(groups, as_of, estimated, bool(targets))
    return Waits(rows=tuple(rows), notes=notes, unit="minutes", as_of=as_of, curves=tuple(curves))


def _incidence(tally: Tally) -> Incidence:
    """The share started by wait; of nobody where no start can be told, so that nothing is claimed."""
    hidden = tally.count(NO_JOINING, NO_START) > 0 and tally.count(REACHED) == 0
    return (Tally() if hidden else tally).incidence()


def _row(step: str, pool: str, tally: Tally, incidence: Incidence, service: Service, on_target: Incidence) -> WaitRow:
    target = target_steps(service).get(step)
    allowed = None if target is None else scaled(target)[1]
    low, high = (None, None) if allowed is None else on_target.interval(allowed) or (None, None)
    return WaitRow(
        step=step,
        pool=pool,
        visits=tally.total,
        started=tally.count(REACHED),
        withdrawn=tally.count(LEFT),
        waiting=tally.count(OPEN),
        unknown=tally.count(NO_JOINING, NO_START),
        median=in_minutes(incidence.reached(0.5)),
        p90=in_minutes(incidence.reached(0.9)),
        mean_completed=in_minutes(tally.mean_reached()),
        target=None if target is None else target.describe(),
        within_target=None if allowed is None else on_target.at(allowed),
        within_target_low=low,
        within_target_high=high,
    )


def _curve(step: str, pool: str, incidence: Incidence) -> list[CurvePoint]:
    points = []
    for at in incidence.points():
        low, high = incidence.interval(float(incidence.times[at])) or (None, None)
        points.append(
            CurvePoint(
                step=step,
                pool=pool,
                minutes=float(incidence.times[at]) / MICROSECONDS_A_MINUTE,
                started=float(incidence.share[at]),
                low=low,
                high=high,
                withdrawn=float(incidence.other[at]),
                at_risk=int(incidence.at_risk[at]),
            )
        )
    return points


def in_minutes(us: float | None) -> float | None:
    """Microseconds as minutes."""
    return None if us is None else us / MICROSECONDS_A_MINUTE


def _notes(groups: dict[tuple[str, ...], Tally], as_of: str, estimated: int, targets: bool) -> tuple[str, ...]:
    total = sum(tally.total for tally in groups.values())
    if not total:
        return (f"No visit had joined a queue by {as_of}.",)
    started, left, still_open, no_joining, no_start = (
        sum(tally.count(fate) for tally in groups.values()) for fate in (REACHED, LEFT, OPEN, NO_JOINING, NO_START)
    )
    known = started + left + still_open
    notes = []
    if known:
        notes = [
            f"Waits rest on {known:,} of {counted(total, 'visit')}. Started: {started:,}. Still waiting at {as_of}, "
            f"counted as waiting until then: {still_open:,}. Withdrawn before they started, counted among those who "
            f"joined: {left:,}.",
            "mean_completed is of started visits only: it leaves out the waits that are not over.",
        ]
    if no_joining:
        notes.append(
            f"Left out for want of a recorded joining: {counted(no_joining, 'visit')}; their waits are unknown, not "
            "zero."
        )
    if no_start:
        notes.append(
            f"Left out for want of a recorded start: {counted(no_start, 'visit')} that ended. Those still waiting "
            "weigh more in the shares than they would beside them."
        )
    hidden = {step: tally for (step, _), tally in groups.items() if tally.total and not len(_incidence(tally).times)}
    no_joins = [step for step, tally in hidden.items() if tally.count(NO_JOINING) == tally.total]
    no_starts = [step for step in hidden if step not in no_joins]
    if no_joins:
        notes.append(f"No wait can be told at {named(no_joins)}: when visits joined there is not recorded.")
    if no_starts:
        notes.append(f"No wait can be told at {named(no_starts)}: no start is known there.")
    if estimated:
        notes.append(f"The time of joining is an estimate for {counted(estimated, 'visit')}.")
    return (*notes, TARGET_NOTE) if targets else tuple(notes)
