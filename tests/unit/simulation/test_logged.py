"""The log that a simulation keeps: as few bytes as it needs, all of it again, and the same in parts as in one piece."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from millpond.model import Service
from millpond.simulation.kernel import LOG_LINES
from millpond.simulation.log import write_log
from millpond.simulation.logged import Log, Part, Spells, Visits
from millpond.simulation.narrow import narrow
from millpond.simulation.replication import Replication, replicate
from millpond.simulation.spells import WorkedVisits, worked_by_part
from millpond.simulation.tables import Tables, tables_of
from millpond.simulation.timely import in_order_of_time

MONDAY, HOUR = 20_094, 3_600_000
integers = st.integers(-(1 << 63), (1 << 63) - 1)


@pytest.mark.parametrize(
    ("values", "bytes_each"),
    [
        ([7, 7, 7], 0),
        ([1_000_000, 1_000_255], 1),
        ([1_000_000, 1_000_256], 2),
        ([-1, 65_535], 4),
        ([0, 1 << 32], 6),
        ([0, 1 << 48], 8),
    ],
)
def test_numbers_take_as_many_bytes_as_their_spread_needs(values: list[int], bytes_each: int) -> None:
    kept = narrow(np.array(values, dtype=np.int64))
    assert kept.nbytes == bytes_each * len(values)
    assert kept.wide().tolist() == values


@given(st.lists(integers))
def test_any_numbers_come_back(values: list[int]) -> None:
    kept = narrow(np.array(values, dtype=np.int64))
    assert (len(kept), kept.wide().tolist()) == (len(values), values)
    assert kept.wide(slice(1, None, 2)).tolist() == values[1::2]


def test_windows_of_time_follow_one_another_and_never_divide_an_hour() -> None:
    first, second = [0, 30 * 60_000, HOUR, 5 * HOUR], [10, 2 * HOUR, 9 * HOUR]
    times = [narrow(np.array(part, dtype=np.int64)) for part in (first, second, [])]
    windows = [
        sorted((first, second)[place][row] for place, rows in window for row in rows)
        for window in in_order_of_time(times, most=2)
    ]
    # By the hour 3, 4, 5, 5, 5, 6, 6, 6, 6 and 7 have come: a further two are there with the second and the sixth hour.
    assert windows == [[0, 10, 30 * 60_000], [HOUR, 2 * HOUR], [5 * HOUR, 9 * HOUR]]
    assert list(in_order_of_time([], most=2)) == []


@cache
def busy() -> tuple[Tables, Replication]:
    """A service with visits in several goes, for two people and for groups, of which the log has several parts."""
    service = Service.from_plain(
        {
            "name": "busy",
            "streams": {"all": {"first_step": "first", "per_week": 9_000, "share_urgent": 0.2}},
            "calendars": {"day": {"hours": "Mon-Fri 09:00-17:00"}},
            "pools": {
                "one": {"workers": 55, "calendar": "day", "urgent_preempts": True},
                "two": {"workers": 40, "calendar": "day"},
            },
            "steps": {
                "first": {
                    "pool": "one",
                    "minutes": {"distribution": "exponential", "mean": 14},
                    "next": {"pair": 0.3, "group": 0.4, "closed": 0.3},
                },
                "pair": {"pool": "two", "minutes": 9, "people": 2, "next": "first"},
                "group": {"pool": "two", "minutes": 50, "group": {"size": 6, "longest_wait": "5 days"}},
            },
        }
    )
    tables = tables_of(service, MONDAY, 84, drain_days=7)
    return tables, replicate(tables, 1, 0, logs=True)


def test_a_long_log_is_kept_in_parts_that_hold_all_visits() -> None:
    _, replication = busy()
    log = replication.log
    assert len(log.parts) >= 3 and len(log) > 2 * LOG_LINES
    assert all(len(part.joined) < 3 * LOG_LINES for part in log.parts)
    counts = replication.wait_count.sum() + replication.totals["left_count"].sum()
    still_waiting = int((log.visits.started < 0).sum() - replication.totals["left_count"].sum())
    assert len(log) == counts + still_waiting


def test_spells_are_the_same_whether_the_log_is_in_parts_or_in_one_piece() -> None:
    tables, replication = busy()
    in_parts, whole = (_spells(tables, log) for log in (replication.log, _in_one_piece(replication.log)))
    assert len(in_parts) > LOG_LINES / 2
    assert in_parts == whole
    # Some visits of one part were worked on in the time of another, so that their spells had to wait.
    assert _early_spells(replication.log) > 0


def test_the_work_of_spells_and_of_visits_that_have_none_is_the_work_of_the_log() -> None:
    tables, replication = busy()
    for visits, worked in worked_by_part(tables, replication.log):
        of_spells = np.zeros(len(visits), dtype=np.int64)
        np.add.at(of_spells, worked.visit, worked.amount)
        has_none = np.ones(len(visits), dtype=np.bool_)
        has_none[worked.visit] = False
        done = has_none & (visits.started >= 0)
        of_spells[done] = (visits.ended - visits.started)[done]
        is_single = tables.fixed["group_size"][visits.step] == 0
        assert (of_spells == visits.worked)[is_single | ~has_none].all()


def test_a_log_takes_no_more_than_was_promised() -> None:
    # 250 MB for a million cases of the benchmark's model B, of 6.4 visits each: 39 bytes a visit.
    _, replication = busy()
    spells = sum(len(part.worked_spells()) for part in replication.log.parts)
    assert replication.log.nbytes < 39 * len(replication.log) + 24 * spells


def test_written_records_are_in_order_however_many_windows_of_time_they_were_written_in(tmp_path: Path) -> None:
    tables, replication = busy()
    write_log(tables, replication, tmp_path / "log", seed=1)
    with (tmp_path / "log" / "records.csv").open(newline="") as file:
        visits = [(row["joined"], row["case"], row["step"], row["visit"]) for row in csv.DictReader(file)]
    assert len(visits) == len(set(visits)) == len(replication.log)
    assert visits == sorted(visits)
    with (tmp_path / "log" / "work.csv").open(newline="") as file:
        spells = [(row["starts"], row["visit"], row["worker"]) for row in csv.DictReader(file)]
    assert spells == sorted(spells)
    assert len(spells) == len(_spells(tables, replication.log))


def _spells(tables: Tables, log: Log) -> list[tuple[int, ...]]:
    worked = WorkedVisits.joined_up(WorkedVisits.of(*part) for part in worked_by_part(tables, log))
    return sorted(zip(*(values.tolist() for values in vars(worked).values()), strict=True))


def _in_one_piece(log: Log) -> Log:
    visits, spells = log.visits, log.spells
    told = visits.step | visits.kind << 16 | visits.outcome << 32 | visits.nth << 36
    times = (visits.joined, visits.started, visits.ended, visits.worked, visits.worker, visits.came)
    worked = (spells.case, spells.step | spells.nth << 16, spells.worker, spells.start, spells.end)
    return Log((Part.of_lines(np.column_stack([visits.case, told, *times]), np.column_stack(worked)),))


def _early_spells(log: Log) -> int:
    """How many spells are in an earlier part than their visit."""

    def names(rows: Visits | Spells) -> set[tuple[int, ...]]:
        return set(zip(rows.case.tolist(), rows.step.tolist(), rows.nth.tolist(), strict=True))

    return sum(len(names(part.worked_spells()) - names(part.visits())) for part in log.parts)
