"""What was simulated for the page, and its sections, in their order.

None of it is there unless it was asked for: it takes from some seconds to some minutes. What was asked for and could
not be told is a section too, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from millpond.errors import WrongUse
from millpond.model.nearest import listed, nearest
from millpond.report.page import Section

if TYPE_CHECKING:
    from millpond.planning.comparison import Comparison
    from millpond.planning.dependence_rows import Dependence
    from millpond.planning.least import LeastCapacity
    from millpond.planning.sensitivity_rows import Sensitivity
    from millpond.report.results import ReportResults

CAPACITY, PLANS, DEPENDENCE, SENSITIVITY = "capacity", "plans", "dependence", "sensitivity"
PARTS = {
    CAPACITY: "How small may capacity be?",
    PLANS: "Which plan is worth its money?",
    DEPENDENCE: "What if one of us is away?",
    SENSITIVITY: "What should we measure better?",
}
"""What can be asked for, in the order of the page, with the headings."""
ALL = "all"


@dataclass(frozen=True, eq=False)
class Ahead:
    """What was simulated.

    Attributes:
        capacity: the least capacity for the promise of the service; None where it was not looked for.
        envelope: the best promise that the budgets buy; None where there is no budget.
        plans: the plans compared.
        dependence: the absence of each person.
        sensitivity: each number that is unsure, at its least and at its most.
        refused: why a part that was asked for could not be told, by the name of the part.
        notes: what a reader must know of how a part was asked, by the name of the part.
    """

    capacity: LeastCapacity | None = None
    envelope: LeastCapacity | None = None
    plans: Comparison | None = None
    dependence: Dependence | None = None
    sensitivity: Sensitivity | None = None
    refused: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def parts_named(names: Sequence[str]) -> tuple[str, ...]:
    """The parts that are meant, each once, in the order of the page.

    Args:
        names: of `PARTS`; ``all`` for every one.

    Raises:
        WrongUse: there is no such part.
    """
    wanted = [name.strip() for name in names if name.strip()]
    for name in wanted:
        if name not in (*PARTS, ALL):
            known = (*PARTS, ALL)
            meant = nearest(name, known)
            cure = f"Did you mean {meant}?" if meant else f"Choose of {listed(known)}."
            raise WrongUse(f"The page has no part '{name}' that looks ahead.\n{cure}")
    return tuple(part for part in PARTS if part in wanted or ALL in wanted)


def looking_ahead(results: ReportResults) -> tuple[Section, ...]:
    """The sections of what was simulated, and of what was asked for and could not be told."""
    ahead = results.ahead
    if ahead is None:
        return ()
    # Here and not above: these know the simulator, which takes a second to load and is not needed without them.
    from millpond.report.least_capacity import least
    from millpond.report.people import people
    from millpond.report.plans_compared import plans
    from millpond.report.unsure import unsure

    makers = {CAPACITY: least, PLANS: plans, DEPENDENCE: people, SENSITIVITY: unsure}
    found = []
    for part, title in PARTS.items():
        section = makers[part](results, ahead, title)
        if section is None and part in ahead.refused:
            section = Section(part, title, (f"That cannot be told. {ahead.refused[part]}",))
        if section is not None:
            found.append(section)
    return tuple(found)
