"""A service in every way in which it may stand while policies that change it are called, one or several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from millpond.errors import Fault, FaultyService, WrongUse
from millpond.model.changed_parts import Parts
from millpond.model.nearest import listed
from millpond.model.spelling import key_path
from millpond.model.triggers import TriggeredPolicy, changing

if TYPE_CHECKING:
    from millpond.model.service import Service

MOST_AT_ONCE = 6
"""How many policies with changes a service may have: each doubles the ways in which it may stand."""


def states_of(service: Service) -> tuple[Service, ...]:
    """A service as it stands while policies with changes are in force: one for each set of them.

    Returns:
        Place 0 is the service with none of them in force; where bit k of the place is set, the k-th of
        `millpond.model.triggers.changing` is.

    Raises:
        FaultyService: some of them together make of the service what cannot be.
    """
    names = changing(service.policies)
    return tuple(
        _in_force(service, [name for bit, name in enumerate(names) if state >> bit & 1])
        for state in range(1 << len(names))
    )


def check_in_force(service: Service) -> None:
    """Looks whether a service can stand in every way in which its policies may change it in the midst of the days.

    Raises:
        WrongUse: there are too many of them.
        FaultyService: it cannot; the key paths are those of the service.
    """
    names = changing(service.policies)
    if len(names) > MOST_AT_ONCE:
        raise WrongUse(
            f"{listed(names)} are {len(names)} plans with a trigger that change pools, steps or streams; at most "
            f"{MOST_AT_ONCE} can be carried out together.\nCompare fewer of them together."
        )
    faults: dict[str, Fault] = {}
    for state in states_of(service) if names else ():
        for name, step in service.steps.items():
            now = state.steps[name]
            limits = {one.to for one in (step.patience_limit, now.patience_limit) if one is not None}
            if len(limits) > 1:
                what = f"leads to {listed(sorted(limits))}, by the day"
                cure = "Let those who leave go to the same place with and without the trigger."
                faults[name] = Fault(key_path("steps", name, "patience"), what, cure)
    if faults:
        raise FaultyService(tuple(faults.values()))


def _in_force(service: Service, names: list[str]) -> Service:
    """The service while those of its policies are called, later ones having the last word."""
    called = [policy for name in names if isinstance(policy := service.policies[name], TriggeredPolicy)]
    parts = Parts(service)
    for policy in called:
        parts.change(policy.pools, policy.steps, policy.streams)
    for policy in called:
        parts.divert(policy.streams, policy.outcome or "", policy.entrances)
    return service.changed(pools=parts.pools, steps=parts.steps, streams=parts.streams) if called else service
