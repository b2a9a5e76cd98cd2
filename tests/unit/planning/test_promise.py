"""A promise read from words, and whether a trial keeps it."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from millpond.errors import WrongUse
from millpond.model import Service
from millpond.planning.promise import BacklogPromise, SeenPromise, read_promise, shares_in_time
from millpond.planning.trial import Trial, try_out
from tests.unit.simulation.services import service

MONDAY = date(2026, 1, 5)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def two_steps() -> Service:
    steps = {
        "triage": {"pool": "coordinators", "minutes": 10, "next": "advocacy"},
        "advocacy": {"pool": "advocates", "minutes": 60, "next": "closed"},
        "letter": {"next": "closed"},
    }
    stream = {"first_step": "triage", "schedule": {f"{day} 00:00": 6 for day in DAYS}}
    pools: dict[str, Any] = {name: {"workers": 2} for name in ("advocates", "coordinators")}
    return service(steps=steps, streams={"police": stream}, pools={**pools, "spare": {"workers": 1}})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("backlog <= 1200 min", "backlog <= 1,200 minutes"),
        ("backlog ≤ 1,200 minutes", "backlog <= 1,200 minutes"),
        ("Backlog at most 20 hours", "backlog <= 1,200 minutes"),
        ("advocates: backlog<=20 visits", "advocates: backlog <= 20 visits"),
        ("95% seen within 5 working days", "95% seen within 5 working days"),
        ("triage: 99.5 % seen within 4 hours", "triage: 99.5% seen within 4 hours"),
        ("advocates: 100% seen within 1 day", "advocates: 100% seen within 1 day"),
        ("90% seen within 4 working hours", "90% seen within 4 working hours"),
        ("90% seen within 2 weeks", "90% seen within 2 weeks"),
    ],
)
def test_a_promise_is_read_and_said_again(text: str, told: str) -> None:
    read = read_promise(text, two_steps())
    assert read.describe() == told
    assert read_promise(told, two_steps()) == read


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("be quick", "'be quick' is no promise that can be judged"),
        ("backlog >= 1200 min", "is no promise"),
        ("backlog <= 1200 pounds", "minutes, hours or visits, not in 'pounds'"),
        ("advocate: backlog <= 1200 min", "no pool 'advocate' in Worked example.\nDid you mean 'advocates'?"),
        ("triage: backlog <= 1200 min", "Name the step's pool: coordinators."),
        ("letter: backlog <= 1200 min", "no staff, and so no backlog"),
        ("zzz: 95% seen within 5 days", "no pool or step 'zzz' in Worked example.\nThere are triage, advocacy"),
        ("letter: 95% seen within 5 days", "Nobody waits at 'letter'"),
        ("spare: 95% seen within 5 days", "No step has the pool 'spare'"),
        ("0% seen within 5 days", "more than 0% and at most 100%"),
        ("101% seen within 5 days", "more than 0% and at most 100%"),
        ("95% seen within 0 days", "is zero, which nobody can keep to"),
        ("95% seen within 5 fortnights", 'has the unit "fortnights", which is not known'),
        ("95% seen within 2.5 working days", "days are counted whole"),
        ("95% seen within five days", "is not a length of time"),
    ],
)
def test_what_is_wrong_with_a_promise(text: str, told: str) -> None:
    with pytest.raises(WrongUse) as error:
        read_promise(text, two_steps())
    assert told in str(error.value)
    assert "\n" in str(error.value), "it says what to do about it"


def tried(each_day: int, days: int, text: str | None = None) -> Trial:
    """Two people who see eight a day between them, and so many who come each midnight."""
    stream = {"police": {"first_step": "advocacy", "schedule": {f"{day} 00:00": each_day for day in DAYS}}}
    made = service(streams=stream)
    limit = None if text is None else read_promise(text, made).limit
    return try_out(made, MONDAY, days, replications=2, limit=limit)


def test_a_backlog_is_judged_at_every_days_end() -> None:
    # 60 minutes more are left each day.
    trial = tried(9, days=10)
    found = {
        most: read_promise(f"backlog <= {most} min", trial.service).kept(trial).tolist() for most in (599, 600, 601)
    }
    assert found == {599: [False, False], 600: [True, True], 601: [True, True]}
    assert read_promise("advocates: backlog <= 10 visits", trial.service).worst(trial).tolist() == [10, 10]
    assert not read_promise("backlog <= 9 visits", trial.service).kept(trial).any()


def test_a_share_is_judged_over_four_weeks() -> None:
    # Of six who come at midnight, four are seen within the hour, every day.
    text = "66% seen within 1 hour"
    trial = tried(6, days=40, text=text)
    read = read_promise(text, trial.service)
    shares = read.by_day(trial)
    assert np.isnan(shares[:, :27]).all() and shares[:, 27:] == pytest.approx(4 / 6)
    assert read.kept(trial).all()
    assert not read_promise("67% seen within 1 hour", trial.service).kept(trial).any()
    assert read.worst(trial) == pytest.approx([4 / 6] * 2)


def test_a_share_of_too_few_days_is_judged_once_at_the_end() -> None:
    text = "67% seen within 1 hour"
    trial = tried(6, days=5, text=text)
    shares = read_promise(text, trial.service).by_day(trial)
    assert np.isnan(shares[:, :4]).all() and shares[:, 4] == pytest.approx([4 / 6] * 2)


def test_a_share_is_of_enough_visits_that_one_may_be_missed() -> None:
    # One visit is due each third day, and every eighth of them is missed.
    due, timely = np.zeros((1, 90)), np.zeros((1, 90))
    due[0, ::3] = 1
    timely[0, ::3] = 1
    timely[0, ::24] = 0
    shares = shares_in_time(due, timely, 0, 20)
    # Twenty visits first on day 57, with missed ones on days 0, 24 and 48.
    assert np.isnan(shares[0, :57]).all() and shares[0, 57] == 17 / 20
    # Later windows have twenty visits each, and not the ten of four weeks: on day 72 those from day 15 on.
    assert shares[0, 72] == 17 / 20 and shares[0, 71] == 18 / 20
    many = shares_in_time(due * 7, timely * 7, 0, 20)
    assert np.isnan(many[0, :27]).all()
    assert many[0, 27] == 8 / 10  # days 0 to 27, of which days 0 and 24 were missed
    assert np.isnan(shares_in_time(due, timely, 40, 1)[0, :67]).all()


def test_the_promise_says_how_many_visits_it_takes() -> None:
    fewest = {share: SeenPromise(None, None, share, None).fewest for share in (0.5, 0.8, 0.95, 0.99, 1.0)}  # type: ignore[arg-type]
    assert fewest == {0.5: 2, 0.8: 5, 0.95: 20, 0.99: 100, 1.0: 1}


def test_a_trial_that_did_not_count_says_so() -> None:
    trial = tried(6, days=5)
    with pytest.raises(WrongUse, match="Try the service out with limit="):
        read_promise("95% seen within 1 hour", trial.service).kept(trial)
    assert BacklogPromise(None, None, 100, "minutes").limit is None


def test_a_limit_that_runs_out_after_all_days_is_not_kept_but_refused() -> None:
    text = "95% seen within 30 days"
    trial = tried(6, days=20, text=text)
    with pytest.raises(WrongUse, match="In 20 days no visit's limit runs out"):
        read_promise(text, trial.service).kept(trial)


def test_a_promise_of_a_step_is_of_its_visits_alone() -> None:
    made = two_steps()
    text = "{}95% seen within 30 minutes"
    limit = read_promise(text.format(""), made).limit
    trial = try_out(made, MONDAY, 40, replications=1, limit=limit)
    # Triage takes ten minutes: two wait 0, two 10 and two 20. Advocacy takes an hour, and they come in pairs at
    # 10, 20 and 30 past: two wait 0, two 50 and two 100.
    worst = {
        name: float(read_promise(text.format(name), made).worst(trial)[0]) for name in ("", "triage: ", "advocates: ")
    }
    assert worst == pytest.approx({"": 8 / 12, "triage: ": 1.0, "advocates: ": 2 / 6})
