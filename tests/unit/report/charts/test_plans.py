"""Plans in pictures: the points and bars are the figures of the comparison, and the words tell them too."""

from __future__ import annotations

import pytest

from millpond.planning.comparing import compare
from millpond.planning.comparison import Comparison
from millpond.report.charts.plans import cost_against_backlog, who_pays_and_gains
from tests.unit.planning.test_comparing import AGENCY, HIRE, MONDAY, two_pools
from tests.unit.simulation.services import service


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(two_pools(hire=HIRE, agency=AGENCY), MONDAY, 10, replications=2, threads=1)


def test_each_plan_is_a_point(comparison: Comparison) -> None:
    chart = cost_against_backlog(comparison)
    points = {one["name"]: (one["cost"], one["backlog"], one["best"]) for one in chart.spec["datasets"]["plans"]}
    assert points == {"nothing": (2000, 660, False), "hire": (2800, 0, True), "agency": (4100, 0, True)}
    assert chart.table.rows[1] == ("hire", "2,800", "0", "", "yes")
    assert chart.alt == (
        "Doing nothing leaves 660 minutes of backlog and costs GBP 2,000; hire leaves 0 for 2,800 and agency leaves 0 "
        "for 4,100."
    )
    assert "10 days from 5 January 2026" in chart.subtitle
    assert "<svg" in chart.svg() and "<svg" in chart.svg(350)


def test_each_payer_has_its_bars(comparison: Comparison) -> None:
    chart = who_pays_and_gains(comparison, {"charity": "Advocacy Trust"})
    bars = {one["name"]: (one["cost"], one["backlog"]) for one in chart.spec["datasets"]["payers"]}
    assert bars == {
        "hire: Advocacy Trust": (800, -660),
        "agency: Advocacy Trust": (0, -660),
        "agency: council": (2100, 0),
    }
    assert "The most is paid in agency: council: +2,100 GBP." in chart.alt
    assert "<svg" in chart.svg(350)


def test_where_there_is_nothing_to_draw_it_says_so() -> None:
    pools = {"advocates": {"workers": 1, "minutes_per_day": 240}}
    found = compare(service(pools=pools, plans={"hire": HIRE}), MONDAY, 2, replications=2, threads=1)
    assert "Costs are not known" in cost_against_backlog(found).svg()
    assert "No plan changes what anybody pays" in who_pays_and_gains(found, {}).svg()
