"""The cheapest staffing found is the cheapest there is, as far as every staffing of a small service can be tried."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from millpond.errors import WrongUse
from millpond.model import Service
from millpond.planning.levels import Levels, staffed_with
from millpond.planning.promise import read_promise
from millpond.planning.search import cheapest, plenty
from millpond.planning.tries import Tries, clopper_pearson
from tests.unit.simulation.services import service

MONDAY = date(2026, 1, 5)


def two_pools(**stream: Any) -> Service:
    pools = {
        "coordinators": {"workers": 2, "minutes_per_day": 240, "cost_per_hour": 18},
        "advocates": {"workers": 2, "minutes_per_day": 240, "cost_per_hour": 25},
    }
    steps = {
        "triage": {"pool": "coordinators", "minutes": {"distribution": "exponential", "mean": 30}, "next": "advocacy"},
        "advocacy": {
            "pool": "advocates",
            "minutes": {"distribution": "exponential", "mean": 60},
            "next": {"advocacy": 0.3, "closed": 0.7},
        },
    }
    return service(pools=pools, steps=steps, streams={"police": {"first_step": "triage", "per_week": 60, **stream}})


def tries_of(of: Service, text: str, *, days: int = 28, replications: int = 60, risk: float = 0.1) -> Tries:
    pools = tuple(of.pools)
    levels = Levels(of, MONDAY, days, pools)
    return Tries(levels, read_promise(text, of), risk, MONDAY, days, replications=replications, threads=1)


@pytest.mark.parametrize("text", ["backlog <= 1000 min", "advocates: backlog <= 10 visits", "90% seen within 1 day"])
def test_the_search_finds_what_trying_everything_finds(text: str) -> None:
    tries = tries_of(two_pools(), text)
    begin = plenty(tries)
    assert begin is not None
    found = cheapest(tries, begin)
    everything = tries_of(two_pools(), text)
    least = [everything.levels.enough(pool) for pool in everything.levels.pools]
    keeping = [
        everything.of((float(a), float(b)), whole=True)
        for a, b in product(range(int(least[0]), 6), range(int(least[1]), 8))
    ]
    best = min((one for one in keeping if one.share_broken <= 0.1), key=lambda one: (one.cost, one.staffing))
    assert found.answer.staffing == best.staffing
    assert (found.answer.broken == best.broken).all()
    assert tries.run < everything.run
    # What is told of the neighbours is what they are.
    for fewer in found.fewer:
        assert fewer is None or not fewer.keeps


def test_one_who_helps_upstream_may_hurt_downstream() -> None:
    # Twelve come on Monday. One coordinator passes four on a day, which one advocate does; two pass on eight.
    steps = {
        "triage": {"pool": "coordinators", "minutes": 60, "next": "advocacy"},
        "advocacy": {"pool": "advocates", "minutes": 60, "next": "closed"},
    }
    pools = {name: {"workers": 1, "minutes_per_day": 240} for name in ("coordinators", "advocates")}
    made = service(
        steps=steps, pools=pools, streams={"police": {"first_step": "triage", "schedule": {"Mon 00:00": 12}}}
    )
    tries = tries_of(made, "advocates: backlog <= 60 min", replications=20)
    begin = plenty(tries)
    assert begin is not None
    found = cheapest(tries, begin)
    assert list(found.answer.staffing) == [1, 1]
    assert [one and one.share_broken for one in found.more] == [1, 0]


def test_a_hopeless_staffing_takes_few_replications() -> None:
    tries = tries_of(two_pools(), "backlog <= 1000 min", replications=400)
    hopeless, sure = tries.of((1.0, 1.0)), tries.of((6.0, 8.0))
    assert (hopeless.verdict, hopeless.replications) == ("breaks it", 20)
    assert (sure.keeps, sure.replications) == (True, 60)  # none broken in 60: at most 8.5% at 99.5%
    assert tries.run == 80
    assert tries.of((1.0, 1.0), whole=True).replications == 400


def test_the_exact_interval() -> None:
    # Clopper and Pearson's own: none of n has the upper end 1 - 0.025^(1/n); the two ends mirror each other.
    assert clopper_pearson(0, 10) == pytest.approx((0.0, 1 - 0.025**0.1))
    low, high = clopper_pearson(3, 20)
    assert (low, high) == pytest.approx((0.0321, 0.3789), abs=5e-5)
    mirrored = clopper_pearson(17, 20)
    assert mirrored == pytest.approx((1 - high, 1 - low))


def test_staffing_is_changed_from_a_day_on_and_other_changes_stay() -> None:
    pools = {
        "advocates": {
            "workers": 2,
            "cost_per_hour": 20,
            "from": [
                {"date": date(2025, 6, 1), "workers": 3, "cost_per_hour": 21},
                {"date": date(2026, 2, 1), "workers": 5},
                {"date": date(2026, 3, 1), "workers": 6, "cost_per_hour": 22},
            ],
        }
    }
    changed = staffed_with(service(pools=pools), MONDAY, {"advocates": 4}).pools["advocates"]
    assert [changed.on(day).workers for day in (MONDAY, date(2026, 4, 1))] == [4, 4]
    assert [changed.on(day).cost_per_hour for day in (MONDAY, date(2026, 2, 2), date(2026, 4, 1))] == [21, 21, 22]


def test_levels_know_what_they_give_and_cost() -> None:
    levels = Levels(service(), MONDAY, 14, ("advocates",))
    assert list(levels.today) == [2]
    assert levels.demand == {"advocates": pytest.approx(360)}
    assert levels.minutes("advocates", 2) == 480 and levels.minutes("advocates", 0.5) == 120
    # 14 days of two for four hours at 20.
    assert levels.cost((2.0,)) == 2240 and levels.is_priced
    assert levels.enough("advocates") == 2
    half = Levels(service(), MONDAY, 14, ("advocates",), 0.25)
    assert half.enough("advocates") == 1.75  # 1.5 is just the work that comes, which is not enough
    without = service(pools={"advocates": {"workers": 2, "minutes_per_day": 240}})
    unpriced = Levels(without, MONDAY, 14, ("advocates",))
    assert not unpriced.is_priced and unpriced.cost((2.0,)) == 14 * 480
    with pytest.raises(WrongUse, match="step is 0 workers"):
        Levels(service(), MONDAY, 14, ("advocates",), 0)
    with pytest.raises(WrongUse, match="has no time in the days"):
        Levels(service(pools={"advocates": {"minutes_per_day": 0}}), MONDAY, 14, ("advocates",)).enough("advocates")
