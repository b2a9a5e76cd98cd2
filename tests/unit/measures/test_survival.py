"""Cumulative incidence: a table worked by hand, an independent answer, and laws that hold for every table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight

from millpond.measures.proportions import wilson
from millpond.measures.survival import Incidence, cumulative_incidence

EVENT, OTHER, CENSORED = 1, 2, 0
FATES = {"started": EVENT, "withdrawn": OTHER, "waiting": CENSORED}

people = st.lists(st.tuples(st.integers(0, 12), st.sampled_from((EVENT, OTHER, CENSORED))), min_size=1, max_size=40)


def incidence(individuals: list[tuple[int, int]]) -> Incidence:
    times = sorted({time for time, _ in individuals})
    counts = [
        np.array([individuals.count((time, fate)) for time in times], dtype=np.int64)
        for fate in (EVENT, OTHER, CENSORED)
    ]
    return cumulative_incidence(np.array(times, dtype=np.int64), *counts)


def test_a_table_worked_by_hand() -> None:
    # at risk 8: one starts, 1/8. At risk 7: one leaves. At risk 6: one starts, 6/8 x 1/6 = 1/8 more.
    # Two are last seen at 3, so that 3 are left of a surviving 5/8: one starts at 5, 5/8 x 1/3 = 5/24 more.
    # One leaves at 6: 5/8 x 2/3 x 1/2 = 5/24. The last is still waiting at 7.
    table = """
        1 started
        2 withdrawn
        3 started
        3 waiting
        3 waiting
        5 started
        6 withdrawn
        7 waiting
    """
    rows = [line.split() for line in table.strip().splitlines()]
    found = incidence([(int(time), FATES[fate]) for time, fate in rows])
    assert found.times.tolist() == [1, 2, 3, 5, 6, 7]
    assert found.at_risk.tolist() == [8, 7, 6, 3, 2, 1]
    assert found.share == pytest.approx([1 / 8, 1 / 8, 1 / 4, 11 / 24, 11 / 24, 11 / 24])
    assert found.other == pytest.approx([0, 1 / 8, 1 / 8, 1 / 8, 1 / 3, 1 / 3])
    assert found.surviving == pytest.approx([7 / 8, 3 / 4, 5 / 8, 5 / 12, 5 / 24, 5 / 24])
    assert found.at(0.5) == 0
    assert found.at(3) == found.at(4.9) == pytest.approx(1 / 4)
    assert found.at(7) == pytest.approx(11 / 24)
    assert found.at(7.1) is None  # the last person seen was still waiting at 7: nobody knows
    assert (found.reached(0.25), found.reached(0.26), found.reached(0.5)) == (3, 5, None)


def test_dropping_those_who_wait_would_flatter_the_answer() -> None:
    # Two of four started after a day; two have waited ten days. The median is not one day: half have not
    # started.
    found = incidence([(1, EVENT), (1, EVENT), (10, CENSORED), (10, CENSORED)])
    assert found.at(5) == 0.5
    assert found.reached(0.9) is None


def test_nobody_entered_is_nothing_known() -> None:
    empty = np.array([], dtype=np.int64)
    found = cumulative_incidence(empty, empty, empty, empty)
    assert (found.at(1), found.interval(1), found.reached(0.5)) == (None, None, None)


def test_an_interval_where_all_or_none_had_the_event_is_wilsons() -> None:
    all_of_them = incidence([(1, EVENT)] * 5)
    assert all_of_them.at(1) == 1.0
    assert all_of_them.interval(1) == wilson(5, 5)
    assert all_of_them.interval(0) == wilson(0, 5)
    none_yet = incidence([(1, OTHER), (1, CENSORED), (3, CENSORED), (3, EVENT)])
    assert none_yet.at(2) == 0.0
    assert none_yet.interval(2) == wilson(0, 3)  # the one last seen at 1 says nothing about 2


def test_waits_of_no_length_count() -> None:
    found = incidence([(0, EVENT), (0, EVENT), (4, EVENT), (4, CENSORED)])
    assert found.at(0) == 0.5
    assert found.reached(0.5) == 0


@given(people)
def test_statsmodels_gives_the_same_answer(individuals: list[tuple[int, int]]) -> None:
    found = incidence(individuals)
    times, fates = (np.array(column) for column in zip(*individuals, strict=True))
    if EVENT not in fates:
        assert not found.share.any()
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        theirs = CumIncidenceRight(times, fates)
    assert found.times.tolist() == theirs.times.tolist()
    assert found.share == pytest.approx(theirs.cinc[0], abs=1e-12)
    if OTHER in fates:
        assert found.other == pytest.approx(theirs.cinc[1], abs=1e-12)
    known = np.isfinite(theirs.cinc_se[0])  # theirs divides by nought where everybody left leaves at once
    assert np.sqrt(found.variance[known]) == pytest.approx(theirs.cinc_se[0][known], abs=1e-7)


@given(people)
def test_the_shares_add_up_and_never_fall(individuals: list[tuple[int, int]]) -> None:
    found = incidence(individuals)
    assert found.share + found.other + found.surviving == pytest.approx(np.ones(len(found.times)))
    assert (np.diff(found.share) >= 0).all()
    assert (np.diff(found.other) >= 0).all()
    assert (np.diff(found.surviving) <= 0).all()
    for time in found.times:
        bounds = found.interval(float(time))
        if bounds is None:  # everybody was seen for less long than this, and nobody's fate is known
            assert not found.share.any()
            continue
        assert 0 <= bounds[0] <= found.share[found.times == time][0] + 1e-9
        assert found.share[found.times == time][0] - 1e-9 <= bounds[1] <= 1


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from((EVENT, OTHER))), min_size=1, max_size=40))
def test_with_nobody_waiting_it_is_the_plain_share(individuals: list[tuple[int, int]]) -> None:
    found = incidence(individuals)
    for time, share, variance in zip(found.times, found.share, found.variance, strict=True):
        plain = sum(when <= time and fate == EVENT for when, fate in individuals) / len(individuals)
        assert share == pytest.approx(plain)
        assert variance == pytest.approx(plain * (1 - plain) / len(individuals), abs=1e-12)


@given(people, st.sampled_from((0.1, 0.5, 0.9)))
def test_a_level_is_reached_when_the_share_is_there(individuals: list[tuple[int, int]], level: float) -> None:
    found = incidence(individuals)
    when = found.reached(level)
    if when is None:
        assert found.share[-1] < level
    else:
        assert found.at(when) == pytest.approx(max(level, found.at(when) or 0))
        assert (found.at(when - 1) or 0) < level
