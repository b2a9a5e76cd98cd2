"""Whose turn it is: urgent cases, streams that go before others, and the order of each pool, as choices show them.

Something goes first where it was taken more often than chance explains (three standard deviations), and in more than
half of the room between chance and always. It does not where even the upper end of the 95% interval of that share
is below a half. What lies between, or rests on fewer than thirty choices, is told as not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.choices import Choice, Tally, choices_at, kinds_first, orders, urgent_first
from millpond.calibration.fitting.classes import CaseFacts
from millpond.calibration.fitting.evidence import Evidence, Learned, share_interval
from millpond.calibration.fitting.history import UNKNOWN
from millpond.calibration.fitting.moves import MINUTE_US
from millpond.calibration.fitting.seen import Seen
from millpond.calibration.fitting.sessions import alone
from millpond.model import Step, Stream
from millpond.model.people import Order
from millpond.model.steps import ROUTINE, URGENT

FEWEST, SURE, STRICT = 30, 3.0, 0.5
FIRST_COME, SHORTEST, LONGEST = "first come", "shortest", "longest in service"
_LOWEST = 8


@dataclass(frozen=True)
class Turns:
    """Whose turn it is.

    Attributes:
        urgent: whether urgent cases go first; None where that is not known.
        priorities: the priority of each stream; those not in it have the first.
        orders: the order of each pool in which it is known.
    """

    urgent: bool | None
    priorities: Mapping[str, int]
    orders: Mapping[str, Order]


def turns_of(
    seen: Seen, facts: CaseFacts, streams: Sequence[str], joined: npt.NDArray[np.int64], evidence: Evidence
) -> Turns:
    """Whose turn it is in a service.

    Args:
        seen: what the fit looks at.
        facts: what is known of cases.
        streams: the names of the streams.
        joined: when each visit joined; `UNKNOWN` where that is not known.
        evidence: is told what each value rests on.
    """
    log = seen.log
    counted = alone(log, seen.sessions.values())
    steps = {name: step.pool for name, step in seen.drafted.steps.items() if step.pool is not None}
    choices = {name: list(choices_at(log, name, joined, counted)) for name in steps}
    urgency = np.array([case in facts.urgent for case in log.case], dtype=np.bool_)
    number = {name: place for place, name in enumerate(streams)}
    stream = np.array([number.get(facts.streams.get(case, ""), -1) for case in log.case], dtype=np.int64)
    bringing = sorted({facts.streams.get(case, "*") for case in facts.urgent})
    urgent = _urgent(urgent_first(log, choices, urgency), bringing, evidence) if urgency.any() else None
    priorities = _priorities(kinds_first(choices, stream, urgency.astype(np.int64)), streams, evidence)
    keys = _keys(seen, joined)
    found: dict[str, Order] = {}
    for pool in seen.drafted.pools:
        here = [each for name, of in steps.items() if of == pool for each in choices[name]]
        order = _order(pool, here, 2 * stream + urgency, keys, evidence)
        if order is not None:
            found[pool] = order
    return Turns(urgent, priorities, found)


def with_turns(
    streams: Mapping[str, Stream], turns: Turns, steps: Iterable[Step], evidence: Evidence
) -> dict[str, Stream]:
    """The streams with their priorities, and without urgent cases where those neither go first nor take other work.

    Args:
        streams: as the fit has them.
        turns: whose turn it is.
        steps: of the fitted service.
        evidence: is told what the model cannot say.
    """
    found = {name: stream.changed(priority=turns.priorities.get(name, 1)) for name, stream in streams.items()}
    if turns.urgent is not False:
        return found
    if any({URGENT, ROUTINE} & set(step.minutes_for) for step in steps):
        evidence.cannot(
            "streams.*.share_urgent",
            "urgent cases take other minutes but do not go first, and the model has all urgent cases go first",
            "minutes by stream, with urgent cases as a stream of their own",
        )
        return found
    return {name: stream.changed(share_urgent=0) for name, stream in found.items()}


def _urgent(tally: Tally, streams: Sequence[str], evidence: Evidence) -> bool | None:
    if tally.number < FEWEST or not _is_clear(tally):
        evidence.cannot(
            ", ".join(f"streams.{name}.share_urgent" for name in streams),
            f"urgent and other visits are known to have waited together {_times(tally.number)}, and who was taken then "
            "tells nothing clear; the model has the urgent ones go first",
            "when each visit joins, over a longer time",
        )
        return None
    goes_first = _goes_first(tally)
    low, high = share_interval(tally.first, tally.number)
    said = "urgent visits go first" if goes_first else "urgent visits do not go first"
    for name in streams:
        key = f"streams.{name}.share_urgent"
        evidence.add(Learned(key, tally.share, low, high, tally.number, f"{said}: {_told(tally)}"))
    return goes_first


def _times(number: int) -> str:
    return f"{number:,} times" if number else "at no time"


def _told(tally: Tally) -> str:
    return (
        f"of {tally.number:,} times at which both waited one of them was taken {tally.first:,} times, by chance it "
        f"would have been {tally.expected:,.0f}"
    )


def _goes_first(tally: Tally) -> bool:
    return tally.number >= FEWEST and tally.spread > SURE and tally.strictness > STRICT


def _is_clear(tally: Tally) -> bool:
    return _goes_first(tally) or tally.strictness + 1.96 * tally.strictness_spread < STRICT


def _priorities(pairs: Mapping[tuple[int, int], Tally], streams: Sequence[str], evidence: Evidence) -> dict[str, int]:
    before = {pair for pair, tally in pairs.items() if _goes_first(tally)}
    rank = dict.fromkeys(range(len(streams)), 1)
    for _ in streams:
        for one, other in sorted(before):
            rank[other] = max(rank[other], rank[one] + 1)
    if not before or max(rank.values()) > min(len(streams), _LOWEST):
        # Of streams that go before one another in a ring none goes first.
        return {}
    for one, other in sorted(before):
        tally = pairs[one, other]
        low, high = share_interval(tally.first, tally.number)
        why = f"'{streams[one]}' goes before it: {_told(tally)}"
        evidence.add(Learned(f"streams.{streams[other]}.priority", tally.share, low, high, tally.number, why))
    return {streams[place]: level for place, level in rank.items() if level > 1}


def _keys(seen: Seen, joined: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.float64]]:
    """For each order what it goes by; not finite where that is not known."""
    log = seen.log
    first = {}
    for case, places in log.by_case.items():
        at = joined[places[0]] if joined[places[0]] != UNKNOWN else log.started_us[places[0]]
        first[case] = float(at) if at != UNKNOWN else np.nan
    lasting = log.has_started & log.has_ended
    clock = np.where(lasting, log.ended_us - log.started_us, 0) / MINUTE_US
    for name, hours in seen.openings.items():
        here = np.flatnonzero((log.step == name) & lasting)
        if len(here):
            worked = hours.worked(log.started_us[here], log.ended_us[here]) / MINUTE_US
            clock[here] = np.where(worked > 0, worked, clock[here])
    minutes = np.where(log.minutes_us != UNKNOWN, log.minutes_us / MINUTE_US, clock)
    return {
        FIRST_COME: np.where(joined != UNKNOWN, joined.astype(np.float64), np.nan),
        SHORTEST: np.where(lasting, minutes, np.nan),
        LONGEST: np.array([first[case] for case in log.case], dtype=np.float64),
    }


def _order(
    pool: str,
    choices: list[Choice],
    kinds: npt.NDArray[np.int64],
    keys: Mapping[str, npt.NDArray[np.float64]],
    evidence: Evidence,
) -> Order | None:
    tallies = orders(choices, kinds, keys)
    key, usual = f"pools.{pool}.order", tallies[FIRST_COME]
    if usual.number < FEWEST:
        evidence.cannot(
            key,
            f"visits of one kind are known to have waited together {_times(usual.number)}; the model takes the first "
            "come first",
            "when each visit joins, over a longer time",
        )
        return None
    best = max(tallies, key=lambda name: (tallies[name].beyond_chance, name == FIRST_COME))
    if best != FIRST_COME and not _is_better(tallies[best], usual):
        best = FIRST_COME
    tally = tallies[best]
    explained = ", ".join(
        f"{name} {100 * each.share:.0f}% and by chance {100 * each.expected / each.number:.0f}%"
        for name, each in tallies.items()
    )
    if not _goes_first(tally):
        evidence.cannot(
            key,
            f"of {tally.number:,} choices each order that the model knows explains too few ({explained}); "
            "the model takes the first come first",
            "asking those who choose",
        )
        return None
    low, high = share_interval(tally.first, tally.number)
    why = f"{best}: so large a share of the choices among waiting visits of one kind is the first by it ({explained})"
    evidence.add(Learned(key, tally.share, low, high, tally.number, why))
    return next(name for name in get_args(Order) if name == best)


def _is_better(one: Tally, usual: Tally) -> bool:
    """Whether an order explains more than the usual one by more than three standard deviations of the difference."""
    spread = (usual.number * (one.share * (1 - one.share) + usual.share * (1 - usual.share))) ** 0.5
    return bool(one.beyond_chance - usual.beyond_chance > SURE * max(spread, 1.0))
