"""The cases that come in over the year: when, from where, how urgent, and about what.

How many come and at which hours is what `service.toml` says of each stream; the rest is told here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from millpond.demo.luck import chosen, count, uniform
from millpond.model import Service, Stream
from millpond.periods import MICROSECONDS_A_MINUTE, date_of, local_us, weekday
from millpond.periods.holidays import bank_holidays

CHANNELS: Mapping[str, Mapping[str, float]] = {
    "police": {"transfer": 0.85, "email": 0.1, "phone": 0.05},
    "self": {"phone": 0.5, "web form": 0.4, "email": 0.1},
    "partners": {"email": 0.6, "phone": 0.4},
}
SEGMENTS = {"domestic abuse": 0.46, "violence": 0.2, "sexual violence": 0.12, "hate crime": 0.08, "burglary": 0.14}
CLOSED_ON_BANK_HOLIDAYS = ("partners",)
"""Streams from offices that are shut when this service is; the others know no holidays."""


@dataclass(frozen=True)
class Case:
    """One case as it comes in.

    Attributes:
        name: its id in the records.
        luck: the address of its luck, which other cases that come or do not come leave as it is.
        arrived: minutes since 1970-01-01 UTC.
        stream, channel, segment: where it came from, how, and what it is about.
        urgent: whether it goes before others.
    """

    name: str
    luck: str
    arrived: int
    stream: str
    channel: str
    segment: str
    urgent: bool


def arrivals(service: Service, first_day: int, last_day: int) -> list[Case]:
    """The cases from the first to the last day (day numbers, both counted), in the order in which they come."""
    found = sorted(
        (arrived, stream, f"{stream}/{day}/{number}")
        for stream, described in service.streams.items()
        for day in range(first_day, last_day + 1)
        for number, arrived in enumerate(_on_day(service, stream, described, day))
    )
    return [
        Case(
            name=f"NS-{place:04d}",
            luck=luck,
            arrived=arrived,
            stream=stream,
            channel=chosen(CHANNELS[stream], uniform("channel", luck)),
            segment=chosen(SEGMENTS, uniform("segment", luck)),
            urgent=uniform("urgent", luck) < service.streams[stream].share_urgent,
        )
        for place, (arrived, stream, luck) in enumerate(found, 1)
    ]


def _on_day(service: Service, name: str, stream: Stream, day: int) -> Iterator[int]:
    """The minutes at which cases of a stream arrive on a day."""
    when = date_of(day)
    if name in CLOSED_ON_BANK_HOLIDAYS and service.holidays and when in bank_holidays(service.holidays, when.year):
        return
    week = stream.hourly_weights
    hours = week[weekday(day) * 24 : weekday(day) * 24 + 24]
    expected = (stream.per_week or 0) * _month_weight(stream, when) * math.fsum(hours) / math.fsum(week)
    for number in range(count(expected, stream.overdispersion, uniform("arrivals", name, when))):
        hour = int(
            chosen({str(hour): weight for hour, weight in enumerate(hours)}, uniform("hour", name, when, number))
        )
        minute = int(60 * uniform("minute", name, when, number))
        yield local_us(day, hour * 60 + minute, service.zone) // MICROSECONDS_A_MINUTE


def _month_weight(stream: Stream, when: date) -> float:
    months = stream.by_month
    return months[when.month - 1] / (math.fsum(months) / 12) if months else 1.0
