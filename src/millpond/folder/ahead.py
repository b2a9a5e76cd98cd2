"""What the page says of the days to come: least capacity, plans, dependence and sensitivity, asked of a folder.

What cannot be told does not keep the page from being made: it says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from millpond.errors import CannotBeKept, FaultyService, WrongUse
from millpond.folder.opened import Tell
from millpond.folder.promised import NONE
from millpond.report.ahead import ALL, CAPACITY, DEPENDENCE, PLANS, SENSITIVITY, Ahead, parts_named

_EACH_END = 40
"""How often the days are simulated with a number at either end: differences under the same luck need few."""

if TYPE_CHECKING:
    from millpond.folder.verbs.planning import PlannedFolder
    from millpond.planning.comparison import Comparison
    from millpond.planning.least import LeastCapacity


def look_ahead(folder: PlannedFolder, wanted: Sequence[str], progress: Tell | None = None) -> Ahead | None:
    """What is wanted of the days to come.

    Args:
        folder: the folder.
        wanted: names of `millpond.report.ahead.PARTS`; ``all`` for all that the service has what is needed for.
        progress: is told the share that is done, and how many replications that is.

    Returns:
        None where nothing is wanted.

    Raises:
        WrongUse: there is no such part.
    """
    parts = parts_named(wanted)
    if not parts:
        return None
    service = folder.service
    if ALL in wanted:
        # Who asks for all wants what there is, and not to be told that nobody has thought of a plan.
        there = {CAPACITY: service.promise is not None, PLANS: bool(service.plans), DEPENDENCE: True, SENSITIVITY: True}
        parts = tuple(part for part in parts if there[part] or part in wanted)
    looking = _Looking(folder, len(parts), progress or (lambda share, count: None))
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        CAPACITY: looking.capacity,
        PLANS: looking.plans,
        DEPENDENCE: looking.dependence,
        SENSITIVITY: looking.sensitivity,
    }
    found: dict[str, Any] = {}
    for part in parts:
        try:
            found |= makers[part]()
        except (WrongUse, CannotBeKept, FaultyService) as error:
            looking.refused[part] = " ".join(str(error).split())
        looking.next_part()
    return Ahead(**found, refused=looking.refused, notes=looking.notes)


@dataclass
class _Looking:
    """One look ahead: how far it has come, what was refused, and what must be noted."""

    folder: PlannedFolder
    parts: int
    tell: Tell
    place: int = 0
    before: int = 0
    count: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def next_part(self) -> None:
        self.place += 1
        self.before += self.count
        self.count = 0

    def told(self, share: float | None, count: int) -> None:
        self.count = max(self.count, count)
        done = None if share is None and not self.place else (self.place + (share or 0.0)) / self.parts
        self.tell(done, self.before + count)

    def capacity(self) -> dict[str, LeastCapacity]:
        from millpond.planning.promise import read_promise

        service = self.folder.service
        if service.promise is None:
            raise WrongUse(
                "What the service promises is not known.\nWrite it under [promise] in service.toml, such as target = "
                '"backlog <= 1200 min".'
            )
        promise = read_promise(service.promise.target, service)
        pool = promise.pool or (service.steps[promise.step].pool if promise.step else None)
        if pool is not None:
            self.notes[CAPACITY] = (
                f"Only the number in {self.folder.labels[pool]} is varied here; other pools stay as they are.",
            )
        least = self.folder.least_capacity(pool=pool, progress=lambda doing, count: self.told(None, count))
        found = {"capacity": least}
        if any(organisation.budget for organisation in service.organisations.values()):
            cleared = least.start if least.start == "cleared" else None
            try:
                found["envelope"] = self.folder.least_capacity(
                    _open(promise.describe()),
                    risk=least.risk,
                    start=cleared,
                    progress=lambda doing, count: self.told(None, self.count + count),
                )
            except (WrongUse, CannotBeKept) as error:
                told = " ".join(str(error).split())
                self.notes[CAPACITY] = (*self.notes.get(CAPACITY, ()), f"What the budgets buy cannot be told. {told}")
        return found

    def plans(self) -> dict[str, Comparison]:
        try:
            return {"plans": self.folder.compare(progress=self.told)}
        except WrongUse as error:
            if self.folder.service.promise is None or not self.folder.service.plans:
                raise
            why = str(error).splitlines()[0]
            found = self.folder.compare(target=NONE, progress=self.told)
            self.notes[PLANS] = (f"{why} The plans are compared without it.",)
            return {"plans": found}

    def dependence(self) -> dict[str, Any]:
        return {"dependence": self.folder.dependence(progress=self.told)}

    def sensitivity(self) -> dict[str, Any]:
        from millpond.planning.sensitivity_asking import ONE

        return {"sensitivity": self.folder.sensitivity(method=ONE, replications=_EACH_END, progress=self.told)}


def _open(promise: str) -> str:
    """A promise with a ? in the place of its number: what could be promised?"""
    return re.sub(r"(?<=<= )[\d,.]+|[\d.]+(?=% seen)", "?", promise, count=1)
