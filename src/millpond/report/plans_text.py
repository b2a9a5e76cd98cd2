"""Plans compared, as text for the terminal: what follows from it first, then the tables, then the notes."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from millpond.planning.comparison import Comparison, PlanRow
from millpond.planning.optimising import IN, PlanSettings
from millpond.report import wording
from millpond.report.printable import printable
from millpond.report.text import UNKNOWN, WIDTH, aligned
from millpond.simulation.intervals import Estimate

_BY = {
    "cost": "cheapest",
    "backlog": "one with the smallest backlog",
    "wait": "one with the shortest wait",
    "lead time": "one with the shortest lead time",
}


def comparison_text(comparison: Comparison, labels: Mapping[str, str], organisations: Mapping[str, str]) -> str:
    """A comparison in lines of at most 80 characters where names allow it, the last one ended.

    Args:
        comparison: the result.
        labels: how pools are called.
        organisations: how organisations are called.
    """
    days = wording.count(comparison.days, "day")
    times = wording.count(comparison.replications, "replication")
    lines = textwrap.wrap(
        f"{comparison.service}: plans compared over {days} from {wording.day(comparison.first_day)}, {times}, "
        f"seed {comparison.seed}",
        WIDTH,
    )
    lines.append("")
    for sentence in comparison_sentences(comparison):
        lines += [*textwrap.wrap(sentence, WIDTH), ""]
    lines += [
        "Backlog of all pools in minutes, mean over the days; change against doing nothing",
        "",
        *_work(comparison),
        "",
    ]
    lines += [f"Cost in {comparison.currency}; change against doing nothing", "", *_money(comparison), ""]
    lines += ["Who pays and who gains, change against doing nothing", "", *_payers(comparison, organisations), ""]
    lines += ["Pools: capacity and backlog, change against doing nothing", "", *_pools(comparison, labels), ""]
    lines += [
        "Problem days on which it happens, and how likely it happens at all",
        "",
        *_events(comparison, labels),
        "",
    ]
    for note in comparison.notes:
        lines += textwrap.wrap(f"- {note}", WIDTH, subsequent_indent="  ")
    return printable("\n".join(lines).rstrip() + "\n")


def comparison_sentences(comparison: Comparison) -> list[str]:
    """What follows from a comparison, in sentences: the promise, the plans that could be best, what each does."""
    nothing, *plans = comparison.plans.rows
    found = []
    if comparison.target is not None and nothing.kept is not None:
        found.append(
            f"Doing nothing keeps the promise {comparison.target} in {_share(nothing.kept)} of the replications; it "
            f"has to be {1 - comparison.risk:.0%}."
        )
    best = [row for row in comparison.plans.rows if row.could_be_best]
    what = _BY[comparison.by] + ("" if comparison.target is None else " that keeps it")
    if not best:
        found.append(f"No plan keeps the promise often enough: none can be the {what}.")
    elif len(best) == 1:
        found.append(f"The {what} is {called(best[0])}, with 95% certainty.")
    else:
        names = wording.listed([row.plan for row in best])
        found.append(f"The {what} is one of {names}, with 95% certainty; more replications tell them further apart.")
    found += [plan_sentence(row, comparison.currency) for row in plans if row.could_be_best]
    beaten = [f"{row.plan} by {row.dominated_by}" for row in comparison.plans.rows if row.dominated_by is not None]
    if beaten:
        found.append(f"Dominated, in cost and backlog alike: {wording.listed(beaten)}.")
    return found


def settings_text(settings: PlanSettings, currency: str) -> str:
    """The settings of a plan that were tried, the best first said and then all of them.

    Args:
        settings: the result.
        currency: of costs.
    """
    best = settings.cheapest
    if best is None or best.cost is None:
        head = f"No setting kept the promise {settings.target} in {1 - settings.risk:.0%} of its replications."
        if any(row.verdict == IN for row in settings.rows):
            head += f" Of those that {IN} more replications may tell."
    else:
        who = [] if best.workers is None else [wording.count(best.workers, "worker")]
        line = [] if best.above is None else [f"called above {wording.number(best.above)}"]
        head = (
            f"The cheapest setting found that keeps the promise {settings.target}: "
            f"{', '.join([*who, *line])}, for {currency} {_ends(best.cost)}; the promise is kept in "
            f"{_share(best.kept)} of {best.replications} replications."
        )
    rows = [
        [
            UNKNOWN if row.workers is None else str(row.workers),
            UNKNOWN if row.above is None else wording.number(row.above),
            str(row.replications),
            f"{row.kept.value:.0%}",
            UNKNOWN if row.cost is None else wording.number(row.cost.value),
            row.verdict,
        ]
        for row in settings.rows
    ]
    table = aligned(("workers", "above", "played", "kept", f"cost, {currency}", "verdict"), rows, (0, 1, 2, 3, 4))
    notes = [line for note in settings.notes for line in textwrap.wrap(f"- {note}", WIDTH, subsequent_indent="  ")]
    return printable("\n".join([*textwrap.wrap(head, WIDTH), "", *table, "", *notes]) + "\n")


def called(row: PlanRow) -> str:
    """A plan by its label and its key, once where they are the same."""
    return row.plan if row.label == row.plan else f"{row.label} ({row.plan})"


def plan_sentence(row: PlanRow, currency: str) -> str:
    """What a plan does against doing nothing, in one sentence.

    Args:
        row: the plan.
        currency: of costs.
    """
    text = called(row)
    if row.kept is not None:
        text += f" keeps the promise in {_share(row.kept)}"
    if row.backlog_change is not None:
        change = row.backlog_change
        less = "leaves" if row.kept is None else "and leaves"
        word = "less" if change.value < 0 else "more"
        text += f" {less} {_size(change)} minutes {word} backlog than doing nothing"
    if row.cost_change is not None:
        text += f", for {currency} {_size(row.cost_change)} {'less' if row.cost_change.value < 0 else 'more'}"
    if row.cost_per_backlog_minute is not None and row.cost_per_backlog_minute.value > 0:
        text += f": {currency} {row.cost_per_backlog_minute.value:,.2f} for each minute of backlog avoided"
    return text + "."


def _size(change: Estimate) -> str:
    """How large a change is, whichever way it goes, with its interval."""
    value = wording.number(abs(change.value))
    if change.low is None or change.high is None or change.low == change.high:
        return value
    if change.low < 0 < change.high:
        return f"{value} ({wording.number(change.low)} to {wording.number(change.high)})"
    low, high = sorted((abs(change.low), abs(change.high)))
    return f"{value} ({wording.number(low)} to {wording.number(high)})"


def _ends(one: Estimate) -> str:
    if one.low is None or one.high is None or one.low == one.high:
        return wording.number(one.value)
    return f"{wording.number(one.value)} ({wording.number(one.low)} to {wording.number(one.high)})"


def _share(one: Estimate) -> str:
    return f"{one.value:.0%} ({one.low:.0%} to {one.high:.0%})"


def _change(one: Estimate | None) -> tuple[str, str]:
    """A change with its sign, and its interval."""
    if one is None:
        return "", ""
    if one.low is None or one.high is None:
        return wording.signed(one.value), UNKNOWN
    if one.low == one.high:
        return wording.signed(one.value), "exact"
    return wording.signed(one.value), f"{wording.signed(one.low)} to {wording.signed(one.high)}"


def _work(comparison: Comparison) -> list[str]:
    has_promise = comparison.target is not None
    rows = [
        [
            row.plan,
            wording.number(row.backlog.value),
            *_change(row.backlog_change),
            UNKNOWN if row.wait is None else wording.duration(row.wait.value),
            *([] if row.kept is None else [f"{row.kept.value:.0%}"]),
            "yes" if row.could_be_best else "",
        ]
        for row in comparison.plans.rows
    ]
    kept = ("kept",) if has_promise else ()
    header = ["plan", "backlog", "change", "95% interval", "wait", *kept, "best?"]
    if any(row.overtime.value for row in comparison.plans.rows):
        header.insert(5, "overtime")
        for cells, row in zip(rows, comparison.plans.rows, strict=True):
            cells.insert(5, wording.number(row.overtime.value))
    return aligned(header, rows, tuple(range(1, len(header) - 1)))


def _money(comparison: Comparison) -> list[str]:
    rows = [
        [
            row.plan,
            UNKNOWN if row.cost is None else wording.number(row.cost.value),
            *_change(row.cost_change),
            "" if row.cost_per_backlog_minute is None else f"{row.cost_per_backlog_minute.value:,.2f}",
            row.dominated_by or "",
        ]
        for row in comparison.plans.rows
    ]
    header = ["plan", "cost", "change", "95% interval", "a minute", "dominated by"]
    if any(row.present_cost_change for row in comparison.plans.rows):
        header.insert(4, "present value")
        for cells, row in zip(rows, comparison.plans.rows, strict=True):
            cells.insert(4, _signed(row.present_cost_change))
    return aligned(header, rows, tuple(range(1, len(header) - 1)))


def _payers(comparison: Comparison, labels: Mapping[str, str]) -> list[str]:
    rows = [
        [
            row.plan,
            labels.get(row.organisation or "", row.organisation or "nobody named"),
            _signed(row.cost_change),
            _signed(row.backlog_change),
            _time(row.wait_change),
            _time(row.lead_time_change),
        ]
        for row in comparison.organisations.rows
        if row.cost_change is not None or row.backlog_change is not None or row.lead_time_change is not None
    ]
    header = ("plan", "organisation", f"pays, {comparison.currency}", "backlog, min", "wait", "lead time")
    return aligned(header, rows, (2, 3, 4, 5))


def _pools(comparison: Comparison, labels: Mapping[str, str]) -> list[str]:
    rows = [
        [row.plan, labels.get(row.pool, row.pool), _signed(row.capacity_change), *_change(row.backlog_change)]
        for row in comparison.pools.rows
        if row.capacity_change is not None and row.backlog_change is not None
        if not (row.capacity_change.value == 0 == row.backlog_change.value)
    ]
    return aligned(("plan", "pool", "capacity a week", "backlog", "95% interval"), rows, (2, 3, 4))


def _events(comparison: Comparison, labels: Mapping[str, str]) -> list[str]:
    rows = [
        [
            row.plan,
            labels.get(row.pool, row.pool),
            row.event if row.line is None else f"backlog above {wording.number(row.line)} minutes",
            f"{row.days.value:.1f}",
            f"{row.probability.value:.0%}",
        ]
        for row in comparison.events.rows
        if row.probability.value > 0
    ]
    return aligned(("plan", "pool", "event", "days", "at all"), rows, (3, 4))


def _signed(one: Estimate | None) -> str:
    return "" if one is None else wording.signed(one.value)


def _time(one: Estimate | None) -> str:
    if one is None:
        return ""
    sign = "" if round(one.value) == 0 else "+" if one.value > 0 else "−"
    return f"{sign}{wording.duration(abs(one.value))}"
