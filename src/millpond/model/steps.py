"""What is done on the way of a case: steps, what each needs, and where cases go from it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from millpond.errors import Fault
from millpond.model.distributions import Distribution, StepMinutes, mean_minutes
from millpond.model.duration import TargetWait, checked_target
from millpond.model.routing import Rule, Ways
from millpond.model.values import FrozenMapping, Many, Minutes, Name, Named, Share, Text, Value, refusal
from millpond.model.waiting import Delay, DelayOrText, GroupSession, Patience, PatienceOrText, delay_of, patience_of

URGENT = "urgent"
ROUTINE = "routine"


class Step(Value):
    """A place on the way where work is done."""

    label: Text | None = Field(
        default=None, description="What people call it; left out, its name.", examples=["First assessment"]
    )
    pool: Name | None = Field(
        default=None,
        description="Who works here: a name under [pools]. Left out, the step needs no staff.",
        examples=["coordinators"],
    )
    minutes: StepMinutes | None = Field(
        default=None,
        description="Planned minutes of work for one visit: a number or a distribution. Left out, unknown.",
        examples=[60],
    )
    minutes_for: Named[StepMinutes] = Field(
        default_factory=FrozenMapping,
        description="Minutes of some cases, in place of minutes: names under [streams], urgent or routine. "
        "What is said of a stream goes before what is said of urgent or routine.",
        examples=[{"police": 90, URGENT: 75}],
    )
    people: Annotated[int, Field(ge=1, le=20)] = Field(
        default=1, description="How many workers of the pool a visit needs at the same time.", examples=[2]
    )
    skill: Name | None = Field(
        default=None,
        description="Only workers with this skill do it: one of the pool's, or of a worker's. Left out, any worker.",
        examples=["Polish"],
    )
    next: Ways | None = Field(
        default=None,
        description="Where cases go from here: steps or outcomes, each with its share; the shares add up to "
        "1. One name in quotes is where all go. Left out, unknown.",
        examples=[{"assessment": 0.9, "closed": 0.1}],
    )
    rules: Many[Rule] = Field(
        default=(),
        description="Where some cases go, decided before next: the first rule whose conditions all hold.",
    )
    all_of: Many[Name] = Field(
        default=(),
        description="In place of next: steps to which the case goes all at once, each branch on its own way until "
        "it comes to then.",
        examples=[["medical report", "housing check"]],
    )
    then: Name | None = Field(
        default=None,
        description="The step or outcome at which the branches of all_of meet; the case joins it once, when all "
        "have come.",
        examples=["review"],
    )
    after: Named[DelayOrText] = Field(
        default_factory=FrozenMapping,
        description="How long until the case joins where it goes next, by the name of the next step.",
        examples=[{"review": "5 working days"}],
    )
    target_wait: str | None = Field(
        default=None,
        description="The longest wait that is good enough here: minutes, hours, days, weeks or working days.",
        examples=["5 working days"],
    )
    patience: PatienceOrText | None = Field(
        default=None,
        description="How long somebody waits here before leaving: minutes, hours, days or weeks, or a table.",
        examples=["21 days"],
    )
    missed: Share = Field(
        default=0,
        description="The share of appointments to which nobody comes: the time is spent, and the visit has to be "
        "made again.",
        examples=[0.1],
    )
    missed_minutes: Minutes | None = Field(
        default=None,
        description="What a missed appointment costs, in minutes; left out, all of its time.",
        examples=[15],
    )
    missed_most: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=3,
        description="After so many missed appointments at this step the case ends as withdrawn.",
        examples=[2],
    )
    group: GroupSession | None = Field(
        default=None,
        description="One session for several visits together; minutes are then of the session.",
        examples=[{"size": 8, "longest_wait": "14 days"}],
    )

    @field_validator("target_wait")
    @classmethod
    def _a_target(cls, text: str | None) -> str | None:
        return None if text is None else checked_target(text)

    @field_validator("all_of")
    @classmethod
    def _several(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if names and len(set(names)) != len(names):
            raise refusal("has a step twice", "Name each step once.")
        if len(names) == 1:
            raise refusal("has one step alone", "Name two or more, or write the step as next.")
        return names

    @model_validator(mode="after")
    def _goes_together(self) -> Step:
        faults = (*_split_faults(self), *_group_faults(self))
        if faults:
            raise refusal("has keys that do not go together", "Keep one of them.", faults)
        return self

    @property
    def planned_minutes(self) -> float | None:
        """The planned minutes of work for one visit, of all workers together; None where unknown.

        The number or the distribution's mean, times the people that it takes, shared by a full group.
        """
        if self.minutes is None:
            return None
        return mean_minutes(self.minutes) * self.people / (1 if self.group is None else self.group.size)

    def minutes_of(self, stream: str, urgent: bool) -> float | Distribution | None:
        """The minutes of a visit by a case of that stream and urgency, as stated; None where unknown.

        Args:
            stream: the name of the stream that the case came by.
            urgent: whether the case is urgent.
        """
        by_urgency = self.minutes_for.get(URGENT if urgent else ROUTINE, self.minutes)
        return self.minutes_for.get(stream, by_urgency)

    def delay_to(self, name: str, rule: Rule | None = None) -> Delay | None:
        """How long until a case that goes on to the step of that name joins it; None where it joins at once.

        Args:
            name: of the step.
            rule: the rule by which it goes on, whose own delays go before those of the step; None for `next`.
        """
        delay = self.after.get(name) if rule is None else rule.after.get(name, self.after.get(name))
        return None if delay is None else delay_of(delay)

    @property
    def patience_limit(self) -> Patience | None:
        """How long somebody waits here, and where the case goes then; None where all stay."""
        return None if self.patience is None else patience_of(self.patience)

    @property
    def target(self) -> TargetWait | None:
        """The target wait as a value; None where there is none."""
        return None if self.target_wait is None else TargetWait.parse(self.target_wait)


def _split_faults(step: Step) -> tuple[Fault, ...]:
    """What is wrong between `next`, `rules`, `all_of` and `then`."""
    faults = []
    if step.all_of:
        for key, given in (("next", step.next), ("rules", step.rules)):
            if given:
                faults.append(Fault(key, "is given together with all_of", f"Keep one of the two: {key} or all_of."))
        if step.then is None:
            faults.append(Fault("then", "is missing beside all_of", 'Say where the branches meet: then = "closed"'))
        elif step.then in step.all_of:
            cure = "Take it out of all_of; the branches end where they come to then."
            faults.append(Fault("then", "is one of the branches in all_of too", cure))
    elif step.then is not None:
        cure = "Add all_of = [...] with the steps that meet there, or write it as next."
        faults.append(Fault("then", "is given without all_of", cure))
    if step.rules and step.next is None and not step.all_of:
        cure = 'Say where the cases go for which no rule holds: next = "closed"'
        faults.append(Fault("next", "is missing beside rules", cure))
    return tuple(faults)


def _group_faults(step: Step) -> tuple[Fault, ...]:
    """What does not go with a session for a group."""
    if step.group is None:
        return ()
    faults = []
    if step.people > 1:
        cure = "Take one of the two away."
        faults.append(Fault("people", "is more than one beside group", cure))
    if step.missed:
        cure = "Take one of the two away."
        faults.append(Fault("missed", "is given together with group", cure))
    return tuple(faults)
