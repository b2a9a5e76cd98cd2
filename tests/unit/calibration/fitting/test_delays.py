"""The split of what visits waited for: by hand, and on logs of which the truth is known."""

from __future__ import annotations

import csv
import gzip
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from millpond.calibration.fitting.delays import Split, split_waits
from millpond.calibration.fitting.history import UNKNOWN, History, history
from millpond.calibration.fitting.openings import openings_of
from millpond.calibration.fitting.parallel import parallel_steps
from millpond.model import parse_service
from millpond.records.importing import import_log
from millpond.records.store import open_records
from tests.unit.calibration.fitting.logs import MINUTE_US, at, history_of

SHARED = Path(os.environ.get("MILLPOND_SHARED_DATA", Path(__file__).parents[5] / "shared" / "data"))
needs_logs = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"the event logs are not at {SHARED} (MILLPOND_SHARED_DATA names another place)"
)
ZONE = ZoneInfo("UTC")


def _minutes(log: History, split: Split) -> dict[str, object]:
    """Case and step to the outside delay in minutes, and whether it is censored."""
    names = [f"{case} {step}" for case, step in zip(log.case, log.step, strict=True)]
    minutes = split.outside_us / MINUTE_US
    return dict(zip(names, zip(minutes.tolist(), split.censored.tolist(), strict=True), strict=True))


def test_waiting_for_a_worker_on_another_visit_is_ours_and_waiting_for_nobody_is_not() -> None:
    log = history_of("""
        case | step   | worker | started | ended
        -----+--------+--------+---------+------
        a    | ask    | Alice  | 09:00   | 09:10
        b    | ask    | Alice  | 09:20   | 09:30
        b    | answer | Bob    | 09:30   | 10:30
        a    | answer | Bob    | 10:30   | 10:40
        c    | ask    | Alice  | 11:00   | 11:10
        c    | answer | Bob    | 12:00   | 12:05
    """)
    found = _minutes(log, split_waits(log, frozenset(), {}))
    assert found["b answer"] == (0, False)
    # Bob was idle at 09:10 and did not begin: by the definition all of it is left, but the last hour is not sure.
    assert found["a answer"] == (80, True)
    assert found["c answer"] == (50, False)


def test_who_was_idle_after_a_visit_could_have_started_shows_the_least_that_its_delay_was() -> None:
    """Bob was idle until 10:00 and did not take a's answer, so that it cannot have been there before."""
    log = history_of("""
        case | step   | worker | started | ended
        -----+--------+--------+---------+------
        a    | ask    | Alice  | 09:00   | 09:10
        b    | answer | Bob    | 10:00   | 10:30
        a    | answer | Bob    | 10:30   | 10:40
    """)
    split = split_waits(log, frozenset(), {})
    assert split.censored[2]
    assert split.least_us[2] == 50 * MINUTE_US


def test_a_worker_busy_all_the_while_leaves_no_outside_delay() -> None:
    log = history_of("""
        case | step   | worker | started | ended
        -----+--------+--------+---------+------
        a    | ask    | Alice  | 09:00   | 09:30
        b    | answer | Bob    | 09:00   | 10:30
        a    | answer | Bob    | 10:30   | 10:40
    """)
    split = split_waits(log, frozenset(), {})
    assert _minutes(log, split)["a answer"] == (0, True)
    assert split.available_us[2] == at("10:30")


def test_work_done_meanwhile_did_not_cause_a_delay_after_which_the_worker_was_idle() -> None:
    log = history_of("""
        case | step   | worker | started | ended
        -----+--------+--------+---------+------
        a    | ask    | Alice  | 09:00   | 09:30
        b    | answer | Bob    | 09:20   | 10:00
        a    | answer | Bob    | 11:00   | 11:10
    """)
    assert _minutes(log, split_waits(log, frozenset(), {}))["a answer"] == (90, False)


def test_closed_hours_are_not_an_outside_delay() -> None:
    service = parse_service(
        'name = "x"\ntimezone = "UTC"\n[calendars.office]\nhours = "Mon-Fri 09:00-17:00"\n[pools.team]\nworkers = 1\n'
    )
    log = history_of("""
        case | step   | worker | started | ended
        -----+--------+--------+---------+------
        a    | ask    | Alice  | 16:00   | 17:30
        a    | answer | Bob    | 1 09:00 | 1 09:20
        b    | ask    | Alice  | 16:30   | 17:45
        b    | answer | Bob    | 1 10:00 | 1 10:20
    """)
    hours = openings_of(service, at("09:00"), at("3 09:00"))["team"]
    found = _minutes(log, split_waits(log, frozenset(), {"answer": hours}))
    assert found["a answer"] == (0, True)
    assert found["b answer"] == (60, False)


def test_a_time_that_always_passes_is_a_timer_and_the_visit_is_enabled_after_it() -> None:
    rows = [
        f"c{number} | ask | - | {9 + number % 8:02d}:00 | {9 + number % 8:02d}:10\n"
        f"c{number} | answer | - | {11 + number % 8:02d}:{10 + (7 * number if number > 9 else 0) % 40:02d} | "
        f"{11 + number % 8:02d}:55"
        for number in range(16)
    ]
    log = history_of("\n".join(rows))
    split = split_waits(log, frozenset(), {})
    assert split.timers == {("ask", "answer"): 120 * MINUTE_US}
    answers = log.step == "answer"
    assert split.outside_us[answers].tolist() == (log.started_us - split.enabled_us)[answers].tolist()
    assert split.outside_us[answers].min() == 0


def test_a_parallel_step_does_not_enable() -> None:
    rows = [
        f"c{number} | ask | - | {9 + number}:00 | {9 + number}:10\n"
        f"c{number} | medical | - | {9 + number}:10 | {9 + number}:40\n"
        f"c{number} | housing | - | {9 + number}:20 | {9 + number}:50\n"
        f"c{number} | review | - | {9 + number}:55 | {9 + number}:59"
        for number in range(6)
    ]
    # In the last case the two happen not to overlap: still the one does not wait for the other.
    rows.append("d | ask | - | 08:00 | 08:10\nd | medical | - | 08:10 | 08:20\nd | housing | - | 08:30 | 08:40")
    log = history_of("\n".join(rows))
    parallel = parallel_steps(log)
    assert parallel == {("medical", "housing"), ("housing", "medical")}
    split = split_waits(log, parallel, {})
    enabled = {f"{c} {s}": us for c, s, us in zip(log.case, log.step, split.enabled_us, strict=True)}
    assert enabled["c0 housing"] == at("09:10")
    assert enabled["d housing"] == at("08:10")
    assert enabled["c0 review"] == at("09:50")


def test_what_was_recorded_as_joined_goes_before_what_is_inferred() -> None:
    log = history_of("a | ask | Alice | 09:00 | 09:10\na | answer | Bob | 10:00 | 10:05")
    joined = np.array([UNKNOWN, at("09:40")])
    split = split_waits(replace(log, joined_us=joined), frozenset(), {})
    assert split.enabled_us[1] == at("09:40")


def _shared(name: str, folder: Path) -> History:
    import_log(SHARED / name, folder, now=datetime(2026, 1, 1, tzinfo=UTC))
    with open_records(folder, parse_service('name = "x"\ntimezone = "UTC"')) as records:
        return history(records.visits, ZONE, 1 << 60)


def _elapsed(log: History) -> int:
    return sum(
        int(log.ended_us[places].max() - log.started_us[places].min()) for places in map(list, log.by_case.values())
    )


@needs_logs
@pytest.mark.parametrize("name", ["Insurance_Claims_train", "Pharmacy"])
def test_logs_without_outside_delay_show_none(name: str, tmp_path: Path) -> None:
    log = _shared(f"synthetic_delays/{name}.csv.gz", tmp_path)
    split = split_waits(log, parallel_steps(log), {})
    assert split.outside_us.sum() <= 0.03 * _elapsed(log)


@needs_logs
def test_known_outside_delays_are_found(tmp_path: Path) -> None:
    name = "synthetic_delays/Insurance_Claims_test.csv.gz"
    log = _shared(name, tmp_path)
    split = split_waits(log, parallel_steps(log), {})
    with gzip.open(SHARED / name, "rt") as lines:
        true = sum(float(row["extraneous_delay"]) for row in csv.DictReader(lines)) / 3600
    followed = int(split.follows.sum())
    assert true / followed == pytest.approx(0.034, abs=0.0005)
    assert split.outside_us.sum() / 3.6e9 / followed == pytest.approx(true / followed, rel=0.2)


@needs_logs
def test_enabled_times_that_are_hidden_are_recovered_to_the_minute(tmp_path: Path) -> None:
    log = _shared("loan_application/LoanApp_simplified_train.csv.gz", tmp_path)
    hidden = replace(log, joined_us=np.full(len(log), UNKNOWN))
    split = split_waits(hidden, parallel_steps(hidden), {})
    right = np.abs(split.enabled_us - log.joined_us) < MINUTE_US
    assert right.mean() >= 0.95
