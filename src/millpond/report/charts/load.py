"""Who is the bottleneck: demand as a share of capacity, pool by pool, with a line where the two are equal."""

from __future__ import annotations

from collections.abc import Mapping

from millpond.measures.critical import CriticalResource, PoolLoad
from millpond.report import wording
from millpond.report.charts.bars import MOST_BARS, Bar, bars
from millpond.report.charts.chart import Chart, blank
from millpond.report.figures import Figures


def load_by_pool(critical: CriticalResource, labels: Mapping[str, str] | None = None) -> Chart:
    """The load of each pool over the last weeks, the highest first.

    Args:
        critical: the result.
        labels: how pools are called; their keys where left out.
    """
    names = {row.pool: (labels or {}).get(row.pool, row.pool) for row in critical.rows}
    of_work = "minutes of work" if critical.unit == "minutes" else "visits"
    span = judged(critical)
    rows = tuple(
        (
            names[row.pool],
            wording.number(row.demand),
            "unknown" if row.capacity is None else wording.number(row.capacity),
            load_text(row),
            f"{row.days:,}",
        )
        for row in critical.rows
    )
    header = ("Pool", "Demand", "Capacity", "Load", "Days judged")
    table = Figures(f"Demand and capacity by pool over {span}, in {of_work}", header, rows, frozenset({1, 2, 3, 4}))
    title = "Load: what is asked of each pool, against what it can do"
    subtitle = f"All pools, {span}. Demand in per cent of capacity, both in {of_work}; at 100% they are equal."
    known = [(row.load, row) for row in critical.rows if row.load is not None]
    without = [names[row.pool] for row in critical.rows if row.load is None and row.capacity == 0 and row.demand > 0]
    unknown = [names[row.pool] for row in critical.rows if row.capacity is None]
    if without:
        subtitle += f" Not drawn, because there is no capacity at all: {wording.listed(without, 5)}."
    if unknown:
        subtitle += f" Not drawn, because capacity is not known: {wording.listed(unknown, 5)}."
    if not known:
        return blank("load", title, subtitle, table, "The capacity of no pool is known.")
    if len(known) > MOST_BARS:
        subtitle += f" The {MOST_BARS} highest of {len(known)} are drawn."
    drawn = [Bar(names[row.pool], load, wording.percent(load), strong=load > 1) for load, row in known]
    wide, narrow = (bars(drawn, is_narrow, 1.0, "capacity") for is_narrow in (False, True))
    return Chart("load", title, subtitle, _alt([(load, names[row.pool]) for load, row in known]), wide, narrow, table)


def measured_in_visits(critical: CriticalResource) -> bool:
    """Whether demand is counted in visits, which no capacity in minutes can be set against."""
    return critical.unit == "visits"


def judged(critical: CriticalResource) -> str:
    """The stretch that was judged, in words: `the last 13 weeks`."""
    return wording.last_days(max((row.days for row in critical.rows), default=0))


def load_text(row: PoolLoad) -> str:
    """A load in per cent, or why there is none."""
    if row.load is not None:
        return wording.percent(row.load)
    if row.capacity is None:
        return "unknown"
    return "no capacity" if row.demand > 0 else "nothing asked"


def _alt(known: list[tuple[float, str]]) -> str:
    share, first = known[0]
    text = f"The highest load is that of {first}: {wording.percent(share)} of its capacity was asked for"
    over = sum(load > 1 for load, _ in known)
    if over > 1:
        text += f"; {over} of {wording.count(len(known), 'pool')} are over 100%"
    elif len(known) > 1:
        text += f"; the next is that of {known[1][1]} with {wording.percent(known[1][0])}"
    return text + "."
