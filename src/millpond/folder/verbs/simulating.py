"""What may come: the service simulated."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.folder import moments
from millpond.folder.opened import Tell
from millpond.folder.verbs.measuring import MeasuredFolder

if TYPE_CHECKING:
    from millpond.simulation.results import Simulation


class SimulatedFolder(MeasuredFolder):
    """The days to come of a folder, simulated."""

    def simulate(
        self,
        days: int = 364,
        *,
        replications: int | None = None,
        precision: float | None = None,
        seed: int = 1,
        start: str | None = None,
        first_day: str | date | None = None,
        warm_up_days: int = 0,
        drain_days: int = 0,
        log: Path | str | None = None,
        threads: int | None = None,
        dask: str | None = None,
        progress: Tell | None = None,
    ) -> Simulation:
        """What may come: the same days many times over, with the luck that they may have.

        Args:
            days: for how many days new cases come.
            replications: how often the days are simulated; default 100, or with a precision as often as it takes.
            precision: simulate until the mean lead time and the mean backlog are known to this share of themselves,
                such as 0.05; at most 10,000 times, or as often as `replications` says.
            seed: of the random draws: the same seed gives the same figures.
            start: ``records`` to carry over the visits that they leave open, ``empty`` to begin with nobody there.
                Default: the records, where there are records of visits.
            first_day: the first day simulated. Default: the day after the last recorded instant; today without records.
            warm_up_days: how many days at the start to leave out of waits, lead times and the figures of pools.
            drain_days: how many days more to simulate, in which no new cases come.
            log: where to write the first replication in the shape of real records: a new folder, which can be opened
                like any other, or a file whose name ends in ``.csv`` or ``.parquet``.
            threads: how many replications run side by side; default, as many as there are processors.
            dask: the address of a Dask scheduler whose workers are to run the replications.
            progress: is told the share that is done and how many replications that is.

        Raises:
            WrongUse: a number is out of its limits, or the records cannot be started from on that day.
            FaultyService: the service cannot be simulated as it is described; all faults are told.
            CannotWrite: the log could not be written.
        """
        # Here and not above: measuring needs nothing of the simulator.
        from millpond.folder.beginning import beginning
        from millpond.simulation.replications import simulate

        first, opening = beginning(self, moments.day(first_day, "from"), start)
        return simulate(
            self.service,
            first_day=first,
            days=days,
            replications=replications,
            precision=precision,
            seed=seed,
            opening=opening,
            warm_up_days=warm_up_days,
            drain_days=drain_days,
            log=log,
            threads=threads,
            dask=dask,
            progress=progress,
        )
