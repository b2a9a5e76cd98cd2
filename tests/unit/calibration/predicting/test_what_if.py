"""What a fit foresees of another staffing, of a service of which the truth is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import millpond
from millpond.calibration.fitting.result import Fit
from millpond.calibration.predicting.drawing import Drawing
from millpond.calibration.predicting.what_if import FIGURES, changed_pool, interval, what_if
from millpond.errors import WrongUse
from millpond.model.distributions import mean_minutes
from millpond.periods import day_number
from tests.unit.calibration.fitting.played import fitted, played, row_of

DAY = date(2025, 1, 6)
TRUTH = """
[calendars.office]
hours = "Mon-Fri 09:00-17:00"
[calendars.late]
hours = "Tue-Sat 12:00-18:00"
[pools.intake]
calendar = "office"
workers = 1
[pools.advisers]
calendar = "late"
workers = 2
minutes_per_day = 270
[streams.cases]
first_step = "triage"
per_week = 40
pattern = { "Mon-Fri 09:00-17:00" = 1 }
[steps.triage]
pool = "intake"
minutes = { distribution = "exponential", mean = 20 }
next = { advice = 0.8, closed = 0.2 }
after = { advice = "3 days" }
[steps.advice]
pool = "advisers"
minutes = { distribution = "exponential", mean = 54 }
next = { advice = 0.25, closed = 0.75 }
after = { advice = { minutes = { distribution = "exponential", mean = 4320 } } }
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played(tmp_path_factory.mktemp("known") / "service", TRUTH, without=("minutes",))


@pytest.fixture(scope="module")
def fit(folder: Path) -> Fit:
    return fitted(folder)


def test_direct_minutes_are_told_where_people_stop_early_and_not_where_they_work_on(fit: Fit) -> None:
    row = row_of(fit, "pools.advisers.minutes_per_day")
    assert row.low <= 270 <= row.high
    assert row.high - row.low < 5
    assert fit.service.pools["intake"].minutes_per_day is None


def test_pools_that_keep_other_hours_have_them(fit: Fit) -> None:
    hours = {
        name: fit.service.effective_calendars[fit.service.calendar_name(pool)].hours
        for name, pool in fit.service.pools.items()
    }
    assert hours == {"intake": "Mon-Fri 09:00-17:00", "advisers": "Tue-Sat 12:00-18:00"}


def test_less_direct_minutes_mean_longer_waits_and_every_figure_lies_in_its_interval(fit: Fit) -> None:
    usual = what_if(fit, "advisers", first_day=DAY, days=182, draws=20)
    fewer = what_if(fit, "advisers", minutes=-0.2, first_day=DAY, days=182, draws=20)
    assert fewer.minutes_per_day == pytest.approx(0.8 * 270, rel=0.01)
    for figure in FIGURES:
        assert fewer.of("advisers")[figure].value > usual.of("advisers")[figure].value
        row = fewer.of("advisers")[figure]
        assert row.low <= row.value <= row.high
    # What advisers give changes nothing for those before them.
    assert fewer.of("intake") == usual.of("intake")


def test_direct_minutes_never_go_beyond_the_shift(fit: Fit) -> None:
    pool = changed_pool(fit.service, "advisers", 5.0, 0, day_number(DAY))
    assert pool.minutes_per_day == 360
    whole = changed_pool(fit.service, "intake", -0.25, 0, day_number(DAY))
    assert whole.minutes_per_day == 360


def test_what_is_drawn_spreads_as_the_intervals_say(fit: Fit) -> None:
    drawing = Drawing(fit, 1)
    services = [drawing.service_of(number) for number in range(300)]
    row = row_of(fit, "steps.advice.minutes")
    means = np.array([mean_minutes(service.steps["advice"].minutes) for service in services])  # type: ignore[arg-type]
    assert means.mean() == pytest.approx(row.value, rel=0.01)
    # A 95% interval is 3.92 standard deviations wide; of 300 values that is known to about 4%.
    assert means.std() == pytest.approx((row.high - row.low) / 3.92, rel=0.15)
    assert drawing.service_of(7) == Drawing(fit, 1).service_of(7)
    for service in services[:20]:
        assert sum((service.steps["advice"].next or {}).values()) == pytest.approx(1)


def test_a_further_of_199_values_lies_between_the_10th_and_the_190th_with_a_probability_of_90_percent() -> None:
    low, high = interval(np.arange(1.0, 200.0)[:, None])
    assert (low[0], high[0]) == (10, 190)


def test_what_cannot_be_asked_is_said(fit: Fit, folder: Path) -> None:
    with pytest.raises(WrongUse, match=r"no pool 'nobody'. It has: .*advisers"):
        what_if(fit, "nobody", first_day=DAY)
    with pytest.raises(WrongUse, match="leave nobody"):
        what_if(fit, "intake", people=-1, first_day=DAY)
    with pytest.raises(WrongUse, match="above -1"):
        what_if(fit, "intake", minutes=-1.5, first_day=DAY)
    with pytest.raises(WrongUse, match="too few"):
        what_if(fit, "intake", first_day=DAY, draws=3)


def test_a_folder_begins_with_the_visits_that_its_records_leave_open(folder: Path) -> None:
    with millpond.open(folder) as opened:
        found = opened.what_if("advisers", people=1, days=28, draws=20)
        assert found.first_day == "2024-12-30"
        assert found.workers == 3
        assert not (folder / "fitted.toml").exists()


def test_a_delay_that_passes_by_the_clock_is_not_taken_for_one_in_opening_hours(fit: Fit) -> None:
    delay = fit.service.steps["advice"].delay_to("advice")
    assert delay is not None
    assert not delay.is_working_time
    assert delay.minutes is not None
    assert mean_minutes(delay.minutes) == pytest.approx(4320, rel=0.15)
