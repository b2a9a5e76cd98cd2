"""One axis of amounts, with round ticks, and the frame that every chart is finished in.

The axis is worked out here and not left to the drawing, because names at the ends of lines must stand where they end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import altair as alt
from altair.utils import schemapi

from millpond.report.charts import style


@dataclass(frozen=True)
class Axis:
    """An axis of amounts.

    Attributes:
        low, high: its ends, at ticks.
        step: from tick to tick.
    """

    low: float
    high: float
    step: float

    @property
    def domain(self) -> list[float]:
        """Its two ends."""
        return [self.low, self.high]

    @property
    def ticks(self) -> list[float]:
        """Where its labels stand."""
        count = round((self.high - self.low) / self.step)
        return [round(self.low + i * self.step, 9) for i in range(count + 1)]

    @property
    def format(self) -> str:
        """How its labels are written, in the notation of d3-format."""
        decimals = next((d for d in range(9) if abs(round(self.step, d) - self.step) < self.step * 1e-6), 9)
        return f",.{decimals}~f"

    def pixel(self, value: float, height: float) -> float:
        """Where an amount stands, in pixels from the top of a plot of this height."""
        return height * (self.high - value) / (self.high - self.low)


def axis_for(values: Iterable[float], height: int, zero: bool = True) -> Axis:
    """An axis with round ticks, about one every 45 pixels, that holds the values.

    Args:
        values: what is drawn.
        height: of the plot, in pixels.
        zero: start at nothing, as amounts of work must.
    """
    given = list(values)
    low, high = min(given, default=0.0), max(given, default=0.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high <= low:
        high = low + 1.0
    rough = (high - low) / max(2, height / 45)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * m for m in (1, 2, 2.5, 5, 10) if size * m >= rough * 0.999)
    return Axis(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step)


def titled_axis(axis: Axis, title: str) -> alt.Axis:
    """The vertical axis, its unit written above it and not sideways."""
    return alt.Axis(
        values=axis.ticks,
        format=axis.format,
        title=title,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleBaseline="bottom",
        titleX=0,
        titleY=-4,
    )


@contextmanager
def quickly() -> Iterator[None]:
    """Makes charts without checking their specifications against the schema of Vega-Lite, which is half of the time.

    The tests make every chart with the check.
    """
    with schemapi.debug_mode(False):
        yield


def finished(
    chart: Any,
    height: int,
    narrow: bool,
    datasets: dict[str, Any],
    right: int = 4,
    top: int = 4,
    bottom: int = 4,
) -> dict[str, Any]:
    """The specification of a chart, in the frame that all charts share; checked by Altair, but for `quickly`.

    Args:
        chart: an Altair chart or layers.
        height: of the plot, in pixels.
        narrow: the form for a phone.
        datasets: the data that the layers name.
        right, top, bottom: room around the plot, in pixels.
    """
    spec: dict[str, Any] = chart.properties(
        width=style.NARROW if narrow else style.WIDE,
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding={"left": 2, "right": right, "top": top, "bottom": bottom},
    ).to_dict(validate=schemapi.DEBUG_MODE)
    # Altair adds the theme of whoever calls; a report looks the same for everybody.
    spec["config"] = style.config(narrow)
    spec["datasets"] = {**spec.get("datasets", {}), **datasets}
    return spec
