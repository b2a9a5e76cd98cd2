"""How much more or less comes by weekday, month, bank holiday, school holiday and year, each with its doubt.

Quasi-Poisson regression: the logarithm of what a day brings is a sum of effects, and the variance is a multiple of the
mean, estimated by Pearson's chi-square over the degrees of freedom (P. McCullagh and J. A. Nelder, Generalized Linear
Models, 2nd edition, 1989, sections 6.2 and 9.2). Intervals are Student's on the log scale. Effects that last for weeks
(months, school holidays, the trend) take the scatter of whole weeks where that is the larger of the two: what one day
has in common with the next does not average out within a week.

An effect of a weekday, hour or month is told against the mean of all of them, each counted once: with w the weights
exp(b) / sum exp(b), log ratio = b - log mean exp(b), whose gradient is the unit vector less w (the delta method).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import stdtrit

from millpond.results import Result
from millpond.variation.effects import EffectRow, effect
from millpond.variation.hours import hourly_effects
from millpond.variation.quasi_poisson import QuasiPoisson, quasi_poisson
from millpond.variation.seasonal_plan import MONTHS, Plan
from millpond.variation.series import WEEK, Series, Whole

LEAST_DAYS = 8 * WEEK
LEAST_COUNT = 50


@dataclass(frozen=True)
class Seasonality(Result):
    """Effects of weekday, hour, month, bank holidays, school holidays and trend.

    Attributes:
        of: whose demand it is.
        unit: what is counted.
        history_first, history_last: the first and the last day looked at; none where there is no whole day.
        scatter: the variance of a day's count over its mean, when all effects are taken into account: 1 is pure
            chance. None where nothing could be fitted.
        weekly_scatter: the same of the total of a week.
    """

    rows: tuple[EffectRow, ...]
    of: str
    unit: str
    history_first: str | None
    history_last: str | None
    scatter: float | None
    weekly_scatter: float | None
    row_type: ClassVar[type] = EffectRow

    def kind(self, kind: str) -> tuple[EffectRow, ...]:
        """The rows of one kind."""
        return tuple(row for row in self.rows if row.kind == kind)


def seasonality(
    series: Series, *, of: str, unit: str, by_hour: Whole | None = None, notes: tuple[str, ...] = ()
) -> Seasonality:
    """The effects that a series of days shows.

    Args:
        series: whole days that are all in the records.
        of: whose demand it is.
        unit: what is counted.
        by_hour: the same counts by hour of the local clock, shape (days, 24); left out, hours are not told.
        notes: what else a reader must know, put last.

    Returns:
        Without rows, and with a note that says why, where there is too little history. Kinds of which the history
        says too little are left out, each with a note.
    """
    total = int(series.counts.sum())
    if len(series) < LEAST_DAYS or total < LEAST_COUNT:
        why = f"Seasonality needs {LEAST_DAYS // WEEK} weeks and {LEAST_COUNT} {unit}; "
        why += f"the history has {len(series)} whole days and {total:,} {unit}."
        return Seasonality((), (why, *notes), of, unit, None, None, None, None)
    plan = Plan.of(series)
    fit = quasi_poisson(series.counts[plan.kept], plan.design)
    weekly = _weekly_scatter(series, plan, fit)
    rows = [
        *_each_against_all(plan, fit, "weekday", fit.scatter, unit),
        *(hourly_effects(by_hour, unit) if by_hour is not None else ()),
        *_each_against_all(plan, fit, "month", max(fit.scatter, weekly), unit),
        *_against_the_rest(plan, fit, max(fit.scatter, weekly), unit),
    ]
    dates = series.dates(0, len(series))
    return Seasonality(
        rows=tuple(rows),
        notes=(*_resting_on(series, unit, total, fit.scatter, weekly), *plan.refused, *notes),
        of=of,
        unit=unit,
        history_first=dates[0].isoformat(),
        history_last=dates[-1].isoformat(),
        scatter=fit.scatter,
        weekly_scatter=weekly,
    )


def _resting_on(series: Series, unit: str, total: int, scatter: float, weekly: float) -> tuple[str, str]:
    return (
        f"The effects rest on {total:,} {unit} in {len(series):,} days, all of them at once.",
        f"Days scatter {scatter:.1f} times as much as pure chance would have them, and weeks {weekly:.1f} times; the "
        "intervals allow for it.",
    )


def _weekly_scatter(series: Series, plan: Plan, fit: QuasiPoisson) -> float:
    """Pearson's chi-square of the totals of weeks, over its degrees of freedom."""
    week = plan.kept // WEEK
    weeks = int(week[-1]) + 1
    mean = np.bincount(week, fit.mean, weeks)
    left = np.bincount(week, series.counts[plan.kept] - fit.mean, weeks)
    slow = sum(kind in ("month", "school holiday", "trend") for kind, _ in plan.columns) + 1
    whole = mean > 0
    return float(np.sum(left[whole] ** 2 / mean[whole]) / max(int(whole.sum()) - slow, 1))


def _each_against_all(plan: Plan, fit: QuasiPoisson, kind: str, scatter: float, unit: str) -> list[EffectRow]:
    """The effect of each weekday (or month) against the mean of them all."""
    places = [place for place, (of, _) in enumerate(plan.columns) if of == kind]
    names = [plan.columns[place][1] for place in places]
    if kind == "month" and places:
        names = [MONTHS[0], *names]
    if len(names) < 2:
        return []
    effects = np.zeros((len(names), len(plan.columns)))
    for row, place in enumerate(places, len(names) - len(places)):
        effects[row, place] = 1.0
    values = effects @ fit.effects
    weights = np.exp(values - values.max())
    weights /= weights.sum()
    ratio = values - np.log(np.mean(np.exp(values - values.max()))) - values.max()
    gradient = effects - weights @ effects
    spread = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", gradient, fit.unscaled, gradient), 0.0) * scatter)
    half = float(stdtrit(fit.freedom, 0.975)) * spread
    than = f"the mean of all {len(names)} days of the week" if kind == "weekday" else "the mean of all months"
    if kind == "weekday" and len(names) < 7:
        than = f"the mean of the {len(names)} days of the week on which anybody comes"
    rows = []
    for place, name in enumerate(names):
        if kind == "weekday":
            days = plan.design[:, places[place]] > 0
        elif place:
            days = plan.design[:, places[place - 1]] > 0
        else:
            days = plan.design[:, places].sum(axis=1) == 0
        told = tuple(
            float(np.expm1(value)) for value in (ratio[place], ratio[place] - half[place], ratio[place] + half[place])
        )
        rows.append(effect(kind, name, told, than, int(days.sum()), round(float(fit.counts[days].sum())), unit))
    return rows


def _against_the_rest(plan: Plan, fit: QuasiPoisson, slow: float, unit: str) -> list[EffectRow]:
    """The effects of bank holidays, school holidays and the trend."""
    rows = []
    than = {
        "bank holiday": "other days of the same weekday and month",
        "school holiday": "other days of the same weekday and month",
        "trend": "the year before",
    }
    if not plan.months:
        than = {kind: text.replace("weekday and month", "weekday") for kind, text in than.items()}
    for place, (kind, name) in enumerate(plan.columns):
        if kind not in than:
            continue
        scatter = fit.scatter if kind == "bank holiday" else slow
        half = float(stdtrit(fit.freedom, 0.975)) * np.sqrt(fit.unscaled[place, place] * scatter)
        value = fit.effects[place]
        told = tuple(float(np.expm1(at)) for at in (value, value - half, value + half))
        days = plan.design[:, place] > 0 if kind != "trend" else np.ones(len(plan.kept), dtype=bool)
        rows.append(effect(kind, name, told, than[kind], int(days.sum()), round(float(fit.counts[days].sum())), unit))
    return rows
