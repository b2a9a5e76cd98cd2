"""Every real event log imports whole, with exactly the cases and visits that it is known to have.

The logs are not part of the repository: they are looked for in the folder that ``MILLPOND_SHARED_DATA`` names, else in
``../shared/data`` beside the repository, and the tests skip where they are missing.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from millpond.errors import UnreadableFile

from .conftest import Log, Read

FOLDER = Path(os.environ.get("MILLPOND_SHARED_DATA") or Path(__file__).parents[4].parent / "shared" / "data")

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no real event logs at {FOLDER} (set MILLPOND_SHARED_DATA to their folder)"
)

CORE = (
    *("visit", "case", "step", "pool", "worker", "outcome", "joined_us", "started_us", "ended_us", "joined_day"),
    *(
        "started_day",
        "ended_day",
        "joined_hour",
        "started_hour",
        "ended_hour",
        "joined_source",
        "minutes_us",
        "channel",
    ),
)


@pytest.mark.parametrize(
    ("file", "cases", "visits", "lifecycle", "source"),
    [
        ("academic_credentials/AcademicCredentials.csv.gz", 954, 4928, "intervals", "started"),
        ("academic_credentials/AcademicCredentials_train.csv.gz", 398, 1945, "intervals", "started"),
        ("academic_credentials/AcademicCredentials_test.csv.gz", 398, 1788, "intervals", "started"),
        ("loan_application/LoanApp_simplified_train.csv.gz", 1000, 7544, "intervals", "recorded"),
        ("loan_application/LoanApp_simplified_test.csv.gz", 1000, 7495, "intervals", "recorded"),
        ("patients/patients.csv.gz", 500, 2721, "start/complete rows", "started"),
        ("receipt/receipt.csv.gz", 1434, 8577, "single timestamp", "ended"),
        ("receipt/08_receipt.xes.gz", 1434, 8577, "single timestamp", "ended"),
        ("sepsis/sepsis.csv.gz", 1050, 15214, "single timestamp", "ended"),
        ("synthetic_delays/Insurance_Claims.csv.gz", 1000, 5443, "intervals", "started"),
        ("synthetic_delays/Insurance_Claims_train.csv.gz", 1000, 5443, "intervals", "started"),
        ("synthetic_delays/Insurance_Claims_test.csv.gz", 1000, 5398, "intervals", "started"),
        ("synthetic_delays/Pharmacy.csv.gz", 1000, 8356, "intervals", "started"),
    ],
)
def test_a_log_imports_whole(read: Read, file: str, cases: int, visits: int, lifecycle: str, source: str) -> None:
    log = read(FOLDER / file)
    found = log.con.execute('SELECT count(DISTINCT "case"), count(*), count(joined_us) FROM log').fetchall()
    assert found == [(cases, visits, visits)]
    reading = log.reading
    assert (reading.visits, reading.lifecycle, reading.rows_set_aside) == (visits, lifecycle, 0)
    assert reading.rows_read == reading.rows_kept
    assert set(log.column("joined_source")) == {source}


def test_the_case_that_is_called_na_is_kept(read: Read) -> None:
    log = read(FOLDER / "sepsis/sepsis.csv.gz")
    # counted in the file itself: 9 rows begin with NA
    assert log.con.execute("SELECT count(*) FROM log WHERE \"case\" = 'NA'").fetchall() == [(_rows_of_na(),)]


def _rows_of_na() -> int:
    import gzip

    with gzip.open(FOLDER / "sepsis/sepsis.csv.gz", "rt") as text:
        return sum(line.startswith("NA,") for line in text)


def test_csv_and_xes_of_one_log_are_the_same_visit_log(read: Read) -> None:
    def core(log: Log) -> list[tuple[object, ...]]:
        return sorted(log.rows(*CORE), key=str)

    text, xes = read(FOLDER / "receipt/receipt.csv.gz"), read(FOLDER / "receipt/08_receipt.xes.gz")
    assert core(text) == core(xes)
    assert set(text.reading.extra_columns) == set(xes.reading.extra_columns)
    plain = [name for name in text.reading.extra_columns if "date" not in name and "deadline" not in name]
    assert sorted(text.rows("case", *plain), key=str) == sorted(xes.rows("case", *plain), key=str)


def test_two_rows_of_a_patient_are_one_visit(read: Read) -> None:
    log = read(FOLDER / "patients/patients.csv.gz")
    assert log.reading.rows_read == 5442
    assert log.con.execute("SELECT count(started_us), count(ended_us) FROM log").fetchall() == [(2721, 2721)]
    assert log.con.execute("SELECT count(*) FROM log WHERE ended_us < started_us").fetchall() == [(0,)]
    # the first patient's registration: rows 2 and 2723 of the file (11:41:53 to 12:40:20 UTC)
    first = log.con.execute("SELECT worker, started_us, ended_us FROM log WHERE handling_id = '1'").fetchall()
    assert first == [("r1", 1_483_357_313_000_000, 1_483_360_820_000_000)]


def test_being_enabled_is_joining(read: Read) -> None:
    log = read(FOLDER / "loan_application/LoanApp_simplified_train.csv.gz")
    assert log.reading.columns["joined"] == "enabled_time"
    assert log.con.execute("SELECT count(*) FROM log WHERE joined_us > started_us").fetchall() == [(0,)]
    assert log.rows("joined", "started", "ended", "pool")[1] == (
        "2023-02-09 08:05:04.42",
        "2023-02-09 08:05:04.42",
        "2023-02-09 08:10:04.42",
        "Clerk",
    )


def test_monthly_counts_are_refused_for_what_they_are(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r"counts for each 'period'.*'attendances', 'breaches' and 'admissions'"):
        read(FOLDER / "nhs_ae/ae_attendances.csv.gz")
