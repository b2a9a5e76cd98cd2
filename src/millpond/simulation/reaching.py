"""Where cases can come to in a service, however it stands, and the steps that they could never leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from millpond.errors import Fault
from millpond.model import Service
from millpond.model.spelling import key_path
from millpond.simulation.loads import ways_of


def reached_steps(states: Sequence[Service]) -> list[str]:
    """The steps that a case of any class can come to, in the order of the file.

    Args:
        states: a service in every way in which it may stand.
    """
    reached: set[str] = set()
    for stream, urgent in _classes(states):
        reached |= _reached_by(states, stream, urgent)
    return [name for name in states[0].steps if name in reached]


def _reached_by(states: Sequence[Service], stream: str, urgent: bool) -> set[str]:
    """The steps that a case of a class can come to, on days on which the service may stand one way or another."""
    to_see, seen = {state.streams[stream].first_step for state in states}, set[str]()
    while to_see:
        seen.add(name := to_see.pop())
        ways = {to for state in states for to in _ways(state, name, stream, urgent)}
        to_see |= {to for to in ways if to in states[0].steps} - seen
    return seen


def _classes(states: Sequence[Service]) -> Iterator[tuple[str, bool]]:
    for name in states[0].streams:
        shares = [state.streams[name].share_urgent for state in states]
        if min(shares) < 1:
            yield name, False
        if max(shares) > 0:
            yield name, True


def _ways(service: Service, name: str, stream: str, urgent: bool) -> set[str]:
    """Where a case of a class can go from a step."""
    step = service.steps[name]
    found = {to for _, _, ways in ways_of(service, step, stream, urgent) for to, share in ways.items() if share > 0}
    found |= {*step.all_of, *([step.then] if step.then else [])}
    if step.patience_limit:
        found.add(step.patience_limit.to)
    if step.missed:
        found.add("withdrawn")
    return found


def traps(service: Service, states: Sequence[Service]) -> Iterator[Fault]:
    """The steps that cases come to and cannot leave, with the classes of cases that are caught.

    Args:
        service: as it stands on some days.
        states: in every way in which it may stand, by which cases come to a step.
    """
    caught: dict[str, list[str]] = defaultdict(list)
    all_classes = list(_classes(states))
    for stream, urgent in all_classes:
        ways = {name: _ways(service, name, stream, urgent) for name in service.steps}
        leaving = {name for name, to in ways.items() if to - set(ways)}
        while more := {name for name, to in ways.items() if name not in leaving and to & leaving}:
            leaving |= more
        trapped = _reached_by(states, stream, urgent) - leaving
        for name in service.steps:
            if name in trapped:
                caught[name].append(f"{'urgent' if urgent else 'routine'} cases of {stream}")
    for name, classes in caught.items():
        who = "no case" if len(classes) == len(all_classes) else f"none of the {' and '.join(classes)}"
        yield Fault(
            key_path("steps", name, "next"),
            f"leads to no outcome: {who} that comes here ever ends",
            "Give an outcome, such as closed, a share of the cases of this step or of one that it leads to.",
        )
