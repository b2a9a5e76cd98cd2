"""The ways on from a step as the model takes them: rules for those under conditions, and the delays on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from millpond.calibration.fitting.after import After, after_of
from millpond.calibration.fitting.evidence import Evidence, Learned, share_interval
from millpond.calibration.fitting.seen import Seen
from millpond.calibration.fitting.ways import Condition, Move, Ways
from millpond.model import Delay, Rule

_OWN_DELAYS = 20
"""Under a condition with fewer moves on a way, the delays of all moves on it are taken."""


def rule_of(name: str, ways: Ways, moves: list[Move], seen: Seen, evidence: Evidence) -> Rule:
    """The rule for the cases under one condition."""
    condition = ways.condition
    where = f"steps.{name}.rules[{_words(condition)}]"
    count = len(ways.moves)
    top = max(ways.shares, key=lambda to: ways.shares[to])
    low, high = share_interval(round(ways.shares[top] * count), count)
    evidence.add(
        Learned(
            f"{where}.next.{top}",
            ways.shares[top],
            low,
            high,
            count,
            "told apart because it lowers the Bayesian information criterion",
        )
    )
    return Rule(
        came_from=condition.came_from,
        visits_at_least=condition.at_least,
        next=dict(ways.shares),
        after=delays_after(name, ways.moves, moves, ways.shares, seen, evidence, f".rules[{_words(condition)}]"),
    )


def delays_after(
    name: str,
    chosen: tuple[Move, ...],
    moves: list[Move],
    shares: Mapping[str, float],
    seen: Seen,
    evidence: Evidence,
    where: str,
) -> dict[str, Delay]:
    """The delays on the ways from a step.

    Args:
        name: the step.
        chosen: the moves under the condition that they are for.
        moves: all moves from the step.
        shares: the ways on.
        seen: what the fit looks at.
        evidence: is told what each rests on.
        where: the words for the condition in the keys of the evidence.
    """
    by_way: dict[str, list[Move]] = defaultdict(list)
    all_of: dict[str, list[Move]] = defaultdict(list)
    for move in chosen:
        by_way[move.to].append(move)
    for move in moves:
        all_of[move.to].append(move)
    found: dict[str, Delay] = {}
    for to in shares:
        if to not in seen.drafted.steps:
            continue
        used = by_way[to] if len(by_way[to]) >= _OWN_DELAYS else all_of[to]
        hours = seen.openings.get(to)
        closes = hours is not None and not hours.is_always
        delay = after_of(used, closes=closes, is_timer=(name, to) in seen.split.timers)
        if delay is not None:
            found[to] = delay.delay
            _tell_delay(f"steps.{name}{where}.after.{to}", delay, evidence)
    return found


def tell_ways(
    name: str, shares: Mapping[str, float], moves: list[Move], ways: tuple[Ways, ...], evidence: Evidence
) -> None:
    """Tells what the shares of the three most frequent ways rest on."""
    count = len(ways[-1].moves)
    why = "shares of what followed" + (f", those under {len(ways) - 1} rules apart" if len(ways) > 1 else "")
    for to, share in list(shares.items())[:3]:
        low, high = share_interval(round(share * count), count)
        evidence.add(Learned(f"steps.{name}.next.{to}", share, low, high, count, why))


def _words(condition: Condition) -> str:
    parts = [f"came_from {condition.came_from}"] if condition.came_from else []
    parts += [f"visits_at_least {condition.at_least}"] if condition.at_least else []
    return ", ".join(parts)


def _tell_delay(where: str, after: After, evidence: Evidence) -> None:
    kind = "opening hours of the next step" if after.delay.is_working_time else "the clock"
    censored = f"; of {after.censored} only the most is known" if after.censored else ""
    lengths = after.lengths
    evidence.add(
        Learned(
            where,
            lengths.mean,
            lengths.low,
            lengths.high,
            lengths.count,
            f"what was left after our own staff, in minutes by {kind}, {lengths.why}{censored}",
        )
    )
