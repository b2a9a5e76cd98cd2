"""Pictures of control charts and of return levels."""

from __future__ import annotations

import json
from typing import Any

from millpond.model import Rebase
from millpond.report.charts.control import control
from millpond.report.charts.return_levels import return_levels
from millpond.variation.chart_results import ControlChart
from millpond.variation.problem_days import problem_events
from tests.unit.report.test_chart_words import events_of, six_in_522
from tests.unit.variation.charts import MONDAY, chart
from tests.unit.variation.test_problem_days import days

STEADY = [100, 200] * 6


def _marks(spec: dict[str, Any]) -> list[str]:
    return [layer["mark"].get("shape", layer["mark"]["type"]) for layer in spec["layer"]]


def test_points_that_are_more_than_chance_have_a_shape_of_their_own() -> None:
    concern = control(chart([*STEADY, 500], baseline=12, improvement="decrease"))
    assert {"circle", "triangle-up"} <= set(_marks(concern.spec))
    assert "diamond" not in _marks(concern.spec)
    kinds = [row["kind"] for row in concern.spec["datasets"]["points"]]
    assert kinds == ["common"] * 12 + ["concern"]
    assert "Orange triangles: more than chance, for the worse." in concern.subtitle
    assert "Blue" not in concern.subtitle


def test_the_limits_are_drawn_where_they_are_and_not_below_nothing() -> None:
    drawn = control(chart([*STEADY, 500], baseline=12)).spec["datasets"]["points"][-1]
    assert (drawn["centre"], drawn["lower"]) == (150, 0)
    assert round(drawn["upper"]) == 416


def test_the_text_and_the_table_say_what_the_picture_shows() -> None:
    made = control(chart([*STEADY, 500], baseline=12, improvement="decrease", target=430))
    assert made.alt.startswith("A change for the worse: the latest figure, 500 minutes")
    assert made.table.header == ("Week", "Figure", "Lower limit", "Mean", "Upper limit", "Signal")
    assert made.table.rows[-1] == ("week of 31 Mar 2025", "500", "0", "150", "416", "concern high")
    assert made.svg().startswith("<svg") and "Target" in made.svg()


def test_where_limits_begin_anew_the_reason_stands_above() -> None:
    change = Rebase(date=MONDAY.replace(month=3, day=31), reason="a worker left")
    made = control(chart([*STEADY, *[300, 400] * 6], rebase=[change]))
    assert "a worker left" in json.dumps(made.spec)
    assert "a worker left" in made.svg()


def test_rare_events_stand_at_equal_distances() -> None:
    found = chart([1, 4, 2, 8], kind="g")
    made = control(ControlChart(**{**vars(found), "by": "event", "unit": "visits"}))
    assert [row["number"] for row in made.spec["datasets"]["points"]] == [1, 2, 3, 4]
    assert "one point for each event" in made.svg()


def test_a_rhythm_that_was_taken_away_is_told_with_the_picture() -> None:
    found = ControlChart(**{**vars(chart(STEADY)), "rhythm": "removed"})
    assert "Each day less the usual difference of its weekday" in control(found).subtitle


def test_return_levels_mark_the_days_that_are_events() -> None:
    made = return_levels(events_of(six_in_522()), "advocates", "Advisers")
    points = made.spec["datasets"]["points"]
    assert [point["event"] for point in points[:7]] == [True] * 6 + [False]
    assert points[0]["once_in"] == 523
    assert "522 working days" in made.subtitle
    assert "Twice capacity" in made.svg()
    # The highest of 522 days leaves open how high a day in 522 may go.
    assert made.spec["datasets"]["band"][-1]["high"] >= 2


def test_days_without_capacity_are_told_and_not_drawn() -> None:
    found = events_of(problem_events(days([50.0] * 50 + [80.0], capacity=[100.0] * 50 + [0.0])))
    made = return_levels(found, "advocates")
    assert "Not drawn: 1 day with demand and no capacity at all." in made.subtitle
    assert len(made.spec["datasets"]["points"]) == 50
    assert made.spec["datasets"]["points"][0]["once_in"] == 26, "the second highest of 51"


def test_too_few_days_are_no_picture() -> None:
    found = events_of(problem_events(days([50.0])))
    assert "too few working days" in return_levels(found, "advocates").alt
