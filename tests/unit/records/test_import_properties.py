"""What holds for every log: importing twice changes nothing, and growing extracts come to the same as the last one."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from millpond.records.importing import import_log
from tests.searching import examples

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = datetime(2025, 3, 28, 0, 0, tzinfo=UTC)  # the clocks change on the 30th
COLUMNS = ("case", "step", "joined", "started", "ended", "worker", "minutes", "note")

HOURS = st.integers(0, 24 * 6)
TEXTS = st.sampled_from(["", "NA", "007", "1e5", "a,b", 'say "no"', "line\nbreak", " edge ", "|1", "ünï", "=1+1"])


@dataclass(frozen=True)
class Truth:
    """What will have happened to one visit in the end: hours after the first instant; None is never."""

    case: str
    step: str
    joined: int
    started: int | None
    ended: int | None
    worker: str
    minutes: str
    note: str


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    joined = draw(HOURS)
    wait = draw(st.none() | st.integers(0, 40))
    work = draw(st.none() | st.integers(0, 40))
    started = None if wait is None else joined + wait
    ended = None if work is None else (joined if started is None else started) + work
    return Truth(
        case=draw(st.sampled_from(["ada", "bob", "NA", "007", "a|b", "c\\d"])),
        step=draw(st.sampled_from(["triage", "call|back"])),
        joined=joined,
        started=started,
        ended=ended,
        worker=draw(TEXTS),
        minutes=draw(st.sampled_from(["", "0", "20", "12.5", "0.333"])),
        note=draw(TEXTS),
    )


def known_at(truth: Truth, hour: int) -> tuple[str, ...] | None:
    """The row of an extract that is taken at an hour; None where the visit has not joined yet."""
    if truth.joined > hour:
        return None
    ended = truth.ended is not None and truth.ended <= hour
    started = truth.started is not None and truth.started <= hour
    return (
        truth.case,
        truth.step,
        text(truth.joined),
        text(truth.started) if started else "",
        text(truth.ended) if ended else "",
        truth.worker if started or ended else "",
        truth.minutes if ended else "",
        truth.note,
    )


def text(hour: int | None) -> str:
    return "" if hour is None else (FIRST + timedelta(hours=hour)).strftime("%Y-%m-%d %H:%M:%SZ")


def extract(folder: Path, rows: list[tuple[str, ...]]) -> Path:
    file = folder / "extract.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return file


def contents(folder: Path) -> Counter[tuple[str, ...]]:
    """The visits of a folder but for their ids, whose place among kin depends on when they were first seen."""
    with (folder / "records.csv").open(newline="", encoding="utf-8") as stream:
        return Counter(tuple(row[name] for name in COLUMNS) for row in csv.DictReader(stream))


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in sorted(folder.iterdir())}


LOGS = st.lists(truths(), min_size=1, max_size=12)
SOME = settings(max_examples=examples(12), suppress_health_check=[HealthCheck.too_slow])


@given(log=LOGS, repeats=st.integers(0, 2), order=st.randoms(use_true_random=False), faulty=st.booleans())
@SOME
def test_importing_twice_changes_nothing(log: list[Truth], repeats: int, order: object, faulty: bool) -> None:
    rows = [row for truth in log if (row := known_at(truth, 10_000)) is not None]
    rows += rows[:repeats]
    if faulty:
        rows.append(("", "triage", "soon", "", "", "", "", "x"))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        first = import_log(extract(place, rows), place / "folder", now=NOW)
        before = state(place / "folder")
        order.shuffle(rows)  # type: ignore[attr-defined]
        again = import_log(extract(place, rows), place / "folder", now=NOW)
        assert (again.added, again.updated, again.differing, again.set_aside) == (0, 0, 0, 0)
        assert again.unchanged == first.added == len(set(rows)) - faulty
        assert state(place / "folder") == before


@given(log=LOGS, hours=st.lists(st.integers(0, 24 * 10), min_size=1, max_size=2))
@SOME
def test_growing_extracts_come_to_the_same_as_the_last_alone(log: list[Truth], hours: list[int]) -> None:
    """Visits that the two extracts show in one row each come to one visit, whatever happened to them meanwhile.

    Rows that are alike in everything count once, and may cease to be alike later: such logs are left out here.
    """
    moments = sorted({*hours, 10_000})
    extracts = [[row for truth in log if (row := known_at(truth, hour)) is not None] for hour in moments]
    extracts = [rows for rows in extracts if rows]
    if any(len(set(rows)) < len(rows) for rows in extracts):
        return
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for rows in extracts:
            import_log(extract(place, rows), place / "growing", now=NOW)
        import_log(extract(place, extracts[-1]), place / "at once", now=NOW)
        assert contents(place / "growing") == contents(place / "at once")
        assert not (place / "growing" / "set-aside.csv").exists()
        before = state(place / "growing")
        again = import_log(extract(place, extracts[-1]), place / "growing", now=NOW)
        assert not again.changed
        assert state(place / "growing") == before
