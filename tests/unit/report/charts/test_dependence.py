"""Dependence in a picture: a bar for each person, and when all is as usual again."""

from __future__ import annotations

from millpond.report.charts.dependence import damage
from tests.unit.planning.test_dependence import found


def test_each_person_is_a_bar_with_what_follows() -> None:
    chart = damage(found())
    (bar,) = chart.spec["datasets"]["dependence"]
    assert (round(bar["value"]), bar["strong"]) == (250, False)
    assert bar["shown"] == "one of the 2 in advocates: as usual 5 days after the return"
    assert chart.table.rows[0][4] == "as usual 5 days after the return"
    assert "away for 5 days from 5 January 2026, followed for 12 days" in chart.subtitle
    assert chart.alt == (
        "Without one of the 2 in advocates the backlog is +250 minutes on average; as usual 5 days after the return."
    )
    assert "<svg" in chart.svg() and "<svg" in chart.svg(350)


def test_people_and_pools_are_told_by_the_names_that_are_given() -> None:
    result = found()
    chart = damage(result, {result.rows[0].person: "Advisers: any one of 2"}, {"advocates": "Advisers"})
    assert chart.table.rows[0][:2] == ("Advisers: any one of 2", "Advisers")
    assert chart.alt.startswith("Without Advisers: any one of 2 the backlog is +250")
    assert "advocates" not in str(chart.spec)


def test_where_the_work_stops_there_is_no_bar_and_the_picture_says_so() -> None:
    pools = {"advocates": {"minutes_per_day": 480}}
    chart = damage(found(days=5, away=5, pools=pools, workers={"sam": {"pool": "advocates"}}))
    (bar,) = chart.spec["datasets"]["dependence"]
    assert (bar["shown"], bar["value"], bar["text"], bar["strong"]) == ("sam", 0.0, "the work stops", True)
    assert chart.table.rows[0][2:5] == ("the work stops", "unknown", "the work stops")
    assert chart.alt == "Without sam the work stops."
    assert "Dark: only they hold a pool or a skill." in chart.subtitle
