"""What a control chart says, in sentences for whoever runs the service: is this normal, and will the target be kept?

Only said here; what is normal was worked out in `millpond.variation`.
"""

from __future__ import annotations

from itertools import pairwise

from millpond.report import wording
from millpond.variation.chart_results import ControlChart, ControlPoint

HEADLINES = {
    "common cause": "Nothing unusual:",
    "improvement high": "A change for the better:",
    "improvement low": "A change for the better:",
    "concern high": "A change for the worse:",
    "concern low": "A change for the worse:",
    "neither high": "A change upwards:",
    "neither low": "A change downwards:",
}
GOOD = {"increase": "more is better", "decrease": "less is better", "neutral": "neither more nor less is better"}


def said(value: float, chart: ControlChart, unit: bool = True) -> str:
    """A figure of a chart in its unit: `1,464 minutes`, `4.2%`, `0.62 visits a working day`."""
    if chart.unit == "share":
        return f"{value:.1%}"
    decimals = None if abs(value) >= 10 else 2 if chart.kind == "u" else 1
    text = wording.number(value, None if value == round(value) else decimals).replace("-", "−")
    return f"{text} {chart.unit}" if unit else text


def lowest(chart: ControlChart, value: float) -> float:
    """A lower limit as far as the figure can go down: only growth can be below nothing."""
    return value if chart.measure.startswith("growth") else max(value, 0.0)


def when(chart: ControlChart, label: str) -> str:
    """A period of a chart in words."""
    text = wording.period(label, "day" if chart.by == "event" else chart.by)
    return f"the {text}" if chart.by == "week" else text


def sentences(chart: ControlChart) -> tuple[str, ...]:
    """What the chart says: its latest point, what is normal, the target, and what it offers."""
    told = [f"{headline(chart)} {_latest(chart)}", _normal(chart)]
    if chart.assurance is not None and chart.target is not None:
        told.append(_target(chart, chart.target))
    if chart.offer is not None:
        told.append(_offer(chart))
    return tuple(told)


def headline(chart: ControlChart) -> str:
    """What the latest point says, as the beginning of a sentence."""
    return HEADLINES[chart.variation]


def icons(chart: ControlChart) -> str:
    """The two icons in words."""
    kind, _, way = chart.variation.partition(" ")
    text = "common cause" if chart.variation == "common cause" else f"special cause, {kind}, {way}"
    return f"Variation: {text}. Assurance: {chart.assurance or 'no target'}."


def _latest(chart: ControlChart) -> str:
    point = chart.latest
    value, at = said(point.value, chart), when(chart, point.period)
    if not point.rules:
        return f"the latest figure, {value} ({at}), lies where chance alone takes it."
    reasons = [_reason(chart, point, int(rule)) for rule in point.rules.split()]
    return f"the latest figure, {value} ({at}), is more than chance: {wording.listed(reasons)}."


def _reason(chart: ControlChart, point: ControlPoint, rule: int) -> str:
    rows = [row for row in chart.rows if row.segment == point.segment]
    unit = "point" if chart.by == "event" else chart.by
    if rule == 1:
        over = point.value > point.upper
        limit = said(point.upper if over else point.lower, chart, unit=False)
        return f"it lies {'above' if over else 'below'} the {'upper' if over else 'lower'} limit of {limit}"
    if rule == 2:
        moves = [b.value - a.value for a, b in pairwise(rows)][::-1]
        rising = next((move for move in moves if move), 0.0) > 0
        length = 1 + next((at for at, move in enumerate(moves) if move and (move > 0) != rising), len(moves))
        return f"it is the last of {length} {unit}s in a row that {'rose' if rising else 'fell'} from one to the next"
    above = point.value > point.centre
    if rule == 3:
        return f"two of the last three {unit}s lie close to the {'upper' if above else 'lower'} limit"
    length = next(
        (
            place
            for place, row in enumerate(reversed(rows))
            if (row.value > row.centre) != above or row.value == row.centre
        ),
        len(rows),
    )
    return f"it is the {_ordinal(length)} {unit} in a row {'above' if above else 'below'} the {centre_name(chart)}"


def _normal(chart: ControlChart) -> str:
    segment, unit = chart.segments[-1], "point" if chart.by == "event" else chart.by
    low, high = said(lowest(chart, segment.lower), chart, False), said(segment.upper, chart)
    text = f"Normal is {low} to {high}, about a {centre_name(chart)} of {said(segment.centre, chart, False)}"
    text += f" ({wording.count(segment.base, unit)} from {when(chart, segment.first)} on"
    text += ", trial limits)." if segment.trial else ")."
    before = [row for row in chart.rows[:-1] if row.rules]
    if chart.latest.rules or not before:
        return text
    last = when(chart, before[-1].period)
    return f"{text} Before, {wording.count(len(before), unit)} of {len(chart.rows) - 1} signalled, the last {last}."


def _target(chart: ControlChart, target: float) -> str:
    more = chart.improvement == "increase"
    text = f"The target of {said(target, chart)} {'or more' if more else 'or less'}"
    one = "time" if chart.by == "event" else chart.by
    if chart.variation != "common cause":
        value = chart.latest.value
        kept = value >= target if more else value <= target
        return (
            f"{text} is {'kept' if kept else 'missed'} now; while the figure is changing, its limits cannot say "
            "whether it will be kept."
        )
    if chart.assurance == "consistently passing":
        return f"{text} is kept every {one} as things are."
    if chart.assurance == "consistently failing":
        return f"{text} is missed as things are; keeping it takes a change."
    return f"{text} is kept some {one}s and missed others, by chance; keeping it always takes a change."


def _offer(chart: ControlChart) -> str:
    offer = chart.offer
    assert offer is not None
    unit = "point" if chart.by == "event" else chart.by
    return (
        f"The last {wording.count(offer.points, unit)}, from {when(chart, offer.period)} on, lie {offer.side} the "
        f"{centre_name(chart)}. If you know what changed and it is here to stay, begin the limits anew there with the "
        "reason (rebase)."
    )


def centre_name(chart: ControlChart) -> str:
    """What the centre line is."""
    return "median" if chart.kind == "g" else "centre" if chart.kind == "t" else "mean"


def _ordinal(number: int) -> str:
    end = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{end}"
