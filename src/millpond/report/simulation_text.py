"""A simulation as text for the terminal: a block for each pool, the waits, the lead times, then the notes."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping

from millpond.report import wording
from millpond.report.printable import printable
from millpond.report.text import UNKNOWN, WIDTH, aligned
from millpond.simulation.intervals import Estimate
from millpond.simulation.results import Simulation
from millpond.simulation.rows import SimulatedPoolRow

Say = Callable[[float], str]
_SELDOM = ("withdrawn", "overtime")
"""Lines that are left out where there is nothing to tell."""


def simulation_text(simulation: Simulation, labels: Mapping[str, str] | None = None) -> str:
    """A simulation in lines of at most 80 characters, the last one ended.

    Args:
        simulation: the result.
        labels: how pools are called; their keys where left out.
    """
    days, times = wording.count(simulation.days, "day"), wording.count(simulation.replications, "replication")
    lines = textwrap.wrap(
        f"{simulation.service}: {days} from {wording.day(simulation.first_day)}, {times}, seed {simulation.seed}", WIDTH
    )
    lines += ["", "Means over the replications, and the 95% interval of each mean.", ""]
    for row in simulation.pools.rows:
        lines += [*textwrap.wrap((labels or {}).get(row.pool, row.pool), WIDTH), ""]
        lines += [*_pool(row, simulation.currency), ""]
    lines += ["Waits from joining to the start of the work", "", *_waits(simulation), ""]
    lines += ["Lead times of cases that ended", "", *_lead_times(simulation), ""]
    ends = [[row.outcome, *_told(row.cases, wording.number)] for row in simulation.outcomes.rows]
    lines += ["How cases end", "", *aligned(("outcome", "cases", "95% interval"), ends, (1, 2)), ""]
    if simulation.policies.rows:
        called = [[row.policy, *_told(row.days, wording.number)] for row in simulation.policies.rows]
        costs = [_told(row.cost, wording.number) for row in simulation.policies.rows]
        cells = [[*days, *cost] for days, cost in zip(called, costs, strict=True)]
        header = ("policy", "days", "95% interval", f"cost, {simulation.currency}", "95% interval")
        lines += ["Workers called in by policies", "", *aligned(header, cells, (1, 2, 3, 4)), ""]
    for note in simulation.notes:
        lines += textwrap.wrap(f"- {note}", WIDTH, subsequent_indent="  ")
    return printable("\n".join(lines).rstrip() + "\n")


def _pool(row: SimulatedPoolRow, currency: str) -> list[str]:
    minutes: Say = wording.number
    shown: list[tuple[str, Estimate | None, Say]] = [
        ("demand, minutes a week", row.demand, minutes),
        ("capacity, minutes a week", row.capacity, minutes),
        ("activity, minutes a week", row.activity, minutes),
        ("withdrawn, minutes a week", row.withdrawn, minutes),
        ("overtime, minutes a week", row.overtime, minutes),
        ("backlog, minutes", row.backlog, minutes),
        ("backlog, visits", row.backlog_visits, minutes),
        ("backlog on the last day, minutes", row.backlog_at_end, minutes),
        ("utilisation", row.utilisation, "{:.1%}".format),
        ("load", row.load, "{:.2f}".format),
        (f"cost, {currency}", row.cost, minutes),
    ]
    cells = [
        [name, *_told(value, say)]
        for name, value, say in shown
        if value is not None and not (value.value == 0 and name.startswith(_SELDOM))
    ]
    return aligned(("", "mean", "95% interval"), cells, (1, 2))


def _waits(simulation: Simulation) -> list[str]:
    rows = [row for row in simulation.waits.rows if row.stream is None and row.urgency is None]
    cells = [
        [
            row.step,
            *_told(row.mean, wording.duration),
            UNKNOWN if row.p90 is None else wording.duration(row.p90.value),
            UNKNOWN if row.within_target is None else f"{row.within_target.value:.1%}",
        ]
        for row in rows
    ]
    return aligned(("step", "mean", "95% interval", "9 in 10 within", "in target"), cells, (1, 2, 3, 4))


def _lead_times(simulation: Simulation) -> list[str]:
    cells = []
    for row in simulation.lead_times.rows:
        who = ", ".join(word for word in (row.stream, row.urgency) if word) or "all"
        if row.stream is None or row.urgency is None:
            p90 = UNKNOWN if row.p90 is None else wording.duration(row.p90.value)
            timely = UNKNOWN if row.within_target is None else f"{row.within_target.value:.1%}"
            cells.append([who, *_told(row.mean, wording.duration), p90, timely])
    return aligned(("cases", "mean", "95% interval", "9 in 10 within", "in target"), cells, (1, 2, 3, 4))


def _told(estimate: Estimate | None, say: Say) -> tuple[str, str]:
    """A mean and its interval; exact where every replication gave the same."""
    if estimate is None:
        return UNKNOWN, UNKNOWN
    if estimate.low is None or estimate.high is None:
        return say(estimate.value), UNKNOWN
    if estimate.low == estimate.high:
        return say(estimate.value), "exact"
    return say(estimate.value), f"{say(estimate.low)} to {say(estimate.high)}"
