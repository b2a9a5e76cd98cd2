"""What of the year is written down, slips and all: `records.csv` and `rota.csv` as text.

People forget: some visits have no start, some no minutes, a few no worker; some are clicked open and shut at once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from millpond.demo.luck import uniform
from millpond.demo.year import Visit
from millpond.model import Service
from millpond.periods import MICROSECONDS_A_MINUTE, moment_of
from millpond.records.rota import Shift

NO_START = 0.03
NO_MINUTES = 0.08
NO_WORKER = 0.004
AT_ONCE = 0.03
"""The share of triage visits that are clicked open and shut at the same moment, when they are over."""

RECORDS = ("visit", "case", "step", "joined", "started", "ended", "worker", "pool", "minutes", "outcome")
CASES = ("stream", "channel", "segment", "priority")
ROTA = ("worker", "pool", "starts", "ends", "kind")


def records_csv(visits: Sequence[Visit], service: Service) -> str:
    """`records.csv`: one row for each visit, in the order in which they joined.

    Args:
        visits: in that order.
        service: names each step's pool; its zone is that of the times.
    """
    rows = (_row(f"V{number:04d}", visit, service) for number, visit in enumerate(visits, 1))
    return _csv((*RECORDS, *CASES), rows)


def rota_csv(rota: Iterable[Shift], zone: ZoneInfo) -> str:
    """`rota.csv`: one row for each shift, and for each stretch of time away from it."""
    return _csv(
        ROTA,
        (
            (shift.worker, shift.pool or "", _iso(shift.starts_us, zone), _iso(shift.ends_us, zone), shift.kind)
            for shift in rota
        ),
    )


def _row(number: str, visit: Visit, service: Service) -> Iterator[str]:
    case, where = visit.case, (visit.case.luck, visit.step, visit.nth)
    started, ended = visit.started, visit.ended
    minutes = str(max(5, 5 * round(visit.minutes / 5)))  # written down to the nearest five
    worker = visit.worker or ""
    if ended is None or started is None:
        minutes = ""
    elif visit.step == "triage" and uniform("at once", *where) < AT_ONCE:
        started, minutes = ended, ""
    elif uniform("no start", *where) < NO_START:
        started = None
    elif uniform("no minutes", *where) < NO_MINUTES:
        minutes = ""
    if uniform("no worker", *where) < NO_WORKER:
        worker = ""
    yield from (number, case.name, visit.step)
    for minute in (visit.joined, started, ended):
        yield "" if minute is None else _iso(minute * MICROSECONDS_A_MINUTE, service.zone)
    yield from (worker, service.steps[visit.step].pool or "", minutes, visit.outcome or "")
    yield from (case.stream, case.channel, case.segment, "urgent" if case.urgent else "standard")


def _iso(us: int, zone: ZoneInfo) -> str:
    return moment_of(us, zone).isoformat(timespec="seconds")


def _csv(heading: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return text.getvalue()
