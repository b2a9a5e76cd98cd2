"""Whether what a step names is there, and whether it can be done by the pool that it names.

Like the other checks between parts, these look at data that may be wrong in itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from millpond.errors import Fault
from millpond.model.duration import length_of_time
from millpond.model.nearest import listed, nearest
from millpond.model.spelling import key_path, shown
from millpond.model.steps import ROUTINE, URGENT, Step
from millpond.model.unchecked import (
    CLOSED,
    WITHDRAWN,
    declared_outcomes,
    entries,
    has_key,
    missing,
    names_in,
    tables,
    texts,
    unknown,
    ways_in,
)


def step_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Every fault between a step and the rest of the service.

    Args:
        data: the service as dictionaries and lists under the keys of service.toml, checked or not.
    """
    pools, steps, outcomes = names_in(data, "pools"), names_in(data, "steps"), declared_outcomes(data)
    for step in steps or ():
        if step in outcomes:
            yield Fault(
                key_path("steps", step),
                f"is both a step and an outcome, {shown(step)}",
                f"Rename the step; {step} is always an outcome."
                if step in (CLOSED, WITHDRAWN)
                else "Rename the step, or take the name out of outcomes.",
            )
    for step, entry in entries(data, "steps"):
        yield from missing(entry, "pool", ("steps", step), pools, "pools", "a pool")
        yield from _without_pool(entry, step)
        yield from _in_caseload_pool(data, entry, step)
        yield from _skill(data, entry, step)
        yield from _minutes_for(data, entry, step)
        if steps is not None:
            yield from _ways(entry, step, steps, outcomes)
            yield from _after(data, entry, ("steps", step), steps, outcomes)
        yield from _rules(data, entry, step)
        yield from _rules_between_steps(data, entry, step, steps, outcomes)


def _without_pool(entry: Mapping[str, Any], step: str) -> Iterator[Fault]:
    """What means nothing where nobody works."""
    if has_key(entry, "pool", Step.model_fields):
        return
    for key, without in (("people", 1), ("skill", None), ("patience", None), ("missed", 0), ("group", None)):
        if entry.get(key, without) != without:
            cure = f"Add pool under [{key_path('steps', step)}], or take {key} away."
            yield Fault(key_path("steps", step, key), "is given, and the step has no pool", cure)


def _in_caseload_pool(data: Mapping[str, Any], entry: Mapping[str, Any], step: str) -> Iterator[Fault]:
    """Visits of several workers or cases, where each case belongs to one worker."""
    pool = entry.get("pool")
    if not any(name == pool and "caseload" in fields for name, fields in entries(data, "pools")):
        return
    for key, without in (("people", 1), ("group", None)):
        if entry.get(key, without) != without:
            yield Fault(
                key_path("steps", step, key),
                f"is given, and each case in {shown(str(pool))} belongs to one worker (caseload)",
                f"Take {key} away, take caseload away from the pool, or let another pool do the step.",
            )


def _skill(data: Mapping[str, Any], entry: Mapping[str, Any], step: str) -> Iterator[Fault]:
    pool, skill = entry.get("pool"), entry.get("skill")
    pools = dict(entries(data, "pools"))
    if not (isinstance(skill, str) and skill.strip() and isinstance(pool, str) and pool in pools):
        return
    known = [*texts(pools[pool].get("skills"))]
    for _, worker in entries(data, "workers"):
        home = worker.get("pool")
        # Helpers never take what a caseload gives to one worker, nor what several do together.
        helps = pool in texts(worker.get("also")) and "caseload" not in pools[pool] and entry.get("people", 1) == 1
        if isinstance(home, str) and (home == pool or helps):
            known += (*texts(worker.get("skills")), *texts(pools.get(home, {}).get("skills")))
    if skill not in known:
        yield unknown(
            key_path("steps", step, "skill"),
            f"names {shown(skill)}, which nobody who works in {shown(pool)} can do",
            skill,
            known,
            f"add skills = [{shown(skill)}] to the pool or to one of its workers",
        )


def _minutes_for(data: Mapping[str, Any], entry: Mapping[str, Any], step: str) -> Iterator[Fault]:
    streams, minutes = names_in(data, "streams"), entry.get("minutes_for")
    if streams is None or not isinstance(minutes, Mapping):
        return
    for name in minutes:
        where = key_path("steps", step, "minutes_for", str(name))
        if name in (URGENT, ROUTINE):
            if name in streams:
                what = f"may be the stream {shown(name)} or cases that are {name}"
                yield Fault(where, what, f"Rename the stream {name}.")
        elif isinstance(name, str) and name.strip() and name not in streams:
            yield unknown(
                where,
                f"names {shown(name)}, which is not a stream of this service",
                name,
                (*streams, URGENT, ROUTINE),
                f"add [{key_path('streams', name)}]",
            )


def _ways(entry: Mapping[str, Any], step: str, steps: tuple[str, ...], outcomes: tuple[str, ...]) -> Iterator[Fault]:
    """Every name at which a case may go on from a step, where it is nowhere."""
    yield from _leads_on(entry.get("next"), ("steps", step, "next"), steps, outcomes)
    for position, rule in enumerate(tables(entry.get("rules"))):
        yield from _leads_on(rule.get("next"), ("steps", step, "rules", position, "next"), steps, outcomes)
    yield from _leads_on(_text(entry.get("then")), ("steps", step, "then"), steps, outcomes)
    patience = entry.get("patience")
    leads_to = patience.get("to") if isinstance(patience, Mapping) else None
    yield from _leads_on(_text(leads_to), ("steps", step, "patience", "to"), steps, outcomes)
    if leads_to == step:
        where = key_path("steps", step, "patience", "to")
        yield Fault(where, "is the step itself, so that nobody ever leaves", "Name another step, or an outcome.")
    for position, name in enumerate(texts(entry.get("all_of"))):
        where = key_path("steps", step, "all_of", position)
        if name in outcomes and name not in steps:
            cure = "Take it out, or name the step that a branch begins with."
            yield Fault(where, f"names {shown(name)}, which is an outcome and not a step", cure)
        elif name.strip() and name not in steps:
            what = f"names {shown(name)}, which is not a step of this service"
            yield unknown(where, what, name, steps, f"add [{key_path('steps', name)}]")


def _leads_on(
    ways: object, path: tuple[str | int, ...], steps: tuple[str, ...], outcomes: tuple[str, ...]
) -> Iterator[Fault]:
    for name in ways_in(ways):
        if name not in steps and name not in outcomes and name.strip():
            yield unknown(
                key_path(*path) if isinstance(ways, str) else key_path(*path, name),
                f"goes on to {shown(name)}, which is neither a step nor an outcome",
                name,
                (*steps, *outcomes),
                f"add [{key_path('steps', name)}], or declare the outcome: outcomes = [{shown(name)}]",
            )


def _after(
    data: Mapping[str, Any],
    entry: Mapping[str, Any],
    path: tuple[str | int, ...],
    steps: tuple[str, ...],
    outcomes: tuple[str, ...],
) -> Iterator[Fault]:
    after = entry.get("after")
    if not isinstance(after, Mapping):
        return
    rules = (name for rule in tables(entry.get("rules")) for name in ways_in(rule.get("next")))
    ways = dict.fromkeys((*ways_in(entry.get("next")), *rules, *texts(entry.get("all_of"))))
    # A misspelt way is the fault; the delay to the step that was meant is not another.
    meant = (name if name in steps else nearest(name, steps) for name in ways if name not in outcomes)
    ahead = [name for name in meant if name is not None]
    placeless = {
        name for name, following in entries(data, "steps") if not has_key(following, "pool", Step.model_fields)
    }
    for name, delay in after.items():
        where = key_path(*path, "after", str(name))
        if name in outcomes:
            what = f"names {shown(name)}, which is an outcome: the case has ended and joins nothing"
            yield Fault(where, what, "Take it away, or name a step that follows.")
        elif isinstance(name, str) and name.strip() and name not in ahead:
            what = f"names {shown(name)}, to which no case goes from here"
            follows = f"the steps that follow are {listed(ahead)}" if ahead else "no step follows this one"
            yield unknown(where, what, name, ahead, f"add it to next, or take it away; {follows}")
        elif name in placeless and _counts_working_time(delay):
            what = f"counts working time, and {shown(name)} has no pool whose calendar would say which"
            yield Fault(where, what, 'Write elapsed time, such as "7 days", or give that step a pool.')


def _counts_working_time(delay: object) -> bool:
    if isinstance(delay, Mapping):
        return delay.get("time") == "working" or "working_days" in delay
    try:
        return isinstance(delay, str) and length_of_time(delay)[1] == "working days"
    except PydanticCustomError:
        return False


def _rules(data: Mapping[str, Any], entry: Mapping[str, Any], step: str) -> Iterator[Fault]:
    streams = names_in(data, "streams")
    for position, rule in enumerate(tables(entry.get("rules"))):
        path = ("steps", step, "rules", position)
        yield from missing(rule, "stream", path, streams, "streams", "a stream")
        attributes, stream = rule.get("attributes"), rule.get("stream")
        if not isinstance(attributes, Mapping) or (stream is not None and stream not in (streams or ())):
            continue
        known = _attributes(data, None if stream is None else str(stream))
        for name, value in attributes.items():
            where = key_path(*path, "attributes", str(name))
            of = "any stream" if stream is None else f"the stream {shown(str(stream))}"
            if name not in known:
                what = f"names {shown(str(name))}, which is not an attribute of {of}"
                cure = "add it to attributes of a stream, with its values and their shares"
                yield unknown(where, what, str(name), known, cure)
            elif isinstance(value, str) and value.strip() and value not in known[name]:
                what = f"is {shown(value)}, which is not a value that it has in {of}"
                yield unknown(where, what, value, known[name], f"its values are {listed(known[name])}")


def _rules_between_steps(
    data: Mapping[str, Any],
    entry: Mapping[str, Any],
    step: str,
    steps: tuple[str, ...] | None,
    outcomes: tuple[str, ...],
) -> Iterator[Fault]:
    """Where the cases of a rule came from, and how long they take to where they go."""
    for position, rule in enumerate(tables(entry.get("rules"))):
        yield from missing(rule, "came_from", ("steps", step, "rules", position), steps, "steps", "a step")
        if steps is not None and isinstance(rule.get("after"), Mapping):
            ways = {"next": rule.get("next"), "after": rule["after"]}
            yield from _after(data, ways, ("steps", step, "rules", position), steps, outcomes)


def _attributes(data: Mapping[str, Any], stream: str | None) -> dict[Any, tuple[str, ...]]:
    """The attributes that cases of a stream (None: of any) have, each with its values."""
    found: dict[Any, tuple[str, ...]] = {}
    for name, entry in entries(data, "streams"):
        attributes = entry.get("attributes")
        if stream in (None, name) and isinstance(attributes, Mapping):
            for attribute, values in attributes.items():
                found[attribute] = (*found.get(attribute, ()), *ways_in(values))
    return {attribute: tuple(dict.fromkeys(values)) for attribute, values in found.items()}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
