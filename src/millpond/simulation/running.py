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

    The thread that asks runs replications itself, besides as many helpers as make up the number: a thread that only
    waited for the others and folded what they hand over would wake up for each, which costs more than the folding.

    Args:
        reading: how the totals are read, and of what.
        seed: of the simulation.
        threads: how many; None for as many as this process may use processors.
    """

    def __init__(self, reading: Reading, seed: int, threads: int | None = None) -> None:
        self.reading, self.seed = reading, seed
        self.side_by_side = threads or _processors()
        self.helpers = self.side_by_side - 1
        # One at least, for `prepare`; it starts no thread before there is something to do.
        self.executor = ThreadPoolExecutor(max(self.helpers, 1))

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
        """What the replications come to; never more than four for each thread are under way or waiting to be folded."""
        left, under_way = deque(numbers), deque[tuple[int, Future[Figures]]]()
        most = 4 * self.side_by_side
        try:
            while left or under_way:
                # Each helper has one in hand and one to go on with.
                free = 2 * self.helpers - sum(not future.done() for _, future in under_way)
                while left and free > 0 and len(under_way) < most:
                    under_way.append(self._handed_out(left.popleft()))
                    free -= 1
                if under_way and under_way[0][1].done():
                    yield under_way.popleft()[1].result()
                elif left and len(under_way) < most:
                    under_way.append(self._run_here(left.popleft()))
                else:
                    place = next((place for place, (_, future) in enumerate(under_way) if future.cancel()), None)
                    if place is None:
                        yield under_way.popleft()[1].result()
                    else:
                        under_way[place] = self._run_here(under_way[place][0])
        finally:
            for _, future in under_way:
                future.cancel()

    def _handed_out(self, number: int) -> tuple[int, Future[Figures]]:
        return number, self.executor.submit(figures_of, self.reading, self.seed, number)

    def _run_here(self, number: int) -> tuple[int, Future[Figures]]:
        found = Future[Figures]()
        found.set_result(figures_of(self.reading, self.seed, number))
        return number, found


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
