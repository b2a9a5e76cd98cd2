"""The risk against capacity: what is drawn, and what it says in words."""

from __future__ import annotations

from datetime import date

import pytest

from millpond.errors import WrongUse
from millpond.planning.asking import Asked
from millpond.planning.capacity import least_capacity
from millpond.planning.least import LeastCapacity
from millpond.planning.promise import read_promise
from millpond.report.capacity_text import capacity_text
from millpond.report.charts.risk import risk_chart
from tests.unit.simulation.services import service


@pytest.fixture(scope="module")
def result() -> LeastCapacity:
    made = service(streams={"police": {"first_step": "advocacy", "per_week": 42}})
    asked = Asked(read_promise("backlog <= 600 min", made), days=28, pools=("advocates",), replications=40, threads=1)
    return least_capacity(made, asked, date(2026, 1, 5))


def test_staffings_formulas_and_percentiles_are_points(result: LeastCapacity) -> None:
    chart = risk_chart(result, labels={"advocates": "Advocates"})
    records = chart.spec["datasets"]["risk"]
    tried = [record for record in records if record["is_tried"]]
    answer = result.answer.workers[0]
    assert [record["workers"] for record in tried] == sorted(
        row.workers[0] for row in result.staffings.rows if row.role != "answer, other luck"
    )
    assert [record["workers"] for record in tried if record["is_answer"]] == [answer]
    assert all(record["minutes"] == pytest.approx(240 * record["workers"]) for record in tried)
    kinds = {record["kind"] for record in records}
    assert kinds == {"simulation", "formula", "percentile"}
    assert all(0 <= record["low"] <= record["broken"] <= record["high"] <= 100 for record in records)
    assert chart.spec["datasets"]["allowed"][0]["risk"] == 5
    assert chart.alt.startswith(
        f"With {answer:g} in Advocates, {240 * answer:.0f} minutes a working day, the promise is"
    )
    assert "The 80th percentile of demand" in chart.alt
    assert len(chart.table.rows) == len(records)
    assert chart.subtitle.startswith("Advocates, 28 days from 2 March 2026 on.")


def test_a_pool_that_the_promise_is_not_about(result: LeastCapacity) -> None:
    with pytest.raises(WrongUse, match="Choose one of advocates"):
        risk_chart(result, "coordinators")


def test_the_text_tells_all_three_ways(result: LeastCapacity) -> None:
    text = capacity_text(result, {"advocates": "Advocates"})
    assert "Advocates: three ways side by side" in text
    for way in ("Kingman's tail", "80th percentile of demand", "simulation: the cheapest staffing"):
        assert way in text
    assert text.endswith("\n") and "  \n" not in text
