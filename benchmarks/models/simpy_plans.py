"""Plans for model C in SimPy: other sizes of pools, other minutes, fewer repeats; `model` of what is asked is the plan.

What is different is set in the module of the models, whose processes read it: nothing of the pathway is written again.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from benchmarks.models import simpy_models
from benchmarks.models.served import Answered, Asked, serve, together

PLANS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "advocate": {"SIZES": {"advocate": 23}},
    "two advocates": {"SIZES": {"advocate": 24}},
    "triage": {"SIZES": {"triage": 4}},
    "admin": {"SIZES": {"admin": 5}},
    "shorter": {"MEANS": {"advocacy": 0.9}},
    "fewer": {"REPEATS": 0.55},
    "fewer and shorter": {"REPEATS": 0.55, "MEANS": {"assessment": 1.2}},
}
USUAL: dict[str, Any] = {"SIZES": simpy_models.SIZES, "MEANS": simpy_models.MEANS, "REPEATS": simpy_models.REPEATS}


def run(asked: Asked) -> Answered:
    """Some replications of model C with a plan: the mean wait of all visits and the mean lead time, in hours.

    Seconds are of the processor: what else the machine does is left out.
    """
    for name, usual in USUAL.items():
        changed = PLANS[asked.model].get(name, {} if isinstance(usual, dict) else usual)
        setattr(simpy_models, name, {**usual, **changed} if isinstance(usual, dict) else changed)
    begun = time.process_time()
    found, steps = [], 0
    tallies: list[Any] = []
    usual_tally = simpy_models.Tally

    def kept(steps: tuple[str, ...]) -> Any:
        tallies.append(usual_tally(steps))
        return tallies[-1]

    simpy_models.Tally = kept  # type: ignore[assignment,misc,unused-ignore]
    try:
        for number in range(asked.replications):
            simpy_models._replication(replace(asked, model="C"), number)
    finally:
        simpy_models.Tally = usual_tally  # type: ignore[misc,unused-ignore]
    seconds = time.process_time() - begun
    for tally in tallies:
        started = sum(tally.started.values())
        steps += started
        found.append({"wait": sum(tally.waited.values()) / started, "lead time": tally.lead / tally.ended})
    return Answered(seconds, steps, together(found))


if __name__ == "__main__":
    serve(f"SimPy {simpy_models.simpy.__version__}", run)
