"""When cases come, and what they are: every arrival of a run, listed before anything else happens.

What becomes of them is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import gammaincinv

from millpond.model import Service, Stream
from millpond.simulation.quantiles import standard_exponential
from tests.reference.agenda import AT_RANDOM, TOLD
from tests.reference.clock import Clock
from tests.reference.draws import ARRIVAL, ATTRIBUTES, DAY, SCHEDULE, Luck, chosen, exponential, happens, middle

_MONDAY = 4
"""1970-01-05, the first Monday, in days since 1970-01-01."""
_SCHEDULED, _COUNTED = 2**39, 2**39 + 2**38


class Arrival(NamedTuple):
    """A case that comes: when, in which kind of event, and who it is."""

    at: int
    kind: int
    stream_index: int
    number: int


@dataclass(frozen=True)
class Nature:
    """What a case is from the first."""

    rank: int
    urgent: bool
    attributes: dict[str, str]


def arrivals(service: Service, clock: Clock, days: int, luck: Luck) -> list[Arrival]:
    """All arrivals in the first `days` days, in the order in which they are worked off.

    A stream numbers its arrivals at random from 0, those of its schedule from 2**39 and those of its counts of days
    from 2**39 + 2**38, so that a schedule that is added moves nobody's luck.
    """
    found = []
    for index, (name, stream) in enumerate(service.streams.items()):
        found += [Arrival(at, AT_RANDOM, index, n) for n, at in enumerate(_at_random(name, stream, clock, days, luck))]
        on_time = _scheduled(name, stream, clock, days, luck)
        found += [Arrival(at, TOLD, index, _SCHEDULED + n) for n, at in enumerate(on_time)]
        number = _COUNTED
        for day in range(days):
            for _ in range(_count_of_day(name, stream, clock, day, luck)):
                share = middle(luck.words(name, number, ARRIVAL)[0])
                found.append(Arrival(_within_day(stream, clock, day, share), TOLD, index, number))
                number += 1
    return sorted(found)


def nature(service: Service, name: str, number: int, luck: Luck) -> Nature:
    """Rank, urgency and attributes of a case."""
    stream = service.streams[name]
    urgent = happens(luck.words(name, number, ARRIVAL)[1], stream.share_urgent)
    attributes = {
        attribute: chosen(luck.words(name, number, ATTRIBUTES, nth=index)[0], shares)
        for index, (attribute, shares) in enumerate(stream.attributes.items())
    }
    return Nature((stream.priority - 1) * 2 + (0 if urgent else 1), urgent, attributes)


def _at_random(name: str, stream: Stream, clock: Clock, days: int, luck: Luck) -> list[int]:
    """The instants of the arrivals at random: every elapsed hour has one rate.

    The order of the arithmetic is part of the definition, because an instant is cut down to whole milliseconds.
    """
    if not stream.per_week:
        return []
    cells = standard_exponential()
    weights = np.array(stream.hourly_weights)
    level = stream.per_week / weights.sum()
    months = None if stream.by_month is None else np.array(stream.by_month)
    found: list[int] = []
    passed, hour = 0.0, 0
    due = exponential(cells, luck.words(name, 0, ARRIVAL)[0])
    for day in range(days):
        rates = [level * weights[of_week] for _, _, of_week in clock.hours(day)]
        if months is not None:
            rates = [rate * (months / months.mean())[clock.date(day).month - 1] for rate in rates]
        rates = [rate * (1 + stream.trend_per_year) ** (day / 365.25) for rate in rates]
        expected = sum(rates)
        if stream.overdispersion > 1 and expected > 0:
            shape = expected * (1 / (stream.overdispersion - 1))
            factor = gammaincinv(shape, middle(luck.words(name, clock.number(day), DAY)[0])) / shape
            rates = [rate * factor for rate in rates]
        for rate in rates:
            reached = passed + rate
            while passed < due <= reached:
                found.append(int((hour + (due - passed) / (reached - passed)) * 3_600_000.0))
                due += exponential(cells, luck.words(name, len(found), ARRIVAL)[0])
            passed = reached
            hour += 1
    return found


def _scheduled(name: str, stream: Stream, clock: Clock, days: int, luck: Luck) -> list[int]:
    found = []
    for day in range(days):
        for minute, cases in stream.scheduled:
            if minute // 1440 == clock.date(day).weekday():
                moment = (clock.number(day) - _MONDAY) * 1440 + minute % 1440
                more = happens(luck.words(name, moment, SCHEDULE)[0], cases % 1)
                found += [clock.at(day, minute % 1440)] * (int(cases) + more)
    return found


def _count_of_day(name: str, stream: Stream, clock: Clock, day: int, luck: Luck) -> int:
    seen = stream.counts_by_weekday[clock.date(day).weekday()]
    if not seen:
        return 0
    which, fraction = luck.words(name, clock.number(day), DAY)
    count = seen[which * len(seen) >> 64]
    return int(count) + happens(fraction, count % 1)


def _within_day(stream: Stream, clock: Clock, day: int, share: float) -> int:
    """The instant by which that share of the day's pattern has passed; a day without weight is taken as even."""
    weights = np.array([stream.hourly_weights[hour] for _, _, hour in clock.hours(day)])
    if not weights.any():
        weights = np.ones(len(weights))
    reached = [0.0, *(weights.cumsum() / weights.sum())]
    hour = max(place for place in range(len(weights)) if reached[place] <= share)
    per_share = 3_600_000.0 / (reached[hour + 1] - reached[hour])
    return clock.midnight(day) + int(per_share * (share - reached[hour]) + hour * 3_600_000.0)
