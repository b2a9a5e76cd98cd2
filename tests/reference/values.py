"""What the reference simulator moves about, and what it gives back.

All times are whole milliseconds from the midnight that begins the first day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from tests.reference.arrivals import Nature
from tests.reference.roster import Person

CaseName = tuple[str, int]
"""A stream and the number of the arrival in it."""

Daily = dict[str, list[int]]
"""Milliseconds of each day, by pool."""


@dataclass(frozen=True)
class Visit:
    """A visit as it is recorded. `left` is when somebody went away without having been seen.

    `nth` counts the earlier visits of the case at the step. `worker` is who ended it, or has it in hand at the end
    of the run; of several the last. `planned` is what it needs as planned, as the service stood when it joined.

    `work` is what all workers worked on it till the end of the run; a session's work is divided among its members.
    """

    case: CaseName
    step: str
    nth: int
    joined: int
    started: int | None
    ended: int | None
    worker: str | None
    work: int
    outcome: str
    left: int | None
    planned: int = 0


class Spell(NamedTuple):
    """Work without a break by one worker, within one stretch (or outside all: overtime) and one day.

    `visit` is the place in the list of visits; of a session for a group, of the member who joined first.
    """

    visit: int
    worker: str
    start: int
    end: int


@dataclass(frozen=True)
class ReferenceRun:
    """Everything that happened; the daily tables have one number a day for each pool."""

    visits: list[Visit]
    spells: list[Spell]
    outcomes: dict[CaseName, tuple[str, int]]
    cases: dict[CaseName, tuple[int, Nature]]
    people: list[Person]
    demand: Daily
    capacity: Daily
    activity: Daily
    withdrawn: Daily
    used: Daily
    overtime: Daily


@dataclass(eq=False)
class Split:
    """The branches of a case that are still on their way to where they meet."""

    then: str
    remaining: int
    at: str


@dataclass(eq=False)
class Case:
    """A case on its way."""

    name: CaseName
    entered: int
    nature: Nature
    made: dict[str, int] = field(default_factory=dict)
    holders: dict[str, Hand] = field(default_factory=dict)
    split: Split | None = None
    outcome: tuple[str, int] | None = None


@dataclass(eq=False)
class Stay:
    """A visit on its way. `is_branch` is whether it belongs to a branch of a split.

    `misses` is how many visits before it, one after the other, were missed at the step; `planned` what it needs as
    planned, and `leads_to` where the case goes if patience runs out, both as the service stood when it joined.
    """

    case: Case
    step: str
    nth: int
    joined: int
    work: int
    route: int
    is_branch: bool
    misses: int = 0
    came_from: str | None = None
    deadline: int | None = None
    started: int | None = None
    ended: int | None = None
    left: int | None = None
    worker: str | None = None
    worked: int = 0
    outcome: str = ""
    planned: int = 0
    leads_to: str = ""

    def is_live(self, now: int) -> bool:
        """Whether it may still start: at its deadline it may not."""
        return self.deadline is None or now < self.deadline


@dataclass(eq=False)
class Piece:
    """What lies in a queue: a visit, or a session with its members in the order in which they joined.

    `key` and `order` place it within its rank. `remaining` is what each of its workers has yet to do.
    """

    members: list[Stay]
    step: str
    pool: str
    skill: str | None
    people: int
    is_session: bool
    rank: int
    key: int
    order: int
    remaining: int
    is_missed: bool = False
    worked: int = 0
    hands: list[Hand] = field(default_factory=list)

    @property
    def place(self) -> tuple[int, int, int]:
        return self.rank, self.key, self.order

    @property
    def is_urgent(self) -> bool:
        return any(member.case.nature.urgent for member in self.members)

    def is_live(self, now: int) -> bool:
        return self.members[0].started is not None or self.members[0].is_live(now)


@dataclass(eq=False)
class Hand:
    """A worker at work. `since` is the instant from which the work in hand is not yet in the books.

    `turn` goes up whenever an end of work that was announced no longer holds. `until` is the end of the latest stretch:
    at that very instant it is over, also for what is worked off before the closing.
    """

    person: Person
    piece: Piece | None = None
    left: int = 0
    since: int | None = None
    began: int = 0
    turn: int = 0
    until: int = 0
    has_budget: bool = False
    balance: int = 0
    cases: list[Case] = field(default_factory=list)
    queue: list[Piece] = field(default_factory=list)

    @property
    def open_cases(self) -> int:
        """How many open cases the worker holds."""
        return len(self.cases)

    def balance_at(self, now: int) -> int:
        return self.balance - (now - self.since if self.since is not None else 0)

    def may_start(self, now: int) -> bool:
        """Whether there is time left for another visit today."""
        return now < self.until and (not self.has_budget or self.balance_at(now) > 0)
