"""Models A, B and C in SimPy, as its users write them: a case is a process, a pool is a resource with a queue.

Nights in model C: work is finished by counting office hours forward, the worker being held until then, and a closed
pool grants nobody. So who was interrupted at five is resumed first at nine, by the same worker, as the model says.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Generator
from typing import Any

from benchmarks.models.served import Answered, Asked, Tally, missing, serve, together

try:
    import simpy  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    missing("simpy")

Going = Generator[Any, Any, None]
SIGMA = math.sqrt(math.log(2))
"""Of a lognormal whose standard deviation is its mean."""
MEANS = {"referral": 0.25, "triage": 0.5, "assessment": 1.5, "advocacy": 1.0, "closure": 0.3}
STEPS = tuple(MEANS)
REPEATS = 0.6
"""The share of advocacy visits that are followed by another."""
SIZES = {"admin": 4, "triage": 3, "advocate": 22}
WHO = {"referral": "admin", "triage": "triage", "assessment": "advocate", "advocacy": "advocate", "closure": "admin"}


class Pool(simpy.PriorityResource):  # type: ignore[misc,unused-ignore]
    """A resource that can be closed: then it grants nobody, and who holds it keeps it."""

    is_open = True

    def _do_put(self, event: Any) -> None:
        if self.is_open:
            super()._do_put(event)

    def open(self) -> None:
        """Grants those who wait as many as are free."""
        self.is_open = True
        while self.put_queue and len(self.users) < self.capacity:
            self._trigger_put(None)


def until_done(now: float, work: float) -> float:
    """How long work takes that begins in office hours and goes on in office hours only."""
    day, hour = divmod(now, 24)
    left = work - (17 - hour)
    if left <= 0:
        return work
    days, rest = divmod(left, 8)
    if rest == 0:
        days, rest = days - 1, 8.0
    weekday = day % 7
    ahead = days + 1
    ahead += 2 * ((weekday + ahead) // 5)
    return float((day + ahead) * 24 + 9 + rest - now)


def _queue_case(env: Any, pool: Any, luck: random.Random, tally: Tally) -> Going:
    joined = env.now
    with pool.request() as asked:
        yield asked
        tally.waited["service"] += env.now - joined
        tally.started["service"] += 1
        yield env.timeout(luck.expovariate(1.0))
    tally.lead += env.now - joined
    tally.ended += 1
    tally.there -= 1


def _queue_arrivals(env: Any, hours: float, pool: Any, luck: random.Random, tally: Tally) -> Going:
    while True:
        yield env.timeout(luck.expovariate(9.0))
        if env.now >= hours:
            return
        tally.there += 1
        env.process(_queue_case(env, pool, luck, tally))


def _pathway_case(env: Any, pools: dict[str, Any], luck: random.Random, tally: Tally, patience: float) -> Going:
    entered = env.now
    rank = 0 if luck.random() < 0.2 else 1
    nights = patience > 8
    step = "referral"
    while True:
        joined = env.now
        with pools[WHO[step]].request(priority=rank) as asked:
            if step == "assessment":
                yield asked | env.timeout(luck.expovariate(1 / patience))
                if not asked.triggered:
                    tally.left += 1
                    break
            else:
                yield asked
            tally.waited[step] += env.now - joined
            tally.started[step] += 1
            work = luck.lognormvariate(math.log(MEANS[step]) - SIGMA * SIGMA / 2, SIGMA)
            yield env.timeout(until_done(env.now, work) if nights else work)
        if step == "closure":
            break
        if step == "advocacy":
            step = "advocacy" if luck.random() < REPEATS else "closure"
        else:
            step = STEPS[STEPS.index(step) + 1]
    tally.lead += env.now - entered
    tally.ended += 1
    tally.there -= 1


def _weights() -> list[float]:
    """Cases an hour in each hour of the week, 10,000 in 52 weeks."""
    week = []
    for hour in range(168):
        day, clock = divmod(hour, 24)
        if day < 5 and 9 <= clock < 17:
            week.append(3.5)
        elif day < 5 and (clock == 8 or 17 <= clock < 20):
            week.append(1.5)
        else:
            week.append(0.2)
    return [weight * 10_000 / 52 / sum(week) for weight in week]


def _times(model: str, hours: float, luck: random.Random) -> Generator[float, None, None]:
    """When cases come."""
    if model == "B":
        at = luck.expovariate(5.0)
        while at < hours:
            yield at
            at += luck.expovariate(5.0)
        return
    week = _weights()
    hour, reached, goal = 0, 0.0, luck.expovariate(1.0)
    while hour < hours:
        rate = week[hour % 168]
        if reached + rate > goal:
            yield hour + (goal - reached) / rate
            goal += luck.expovariate(1.0)
        else:
            reached += rate
            hour += 1


def _arrivals(env: Any, times: Any, pools: dict[str, Any], luck: random.Random, tally: Tally, patience: float) -> Going:
    for at in times:
        yield env.timeout(at - env.now)
        tally.there += 1
        env.process(_pathway_case(env, pools, luck, tally, patience))


def _shifts(env: Any, pools: dict[str, Any]) -> Going:
    for pool in pools.values():
        pool.is_open = False
    while True:
        for day in range(7):
            yield env.timeout(9)
            if day < 5:
                for pool in pools.values():
                    pool.open()
            yield env.timeout(8)
            for pool in pools.values():
                pool.is_open = False
            yield env.timeout(7)


def _midnights(env: Any, hours: float, tally: Tally) -> Going:
    while env.now < hours:
        yield env.timeout(24)
        tally.at_midnights += tally.there
        tally.midnights += 1


def replication(asked: Asked, number: int) -> dict[str, float]:
    """The figures of one replication, with the mean wait of all visits and how many started."""
    luck = random.Random(f"{asked.seed}/{number}")
    env = simpy.Environment()
    hours = 24.0 * asked.days
    if asked.model == "A":
        tally = Tally(("service",))
        env.process(_midnights(env, hours, tally))
        env.process(_queue_arrivals(env, hours, simpy.Resource(env, 10), luck, tally))
    else:
        tally = Tally(STEPS)
        pools = {name: Pool(env, size) for name, size in SIZES.items()}
        env.process(_midnights(env, hours, tally))
        if asked.model == "C":
            env.process(_shifts(env, pools))
        times = _times(asked.model, hours, luck)
        env.process(_arrivals(env, times, pools, luck, tally, 8.0 if asked.model == "B" else 24.0))
    env.run(until=hours + 24 * asked.drain_days)
    steps = float(sum(tally.started.values()))
    return {**tally.answers(), "wait": sum(tally.waited.values()) / steps, "steps": steps}


def run(asked: Asked) -> Answered:
    begun = time.process_time()
    found = [replication(asked, number) for number in range(asked.replications)]
    seconds = time.process_time() - begun
    steps = round(sum(one.pop("steps") for one in found))
    return Answered(seconds, steps, together(found))


if __name__ == "__main__":
    serve(f"SimPy {simpy.__version__}", run)
