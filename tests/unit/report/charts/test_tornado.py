"""The tornado in a picture: its bars are the figures, and the words tell them too."""

from __future__ import annotations

from millpond.report.charts.tornado import tornado
from millpond.report.sensitivity_text import sensitivity_text
from tests.unit.planning.test_sensitivity import found


def test_each_number_is_a_bar_from_its_least_to_its_most() -> None:
    steps = {"advocacy": {"pool": "advocates", "minutes": 90, "next": "closed"}}
    result = found(intervals={"streams.police.per_week": (42.0, 49.0)}, changes={"steps": steps})
    chart = tornado(result)
    bars = {
        one["shown"]: [round(one["least"]), round(one["most"]), one["top"]] for one in chart.spec["datasets"]["tornado"]
    }
    # Six cases of 90 minutes a day: a sixth is 90, times 5, the mean of nine days.
    assert bars == {
        "Minutes of work at 'advocacy': 75 to 105": [-450, 450, 22],
        "Demand from 'police': 42 to 49": [0, 450, 68],
    }
    assert chart.table.rows[0][0] == result.rows[0].label
    assert "9 days from 5 January 2026" in chart.subtitle
    assert chart.alt == result.sentences[0]
    assert "<svg" in chart.svg() and "<svg" in chart.svg(350)


def test_where_nothing_moves_it_says_so() -> None:
    assert "None of these numbers moves the cost." in tornado(found(answer="cost")).svg()


def test_the_text_tells_the_same() -> None:
    text = sensitivity_text(found())
    assert text.startswith("Worked example: what moves the backlog, 9 days from 5 January 2026\n")
    assert "steps.advocacy.minutes   50 to 70      −300 ± 0     +300 ± 0" in text
    assert max(map(len, text.splitlines())) <= 80
    assert "with what it interacts" in sensitivity_text(found(method="sobol", places=6))
    assert "mean size" in sensitivity_text(found(method="morris", places=2))
