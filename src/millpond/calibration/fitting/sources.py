"""The streams of a service with the rhythm in which their cases come.

They are those that the draft found: values of the records' stream or channel, else first steps. To first steps that are
too rare for a stream in a draft a stream is given too where one case in a hundred, three at least, begins there, and
not only at the beginning of the records, where cases are seen from their middle on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ibis.expr.types import Table

from millpond.calibration.fitting.blocks import Block
from millpond.calibration.fitting.evidence import Evidence, Learned
from millpond.calibration.fitting.history import UNKNOWN, History
from millpond.calibration.fitting.moves import entry_of
from millpond.calibration.fitting.rhythm import rhythm_of
from millpond.calibration.streams import UNSTATED
from millpond.model import Service, Stream

FEWEST, RARE = 3, 0.01
_LATER = 0.25
"""So much of the cases of a rare first step must begin in the later half of the records."""


@dataclass(frozen=True)
class Sources:
    """Where cases come from.

    Attributes:
        streams: the streams with their rhythm.
        of_case: the stream of each case that has come.
    """

    streams: dict[str, Stream]
    of_case: Mapping[str, str]


def streams_of(visits: Table, log: History, drafted: Service, blocks: Sequence[Block], evidence: Evidence) -> Sources:
    """The streams with their rhythm.

    Args:
        visits: the normalised visit log, cut off.
        log: the same as arrays.
        drafted: the service so far.
        blocks: the steps to which cases go all at once.
        evidence: is told what each rate rests on.
    """
    entered = _entered(log)
    if not entered or not drafted.streams:
        return Sources(dict(drafted.streams), {})
    begins, ends = min(entered.values()), max(entered.values())
    parting = {step: block.parts for block in blocks for step in block.steps}
    streams = {
        name: stream.changed(first_step=parting.get(stream.first_step, stream.first_step))
        for name, stream in drafted.streams.items()
    }
    named = _by_column(visits, drafted)
    if named is not None:
        of_case = {case: named.get(case, UNSTATED) for case in entered}
    else:
        first = {case: entry_of(log, log.by_case[case], blocks) for case in entered}
        by_step: dict[str, list[int]] = defaultdict(list)
        for case, at in entered.items():
            by_step[first[case]].append(at)
        stream_at = _by_first_step(by_step, streams, (begins + ends) // 2, len(entered))
        of_case = {case: stream_at[step] for case, step in first.items()}
    arrivals: dict[str, list[int]] = defaultdict(list)
    for case, at in entered.items():
        arrivals[of_case[case]].append(at)
    found = {}
    for name, stream in streams.items():
        if not arrivals[name]:
            continue
        rhythm = rhythm_of(arrivals[name], begins, ends, log.zone)
        why = f"all arrivals over {rhythm.days} days, recent weeks no more than others"
        evidence.add(Learned(f"streams.{name}.per_week", rhythm.per_week, rhythm.low, rhythm.high, rhythm.cases, why))
        by_the_clock = bool(rhythm.schedule)
        found[name] = stream.changed(
            per_week=None if by_the_clock else rhythm.per_week,
            pattern={} if by_the_clock else rhythm.pattern,
            overdispersion=1.0 if by_the_clock else rhythm.overdispersion,
            schedule=rhythm.schedule,
        )
    return Sources(found, {case: name for case, name in of_case.items() if name in found})


def _entered(log: History) -> dict[str, int]:
    """When each case came: when its first visit joined, as recorded, or started."""
    found = {}
    for case, places in log.by_case.items():
        first = places[0]
        at = int(log.joined_us[first] if log.joined_us[first] != UNKNOWN else log.started_us[first])
        if at != UNKNOWN:
            found[case] = at
    return found


def _by_column(visits: Table, drafted: Service) -> dict[str, str] | None:
    """The stream of each case where streams are values of a column; None where they are first steps."""
    for column in ("stream", "channel"):
        rows = visits.group_by("case").agg(value=visits[column].min()).to_pyarrow().to_pylist()
        values = {row["case"]: row["value"] for row in rows if row["value"] is not None and row["value"].strip()}
        if set(drafted.streams) - {UNSTATED} <= set(values.values()):
            return values
    return None


def _by_first_step(
    by_step: Mapping[str, list[int]], streams: dict[str, Stream], middle: int, cases: int
) -> dict[str, str]:
    """The stream of each first step; rare ones that deserve one are given a stream, the others the largest."""
    known = {stream.first_step: name for name, stream in streams.items()}
    largest = max(streams, key=lambda name: (len(by_step.get(streams[name].first_step, ())), name))
    found: dict[str, str] = {}
    for step, times in sorted(by_step.items()):
        later = sum(at >= middle for at in times)
        if step in known:
            name = known[step]
        elif len(times) >= max(FEWEST, RARE * cases) and later >= _LATER * len(times):
            name = step if step not in streams else f"{step}, new"
            streams[name] = Stream(first_step=step)
        else:
            name = largest
        found[step] = name
    return found
