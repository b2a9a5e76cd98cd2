"""Least capacity as text for the terminal: the answer, what was tried, the three ways pool by pool, relief, notes."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from millpond.planning.least import OTHER, LeastCapacity, StaffingRow
from millpond.planning.longer_days import LongerDays
from millpond.planning.relief import ReliefRow
from millpond.planning.ways import WayRow
from millpond.report import wording
from millpond.report.printable import printable
from millpond.report.text import UNKNOWN, WIDTH, aligned


def capacity_text(result: LeastCapacity, labels: Mapping[str, str] | None = None) -> str:
    """Least capacity in lines of at most 80 characters, the last one ended.

    Args:
        result: what was found.
        labels: how pools are called; their keys where left out.
    """
    days = wording.count(result.days, "day")
    # Where money was fixed, the promise is what was looked for, and no way of finding capacity stands beside it.
    asked = f"the least capacity for '{result.promise}'" if result.ways.rows else f"the budgets buy '{result.promise}'"
    lines = textwrap.wrap(
        f"{result.service}: {asked} at every day's end of {days}, broken in no more than {100 * result.risk:.3g}% of "
        f"replications, seed {result.seed}",
        WIDTH,
    )
    lines.append("")
    for sentence in result.conclusions:
        lines += textwrap.wrap(f"- {wording.dated(sentence)}", WIDTH, subsequent_indent="  ")
    lines += ["", "Staffings that were tried", "", *_staffings(result), ""]
    for pool in dict.fromkeys(row.pool for row in result.ways.rows):
        label = (labels or {}).get(pool, pool)
        rows = [row for row in result.ways.rows if row.pool == pool]
        lines += [*textwrap.wrap(f"{label}: three ways side by side, minutes a working day", WIDTH), ""]
        lines += [*_ways(rows), ""]
    for pool in dict.fromkeys(row.pool for row in result.reliefs.rows):
        label = (labels or {}).get(pool, pool)
        of_pool: list[ReliefRow] = [row for row in result.reliefs.rows if row.pool == pool]
        heading = (
            f"{label}: what clears today's backlog of {wording.count(of_pool[0].backlog, 'minute')}, down to "
            f"{wording.number(of_pool[0].goal)}, beyond the least staffing"
        )
        lines += [*textwrap.wrap(heading, WIDTH), "", *_reliefs(of_pool, result.currency), ""]
    if result.longer.rows:
        lines += ["Longer days in place of more people, minutes a working day", "", *_longer(result.longer), ""]
    for note in result.notes:
        lines += textwrap.wrap(f"- {wording.dated(note)}", WIDTH, subsequent_indent="  ")
    return printable("\n".join(lines).rstrip() + "\n")


def _staffings(result: LeastCapacity) -> list[str]:
    rows = [row for row in result.staffings.rows if row.role != OTHER]
    money = result.currency is not None
    price = f"cost, {result.currency}" if money else "minutes a day"
    header = ("", "workers", price, "broken", "95% interval", "replications")
    cells = [_staffing(row, money) for row in rows]
    others = sum(row.role == OTHER for row in result.staffings.rows)
    lines = textwrap.wrap(f"Workers of {wording.listed(result.pools)}.", WIDTH)
    lines += ["", *aligned(header, cells, range(2, len(header)))]
    if others:
        lines.append(f"and {wording.count(others, 'other')}.")
    return lines


def _staffing(row: StaffingRow, money: bool) -> list[str]:
    price = row.cost if money else row.minutes
    broken, interval = UNKNOWN, row.verdict
    if row.broken is not None and row.low is not None and row.high is not None:
        broken, interval = _percent(row.broken), f"{_percent(row.low)} to {_percent(row.high)}"
    told = UNKNOWN if price is None else wording.number(price)
    workers = " + ".join(f"{places:g}" for places in row.workers)
    return [row.role, workers, told, broken, interval, wording.number(row.replications)]


def _ways(rows: list[WayRow]) -> list[str]:
    header = ("way", "minutes", "workers", "use", "backlog", "broken")
    cells, remarks = [], []
    for row in rows:
        mark = " *" if row.optimistic else ""
        way = row.way if row.kind != "simulation" else f"simulation: {row.way}"
        cells.append(
            [
                textwrap.shorten(way, 42 - len(mark), placeholder="") + mark,
                UNKNOWN if row.minutes is None else wording.number(row.minutes),
                UNKNOWN if row.workers is None else f"{row.workers:.1f}",
                UNKNOWN if row.use is None else wording.percent(row.use),
                UNKNOWN if row.backlog is None else wording.number(row.backlog),
                UNKNOWN if row.broken is None else _percent(row.broken),
            ]
        )
        if row.remark:
            remarks += textwrap.wrap(f"  {row.way}: {row.remark}", WIDTH, subsequent_indent="    ")
    lines = [*aligned(header, cells, range(1, 6)), *remarks]
    if any(row.optimistic for row in rows):
        lines.append("  * optimistic: busy days follow busy days, and it takes them as independent.")
    return lines


def _reliefs(rows: list[ReliefRow], currency: str | None) -> list[str]:
    header = ("extra workers", "minutes a week", "weeks by formula", "half within", "9 in 10 within", "cost")
    cells = [
        [
            f"{row.extra:g}",
            wording.number(row.minutes),
            UNKNOWN if row.weeks_formula is None else f"{row.weeks_formula:.1f}",
            "over a year" if row.weeks is None else f"{row.weeks:.1f}",
            "over a year" if row.weeks_most is None else f"{row.weeks_most:.1f}",
            UNKNOWN if row.cost is None else wording.number(row.cost),
        ]
        for row in rows
    ]
    return aligned(header, cells, range(6))


def _longer(found: LongerDays) -> list[str]:
    header = ("pool", "who", "today", "needed", "shift", "broken")
    cells = [
        [
            row.pool,
            row.who,
            wording.number(row.today),
            "not enough" if row.minutes is None else wording.number(row.minutes),
            wording.number(row.shift),
            _percent(row.broken),
        ]
        for row in found.rows
    ]
    return aligned(header, cells, range(2, 6))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%" if share < 0.1 else f"{100 * share:.0f}%"
