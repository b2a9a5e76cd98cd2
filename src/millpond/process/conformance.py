"""Whether cases went the way that service.toml draws: what share follows it, and where the others leave it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from millpond.errors import WrongUse
from millpond.model import Service, Step, label_of
from millpond.model.waiting import patience_of
from millpond.process.following import NONE
from millpond.process.grouped import Bools, Ints
from millpond.process.seen import Seen
from millpond.process.sentences import percent
from millpond.records.findings import counted
from millpond.results import Result

BEGINS = "begins elsewhere"
LEAVES = "goes on elsewhere"
ENDS = "ends too early"
UNDESCRIBED = "step not described"

_Ends = tuple[str | None, str | None]


@dataclass(frozen=True)
class Departure:
    """One place at which cases leave the drawn pathway.

    Attributes:
        kind: ``begins elsewhere``, ``goes on elsewhere``, ``ends too early`` or ``step not described``.
        from_step: the step before; None where the case begins.
        to_step: where it went instead; None where it ended.
        cases: how many cases did so.
        passages: how often.
        expected: where the pathway goes on from there, in words.
    """

    kind: str
    from_step: str | None
    to_step: str | None
    cases: int
    passages: int
    expected: str


@dataclass(frozen=True)
class Conformance(Result):
    """The records beside the drawn pathway.

    Attributes:
        cases: how many cases were looked at: those that have ended.
        following: how many of them kept to the pathway from beginning to end.
        share: these as a share; None without cases.
        open_cases: how many have not ended.
        open_following: how many of these have kept to it so far.
        sentence: the share in words.
    """

    rows: tuple[Departure, ...]
    cases: int
    following: int
    share: float | None
    open_cases: int
    open_following: int
    sentence: str
    row_type: ClassVar[type] = Departure


def conformance(shown: Seen, service: Service) -> Conformance:
    """Whether cases went the way that the service draws.

    A case follows it if it begins at the first step of a stream, each visit stands where `next`, `rules`, `all_of`,
    `then`, or `patience` of the step before lets it go, and it ends where an outcome can come next or because the
    person left. A step without any of these lets everything follow. Whether the branches of a split all came is not
    looked at.

    Args:
        shown: what the records show of each visit.
        service: draws the pathway.

    Raises:
        WrongUse: service.toml does not say where cases go.
    """
    if not any(step.next or step.all_of or step.rules for step in service.steps.values()):
        raise WrongUse(
            "service.toml does not say where cases go: no step has 'next'. Give the steps 'next', or fit them from the "
            "records, before asking whether cases keep to it."
        )
    events, follows = shown.events, shown.follows
    after = {name: _after(step, service) for name, step in service.steps.items()}
    outcomes = set(service.all_outcomes)
    steps = events.steps
    allowed = np.array([[_may(one, other, after) for other in steps] for one in steps] or [[True]], dtype=np.bool_)
    firsts = {stream.first_step for stream in service.streams.values()}
    begins = np.array([not firsts or name in firsts for name in steps] or [True], dtype=np.bool_)
    known = np.array([name in service.steps for name in steps] or [True], dtype=np.bool_)
    ends = np.array([_may_end(name, after, outcomes) for name in steps] or [True], dtype=np.bool_)
    first = follows.before == NONE
    astray = ~first & known[events.step] & known[events.step[follows.before]]
    astray &= ~allowed[events.step[follows.before], events.step]
    early = follows.last & known[events.step] & ~ends[events.step] & ~events.withdrawn
    kinds: list[tuple[str, Bools]] = [
        (UNDESCRIBED, ~known[events.step]),
        (BEGINS, first & known[events.step] & ~begins[events.step]),
        (LEAVES, astray),
        (ENDS, early),
    ]
    departures = _departures(kinds, shown, service, after, firsts)
    off = np.zeros(len(events.cases), dtype=np.bool_)
    for _, wrong in kinds:
        off[events.case[wrong]] = True
    still_open = np.zeros(len(events.cases), dtype=np.bool_)
    still_open[events.case[follows.open]] = True
    cases = int((~still_open).sum())
    keeping = int((~still_open & ~off).sum())
    share = keeping / cases if cases else None
    sentence = (
        f"{keeping:,} of {counted(cases, 'case')} that have ended ({percent(share)}) kept to the pathway of "
        "service.toml."
        if share is not None
        else "No case has ended."
    )
    notes = ["Only the order of steps is looked at, not how long they took or how many visits they were."]
    open_keeping = int((still_open & ~off).sum())
    if still_open.any():
        notes.append(f"Of {counted(int(still_open.sum()), 'open case')} {open_keeping:,} have kept to it so far.")
    return Conformance(departures, tuple(notes), cases, keeping, share, int(still_open.sum()), open_keeping, sentence)


def _after(step: Step, service: Service) -> frozenset[str] | None:
    """Where cases may go from a step; None where the service does not say."""
    ways = {*(step.next or ()), *(name for rule in step.rules for name in rule.next), *step.all_of}
    if not ways:
        return None
    if step.patience is not None:
        ways.add(patience_of(step.patience).to)
    if step.missed:
        ways |= set(service.withdrawn_outcomes)
    # From the last step of a branch the case goes to where the branches meet, which its own next names.
    return frozenset(ways)


def _may(one: str, other: str, after: Mapping[str, frozenset[str] | None]) -> bool:
    following = after.get(one)
    return following is None or other in following


def _may_end(name: str, after: Mapping[str, frozenset[str] | None], outcomes: set[str]) -> bool:
    following = after.get(name)
    return following is None or bool(following & outcomes)


def _departures(
    kinds: list[tuple[str, Bools]],
    shown: Seen,
    service: Service,
    after: Mapping[str, frozenset[str] | None],
    firsts: set[str],
) -> tuple[Departure, ...]:
    events, before = shown.events, shown.follows.before
    rows = []
    for kind, wrong in kinds:
        places: Ints = np.flatnonzero(wrong)
        passages: Counter[_Ends] = Counter()
        cases: dict[_Ends, set[int]] = {}
        for place in places:
            here = events.steps[int(events.step[place])]
            came = None if before[place] == NONE else events.steps[int(events.step[before[place]])]
            ends: _Ends = (here, None) if kind == ENDS else (came, here)
            passages[ends] += 1
            cases.setdefault(ends, set()).add(int(events.case[place]))
        for ends, number in passages.items():
            expected = firsts if kind == BEGINS else after.get(ends[0] or "") or frozenset()
            words = ", ".join(sorted(label_of(service.steps, name) for name in expected))
            rows.append(Departure(kind, ends[0], ends[1], len(cases[ends]), number, words))
    return tuple(sorted(rows, key=lambda row: (-row.cases, row.kind, row.from_step or "", row.to_step or "")))
