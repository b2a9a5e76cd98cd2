"""Models A, B and C in Ciw: a pool is a node, what a visit needs is told from where its case has been.

Times are of Ciw's simulation alone; reading its records, from which all figures are taken, is not counted.
"""

from __future__ import annotations

import math
import random
import time
from typing import Any

from benchmarks.models.served import Answered, Asked, Tally, missing, serve, together

try:
    import ciw  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    missing("ciw")

ADMIN, TRIAGE, ADVOCATE = 1, 2, 3
SIZES = (4, 3, 22)
STEPS = ("referral", "triage", "assessment", "advocacy", "closure")
SIGMA = math.sqrt(math.log(2))


class Until(ciw.dists.Distribution):  # type: ignore[misc,unused-ignore]
    """Gaps between arrivals at random, up to an hour from which nobody comes."""

    def __init__(self, rate: float, hours: float) -> None:
        self.rate, self.hours = rate, hours

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        gap = random.expovariate(self.rate)
        return gap if (t or 0.0) + gap < self.hours else math.inf


class FirstOrLater(ciw.dists.Distribution):  # type: ignore[misc,unused-ignore]
    """Lognormal work of one mean on the first visit to a node, and of another on later ones."""

    def __init__(self, node: int, first: float, later: float) -> None:
        self.node = node
        self.first, self.later = (math.log(mean) - SIGMA * SIGMA / 2 for mean in (first, later))

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        # A case comes again to the advocates from them, and to the administrators after all others.
        first = not ind.data_records or (self.node == ADVOCATE and ind.data_records[-1].node != ADVOCATE)
        return random.lognormvariate(self.first if first else self.later, SIGMA)


class FirstTime(ciw.dists.Distribution):  # type: ignore[misc,unused-ignore]
    """Patience on the first visit to the advocates; none leaves later."""

    def __init__(self, mean: float) -> None:
        self.rate = 1 / mean

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        return math.inf if ind.data_records[-1].node == ADVOCATE else random.expovariate(self.rate)


def _route(individual: Any, simulation: Any) -> list[int]:
    advocacies = 1
    while random.random() < 0.6:
        advocacies += 1
    return [TRIAGE, ADVOCATE, *[ADVOCATE] * advocacies, ADMIN]


def _hourly(share: float, hours: float) -> Any:
    """Model C's arrivals: a rate for each hour of the week."""
    working_day = [0.2] * 8 + [1.5] + [3.5] * 8 + [1.5] * 3 + [0.2] * 4
    week = working_day * 5 + [0.2] * 48
    scale = 10_000 / 52 / sum(week) * share
    ends = [float(hour + 1) for hour in range(168)]
    return ciw.dists.PoissonIntervals([rate * scale for rate in week], ends, hours)


def _network(asked: Asked) -> Any:
    hours = 24.0 * asked.days
    if asked.model == "A":
        arrivals, work = [Until(9.0, hours)], [ciw.dists.Exponential(1.0)]
        return ciw.create_network(
            arrival_distributions=arrivals,
            service_distributions=work,
            number_of_servers=[10],
            routing=ciw.routing.NetworkRouting([ciw.routing.Leave()]),
        )
    shares = {"urgent": 0.2, "routine": 0.8}
    if asked.model == "B":
        servers: list[Any] = list(SIZES)
        coming: dict[str, Any] = {name: Until(5.0 * share, hours) for name, share in shares.items()}
        patience = 8.0
    else:
        # Nine to five from Monday to Friday; work under way is interrupted and resumed before anything else.
        ends = [float(24 * day + hour) for day in range(5) for hour in (9, 17)] + [168.0]
        servers = [ciw.Schedule([0, size] * 5 + [0], ends, preemption="resume") for size in SIZES]
        coming = {name: _hourly(share, hours) for name, share in shares.items()}
        patience = 24.0
    work = [FirstOrLater(ADMIN, 0.25, 0.3), FirstOrLater(TRIAGE, 0.5, 0.5), FirstOrLater(ADVOCATE, 1.5, 1.0)]
    return ciw.create_network(
        arrival_distributions={name: [coming[name], None, None] for name in shares},
        service_distributions=dict.fromkeys(shares, work),
        reneging_time_distributions={name: [None, None, FirstTime(patience)] for name in shares},
        number_of_servers=servers,
        priority_classes={"urgent": 0, "routine": 1},
        routing=dict.fromkeys(shares, ciw.routing.ProcessBased(_route)),
    )


def _visits(records: list[Any]) -> dict[float, tuple[float | None, Any]]:
    """For each joining the wait until the first start (None: left before), and the last record."""
    found: dict[float, tuple[float | None, Any]] = {}
    for record in sorted(records, key=lambda one: one.exit_date):
        wait = None if record.record_type == "renege" else record.waiting_time
        found[record.arrival_date] = (found.get(record.arrival_date, (wait, None))[0], record)
    return found


def _answers(simulation: Any, asked: Asked) -> dict[str, float]:
    steps = ("service",) if asked.model == "A" else STEPS
    tally = Tally(steps)
    tally.midnights = asked.days
    for individual in simulation.get_all_individuals():
        visits = sorted(_visits(individual.data_records).items())
        for place, (_, (wait, record)) in enumerate(visits):
            if wait is None:
                tally.left += 1
                continue
            last = place == len(visits) - 1 and place > 0
            step = (
                "closure" if last and record.node == ADMIN else steps[min(place, len(steps) - 2)] if place else steps[0]
            )
            tally.waited[step] += wait
            tally.started[step] += 1
        entered, ended = visits[0][0], visits[-1][1][1].exit_date
        tally.lead += ended - entered
        tally.ended += 1
        tally.at_midnights += min(int(ended // 24), asked.days) - int(entered // 24)
    return {**tally.answers(), "steps": float(sum(tally.started.values()))}


def run(asked: Asked) -> Answered:
    seconds, found = 0.0, []
    for number in range(asked.replications):
        ciw.seed(asked.seed * 1000 + number)
        begun = time.process_time()
        simulation = ciw.Simulation(_network(asked))
        simulation.simulate_until_max_time(24.0 * (asked.days + asked.drain_days))
        seconds += time.process_time() - begun
        found.append(_answers(simulation, asked))
    steps = round(sum(one.pop("steps") for one in found))
    return Answered(seconds, steps, together(found))


if __name__ == "__main__":
    serve(f"Ciw {ciw.__version__}", run)
