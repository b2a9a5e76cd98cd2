"""Three sections of the page: when more comes, how many will come, and how long work and waits last.

In figures for sharing, what rests on small counts of people is left out.
"""

from __future__ import annotations

from dataclasses import replace

from millpond.report import wording
from millpond.report.charts.distribution_fit import called, distribution_fit
from millpond.report.charts.forecast_fan import SHOWN, forecast_fan, past_counts
from millpond.report.charts.seasonal_effects import GROUPS, seasonal_effects
from millpond.report.figures import Figures
from millpond.report.forecast_text import coverage_sentence, error_sentence
from millpond.report.page import Section
from millpond.report.results import ReportResults
from millpond.report.seasonality_text import standing_out
from millpond.variation.distributions import FAR, FittedRow
from millpond.variation.forecast import Forecast
from millpond.variation.seasonality import Seasonality

MOST_TOLD = 3
"""Effects told in sentences."""
MOST_FITS = 4
"""Fits that are drawn, those that rest on most visits first; every fit is in the table."""
_UNLIKE = ("not alike",) * 3
_HIDDEN = "Left out of a page for sharing, because it rests on small numbers of people."


def rhythm(results: ReportResults) -> Section | None:
    """How much more or less comes by weekday, hour, month, holidays and year; None where that was not looked at."""
    found = results.seasonality
    if found is None or not found.rows:
        return None
    shown = _without_small(results, found)
    if not shown.rows:
        return Section("rhythm", "When does more come?", (_HIDDEN,))
    told = standing_out(shown)
    lead = tuple(told[:MOST_TOLD]) or ("No weekday, month or holiday stands out beyond chance.",)
    groups = [group for group, kinds in GROUPS.items() if any(shown.kind(kind) for kind in kinds)]
    charts = tuple(seasonal_effects(shown, group) for group in groups)
    points = [wording.dated(note) for note in found.notes]
    if len(shown.rows) < len(found.rows):
        points.append("Some of the effects are left out of a page for sharing, because few people came then.")
    return Section("rhythm", "When does more come?", lead, (), charts, points=tuple(points))


def coming(results: ReportResults) -> Section | None:
    """How many will come in the coming weeks, and what such forecasts were worth; None without a forecast."""
    found = results.forecast
    if found is None or not found.rows:
        return None
    title = "How much will come?"
    by = "month" if found.by == "month" else "week"
    if any(results.names.hides(count) for count in past_counts(found, by)[-SHOWN[by] :]):
        return Section("coming", title, (_HIDDEN,))
    lead = [_expected(found)]
    points = [wording.dated(note) for note in found.notes]
    if found.backtest is None:
        lead.append("The history is too short to say how good such forecasts are.")
    else:
        kept = coverage_sentence(found.backtest)
        # Bands that do not hold what they promise are told of before the picture that shows them.
        (points if found.backtest.keeps_its_promise else lead).append(kept)
        points.append(error_sentence(found.backtest))
    return Section("coming", title, tuple(lead), (forecast_fan(found, by),), points=tuple(points))


def lengths(results: ReportResults) -> Section | None:
    """What work and waits look like, with the distribution that is nearest; None where nothing was fitted."""
    found = results.distributions
    if found is None or not found.rows:
        return None
    title = "How long do work and waits last?"
    if results.names.suppress_below:
        # A curve over the visits of one step shows its rarest, longest ones one by one.
        return Section("lengths", title, (_HIDDEN,))
    best = sorted((row for row in found.rows if row.best), key=lambda row: -row.ended)
    charts = tuple(
        distribution_fit(found, row.of, row.step, row.pool, results.names.step(row.step)) for row in best[:MOST_FITS]
    )
    lead = _shapes(results, best)
    if len(best) > MOST_FITS:
        lead.append(f"The {MOST_FITS} that rest on most visits are drawn; all are in the table.")
    points = tuple(wording.dated(note) for note in found.notes)
    return Section("lengths", title, tuple(lead), (), charts, (_fits(results, best),), points)


def _without_small(results: ReportResults, found: Seasonality) -> Seasonality:
    """Without the kinds of which some row rests on a small count of people: the rest adds up to it."""
    hidden = {row.kind for row in found.rows if results.names.hides(row.arrivals)}
    return replace(found, rows=tuple(row for row in found.rows if row.kind not in hidden))


def _expected(found: Forecast) -> str:
    first, last = found.rows[0], found.rows[-1]
    if not found.weeks:
        return (
            f"{wording.sentence(wording.period(first.period, found.by))[:-1]} is expected to bring "
            f"{wording.number(first.expected)} {found.unit}, between {first.low:,} and {first.high:,} in four cases of "
            "five."
        )
    week = found.weeks[0]
    work = ""
    if week.minutes is not None:
        work = f", {wording.amount(week.minutes, 'minutes')} of work"
    return (
        f"About {wording.number(week.expected)} {found.unit} are expected in the seven days from "
        f"{wording.day(week.first)}{work}; between {week.low:,} and {week.high:,} come in four such weeks of five. The "
        f"forecast runs to {wording.day(last.period)}."
    )


def _shapes(results: ReportResults, best: list[FittedRow]) -> list[str]:
    """How long the work takes, and of what the four distributions are no likeness."""
    told = []
    work = [row for row in best if row.of == "work" and row.furthest <= FAR]
    if work:
        most = max(work, key=lambda row: row.mean)
        told.append(
            f"A visit takes longest at {results.names.step(most.step)}: {wording.duration(most.mean)} of work on "
            f"average, and one in ten more than {wording.duration(most.p90)}."
        )
    unlike = [
        f"the {'work' if row.of == 'work' else 'waits'} at {results.names.step(row.step)}"
        for row in best
        if row.furthest > FAR
    ]
    if unlike:
        told.append(f"None of the four distributions is like {wording.listed(unlike, 4)}.")
    return told or ["The distributions that are drawn are like the records."]


def _fits(results: ReportResults, best: list[FittedRow]) -> Figures:
    header = ("Step", "What", "Nearest", "Mean, as fitted", "Half last longer", "One in ten longer", "Furthest away")
    rows = tuple(
        (
            results.names.step(row.step),
            "work" if row.of == "work" else "wait",
            called(row.distribution),
            # What a fit that is far away says of lengths would only contradict the records.
            *(
                (wording.duration(length) for length in (row.mean, row.median, row.p90))
                if row.furthest <= FAR
                else _UNLIKE
            ),
            wording.percent(row.furthest),
        )
        for row in best
    )
    return Figures(
        "Work and waits by step, and the distribution that is nearest", header, rows, frozenset({3, 4, 5, 6})
    )
