"""Prosimos in: its simulation parameters (JSON) together with the BPMN model that they belong to.

Prosimos gives each task the people who may do it, one by one, each with hours and a distribution of their own. Tasks
with the same people share a pool; who does the tasks of several pools helps in the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from millpond.errors import UnreadableFile
from millpond.process.interchange.bpmn_elements import Drawing
from millpond.process.interchange.bpmn_in import assembled, finished
from millpond.process.interchange.bpmn_reading import read_diagram
from millpond.process.interchange.pathway import Pathway
from millpond.process.interchange.prosimos_amounts import (
    LENGTHS,
    arrivals_per_week,
    empirical,
    gaps_between,
    hours_of,
    minutes_of,
    quantiles,
    week_of,
)
from millpond.process.interchange.prosimos_form import check_form
from millpond.process.interchange.prosimos_staff import Person, put_to_pools
from millpond.process.interchange.results import ModelRead, NotKept

REQUIRED = (
    "resource_profiles",
    "resource_calendars",
    "arrival_time_distribution",
    "arrival_time_calendar",
    "gateway_branching_probabilities",
    "task_resource_distribution",
)
_LEFT_OUT = {
    "batch_processing": "work in batches is not kept; a step may be given a group session instead",
    "case_attributes": "attributes of cases are not kept; give a stream attributes instead",
    "event_attributes": "attributes that change on the way are not kept",
    "global_attributes": "attributes of the whole process are not kept",
    "branch_rules": "rules that decide at gateways are not kept; the shares are",
    "prioritisation_rules": "rules of priority are not kept; give a stream a priority instead",
    "gateway_execution_limit": "how often a gateway may be passed is not limited",
    "multitask": "nobody works on several cases at once here",
}
_KNOWN = ("event_distribution", "model_type", "granule_size", "process_model")


def read_prosimos(
    parameters: bytes, model: bytes, source: str, model_source: str, settings: Mapping[str, Any] | None = None
) -> ModelRead:
    """The service that a Prosimos model describes.

    Args:
        parameters: the JSON file.
        model: the BPMN file.
        source, model_source: what to call them in errors.
        settings: keys of service.toml that a person gives besides them: ``name``, ``timezone``, ``holidays``.

    Raises:
        UnreadableFile: one of them is damaged, or not what it should be.
        FaultyService: what they describe is no service.
    """
    given = _parameters(parameters, source)
    check_form(given, source)
    read = read_diagram(model, model_source)
    try:
        _shares(given, read)
        _waits(given, read)
        pathway = Pathway(read)
        data = assembled(read, pathway, settings or {}, model_source)
        _staff(given, read, pathway, data)
        _arrivals(given, read, data)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        what = f"lacks {error}" if isinstance(error, KeyError) else f"has a value that cannot be read ({error})"
        raise UnreadableFile(f"{source} {what}. Export the simulation parameters again.") from None
    for key, reason in _LEFT_OUT.items():
        if given.get(key) and given[key] != {"type": "sequential"}:
            read.not_kept.append(NotKept(key, "", "", reason))
    for key in sorted(given.keys() - {*REQUIRED, *_LEFT_OUT, *_KNOWN}):
        read.not_kept.append(NotKept(key, "", "", "it is not known here"))
    if str(given.get("model_type", "CRISP")).upper() == "FUZZY":
        reason = "hours hold where they are kept in at least half of the weeks; how often is not kept"
        read.not_kept.append(NotKept("model_type", "", "FUZZY", reason))
    return finished(read, data, f"{source} and {model_source}")


def is_prosimos(content: bytes) -> bool:
    """Whether a file seems to be the simulation parameters of Prosimos."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and b'"task_resource_distribution"' in content


def _parameters(content: bytes, source: str) -> dict[str, Any]:
    try:
        given = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{source} is no JSON: {error}. Export it again.") from None
    lacking = [key for key in REQUIRED if not isinstance(given, dict) or key not in given]
    if lacking:
        raise UnreadableFile(
            f"{source} is no set of Prosimos simulation parameters: it has no {', no '.join(lacking)}. Export it again."
        )
    assert isinstance(given, dict)
    return given


def _shares(given: Mapping[str, Any], read: Drawing) -> None:
    shares = {
        str(way["path_id"]): float(way["value"])
        for gateway in given["gateway_branching_probabilities"]
        for way in gateway["probabilities"]
    }
    known = {flow.id for flow in read.diagram.flows}
    for id in shares.keys() - known:
        reason = "the model has no such flow; its share is left out"
        read.not_kept.append(NotKept("gateway_branching_probabilities", id, "", reason))
    read.diagram.flows = [replace(flow, share=shares.get(flow.id, flow.share)) for flow in read.diagram.flows]


def _waits(given: Mapping[str, Any], read: Drawing) -> None:
    """How long events on the way take: a delay."""
    events = given.get("event_distribution") or []
    if isinstance(events, Mapping):
        events = [{"event_id": id, **entry} for id, entry in events.items()]
    for entry in events:
        node = read.diagram.nodes.get(str(entry["event_id"]))
        found = minutes_of(entry["distribution_name"], values_of(entry))
        if node is None or node.kind not in ("wait", "pass") or found is None:
            reason = "its length is not kept: no such event on the way, or an unknown distribution"
            read.not_kept.append(NotKept("event_distribution", str(entry["event_id"]), "", reason))
            continue
        minutes, told = found
        if minutes:
            noted = {"after": {"minutes": minutes}}
            read.diagram.nodes[node.id] = replace(node, kind="wait", minutes=None, noted=noted)
        read.not_kept = [each for each in read.not_kept if each.id != node.id]
        if told:
            read.not_kept.append(NotKept("event_distribution", node.id, node.name, told))


def values_of(entry: Mapping[str, Any]) -> list[float]:
    """The parameters of a distribution, by position; text that is a number counts as one."""
    return [float(each["value"] if isinstance(each, Mapping) else each) for each in entry["distribution_params"]]


def _staff(given: Mapping[str, Any], read: Drawing, pathway: Pathway, data: dict[str, Any]) -> None:
    calendars, people = _calendars(given, read), {}
    for profile in given["resource_profiles"]:
        for each in profile["resource_list"]:
            people[str(each["id"])] = Person(
                id=str(each["id"]),
                name=str(each.get("name") or each["id"]),
                profile=str(profile.get("name") or profile["id"]),
                amount=int(float(each["amount"])),
                calendar=calendars.get(str(each["calendar"])),
                cost=float(each["cost_per_hour"]),
            )
    doing: dict[str, tuple[str, ...]] = {}
    for entry in given["task_resource_distribution"]:
        id = str(entry["task_id"])
        step = pathway.names.get(id)
        if step is None or step not in data["steps"]:
            reason = "the model has no such task; who does it is left out"
            read.not_kept.append(NotKept("task_resource_distribution", id, "", reason))
            continue
        for who in sorted({str(each["resource_id"]) for each in entry["resources"]} - people.keys()):
            reason = f"resource_profiles has no '{who}', who does it; they are left out"
            read.not_kept.append(NotKept("task_resource_distribution", id, step, reason))
        able = [each for each in entry["resources"] if str(each["resource_id"]) in people]
        doing[step] = tuple(str(each["resource_id"]) for each in able)
        _minutes(able, id, step, read, data)
    for step in data["steps"].values():
        step.pop("pool", None)
    found = put_to_pools(doing, people)
    data["pools"], data["workers"] = found.pools, found.workers
    data["calendars"] = {
        name: {"hours": hours_of(week), "holidays": False} for name, week in calendars.values() if any(week)
    }
    for step, pool in found.of_step.items():
        data["steps"][step]["pool"] = pool
    if not data["workers"]:
        del data["workers"]
    data.pop("organisations", None)
    read.notes = [note for note in read.notes if "has no lanes" not in note and "no person" not in note]
    read.notes += found.notes
    read.not_kept += found.not_kept


def _calendars(given: Mapping[str, Any], read: Drawing) -> dict[str, tuple[str, Any]]:
    """The hours of each calendar, by id, with the name that it is to have."""
    calendars: dict[str, tuple[str, Any]] = {}
    names: set[str] = set()
    for entry in given["resource_calendars"]:
        name = str(entry.get("name") or entry["id"])
        name = name if name not in names else str(entry["id"])
        names.add(name)
        periods = [each for each in entry["time_periods"] if float(each.get("probability", 1)) >= 0.5]
        week = week_of(periods)
        if not any(week):
            reason = "it is never open, so that who keeps it does no work and is left out"
            read.not_kept.append(NotKept("resource_calendars", str(entry["id"]), name, reason))
        calendars[str(entry["id"])] = (name, week)
    return calendars


def _minutes(able: list[Any], id: str, step: str, read: Drawing, data: dict[str, Any]) -> None:
    """The minutes of a step, from the distribution that each of its people has."""
    kinds = {(str(each["distribution_name"]), tuple(values_of(each))) for each in able}
    found = [(quantiles(name, values), minutes_of(name, values)) for name, values in sorted(kinds)]
    unknown = sorted(name for (name, _), (lengths, _) in zip(sorted(kinds), found, strict=True) if lengths is None)
    if unknown or not found:
        what = ", ".join(unknown) or "no distribution"
        reason = f"its minutes are not kept: {what} is not read, or has too few parameters"
        read.not_kept.append(NotKept("task_resource_distribution", id, step, reason))
        return
    told = ""
    if len(found) == 1 and found[0][1] is not None:
        data["steps"][step]["minutes"], told = found[0][1]
    else:
        fine = LENGTHS * max(1, 20 // len(able))
        each = [quantiles(str(one["distribution_name"]), values_of(one), fine) for one in able]
        data["steps"][step]["minutes"] = empirical(np.concatenate([found for found in each if found is not None]))
        told = (
            f"its {len(able)} people have {len(kinds)} different distributions; all have the mixture of them, in "
            f"{LENGTHS} lengths, so that who is faster is not kept"
        )
    if told:
        read.not_kept.append(NotKept("task_resource_distribution", id, step, told))


def _arrivals(given: Mapping[str, Any], read: Drawing, data: dict[str, Any]) -> None:
    law = given["arrival_time_distribution"]
    name = str(law["distribution_name"])
    week = week_of(given["arrival_time_calendar"])
    found = _histogram(law) if name == "histogram_sampling" else gaps_between(name, values_of(law))
    if found is None or not data.get("streams"):
        reason = "it is not read, or the model has no start; say how many come per week"
        read.not_kept.append(NotKept("arrival_time_distribution", "", name, reason))
        return
    gaps, spread = found
    stream = next(iter(data["streams"].values()))
    stream["per_week"] = float(f"{arrivals_per_week(gaps, week):.4g}")
    whole = sum(b - a for day in week for a, b in day) == 7 * 24 * 60
    if any(week) and not whole:
        stream["pattern"] = {hours_of(week): 1.0}
    if spread >= 1:
        stream["overdispersion"] = float(f"{spread:.4g}")
    elif spread < 0.95:
        reason = "arrivals more regular than chance are not possible here; they come by chance"
        read.not_kept.append(NotKept("arrival_time_distribution", "", name, reason))
    how = "its gaps" if whole else "its gaps and hours, played through over years"
    read.notes.append(f"{stream['per_week']:g} cases a week come, which follows from {how}.")


def _histogram(law: Mapping[str, Any]) -> tuple[NDArray[np.float64], float]:
    """Gaps that were seen, by the middles of their bins."""
    bins = law.get("histogram_data", law)
    parts = np.diff([float(each) for each in bins["cdf"]], prepend=0.0)
    middles = [float(each) for each in bins["bin_midpoints"]]
    gaps = np.repeat(middles, np.round(parts[-len(middles) :] * 1000).astype(int))
    return gaps, float(np.var(gaps) / np.mean(gaps) ** 2)
