"""A simulator in a process of its own: it is asked for runs on standard input, one line of JSON each, and answers each
with one line. It says first what it is; where its library is missing, that it is missing.

Nothing here needs Millpond, so that a peer can live in another environment.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Asked:
    """One run.

    Attributes:
        model: A, B or C.
        days: for how many days cases come, from an empty service on a Monday at midnight.
        drain_days: how many days more are simulated, so that those cases end.
        replications: how often, each with other luck.
        seed: of all draws.
        threads: how many replications side by side, where that can be chosen.
    """

    model: str
    days: int
    drain_days: int
    replications: int
    seed: int
    threads: int = 1


@dataclass(frozen=True)
class Answered:
    """What a run came to.

    Attributes:
        seconds: of processors in the run, without imports and compilation.
        steps: how many visits started.
        answers: for each figure its value in each replication, in hours or cases.
        elapsed: seconds by the clock, where they are asked for.
    """

    seconds: float
    steps: int
    answers: dict[str, list[float]]
    elapsed: float = 0.0


def serve(name: str, run: Callable[[Asked], Answered]) -> None:
    """Answers until standard input ends."""
    print(json.dumps({"name": name}), flush=True)
    for line in sys.stdin:
        print(json.dumps(asdict(run(Asked(**json.loads(line))))), flush=True)


def missing(library: str) -> None:
    """Says that a library is not there, and ends."""
    print(json.dumps({"missing": library}), flush=True)
    sys.exit(0)


class Tally:
    """What a simulator written by hand keeps of one replication: sums of waits, of lead times, and who is there."""

    def __init__(self, steps: tuple[str, ...]) -> None:
        self.waited = dict.fromkeys(steps, 0.0)
        self.started = dict.fromkeys(steps, 0)
        self.lead, self.ended, self.left = 0.0, 0, 0
        self.there, self.at_midnights, self.midnights = 0, 0, 0

    def answers(self) -> dict[str, float]:
        """The figures of one replication by their names."""
        waits = {f"wait {step}": self.waited[step] / max(count, 1) for step, count in self.started.items()}
        return {
            **waits,
            "lead time": self.lead / max(self.ended, 1),
            "left": float(self.left),
            "backlog": self.at_midnights / max(self.midnights, 1),
        }


def together(found: list[dict[str, float]]) -> dict[str, list[float]]:
    """The figures of several replications, each name with its values in their order."""
    return {name: [one[name] for one in found] for name in found[0]} if found else {}
