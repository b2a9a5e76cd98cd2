"""What control charts and problem events say to a chief executive, word for word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from millpond.report import event_words
from millpond.report.chart_words import icons, sentences
from millpond.report.events_text import events_text
from millpond.report.variation_text import variation_text
from millpond.variation.chart_results import ControlChart, Variation
from millpond.variation.event_results import (
    EventDay,
    EventDays,
    Events,
    PoolEvents,
    ReturnLevel,
    ReturnLevels,
    pool_events,
)
from millpond.variation.events_ahead import EventsAhead, PoolEventsAhead
from millpond.variation.problem_days import ProblemEvents, problem_events
from millpond.variation.shares import frequency
from tests.unit.variation.charts import chart
from tests.unit.variation.test_problem_days import days

STEADY = [100, 200] * 6


def said(*values: float, **how: Any) -> tuple[str, ...]:
    return sentences(chart([*STEADY, *values], baseline=12, **{"improvement": "decrease", **how}))


def test_nothing_unusual() -> None:
    assert said(110) == (
        "Nothing unusual: the latest figure, 110 minutes (the week of 31 March 2025), lies where chance "
        "alone takes it.",
        "Normal is 0 to 416 minutes, about a mean of 150 (12 weeks from the week of 6 January 2025 on).",
    )


def test_a_change_says_by_which_rules() -> None:
    assert said(500)[0] == (
        "A change for the worse: the latest figure, 500 minutes (the week of 31 March 2025), is more than "
        "chance: it lies above the upper limit of 416."
    )
    assert "two of the last three weeks lie close to the upper limit" in said(350, 350, improvement="neutral")[0]
    assert said(160, 170, 160, 170, 160, 170)[0].endswith("it is the 7th week in a row above the mean.")
    assert "it is the last of 7 weeks in a row that fell from one to the next" in said(195, 190, 180, 170, 160, 155)[0]
    assert said(195, 190, 180, 170, 160, 155)[0].startswith("A change for the better:")


def test_earlier_signals_are_told_where_the_latest_point_has_none() -> None:
    assert said(500, 100)[1].endswith("Before, 1 week of 13 signalled, the last the week of 31 March 2025.")


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (500, "The target of 500 minutes or less is kept every week as things are."),
        (-200, "The target of −200 minutes or less is missed as things are; keeping it takes a change."),
        (
            200,
            "The target of 200 minutes or less is kept some weeks and missed others, by chance; keeping it "
            "always takes a change.",
        ),
    ],
)
def test_the_target_in_words(target: float, says: str) -> None:
    assert said(110, target=target)[2] == says


def test_while_a_figure_changes_its_limits_promise_nothing() -> None:
    assert said(500, target=430)[2] == (
        "The target of 430 minutes or less is missed now; while the figure is changing, its limits cannot "
        "say whether it will be kept."
    )
    assert "or more is kept now" in said(500, target=430, improvement="increase")[2]


def test_rebasing_is_offered_in_words() -> None:
    offer = said(160, 170, 160, 170, 160, 170, 160)[2]
    assert offer.startswith("The last 8 weeks, from the week of 24 March 2025 on, lie above the mean. If you know what")


def test_icons_in_words() -> None:
    concern = chart([*STEADY, 500], baseline=12, improvement="decrease", target=10)
    assert icons(concern) == "Variation: special cause, concern, high. Assurance: hit or miss."
    assert icons(chart(STEADY)) == "Variation: common cause. Assurance: no target."


def test_shares_are_told_in_per_cent() -> None:
    share = chart([1, 2] * 6, [20] * 12, kind="p")
    told = ControlChart(**{**vars(share), "unit": "share"})
    assert sentences(told)[1].startswith("Normal is 0.0% to 25.2%, about a mean of 7.5%")


def test_charts_as_text_share_their_notes_and_fit_the_terminal() -> None:
    one = chart(STEADY, notes=("The figures rest on 10 visits, as of 2025-03-31.",))
    text = variation_text(Variation(one.rows * 2, (), "x", "2025-03-31T00:00:00+00:00", (one, one)))
    assert text.startswith(
        "Advocates: backlog by week, in minutes; neither more nor less is better\nVariation: common cause."
    )
    assert text.count("The figures rest on 10 visits, as of 31 March 2025.") == 1
    assert max(map(len, text.splitlines())) <= 80


def events_of(found: ProblemEvents, factor: float = 2.0, year: int = 253) -> Events:
    return Events(
        rows=(pool_events("advocates", found, 100, year),),
        notes=(),
        service="x",
        factor=factor,
        within=100,
        when_closed="left out",
        unit="minutes",
        as_of="2025-03-31T00:00:00+00:00",
        days=EventDays((), ()),
        levels=ReturnLevels((), ()),
        found={"advocates": found},
    )


def six_in_522() -> ProblemEvents:
    """Two years of working days, six of them, apart, with twice the demand."""
    demand = [50.0] * 522
    for number in (50, 120, 200, 290, 380, 470):
        demand[number] = 200
    return problem_events(days(demand))


def test_how_often_in_one_sentence() -> None:
    events = events_of(six_in_522())
    assert event_words.often(events.rows[0], events) == (
        "Demand at least twice capacity: 6 days in 522, once in 87 working days (Wilson 95%: 40 to 189), 2.9 "
        "a year, 69% chance in the next 100 days."
    )


def test_what_was_never_seen_is_no_promise() -> None:
    events = events_of(problem_events(days([50.0] * 300)), factor=3)
    assert event_words.often(events.rows[0], events) == (
        "Demand at least three times capacity: not seen in 300 working days, so no more often than once in 100 working "
        "days (rule of three, 95%), at most 2.5 a year, at most 63% chance in the next 100 days."
    )
    short = events_of(problem_events(days([50.0] * 20)))
    assert event_words.often(short.rows[0], short).endswith("which is too short a history to say how rare it is.")
    none = events_of(problem_events(days([50.0], capacity=[float("nan")])))
    assert "no working day on record of which the capacity is known" in event_words.often(none.rows[0], none)


def test_days_that_follow_each_other_are_told_as_spells() -> None:
    demand = [50.0] * 100
    demand[50] = demand[51] = demand[80] = 200
    events = events_of(problem_events(days(demand)))
    # Two spells in a hundred days: 1 - 0.98^100 is 0.867.
    assert event_words.spells(events.rows[0], events) == (
        "The days came in 2 spells, the longest of 2 working days; by spells the chance is 87% (42% to more than 99%)."
    )
    assert event_words.spells(*_alone(six_in_522())) is None


def _alone(found: ProblemEvents) -> tuple[PoolEvents, Events]:
    events = events_of(found)
    return events.rows[0], events


def _day(spell: int, after: int, back: bool) -> EventDay:
    return EventDay("advocates", "2025-01-06", 200, 100, 2, spell, 50, after, back)


def _row(stretches: int, over: int, median: float | None = None) -> PoolEvents:
    row, _ = _alone(six_in_522())
    return PoolEvents(
        **{**vars(row), "stretches": stretches, "stretches_over": over, "back_after": median, "longest_stretch": 9}
    )


@pytest.mark.parametrize(
    ("row", "told", "says"),
    [
        (
            _row(3, 2),
            [_day(1, 2, True), _day(2, 5, True), _day(3, 9, False)],
            "The backlog was back to normal after 2 and 5 working days, and not back to normal in the 9 working "
            "days on record since. The history is too short to say how long it usually takes.",
        ),
        (
            _row(1, 1),
            [_day(1, 1, True), _day(1, 1, True)],
            "The backlog was back to normal after 1 working day. With one such time the history is too short to "
            "say how long it usually takes.",
        ),
        (
            _row(6, 5, 3.0),
            [],
            "The backlog was back to normal after 3 working days half of the time (6 times; the longest 9 "
            "working days, 1 not over yet).",
        ),
        (_row(0, 0), [], "Too few days come before it to say what backlog was normal."),
    ],
)
def test_how_long_until_the_backlog_is_back_to_normal(row: PoolEvents, told: list[EventDay], says: str) -> None:
    assert event_words.back(row, told) == says


def test_how_high_demand_goes_and_where_the_history_ends() -> None:
    levels = [
        ReturnLevel("a", 20, 1.84, 1.64, 1.93),
        ReturnLevel("a", 100, 2.37, 1.92, None),
        ReturnLevel("a", 250, None, None, None),
    ]
    assert event_words.high(levels) == (
        "Demand over capacity, in working days: once in 20, 1.8 times (1.6 to 1.9); once in 100, 2.4 times "
        "(1.9 or more)."
    )
    assert event_words.high(levels[2:]) is None


def coming(share: float, low: float, high: float, days: int = 10) -> PoolEventsAhead:
    often = (share, low, high, 1 / share if share else None, 1 / high, 1 / low if low else None)
    return PoolEventsAhead(
        *("advocates", 200, 250, days, *often, 250 * share, 250 * low, 250 * high),
        *(20, 0.1, 0.07, 0.15, 4, 1, None),
    )


def test_days_to_come_are_told_with_their_doubt() -> None:
    ahead = EventsAhead((), (), "2026-01-05", 364, 0, "records", 1, 200, ReturnLevels((), ()), {})
    events = replace(events_of(six_in_522()), ahead=ahead)
    assert event_words.ahead(coming(0.01, 0.008, 0.0125), events) == (
        "Simulated, 200 possible futures of 364 days from 5 January 2026: once in 100 working days (95%: 80 to 125), "
        "2.5 a year; 10% chance (7% to 15%) in the next 100 working days.",
        "In these futures the backlog is not back to normal within the days simulated more than half of the time (3 of "
        "4).",
    )
    none = replace(coming(0.0, 0.0, 0.001, days=0), chance=0.0, chance_high=0.015, stretches=0, stretches_over=0)
    assert event_words.ahead(none, events) == (
        "Simulated, 200 possible futures of 364 days from 5 January 2026: no such day in any of them, so at most 2% "
        "chance in the next 100 working days (rule of three, 95%).",
    )


def test_history_and_simulation_that_contradict_each_other_are_told() -> None:
    (past,) = events_of(six_in_522()).rows
    assert event_words.disagrees(past, coming(0.01, 0.008, 0.0125)) is None
    more = event_words.disagrees(past, coming(0.1, 0.09, 0.11))
    assert more is not None and more.startswith("That is more such days than the records show")
    fewer = event_words.disagrees(past, coming(0.001, 0.0008, 0.002))
    assert fewer is not None and "fewer" in fewer


def test_events_as_text() -> None:
    events = events_of(six_in_522())
    text = events_text(events, {"advocates": "Advisers"})
    assert text.startswith("Advisers\n\nDemand at least twice capacity: 6 days in 522")
    assert max(map(len, text.splitlines())) <= 80
    assert frequency(6, 522).count == events.rows[0].days
