"""Who runs the replications: threads of this process, or the workers of a cluster.

A runner gives what replications come to in the order of their numbers, so that nothing depends on who ran which.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from types import TracebackType
from typing import Protocol, Self

from millpond.simulation.figures import Figures, Reading
from millpond.simulation.replication import replicate
from millpond.simulation.tables import Tables

Tell = Callable[[float | None, int], None]
"""Is told the share that is done (None while the simulator is prepared) and how many replications that is."""

_GLANCE_SECONDS = 0.25
"""How often whoever is told can show that something is going on while nothing is finished."""


class Runner(Protocol):
    """Runs replications of one simulation; used in a ``with`` block."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def prepare(self, tell: Tell) -> None:
        """Compiles the event loop, or reads it from where it is kept."""

    def figures(self, numbers: range) -> Iterator[Figures]:
        """What the replications of these numbers come to, in their order."""


class Threads:
    """Replications side by side in this process, for the event loop holds no lock of Python.

    Args:
        reading: how the totals are read, and of what.
        seed: of the simulation.
        threads: how many; None for as many as this process may use processors.
    """

    def __init__(self, reading: Reading, seed: int, threads: int | None = None) -> None:
        self.reading, self.seed = reading, seed
        self.side_by_side = threads or _processors()
        self.executor = ThreadPoolExecutor(self.side_by_side)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.executor.shutdown(cancel_futures=True)

    def prepare(self, tell: Tell) -> None:
        """Compiles the event loop, or reads it from where it is kept."""
        tell(None, 0)
        ready = self.executor.submit(compile_for, self.reading.tables, self.seed)
        while not ready.done():
            wait([ready], timeout=_GLANCE_SECONDS)
            tell(None, 0)
        ready.result()

    def figures(self, numbers: range) -> Iterator[Figures]:
        """What the replications come to; never more than two for each thread are under way or waiting to be folded."""
        waiting: deque[Future[Figures]] = deque()
        try:
            for number in numbers:
                waiting.append(self.executor.submit(figures_of, self.reading, self.seed, number))
                if len(waiting) >= 2 * self.side_by_side:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def runner_for(reading: Reading, seed: int, threads: int | None = None, dask: str | None = None) -> Runner:
    """Threads of this process, or where an address is given the workers of the Dask cluster there."""
    if dask is None:
        return Threads(reading, seed, threads)
    # Here and not above: without a cluster, Dask need not be installed.
    from millpond.simulation.cluster import Cluster

    return Cluster(reading, seed, dask)


def compile_for(tables: Tables, seed: int) -> None:
    """Compiles the event loop that these tables need, by simulating no time at all."""
    replicate(replace(tables, fixed={**tables.fixed, "end": 0}), seed, 0)


def figures_of(reading: Reading, seed: int, number: int) -> Figures:
    """What one replication comes to."""
    return reading.figures(replicate(reading.tables, seed, number, logs=reading.logs))


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
