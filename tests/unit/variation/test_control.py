"""Icons, baselines, rebasing, and what a chart says of itself."""

from __future__ import annotations

import json

import numpy as np
import pytest

from millpond.errors import WrongUse
from millpond.model import ChartRules, Rebase
from millpond.variation.icons import assurance_icon, variation_icon
from tests.unit.variation.charts import MONDAY, chart

DEFAULT = ChartRules()
STEADY = [1, 2] * 6


@pytest.mark.parametrize(
    ("improvement", "latest", "says"),
    [
        ("increase", 9, "improvement high"),
        ("increase", -9, "concern low"),
        ("decrease", 9, "concern high"),
        ("decrease", -9, "improvement low"),
        ("neutral", 9, "neither high"),
        ("neutral", -9, "neither low"),
        ("decrease", 2, "common cause"),
    ],
)
def test_the_variation_icon_is_that_of_the_latest_point(improvement: str, latest: float, says: str) -> None:
    assert chart([*STEADY, latest], baseline=12, improvement=improvement).variation == says
    assert chart([*STEADY, latest, 1, 2], baseline=12, improvement=improvement).variation == "common cause"


@pytest.mark.parametrize(
    ("target", "increase", "decrease"),
    # The limits are 1.5 plus and minus 2.66.
    [
        (5, "consistently failing", "consistently passing"),
        (-2, "consistently passing", "consistently failing"),
        (2, "hit or miss", "hit or miss"),
    ],
)
def test_the_assurance_icon_is_by_target_and_limits(target: float, increase: str, decrease: str) -> None:
    assert chart(STEADY, target=target, improvement="increase").assurance == increase
    assert chart(STEADY, target=target, improvement="decrease").assurance == decrease
    assert chart(STEADY, target=target, improvement="neutral").assurance is None
    assert chart(STEADY, improvement="increase").assurance is None


def test_assurance_is_by_the_limits_of_the_last_segment() -> None:
    values = [*STEADY, *[11, 12] * 6]
    change = Rebase(date=MONDAY.replace(month=3, day=31), reason="two more workers")
    assert chart(values, target=6, improvement="increase", rebase=[change]).assurance == "consistently passing"


def test_what_a_target_on_the_limit_means_is_a_choice() -> None:
    # A service that is always at 100%, with 100% for a target: programs disagree on what that is.
    always = {"target": 100.0, "lower": 100.0, "upper": 100.0, "improvement": "increase"}
    assert assurance_icon(**always, rules=DEFAULT) == "hit or miss"  # type: ignore[arg-type]
    decided = ChartRules(at_limit="decided")
    assert assurance_icon(**always, rules=decided) == "consistently failing"  # type: ignore[arg-type]
    assert assurance_icon(1.0, 1.0, 5.0, "increase", decided) == "consistently passing"
    assert assurance_icon(1.0, 1.0, 5.0, "increase", DEFAULT) == "hit or miss"
    assert assurance_icon(1.0, 1.0, 5.0, "decrease", decided) == "consistently failing"


def test_a_point_that_signals_both_ways_is_read_as_is_chosen() -> None:
    # Below the lower limit, and the seventh that rises.
    both = ((1, -1), (2, 1))
    assert variation_icon(both, "increase") == "concern low"
    assert variation_icon(both, "increase", "improvement") == "improvement high"
    assert variation_icon(both, "decrease", "improvement") == "improvement low"
    assert variation_icon(both, "neutral", "improvement") == "neither low"


def test_fewer_than_twelve_points_give_trial_limits() -> None:
    few, enough = chart([1, 2] * 5), chart([1, 2] * 6)
    assert few.segments[0].trial and not enough.segments[0].trial
    assert few.notes == (
        "The limits from 2025-01-06 on are trial limits: they rest on 10 points, and 12 are the fewest to rely on.",
    )
    assert enough.notes == ()


def test_rebasing_is_offered_and_never_done() -> None:
    found = chart([*STEADY, *[3, 3.1] * 4], baseline=12)
    assert found.offer is not None
    # The last point of the baseline lies above the mean too, so that the run begins with it.
    assert (found.offer.period, found.offer.points, found.offer.side) == ("2025-03-24", 9, "above")
    assert len(found.segments) == 1
    assert chart([*STEADY, *[3, 3.1] * 4, 1], baseline=12).offer is None, "the run must last to the latest point"


def test_a_chart_with_rebasing_says_why() -> None:
    change = Rebase(date=MONDAY.replace(month=2, day=1), reason="opened on Saturdays")
    found = chart(STEADY, rebase=[change])
    # A week belongs to the day it begins on: the first Monday from 1 February on is the third.
    assert found.segments[1].first == "2025-02-03"
    assert "The limits begin anew at 2025-02-03: opened on Saturdays." in found.notes


@pytest.mark.parametrize("day", [(2024, 12, 1), (2025, 1, 8), (2025, 3, 24), (2026, 1, 1)])
def test_a_segment_without_points_enough_is_refused(day: tuple[int, int, int]) -> None:
    change = Rebase(date=MONDAY.replace(*day), reason="x")
    with pytest.raises(WrongUse, match="cannot begin anew on"):
        chart(STEADY, rebase=[change])


def test_one_point_is_no_chart() -> None:
    with pytest.raises(WrongUse, match="There are 1 points for a control chart of Advocates: backlog"):
        chart([1])


def test_more_than_all_is_no_share() -> None:
    with pytest.raises(WrongUse, match="6 of 5 in 2025-01-13 is more than all"):
        chart([1, 6], [5, 5], kind="p")


def test_neighbours_that_resemble_each_other_are_told() -> None:
    assert any("resembles the one before" in note for note in chart(list(range(30))).notes)
    assert not any("resembles" in note for note in chart(STEADY).notes)
    # A level that moves makes neighbours alike, and the move is what the chart is to show; rebased they are not.
    moved, change = [*STEADY, *[11, 12] * 6], Rebase(date=MONDAY.replace(month=3, day=31), reason="x")
    assert not any("resembles" in note for note in chart(moved, rebase=[change]).notes)


def test_chance_alone_seldom_signals() -> None:
    luck = np.random.default_rng(7)
    charts = [chart(luck.normal(size=100).tolist()) for _ in range(40)]
    beyond = [row for found in charts for row in found.rows if row.rules.startswith("1")]
    # Three standard deviations are exceeded by 0.27% of normal figures: 10.8 of 4,000, give or take 3 times 3.3.
    assert 1 <= len(beyond) <= 21


def test_a_chart_as_json_and_as_a_table() -> None:
    found = chart([*STEADY, 9], baseline=12, target=3, improvement="decrease")
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["variation"] == "concern high"
    assert told["segments"][0]["base"] == 12
    assert told["rows"][-1]["rules"] == "1"
    assert list(told)[-2:] == ["rows", "notes"]
    assert found.table().num_rows == 13
    assert found.to_csv().splitlines()[0].startswith("chart,period,value,recorded,size,segment")
