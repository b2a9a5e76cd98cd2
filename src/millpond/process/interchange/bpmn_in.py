"""BPMN 2.0 in: a model of any tool as a service.

Of a model that Millpond wrote, what is drawn wins over what was noted: somebody may have changed the drawing since.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from millpond.model import Service
from millpond.process.interchange.bpmn_elements import AUTOMATIC, Drawing
from millpond.process.interchange.bpmn_reading import read_diagram
from millpond.process.interchange.pathway import Pathway
from millpond.process.interchange.qbp import take_figures, take_shares
from millpond.process.interchange.results import ModelRead, NotKept


def read_bpmn(content: bytes, source: str, settings: Mapping[str, Any] | None = None) -> ModelRead:
    """The service that a BPMN model describes.

    Args:
        content: the file.
        source: what to call it in errors.
        settings: keys of service.toml that a person gives besides it: ``name``, ``timezone``, ``holidays``.

    Returns:
        The service, with what could not be kept of the model.

    Raises:
        UnreadableFile: it is damaged, or no BPMN with a task in it.
        FaultyService: what it describes is no service; all faults are listed.
    """
    read = read_diagram(content, source)
    take_shares(read)
    pathway = Pathway(read)
    data = assembled(read, pathway, settings or {}, source)
    take_figures(read, pathway, data)
    return finished(read, data, source)


def finished(read: Drawing, data: dict[str, Any], source: str) -> ModelRead:
    """The service of assembled data, and what is to be said of it."""
    service = Service.from_plain(data, source)
    reached = _reached(data)
    lost = [name for name in service.steps if name not in reached]
    notes = list(dict.fromkeys(read.notes))
    if lost:
        shown = ", ".join(f'"{name}"' for name in lost[:5]) + (f" and {len(lost) - 5} more" if len(lost) > 5 else "")
        notes.append(f"No case comes to {shown}: no way that could be kept leads there.")
    counts = " and ".join(
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((len(service.steps), "step"), (len(service.pools), "pool"))
    )
    notes.insert(0, f"{counts} were read from {source}.")
    return ModelRead(service, tuple(dict.fromkeys(read.not_kept)), tuple(notes))


def assembled(read: Drawing, pathway: Pathway, settings: Mapping[str, Any], source: str) -> dict[str, Any]:
    """The service as plain data: what was noted, with what is drawn in its place."""
    noted = read.diagram.noted.get("service")
    data: dict[str, Any] = dict(noted) if isinstance(noted, Mapping) else {}
    own = bool(data)
    data.setdefault("name", read.diagram.name or source.rpartition("/")[2].rpartition(".")[0] or "service")
    data |= {key: value for key, value in settings.items() if value is not None}
    outcomes = [*data.get("outcomes", ()), *pathway.outcomes]
    if outcomes:
        data["outcomes"] = list(dict.fromkeys(outcomes))
    _join(data, "organisations", pathway.organisations)
    _join(data, "pools", pathway.pools)
    calendars = list(data.get("calendars", ()))
    for pool in data.get("pools", {}).values():
        if len(calendars) > 1:
            pool.setdefault("calendar", calendars[0])
    streams = data.get("streams", {})
    for name in [each for each in streams if each not in pathway.streams]:
        reason = "its start is no longer in the drawing; what was noted of it is left out"
        read.not_kept.append(NotKept("startEvent", "", name, reason))
    data["streams"] = {name: {**streams.get(name, {}), **entry} for name, entry in pathway.streams.items()}
    order = dict.fromkeys((*_reached({**data, "steps": pathway.steps}), *pathway.steps))
    data["steps"] = {name: pathway.steps[name] for name in order}
    for section in ("streams", "pools", "organisations"):
        if not data.get(section):
            data.pop(section, None)
    if not own:
        _told(read, data, pathway)
    return data


def _join(data: dict[str, Any], section: str, drawn: Mapping[str, Mapping[str, Any]]) -> None:
    """What is drawn put into a section of what was noted."""
    noted = data.get(section, {})
    data[section] = {**noted, **{name: {**noted.get(name, {}), **entry} for name, entry in drawn.items()}}


def _told(read: Drawing, data: dict[str, Any], pathway: Pathway) -> None:
    """What a plain drawing cannot say, in sentences."""
    if "staff" in data.get("pools", {}) and not read.diagram.lanes:
        read.notes.append('The diagram has no lanes, so that all its tasks are given to one pool, "staff".')
    automatic = [
        f'"{pathway.names[node.id]}"'
        for node in read.diagram.nodes.values()
        if node.tag in AUTOMATIC and "pool" not in pathway.steps.get(pathway.names.get(node.id, ""), {"pool": ""})
    ]
    if automatic:
        read.notes.append(f"Done by no person, and so without staff: {', '.join(automatic)}.")


def _reached(data: Mapping[str, Any]) -> dict[str, None]:
    """The steps to which a case comes from where some stream begins, the nearest first."""
    steps = data["steps"]
    ahead = [stream["first_step"] for stream in data.get("streams", {}).values()]
    seen: dict[str, None] = {}
    for name in ahead:
        if name in seen or name not in steps:
            continue
        seen[name] = None
        step = steps[name]
        ahead += [*step.get("next", ()), *step.get("all_of", ()), *([step["then"]] if "then" in step else ())]
        ahead += [to for rule in step.get("rules", ()) for to in rule["next"]]
        patience = step.get("patience")
        if isinstance(patience, Mapping) and "to" in patience:
            ahead.append(patience["to"])
    return seen
