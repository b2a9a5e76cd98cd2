"""What a study of dependence hands back: a row for each person, and for each pool and skill how many hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from millpond.results import Result
from millpond.simulation.intervals import Estimate
from millpond.simulation.rows import Simulated


@dataclass(frozen=True)
class HoldingRow:
    """How many people a pool or a skill rests on, on the first day.

    Attributes:
        kind: ``pool`` or ``skill``.
        name: its key in ``service.toml``.
        people: how many can do it, those with them who help from other pools.
        only: who it is, where there is one; else None.
    """

    kind: str
    name: str
    people: int
    only: str | None


@dataclass(frozen=True)
class Holdings(Result):
    """How many people each pool and each skill rests on."""

    rows: tuple[HoldingRow, ...]
    row_type: ClassVar[type] = HoldingRow


@dataclass(frozen=True)
class DependenceRow:
    """What it does when one person is away. Changes are paired: the same replications, the same luck.

    Attributes:
        person: the worker's key, or the pool and a number for one of several places without a name.
        pool: the person's home.
        alike: for how many people the row stands: places of a pool without names are tried once.
        replications: how many replications the row rests on.
        only_one: pools and skills that nobody else holds, with commas between; None where there is none.
        backlog_change: minutes of backlog more, mean over all days and pools; None where it cannot be simulated.
        wait_change: by how many minutes of elapsed time the mean wait of visits that started is longer.
        recovery_days: days from the return until the mean backlog at a day's end is again what is usual; 0 where it
            never left that; None where it is not within the days simulated, or cannot be simulated.
        refused: why it cannot be simulated, such as a step that nobody could do; else None.
        training: who could be trained for the person's pool and skills to most effect, of those tried; else None.
        training_saves: minutes of mean backlog less with them trained, while the person is away; else None.
    """

    person: str
    pool: str
    alike: int
    replications: int
    only_one: str | None
    backlog_change: Estimate | None
    wait_change: Estimate | None
    recovery_days: int | None
    refused: str | None
    training: str | None
    training_saves: Estimate | None


@dataclass(frozen=True)
class Dependence(Simulated):
    """Everybody whose absence was tried, those first whose loss cannot be simulated, then by damage.

    Attributes:
        service: the service's name.
        first_day: the first day of the absence and of the simulation, ISO 8601.
        days: for how many days.
        away: for how many of them each person is away.
        seed: of the random draws.
        holdings: how many people each pool and skill rests on.
    """

    rows: tuple[DependenceRow, ...]
    service: str
    first_day: str
    days: int
    away: int
    seed: int
    holdings: Holdings
    row_type: ClassVar[type] = DependenceRow

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, ready for JSON."""
        return {**super().to_dict(), "holdings": self.holdings.to_dict()["rows"]}
