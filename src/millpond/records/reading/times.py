"""Texts to instants, exactly and a whole column at a time.

Takes the layouts that the survey of the whole column settled. Everything is arithmetic on whole numbers; no engine's
own parsing of times is used, because engines differ. Which texts are blank, unreadable or without a time of day is
reported for each row: nothing turns silently into nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from millpond.records import zones
from millpond.records.reading.layouts import Layout
from millpond.records.reading.letters import Flags, Letters, Numbers, Rows, by_length, canonical, fits, number

Scale = Literal["seconds", "milliseconds", "Excel days"]

_DAYS_BEFORE_1970_OF_EXCEL = 25569
_EXCEL_END = 2_958_466  # 10000-01-01
_LENGTHS_OF_MONTHS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_NO_TIME = np.int64(np.iinfo(np.int64).min)


@dataclass(frozen=True)
class Convention:
    """How the texts of one column are read.

    Attributes:
        layouts: the settled layouts (day and month in their order), by length of the text.
        zone: the zone of texts without an offset.
        scale: what a column of bare numbers counts; None where it has none.
    """

    layouts: Mapping[int, Sequence[Layout]]
    zone: ZoneInfo
    scale: Scale | None = None


@dataclass(frozen=True)
class Times:
    """The instants of one column, row by row.

    Attributes:
        us: microseconds since 1970-01-01 UTC; meaningless where not `known`.
        known: a time was read.
        unreadable: there is a text, but it is no time that is known here.
        day_only: the text gives a date and no time of day.
        midnight: the local clock shows 00:00 exactly.
        skipped, repeated: see `millpond.records.zones.WallClock`.
    """

    us: Numbers
    known: Flags
    unreadable: Flags
    day_only: Flags
    midnight: Flags
    skipped: Flags
    repeated: Flags


def read_times(texts: pa.StringArray, convention: Convention) -> Times:
    """Read a column of times.

    Args:
        texts: times; blank, null or a word for nothing where there is none.
        convention: how to read them.
    """
    count = len(texts)
    clocks = _Clocks(count)
    left = _read_layouts(texts, np.arange(count), convention, clocks)
    if len(left):
        # Blanks around a time, a month in small letters, the word for nothing: few texts need a second look.
        plain = canonical(texts.take(pa.array(left)))
        filled = np.flatnonzero(np.asarray(pc.binary_length(plain)) > 0)
        left = _read_layouts(plain.take(pa.array(filled)), left[filled], convention, clocks)
    if len(left) and convention.scale is not None:
        numbers = canonical(texts.take(pa.array(left)))
        clocks.put(left, *_by_scale(numbers, convention.scale), day_only=False)
    elif len(left):
        clocks.unreadable[left] = True
    return clocks.times(convention.zone)


class _Clocks:
    """What the texts of a column show, as it is found out."""

    def __init__(self, count: int) -> None:
        self.us = np.full(count, _NO_TIME, dtype=np.int64)
        self.with_offset = np.zeros(count, dtype=np.bool_)
        self.day_only = np.zeros(count, dtype=np.bool_)
        self.unreadable = np.zeros(count, dtype=np.bool_)

    def put(self, places: Rows, us: Numbers, with_offset: bool, *, day_only: bool) -> None:
        """Note what the texts at some places show; a date that is in no calendar is unreadable, not blank."""
        self.us[places] = us
        self.with_offset[places] = with_offset
        self.unreadable[places] = us == _NO_TIME
        self.day_only[places] = day_only & (us != _NO_TIME)

    def times(self, zone: ZoneInfo) -> Times:
        """The instants."""
        known = self.us != _NO_TIME
        local = known & ~self.with_offset
        us = self.us.copy()
        midnight, skipped, repeated = (np.zeros(len(us), dtype=np.bool_) for _ in range(3))
        if local.any():
            midnight[local] = us[local] % zones.DAY_US == 0
            us[local], skipped[local], repeated[local] = zones.from_local(us[local], zone)
        if self.with_offset.any():
            fixed = known & self.with_offset
            midnight[fixed] = zones.local_us(us[fixed], zone) % zones.DAY_US == 0
        # A date alone begins at midnight; where the clocks skip midnight, the day begins when they go on.
        skipped &= ~self.day_only
        repeated &= ~self.day_only
        return Times(us, known, self.unreadable, self.day_only, midnight, skipped, repeated)


def _read_layouts(texts: pa.Array, places: Rows, convention: Convention, clocks: _Clocks) -> Rows:
    """Read the texts that have a known layout; `places` says where each stands. The places of the others."""
    left = []
    for rows, letters in by_length(texts):
        for layout in convention.layouts.get(letters.shape[1], ()):
            found = fits(letters, layout.shape.encode())
            if not found.any():
                continue
            us = _by_layout(letters if found.all() else letters[found], layout)
            clocks.put(places[rows[found]], us, layout.has_offset, day_only=layout.hour is None)
            rows, letters = rows[~found], letters[~found]
            if not len(rows):
                break
        left.append(places[rows])
    return np.sort(np.concatenate(left)) if left else places[:0]


def _by_layout(letters: Letters, layout: Layout) -> Numbers:
    """Microseconds since 1970-01-01 00:00 on the clock of the text (UTC where it has an offset)."""

    nothing = np.zeros(len(letters), dtype=np.int64)
    year = number(letters, layout.year)
    if layout.short_year:
        year = np.where(year <= 68, 2000 + year, 1900 + year)  # the rule of POSIX strptime
    month = (
        number(letters, layout.month) if layout.month else np.full(len(letters), layout.month_number, dtype=np.int64)
    )
    day = number(letters, layout.day) if layout.day else nothing
    hour = number(letters, layout.hour) if layout.hour else nothing
    minute = number(letters, layout.minute) if layout.minute else nothing
    second = number(letters, layout.second) if layout.second else nothing
    good = (year >= 1) & (month >= 1) & (month <= 12) & (minute <= 59) & (second <= 60)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    length = _LENGTHS_OF_MONTHS[np.clip(month, 0, 12)] + ((month == 2) & leap)
    good &= (day >= 1) & (day <= length)
    if layout.afternoon is None:
        # ISO 8601 writes the end of a day as 24:00 and a leap second as :60.
        good &= (hour <= 23) | ((hour == 24) & (minute == 0) & (second == 0))
    else:
        good &= (hour >= 1) & (hour <= 12)
        hour = hour % 12 + (12 if layout.afternoon else 0)
    micros = nothing
    if layout.fraction:
        first, last = layout.fraction
        used = min(last, first + 6)  # what is finer than a microsecond is cut off
        micros = number(letters, (first, used)) * 10 ** (6 - (used - first))
        good &= (hour < 24) | (micros == 0)
    seconds = ((_days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
    if layout.sign is not None:
        ahead = nothing
        for part, worth in zip(layout.offset, (3600, 60, 1), strict=False):
            value = number(letters, part)
            good &= value <= (23 if worth == 3600 else 59)
            ahead = ahead + value * worth
        seconds = seconds - np.where(letters[:, layout.sign] == ord("-"), -ahead, ahead)
    return np.where(good, seconds * zones.SECOND_US + micros, _NO_TIME)


def _days(year: Numbers, month: Numbers, day: Numbers) -> Numbers:
    """Days since 1970-01-01 in the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms")."""
    year = year - (month <= 2)
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days: Numbers = era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468
    return days


def _by_scale(texts: pa.Array, scale: Scale) -> tuple[Numbers, bool]:
    """Bare numbers as microseconds, and whether they count from an instant rather than on a local clock."""
    if scale != "Excel days":
        # The survey allows seconds or milliseconds only where every text has that many digits.
        factor = zones.SECOND_US if scale == "seconds" else 1000
        counted: Numbers = np.asarray(texts.cast(pa.int64()), dtype=np.int64) * factor
        return counted, True
    values = np.full(len(texts), _NO_TIME, dtype=np.int64)
    for place, text in enumerate(texts.to_pylist()):
        try:
            value = float(text)
        except ValueError:
            continue
        # A serial number holds a time to about a hundredth of a millisecond: milliseconds are meant.
        if 1 <= value < _EXCEL_END:
            values[place] = round((value - _DAYS_BEFORE_1970_OF_EXCEL) * 86_400_000) * 1000
    return values, False
