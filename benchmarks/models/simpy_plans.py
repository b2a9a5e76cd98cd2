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
    found = [simpy_models.replication(replace(asked, model="C"), number) for number in range(asked.replications)]
    seconds = time.process_time() - begun
    steps = round(sum(one["steps"] for one in found))
    return Answered(seconds, steps, together([{name: one[name] for name in ("wait", "lead time")} for one in found]))


if __name__ == "__main__":
    serve("SimPy", run)
