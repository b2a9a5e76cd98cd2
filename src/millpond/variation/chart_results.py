"""A control chart as a result: each point with its limits and signals, the segments, the two icons.

Here is what a chart tells; `millpond.variation.control` works it out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from millpond.model.charts import ChartKind, Improvement
from millpond.results import Result
from millpond.variation.icons import AssuranceIcon, VariationIcon


@dataclass(frozen=True)
class ControlPoint:
    """One point of a control chart.

    Attributes:
        chart: which chart it belongs to: pool, figure and period.
        period: the period's label; of T and G charts the day of the event.
        value: the figure as charted, in the unit of the chart.
        recorded: the figure as recorded; it differs from `value` where a weekly rhythm was taken away.
        size: what the count is of, in p and u charts.
        segment: which segment it belongs to, from 1.
        centre: the centre line.
        lower, upper: the limits.
        lower_two, upper_two: the two-sigma lines.
        rules: the numbers of the rules by which it signals, in their order, such as ``1 4``; blank for none.
        says: ``common cause``, or ``improvement``, ``concern`` or ``neither`` with ``high`` or ``low``.
    """

    chart: str
    period: str
    value: float
    recorded: float
    size: float | None
    segment: int
    centre: float
    lower: float
    upper: float
    lower_two: float
    upper_two: float
    rules: str
    says: VariationIcon


@dataclass(frozen=True)
class Segment:
    """A stretch of a chart with limits of its own.

    Attributes:
        first, last: the labels of its first and last point.
        points: how many it has.
        base: from how many of them the limits are worked out.
        centre, lower, upper: centre and limits of its last point.
        trial: whether the limits rest on fewer than 12 points.
        reason: why the limits begin anew here; None for the first segment.
    """

    first: str
    last: str
    points: int
    base: int
    centre: float
    lower: float
    upper: float
    trial: bool
    reason: str | None


@dataclass(frozen=True)
class Offer:
    """A place where the limits could be worked out anew, if somebody knows what changed there.

    Attributes:
        period: the first point of the run.
        points: how many points the run has so far.
        side: ``above`` or ``below`` the centre line.
    """

    period: str
    points: int
    side: str


@dataclass(frozen=True)
class ControlChart(Result):
    """A control chart: what is normal for a figure, and what is more than chance.

    Attributes:
        chart: pool, figure and period, such as ``advocates backlog by week``.
        label: what people call it.
        pool: whose figure it is.
        measure: which figure, such as ``backlog``, or ``visits withdrawn, of visits ended``.
        unit: ``minutes``, ``visits``, ``share``, ``days``, ``minutes a working day`` and the like.
        by: ``day``, ``week`` or ``month``; ``event`` for T and G charts.
        kind: ``xmr``, ``c``, ``p``, ``u``, ``t`` or ``g``.
        improvement: whether more is good: ``increase``, ``decrease`` or ``neutral``.
        target: the target; None where there is none.
        variation: the variation icon, of the latest point.
        assurance: the assurance icon, by the limits of the latest point; None without a target.
        segments: the stretches with limits of their own.
        offer: where the limits could be worked out anew; None where nothing suggests it.
        rhythm: ``removed`` where a weekly rhythm was taken away, ``kept`` where it was left in, else ``none``.
    """

    chart: str
    label: str
    pool: str
    measure: str
    unit: str
    by: str
    kind: ChartKind
    improvement: Improvement
    target: float | None
    variation: VariationIcon
    assurance: AssuranceIcon | None
    segments: tuple[Segment, ...]
    offer: Offer | None
    rhythm: str
    rows: tuple[ControlPoint, ...]
    row_type: ClassVar[type] = ControlPoint

    @property
    def latest(self) -> ControlPoint:
        """The last point."""
        return self.rows[-1]

    def to_dict(self) -> dict[str, Any]:
        """The whole chart as plain values, ready for JSON."""
        head = {field.name: getattr(self, field.name) for field in fields(self)}
        head |= {"segments": [asdict(segment) for segment in self.segments]}
        head |= {"offer": asdict(self.offer) if self.offer else None}
        return head | {"rows": [asdict(row) for row in head.pop("rows")], "notes": list(head.pop("notes"))}


@dataclass(frozen=True)
class Variation(Result):
    """The control charts of a service; the rows are the points of all of them, chart by chart.

    Attributes:
        service: what the service is called.
        as_of: the instant that ends the series, ISO 8601 in the service's zone.
        charts: each chart, with its icons and notes.
    """

    service: str
    as_of: str
    charts: tuple[ControlChart, ...]
    rows: tuple[ControlPoint, ...]
    row_type: ClassVar[type] = ControlPoint

    def to_dict(self) -> dict[str, Any]:
        """All charts as plain values, ready for JSON."""
        charts = [chart.to_dict() for chart in self.charts]
        return {"service": self.service, "as_of": self.as_of, "charts": charts, "notes": list(self.notes)}
