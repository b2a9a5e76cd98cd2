# mypy: ignore-errors
# What it declares is typed by cimba, which compiles it: its fields are not what they are annotated as.
"""Models A, B and C in cimba, whose event loop is C and whose models Numba compiles.

In model A ten servers take arrival times from a store, as in cimba's own benchmark; in the others a case is a process.
Nights in model C are as in its SimPy counterpart: office hours are counted forward with the worker held, and a pool
without capacity grants nobody.
"""

import math
import time

import numpy as np
from benchmarks.models.served import Answered, Asked, missing, serve

try:
    import cimba as cb
    import cimba.random as luck
except ImportError:
    missing("cimba")

STEPS = ("referral", "triage", "assessment", "advocacy", "closure")
SIGMA = math.sqrt(math.log(2))
LOWERED = SIGMA * SIGMA / 2
OUT_OF_PATIENCE = 7
SIZES = (4, 3, 22)


class Queue(cb.Model):
    """Model A."""

    hours: cb.Param[float]
    waiting: cb.Store[float]
    there: int = 0
    midnights: cb.Output[float] = 0.0
    waited: cb.Output[float] = 0.0
    started: cb.Output[float] = 0.0
    lead: cb.Output[float] = 0.0

    @cb.process
    def arrivals(self):
        while True:
            cb.hold(luck.exponential(1.0 / 9.0))
            if cb.now() >= self.hours:
                break
            self.there += 1
            self.waiting.put(cb.now())

    @cb.process(copies=10)
    def server(self):
        while True:
            joined = self.waiting.get()
            self.waited += cb.now() - joined
            self.started += 1.0
            cb.hold(luck.exponential(1.0))
            self.lead += cb.now() - joined
            self.there -= 1

    @cb.process
    def nights(self):
        while cb.now() < self.hours:
            cb.hold(24.0)
            self.midnights += self.there


class Case(cb.Model):
    """A case of models B and C."""

    service: cb.Ref["Service"]

    @cb.process
    def life(self):
        me = self.service
        entered = cb.now()
        rank = 1 if luck.uniform() < 0.2 else 0
        step = 0
        while True:
            joined = cb.now()
            if step == 0 or step == 4:
                me.admin.acquire(1, rank)
            elif step == 1:
                me.triage.acquire(1, rank)
            elif step == 2:
                cb.this_process().timer_set(luck.exponential(me.patience), OUT_OF_PATIENCE)
                if me.advocate.acquire(1, rank) == OUT_OF_PATIENCE:
                    me.left += 1.0
                    break
                cb.this_process().timers_clear()
            else:
                me.advocate.acquire(1, rank)
            me.waited[step] += cb.now() - joined
            me.started[step] += 1.0
            work = luck.lognormal(math.log(me.mean[step]) - LOWERED, SIGMA)
            if me.nights:
                day = math.floor(cb.now() / 24.0)
                left = work - (17.0 - (cb.now() - 24.0 * day))
                if left > 0.0:
                    whole = math.ceil(left / 8.0) - 1.0
                    ahead = whole + 1.0
                    ahead += 2.0 * math.floor((day % 7.0 + ahead) / 5.0)
                    work = (day + ahead) * 24.0 + 9.0 + left - 8.0 * whole - cb.now()
            cb.hold(work)
            if step == 0 or step == 4:
                me.admin.release(1)
            elif step == 1:
                me.triage.release(1)
            else:
                me.advocate.release(1)
                # Whom that wakes runs before this case asks again, which would else overtake them.
                cb.hold(0.0)
            if step == 4:
                break
            if step != 3 or luck.uniform() >= 0.6:
                step += 1
        me.lead += cb.now() - entered
        me.ended += 1.0
        me.there -= 1


class Service(cb.Model):
    """Models B and C."""

    hours: cb.Param[float]
    patience: cb.Param[float]
    nights: cb.Param[bool]
    scale: cb.Param[float]
    admin: cb.Resource = cb.Resource(capacity=4)
    triage: cb.Resource = cb.Resource(capacity=3)
    advocate: cb.Resource = cb.Resource(capacity=22)
    mean: cb.Array[float] = cb.Array([0.25, 0.5, 1.5, 1.0, 0.3])
    waited: cb.Array[float] = cb.Array([0.0] * 5)
    started: cb.Array[float] = cb.Array([0.0] * 5)
    there: int = 0
    midnights: cb.Output[float] = 0.0
    left: cb.Output[float] = 0.0
    lead: cb.Output[float] = 0.0
    ended: cb.Output[float] = 0.0
    waited_0: cb.Output[float] = 0.0
    waited_1: cb.Output[float] = 0.0
    waited_2: cb.Output[float] = 0.0
    waited_3: cb.Output[float] = 0.0
    waited_4: cb.Output[float] = 0.0
    started_0: cb.Output[float] = 0.0
    started_1: cb.Output[float] = 0.0
    started_2: cb.Output[float] = 0.0
    started_3: cb.Output[float] = 0.0
    started_4: cb.Output[float] = 0.0

    @cb.process
    def arrivals(self):
        if not self.nights:
            while True:
                cb.hold(luck.exponential(0.2))
                if cb.now() >= self.hours:
                    break
                self.there += 1
                cb.spawn(Case, service=self)
        else:
            hour = 0
            while hour < self.hours:
                day, clock = (hour // 24) % 7, hour % 24
                rate = 0.2
                if day < 5 and clock >= 9 and clock < 17:
                    rate = 3.5
                elif day < 5 and (clock == 8 or (clock >= 17 and clock < 20)):
                    rate = 1.5
                gap = luck.exponential(1.0 / (rate * self.scale))
                if cb.now() + gap >= hour + 1:
                    # Without memory: the rest of the gap is drawn anew at the next hour's rate.
                    cb.hold(hour + 1 - cb.now())
                    hour += 1
                else:
                    cb.hold(gap)
                    self.there += 1
                    cb.spawn(Case, service=self)

    @cb.process(priority=9)
    def shifts(self):
        day = 0
        if self.nights:
            self.admin.set_capacity(0)
            self.triage.set_capacity(0)
            self.advocate.set_capacity(0)
        while self.nights and day >= 0:
            cb.hold(9.0)
            if day < 5:
                self.admin.set_capacity(4)
                self.triage.set_capacity(3)
                self.advocate.set_capacity(22)
            cb.hold(8.0)
            self.admin.set_capacity(0)
            self.triage.set_capacity(0)
            self.advocate.set_capacity(0)
            cb.hold(7.0)
            day = (day + 1) % 7

    @cb.process
    def midnight(self):
        while cb.now() < self.hours:
            cb.hold(24.0)
            self.midnights += self.there

    @cb.on_end
    def copied(self):
        self.waited_0 = self.waited[0]
        self.waited_1 = self.waited[1]
        self.waited_2 = self.waited[2]
        self.waited_3 = self.waited[3]
        self.waited_4 = self.waited[4]
        self.started_0 = self.started[0]
        self.started_1 = self.started[1]
        self.started_2 = self.started[2]
        self.started_3 = self.started[3]
        self.started_4 = self.started[4]


SCALE = 10_000 / 52 / (5 * (8 * 3.5 + 4 * 1.5) + (168 - 5 * 12) * 0.2)


def _experiment(asked: Asked):
    model = Queue() if asked.model == "A" else Service()
    model.hours = 24.0 * asked.days
    if asked.model != "A":
        model.patience = 8.0 if asked.model == "B" else 24.0
        model.nights = asked.model == "C"
        model.scale = SCALE
    hours = 24.0 * (asked.days + asked.drain_days)
    window = cb.Window(warmup=0.0, duration=hours)
    return model, cb.Experiment(model, replications=asked.replications, window=window, seed=asked.seed)


def run(asked: Asked) -> Answered:
    model, experiment = _experiment(asked)
    begun = time.process_time()
    found = experiment.run(workers=1)[model]
    seconds = time.process_time() - begun

    def each(name: str) -> list[float]:
        return [float(one) for one in np.ravel(getattr(found, name))]

    if asked.model == "A":
        counts, waits = {"service": each("started")}, {"service": each("waited")}
        ended, left = counts["service"], [0.0] * asked.replications
    else:
        counts = {step: each(f"started_{place}") for place, step in enumerate(STEPS)}
        waits = {step: each(f"waited_{place}") for place, step in enumerate(STEPS)}
        ended, left = each("ended"), each("left")
    answers = {
        f"wait {step}": [total / max(count, 1) for total, count in zip(waits[step], counts[step], strict=True)]
        for step in counts
    }
    answers["lead time"] = [total / max(count, 1) for total, count in zip(each("lead"), ended, strict=True)]
    answers["left"] = left
    answers["backlog"] = [total / asked.days for total in each("midnights")]
    return Answered(seconds, round(sum(map(sum, counts.values()))), answers)


def main() -> None:
    for model in "ABC":
        run(Asked(model, 7, 7, 1, 1))
    serve(f"cimba {cb.__version__}", run)


if __name__ == "__main__":
    main()
