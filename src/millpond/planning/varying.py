"""Which numbers of a service are unsure, and within what range.

A number that is varied is one that ``service.toml`` states: new cases, minutes of work, direct minutes of a day,
absence, patience, missed appointments, and shares of the ways on. What is not stated is not varied. What the service is
with other numbers is for `millpond.planning.varied_service`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from millpond.model import Service, label_of
from millpond.model.distributions import mean_minutes
from millpond.model.routing import Rule
from millpond.model.steps import Step
from millpond.model.streams import Stream

DEMAND, MINUTES, DIRECT, ABSENCE = "demand", "minutes of work", "direct time", "absence"
PATIENCE, MISSED, WITHDRAWAL, RETURN, WAYS = "patience", "missed appointments", "withdrawal", "return", "ways"
KINDS = (DEMAND, MINUTES, DIRECT, ABSENCE, PATIENCE, MISSED, WITHDRAWAL, RETURN, WAYS)
SHARES = (ABSENCE, MISSED, WITHDRAWAL, RETURN, WAYS)
"""The kinds whose numbers are shares from 0 to 1."""
FITTED, ASSUMED = "fitted", "assumed"
DAY = "minutes_per_day"


@dataclass(frozen=True)
class Varied:
    """A number of a service, and between what it may lie.

    Attributes:
        key: where it stands in ``service.toml``, such as ``steps.triage.minutes``.
        kind: one of `KINDS`.
        label: what it is, in words.
        value: as it is: cases a week, minutes, or a share from 0 to 1.
        low, high: the least and the most that it may be.
        source: ``fitted`` where they are the 95% interval of ``fitted.toml``, else ``assumed``.
        where: section, entry and what is within it.
    """

    key: str
    kind: str
    label: str
    value: float
    low: float
    high: float
    source: str
    where: tuple[str, ...]

    def at(self, share: float) -> float:
        """The value at a share of the way from low to high."""
        return self.low + share * (self.high - self.low)

    @property
    def is_share(self) -> bool:
        """Whether it is a share from 0 to 1."""
        return self.kind in SHARES


def varied_numbers(
    service: Service, first_day: date, spread: float, intervals: Mapping[str, tuple[float, float]]
) -> tuple[Varied, ...]:
    """The numbers of a service that are unsure, in the order of its streams, steps, pools and workers.

    Args:
        service: the service.
        first_day: on which dated numbers are told.
        spread: where no interval is known, a number may be larger and smaller by this share of itself; a share by this
            share of itself or of what is left to 1, whichever is less, so that it is the same which way it is told.
        intervals: by key the least and the most, as `millpond.model.fitted.intervals` has them.
    """
    found = []
    stated: tuple[Found, ...] = (*_streams(service), *_steps(service), *_people(service, first_day))
    for kind, label, value, where in stated:
        # A share of 0 or 1 is taken to be known: cases that never go somewhere, or always.
        if not (0 < value < 1 if kind in SHARES else value > 0):
            continue
        key = ".".join(where)
        room = spread * (min(value, 1 - value) if kind in SHARES else value)
        low, high = intervals.get(key, (value - room, value + room))
        # An interval of another number than this is none of its own.
        is_fitted = key in intervals and low <= value <= high
        if not is_fitted:
            low, high = value - room, value + room
        if low < high:
            found.append(Varied(key, kind, label, value, low, high, FITTED if is_fitted else ASSUMED, where))
    return tuple(found)


def weekly_cases(stream: Stream) -> float:
    """The new cases of an average week, however they are stated."""
    counted = sum(sum(day) / len(day) for day in stream.counts_by_weekday if day)
    return (stream.per_week or 0.0) + math.fsum(cases for _, cases in stream.scheduled) + counted


Found = tuple[str, str, float, tuple[str, ...]]


def _streams(service: Service) -> Iterator[Found]:
    for name, stream in service.streams.items():
        label = f"Demand from '{label_of(service.streams, name)}'"
        yield DEMAND, label, weekly_cases(stream), ("streams", name, "per_week")


def _steps(service: Service) -> Iterator[Found]:
    ahead = {name: _reached(service, name) for name in service.steps}
    for name, step in service.steps.items():
        at = f"'{label_of(service.steps, name)}'"
        stated = [mean_minutes(one) for one in (step.minutes, *step.minutes_for.values()) if one is not None]
        if stated:
            yield MINUTES, f"Minutes of work at {at}", stated[0], ("steps", name, "minutes")
        if step.patience_limit is not None:
            minutes = mean_minutes(step.patience_limit.minutes)
            yield PATIENCE, f"How long people wait at {at} before they leave", minutes, ("steps", name, "patience")
        yield MISSED, f"Share of appointments missed at {at}", step.missed, ("steps", name, "missed")
        for inner, ways, of_which in _ways(step):
            for kind, to, share in _free_ways(service, name, ways, ahead):
                whither = f"'{label_of(service.steps, to)}'"
                way = f"again at {at}" if to == name else f"{'back ' if kind == RETURN else ''}from {at} to {whither}"
                label = f"Share of cases {way}{of_which}"
                yield kind, label, share, ("steps", name, *inner, to)


def _people(service: Service, first_day: date) -> Iterator[Found]:
    for name, pool in service.pools.items():
        label = f"'{label_of(service.pools, name)}'"
        yield DIRECT, f"Direct time in {label}", pool.on(first_day).minutes_per_day or 0.0, ("pools", name, DAY)
        yield ABSENCE, f"Absence in {label}", pool.absence, ("pools", name, "absence")
    for name, worker in service.workers.items():
        label = f"'{label_of(service.workers, name)}'"
        yield DIRECT, f"Direct time of {label}", worker.minutes_per_day or 0.0, ("workers", name, DAY)
        yield ABSENCE, f"Absence of {label}", worker.absence or 0.0, ("workers", name, "absence")


def _ways(step: Step) -> Iterator[tuple[tuple[str, ...], Mapping[str, float], str]]:
    """The shares that leave a step: what leads to them, themselves, and of which cases they are."""
    for rule in step.rules:
        words = rule_words(rule)
        yield (f"rules[{words}]", "next"), rule.next, f" ({words.replace('_', ' ')})"
    if step.next is not None:
        yield ("next",), step.next, " (no rule)" if step.rules else ""


def rule_words(rule: Rule) -> str:
    """The conditions of a rule, as the keys of a fit name it: ``came_from triage, visits_at_least 6``."""
    told: list[tuple[str, object]] = [("came_from", rule.came_from), ("visits_at_least", rule.visits_at_least)]
    told += [("stream", rule.stream), ("urgent", rule.urgent), *rule.attributes.items()]
    return ", ".join(f"{name} {value}" for name, value in told if value is not None)


def _free_ways(
    service: Service, name: str, ways: Mapping[str, float], ahead: Mapping[str, set[str]]
) -> list[tuple[str, str, float]]:
    """All ways but one, with their kind: shares add up to 1, so that one of them follows from the others."""
    found = []
    for to, share in ways.items():
        is_back = to == name or (to in service.steps and name in ahead[to])
        kind = RETURN if is_back else WITHDRAWAL if to in service.withdrawn_outcomes else WAYS
        found.append((kind, to, share))
    order = [RETURN, WITHDRAWAL, WAYS]
    found.sort(key=lambda way: (order.index(way[0]), way[1] not in service.steps, -way[2]))
    return found[:-1]


def _reached(service: Service, name: str) -> set[str]:
    """The steps at which a case may come after a step."""
    seen: set[str] = set()
    coming = [name]
    while coming:
        step = service.steps[coming.pop()]
        patience = step.patience_limit
        following = [*(step.next or ()), *(to for rule in step.rules for to in rule.next), *step.all_of]
        following += [to for to in (step.then, patience.to if patience else None) if to is not None]
        new = [to for to in following if to in service.steps and to not in seen]
        seen.update(new)
        coming += new
    return seen
