"""Open cases per worker: where caseloads are stretched there is no queue to see, and people drown all the same."""

from __future__ import annotations

from collections.abc import Mapping

from millpond.measures.caseload import Caseload
from millpond.report import hiding, wording
from millpond.report.charts.bars import MOST_BARS, Bar, bars
from millpond.report.charts.chart import Chart, blank
from millpond.report.figures import Figures

NOT_ALLOCATED = "Nobody yet"


def caseload_by_worker(
    caseload: Caseload,
    pool: str,
    label: str | None = None,
    workers: Mapping[str, str] | None = None,
    suppress_below: int = 0,
) -> Chart:
    """The open cases that each worker of a pool holds, the most first.

    Args:
        caseload: the result.
        pool: the pool's key.
        label: how the pool is called; its key where left out.
        workers: how workers are called, by id; in figures for sharing they are numbered instead.
        suppress_below: numbers from 1 to less than this are not told, in figures for sharing; 0 tells all.
    """
    name = label or pool
    rows = [row for row in caseload.rows if row.pool == pool]
    held = [row for row in rows if row.worker is not None]
    free = sum(row.cases for row in rows if row.worker is None)
    summary = next((each for each in caseload.pools if each.pool == pool), None)
    told = {
        row.worker or "": f"Worker {place}"
        if suppress_below
        else (workers or {}).get(row.worker or "", row.worker or "")
        for place, row in enumerate(held, 1)
    }

    # All cases of the pool, those that nobody has last: their sum is told in the sentence.
    counts = [*(row.cases for row in held), free]
    texts = hiding.told(counts, suppress_below)
    concealed = hiding.hidden(counts, suppress_below)
    # The length of a bar would tell the number that its text hides.
    lengths = [suppress_below / 2 if place in concealed else count for place, count in enumerate(counts)]
    as_of = wording.day(caseload.as_of)
    cells = [(told[row.worker or ""], text) for row, text in zip(held, texts, strict=False)]
    cells += [(NOT_ALLOCATED, texts[-1])] if free else []
    table = Figures(f"Open cases by worker, {name}, {as_of}", ("Worker", "Open cases"), tuple(cells), frozenset({1}))
    key, title = f"caseload-{pool}", f"{name}: open cases by worker"
    subtitle = f"{name}, {as_of}. Number of open cases that each worker holds."
    if summary is None or not summary.open_cases:
        return blank(key, title, subtitle, table, "No case is open here.")
    if len(held) + bool(free) > MOST_BARS:
        subtitle += f" The {MOST_BARS} largest are drawn."
    drawn = [Bar(NOT_ALLOCATED, lengths[-1], texts[-1], strong=True)] if free else []
    drawn += [Bar(told[row.worker or ""], lengths[place], texts[place]) for place, row in enumerate(held)]
    # The average and the most would tell a hidden number where there are few workers.
    mean, most = (None, None) if concealed else (summary.mean, summary.most)
    specs = [bars(drawn, narrow, mean, "average") for narrow in (False, True)]
    text = f"{wording.count(summary.open_cases, 'case is', 'cases are')} open"
    text += "" if mean is None else f", {wording.number(mean)} for each of {wording.count(summary.workers, 'worker')}"
    text += f"; the most that one worker holds is {wording.number(most)}" if most else ""
    if free:
        few = texts[-1].replace("below", "fewer than")
        text += f"; {few} {'has' if free == 1 else 'have'} nobody yet" if texts[-1] != hiding.NOT_SHOWN else ""
    return Chart(key, title, subtitle, text + ".", specs[0], specs[1], table)
