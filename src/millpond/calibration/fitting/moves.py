"""What followed each visit, from the history and its split of waiting: the moves from which the ways on are learned.

A visit of a finished case has its next visit or the end of the case; the last visit of a case that may still go on has
neither and tells nothing. Where the next visit began before this one was over, no time passed between them. The visits
of a block count as one: cases come to where its branches part, and go on from where they meet.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from millpond.calibration.fitting.blocks import Block, Token, tokens_of
from millpond.calibration.fitting.delays import NOTHING, Split
from millpond.calibration.fitting.history import UNKNOWN, History
from millpond.calibration.fitting.openings import Openings
from millpond.calibration.fitting.ways import Move
from millpond.calibration.outcomes import Outcomes

MINUTE_US = 60_000_000
_GOLDEN = 0.6180339887498949
"""Multiples of it without their whole part are spread evenly between 0 and 1."""


def moves_of(
    log: History,
    split: Split,
    openings: Mapping[str, Openings],
    finished: frozenset[str],
    ends: Outcomes,
    blocks: Sequence[Block] = (),
    until_us: int | None = None,
) -> dict[str, list[Move]]:
    """The moves from each step, and from where the branches of each block meet.

    Args:
        log: the visits.
        split: the waiting before them.
        openings: of the staff of each step.
        finished: the cases that are over.
        ends: what the words for outcomes mean.
        blocks: the steps to which cases go all at once.
        until_us: what followed visits that ended later is not looked at; None for all.
    """
    found: dict[str, list[Move]] = {}
    for case, places in log.by_case.items():
        tokens = tokens_of(log, places, blocks)
        times: Counter[str] = Counter()
        before: str | None = None
        for number, token in enumerate(tokens):
            step = log.step[token.visits[0]] if token.block is None else token.block.meets
            times[step] += 1
            following = tokens[number + 1] if number + 1 < len(tokens) else None
            if following is None and not all(log.has_ended[place] for place in token.visits):
                break
            if following is not None:
                move = _on(log, split, openings, token, step, following, before, times[step])
            elif case in finished:
                last = max(token.visits, key=lambda place: int(log.ended_us[place]))
                move = Move(step, before, times[step], ends.meaning(log.outcome[last]))
            else:
                break
            # Who left goes where patience leads, and not by the shares of those who were served.
            has_left = any(log.has_left[place] for place in token.visits)
            if not has_left and (
                until_us is None or min(int(log.started_us[place]) for place in token.visits) <= until_us
            ):
                found.setdefault(step, []).append(move)
            before = step
    return found


def entry_of(log: History, places: Sequence[int], blocks: Sequence[Block]) -> str:
    """The step at which a case begins: that of its first visit, or where the branches of its first block part."""
    first = tokens_of(log, places, blocks)[0]
    return log.step[first.visits[0]] if first.block is None else first.block.parts


def inside_moves(
    log: History, split: Split, openings: Mapping[str, Openings], blocks: Sequence[Block]
) -> dict[tuple[str, str], list[Move]]:
    """The moves from one step of a branch to the next one on it."""
    found: dict[tuple[str, str], list[Move]] = {}
    branch_of = {step: branch for block in blocks for branch in block.branches for step in branch}
    for place in np.flatnonzero(split.enabler != NOTHING):
        step, to = log.step[split.enabler[place]], log.step[place]
        branch = branch_of.get(step)
        if branch is not None and branch is branch_of.get(to) and branch.index(to) == branch.index(step) + 1:
            end = int(log.ended_us[split.enabler[place]])
            found.setdefault((step, to), []).append(_move(log, split, openings, end, step, int(place), None, 1))
    return found


def _on(
    log: History,
    split: Split,
    openings: Mapping[str, Openings],
    token: Token,
    step: str,
    following: Token,
    before: str | None,
    times: int,
) -> Move:
    ends = [int(log.ended_us[place]) for place in token.visits if log.has_ended[place]]
    end = max(ends) if ends else int(log.started_us[token.visits[0]])
    if following.block is not None:
        return Move(step, before, times, following.block.parts)
    return _move(log, split, openings, end, step, following.visits[0], before, times)


def _move(
    log: History,
    split: Split,
    openings: Mapping[str, Openings],
    end: int,
    step: str,
    following: int,
    before: str | None,
    times: int,
) -> Move:
    to = log.step[following]
    joined, start = int(log.joined_us[following]), int(log.started_us[following])
    if joined != UNKNOWN:
        first, last, is_sure = joined, joined, True
    elif not log.has_started[following]:
        first, last, is_sure = end, end, True
    elif not split.censored[following]:
        first, last, is_sure = start, start, True
    else:
        least = int(split.least_us[following])
        first, last, is_sure = int(split.enabled_us[following]) + least, start, least > 0
    first, last = max(first, end), max(last, end)
    # Anywhere between the worker's last idle moment and the start, spread evenly: middles would all lie in the night.
    part = following * _GOLDEN % 1.0
    until = first + int((last - first) * part) if is_sure else last
    instants = np.array([end, until, first, last])
    elapsed, earliest, latest = ((instants[1:] - end) / MINUTE_US).tolist()
    hours = openings.get(to)
    if hours is None:
        return Move(step, before, times, to, elapsed, elapsed, is_sure, earliest, latest, earliest, latest)
    worked = hours.until(instants)
    working, working_from, working_to = ((worked[1:] - worked[0]) / MINUTE_US).tolist()
    if is_sure:
        # Spread over open time: by the clock most would lie in closed hours, and all of these end as the doors open.
        working = working_from + part * (working_to - working_from)
    if first == last and not hours.is_open(first):
        # No delay that passes in opening hours is over while they are closed: none is both so long and so short.
        working_from = working_to = math.inf
    return Move(step, before, times, to, elapsed, working, is_sure, earliest, latest, working_from, working_to)
