"""Whether the days of the week differ, and daily figures as they would be if they did not.

A weekly rhythm makes neighbouring days differ for a known reason. That widens the limits of an XmR chart until nothing
signals, so the difference of each weekday from the mean is taken away before daily figures are charted. Whether
weekdays differ by more than chance is judged by the ranks of the days.

Source: W. H. Kruskal and W. A. Wallis, Use of ranks in one-criterion variance analysis, Journal of the American
Statistical Association 47 (1952), pages 583-621.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from millpond.variation.limits import Floats

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LEVEL = 0.05
"""Weekdays differ where chance alone would make them differ as much in less than this share of all series."""
FEWEST_WEEKS = 12
"""Below so many days of each weekday the mean of a weekday is itself too uncertain to be taken away."""


@dataclass(frozen=True)
class Rhythm:
    """The weekdays of a daily series.

    Attributes:
        differ: whether weekdays differ by more than chance; None where there are too few weeks to say.
        effects: how far the mean of each weekday lies from the mean of all days, in the unit of the figures.
        values: the days with that difference taken away; as they were where weekdays do not differ.
    """

    differ: bool | None
    effects: dict[str, float]
    values: Floats


def rhythm_of(days: Sequence[date], values: Floats) -> Rhythm:
    """Looks for a weekly rhythm and takes it away.

    Args:
        days: the days, in order.
        values: a figure for each.
    """
    numbers = np.array([day.weekday() for day in days], dtype=np.int64)
    groups = {int(number): values[numbers == number] for number in np.unique(numbers)}
    if len(groups) < 2 or min(map(len, groups.values())) < FEWEST_WEEKS:
        return Rhythm(None if len(groups) > 1 else False, {}, values)
    overall = float(values.mean())
    effects = {number: float(group.mean()) - overall for number, group in groups.items()}
    named = {WEEKDAYS[number]: effect for number, effect in effects.items()}
    if not _differ(list(groups.values())):
        return Rhythm(False, named, values)
    return Rhythm(True, named, values - np.array([effects[int(number)] for number in numbers]))


def _differ(groups: list[Floats]) -> bool:
    # Here and not above: it takes half a second to load.
    from scipy.stats import kruskal

    if len(np.unique(np.concatenate(groups))) == 1:
        return False
    return bool(kruskal(*groups).pvalue < LEVEL)
