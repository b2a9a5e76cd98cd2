"""Dependence in a picture: a bar for each person, and when all is as usual again."""

from __future__ import annotations

from millpond.report.charts.dependence import damage
from tests.unit.planning.test_dependence import found


def test_each_person_is_a_bar_with_what_follows() -> None:
    chart = damage(found())
    (bar,) = chart.spec["datasets"]["dependence"]
    assert (round(bar["value"]), bar["strong"]) == (250, False)
    assert bar["shown"] == "one of the 2 in advocates: as usual 5 days after the return"
    assert chart.table.rows[0][3] == "as usual 5 days after the return"
    assert "away for 5 days from 5 January 2026, followed for 12 days" in chart.subtitle
    assert chart.alt == (
        "Without one of the 2 in advocates the backlog is +250 minutes on average; as usual 5 days after the return."
    )
    assert "<svg" in chart.svg() and "<svg" in chart.svg(350)


def test_who_cannot_be_missed_at_all_is_named() -> None:
    pools = {"advocates": {"minutes_per_day": 480}}
    chart = damage(found(days=5, away=5, pools=pools, workers={"sam": {"pool": "advocates"}}))
    assert "Without sam the work cannot be done at all." in chart.subtitle
    assert "Nobody's absence could be simulated." in chart.svg()
