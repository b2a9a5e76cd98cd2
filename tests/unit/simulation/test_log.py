"""Simulated records given to the measures: what they find in them is what the simulation itself has counted."""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest

from millpond.errors import WrongUse
from millpond.folder import Folder
from millpond.measures.four import VisitLog, measure
from millpond.measures.overview import overview
from millpond.measures.results import Measures
from millpond.model import Service
from millpond.periods import day_number
from millpond.records.workspace import connect
from millpond.simulation import kernel
from millpond.simulation.log import write_log
from millpond.simulation.recording import records_of
from millpond.simulation.replication import Replication, replicate
from millpond.simulation.starting import CARRIED_OVER
from millpond.simulation.tables import Tables, tables_of

SEED = 7
FIRST, DAYS = date(2025, 3, 24), 18
"""The clocks in London go forward on 30 March 2025."""
LAST = FIRST + timedelta(days=DAYS - 1)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
CALENDARS = {
    "office": {"hours": "Mon-Fri 09:00-12:30, 13:30-17:00"},
    "nights": {"hours": "Mon-Sun 22:00-06:00"},
    "always": {"hours": "Mon-Sun 00:00-24:00"},
}
WORK = {"distribution": "exponential", "mean": 80}


def pool(per_week: float = 45, step: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """A pool for work of 80 minutes in the mean, with a stream and a step of its own."""
    told = {"minutes": WORK, "next": "closed", **(step or {})}
    return {"pool": {"calendar": "office", "workers": 2, **fields}, "per_week": per_week, "step": told}


PLAIN = {
    "over lunch and night": pool(step={"next": {"over lunch and night": 0.2, "closed": 0.8}}),
    "shares of a day and of a worker": pool(36, workers=2.5, minutes_per_day=210),
    "some give up": pool(workers=1, step={"patience": "6 hours"}),
    "night shifts": pool(70, calendar="nights"),
    "always open": pool(260, calendar="always"),
    "finished after hours": pool(at_closing="finish", minutes_per_day=300),
}
"""What the smaller kernel knows."""

RICH = {
    "sent a letter": pool(workers=1, step={"patience": {"minutes": 400, "time": "working", "to": "letter"}}),
    "interrupted": pool(urgent_preempts=True, step={"minutes_for": {"urgent": 20}}),
    "a week between": pool(
        step={"next": {"a week between": 0.5, "closed": 0.5}, "after": {"a week between": "7 days"}}
    ),
    "missed": pool(step={"missed": 0.4, "missed_minutes": 15, "missed_most": 2}),
    "helped out": pool(workers=None, step={"next": {"lending": 0.5, "closed": 0.5}}),
    "lending": pool(10, workers=None, step={"minutes": 45}),
    "two together": pool(25, workers=3, step={"people": 2}),
    "groups": pool(workers=1, step={"minutes": 200, "group": {"size": 4, "longest_wait": "3 days"}}),
    "long sessions": pool(
        40,
        workers=1,
        step={"minutes": {"distribution": "uniform", "low": 300, "high": 900}, "group": {"size": 8}},
    ),
    "away": pool(30, workers=2.5, minutes_per_day=210, absence=0.3),
    "agency": pool(workers=1, minutes_per_day=300),
    "branches": pool(
        30,
        step={
            "minutes": 15,
            "next": None,
            "all_of": ["report", "letter"],
            "then": "review",
        },
    ),
}
FURTHER: dict[str, Any] = {
    "outcomes": ["referred on"],
    "workers": {
        "Ann": {"pool": "helped out"},
        "Bob": {"pool": "lending", "also": ["helped out"], "minutes_per_day": 350},
    },
    "steps": {
        "letter": {"minutes": 600, "next": {"review": 0.1, "closed": 0.9}},
        "report": {"pool": "branches", "minutes": 50, "next": "review"},
        "review": {
            "pool": "branches",
            "minutes": 20,
            "next": {"review": 0.3, "referred on": 0.3, "closed": 0.4},
            "rules": [{"attributes": {"risk": "high"}, "visits_at_least": 2, "next": "withdrawn"}],
        },
    },
    "policies": {
        "temps": {"pool": "agency", "when": "waiting visits", "above": 5, "workers": 2, "for_days": 3},
        "bank": {
            "pool": "agency",
            "when": "backlog minutes",
            "above": 900,
            "workers": 1,
            "for_days": 2,
            "lead_days": 1,
            "minutes_per_day": 180,
        },
        "lent": {
            "pool": "two together",
            "when": "waiting visits",
            "above": 2,
            "workers": 1,
            "for_days": 3,
            "lent_by": "interrupted",
            "minutes_per_day": 240,
        },
    },
}


def service(pools: dict[str, dict[str, Any]], **further: Any) -> Service:
    def given(fields: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in fields.items() if value is not None}

    stream = {"share_urgent": 0.2, "attributes": {"risk": {"high": 0.4, "low": 0.6}} if further else None}
    return Service.from_plain(
        {
            "name": "simulated",
            "calendars": CALENDARS,
            **further,
            "pools": {name: given(one["pool"]) for name, one in pools.items()},
            "streams": {
                name: given({"first_step": name, "per_week": one["per_week"], **stream}) for name, one in pools.items()
            },
            "steps": {
                **{name: given({"pool": name, **one["step"]}) for name, one in pools.items()},
                **further.get("steps", {}),
            },
        }
    )


@dataclass
class Simulated:
    """A replication, the folder that was written, and what the measures find in it."""

    tables: Tables
    replication: Replication
    home: Path
    folder: Folder
    found: Measures

    @property
    def visits(self) -> list[dict[str, str]]:
        with (self.home / "records.csv").open(newline="") as file:
            return list(csv.DictReader(file))


def simulated(of: Service, home: Path) -> Iterator[Simulated]:
    tables = tables_of(of, day_number(FIRST), DAYS)
    replication = replicate(tables, SEED, 0, logs=True)
    write_log(tables, replication, home, seed=SEED)
    with Folder(home, now=LATER) as folder:
        yield Simulated(tables, replication, home, folder, folder.measure(by="day", first=FIRST, as_of=LAST))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    yield from simulated(service(PLAIN), tmp_path_factory.mktemp("plain") / "new")


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    yield from simulated(service(RICH, **FURTHER), tmp_path_factory.mktemp("rich"))


def counted(of: Simulated, pool: str) -> dict[str, list[int]]:
    """What the simulation itself counted day by day, in milliseconds and visits."""
    daily = of.replication.totals["daily"][:, of.tables.names.pools[pool], :DAYS].astype(np.int64)
    demand, activity, withdrawn = daily[kernel.DEMAND], daily[kernel.ACTIVITY], daily[kernel.WITHDRAWN]
    return {
        "demand": demand.tolist(),
        "activity": activity.tolist(),
        "withdrawn": withdrawn.tolist(),
        "backlog": np.cumsum(demand - activity - withdrawn).tolist(),
        "capacity": daily[kernel.CAPACITY].tolist(),
        "demand_visits": daily[kernel.VISITS_JOINED].tolist(),
    }


def measured(found: Measures, pool: str, kind: str) -> list[int]:
    values = [getattr(row, kind) for row in found.rows if row.pool == pool]
    return [round(value * (1 if kind.endswith("visits") else 60_000)) for value in values]


def check(of: Simulated, pool: str, found: Measures) -> None:
    for kind, expected in counted(of, pool).items():
        assert measured(found, pool, kind) == expected, kind
    assert sum(counted(of, pool)["activity"]) > 0


@pytest.mark.parametrize("pool", PLAIN)
def test_the_measures_find_what_was_simulated(plain: Simulated, pool: str) -> None:
    assert plain.tables.is_lean
    check(plain, pool, plain.found)


@pytest.mark.parametrize("pool", RICH)
def test_the_measures_find_what_was_simulated_with_everything(rich: Simulated, pool: str) -> None:
    check(rich, pool, rich.found)


def test_the_folder_is_read_without_a_note(plain: Simulated, rich: Simulated) -> None:
    assert plain.folder.records().notes == ()
    # Bob and Ann have names in the service; the others are numbered, which the rota's reader remarks upon.
    assert ["rota.csv names workers" in note for note in rich.folder.records().notes] == [True]
    for one in (plain, rich):
        assert one.folder.service == one.tables.service
        # What is under way at the last midnight ends in the last day, so that no further day begins.
        assert one.folder.measure(by="day").rows[-1].period <= LAST.isoformat()
        assert {stat.S_IMODE(file.stat().st_mode) for file in one.home.iterdir() if file.suffix == ".csv"} == {0o600}


def test_everything_that_was_meant_to_happen_happened(plain: Simulated, rich: Simulated) -> None:
    assert {file.name for file in plain.home.iterdir()} == {"service.toml", "records.csv", "work.csv"}
    assert {file.name for file in rich.home.iterdir()} == {"service.toml", "records.csv", "work.csv", "rota.csv"}
    with (rich.home / "rota.csv").open(newline="") as file:
        shifts = list(csv.DictReader(file))
    assert {shift["pool"] for shift in shifts} == {"away", "agency", "two together", "interrupted"}
    assert {shift["kind"] for shift in shifts} == {"available", "absence"}
    assert {"temps 1", "temps 2", "bank 1"} <= {shift["worker"] for shift in shifts}
    assert {visit["outcome"] for visit in rich.visits} == {"", "closed", "withdrawn", "missed", "referred on"}
    assert any(visit["worker"] == "Bob" and visit["pool"] == "helped out" for visit in rich.visits)
    assert sum(row.borrowed for row in rich.found.rows if row.pool == "helped out") > 0
    assert sum(measured(plain.found, "some give up", "withdrawn")) > 0
    assert all(measured(plain.found, pool, "backlog")[-1] > 0 for pool in ("over lunch and night", "always open"))
    used, overtime = (plain.replication.totals["daily"][kind].sum() for kind in (kernel.USED, kernel.OVERTIME))
    assert used > overtime > 0


def test_a_case_has_an_outcome_where_it_ends(rich: Simulated) -> None:
    by_case: dict[str, list[dict[str, str]]] = {}
    for visit in rich.visits:
        if visit["case"].startswith("missed-"):
            by_case.setdefault(visit["case"], []).append(visit)
    counts = {"closed": 0, "withdrawn": 0}
    for visits in by_case.values():
        *before, last = sorted(visits, key=lambda visit: int(visit["visit"].rsplit("/")[-1]))
        # Two misses are the most: the second is the end of the case, and the time was lost each time.
        assert [(visit["outcome"], visit["minutes"]) for visit in before] == [("missed", "15")] * len(before)
        assert len(before) <= 1
        if last["outcome"]:
            counts[last["outcome"]] += 1
        if last["outcome"] == "withdrawn":
            assert (len(before), last["minutes"]) == (1, "15")
    assert counts["closed"] > counts["withdrawn"] > 0
    referred = sum(visit["outcome"] == "referred on" for visit in rich.visits)
    assert referred == rich.replication.totals["outcome_count"][rich.tables.names.outcomes.index("referred on")] > 0


def test_tables_without_files_give_the_same(rich: Simulated) -> None:
    records = records_of(rich.tables, rich.replication, seed=SEED)
    connection = connect()
    try:
        visits, spells = (connection.create_table(name, getattr(records, name)) for name in ("visits", "spells"))
        log = VisitLog(visits, spells, records.rota, overview(visits, spells, 1 << 60))
        as_of_us = rich.folder.as_of_us(LAST)
        found = measure(log, rich.tables.service, by="day", as_of_us=as_of_us, first=FIRST, last=LAST)
    finally:
        connection.disconnect()
    assert found.rows == rich.found.rows
    assert pc.count_distinct(records.visits["visit"]).as_py() == len(records.visits)


def test_cases_that_were_there_before_bring_their_earlier_work(tmp_path: Path) -> None:
    of = service({"front": pool(20), "back": pool(20)})
    streams = [int(key) | CARRIED_OVER for key in tables_of(of, day_number(FIRST), DAYS).stream_keys]
    hour = 3_600_000
    # Case, class, step, earlier visits, joined, entered, worker, done, work in all (-1: drawn), first start, step
    # before, when it comes to the step (-1: it is there).
    start = [
        [streams[0], 0, 0, 0, -50 * hour, -50 * hour, -1, 0, -1, -1, -1, -1],
        [streams[0] + 1, 1, 0, 0, -90 * hour, -90 * hour, 0, hour, 3 * hour, -66 * hour, -1, -1],
        [streams[1], 2, 1, 2, -30 * hour, -300 * hour, -1, hour // 2, hour, -20 * hour, -1, -1],
    ]
    rows = np.array([[value % (1 << 64) for value in row] for row in start], dtype=np.uint64).view(np.int64)
    tables = tables_of(of, day_number(FIRST), DAYS, start=rows)
    replication = replicate(tables, SEED, 0, logs=True)
    write_log(tables, replication, tmp_path, seed=SEED)
    with Folder(tmp_path, now=LATER) as folder:
        found = folder.measure(by="day", first=FIRST, as_of=LAST)
    with (tmp_path / "records.csv").open(newline="") as file:
        visits = {visit["visit"]: visit for visit in csv.DictReader(file)}
    assert visits["front-c1/front/1"]["minutes"] == "180"
    assert visits["back-c0/back/3"]["minutes"] == "60"
    for place, name in enumerate(["front", "back"]):
        daily = replication.totals["daily"][:, place, :DAYS].astype(np.int64)
        for kind, row in (("demand", kernel.DEMAND), ("activity", kernel.ACTIVITY)):
            assert measured(found, name, kind) == daily[row].tolist()
        before = int(replication.totals["before"][0, place])
        backlog = before + np.cumsum(daily[kernel.DEMAND] - daily[kernel.ACTIVITY])
        assert measured(found, name, "backlog") == backlog.tolist()


def test_rows_of_another_shape_never_reach_the_event_loop() -> None:
    of = service({"front": pool(20), "back": pool(20)})
    with pytest.raises(ValueError, match="have 12 columns; these have the shape \\(1, 10\\)"):
        tables_of(of, day_number(FIRST), DAYS, start=np.zeros((1, 10), dtype=np.int64))


def test_real_records_are_not_written_over(plain: Simulated) -> None:
    before = {file.name: file.read_bytes() for file in plain.home.iterdir()}
    with pytest.raises(WrongUse, match=r"is not empty: it holds records\.csv and more.*\n.*Name a folder"):
        write_log(plain.tables, plain.replication, plain.home, seed=SEED)
    assert {file.name: file.read_bytes() for file in plain.home.iterdir()} == before


def test_a_second_writing_is_the_same_to_the_byte(plain: Simulated, tmp_path: Path) -> None:
    write_log(plain.tables, plain.replication, tmp_path, seed=SEED)
    for file in plain.home.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()
