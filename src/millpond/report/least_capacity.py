"""The section of the page on least capacity: the answer, three ways side by side, relief, and what a budget buys."""

from __future__ import annotations

from millpond.planning.least import TODAY, LeastCapacity
from millpond.planning.relief import ReliefRow
from millpond.planning.ways import SIMULATED
from millpond.report import wording
from millpond.report.ahead import Ahead
from millpond.report.charts.risk import risk_chart
from millpond.report.figures import Figures
from millpond.report.page import Section
from millpond.report.results import ReportResults
from millpond.report.tables import Names

UNKNOWN = "unknown"


def least(results: ReportResults, ahead: Ahead, title: str) -> Section | None:
    """The section; None where least capacity was not looked for, or could not be found.

    Args:
        results: has the names.
        ahead: what was simulated.
        title: the heading.
    """
    found, names = ahead.capacity, results.names
    if found is None:
        if ahead.envelope is None:
            return None
        return Section("capacity", title, _bought(ahead.envelope, names), points=_minded(ahead.envelope))
    lead = [_answer(found, names), *_today(found, names)]
    lead += _bought(ahead.envelope, names) if ahead.envelope is not None else ()
    lead += ahead.notes.get("capacity", ())
    judged = list(dict.fromkeys(row.pool for row in found.ways.rows))
    charts = tuple(risk_chart(found, pool, results.labels) for pool in judged)
    tables = [_ways(found, pool, names) for pool in judged]
    tables += [_relief(found, pool, names) for pool in dict.fromkeys(row.pool for row in found.reliefs.rows)]
    return Section("capacity", title, tuple(lead), charts[:1], charts[1:], tuple(tables), _minded(found))


def promise_in_words(promise: str, names: Names) -> str:
    """A promise as a reader of the page would say it, with the label of its pool or step."""
    name, _, rest = promise.rpartition(": ")
    rest = rest.replace("<=", "at most")
    called = names.step(name) if name in names.service.steps else names.pool(name)
    return f"{called}: {rest}" if name else rest


def staffing(found: LeastCapacity, workers: tuple[float, ...], names: Names) -> str:
    """A staffing in words: `2 workers in Referral coordinators and 3 in Independent advocates`."""
    told = [f"{places:g} in {names.pool(pool)}" for pool, places in zip(found.pools, workers, strict=True)]
    first = f"{workers[0]:g} {'worker' if workers[0] == 1 else 'workers'} in {names.pool(found.pools[0])}"
    return wording.listed([first, *told[1:]])


def _answer(found: LeastCapacity, names: Names) -> str:
    row = found.answer
    text = f"To keep the promise “{promise_in_words(found.promise, names)}” it takes "
    text += staffing(found, row.workers, names)
    if row.broken is not None:
        text += f": it is then broken in {_share(row.broken)} of {wording.count(row.replications, 'possible future')}"
        text += f" ({found.days} days each), and {_share(found.risk)} is allowed"
    if row.cost is not None and found.currency is not None:
        text += f". That costs {found.currency} {wording.number(row.cost)}"
    return text + "."


def _today(found: LeastCapacity, names: Names) -> list[str]:
    row = next((one for one in found.staffings.rows if TODAY in one.role), None)
    if row is None or row.broken is None or row is found.answer:
        return []
    text = f"Today there are {staffing(found, row.workers, names)}; with them it would be broken in "
    text += f"{_share(row.broken)} of {wording.count(row.replications, 'future')}."
    if found.start == "cleared":
        text += " Both are judged as if today’s backlog had been cleared, because it breaks the promise already."
    return [text]


def _bought(found: LeastCapacity, names: Names) -> tuple[str, ...]:
    """What the budgets buy, in the sentences of the result, with what pools are called."""
    row = found.answer
    text = f"The budgets buy {staffing(found, row.workers, names)}. With that the best that can be promised is "
    text += f"“{promise_in_words(found.promise, names)}”, with the same risk of {_share(found.risk)}."
    return (text,)


def _ways(found: LeastCapacity, pool: str, names: Names) -> Figures:
    rows = [row for row in found.ways.rows if row.pool == pool]
    cells = tuple(
        (
            (f"Simulation: {row.way}" if row.kind == SIMULATED else f"{row.way[:1].upper()}{row.way[1:]}")
            + (" (optimistic)" if row.optimistic else ""),
            UNKNOWN if row.minutes is None else wording.number(row.minutes),
            UNKNOWN if row.workers is None else f"{row.workers:.1f}",
            UNKNOWN if row.waste is None else wording.number(max(row.waste, 0.0)),
            UNKNOWN if row.backlog is None else wording.number(row.backlog),
            UNKNOWN if row.broken is None else _share(row.broken),
        )
        for row in rows
    )
    header = ("Way", "Minutes a working day", "Workers", "Unused", "Mean backlog", "Promise broken")
    caption = f"{names.pool(pool)}: by formula, by percentile of demand and by simulation, minutes of work"
    return Figures(caption, header, cells, frozenset(range(1, 6)))


def _relief(found: LeastCapacity, pool: str, names: Names) -> Figures:
    rows: list[ReliefRow] = [row for row in found.reliefs.rows if row.pool == pool]
    cells = tuple(
        (
            f"{row.extra:g}",
            wording.number(row.minutes),
            UNKNOWN if row.weeks_formula is None else f"{row.weeks_formula:.1f}",
            "over a year" if row.weeks is None else f"{row.weeks:.1f}",
            "over a year" if row.weeks_most is None else f"{row.weeks_most:.1f}",
            UNKNOWN if row.cost is None else wording.number(row.cost),
        )
        for row in rows
    )
    money = f"Cost, {found.currency}" if found.currency else "Cost"
    header = (
        "Workers more",
        "Minutes a week",
        "Weeks by formula",
        "Half within, weeks",
        "9 in 10 within",
        money,
    )
    caption = (
        f"{names.pool(pool)}: what clears today’s backlog, down to {wording.count(rows[0].goal, 'minute')}, with "
        "workers beyond those of the answer"
    )
    return Figures(caption, header, cells, frozenset(range(6)))


def _minded(found: LeastCapacity) -> tuple[str, ...]:
    return tuple(wording.dated(note) for note in (*found.conclusions[1:], *found.notes))


def _share(share: float) -> str:
    return f"{100 * share:.1f}%" if 0 < share < 0.1 and round(1000 * share) % 10 else f"{100 * share:.0f}%"
