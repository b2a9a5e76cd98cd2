"""What a backtest hands back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from millpond.calibration.fitting.result import Fit
from millpond.measures.results import Result


@dataclass(frozen=True)
class DistanceRow:
    """One of the seven distances between what was simulated and what came.

    Attributes:
        distance: its name.
        compares: what it compares, and in which unit.
        value: the mean over the replications.
        low, high: of its 95% interval.
        floor: the distance between the two real parts; history repeated.
        ratio: value over floor; None where the floor is nothing.
    """

    distance: str
    compares: str
    value: float
    low: float
    high: float
    floor: float
    ratio: float | None


@dataclass(frozen=True)
class FigureRow:
    """A plain figure of the cases that began since the split, as it came and as it was simulated.

    Attributes:
        figure: what it is, with its unit.
        real: as it came; None where it is not known.
        simulated: the mean over the replications; None where none has it.
        low, high: of its 95% interval.
    """

    figure: str
    real: float | None
    simulated: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class BacklogRow:
    """The cases under way as a day began.

    Attributes:
        day: the day, ISO 8601.
        real: as it was.
        median: of the replications.
        low, high: of the band, in which eight in ten are expected, as nearly as the replications allow.
    """

    day: str
    real: int
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Figures(Result):
    """The plain figures of a backtest."""

    row_type: ClassVar[type] = FigureRow


@dataclass(frozen=True)
class BacklogBand(Result):
    """The cases under way, day by day, over the band of the replications.

    Attributes:
        inside: the share of days on which reality lay within the band; None where the later part is a single day.
        share: how likely a further replication lies within the band on a day.
    """

    inside: float | None
    share: float
    row_type: ClassVar[type] = BacklogRow


@dataclass(frozen=True)
class Backtest(Result):
    """How a fitted model fares on history that it never saw.

    Attributes:
        rows: the seven distances.
        service: the service's name.
        split: the first day of the later part, ISO 8601.
        until: the last recorded day.
        earlier_cases, later_cases: cases in the two parts; the later ones began since the split.
        replications: how often the later part was simulated.
        figures: plain figures.
        backlog: the cases under way.
        fit: the fit on the earlier part.
    """

    service: str
    split: str
    until: str
    earlier_cases: int
    later_cases: int
    replications: int
    figures: Figures
    backlog: BacklogBand
    fit: Fit
    row_type: ClassVar[type] = DistanceRow

    def to_dict(self) -> dict[str, Any]:
        """The whole result as plain values, without the fit."""
        names = ("service", "split", "until", "earlier_cases", "later_cases", "replications")
        return {
            **{name: getattr(self, name) for name in names},
            "rows": [asdict(row) for row in self.rows],
            "figures": [asdict(row) for row in self.figures.rows],
            "backlog": {
                "inside": self.backlog.inside,
                "share": self.backlog.share,
                "rows": [asdict(row) for row in self.backlog.rows],
            },
            "notes": list(self.notes),
        }
