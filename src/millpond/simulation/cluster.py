"""Replications on the workers of a Dask cluster.

Each replication is a task of its own that depends on nothing but its number, so that it does not matter which worker
runs it, or how often: where a worker dies, Dask gives what it had to another, and the answer is the same bytes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from millpond.errors import WrongUse
from millpond.simulation.figures import Figures, Reading
from millpond.simulation.running import Tell, compile_for, figures_of

_TO_ANSWER_SECONDS = 10
_GLANCE_SECONDS = 0.25
_AHEAD = 4
"""How many replications for each thread of the cluster are under way or waiting to be folded."""


class Cluster:
    """Replications on a Dask cluster that somebody else has started.

    Args:
        reading: how the totals are read, and of what; sent to each worker once.
        seed: of the simulation.
        address: of the scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises:
        WrongUse: Dask is not installed, or nothing answers at the address.
    """

    def __init__(self, reading: Reading, seed: int, address: str) -> None:
        try:
            import distributed
        except ImportError:
            raise WrongUse(
                "Simulating on a Dask cluster needs Dask, which is not installed here. Install it with: pip install "
                "'millpond[dask]', or leave out --dask."
            ) from None
        try:
            client: Any = distributed.Client
            self.client: Any = client(address, timeout=_TO_ANSWER_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise WrongUse(
                f"No Dask scheduler answers at {address}: {error}. Start one with: dask scheduler, give the address "
                "that it prints, or leave out --dask to simulate on this computer."
            ) from None
        self.reading, self.seed, self.address = reading, seed, address

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()

    def prepare(self, tell: Tell) -> None:
        """Has one worker compile the event loop; the others find it in their cache, or compile it when they begin.

        Raises:
            WrongUse: the cluster has no workers.
        """
        tell(None, 0)
        if not self.client.ncores():
            try:
                self.client.wait_for_workers(1, timeout=_TO_ANSWER_SECONDS)
            except TimeoutError:
                raise WrongUse(
                    f"The Dask scheduler at {self.address} has no workers. Start some with: dask worker ADDRESS."
                ) from None
        # A task and not scattered data: what a worker takes with it when it dies is then made again.
        self.kept = self.client.submit(_kept, self.reading, pure=False)
        ready = self.client.submit(_compile, self.kept, self.seed, pure=False)
        while not ready.done():
            with suppress(TimeoutError):
                ready.result(timeout=_GLANCE_SECONDS)
            tell(None, 0)
        ready.result()

    def figures(self, numbers: range) -> Iterator[Figures]:
        """What the replications come to, in the order of their numbers."""
        waiting: deque[Any] = deque()
        most = _AHEAD * max(sum(self.client.ncores().values()), 1)
        try:
            for number in numbers:
                waiting.append(self.client.submit(figures_of, self.kept, self.seed, number, pure=False))
                if len(waiting) >= most:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _kept(reading: Reading) -> Reading:
    return reading


def _compile(reading: Reading, seed: int) -> None:
    compile_for(reading.tables, seed)
