"""What is known of problem events, in sentences: how often, how likely, how high, how long until all is normal."""

from __future__ import annotations

from collections.abc import Sequence

from millpond.report import wording
from millpond.variation.event_results import EventDay, Events, PoolEvents, ReturnLevel
from millpond.variation.events_ahead import PoolEventsAhead


def times(factor: float) -> str:
    """How many times: `twice`, `three times`, `1.5 times`; `equal to` for once."""
    named = {1.0: "equal to", 2.0: "twice", 3.0: "three times", 4.0: "four times"}
    return named.get(float(factor), f"{factor:g} times")


def often(row: PoolEvents, events: Events) -> str:
    """How often such days come and how likely one is, in one sentence."""
    what = f"Demand at least {times(events.factor)} capacity"
    days = f"{row.of:,} working {'day' if row.of == 1 else 'days'}"
    if not row.of:
        return f"{what}: there is no working day on record of which the capacity is known."
    if not row.days:
        if row.share_high is None or row.once_in_low is None:
            return f"{what}: not seen in {days}, which is too short a history to say how rare it is."
        return (
            f"{what}: not seen in {days}, so no more often than once in {_whole(row.once_in_low)} working days "
            f"(rule of three, 95%), at most {_a_year(row.a_year_high)} a year, at most {_share(row.chance_high)} "
            f"chance in the next {events.within} days."
        )
    return (
        f"{what}: {wording.count(row.days, 'day')} in {row.of:,}, "
        f"once in {wording.count(round(row.once_in or 0), 'working day')} "
        f"(Wilson 95%: {_whole(row.once_in_low)} to {_whole(row.once_in_high)}), {_a_year(row.a_year)} a year, "
        f"{_share(row.chance)} chance in the next {events.within} days."
    )


def spells(row: PoolEvents, events: Events) -> str | None:
    """What follows from counting days that follow each other as one; None where none do."""
    if row.spells == row.days:
        return None
    return (
        f"The days came in {wording.count(row.spells, 'spell')}, the longest of {row.longest_spell} working days; by "
        f"spells the chance is {_share(row.spell_chance)} ({_share(row.spell_chance_low)} to "
        f"{_share(row.spell_chance_high)})."
    )


def nobody(row: PoolEvents) -> str | None:
    """How many of the days had no capacity at all."""
    if not row.no_capacity:
        return None
    return f"On {row.no_capacity} of them the pool was open and nobody was there."


def back(row: PoolEvents, days: Sequence[EventDay]) -> str | None:
    """How long the backlog took to be back to normal; None where there was no such day."""
    if not row.days:
        return None
    if not row.stretches:
        return "Too few days come before it to say what backlog was normal."
    longest = wording.count(row.longest_stretch or 0, "working day")
    if row.back_after is not None:
        text = f"The backlog was back to normal after {wording.count(row.back_after, 'working day')} half of the time"
        text += f" ({row.stretches} times; the longest {longest}"
        return (
            text + (").", f", {row.stretches - row.stretches_over} not over yet).")[row.stretches > row.stretches_over]
        )
    known = [day for day in days if day.normal is not None]
    each = dict.fromkeys((day.spell, day.back_after, day.back) for day in known)
    over = [str(after) for _, after, ended in each if ended]
    going = [str(after) for _, after, ended in each if not ended]
    text = "The backlog was"
    if over:
        text += f" back to normal after {wording.listed(over)} working {'day' if over == ['1'] else 'days'}"
    if going:
        text += f"{', and' * bool(over)} not back to normal in the {wording.listed(going)} working days on record since"
    few = "the history is too short to say how long it usually takes"
    return f"{text}. {wording.sentence(few if row.stretches > 1 else f'With one such time {few}')}"


def high(levels: Sequence[ReturnLevel]) -> str | None:
    """How high demand over capacity goes; None where the history says nothing."""
    known = [level for level in levels if level.level is not None]
    if not known:
        return None
    parts = []
    for level in known:
        ends = "" if level.low is None else f" ({level.low:.1f} or more)"
        if level.low is not None and level.high is not None:
            ends = f" ({level.low:.1f} to {level.high:.1f})"
        parts.append(f"once in {level.once_in:g}, {level.level:.1f} times{ends}")
    return f"Demand over capacity, in working days: {'; '.join(parts)}."


def sentences(row: PoolEvents, events: Events) -> tuple[str, ...]:
    """All that is known of a pool."""
    levels = high([level for level in events.levels.rows if level.pool == row.pool])
    told = [often(row, events), *consequences(row, events), *([levels] if levels else [])]
    coming = None if events.ahead is None else events.ahead.of_pool(row.pool)
    if coming is not None:
        often_ahead, *more = ahead(coming, events)
        told += [often_ahead, *filter(None, [disagrees(row, coming)]), *more]
    return tuple(told)


def ahead(row: PoolEventsAhead, events: Events) -> tuple[str, ...]:
    """What the simulated days to come say of a pool: how often, how likely, how high, and how long until normal."""
    found = events.ahead
    assert found is not None
    text = (
        f"Simulated, {wording.count(row.futures, 'possible future')} of {found.days} days from "
        f"{wording.day(found.first_day)}: "
    )
    if not row.days:
        text += (
            f"no such day in any of them, so at most {_share(row.chance_high)} chance in the next {events.within} "
            "working days (rule of three, 95%)."
        )
    else:
        text += (
            f"once in {wording.count(round(row.once_in or 0), 'working day')} (95%: {_whole(row.once_in_low)} to "
            f"{_whole(row.once_in_high)}), {_a_year(row.a_year)} a year; {_share(row.chance)} chance "
            f"({_share(row.chance_low)} to {_share(row.chance_high)}) in the next {events.within} working days."
        )
    told = [text]
    if row.back_after is not None:
        told.append(
            f"In these futures the backlog is back to normal after {wording.count(row.back_after, 'working day')} half "
            "of the time."
        )
    elif row.stretches:
        told.append(
            f"In these futures the backlog is not back to normal within the days simulated more than half of the time "
            f"({row.stretches - row.stretches_over:,} of {row.stretches:,})."
            if row.stretches_over * 2 < row.stretches
            else "How long the backlog then takes to be back to normal, these futures do not tell."
        )
    levels = high([level for level in found.levels.rows if level.pool == row.pool])
    if levels:
        told.append(f"Simulated: {levels[0].lower()}{levels[1:]}")
    return tuple(told)


def disagrees(past: PoolEvents, row: PoolEventsAhead) -> str | None:
    """That history and simulation contradict each other; None where their intervals meet, or one of them is silent."""
    if None in (past.share_low, past.share_high, row.share_low, row.share_high):
        return None
    assert past.share_low is not None and past.share_high is not None
    assert row.share_low is not None and row.share_high is not None
    if past.share_low <= row.share_high and row.share_low <= past.share_high:
        return None
    more = "more" if row.share_low > past.share_high else "fewer"
    return (
        f"That is {more} such days than the records show, beyond chance: either times change, or service.toml does not "
        "have the busy days as they are."
    )


def consequences(row: PoolEvents, events: Events) -> tuple[str, ...]:
    """What is known of the days that were seen: their spells, whether anybody was there, and the backlog after them."""
    days = [day for day in events.days.rows if day.pool == row.pool]
    told = (spells(row, events), nobody(row), back(row, days))
    return tuple(sentence for sentence in told if sentence)


def _whole(number: float | None) -> str:
    return "any number of" if number is None else wording.number(number, 0)


def _a_year(number: float | None) -> str:
    return "unknown" if number is None else f"{number:,.1f}"


def _share(share: float | None) -> str:
    return "unknown" if share is None else wording.percent(share)
