"""Cases between two visits: whether they come again, to which step and when, as the fitted model has it.

A case whose visits have all ended may be over, or on its way to the next step. Of each way on, the model has a share
and a delay; that nothing has come so far makes ways with short delays, and the end of the case, more or less likely
(Bayes). Where the records say with a word how cases end, a case without one goes on. One way and one delay, longer than
the time that has passed, are drawn for each replication.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.calibration.fitting.classes import CaseFacts
from millpond.calibration.fitting.fit import Fitted
from millpond.calibration.fitting.history import UNKNOWN
from millpond.calibration.fitting.openings import Openings, openings_of
from millpond.model import Delay, Rule, Service
from millpond.model.steps import URGENT
from millpond.simulation.quantiles import QuantileTable, quantile_table
from millpond.simulation.starting import OnTheWay

Ints = npt.NDArray[np.int64]
_MS_US = 1000
_AHEAD_US = 400 * 86_400_000_000
"""Openings are known for so long; a delay that reaches further ends there."""


@dataclass(frozen=True)
class _Way:
    """One way on.

    Attributes:
        to: the step; None where the case is over.
        weight: how likely it is, not scaled.
        table: of the delay, in milliseconds; None where there is none.
        passed_ms: how much of the delay has passed.
        hours: in which it passes; None for the clock.
    """

    to: str | None
    weight: float
    table: QuantileTable | None = None
    passed_ms: int = 0
    hours: Openings | None = None


@dataclass(frozen=True)
class Between:
    """A case between two visits.

    Attributes:
        case: its id.
        came_from: the step at which it was.
        stream: where it came from; None where that is not known.
        is_urgent: whether it is urgent.
        entered_us: when it joined first.
        visits: how many visits it has had at each step.
        ended_us: when its last visit ended.
        ways: where it may go.
    """

    case: str
    came_from: str
    stream: str | None
    is_urgent: bool
    entered_us: int
    visits: Counter[str]
    ended_us: int
    ways: tuple[_Way, ...]


def cases_between(fitted: Fitted) -> tuple[Between, ...]:
    """The cases that are between two visits when the records of a fit end, without those that are surely over.

    Args:
        fitted: the fitted service.
    """
    log, service = fitted.log, fitted.service
    openings = openings_of(service, log.as_of_us - _AHEAD_US, log.as_of_us + _AHEAD_US)
    tables: dict[Delay, QuantileTable] = {}
    found = []
    for case, places in log.by_case.items():
        is_known_over = fitted.endings.is_worded and case in fitted.endings.finished
        if is_known_over or not all(log.has_ended[place] for place in places):
            continue
        last = max(places, key=lambda place: (int(log.ended_us[place]), place))
        if log.has_left[last] or log.step[last] not in service.steps:
            continue
        visits = Counter(log.step[place] for place in places)
        before = log.step[places[-2]] if len(places) > 1 else None
        ended = int(log.ended_us[last])
        ways = _ways(fitted, log.step[last], before, visits, ended, openings, tables)
        if any(way.to is not None and way.weight > 0 for way in ways):
            first = int(log.joined_us[places[0]] if log.joined_us[places[0]] != UNKNOWN else log.started_us[places[0]])
            facts: CaseFacts = fitted.facts
            urgent, stream = facts.urgency(case) == URGENT, facts.streams.get(case)
            found.append(Between(case, log.step[last], stream, urgent, first, visits, ended, ways))
    return tuple(found)


def drawn(between: Sequence[Between], at_us: int, seed: int, number: int) -> tuple[OnTheWay, ...]:
    """Those cases that come again in one replication, and when.

    Args:
        between: from `cases_between`.
        at_us: the instant from which they are simulated, microseconds since 1970-01-01 UTC.
        seed: of the random draws.
        number: of the replication.
    """
    luck = np.random.default_rng((seed, number))
    found = []
    for case in between:
        share, word = luck.random(), int(luck.integers(0, 1 << 64, dtype=np.uint64))
        weights = np.cumsum([way.weight for way in case.ways])
        way = case.ways[min(int(np.searchsorted(weights, share * weights[-1], side="right")), len(case.ways) - 1)]
        if way.to is not None:
            comes = max(_comes_us(case, way, word), at_us)
            stream, urgent, earlier = case.stream, case.is_urgent, case.visits[way.to]
            found.append(OnTheWay(case.case, way.to, stream, urgent, earlier, case.entered_us, case.came_from, comes))
    return tuple(found)


def _comes_us(case: Between, way: _Way, word: int) -> int:
    if way.table is None:
        return case.ended_us
    delay = max(way.table.draw_above(word, way.passed_ms), way.passed_ms) * _MS_US
    if way.hours is None:
        return case.ended_us + delay
    # The instant at which so much of the openings has passed.
    target = int(way.hours.until(np.array([case.ended_us]))[0]) + delay
    over = way.hours.until(way.hours.ends)
    place = min(int(np.searchsorted(over, target, side="left")), len(over) - 1)
    return int(way.hours.ends[place]) - max(int(over[place]) - target, 0)


def _ways(
    fitted: Fitted,
    name: str,
    before: str | None,
    visits: Counter[str],
    ended_us: int,
    openings: dict[str, Openings],
    tables: dict[Delay, QuantileTable],
) -> tuple[_Way, ...]:
    service, log = fitted.service, fitted.log
    meets = {step: block.meets for block in fitted.blocks for step in block.steps}
    step = service.steps[meets.get(name, name)]
    rule = next((each for each in step.rules if _holds(each, before, visits[name])), None)
    shares = rule.next if rule is not None else step.next
    if shares is None:
        return ()
    found = []
    for to, share in shares.items():
        if to not in service.steps:
            found.append(_Way(None, 0.0 if fitted.endings.is_worded else share))
            continue
        delay = step.delay_to(to, rule)
        if delay is None or delay.minutes is None:
            found.append(_Way(to, 0.0))
            continue
        if delay not in tables:
            tables[delay] = quantile_table(delay.minutes)
        hours = _hours(service, to, openings) if delay.is_working_time else None
        passed = log.as_of_us - ended_us
        if hours is not None:
            passed = int(hours.worked(np.array([ended_us]), np.array([log.as_of_us]))[0])
        longer = 1 - tables[delay].probability_below(passed / _MS_US)
        found.append(_Way(to, share * max(longer, 0.0), tables[delay], passed // _MS_US, hours))
    if not any(way.weight > 0 for way in found):
        # Longer than any delay that was seen: it comes now, where it surely comes at all.
        return tuple(_Way(way.to, shares[way.to]) for way in found if way.to is not None)
    return tuple(found)


def _holds(rule: Rule, before: str | None, made: int) -> bool:
    return (rule.came_from is None or rule.came_from == before) and (
        rule.visits_at_least is None or made >= rule.visits_at_least
    )


def _hours(service: Service, to: str, openings: dict[str, Openings]) -> Openings | None:
    pool = service.steps[to].pool
    return None if pool is None else openings.get(pool)
