"""What is measured in processes of its own, so that one measurement leaves nothing behind for the next."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.models.served import Asked
from benchmarks.simulating.peers import ROOT, environment

SCRIPT = ROOT / "benchmarks" / "simulation.py"
"""Where `PARTS` are run by their names."""


def sub(part: str, *arguments: object, env: dict[str, str] | None = None) -> dict[str, float]:
    """Runs one of `PARTS` in a process of its own."""
    command = [sys.executable, str(SCRIPT), "--part", part, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=env or environment())
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


class LoopClock:
    """Measures the event loop itself: what is compiled, from its call to its return."""

    def __init__(self) -> None:
        from millpond.simulation import compiled, replication

        self.seconds = 0.0
        kernel, *entries = compiled.compiled()
        lean, full = (self._timed(entry) for entry in entries)
        vars(replication)["compiled"] = lambda: (kernel, lean, full)

    def _timed(self, entry: object) -> object:
        def run(*arguments: object) -> object:
            begun = time.perf_counter()
            try:
                return entry(*arguments)  # type: ignore[operator]
            finally:
                self.seconds += time.perf_counter() - begun

        return run


def part_loop(model: str, variant: str, replications: str) -> dict[str, float]:
    """The event loop of a model beside all else that `simulate` does, for each replication and once."""
    from benchmarks.models.millpond_models import run

    from millpond.simulation import running

    full, count = variant == "full", int(replications)
    run(Asked(model, 7, 7, 1, 1), full=full)
    clock = LoopClock()
    each, figures_of = 0.0, running.figures_of

    def timed(*arguments: Any) -> Any:
        nonlocal each
        begun = time.perf_counter()
        found = figures_of(*arguments)
        each += time.perf_counter() - begun
        return found

    running.figures_of = timed  # type: ignore[assignment]
    found = run(Asked(model, 364, 28, count, 2), full=full)
    return {
        "loop": 1e9 * clock.seconds / found.steps,
        "each": (each - clock.seconds) / count,
        "once": found.seconds - each,
        "whole": 1e9 * found.seconds / found.steps,
    }


def part_size(cases: str, replications: str) -> dict[str, float]:
    """Model B, sped up so that so many cases come in four weeks: nothing but their number differs."""
    from benchmarks.models.millpond_models import MONDAY, service

    from millpond.simulation.replications import simulate

    of = service("B", full=False, times=int(cases) / (5 * 24 * 28))
    simulate(of, first_day=MONDAY, days=1, replications=1, threads=1)
    clock = LoopClock()
    found = simulate(of, first_day=MONDAY, days=28, drain_days=1, replications=int(replications), threads=1)
    started = [row.started.value for row in found.waits.rows if row.urgency is None and row.started is not None]
    return {"ns": 1e9 * clock.seconds / (sum(started) * int(replications)), "peak": _peak()}


def part_log(cases: str, folder: str) -> dict[str, float]:
    """One replication of model B with so many cases, its records written."""
    from benchmarks.models.millpond_models import MONDAY, service

    from millpond.simulation.replication import replicate
    from millpond.simulation.replications import simulate
    from millpond.simulation.tables import tables_of

    of = service("B", full=False, times=int(cases) / (5 * 24 * 28))
    simulate(of, first_day=MONDAY, days=1, replications=1, threads=1)
    if folder == "-":
        tables = tables_of(of, 20_094, 28, drain_days=1)
        before = _peak()
        kept = replicate(tables, 1, 0, logs=True)
        held = float(kept.log.nbytes)
        return {"held": held, "peak": _peak() - before}
    before = _peak()
    begun = time.perf_counter()
    simulate(of, first_day=MONDAY, days=28, drain_days=1, replications=1, threads=1, log=Path(folder) / "log")
    return {"peak": _peak() - before, "seconds": time.perf_counter() - begun}


def _peak() -> float:
    """The most memory that this process has had, in bytes."""
    import resource

    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def part_events(workers: str, steps: str, delay: str, replications: str) -> dict[str, float]:
    """A chain of steps, each with a pool of five that is busy four fifths of the time, and perhaps a delay between."""
    from benchmarks.models.millpond_models import ALWAYS, MONDAY

    from millpond.model import Service
    from millpond.simulation.replications import simulate

    count, each = int(steps), int(workers) // int(steps)
    after = {} if delay == "-" else {"after": delay}
    of = Service.from_plain(
        {
            "name": "a chain",
            "timezone": "UTC",
            "calendars": {"hours": {"hours": ALWAYS}},
            "pools": {f"pool {place}": {"calendar": "hours", "workers": each} for place in range(count)},
            "streams": {"all": {"first_step": "step 0", "per_week": 168 * 0.8 * each}},
            "steps": {
                f"step {place}": {
                    "pool": f"pool {place}",
                    "minutes": {"distribution": "exponential", "mean": 60},
                    "next": f"step {place + 1}" if place + 1 < count else "closed",
                    **({"after": {f"step {place + 1}": delay}} if after and place + 1 < count else {}),
                }
                for place in range(count)
            },
        }
    )
    simulate(of, first_day=MONDAY, days=1, replications=1, threads=1)
    clock = LoopClock()
    found = simulate(of, first_day=MONDAY, days=56, replications=int(replications), threads=1)
    started = [row.started.value for row in found.waits.rows if row.started is not None]
    return {"ns": 1e9 * clock.seconds / (sum(started) * int(replications)), "visits": sum(started) * int(replications)}


def part_compile(variant: str) -> dict[str, float]:
    """What the first call of a process costs."""
    begun = time.perf_counter()
    from benchmarks.models.millpond_models import run

    imported = time.perf_counter()
    run(Asked("A", 1, 1, 1, 1), full=variant == "full")
    first = time.perf_counter()
    run(Asked("A", 1, 1, 1, 1), full=variant == "full")
    again = time.perf_counter()
    return {"imported": imported - begun, "first": (first - imported) - (again - first)}


PARTS = {
    "loop": part_loop,
    "size": part_size,
    "log": part_log,
    "events": part_events,
    "compile": part_compile,
}
