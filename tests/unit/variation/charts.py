"""Control charts of bare numbers, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from millpond.variation.chart_results import ControlChart
from millpond.variation.control import Charted, Series, control_chart

MONDAY = date(2025, 1, 6)


def week(number: int) -> str:
    """The label of a week, counted from 0."""
    return (MONDAY + timedelta(days=7 * number)).isoformat()


def chart(values: Sequence[float], sizes: Sequence[float] | None = None, **how: Any) -> ControlChart:
    """A chart of values by week; neutral unless it is said whether more is good."""
    series = Series(
        tuple(week(number) for number in range(len(values))),
        np.array(values, dtype=float),
        None if sizes is None else np.array(sizes, dtype=float),
    )
    about = Charted("advocates backlog by week", "Advocates: backlog", "advocates", "backlog", "minutes", "week")
    return control_chart(series, about, **{"improvement": "neutral", **how})


def rules(of: ControlChart) -> list[str]:
    """The rules by which each point signals."""
    return [row.rules for row in of.rows]
