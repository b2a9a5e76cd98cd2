"""The fit: a service that the simulator runs, from what the records show up to an instant.

It starts from the draft that an import makes (pools, hours, streams, outcomes; see `millpond.calibration.draft`) and
puts in place of its averages what a simulation needs: the rhythm of arrivals, distributions of work, ways on with
memory, the delays that nobody in the log caused, and enough people. What each value rests on stands in its evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from ibis.expr.types import Table

from millpond.calibration.draft import draft_service
from millpond.calibration.fitting.after import After, after_of
from millpond.calibration.fitting.blocks import Block, blocks_of
from millpond.calibration.fitting.capacity import Together, visits_together
from millpond.calibration.fitting.changed_hours import changed_hours
from millpond.calibration.fitting.delays import Split, split_waits
from millpond.calibration.fitting.endings import endings_of
from millpond.calibration.fitting.evidence import Evidence, Learned
from millpond.calibration.fitting.history import UNKNOWN, History, history
from millpond.calibration.fitting.known import cut_off
from millpond.calibration.fitting.lengths import Lengths, lengths_of
from millpond.calibration.fitting.moves import MINUTE_US, inside_moves, moves_of
from millpond.calibration.fitting.openings import Openings, openings_of
from millpond.calibration.fitting.parallel import Pairs, parallel_steps
from millpond.calibration.fitting.sources import streams_of
from millpond.calibration.fitting.ways import Condition, Move, Ways, rounded_shares, ways_of
from millpond.calibration.histories import histories
from millpond.calibration.outcomes import Outcomes
from millpond.errors import WrongUse
from millpond.model import Delay, Pool, Rule, Service, Step
from millpond.model.fitted import over
from millpond.model.people import StaffingChange
from millpond.model.references import CLOSED
from millpond.model.values import plain


@dataclass(frozen=True)
class Fitted:
    """A fitted service.

    Attributes:
        service: the model.
        drafted: what an import would have drafted from the same records.
        evidence: what its values rest on, and what could not be learned.
        split: the waiting of the visits, split.
        log: the visits that it was learned from.
        blocks: the steps to which cases go all at once.
    """

    service: Service
    drafted: Service
    evidence: Evidence
    split: Split
    log: History
    blocks: tuple[Block, ...]

    @property
    def made_up(self) -> frozenset[str]:
        """The steps of the model that no record names: where branches part and meet."""
        return frozenset(name for block in self.blocks for name in (block.parts, block.meets))


@dataclass(frozen=True)
class _Seen:
    """What the parts of a fit share."""

    drafted: Service
    log: History
    parallel: Pairs
    openings: Mapping[str, Openings]
    split: Split
    moves: Mapping[str, list[Move]]
    blocks: tuple[Block, ...]


def fit_service(visits: Table, own: Mapping[str, Any], as_of_us: int) -> Fitted:
    """Fits a service to a visit log.

    Args:
        visits: the normalised visit log.
        own: what a person says of the service, under the keys of service.toml; its name at least. It wins over what
            is learned.
        as_of_us: the instant that ends what may be learned from, microseconds since 1970-01-01 UTC.

    Raises:
        WrongUse: no visit has started by then.
        FaultyService: what the person says does not go together with the records.
    """
    known = cut_off(visits, as_of_us)
    shell = Service.from_plain({key: own[key] for key in ("name", "timezone", "holidays") if key in own})
    draft = draft_service(known, name=shell.name, timezone=shell.timezone, holidays=shell.holidays, now_us=as_of_us)
    drafted = _without_unused(over(plain(draft.service), own), own)
    log = history(known, drafted.zone, as_of_us, frozenset(_left_out(known, drafted)))
    if not log.has_started.any():
        raise WrongUse("The records have no visit that had started by then, so that nothing can be learned.")
    evidence = Evidence.empty(log)
    drafted = _with_changed_hours(drafted, own, log, evidence)
    seen = _look(known, log, drafted, evidence)
    steps = {step: _step(step, seen, evidence) for step in drafted.steps}
    steps = _leading_out(_with_blocks(steps, seen, evidence), seen, evidence)
    pools = _pools(seen, steps, evidence)
    streams = streams_of(known, log, drafted, seen.blocks, evidence)
    learned = drafted.changed(steps=steps, pools=pools, streams=streams)
    _tell_what_is_not_looked_for(log, evidence)
    service = Service.from_plain(over(plain(learned), own), "the fitted service")
    return Fitted(service, draft.service, evidence, seen.split, log, seen.blocks)


def _tell_what_is_not_looked_for(log: History, evidence: Evidence) -> None:
    """What a person has to write, because visits do not tell it or this fit does not look for it."""
    if log.is_single_timestamp:
        evidence.cannot(
            "steps.*.minutes",
            "one instant of each visit is recorded, so that work is taken to take no time",
            "record when the work on a visit starts and when it ends",
        )
    evidence.cannot("pools.*.absence", "who is away leaves no visits, and who has nothing to do neither", "a rota")
    evidence.cannot(
        "steps.*.patience, steps.*.missed, steps.*.group, pools.*.order, workers",
        "they are not looked for yet",
        "write them in service.toml",
    )


def _without_unused(described: Mapping[str, Any], own: Mapping[str, Any]) -> Service:
    """The service without drafted pools for which a person has named others."""
    used = {step.get("pool") for step in described.get("steps", {}).values()} | set(own.get("pools", {}))
    pools = {name: pool for name, pool in described.get("pools", {}).items() if name in used}
    return Service.from_plain({**described, "pools": pools}, "the drafted service")


def _with_changed_hours(drafted: Service, own: Mapping[str, Any], log: History, evidence: Evidence) -> Service:
    """The service with the hours of before and after, where those of its calendars changed at some day."""
    calendars, pools = dict(drafted.calendars), dict(drafted.pools)
    for name in drafted.calendars:
        keeping = [pool for pool in pools if drafted.calendar_name(drafted.pools[pool]) == name]
        told = name in own.get("calendars", {}) or any(
            key in own.get("pools", {}).get(pool, {}) for pool in keeping for key in ("calendar", "from")
        )
        found = (
            None if told else changed_hours(log, [key for key, step in drafted.steps.items() if step.pool in keeping])
        )
        if found is None:
            continue
        later = f"{name} from {found.day}"
        calendars[name] = calendars[name].changed(hours=found.before)
        calendars[later] = calendars[name].changed(hours=found.after)
        for pool in keeping:
            change = StaffingChange(date=found.day, calendar=later)
            pools[pool] = pools[pool].changed(calendar=name, changes=(change,))
        evidence.notes.append(
            f"The hours of '{name}' changed on {found.day}: {found.before} before, {found.after} from then on, by "
            f"{found.events:,} starts and ends of work."
        )
    if len(calendars) > 1:
        pools = {
            name: pool.changed(calendar=pool.calendar or drafted.calendar_name(pool)) for name, pool in pools.items()
        }
    return drafted.changed(calendars=calendars, pools=pools)


def _left_out(visits: Table, drafted: Service) -> set[str]:
    named = visits.select("step").distinct().to_pyarrow()["step"].to_pylist()
    return set(named) - set(drafted.steps)


def _look(known: Table, log: History, drafted: Service, evidence: Evidence) -> _Seen:
    times = log.started_us[log.has_started]
    by_pool = openings_of(drafted, int(times.min()), log.as_of_us) if len(times) else {}
    openings = {name: by_pool[step.pool] for name, step in drafted.steps.items() if step.pool in by_pool}
    parallel = parallel_steps(log)
    split = split_waits(log, parallel, openings)
    over = histories(known, log.as_of_us).cases
    ends = Outcomes(drafted.outcomes, tuple(drafted.withdrawn_outcomes), ())
    looks_over = frozenset(over.filter(over.is_finished).to_pyarrow()["case"].to_pylist())
    finished = endings_of(log, ends, looks_over)
    evidence.notes.append(finished.note)
    blocks = blocks_of(log, parallel)
    moves = moves_of(log, split, openings, finished.finished, ends, blocks, finished.until_us)
    return _Seen(drafted, log, parallel, openings, split, moves, blocks)


# --- steps ------------------------------------------------------------------------------------------------------


def _step(name: str, seen: _Seen, evidence: Evidence) -> Step:
    drafted = seen.drafted.steps[name]
    work = _work(name, seen)
    if work is not None:
        evidence.add(Learned(f"steps.{name}.minutes", work.mean, work.low, work.high, work.count, work.why))
    else:
        evidence.cannot(
            f"steps.{name}.minutes",
            "no visit here tells how long it took",
            "record when work on a visit starts and when it ends, or its minutes",
        )
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
    rules = tuple(_rule(name, each, moves, seen, evidence) for each in ways[:-1])
    after = _after(name, usual.moves, moves, shares, seen, evidence, "") if usual else {}
    if moves:
        _tell_ways(name, shares, moves, ways, evidence)
    minutes = work.minutes if work is not None else drafted.minutes
    return drafted.changed(minutes=0.0 if minutes is None else minutes, next=shares, rules=rules, after=after)


def _with_blocks(steps: Mapping[str, Step], seen: _Seen, evidence: Evidence) -> dict[str, Step]:
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
            rules=tuple(_rule(block.meets, each, moves, seen, evidence) for each in ways[:-1]),
            after=_after(block.meets, usual.moves, moves, usual.shares, seen, evidence, "") if usual else {},
        )
        if moves:
            _tell_ways(block.meets, usual.shares if usual else {}, moves, ways, evidence)
        low, high = _share_interval(block.whole, block.runs)
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
                after = _after(step, tuple(moved), moved, {to: 1.0}, seen, evidence, "") if moved else {}
                found[step] = found[step].changed(next={to: 1.0}, rules=(), after=after)
    return found


def _leading_out(steps: Mapping[str, Step], seen: _Seen, evidence: Evidence) -> dict[str, Step]:
    """The steps, each with a way out: where no case was seen to end, one more is taken to have closed."""
    mended = dict(steps)
    while True:
        ends = {name for name, step in mended.items() if any(to not in mended for to in _ahead(step))}
        while more := {n for n, step in mended.items() if n not in ends and any(to in ends for to in _ahead(step))}:
            ends |= more
        stuck = sorted(set(mended) - ends)
        if not stuck:
            return mended
        name = min(stuck, key=lambda each: (len(seen.moves.get(each, ())), each))
        one = 1 / (len(seen.moves.get(name, ())) + 1)
        shares = {to: share * (1 - one) for to, share in (mended[name].next or {}).items()}
        mended[name] = mended[name].changed(next=rounded_shares({**shares, CLOSED: shares.get(CLOSED, 0.0) + one}))
        evidence.cannot(
            f"steps.{name}.next",
            "no case that came here was seen to end; one more is taken to have closed",
            "records of more finished cases",
        )


def _ahead(step: Step) -> list[str]:
    then = [step.then] if step.then else []
    return [*(step.next or ()), *then, *(to for rule in step.rules for to in rule.next)]


def _work(name: str, seen: _Seen) -> Lengths | None:
    log = seen.log
    chosen = np.flatnonzero((log.step == name) & log.has_started & log.has_ended & (log.ended_us >= log.started_us))
    if not len(chosen):
        return None
    starts, ends = log.started_us[chosen], log.ended_us[chosen]
    minutes = (ends - starts) / MINUTE_US
    hours = seen.openings.get(name)
    if hours is not None:
        worked = hours.worked(starts, ends) / MINUTE_US
        # Work outside the hours took its time too: what happened wholly outside counts by the clock.
        minutes = np.where(worked > 0, worked, minutes)
    # What was recorded of the work goes before what the clock tells, as in the measures.
    recorded = log.minutes_us[chosen]
    return lengths_of(np.where(recorded != UNKNOWN, recorded / MINUTE_US, minutes))


def _rule(name: str, ways: Ways, moves: list[Move], seen: _Seen, evidence: Evidence) -> Rule:
    condition = ways.condition
    where = f"steps.{name}.rules[{_words(condition)}]"
    count = len(ways.moves)
    top = max(ways.shares, key=lambda to: ways.shares[to])
    low, high = _share_interval(round(ways.shares[top] * count), count)
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
        after=_after(name, ways.moves, moves, ways.shares, seen, evidence, f".rules[{_words(condition)}]"),
    )


def _words(condition: Condition) -> str:
    parts = [f"came_from {condition.came_from}"] if condition.came_from else []
    parts += [f"visits_at_least {condition.at_least}"] if condition.at_least else []
    return ", ".join(parts)


_OWN_DELAYS = 20
"""Under a condition with fewer moves on a way, the delays of all moves on it are taken."""


def _after(
    name: str,
    chosen: tuple[Move, ...],
    moves: list[Move],
    shares: Mapping[str, float],
    seen: _Seen,
    evidence: Evidence,
    where: str,
) -> dict[str, Delay]:
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


def _tell_ways(
    name: str, shares: Mapping[str, float], moves: list[Move], ways: tuple[Ways, ...], evidence: Evidence
) -> None:
    count = len(ways[-1].moves)
    why = "shares of what followed" + (f", those under {len(ways) - 1} rules apart" if len(ways) > 1 else "")
    for to, share in list(shares.items())[:3]:
        low, high = _share_interval(round(share * count), count)
        evidence.add(Learned(f"steps.{name}.next.{to}", share, low, high, count, why))


def _share_interval(part: int, whole: int) -> tuple[float, float]:
    """The 95% interval of a share (Wilson, 1927)."""
    if not whole:
        return 0.0, 1.0
    z, share = 1.959963984540054, part / whole
    centre = (share + z**2 / (2 * whole)) / (1 + z**2 / whole)
    half = z / (1 + z**2 / whole) * np.sqrt(share * (1 - share) / whole + z**2 / (4 * whole**2))
    return max(float(centre - half), 0.0), min(float(centre + half), 1.0)


# --- people -----------------------------------------------------------------------------------------------------


def _pools(seen: _Seen, steps: Mapping[str, Step], evidence: Evidence) -> dict[str, Pool]:
    drafted = seen.drafted
    of_pool = {pool: [name for name, step in steps.items() if step.pool == pool] for pool in drafted.pools}
    together = visits_together(seen.log, of_pool)
    found = {}
    for name, pool in drafted.pools.items():
        seen_here = together.get(name, Together(1, 1, 0))
        workers = max(int(pool.workers or 0), seen_here.level, 1)
        why = (
            "the visits that were under way together, as people do several at a time"
            if seen_here.level > (pool.workers or 0)
            else "the median of the people at work on a day"
        )
        evidence.add(Learned(f"pools.{name}.workers", workers, 1, max(seen_here.most, workers), seen_here.visits, why))
        # What little was recorded of somebody's day is no limit to it.
        found[name] = pool.changed(workers=workers, minutes_per_day=None)
        evidence.cannot(
            f"pools.{name}.minutes_per_day",
            "records of visits show what was done and not what could have been done",
            "a rota, or minutes_per_day written by somebody who knows",
        )
    return found
