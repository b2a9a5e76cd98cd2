"""Reads OCEL 2.0 (object-centric event logs), as JSON or SQLite, with one type of object taken as the case.

An event of several objects of that type becomes a row of each; objects of other types become columns of their ids. The
standard: ocel-standard.org, version 2.0 (2023).
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from millpond.errors import UnreadableFile, WrongUse
from millpond.model.nearest import nearest
from millpond.records.reading.ocel_form import fault_in
from millpond.records.reading.opening import Source
from millpond.records.reading.staging import Staging, quoted
from millpond.records.reading.taken import Taken, Tell
from millpond.records.reading.wording import counted, some

EVENT = "ocel:event"
"""The column of the event's own id."""
MOST_JSON_BYTES = 1_000_000_000
_STEP_ROWS = 10_000
_TABLES = {"event", "object", "event_object", "event_map_type", "object_map_type"}
_OWN = ("ocel_id", "ocel_time", "ocel_changed_field")
_CASE, _STEP, _TIME = "case:concept:name", "concept:name", "time:timestamp"


@dataclass
class _Log:
    """A log, whatever file it is in.

    Attributes:
        types: how many objects there are of each type.
        type_of: the type of each object.
        about: the attributes of each object, the last value of each.
        changed: how many attributes of objects had more than one value.
        between: how many relations there are from object to object.
        events: id, type, time, attributes and objects of each event.
    """

    types: Counter[str] = field(default_factory=Counter)
    type_of: dict[str, str] = field(default_factory=dict)
    about: dict[str, dict[str, str]] = field(default_factory=dict)
    changed: int = 0
    between: int = 0
    events: Iterator[tuple[str, str, str | None, dict[str, str], list[str]]] = field(default_factory=lambda: iter(()))


def is_ocel_database(path: Path) -> bool:
    """Whether a SQLite database has the tables of OCEL 2.0."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(_opened(path)) as con:
        return _tables(con) >= _TABLES
    return False


def take_ocel(source: Source, staging: Staging, *, object_type: str | None, tell: Tell) -> Taken:
    """Read an object-centric log into the staging place; its first row has the number 1.

    Args:
        source: the file.
        staging: where the rows go.
        object_type: the type of object that is the case; may be left out where there is only one.
        tell: told how it goes.

    Raises:
        UnreadableFile: it is damaged, or holds no event.
        WrongUse: the log has no such type of object, or several and none is named.
    """
    is_json = source.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
    taken = Taken("OCEL 2.0, JSON" if is_json else "OCEL 2.0, SQLite")
    try:
        if is_json:
            _put(_of_json(source), object_type, source, staging, taken, tell)
        elif source.gzipped:
            raise UnreadableFile(f"{source.name} is a database packed by gzip. Unpack it (gunzip) and give the result.")
        else:
            with contextlib.closing(_opened(source.path)) as con:
                _put(_of_database(con), object_type, source, staging, taken, tell)
    except (sqlite3.Error, KeyError, TypeError, AttributeError) as error:
        where = fault_in(_parsed(source)) if is_json else ""
        raise UnreadableFile(
            f"{source.name} is not whole as an OCEL 2.0 log: {where or error}. Nothing was taken from it. Export "
            "it again."
        ) from error
    return taken


def _put(log: _Log, object_type: str | None, source: Source, staging: Staging, taken: Taken, tell: Tell) -> None:
    chosen = _chosen(log, object_type, source.name)
    others = [each for each in log.types if each != chosen]
    places: dict[str, int] = {}
    waiting: list[dict[str, str]] = []
    without: Counter[str] = Counter()
    several = events = 0

    def put() -> None:
        new = [name for name in dict.fromkeys(name for row in waiting for name in row) if name not in places]
        for name in new:
            places[name] = len(places)
        staging.add_columns(new)
        numbers = pa.array(range(staging.rows + 1, staging.rows + len(waiting) + 1), pa.int64())
        staging.add(numbers, [pa.array([row.get(name) for row in waiting], pa.string()) for name in places])
        tell(source.size, staging.rows)
        waiting.clear()

    with staging.filling():
        for id, step, time, attributes, objects in log.events:
            events += 1
            cases = [each for each in objects if log.type_of.get(each) == chosen]
            several += len(cases) > 1
            if not cases:
                without[step] += 1
                continue
            row = {EVENT: id, _STEP: step, **({_TIME: time} if time else {})}
            for other in others:
                related = [each for each in objects if log.type_of.get(each) == other]
                if related:
                    row[other] = "; ".join(related)
            row |= {name: value for name, value in attributes.items() if name not in row}
            for case in cases:
                about = {f"case:{name}": value for name, value in log.about.get(case, {}).items()}
                waiting.append({_CASE: case, **row, **{k: v for k, v in about.items() if k != _CASE}})
            if len(waiting) >= _STEP_ROWS:
                put()
        if waiting:
            put()
    if staging.rows == 0:
        raise UnreadableFile(
            f"{source.name} has no event with an object of the type '{chosen}'. Choose another with --object-type: "
            f"{_listed(log)}."
        )
    taken.notes += _told(log, chosen, others, without, several, events)


def _chosen(log: _Log, asked: str | None, name: str) -> str:
    """The type of object that is the case."""
    if asked is None:
        if len(log.types) == 1:
            return next(iter(log.types))
        if not log.types:
            raise UnreadableFile(f"{name} is an object-centric log without a single object. Export it again.")
        raise WrongUse(
            f"{name} is an object-centric log (OCEL). Say which type of object is the case, with --object-type TYPE: "
            f"{_listed(log)}."
        )
    if asked not in log.types:
        meant = nearest(asked, log.types)
        raise WrongUse(
            f"{name} has no object of the type '{asked}'. "
            + (f"Did you mean '{meant}'? " if meant else "")
            + f"Its types are {_listed(log)}."
        )
    return asked


def _listed(log: _Log) -> str:
    return some([f"{name} ({count:,})" for name, count in log.types.most_common()])


def _told(log: _Log, chosen: str, others: list[str], without: Counter[str], several: int, events: int) -> Iterator[str]:
    """What was made of the log, and what of it is not kept."""
    yield f"The case is the {chosen}: {counted(log.types[chosen], 'object')} of {counted(len(log.types), 'type')}."
    if others:
        yield f"Objects of other types are columns with their ids: {some(others)}. What is known of them is not kept."
    if several:
        yield (
            f"More than one {chosen} each: {counted(several, 'event')} of {events:,}. Such an event is a row of each "
            "of them, so that work done once for several counts once for each."
        )
    if without:
        shown = some([f"{step} ({count:,})" for step, count in without.most_common()])
        yield f"Not kept: {counted(sum(without.values()), 'event')} without any {chosen}: {shown}."
    if log.changed:
        yield f"Not kept: earlier values of {counted(log.changed, 'attribute')} of objects that changed; the last is."
    if log.between:
        yield f"Not kept: {counted(log.between, 'relation')} from object to object."


def _parsed(source: Source) -> Any:
    content = b""
    for piece in source.chunks():
        content += piece
        if len(content) > MOST_JSON_BYTES:
            raise UnreadableFile(
                f"{source.name} is larger than {MOST_JSON_BYTES // 1_000_000:,} MB, which is too much JSON to "
                "hold. Save the log as SQLite."
            )
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            f"{source.name} is JSON that is damaged or cut off ({error}). Nothing was taken from it. Export it again."
        ) from None


def _of_json(source: Source) -> _Log:
    whole = _parsed(source)
    log = _Log()
    for each in whole["objects"]:
        id = str(each["id"])
        log.type_of[id] = str(each["type"])
        log.types[log.type_of[id]] += 1
        log.between += len(each.get("relationships") or ())
        dated = sorted(each.get("attributes") or (), key=lambda one: str(one.get("time") or ""))
        seen = Counter(str(one["name"]) for one in dated)
        log.changed += sum(count > 1 for count in seen.values())
        log.about[id] = {str(one["name"]): _text(one["value"]) for one in dated if one["value"] is not None}
    log.events = (
        (
            str(each["id"]),
            str(each["type"]),
            each.get("time"),
            {str(one["name"]): _text(one["value"]) for one in each.get("attributes") or () if one["value"] is not None},
            list(dict.fromkeys(str(one["objectId"]) for one in each.get("relationships") or ())),
        )
        for each in whole["events"]
    )
    return log


def _of_database(con: sqlite3.Connection) -> _Log:
    log = _Log()
    lacking = _TABLES - _tables(con)
    if lacking:
        raise KeyError(f"no table {', '.join(sorted(lacking))}")
    for id, kind in con.execute("SELECT ocel_id, ocel_type FROM object"):
        log.type_of[str(id)] = str(kind)
        log.types[str(kind)] += 1
    seen: Counter[tuple[str, str]] = Counter()
    for row in _typed(con, "object"):
        about = log.about.setdefault(str(row["ocel_id"]), {})
        for name, value in row.items():
            if name not in _OWN and value is not None:
                seen[str(row["ocel_id"]), name] += about.get(name) != _text(value)
                about[name] = _text(value)
    log.changed = sum(count > 1 for count in seen.values())
    if "object_object" in _tables(con):
        log.between = int(con.execute("SELECT count(*) FROM object_object").fetchone()[0])
    related: dict[str, list[str]] = {}
    for event, object in con.execute("SELECT DISTINCT ocel_event_id, ocel_object_id FROM event_object"):
        related.setdefault(str(event), []).append(str(object))
    kinds = {str(id): str(kind) for id, kind in con.execute("SELECT ocel_id, ocel_type FROM event")}
    log.events = (
        (
            str(row["ocel_id"]),
            kinds.get(str(row["ocel_id"]), ""),
            None if row.get("ocel_time") is None else str(row["ocel_time"]),
            {name: _text(value) for name, value in row.items() if name not in _OWN and value is not None},
            related.get(str(row["ocel_id"]), []),
        )
        for row in _typed(con, "event")
    )
    return log


def _typed(con: sqlite3.Connection, what: str) -> Iterator[dict[str, Any]]:
    """The rows of the tables that hold the events or objects of each type, in order of time."""
    names = [str(row[0]) for row in con.execute(f"SELECT DISTINCT ocel_type_map FROM {what}_map_type ORDER BY 1")]
    for name in names:
        rows = con.execute(f"SELECT * FROM {quoted(f'{what}_{name}')} ORDER BY ocel_time, rowid")
        columns = [str(column[0]) for column in rows.description]
        for row in rows:
            yield dict(zip(columns, row, strict=True))


def _opened(path: Path) -> sqlite3.Connection:
    con = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    con.execute("PRAGMA trusted_schema = OFF")
    con.execute("PRAGMA query_only = ON")
    return con


def _tables(con: sqlite3.Connection) -> set[str]:
    return {str(row[0]) for row in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, list | dict) else str(value)
