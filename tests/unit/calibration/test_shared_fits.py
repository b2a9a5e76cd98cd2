"""Published logs: a model fitted on the training part, held against the part that it never saw."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from millpond.calibration.distances import Distances, distances, floor_of
from millpond.calibration.event_log import EventLog, event_log_of
from millpond.calibration.fitting.fit import Fitted, fit_service
from millpond.calibration.replaying import logs_like
from millpond.model import parse_service
from millpond.records.importing import import_log
from millpond.records.store import open_records

SHARED = Path(os.environ.get("MILLPOND_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
UNSAID = {"name": "x", "timezone": "UTC"}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not SHARED.is_dir(), reason=f"the event logs are not at {SHARED} (MILLPOND_SHARED_DATA names another place)"
    ),
]


def _log(name: str, folder: Path) -> EventLog:
    import_log(SHARED / name, folder, now=datetime(2026, 1, 1, tzinfo=UTC))
    with open_records(folder, parse_service('name = "x"\ntimezone = "UTC"')) as records:
        return event_log_of(records.visits.to_pyarrow(), ZoneInfo("UTC"))


def _fitted(folder: Path, cases: set[str] | None = None) -> Fitted:
    with open_records(folder, parse_service('name = "x"\ntimezone = "UTC"')) as records:
        visits = records.visits if cases is None else records.visits.filter(records.visits.case.isin(sorted(cases)))
        last = int(records.visits.ended_us.max().to_pyarrow().as_py())
        return fit_service(visits, UNSAID, last)


def _mean(real: EventLog, fitted: Fitted, runs: int) -> Distances:
    found = np.array([distances(real, log).values() for log in logs_like(fitted, real, replications=runs, seed=1)])
    return Distances(*found.mean(axis=0).tolist())


def test_academic_credentials_with_pools_hours_and_queues(tmp_path: Path) -> None:
    folder = "academic_credentials/AcademicCredentials"
    train, test = _log(f"{folder}_train.csv.gz", tmp_path / "a"), _log(f"{folder}_test.csv.gz", tmp_path / "b")
    fitted = _fitted(tmp_path / "a")
    assert fitted.service.pools
    assert fitted.service.calendars
    floor, found = floor_of(train, test), _mean(test, fitted, 10)
    assert (floor.ctd, floor.red) == pytest.approx((26.2, 22.2), abs=0.1)
    assert found.ctd <= 32
    assert found.red <= 27


def test_random_halves_of_the_academic_training_part(tmp_path: Path) -> None:
    log = _log("academic_credentials/AcademicCredentials_train.csv.gz", tmp_path)
    ratios = []
    for seed in range(6):
        order = np.random.default_rng(seed).permutation(len(log.cases))
        one, other = (log.of_cases(part) for part in np.array_split(order, 2))
        found = _mean(other, _fitted(tmp_path, set(one.cases)), 6)
        ratios.append((found.ctd, distances(other, one).ctd))
    means = np.mean(ratios, axis=0)
    assert means[0] <= 1.3 * means[1]


def test_lead_times_of_the_loan_application(tmp_path: Path) -> None:
    folder = "loan_application/LoanApp_simplified"
    train, test = _log(f"{folder}_train.csv.gz", tmp_path / "a"), _log(f"{folder}_test.csv.gz", tmp_path / "b")
    fitted = _fitted(tmp_path / "a")
    assert [block.runs for block in fitted.blocks] == [block.whole for block in fitted.blocks] == [1000]
    found, floor = _mean(test, fitted, 10), floor_of(train, test)
    assert found.ctd < 1.5 * floor.ctd
    assert found.red < 1.5 * floor.red
