"""Load by pool and caseload by worker: bars that lie."""

from __future__ import annotations

from dataclasses import replace

import pytest

from millpond.measures.critical import critical_resource
from millpond.report.charts.bars import MOST_BARS
from millpond.report.charts.caseload import caseload_by_worker
from millpond.report.charts.load import load_by_pool
from tests.unit.report import samples


def test_load_is_demand_over_capacity() -> None:
    rows = [samples.row("2025-01-06", "a", capacity=600.0), samples.row("2025-01-06", "b", capacity=960.0)]
    chart = load_by_pool(critical_resource(samples.measures(rows)), {"a": "Advisers"})

    assert [(r["name"], r["value"], r["text"]) for r in chart.spec["datasets"]["bars"]] == [
        ("Advisers", 1.2, "120%"),
        ("b", 0.75, "75%"),
    ]
    assert chart.table.rows == (("Advisers", "720", "600", "120%", "1"), ("b", "720", "960", "75%", "1"))
    assert chart.alt == (
        "The highest load is that of Advisers: 120% of its capacity was asked for; the next is that of b with 75%."
    )


def test_capacity_that_is_not_there_and_capacity_that_is_not_known_differ() -> None:
    rows = [
        samples.row("2025-01-06", "a"),
        samples.row("2025-01-06", "b", capacity=0.0, load=None),
        samples.row("2025-01-06", "c", capacity=None, load=None),
    ]
    chart = load_by_pool(critical_resource(samples.measures(rows)))

    assert "there is no capacity at all: b." in chart.subtitle
    assert "capacity is not known: c." in chart.subtitle
    assert {row[0]: row[3] for row in chart.table.rows} == {"a": "150%", "b": "no capacity", "c": "unknown"}


def test_no_capacity_is_known_at_all() -> None:
    rows = [samples.row("2025-01-06", capacity=None, load=None)]

    assert load_by_pool(critical_resource(samples.measures(rows))).alt == "The capacity of no pool is known."


@pytest.mark.parametrize("narrow", [False, True])
def test_thirty_pools_with_long_names(narrow: bool) -> None:
    name = "Independent sexual violence advisers, children and young people, north west {:02d}"
    rows = [samples.row("2025-01-06", name.format(i), capacity=480.0 + i) for i in range(30)]
    chart = load_by_pool(critical_resource(samples.measures(rows)))
    spec = chart.narrow if narrow else chart.spec

    assert len(spec["datasets"]["bars"]) == MOST_BARS
    assert len(chart.table.rows) == 30
    assert f"The {MOST_BARS} highest of 30 are drawn." in chart.subtitle
    assert max(len(r["shown"]) for r in spec["datasets"]["bars"]) <= (46 if narrow else 100)
    assert spec["datasets"]["bars"][0]["name"] == name.format(0)


def test_cases_of_each_worker() -> None:
    chart = caseload_by_worker(samples.caseload(), "advocates", "Advisers", {"amina": "Amina B."})

    assert [(r["name"], r["value"]) for r in chart.spec["datasets"]["bars"]] == [
        ("Nobody yet", 240),
        ("Amina B.", 61),
        ("ben", 48),
        ("chloe", 3),
    ]
    assert chart.alt == (
        "352 cases are open, 37 for each of 3 workers; the most that one worker holds is 61; 240 have nobody yet."
    )


def test_for_sharing_workers_are_numbered_and_few_cases_hidden() -> None:
    chart = caseload_by_worker(samples.caseload(), "advocates", suppress_below=5)

    # 352 less 61 less 240 would tell the 3 if the 48 were there.
    assert chart.table.rows == (
        ("Worker 1", "61"),
        ("Worker 2", "not shown"),
        ("Worker 3", "below 5"),
        ("Nobody yet", "240"),
    )
    assert [r["value"] for r in chart.spec["datasets"]["bars"]] == [240, 61, 2.5, 2.5]
    assert chart.alt == "352 cases are open; 240 have nobody yet."
    assert "average" not in chart.svg()


def test_a_pool_without_open_cases() -> None:
    pool = replace(samples.caseload().pools[0], open_cases=0)

    assert caseload_by_worker(replace(samples.caseload(), pools=(pool,)), "advocates").alt == "No case is open here."
