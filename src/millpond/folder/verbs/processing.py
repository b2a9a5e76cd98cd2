"""How work flows: the map, its comparisons, its formats, and the model that is learned from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from millpond.folder import moments
from millpond.folder.moments import When
from millpond.folder.opened import Tell
from millpond.folder.verbs.measuring import MeasuredFolder
from millpond.model import load_service

if TYPE_CHECKING:
    from millpond.calibration.backtesting.results import Backtest
    from millpond.calibration.fitting.result import Fit
    from millpond.calibration.predicting.what_if import WhatIf
    from millpond.folder.asked import Folder
    from millpond.folder.exchanging import Exported
    from millpond.process.comparing import MapComparison
    from millpond.process.conformance import Conformance
    from millpond.process.results import ProcessMap


class MappedFolder(MeasuredFolder):
    """How the work of a folder flows, and a model of it."""

    def map(
        self,
        *,
        as_of: When = None,
        person: str | None = None,
        within_days: int = 14,
        progress: Tell | None = None,
    ) -> ProcessMap:
        """How work really flows: steps, hand-offs, and where it waits and for what.

        Args:
            as_of: what ends the records.
            person: the column that names the person, to find repeat contacts; found by its name where left out.
            within_days: within how many days a contact of the same person for the same thing is a repeat.
            progress: is told how far the reading of the records has come.

        Raises:
            WrongUse: there is no such column, or the service keeps daily totals.
        """
        from millpond.folder.mapping import map_of

        self._kept(progress)
        return map_of(self, as_of, person, within_days)

    def compare_maps(
        self,
        other: Folder | None = None,
        *,
        before: str | date | None = None,
        by: str | None = None,
        as_of: When = None,
    ) -> MapComparison:
        """Maps beside each other: of another folder, of the cases that began before a day and from it on, or of groups.

        Args:
            other: another folder, opened.
            before: the first day of the later cases.
            by: a column of the records, such as ``stream``: a map for each of its values.
            as_of: what ends the records.

        Raises:
            WrongUse: not exactly one of the three is given, there is no such column, or there is nothing to compare.
        """
        from millpond.folder.mapping import compared_maps

        return compared_maps(self, other, before, by, as_of)

    def conformance(self, as_of: When = None) -> Conformance:
        """Whether cases went the way that service.toml draws, and where they left it.

        Raises:
            WrongUse: service.toml does not say where cases go.
        """
        from millpond.folder.mapping import conformance_of

        return conformance_of(self, as_of)

    def export(self, target: str | Path) -> Exported:
        """Writes the service, or its visits, for another tool.

        Args:
            target: a file; its ending says in which format: ``.bpmn`` (BPMN 2.0 with its diagram), ``.json`` (the
                simulation parameters of Prosimos, with their model beside them) or ``.xes`` (the visits).

        Returns:
            The files, and by name what the format cannot say.

        Raises:
            WrongUse: the name has another ending, or a model is there that another tool wrote.
            UnreadableFile: visits are wanted, and the folder has none.
            CannotWrite: the file could not be written.
        """
        from millpond.folder.exchanging import export

        return export(self, target)

    def fit(self, *, write: bool = True) -> Fit:
        """Learns a model from the records: arrivals, work, ways with memory, people, and delays that others cause.

        Args:
            write: whether to write it as ``fitted.toml`` beside ``service.toml``, which wins over it key by key; from
                then on this folder is described by both.

        Returns:
            Every value with its interval, the visits behind it and the reason, and what could not be learned.

        Raises:
            WrongUse: the records have no visit that has started.
            FaultyService: what ``service.toml`` says does not go together with the records.
            CannotWrite: the file could not be written.
        """
        from millpond.folder.fitting import fitted_folder

        result = fitted_folder(self, write)
        if write:
            self.service = load_service(self.path)
        return result

    def what_if(
        self,
        pool: str,
        *,
        minutes: float = 0.0,
        people: float = 0,
        days: int = 364,
        start: str | None = None,
        first_day: str | date | None = None,
        draws: int = 40,
        seed: int = 1,
        progress: Tell | None = None,
    ) -> WhatIf:
        """What waits and backlogs would come to with other direct minutes or other people, by a model of the records.

        A model is fitted, and nothing is written. Every figure has a 90% interval that holds the doubt of the fitted
        values and the luck of one such period.

        Args:
            pool: the pool whose staffing changes, as the fitted model names it.
            minutes: by which share its direct minutes a day change: -0.2 for a fifth less; never beyond the shift.
            people: how many people more it has, or fewer.
            days: for how many days new cases come.
            start: ``records`` to carry over the visits that they leave open (default), ``empty`` to begin with nobody
                there.
            first_day: the first day played. Default: the day after the last recorded instant.
            draws: how many services are drawn from the fit, 20 or more.
            seed: of the random draws: the same seed gives the same figures.
            progress: is told the share that is done and how many services that is.

        Raises:
            WrongUse: there is no such pool, nobody would be left in it, or the records have no visit that has started.
            FaultyService: what was learned and ``service.toml`` together cannot be simulated.
        """
        # Here and not above: fitting needs nothing of the simulator.
        from millpond.calibration.predicting.what_if import what_if
        from millpond.folder.beginning import beginning

        first, opening = beginning(self, moments.day(first_day, "from"), start)
        return what_if(
            self.fit(write=False),
            pool,
            minutes=minutes,
            people=people,
            first_day=first,
            days=days,
            draws=draws,
            seed=seed,
            opening=opening,
            progress=progress,
        )

    def backtest(
        self, split: float = 0.7, *, replications: int = 10, seed: int = 1, progress: Tell | None = None
    ) -> Backtest:
        """How a model that is fitted on the earlier part of the records fares on the later part, which it never sees.

        Args:
            split: the share of visits in the earlier part; the later one begins with a whole day.
            replications: how often the later part is simulated.
            seed: of the random draws: the same seed gives the same figures.
            progress: is told the share that is done and how many replications that is.

        Returns:
            The seven distances beside the floor, plain figures, and the cases under way over the band of the model.

        Raises:
            WrongUse: the split is no share, or one of the parts has too few cases.
            FaultyService: what was learned and ``service.toml`` together cannot be simulated.
        """
        from millpond.folder.fitting import backtested

        return backtested(self, split, replications, seed, progress)
