"""What people, cases and orders show in records: found where it is, and not claimed where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

import millpond
from millpond.calibration.fitting.result import Fit
from millpond.model import GroupSession, Patience
from millpond.model.distributions import mean_minutes
from tests.unit.calibration.fitting.played import UNSAID, fitted, played, row_of

SHAPE = """
[calendars.office]
hours = "Mon-Fri 09:00-17:00"
[calendars.no_friday]
hours = "Mon-Thu 09:00-17:00"
[calendars.three_days]
hours = "Mon,Wed,Thu 09:00-17:00"

[pools.intake]
workers = 1
calendar = "office"
{intake}
[pools.advisers]
calendar = "office"
{pool}
[pools.tutors]
workers = 1
calendar = "office"

[workers.ann]
pool = "advisers"
{ann}
[workers.bob]
pool = "advisers"
{bob}
[workers.cy]
pool = "advisers"
[workers.dee]
pool = "advisers"

[streams.police]
first_step = "triage"
per_week = 40
pattern = {{ "Mon-Fri 09:00-17:00" = 1 }}
share_urgent = {urgent}
[streams.web]
first_step = "triage"
per_week = {per_week}
pattern = {{ "Mon-Fri 09:00-17:00" = 1 }}

[steps.triage]
pool = "intake"
minutes = {{ distribution = "exponential", mean = 12 }}
next = {{ advice = 0.8, course = 0.2 }}
{triage}
[steps.advice]
pool = "advisers"
minutes = {{ distribution = "lognormal", mean = 60, sd = 25 }}
next = "closed"
{advice}
[steps.course]
pool = "tutors"
minutes = 50
next = "closed"
{course}
"""
RICH = SHAPE.format(
    intake='order = "shortest"',
    pool="absence = 0.1",
    ann='calendar = "no_friday"',
    bob='calendar = "three_days"',
    urgent=0.3,
    per_week=92,
    triage='minutes_for = { police = { distribution = "exponential", mean = 20 } }',
    advice='minutes_for = { urgent = 90 }\npatience = { minutes = { distribution = "exponential", mean = 6000 } }',
    course='group = { size = 4, longest_wait = "1 day" }',
)
PLAIN = SHAPE.format(
    intake="", pool="", ann="", bob="", urgent=0.3, per_week=140, triage="", advice="", course=""
).replace("minutes = 50", "minutes = 20")

SAID = """
[pools.advisers]
absence = 0.2
[steps.advice]
pool = "advisers"
patience = "10 days"
[workers.ann]
pool = "advisers"
minutes_per_day = 60
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played(tmp_path_factory.mktemp("rich") / "service", RICH, days=273)


@pytest.fixture(scope="module")
def rich(folder: Path) -> Fit:
    return fitted(folder)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Fit:
    return fitted(played(tmp_path_factory.mktemp("plain") / "service", PLAIN, days=210))


def _within(fit: Fit, key: str, true: float) -> bool:
    row = row_of(fit, key)
    return row.low <= true <= row.high and row.visits > 0 and bool(row.why)


def test_weekdays_off_of_single_people(rich: Fit, plain: Fit) -> None:
    hours = {who: rich.service.calendar_of(worker).hours for who, worker in rich.service.workers.items()}
    assert hours == {
        "ann": "Mon 09:00-17:00, Tue 09:00-17:00, Wed 09:00-17:00, Thu 09:00-17:00",
        "bob": "Mon 09:00-17:00, Wed 09:00-17:00, Thu 09:00-17:00",
    }
    assert _within(rich, "workers.ann.calendar", 0)
    assert rich.service.pools["advisers"].workers == 4
    assert not plain.service.workers


def test_absence_is_the_share_of_days_on_which_work_waited_and_somebody_was_not_there(rich: Fit, plain: Fit) -> None:
    assert _within(rich, "pools.advisers.absence", 0.1)
    assert rich.service.pools["advisers"].absence > 0.05
    assert plain.service.pools["advisers"].absence == 0
    assert _within(plain, "pools.advisers.absence", 0)


def test_time_in_which_somebody_was_away_is_no_work(rich: Fit) -> None:
    assert _within(rich, "steps.advice.minutes_for.routine", 60)


def test_minutes_of_classes_of_cases(rich: Fit, plain: Fit) -> None:
    assert _within(rich, "steps.triage.minutes_for.police", 20)
    assert _within(rich, "steps.triage.minutes_for.web", 12)
    assert set(rich.service.steps["advice"].minutes_for) == {"urgent", "routine"}
    assert _within(rich, "steps.advice.minutes_for.urgent", 90)
    assert not any(step.minutes_for for step in plain.service.steps.values())


def test_people_who_leave_are_told_from_those_who_were_seen(rich: Fit, plain: Fit) -> None:
    patience = rich.service.steps["advice"].patience
    assert isinstance(patience, Patience)
    assert (patience.to, patience.time) == ("withdrawn", "elapsed")
    assert _within(rich, "steps.advice.patience", 6000)
    # Who left took nobody's time and is not among the ways on of those who were seen.
    assert rich.service.steps["advice"].next == {"closed": 1}
    assert all(step.patience is None for step in plain.service.steps.values())


def test_sessions_for_several(rich: Fit, plain: Fit) -> None:
    group = rich.service.steps["course"].group
    assert isinstance(group, GroupSession)
    assert group.size == 4
    assert _within(rich, "steps.course.group.longest_wait", 24 * 60)
    assert rich.service.steps["course"].minutes == 50
    assert rich.service.pools["tutors"].workers == 1
    assert all(step.group is None for step in plain.service.steps.values())


def test_who_goes_first(rich: Fit, plain: Fit) -> None:
    assert {name: pool.order for name, pool in rich.service.pools.items()} == {
        "intake": "shortest",
        "advisers": "first come",
        "tutors": "first come",
    }
    assert row_of(rich, "pools.intake.order").value > 0.95
    assert "urgent visits go first" in row_of(rich, "streams.police.share_urgent").why
    assert rich.service.streams["police"].share_urgent == pytest.approx(0.3, abs=0.03)
    assert {pool.order for pool in plain.service.pools.values()} == {"first come"}
    assert {stream.priority for stream in plain.service.streams.values()} == {1}


def test_the_fitted_file_runs_and_a_person_wins_key_by_key(folder: Path) -> None:
    (folder / "service.toml").write_text(UNSAID + SAID)
    with millpond.open(folder) as opened:
        opened.fit()
        said = opened.service
        simulated = opened.simulate(days=14, replications=2)
    (folder / "service.toml").write_text(UNSAID)
    assert said.pools["advisers"].absence == 0.2
    assert said.pools["intake"].order == "shortest"
    assert said.steps["advice"].patience == "10 days"
    assert said.workers["ann"].minutes_per_day == 60
    assert said.calendar_of(said.workers["ann"]).hours.startswith("Mon")
    assert mean_minutes(said.steps["advice"].minutes_for["urgent"]) == pytest.approx(90, rel=0.02)
    assert simulated.replications == 2
    text = (folder / "fitted.toml").read_text()
    assert "[workers.ann]" in text
    assert "off on Fri" in text
