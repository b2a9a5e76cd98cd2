"""The three things that a team lead should read first, each a sentence with its number.

Every kind of finding is looked for; each that is there has a weight, and the heaviest three are told. The weights put
a pool that cannot keep up first, then figures that cannot be trusted, then what it means for the people who wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from millpond.measures.clearing import CLEARS, NEVER
from millpond.measures.critical import GROWS, TOO_SHORT, CriticalResource, PoolLoad
from millpond.report import wording
from millpond.report.charts.load import judged
from millpond.report.coarser import is_work_in_progress_only
from millpond.report.page import Finding
from millpond.report.results import ReportResults
from millpond.report.tables import outlook_span

MOST = 3
FULL = 0.85
"""Load from which a pool is told to be near its limit: a prompt to look, not a law."""
DOUBTFUL = 0.2
"""Share of the visits with a fault in the records from which the figures as a whole are in doubt."""
LONG_WAIT = 28 * 24 * 60
"""Minutes from which a single wait is told before shares of smaller ones."""


@dataclass(frozen=True)
class _Found:
    """A finding with its weight."""

    weight: float
    finding: Finding


def findings(results: ReportResults, most: int = MOST) -> tuple[Finding, ...]:
    """The findings that matter most, the most important first.

    Args:
        results: what was measured.
        most: how many to tell.

    Returns:
        None of them where the records hold no work.
    """
    if not any(row.demand or row.backlog or row.activity for row in results.measures.rows):
        return ()
    found = [
        *_bottleneck(results),
        *_growth(results),
        *_unit(results),
        *_records(results),
        *_late(results),
        *_longest(results),
        *_unallocated(results),
        *_volume(results),
        *_plans(results),
    ]
    found.sort(key=lambda each: -each.weight)
    told = [each.finding for each in found]
    # One fault in the records is enough for the top of the page: the rest is under the quality of the records, and
    # often says the same in other words.
    doubts = [finding for finding in told if finding.tone == "doubt"]
    first = [finding for finding in told if finding not in doubts[1:]]
    return tuple((first + doubts[1:])[:most])


def _bottleneck(results: ReportResults) -> Iterator[_Found]:
    critical = results.critical
    if critical is None or critical.pool is None:
        return
    first = critical.rows[0]
    name, unit = results.names.pool(first.pool), critical.unit
    only = len(critical.rows) == 1
    basis = f"Over {judged(critical)}."
    asked, able, each = _rates(first)
    join = f"{wording.amount(asked, unit, hours=False)}{' of work' if unit == 'minutes' else ''} join {each}"
    if first.load is None:
        yield _Found(100, Finding(f"{name}: nobody is there for the work that comes. {join}.", basis, "act"))
        return
    share = wording.percent(first.load)
    if is_work_in_progress_only(results.measures):
        yield _taken_up(name if only else f"{name}, the busiest pool", first, unit, basis)
        return
    can = f"{join}, {wording.number(able)} can be done."
    if first.load > 1:
        detail = f"{share} of its capacity is asked for{'' if only else ', more than of any other pool'}. {basis}"
        if critical.tied:
            detail = f"{share} of its capacity is asked for, as of {_tied(results, critical)}. {basis}"
        yield _Found(100, Finding(f"{name}: more work comes than can be done. {can}", detail, "act"))
    elif first.load >= FULL:
        nearest = "close to its limit" if only else "the pool closest to its limit"
        sentence = f"{name}: {nearest}, with {share} of its capacity asked for."
        yield _Found(72, Finding(sentence, f"{can} {basis}", "watch"))
    else:
        who = name if only else f"{name}, the busiest pool,"
        sentence = f"There is room: {who} is asked for {share} of its capacity."
        yield _Found(30, Finding(sentence, f"{can} {basis}", "good"))


def _taken_up(name: str, row: PoolLoad, unit: str, basis: str) -> _Found:
    """What the work that was begun takes of a capacity, where nobody knows what else was asked for."""
    begun, able, each = _rates(row)
    share = wording.percent(row.load or 0.0)
    detail = f"{wording.amount(begun, unit, hours=False)} of work {each}, {wording.number(able)} can be done. "
    if (row.load or 0.0) > 1:
        detail += f"Its capacity is put too low in service.toml, or the minutes too high. {basis}"
        return _Found(72, Finding(f"{name}: the work recorded is {share} of its capacity.", detail, "doubt"))
    detail += f"Whether more was asked for is not known: the records do not say who was waiting. {basis}"
    return _Found(30, Finding(f"{name}: the work recorded took {share} of its capacity.", detail, "note"))


def _tied(results: ReportResults, critical: CriticalResource) -> str:
    return wording.listed([results.names.pool(pool) for pool in critical.tied], 2)


def _rates(row: PoolLoad) -> tuple[float, float, str]:
    """Demand and capacity a week, or a day where there are few days."""
    length, each = (7, "a week") if row.days >= 14 else (1, "a day")
    return row.demand * length / row.days, (row.capacity or 0.0) * length / row.days, each


def _growth(results: ReportResults) -> Iterator[_Found]:
    if is_work_in_progress_only(results.measures):
        return
    critical, unit = results.critical, results.measures.unit
    backlogs = results.backlogs
    if critical is None:
        work = f"{wording.amount(sum(backlogs.values()), unit)}{' of work' if unit == 'minutes' else ''}"
        yield _Found(20, Finding(f"{wording.sentence(work).rstrip('.')} are waiting to be done.", tone="watch"))
        return
    growing = [row for row in critical.rows if row.trend == GROWS and row.growth]
    basis = f"Over {judged(critical)}."
    if growing:
        # The critical resource if it grows, else the fastest: one backlog is told of, the page has the rest.
        worst = growing[0] if growing[0].pool == critical.pool else max(growing, key=lambda row: row.growth or 0.0)
        each = "a working day" if worst.capacity else "a day"
        sentence = f"{results.names.pool(worst.pool)}: the backlog grows by about {wording.number(worst.growth or 0)} "
        sentence += f"{unit} {each} and is now {wording.amount(backlogs[worst.pool], unit)}."
        detail = f"Between {wording.number(worst.low or 0)} and {wording.number(worst.high or 0)} with 95% confidence, "
        detail += f"over {judged(critical)}. {_outlook(results, worst.pool)}"
        yield _Found(95, Finding(sentence, detail.rstrip(), "act"))
        return
    total = sum(backlogs.values())
    if total <= 0:
        yield _Found(25, Finding("There is no backlog.", basis, "good"))
        return
    largest = max(backlogs, key=lambda pool: backlogs[pool])
    waiting = f"{wording.amount(total, unit)}{' of work' if unit == 'minutes' else ''} are waiting to be done"
    detail = f"Most of it, {wording.number(backlogs[largest])}, is with {results.names.pool(largest)}. "
    detail = ((detail if len(backlogs) > 1 else "") + f"{basis} {_outlook(results, largest)}").rstrip()
    if any(row.trend == TOO_SHORT for row in critical.rows):
        sentence = f"{wording.sentence(waiting).rstrip('.')}; the records are too short to tell whether it grows."
        yield _Found(40, Finding(sentence, detail, "watch"))
    else:
        yield _Found(35, Finding(f"No backlog is clearly growing; {waiting}.", detail, "good"))


def _outlook(results: ReportResults, pool: str) -> str:
    rows = results.clearing.rows if results.clearing is not None else ()
    row = next((row for row in rows if row.pool == pool), None)
    if row is None or row.outlook not in (CLEARS, NEVER):
        return ""
    rate = f"At the demand and capacity of {outlook_span(row)}"
    if row.days is None:
        return f"{rate}, it will never be cleared. "
    days = "less than a working day" if row.days < 1 else wording.count(row.days, "working day")
    return f"{rate}, it takes {days} to clear. "


def _unit(results: ReportResults) -> Iterator[_Found]:
    if results.measures.unit == "visits":
        sentence = "The figures count visits, not minutes: nothing in the records says how long a visit takes."
        detail = "Give each step its planned minutes in service.toml; then demand can be set against capacity."
        yield _Found(90, Finding(sentence, detail, "doubt"))


def _records(results: ReportResults) -> Iterator[_Found]:
    quality = results.quality
    if quality is None:
        return
    weights = {
        "stray days": 86,
        "missing joins": 85,
        "set aside": 84,
        "missing starts": 66,
        "gaps in days": 62,
        "zero-length work": 60,
    }
    for kind, weight in weights.items():
        odd = quality.of(kind)
        if odd is None:
            continue
        share = quality.set_aside / max(quality.rows, 1) if kind == "set aside" else odd.share or 0.0
        if share >= DOUBTFUL or kind in ("stray days", "gaps in days"):
            sentence = wording.sentence(wording.dated(odd.sentence))
            yield _Found(weight, Finding(sentence, "See the quality of the records.", "doubt"))
    if quality.lag.filling_from is not None:
        sentence = wording.sentence(wording.dated(quality.lag.sentence))
        yield _Found(45, Finding(sentence, "Those days are shaded in the charts.", "doubt"))


def _late(results: ReportResults) -> Iterator[_Found]:
    names = results.names
    rows = results.breaches.rows if results.breaches is not None else ()
    told = [row for row in rows if row.share and not names.hides_share(row.judged, row.breached)]
    if not told:
        return
    worst = max(told, key=lambda row: (row.share or 0.0, row.breached))
    share = worst.share or 0.0
    sentence = f"{names.step(worst.step)}: {wording.percent(share)} of visits missed the target of {worst.target}."
    detail = f"{wording.number(worst.breached)} of the {wording.number(worst.judged)} whose target had run out"
    if not names.hides(worst.still_waiting):
        detail += f"; {wording.number(worst.still_waiting)} of them still wait"
    yield _Found(55 + 25 * share, Finding(sentence, detail + ".", "act" if share >= DOUBTFUL else "watch"))


def _longest(results: ReportResults) -> Iterator[_Found]:
    if results.waiting is None or not results.waiting.rows:
        return
    longest = results.waiting.rows[0]
    if longest.waited < 1:
        # Somebody who joined at the very end of the records has not waited yet.
        return
    sentence = f"The longest wait is {wording.duration(longest.waited)}, at {results.names.step(longest.step)}."
    detail = "" if results.sharing else f"Case {longest.case} has waited since {wording.day(longest.joined)}. "
    count = results.names.people(results.waiting.waiting).replace("below", "fewer than")
    detail += f"{wording.sentence(count).rstrip('.')} {'visit is' if count == '1' else 'visits are'} waiting in all."
    yield _Found(68 if longest.waited > LONG_WAIT or longest.breached else 50, Finding(sentence, detail, "watch"))


def _unallocated(results: ReportResults) -> Iterator[_Found]:
    rows = results.caseload.pools if results.caseload is not None else ()
    pools = [pool for pool in rows if pool.not_allocated and not results.names.hides(pool.not_allocated)]
    if not pools:
        return
    worst = max(pools, key=lambda pool: pool.not_allocated)
    cases = wording.count(worst.not_allocated, "open case has", "open cases have")
    sentence = f"{results.names.pool(worst.pool)}: {cases} no worker yet."
    yield _Found(40, Finding(sentence, f"Of {wording.count(worst.open_cases, 'open case')}.", "watch"))


def _plans(results: ReportResults) -> Iterator[_Found]:
    """Which plan is worth its money, where plans were compared: after what is wrong comes what may be done."""
    found = results.ahead.plans if results.ahead is not None else None
    if found is None:
        return
    # Here and not above: it knows the simulator, which takes a second to load and is not needed without plans.
    from millpond.report.plans_compared import headline, without_a_plan

    detail = " ".join(without_a_plan(found, results.names))
    yield _Found(88, Finding(headline(found, results.names), detail, "note"))


def _volume(results: ReportResults) -> Iterator[_Found]:
    """How much work comes: always true, and all that some records can tell."""
    measures = results.measures
    whole = [row for row in measures.rows if row.complete and not row.filling]
    periods = len({row.period for row in whole})
    if not periods:
        return
    unit, by = measures.unit, measures.by
    joined = wording.amount(sum(row.demand for row in whole) / periods, unit)
    done = wording.number(sum(row.activity for row in whole) / periods)
    of_work = " of work" if unit == "minutes" else ""
    sentence = f"{joined}{of_work} join {wording.EACH[by]} on average, and {done} are done."
    basis = "All pools" if len(results.pools) > 1 else results.names.pool(results.pools[0])
    yield _Found(15, Finding(sentence, f"{basis}, over {wording.count(periods, by)} of records.", "note"))
