"""The steps of a fitted service: work, ways on, and where branches part and meet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise

from millpond.calibration.fitting.classes import CaseFacts
from millpond.calibration.fitting.evidence import Evidence, Learned, share_interval
from millpond.calibration.fitting.fitted_ways import delays_after, rule_of, tell_ways
from millpond.calibration.fitting.fitted_work import work_at
from millpond.calibration.fitting.leaving import leaving_of
from millpond.calibration.fitting.moves import inside_moves
from millpond.calibration.fitting.seen import Seen
from millpond.calibration.fitting.sessions import group_of
from millpond.calibration.fitting.ways import Ways, ways_of
from millpond.model import Patience, Step
from millpond.model.references import CLOSED


def fitted_step(
    name: str, seen: Seen, facts: CaseFacts, away: Mapping[str, Collection[int]], evidence: Evidence
) -> Step:
    """A step as its visits show it.

    Args:
        name: the step.
        seen: what the fit looks at.
        facts: what is known of cases.
        away: the days on which people were not there.
        evidence: is told what each value rests on.
    """
    drafted = seen.drafted.steps[name]
    work = work_at(name, seen, facts, away, evidence)
    moves = seen.moves.get(name, [])
    if not moves and any(name in block.steps for block in seen.blocks):
        ways: tuple[Ways, ...] = ()
    elif not moves:
        evidence.cannot(f"steps.{name}.next", "no visit here was followed by anything", "records of finished cases")
        ways = ()
    else:
        ways = ways_of(moves)
    usual = ways[-1] if ways else None
    shares = dict(usual.shares) if usual else dict(drafted.next or {CLOSED: 1.0})
    rules = tuple(rule_of(name, each, moves, seen, evidence) for each in ways[:-1])
    after = delays_after(name, usual.moves, moves, shares, seen, evidence, "") if usual else {}
    if moves:
        tell_ways(name, shares, moves, ways, evidence)
    together = seen.sessions.get(name) if drafted.pool is not None else None
    minutes = drafted.minutes if work.minutes is None else work.minutes
    patience = _patience(name, seen, evidence) if drafted.pool is not None else None
    return drafted.changed(
        minutes=0.0 if minutes is None else minutes,
        minutes_for=work.minutes_for,
        next=shares,
        rules=rules,
        after=after,
        patience=patience,
        group=None if together is None else group_of(name, together, seen.log, seen.split, evidence),
    )


def _patience(name: str, seen: Seen, evidence: Evidence) -> Patience | None:
    found = leaving_of(seen.log, name, seen.ends, seen.openings.get(name))
    if found is None:
        return None
    key, visits = f"steps.{name}.patience", found.left + found.stayed
    evidence.add(Learned(key, found.mean, found.low, found.high, visits, found.why))
    if found.elsewhere:
        evidence.cannot(
            f"{key}.to",
            f"{found.elsewhere:,} of {found.left:,} who left did not go to {found.patience.to}, and the model has one "
            "way for all who leave",
            "a step of its own for those who leave, from which they go on by shares",
        )
    return found.patience


def with_blocks(steps: Mapping[str, Step], seen: Seen, evidence: Evidence) -> dict[str, Step]:
    """The steps, and where the branches of each block part and meet."""
    found = dict(steps)
    inside = inside_moves(seen.log, seen.split, seen.openings, seen.blocks)
    for block in seen.blocks:
        moves = seen.moves.get(block.meets, [])
        ways = ways_of(moves) if moves else ()
        usual = ways[-1] if ways else None
        found[block.parts] = Step(minutes=0, all_of=tuple(branch[0] for branch in block.branches), then=block.meets)
        found[block.meets] = Step(
            minutes=0,
            next=dict(usual.shares) if usual else {CLOSED: 1.0},
            rules=tuple(rule_of(block.meets, each, moves, seen, evidence) for each in ways[:-1]),
            after=delays_after(block.meets, usual.moves, moves, usual.shares, seen, evidence, "") if usual else {},
        )
        if moves:
            tell_ways(block.meets, usual.shares if usual else {}, moves, ways, evidence)
        low, high = share_interval(block.whole, block.runs)
        evidence.add(
            Learned(
                f"steps.{block.parts}.all_of",
                block.whole / block.runs,
                low,
                high,
                block.runs,
                "the share of cases that had each of these steps once, side by side",
            )
        )
        for branch in block.branches:
            for step, to in pairwise((*branch, block.meets)):
                moved = inside.get((step, to), [])
                after = delays_after(step, tuple(moved), moved, {to: 1.0}, seen, evidence, "") if moved else {}
                found[step] = found[step].changed(next={to: 1.0}, rules=(), after=after)
    return found
