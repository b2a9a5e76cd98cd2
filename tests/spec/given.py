"""What the spec tests are given: a service in TOML, a log as a table, and the four measures as a table of text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from millpond.measures.four import VisitLog, measure
from millpond.measures.overview import overview
from millpond.measures.results import Measures
from millpond.model import Service, parse_service
from millpond.records.rota import Shift
from tests.tables import at, spells, visits

NO_SPELLS = "visit | worker | starts | ends | minutes"
NOW = "2030-01-01 00:00"


def service(text: str) -> Service:
    return parse_service('name = "Test"\n' + textwrap.dedent(text))


def measured(
    of: Service,
    log: str,
    *,
    by: str = "day",
    as_of: str | None = None,
    work: str = NO_SPELLS,
    rota: Sequence[Shift] = (),
    backend: Any = None,
    **more: Any,
) -> Measures:
    zone = of.timezone
    table = visits(log, zone=zone, backend=backend)
    done = spells(work, zone=zone, backend=backend)
    seen = overview(table, done, at(NOW))
    instant = seen.last_us if as_of is None else at(as_of, zone=zone)
    assert instant is not None
    return measure(VisitLog(table, done, tuple(rota), seen), of, by=by, as_of_us=instant, **more)


def shift(worker: str, pool: str | None, starts: str, ends: str, kind: str = "available") -> Shift:
    return Shift(worker, pool, at(starts), at(ends), kind)


def shows(result: Measures, expected: str) -> None:
    """Asserts that the rows of a result show a table; only the columns that the table names are compared."""
    lines = [line.strip() for line in expected.strip().splitlines() if set(line.strip()) - set("-+| ")]
    names = [cell.strip() for cell in lines[0].split("|")]
    want = [[cell.strip() for cell in line.split("|")] for line in lines[1:]]
    have = [[_text(getattr(row, name)) for name in names] for row in result.rows]
    assert have == want


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return str(value)
