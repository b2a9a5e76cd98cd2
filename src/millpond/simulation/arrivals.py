"""When cases come: the expected number of arrivals hour by hour, and the arrivals that do not come at random.

What depends on the replication (over-dispersed days, the counts of days that were seen) is worked out here, outside
the event loop; the gaps between arrivals at random are drawn within it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv

from millpond.model import Service, Stream
from millpond.periods import local_us, moment_of, weekday
from millpond.simulation.addresses import NUMBER_BITS, SCHEDULED
from millpond.simulation.compiled import words_at
from millpond.simulation.horizon import Horizon
from millpond.simulation.kernel import ARRIVAL, DAY, SCHEDULE

MS_AN_HOUR = 3_600_000
_FULL = float(2**64)


@dataclass(frozen=True, eq=False)
class Rates:
    """The expected arrivals of every stream in each elapsed hour.

    Attributes:
        hourly: float64, streams x hours, before any day's own factor.
        day_of_hour: the index of the day in which each hour lies.
        shape_per_arrival: for each stream 1 / (overdispersion - 1), the shape of a day's gamma factor for each
            arrival expected that day; infinite where days vary by chance alone.
    """

    hourly: npt.NDArray[np.float64]
    day_of_hour: npt.NDArray[np.int64]
    shape_per_arrival: npt.NDArray[np.float64]

    @cached_property
    def expected(self) -> npt.NDArray[np.float64]:
        """The sums of `hourly` from the start to each hour, streams x (hours + 1)."""
        return _from_the_start(self.hourly)

    @cached_property
    def over_dispersed(self) -> tuple[int, ...]:
        """The indexes of the streams whose days vary by more than chance."""
        return tuple(np.flatnonzero(np.isfinite(self.shape_per_arrival) & (self.hourly.sum(axis=1) > 0)).tolist())


def rates_of(service: Service, horizon: Horizon) -> Rates:
    """The expected arrivals at random of each stream, hour by hour as long as cases arrive.

    The rate within an elapsed hour is that of the local hour in which it begins. A week's arrivals are spread by the
    stream's weights; months and the trend raise or lower them.
    """
    kept = horizon.kept.get("rates")
    if kept is None or kept[0] is not service:
        kept = horizon.kept["rates"] = service, _rates(service, horizon)
    rates: Rates = kept[1]
    return rates


def _rates(service: Service, horizon: Horizon) -> Rates:
    starts = horizon.day_starts_ms[: horizon.arrivals_until + 1]
    elapsed = np.arange(-(-int(starts[-1]) // MS_AN_HOUR)) * MS_AN_HOUR
    day = np.searchsorted(starts, elapsed, side="right") - 1
    hour = (elapsed - starts[day]) // MS_AN_HOUR
    for place in np.flatnonzero(np.diff(starts)[day] != 24 * MS_AN_HOUR):
        hour[place] = moment_of(horizon.origin_us + int(elapsed[place]) * 1000, horizon.zone).hour
    hour_of_week = np.array([weekday(horizon.first_day + index) for index in range(len(starts))])[day] * 24 + hour
    month = np.array([horizon.date(index).month - 1 for index in range(len(starts))])[day]
    rows = [_hourly(stream, hour_of_week, month, day) for stream in service.streams.values()]
    beyond = [stream.overdispersion - 1 for stream in service.streams.values()]
    with np.errstate(divide="ignore"):
        shape = 1 / np.array(beyond, dtype=np.float64)
    return Rates(np.array(rows, dtype=np.float64).reshape(len(rows), len(elapsed)), day, shape)


def _hourly(
    stream: Stream, hour_of_week: npt.NDArray[np.int64], month: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    if not stream.per_week:
        return np.zeros(len(hour_of_week))
    weights = np.array(stream.hourly_weights)
    hourly = stream.per_week / weights.sum() * weights[hour_of_week]
    if stream.by_month is not None:
        months = np.array(stream.by_month)
        hourly = hourly * (months / months.mean())[month]
    return np.asarray(hourly * (1 + stream.trend_per_year) ** (day / 365.25), dtype=np.float64)


def expected_arrivals(
    rates: Rates, streams: npt.NDArray[np.uint64], horizon: Horizon, key: int
) -> npt.NDArray[np.float64]:
    """The expected arrivals of each stream from the start to each hour, in one replication.

    Args:
        rates: from `rates_of`.
        streams: the keys of the streams, in their place in an address.
        horizon: the days.
        key: of the replication.

    Returns:
        float64, streams x (hours + 1): cumulative, with each over-dispersed day's own factor in it. Not to be written
        to: where no day has a factor, it is the same array for all replications.
    """
    if not rates.over_dispersed:
        return rates.expected
    found, days = rates.expected.copy(), horizon.arrivals_until
    for index in rates.over_dispersed:
        hourly = rates.hourly[index]
        of_day = np.bincount(rates.day_of_hour, weights=hourly, minlength=days)
        words = _words(key, streams[index], np.arange(days) + horizon.first_day, DAY)[:, 0]
        shape = of_day * rates.shape_per_arrival[index]
        factor = np.ones(days)
        some = shape > 0
        factor[some] = gammaincinv(shape[some], _unit(words)[some]) / shape[some]
        found[index] = _from_the_start(hourly * factor[rates.day_of_hour])
    return found


def _from_the_start(hourly: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Sums up to each hour along the last axis, 0 first."""
    found = np.zeros((*hourly.shape[:-1], hourly.shape[-1] + 1))
    np.cumsum(hourly, axis=-1, out=found[..., 1:])
    return found


def planned_arrivals(
    service: Service, streams: npt.NDArray[np.uint64], horizon: Horizon, key: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The arrivals of one replication that do not come at random, in order.

    Returns:
        Instants in milliseconds, indexes of streams, and numbers within the stream.
    """
    times: list[int] = []
    of: list[int] = []
    numbers: list[int] = []
    for index, stream in enumerate(service.streams.values()):
        at = [*_scheduled(stream, streams[index], horizon, key), *_counted(stream, streams[index], horizon, key)]
        for number, time in at:
            times.append(time)
            of.append(index)
            numbers.append(number)
    order = np.lexsort(
        (np.array(numbers, dtype=np.int64), np.array(of, dtype=np.int64), np.array(times, dtype=np.int64))
    )
    return (
        np.array(times, dtype=np.int64)[order],
        np.array(of, dtype=np.int64)[order],
        np.array(numbers, dtype=np.int64)[order],
    )


def _scheduled(stream: Stream, key_of: np.uint64, horizon: Horizon, key: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    if not stream.schedule:
        return found
    number = SCHEDULED
    for index in range(horizon.arrivals_until):
        day = horizon.first_day + index
        for minute, cases in stream.scheduled:
            if minute // 1440 != weekday(day):
                continue
            time = (local_us(day, minute % 1440, horizon.zone) - horizon.origin_us) // 1000
            whole, part = int(cases), cases - int(cases)
            if part:
                # 1970-01-05 was a Monday, day number 4.
                slot = (day - 4) * 1440 + minute % 1440
                whole += bool(_unit(_words(key, key_of, np.array([slot]), SCHEDULE)[:, 0])[0] < part)
            for _ in range(whole):
                found.append((number, time))
                number += 1
    return found


def _counted(stream: Stream, key_of: np.uint64, horizon: Horizon, key: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    if not stream.daily_counts:
        return found
    number = SCHEDULED + SCHEDULED // 2
    weights = np.array(stream.hourly_weights)
    for index in range(horizon.arrivals_until):
        day = horizon.first_day + index
        seen = stream.counts_by_weekday[weekday(day)]
        if not seen:
            continue
        choice, part = _words(key, key_of, np.array([day]), DAY)[0]
        count = seen[int(choice) * len(seen) >> 64]
        cases = int(count) + bool(float(part) / _FULL < count - int(count))
        if not cases:
            continue
        start, end = local_us(day, 0, horizon.zone), local_us(day + 1, 0, horizon.zone)
        hours = (end - start) // (MS_AN_HOUR * 1000)
        moments = [moment_of(start + hour * MS_AN_HOUR * 1000, horizon.zone) for hour in range(hours)]
        of_hour = weights[[moment.weekday() * 24 + moment.hour for moment in moments]]
        of_hour = of_hour if of_hour.sum() > 0 else np.ones(hours)
        expected = np.concatenate([[0.0], np.cumsum(of_hour) / of_hour.sum()])
        at = _unit(_words(key, key_of, np.arange(number, number + cases), ARRIVAL)[:, 0])
        begin = (start - horizon.origin_us) // 1000
        inside = np.floor(np.interp(at, expected, np.arange(hours + 1) * float(MS_AN_HOUR))).astype(np.int64)
        found += [(number + place, int(begin + inside[place])) for place in range(cases)]
        number += cases
    return found


def _words(key: int, stream: np.uint64, numbers: npt.NDArray[np.int64], purpose: int) -> npt.NDArray[np.uint64]:
    """Both words of the draws for numbers of a stream: arrivals, days or slots."""
    addresses = stream | (numbers.astype(np.uint64) & np.uint64((1 << NUMBER_BITS) - 1))
    return words_at(key, addresses, np.full(len(numbers), purpose, dtype=np.uint64))


def _unit(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
    """Words as numbers above 0 and below 1, the middle of the 2**-53 that each stands for."""
    return ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
