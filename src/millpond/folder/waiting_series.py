"""From waits to the series of a control chart: a point for each period, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from millpond.errors import WrongUse
from millpond.folder.moments import When
from millpond.folder.series import days_of
from millpond.measures.period_waits import judged_in_periods, seen_in_periods
from millpond.model import WatchedChart
from millpond.model.charts import IN_TIME
from millpond.variation.control import Series

if TYPE_CHECKING:
    from millpond.folder.verbs.measuring import MeasuredFolder


def of_waits(
    folder: MeasuredFolder, chart: WatchedChart, periods: Sequence[str], as_of: When
) -> tuple[Series, str, list[str]]:
    """The series of a chart of waits, or of who was seen in time.

    Args:
        folder: the folder.
        chart: of one of the measures that are about waits.
        periods: the whole periods on record, in order.
        as_of: what ends the records.

    Returns:
        The series, that no weekly rhythm was taken away, and notes.

    Raises:
        WrongUse: the service keeps daily totals, no step of the pool has a target, or there is nothing to chart.
    """
    days = {period: _days(period, chart.by) for period in periods}
    asked = (folder.log().visits, folder.service, folder.as_of_us(as_of), chart.pool, days)
    notes: list[str] = []
    values: list[float]
    if chart.measure == IN_TIME:
        judged = judged_in_periods(*asked)
        running = [period for period in periods if period in judged and judged[period].not_yet]
        kept = [period for period in periods if period in judged and judged[period].judged and period not in running]
        if running:
            notes.append(
                f"{_periods(len(running), chart.by)} left out, because the target of somebody who joined then has not "
                "run out."
            )
        values = [judged[period].in_time for period in kept]
        sizes = np.array([judged[period].judged for period in kept], dtype=np.float64)
        notes.append(
            "Told by when people joined. Who still waits when the target runs out, or left after it, was not seen in "
            "time; who left before is not judged."
        )
        series = Series(tuple(kept), np.array(values, dtype=np.float64), sizes)
    else:
        seen = seen_in_periods(*asked)
        kept = [period for period in periods if period in seen]
        name = "median" if chart.measure == "median wait" else "p90"
        values = [getattr(seen[period], name) for period in kept]
        notes.append(
            "Told of the visits whose work began in the period; who still waits is in none. Hours of elapsed time."
        )
        series = Series(tuple(kept), np.array(values, dtype=np.float64))
    if not kept:
        raise WrongUse(
            f"There is no {chart.by} of which the {chart.measure} of {chart.pool} can be told.\nRecord when visits "
            "joined and when they started."
        )
    if len(kept) < len(periods) and chart.measure != IN_TIME:
        notes.append(f"{_periods(len(periods) - len(kept), chart.by)} left out, in which nobody was seen.")
    return series, "none", notes


def _periods(count: int, by: str) -> str:
    """So many periods as the beginning of a sentence: `1 week is`, `3 weeks are`."""
    return f"1 {by} is" if count == 1 else f"{count} {by}s are"


def _days(period: str, by: str) -> list[date]:
    first, last = days_of(period, by)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
