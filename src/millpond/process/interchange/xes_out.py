"""XES out (IEEE 1849-2016): the visits of a service as an event log, a case at a time.

Each visit is up to three events with one instance: schedule when it joined, start, and complete. Reading the log again
gives the same visits.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ibis.expr.types import Table
from lxml import etree

from millpond.periods import MICROSECONDS_A_MINUTE, moment_of
from millpond.process.interchange.noted import one_line
from millpond.records.schema import TEXTS, VISITS

_KEYS = {"visit": "visit", "worker": "org:resource", "pool": "org:role", "outcome": "outcome"}
_EVENTS = (("schedule", "joined_us"), ("start", "started_us"), ("complete", "ended_us"))
_EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"), ("Organizational", "org"))
_TAKEN = frozenset(
    (*_KEYS.values(), "concept:name", "concept:instance", "lifecycle:transition", "time:timestamp", "minutes")
)
_XES = "{http://www.xes-standard.org/}"
_DEFAULT: Any = {None: _XES[1:-1]}
_ROWS = 50_000


def write_xes(visits: Table, target: Path, zone: ZoneInfo, *, name: str) -> tuple[int, tuple[str, ...]]:
    """Write visits as an XES log.

    Args:
        visits: the normalised visit log.
        target: the file.
        zone: whose local times, with their offset, are written.
        name: what the log is called in itself.

    Returns:
        How many visits were written; and in sentences what could not be.
    """
    further = [each for each in visits.columns if each not in VISITS]
    kept = [each for each in further if each not in _TAKEN and each not in TEXTS]
    notes = [
        f'The column "{each}" is left out: the log has something else under that name.'
        for each in further
        if each not in kept
    ]
    written = 0
    with etree.xmlfile(str(target), encoding="utf-8") as file, warnings.catch_warnings():
        # Ibis 12 calls names of DuckDB's that DuckDB 1.5 is giving up.
        warnings.simplefilter("ignore", DeprecationWarning)
        file.write_declaration()
        with file.element(f"{_XES}log", {"xes.version": "1849.2016"}, nsmap=_DEFAULT):
            file.write("\n")
            for extension, prefix in _EXTENSIONS:
                uri = f"http://www.xes-standard.org/{prefix}.xesext"
                _put(
                    file,
                    etree.Element(f"{_XES}extension", nsmap=_DEFAULT, name=extension, prefix=prefix, uri=uri),
                )
            _put(file, _attribute("string", "concept:name", name))
            for case, rows in itertools.groupby(_rows(visits), key=lambda row: row["case"]):
                trace = etree.Element(f"{_XES}trace", nsmap=_DEFAULT)
                trace.append(_attribute("string", "concept:name", case))
                held = list(rows)
                written += len(held)
                events = [event for row in held for event in _events(row, kept, zone)]
                trace.extend(event for _, _, event in sorted(events, key=lambda entry: entry[:2]))
                _put(file, trace)
    return written, tuple(notes)


def _rows(visits: Table) -> Iterator[dict[str, Any]]:
    ordered = visits.order_by(["case", "joined_us", "started_us", "ended_us", "visit"])
    for batch in ordered.to_pyarrow_batches(chunk_size=_ROWS):
        yield from batch.to_pylist()


def _events(row: dict[str, Any], further: list[str], zone: ZoneInfo) -> Iterator[tuple[int, int, etree._Element]]:
    """The events of a visit, each with its instant and its place among those of the same instant."""
    for place, (transition, column) in enumerate(_EVENTS):
        instant = row[column]
        if instant is None or (column == "joined_us" and row["joined_source"] != "recorded"):
            continue
        event = etree.Element(f"{_XES}event")
        event.append(_attribute("string", "concept:name", row["step"]))
        event.append(_attribute("string", "concept:instance", row["visit"]))
        event.append(_attribute("string", "lifecycle:transition", transition))
        event.append(_attribute("date", "time:timestamp", moment_of(instant, zone).isoformat()))
        for ours, key in (*_KEYS.items(), *((text, text) for text in TEXTS), *((each, each) for each in further)):
            if row[ours] is not None:
                event.append(_attribute("string", key, str(row[ours])))
        if row["minutes_us"] is not None:
            event.append(_attribute("float", "minutes", _minutes(row["minutes_us"])))
        yield instant, place, event


def _minutes(microseconds: int) -> str:
    """Minutes to a billionth, so that reading them gives the same microseconds."""
    return f"{microseconds / MICROSECONDS_A_MINUTE:.9f}".rstrip("0").rstrip(".")


def _attribute(kind: str, key: str, value: str) -> etree._Element:
    try:
        return etree.Element(f"{_XES}{kind}", key=key, value=value)
    except ValueError:  # characters that XML cannot hold
        return etree.Element(f"{_XES}{kind}", key=one_line(key), value=one_line(value))


def _put(file: Any, element: etree._Element) -> None:
    etree.indent(element)
    file.write(element)
    file.write("\n")
