"""How far two logs are from each other: the seven distances by which a simulated log is held against a real one.

Source: Chapela-Campa and others, "Can I trust my simulation model?", BPM 2023 (arXiv 2303.17463), in the definitions
of its authors' package `log-distance-measures` 2.2, which the tests take as the truth. Lower is better, 0 is alike.
All but the first are one-dimensional Wasserstein distances: the mean distance by which the one histogram must be moved
to become the other.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from statistics import fmean

import numpy as np
import numpy.typing as npt
from scipy.stats import wasserstein_distance

from millpond.calibration.event_log import EventLog, Ints
from millpond.records.zones import local_day_and_hour

HOUR_US = 3_600_000_000
WHOLE_DAY = 23.0
"""What a weekday counts on which only one of the two logs has anything: the greatest distance between two hours."""
_NONE = 0
"""Stands before the first and after the last step of a case."""


@dataclass(frozen=True)
class Distances:
    """The seven distances between two logs.

    Attributes:
        ngd: of sequences of three steps, 0 to 1.
        aed: of the times of events, hours.
        car: of the times at which cases begin, hours.
        ced: of the hours of the day at which events happen, within weekdays; hours, 0 to 23.
        red: of the times of events since their case began, hours.
        ctd: of the lead times of cases, hours.
        cwd: of the workers busy by hour of the week; hours, 0 to 23.
    """

    ngd: float
    aed: float
    car: float
    ced: float
    red: float
    ctd: float
    cwd: float

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names in capitals, in their order."""
        return tuple(name.upper() for name in cls.__dataclass_fields__)

    def values(self) -> npt.NDArray[np.float64]:
        """The seven in their order."""
        return np.array(astuple(self), dtype=np.float64)


def distances(one: EventLog, other: EventLog) -> Distances:
    """All seven distances between two logs.

    Raises:
        ValueError: one of them has no finished visit.
    """
    if not len(one) or not len(other):
        raise ValueError("a log without finished visits has no distance to another")
    return Distances(
        ngd=n_gram_distance(one, other),
        aed=event_time_distance(one, other),
        car=arrival_distance(one, other),
        ced=hour_of_day_distance(one, other),
        red=time_in_case_distance(one, other),
        ctd=lead_time_distance(one, other),
        cwd=workforce_distance(one, other),
    )


def floor_of(earlier: EventLog, later: EventLog) -> Distances:
    """The distances between the later part of a log and the earlier one, shifted to the same start.

    That is what repeating history comes to: no honest model is to be expected far below it.
    """
    return distances(later, earlier.shifted_to(int(later.started_us.min())))


def n_gram_distance(one: EventLog, other: EventLog, n: int = 3) -> float:
    """NGD: the sum of the differences between how often each sequence of `n` steps occurs, over all occurrences.

    The beginning and the end of a case count as steps of their own.
    """
    names = {name: place for place, name in enumerate(sorted({*one.step, *other.step}), _NONE + 1)}
    counts = [_n_grams(log, names, n) for log in (one, other)]
    keys = sorted({*counts[0], *counts[1]})
    differing = sum(abs(counts[0].get(key, 0) - counts[1].get(key, 0)) for key in keys)
    return differing / sum(sum(each.values()) for each in counts)


def event_time_distance(one: EventLog, other: EventLog) -> float:
    """AED: of the hours since the first start in either log at which visits start and end."""
    return _wasserstein(*_since_first(one, other, (_events(one), _events(other))))


def arrival_distance(one: EventLog, other: EventLog) -> float:
    """CAR: of the hours since the first start in either log at which cases begin."""
    return _wasserstein(*_since_first(one, other, (case_starts(one), case_starts(other))))


def hour_of_day_distance(one: EventLog, other: EventLog) -> float:
    """CED: of the hours of the day at which visits start and end, as the mean over the seven weekdays."""
    return _by_weekday([(weekday, hour, None) for weekday, hour in (_clock(log) for log in (one, other))])


def time_in_case_distance(one: EventLog, other: EventLog) -> float:
    """RED: of the whole hours from a case's first start to each start and end in it."""
    return _wasserstein(*((_events(log) - np.tile(case_starts(log)[log.case], 2)) // HOUR_US for log in (one, other)))


def lead_time_distance(one: EventLog, other: EventLog) -> float:
    """CTD: of the lead times, first start to last end, in bins of an hour that begin at the shortest of all."""
    lengths = [lead_times(log) for log in (one, other)]
    shortest = min(each.min() for each in lengths)
    return _wasserstein(*((each - shortest) // HOUR_US for each in lengths))


def workforce_distance(one: EventLog, other: EventLog) -> float:
    """CWD: of the workers who start or end a visit in an hour of the week, as the mean over the seven weekdays.

    A worker counts once an hour; the count is over the days of that weekday on which anything happened. Visits of
    nobody named count as one worker's.
    """
    return _by_weekday([_workforce(log) for log in (one, other)])


def case_starts(log: EventLog) -> Ints:
    """The first start of each case, microseconds since 1970-01-01 UTC."""
    first = np.full(len(log.cases), np.iinfo(np.int64).max)
    np.minimum.at(first, log.case, log.started_us)
    return first


def lead_times(log: EventLog) -> Ints:
    """From each case's first start to its last end, microseconds."""
    last = np.full(len(log.cases), np.iinfo(np.int64).min)
    np.maximum.at(last, log.case, log.ended_us)
    return last - case_starts(log)


def _n_grams(log: EventLog, names: dict[str, int], n: int) -> dict[tuple[int, ...], int]:
    ways: list[list[int]] = [[_NONE] * (n - 1) for _ in log.cases]
    for case, step in zip(log.case, log.step, strict=True):
        ways[case].append(names[step])
    counts: dict[tuple[int, ...], int] = {}
    for way in ways:
        way += [_NONE] * (n - 1)
        for place in range(len(way) - n + 1):
            key = tuple(way[place : place + n])
            counts[key] = counts.get(key, 0) + 1
    return counts


def _events(log: EventLog) -> Ints:
    """The starts, then the ends."""
    return np.concatenate((log.started_us, log.ended_us))


def _since_first(one: EventLog, other: EventLog, instants: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    first = min(one.started_us.min(), other.started_us.min()) // HOUR_US * HOUR_US
    return (instants[0] - first) // HOUR_US, (instants[1] - first) // HOUR_US


def _clock(log: EventLog) -> tuple[Ints, Ints]:
    """The weekday (Monday = 0) and the hour of each event, by the clock of the log's zone."""
    day, hour = local_day_and_hour(_events(log), log.zone)
    return (np.asarray(day, dtype=np.int64) + 3) % 7, np.asarray(hour, dtype=np.int64)


def _workforce(log: EventLog) -> tuple[Ints, Ints, npt.NDArray[np.float64]]:
    day, hour = (np.asarray(each, dtype=np.int64) for each in local_day_and_hour(_events(log), log.zone))
    worker = np.tile(log.worker, 2)
    once = np.unique(np.stack((day, hour, worker)), axis=1)
    days = np.bincount((np.unique(day) + 3) % 7, minlength=7)
    busy = np.zeros((7, 24))
    np.add.at(busy, ((once[0] + 3) % 7, once[1]), 1.0)
    # In whole hundredths, as the package has them.
    weights = np.floor(busy / np.maximum(days, 1)[:, None] * 100)
    weekday, at = np.nonzero(weights)
    return weekday, at, weights[weekday, at]


def _by_weekday(logs: list[tuple[Ints, Ints, npt.NDArray[np.float64] | None]]) -> float:
    found = []
    for day in range(7):
        chosen = [(hour[weekday == day], None if w is None else w[weekday == day]) for weekday, hour, w in logs]
        sizes = [len(hour) for hour, _ in chosen]
        if all(sizes):
            (hour, weight), (hour_2, weight_2) = chosen
            found.append(float(wasserstein_distance(hour, hour_2, weight, weight_2)))
        else:
            found.append(WHOLE_DAY if any(sizes) else 0.0)
    return fmean(found)


def _wasserstein(one: Ints, other: Ints) -> float:
    return float(wasserstein_distance(one, other))
