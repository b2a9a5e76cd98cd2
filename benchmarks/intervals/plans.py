"""Intervals of what simulation tells of plans, of people and of relief."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import partial

import numpy as np
from benchmarks.intervals.made_up import DAYS, MEAN_OF_DAYS, MONDAY, PRICE, made_up
from benchmarks.intervals.measured import Held, chance_to_hold, counted, inside, luck_of

from millpond.planning.comparing import compare
from millpond.planning.dependence import dependence
from millpond.planning.paired import share_difference, share_of
from millpond.planning.relief import weeks_until
from millpond.planning.screening import could_keep_and_be_best

REPLICATIONS = 100


def differences(services: int) -> tuple[Held, ...]:
    """Plans against doing nothing: backlog, what a minute less costs, and the set that holds the best."""
    found: dict[str, list[bool]] = defaultdict(list)
    for place in range(services):
        random = luck_of("differences", place)
        made = made_up(random)
        share = float(random.uniform(0.02, 0.1))
        steps = {"step": {"minutes": {**made.plain["steps"]["step"]["minutes"], "mean": made.minutes * (1 - share)}}}
        plans = {
            "quicker": {"steps": steps},
            "divert": {"streams": {"all": {"divert": float(share * random.uniform(0.97, 1.03))}}},
            "hire": {"pools": {"team": {"workers": made.workers + 1}}},
        }
        came = MEAN_OF_DAYS * made.cases * made.minutes
        truths = {
            "quicker": -share * came,
            "divert": -plans["divert"]["streams"]["all"]["divert"] * came,  # type: ignore[index]
            "hire": -MEAN_OF_DAYS * made.given,
        }
        result = compare(made.service(plans=plans), MONDAY, DAYS, replications=REPLICATIONS, seed=place + 1, threads=1)
        name = ("quicker", "divert", "hire")[place % 3]
        change = result.plan(name).backlog_change
        assert change is not None
        found["change of backlog by a plan"].append(inside(change.low, truths[name], change.high))
        backlog = result.plan("nothing").backlog
        found["backlog of a plan"].append(inside(backlog.low, made.backlog, backlog.high))
        # Whoever is away without notice costs nothing on that day.
        ratio, cost = result.plan("hire").cost_per_backlog_minute, PRICE * DAYS * made.given / 60
        assert ratio is not None
        found["cost of each minute less"].append(inside(ratio.low, -cost / truths["hire"], ratio.high))
        best = min(truths, key=lambda plan: truths[plan])
        found["set of plans that holds the best"].append(best in result.could_be_best)
    return counted(found, least=("set of plans that holds the best",))


def shares(services: int) -> tuple[Held, ...]:
    """Promises kept with and without a plan, under luck that both share to some degree."""
    found: dict[str, list[float]] = defaultdict(list)
    for place in range(services):
        random = luck_of("shares", place)
        pairs = int(random.integers(80, 400))
        kept, before = sorted(random.uniform(0.5, 0.98, 2), reverse=True)
        luck = random.random(pairs)
        other = np.where(random.random(pairs) < random.uniform(0.3, 0.95), luck, random.random(pairs))
        found["share of replications that keep a promise"].append(
            chance_to_hold(float(kept), pairs, partial(_ends, pairs))
        )
        both = share_difference(luck < kept, other < before)
        found["change of that share by a plan"].append(inside(both.low, float(kept - before), both.high))
    return counted(found)


def cheapest(services: int) -> tuple[Held, ...]:
    """The set that holds the cheapest of those that keep a promise, of plans some of which break it too often."""
    found: dict[str, list[bool]] = defaultdict(list)
    place = 0
    while len(found["set that holds the cheapest that keeps the promise"]) < services:
        random, place = luck_of("cheapest", place), place + 1
        plans, replications = int(random.integers(2, 9)), int(random.integers(50, 400))
        chances, costs = random.uniform(0.85, 1.0, plans), random.uniform(100, 110, plans)
        able = np.flatnonzero(chances >= 0.95)
        if not len(able):
            continue
        luck, shared = random.random(replications), random.normal(0, 10, replications)
        figures = costs[:, np.newaxis] + shared + random.normal(0, 5, (plans, replications))
        stays, _ = could_keep_and_be_best(figures, luck < chances[:, np.newaxis], 0.95)
        best = able[costs[able].argmin()]
        found["set that holds the cheapest that keeps the promise"].append(bool(stays[best]))
    return counted(found, least=tuple(found))


def few(services: int) -> tuple[Held, ...]:
    """What is not promised: a mean over few replications of something that is seldom and then large."""
    return tuple(replace(held, of=f"{held.of}, 20 replications") for held in _people(services, 20))


def _ends(of: int, count: int) -> tuple[float | None, float | None]:
    told = share_of(np.arange(of) < count)
    return told.low, told.high


def people(services: int) -> tuple[Held, ...]:
    """What it does when one person is away."""
    return _people(services, REPLICATIONS)


def _people(services: int, replications: int) -> tuple[Held, ...]:
    found: dict[str, list[bool]] = defaultdict(list)
    for place in range(services):
        random = luck_of("people", place)
        made, away = made_up(random), int(random.integers(2, DAYS))
        result = dependence(
            made.service(), MONDAY, DAYS, away=away, replications=replications, seed=place + 1, threads=1
        )
        change = result.rows[0].backlog_change
        assert change is not None
        lost = sum(min(day, away) for day in range(1, DAYS + 1)) / DAYS * made.given
        found["more backlog with somebody away"].append(inside(change.low, lost, change.high))
    return counted(found)


def relief(services: int) -> tuple[Held, ...]:
    """The weeks within which nine in ten have cleared a backlog, against one future of its own."""
    found: dict[str, list[bool]] = defaultdict(list)
    for place in range(services):
        random = luck_of("relief", place)
        start, a_day, sd = random.uniform(2000, 6000), random.uniform(30, 80), random.uniform(50, 200)
        futures = start + np.cumsum(random.normal(-a_day, sd, (41, 365)), axis=1)
        _, most, _ = weeks_until(np.maximum(futures[:40], 0.0), 500.0)
        came, _, _ = weeks_until(np.maximum(futures[40:], 0.0), 500.0)
        found["weeks that clear a backlog"].append(most is None or (came is not None and came <= most))
    return counted(found, promised=0.9, least=("weeks that clear a backlog",))
