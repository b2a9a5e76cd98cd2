"""Instants and local clock times in any IANA zone, a whole column at a time.

Only arithmetic on whole microseconds: engines disagree on what a cast to a zone means, `zoneinfo` does not, so every
offset used here was asked of `zoneinfo` itself. An offset changes at most once in a day of UTC (checked for every
zone and every transition of tzdata 2025.2), so it is enough to ask once a day and to bisect the days that differ.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Instants = NDArray[np.int64]

SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
DAY_US = 24 * HOUR_US

_EPOCH = datetime(1970, 1, 1)
_BLOCK_DAYS = 512
_BLOCK_US = _BLOCK_DAYS * DAY_US

EARLIEST_US = (datetime(1, 1, 3) - _EPOCH) // timedelta(microseconds=1)
"""The first instant that has a local date in every zone (year 1)."""
LATEST_US = (datetime(9999, 12, 30) - _EPOCH) // timedelta(microseconds=1)
"""The last instant, exclusive, that has a local date in every zone (year 9999)."""


class WallClock(NamedTuple):
    """What local clock times turned out to be.

    Attributes:
        us: the instants, in microseconds since 1970-01-01 UTC.
        skipped: true where the clocks went past that time: it was moved forward by the gap.
        repeated: true where the clocks showed that time twice: the first was taken.
    """

    us: Instants
    skipped: NDArray[np.bool_]
    repeated: NDArray[np.bool_]


def offsets_us(instants: Instants, zone: ZoneInfo) -> Instants:
    """How far the local clock is ahead of UTC at each instant, in microseconds."""
    starts, offsets = _steps(instants, zone)
    if len(offsets) == 1:
        return np.full(len(instants), offsets[0], dtype=np.int64)
    return offsets[np.searchsorted(starts, instants, side="right") - 1]


def local_us(instants: Instants, zone: ZoneInfo) -> Instants:
    """What the local clock shows at each instant, counted in microseconds since 1970-01-01 00:00 on that clock."""
    return instants + offsets_us(instants, zone)


def local_day_and_hour(instants: Instants, zone: ZoneInfo) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
    """The local date, in days since 1970-01-01, and the local hour (0 to 23) of each instant."""
    clock = local_us(instants, zone)
    days = clock // DAY_US
    hours = (clock - days * DAY_US) // HOUR_US
    return days.astype(np.int32), hours.astype(np.int16)


def from_local(clock: Instants, zone: ZoneInfo) -> WallClock:
    """The instants at which the local clock showed these times.

    Args:
        clock: local clock times, in microseconds since 1970-01-01 00:00 on that clock.
        zone: the zone of the clock.

    Returns:
        The instants. A time that the clocks skipped is moved forward by the gap, and of a time that they showed
        twice the first is taken: the rule of PEP 495 with ``fold=0``.
    """
    starts, offsets = _steps(clock, zone)
    if len(offsets) == 1:
        none = np.zeros(len(clock), dtype=np.bool_)
        return WallClock(clock - offsets[0], none, none)
    before, after = offsets[:-1], offsets[1:]
    # Seen on the clock, the new offset rules once the later of the old and the new reading has passed.
    seen = starts[1:] + np.maximum(before, after)
    index = np.searchsorted(seen, clock, side="right")
    instants = clock - offsets[index]
    near = index < len(seen)
    skipped = near & (clock - _at(before, index) >= _at(starts[1:], index))
    repeated = near & (clock - _at(after, index) >= _at(starts[1:], index))
    return WallClock(instants, skipped, repeated)


def _at(values: Instants, index: NDArray[np.intp]) -> Instants:
    return values[np.minimum(index, len(values) - 1)]


def _steps(instants: Instants, zone: ZoneInfo) -> tuple[Instants, Instants]:
    """Where offsets begin, and the offsets, for every stretch of time that the instants (or clock times) touch."""
    if len(instants) == 0:
        return np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    first, last = int(instants.min()) // _BLOCK_US, int(instants.max()) // _BLOCK_US
    if last - first <= 4:
        blocks = list(range(first, last + 1))
    else:
        blocks = [int(block) for block in np.unique(instants // _BLOCK_US)]
    # Clock times are up to a day away from their instants: the neighbours' offsets are needed too.
    wanted = sorted({near for block in blocks for near in (block - 1, block, block + 1)})
    starts: list[int] = []
    offsets: list[int] = []
    for block in wanted:
        for start, offset in _steps_of_block(zone, block):
            if not offsets or offsets[-1] != offset:
                starts.append(start)
                offsets.append(offset)
    return np.array(starts, dtype=np.int64), np.array(offsets, dtype=np.int64)


@lru_cache(maxsize=20_000)
def _steps_of_block(zone: ZoneInfo, block: int) -> tuple[tuple[int, int], ...]:
    """The offset at a block's start and at every change within it."""
    at = block * _BLOCK_US
    offset = _asked(zone, at)
    steps = [(at, offset)]
    for day in range(1, _BLOCK_DAYS + 1):
        until = block * _BLOCK_US + day * DAY_US
        then = _asked(zone, until)
        if then != offset:
            change = _bisected(zone, at, until)
            if change < (block + 1) * _BLOCK_US:
                steps.append((change, then))
        at, offset = until, then
    return tuple(steps)


def _bisected(zone: ZoneInfo, low: int, high: int) -> int:
    """The first instant, to the second, with the offset of `high`; it differs at `low`."""
    offset = _asked(zone, high)
    while high - low > SECOND_US:
        middle = (low + high) // 2 // SECOND_US * SECOND_US
        if _asked(zone, middle) == offset:
            high = middle
        else:
            low = middle
    return high


def _asked(zone: ZoneInfo, us: int) -> int:
    """The offset that zoneinfo gives for an instant; before year 1 and after 9999, that of the nearest year."""
    within = min(max(us, EARLIEST_US), LATEST_US)
    moment = (_EPOCH + timedelta(microseconds=within)).replace(tzinfo=zone)
    # `fromutc` reads the fields as UTC: that spares a second conversion.
    offset = zone.fromutc(moment).utcoffset()
    return 0 if offset is None else offset // timedelta(microseconds=1)
