"""OCEL 2.0, as JSON and as SQLite: one type of object is the case, and what is not kept is told."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from millpond.cli.main import run
from millpond.errors import UnreadableFile, WrongUse
from millpond.records.reading import read_log

from .conftest import Log

OBJECTS = {"o1": "order", "o2": "order", "i1": "item", "i2": "item", "e1": "employee"}
EVENTS = [
    ("v1", "place", "2025-01-06T09:00:00Z", ["o1", "i1", "i2", "e1"]),
    ("v2", "place", "2025-01-06T09:30:00Z", ["o2", "e1"]),
    ("v3", "pick", "2025-01-06T10:00:00Z", ["i1"]),
    ("v4", "ship", "2025-01-06T11:00:00Z", ["o1", "o2", "i1"]),
]


def as_json(folder: Path) -> Path:
    whole = {
        "objectTypes": [{"name": name, "attributes": []} for name in ("order", "item", "employee")],
        "eventTypes": [{"name": name, "attributes": []} for name in ("place", "pick", "ship")],
        "objects": [
            {
                "id": id,
                "type": kind,
                "attributes": [
                    {"name": "price", "time": "1970-01-01T00:00:00Z", "value": 5},
                    {"name": "price", "time": "2025-01-06T10:00:00Z", "value": 7.5},
                ]
                if id == "o1"
                else [],
                "relationships": [{"objectId": "i1", "qualifier": "has"}] if id == "o1" else [],
            }
            for id, kind in OBJECTS.items()
        ],
        "events": [
            {
                "id": id,
                "type": kind,
                "time": time,
                "attributes": [{"name": "channel", "value": "web"}] if kind == "place" else [],
                "relationships": [{"objectId": each, "qualifier": ""} for each in objects],
            }
            for id, kind, time, objects in EVENTS
        ],
    }
    file = folder / "log.json"
    file.write_text(json.dumps(whole, indent=1), encoding="utf-8")
    return file


def as_sqlite(folder: Path) -> Path:
    file = folder / "log.sqlite"
    con = sqlite3.connect(file)
    con.executescript(
        """
        CREATE TABLE event (ocel_id TEXT, ocel_type TEXT); CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);
        CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
        CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);
        CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
        CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);
        INSERT INTO object_object VALUES ('o1', 'i1', 'has');
        """
    )
    for kind in ("place", "pick", "ship"):
        con.execute("INSERT INTO event_map_type VALUES (?, ?)", (kind, kind.title()))
        con.execute(f"CREATE TABLE event_{kind.title()} (ocel_id TEXT, ocel_time TIMESTAMP, channel TEXT)")
    for kind in ("order", "item", "employee"):
        con.execute("INSERT INTO object_map_type VALUES (?, ?)", (kind, kind.title()))
        con.execute(
            f"CREATE TABLE object_{kind.title()}"
            " (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT, price REAL)"
        )
    for id, kind in OBJECTS.items():
        con.execute("INSERT INTO object VALUES (?, ?)", (id, kind))
        price = 5 if id == "o1" else None
        con.execute(f"INSERT INTO object_{kind.title()} VALUES (?, '1970-01-01 00:00:00', NULL, ?)", (id, price))
    con.execute("INSERT INTO object_Order VALUES ('o1', '2025-01-06 10:00:00', 'price', 7.5)")
    for id, kind, time, objects in EVENTS:
        con.execute("INSERT INTO event VALUES (?, ?)", (id, kind))
        channel = "web" if kind == "place" else None
        con.execute(f"INSERT INTO event_{kind.title()} VALUES (?, ?, ?)", (id, time.replace("Z", "+00:00"), channel))
        con.executemany("INSERT INTO event_object VALUES (?, ?, '')", [(id, each) for each in objects])
    con.commit()
    con.close()
    return file


def read(file: Path, object_type: str | None) -> Log:
    con, zone = duckdb.connect(), ZoneInfo("Europe/London")
    return Log(con, read_log(file, into=con, table="log", zone=zone, object_type=object_type), zone)


def said(log: Log) -> str:
    return " ".join(log.reading.notes)


@pytest.mark.parametrize("made", [as_json, as_sqlite])
def test_the_chosen_type_is_the_case_and_the_rest_is_kept_or_told(made: Any, tmp_path: Path) -> None:
    log = read(made(tmp_path), "order")
    # Whoever is called an employee is taken for the worker; orders are cases, items are kept by their ids.
    rows = log.rows("case", "step", "ended", "item", "worker", "channel", "case:price")
    assert sorted(rows, key=str) == [
        ("o1", "place", "2025-01-06 09:00", "i1; i2", "e1", "web", "7.5"),
        ("o1", "ship", "2025-01-06 11:00", "i1", None, None, "7.5"),
        ("o2", "place", "2025-01-06 09:30", None, "e1", "web", None),
        ("o2", "ship", "2025-01-06 11:00", "i1", None, None, None),
    ]
    for what in ("1 event of 4", "without any order: pick (1)", "1 attribute", "1 relation"):
        assert what in said(log)


def test_another_type_gives_another_log(tmp_path: Path) -> None:
    log = read(as_json(tmp_path), "item")
    assert sorted(log.rows("case", "step")) == [("i1", "pick"), ("i1", "place"), ("i1", "ship"), ("i2", "place")]


@pytest.mark.parametrize("made", [as_json, as_sqlite])
def test_without_a_type_the_types_are_told(made: Any, tmp_path: Path) -> None:
    file = made(tmp_path)
    with pytest.raises(WrongUse, match=r"--object-type TYPE: order \(2\), item \(2\)"):
        read(file, None)
    with pytest.raises(WrongUse, match="Did you mean 'order'"):
        read(file, "oder")


def test_a_damaged_log_is_refused(tmp_path: Path) -> None:
    file = as_json(tmp_path)
    file.write_text(file.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    with pytest.raises(UnreadableFile, match="damaged or cut off"):
        read(file, "order")
    file.write_text('{"objectTypes": [], "objects": [{"id": 1}], "events": []}', encoding="utf-8")
    with pytest.raises(UnreadableFile, match="not whole"):
        read(file, "order")


@pytest.mark.parametrize(
    ("part", "value", "says"),
    [
        ("events", None, "it has no 'events'"),
        ("events", "x", "events is no list"),
        ("objects", [None], "objects[0] is no object with id and type"),
        ("objects", [{"id": "o1"}], "objects[0] lacks 'type'"),
        (
            "events",
            [{"id": "v", "type": "t", "time": "2025-01-06", "relationships": [{"qualifier": ""}]}],
            "events[0].relationships[0] lacks 'objectId'",
        ),
    ],
)
def test_what_is_not_whole_is_named_with_its_place(part: str, value: Any, says: str, tmp_path: Path) -> None:
    file = as_json(tmp_path)
    whole = json.loads(file.read_text())
    whole[part] = value
    if value is None:
        del whole[part]
    file.write_text(json.dumps(whole))
    with pytest.raises(UnreadableFile) as refused:
        read(file, "order")
    assert f"log.json is not whole as an OCEL 2.0 log: {says}. Nothing was taken" in str(refused.value)


def test_from_the_command_line_with_its_quality_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "orders"
    assert run(["import", str(as_sqlite(tmp_path)), "--into", str(home), "--object-type", "order"]) == 0
    told = capsys.readouterr().out
    assert "4 visits added" in told
    assert "Not kept: 1 event without any order" in told
    assert run(["import", str(as_json(tmp_path)), "--into", str(home), "--object-type", "order"]) == 0
    visits = tmp_path / "visits.csv"
    visits.write_text("case,step,ended\n1,a,2025-01-06 09:00\n", encoding="utf-8")
    assert run(["import", str(visits), "--into", str(tmp_path / "x"), "--object-type", "order"]) == 2
    assert "--object-type" in capsys.readouterr().err
