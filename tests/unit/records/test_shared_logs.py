"""Every event log at hand imports, twice with nothing changed, and opens with as many visits as were imported."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from millpond.errors import UnreadableFile
from millpond.model import parse_service
from millpond.records.importing import import_log
from millpond.records.store import open_records

SHARED = Path(os.environ.get("MILLPOND_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
VISITS = {
    "academic_credentials/AcademicCredentials.csv.gz": 4928,
    "academic_credentials/AcademicCredentials_test.csv.gz": 1782,  # and 6 rows that say what others say
    "academic_credentials/AcademicCredentials_train.csv.gz": 1935,  # and 10
    "loan_application/LoanApp_simplified_test.csv.gz": 7495,
    "loan_application/LoanApp_simplified_train.csv.gz": 7544,
    "patients/patients.csv.gz": 2721,
    "receipt/08_receipt.xes.gz": 8577,
    "receipt/receipt.csv.gz": 8577,
    "sepsis/sepsis.csv.gz": 15214,
    "synthetic_delays/Insurance_Claims.csv.gz": 5443,
    "synthetic_delays/Insurance_Claims_test.csv.gz": 5398,
    "synthetic_delays/Insurance_Claims_train.csv.gz": 5443,
    "synthetic_delays/Pharmacy.csv.gz": 8356,
}

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"the event logs are not at {SHARED} (MILLPOND_SHARED_DATA names another place)"
)


@pytest.mark.parametrize("name", VISITS)
def test_a_log_imports_and_the_second_time_changes_nothing(name: str, tmp_path: Path) -> None:
    first = import_log(SHARED / name, tmp_path, now=NOW)
    assert (first.added, first.quality.set_aside) == (
        VISITS[name],
        first.quality.rows - first.added - _paired(first.quality.rows, name),
    )
    before = {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in tmp_path.iterdir()}
    again = import_log(SHARED / name, tmp_path, now=NOW)
    assert (again.changed, again.unchanged, again.differing, again.set_aside) == (False, VISITS[name], 0, 0)
    assert {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in tmp_path.iterdir()} == before
    with open_records(tmp_path, parse_service('name = "x"')) as records:
        assert records.visits.count().to_pyarrow().as_py() == VISITS[name]
        assert records.visits.visit.nunique().to_pyarrow().as_py() == VISITS[name]
        assert records.visits.joined_us.notnull().all().to_pyarrow().as_py()


def _paired(rows: int, name: str) -> int:
    """Rows that went into a visit together with another."""
    return rows // 2 if name.startswith("patients") else 0


def test_the_case_whose_id_is_NA_is_there(tmp_path: Path) -> None:  # noqa: N802
    import_log(SHARED / "sepsis" / "sepsis.csv.gz", tmp_path, now=NOW)
    with open_records(tmp_path, parse_service('name = "x"')) as records:
        assert records.visits.filter(records.visits.case == "NA").count().to_pyarrow().as_py() > 0


def test_a_log_and_its_earlier_part_come_to_the_whole(tmp_path: Path) -> None:
    """The training part of a log split in time, and then the whole: what is missing is added, nothing comes twice."""
    folder = SHARED / "academic_credentials"
    part = import_log(folder / "AcademicCredentials_train.csv.gz", tmp_path, now=NOW)
    whole = import_log(folder / "AcademicCredentials.csv.gz", tmp_path, now=NOW)
    assert (part.added, whole.added, whole.unchanged, whole.differing) == (1935, 4928 - 1935, 1935, 0)


def test_monthly_counts_are_refused_as_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="looks like counts"):
        import_log(SHARED / "nhs_ae" / "ae_attendances.csv.gz", tmp_path / "folder", now=NOW)
    assert not (tmp_path / "folder").exists()
