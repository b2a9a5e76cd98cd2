"""Every event log at hand gets a first service that can be measured as it is."""

from __future__ import annotations

import os
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import pytest

from millpond.calibration.draft import Draft, draft_service
from millpond.measures.four import VisitLog, measure
from millpond.measures.overview import overview
from millpond.measures.results import Measures
from millpond.model import parse_service
from millpond.records.reading import derive_visit_ids, read_log
from tests.tables import at, empty_spells

SHARED = Path(os.environ.get("MILLPOND_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
LOGS = (
    "academic_credentials/AcademicCredentials.csv.gz",
    "academic_credentials/AcademicCredentials_test.csv.gz",
    "academic_credentials/AcademicCredentials_train.csv.gz",
    "loan_application/LoanApp_simplified_test.csv.gz",
    "loan_application/LoanApp_simplified_train.csv.gz",
    "patients/patients.csv.gz",
    "receipt/08_receipt.xes.gz",
    "receipt/receipt.csv.gz",
    "sepsis/sepsis.csv.gz",
    "synthetic_delays/Insurance_Claims.csv.gz",
    "synthetic_delays/Insurance_Claims_test.csv.gz",
    "synthetic_delays/Insurance_Claims_train.csv.gz",
    "synthetic_delays/Pharmacy.csv.gz",
)
SINGLE_TIMESTAMPS = ("receipt", "sepsis")
NOW = at("2026-01-01 12:00")

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"the event logs are not at {SHARED} (MILLPOND_SHARED_DATA names another place)"
)


@cache
def drafted(name: str) -> tuple[Draft, Measures]:
    backend: Any = ibis.duckdb.connect()
    service = parse_service('name = "x"')
    read_log(SHARED / name, into=backend.con, table="visits", zone=service.zone)
    derive_visit_ids(backend.con, "visits")
    log = backend.table("visits")
    made = draft_service(log, name="x", timezone="Europe/London", holidays="GB-ENG", now_us=NOW)
    spells = empty_spells(backend=backend)
    seen = overview(log, spells, NOW)
    assert seen.last_us is not None
    result = measure(VisitLog(log, spells, (), seen), made.service, by="day", as_of_us=seen.last_us)
    backend.disconnect()
    return made, result


@pytest.mark.parametrize("name", LOGS)
def test_the_draft_reads_back_and_can_be_measured(name: str) -> None:
    made, result = drafted(name)
    assert parse_service(made.text) == made.service
    assert result.unit == ("visits" if name.startswith(SINGLE_TIMESTAMPS) else "minutes")
    # every visit stands in a pool of the service, and every step leads somewhere
    assert {row.pool for row in result.rows} == set(made.service.pools)
    assert all(step.next for step in made.service.steps.values())
    assert made.service.streams


@pytest.mark.parametrize("name", [name for name in LOGS if not name.startswith(SINGLE_TIMESTAMPS)])
def test_every_pool_has_capacity(name: str) -> None:
    _, result = drafted(name)
    capacity: dict[str, float] = defaultdict(float)
    for row in result.rows:
        capacity[row.pool] += row.capacity or 0
    assert min(capacity.values()) > 0


@pytest.mark.parametrize(
    "name",
    [
        "academic_credentials/AcademicCredentials.csv.gz",
        *(name for name in LOGS if name.startswith(("loan_application", "patients", "synthetic_delays"))),
    ],
)
def test_the_load_of_every_pool_is_plausible(name: str) -> None:
    _, result = drafted(name)
    demand: dict[str, float] = defaultdict(float)
    capacity: dict[str, float] = defaultdict(float)
    for row in result.rows:
        demand[row.pool] += row.demand
        capacity[row.pool] += row.capacity or 0
    loads = {pool: demand[pool] / capacity[pool] for pool in demand}
    assert {pool: load for pool, load in loads.items() if not 0.05 <= load <= 3} == {}


def test_the_loan_application_comes_out_as_it_was_simulated() -> None:
    service = drafted("loan_application/LoanApp_simplified_train.csv.gz")[0].service
    assert {name: pool.workers for name, pool in service.pools.items()} == {
        "Clerk": 8,
        "Loan Officer": 4,
        "AML Investigator": 2,
        "Appraiser": 2,
        "Senior Officer": 2,
        "Applicant": 1,
    }
    assert [calendar.hours for calendar in service.calendars.values()] == ["Mon-Fri 07:00-16:00"]
    assert next(iter(service.steps)) == "Check application form completeness"


def test_machines_of_the_pharmacy_need_no_staff() -> None:
    service = drafted("synthetic_delays/Pharmacy.csv.gz")[0].service
    assert {name for name, step in service.steps.items() if step.pool is None} == {
        "Check DUR",
        "Check Insurance",
        "Check if refill is allowed",
        "Contact customer /  doctor",
    }
    assert service.pools["Technician"].workers == 8


def test_the_emergency_department_never_closes_and_the_town_hall_does() -> None:
    sepsis = drafted("sepsis/sepsis.csv.gz")[0].service
    assert [calendar.hours for calendar in sepsis.calendars.values()] == ["Mon-Sun 00:00-24:00"]
    receipt = drafted("receipt/receipt.csv.gz")[0].service
    assert [calendar.hours for calendar in receipt.calendars.values()] == ["Mon-Fri 07:00-16:00"]
    assert set(receipt.streams) == {"Internet", "Desk", "Post", "e-mail", "Intern"}
    assert set(receipt.pools) == {f"Group {n}" for n in (1, 2, 3, 4, 12, 13, 14, 15)}
