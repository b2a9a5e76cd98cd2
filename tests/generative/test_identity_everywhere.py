"""The identity holds on the example, on every event log that nobody here made, and on daily totals."""

from __future__ import annotations

import os
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import millpond
from millpond.intake import bring_in
from tests.generative.identity import assert_identity
from tests.searching import examples

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("MILLPOND_SHARED_DATA", ROOT.parent / "shared" / "data"))
PERIODS = ("hour", "day", "week", "month")
LOGS = (
    "academic_credentials/AcademicCredentials.csv.gz",
    "academic_credentials/AcademicCredentials_train.csv.gz",
    "academic_credentials/AcademicCredentials_test.csv.gz",
    "loan_application/LoanApp_simplified_train.csv.gz",
    "loan_application/LoanApp_simplified_test.csv.gz",
    "synthetic_delays/Insurance_Claims.csv.gz",
    "synthetic_delays/Insurance_Claims_train.csv.gz",
    "synthetic_delays/Insurance_Claims_test.csv.gz",
    "synthetic_delays/Pharmacy.csv.gz",
    "receipt/receipt.csv.gz",
    "receipt/08_receipt.xes.gz",
    "sepsis/sepsis.csv.gz",
    "patients/patients.csv.gz",
)


@pytest.mark.parametrize("name", LOGS)
def test_on_event_logs_that_nobody_here_made(name: str, tmp_path: Path) -> None:
    source = SHARED / name
    if not source.exists():
        pytest.skip(f"the shared log {name} is not here (MILLPOND_SHARED_DATA)")
    brought = bring_in(source, tmp_path / "service")
    with millpond.open(brought.folder) as folder:
        results = {by: folder.measure(by=by) for by in PERIODS}
    for result in results.values():
        assert_identity(result)
    totals = [
        [round(sum(getattr(row, name) for row in result.rows), 3) for name in ("demand", "activity", "withdrawn")]
        for result in results.values()
    ]
    assert totals[1:] == totals[:-1]


@pytest.mark.parametrize("by", PERIODS)
def test_on_the_example(by: str) -> None:
    with millpond.open(ROOT / "examples" / "victim-support") as folder:
        openings = {name: pool.opening_backlog for name, pool in folder.service.pools.items()}
        result = folder.measure(by=by)
    assert_identity(result, openings)


daily_rows = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from(("red", "blue")),
        st.integers(0, 30),
        st.integers(0, 30),
        st.none() | st.integers(0, 60),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda row: (row[0], row[1]),
)


@settings(max_examples=examples(15), suppress_health_check=list(HealthCheck))
@given(daily_rows)
def test_on_daily_totals(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str, int, int, int | None]]
) -> None:
    folder = tmp_path_factory.mktemp("service")
    (folder / "service.toml").write_text(
        'name = "Totals"\n[pools.red]\nworkers = 1\n[pools.blue]\nworkers = 1\n'
        '[steps.one]\npool = "red"\nminutes = 20\n[steps.two]\npool = "blue"\nminutes = 45\n'
    )
    lines = ["date,pool,joined,done,waiting"]
    for day, pool, joined, done, waiting in rows:
        when = date(2025, 1, 1) + timedelta(days=day)
        lines.append(f"{when},{pool},{joined},{done},{'' if waiting is None else waiting}")
    (folder / "daily.csv").write_text("\n".join(lines) + "\n")
    with millpond.open(folder) as opened:
        by_day, by_week = opened.measure(by="day"), opened.measure(by="week")
    for pool in ("red", "blue"):
        days, weeks = by_day.pool(pool).rows, by_week.pool(pool).rows
        for earlier, later in pairwise(days):
            assert later.backlog == pytest.approx(earlier.backlog + later.demand - later.activity - later.withdrawn)
        assert weeks[-1].backlog == days[-1].backlog
        assert sum(row.demand for row in weeks) == pytest.approx(sum(row.demand for row in days))
        counted = [row for row in rows if row[1] == pool and row[4] is not None]
        if counted:
            last = max(counted)
            shown = next(row for row in days if row.period == str(date(2025, 1, 1) + timedelta(days=last[0])))
            assert shown.backlog_visits == last[4]
