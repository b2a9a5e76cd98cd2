"""Prosimos out: a service as its simulation parameters (JSON) and the BPMN model that they belong to.

Prosimos reads tasks, gateways, events on the way and one start; what a service has beyond these is listed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from millpond.model import Service
from millpond.model.distributions import Distribution
from millpond.model.hours import MINUTES_A_DAY
from millpond.process.interchange.bpmn_out import diagram_xml
from millpond.process.interchange.diagram import Diagram, Flow, Node
from millpond.process.interchange.drawing import draw
from millpond.process.interchange.prosimos_amounts import distribution_of, periods_of
from millpond.process.interchange.results import NotKept

_ALWAYS = tuple(((0, MINUTES_A_DAY),) for _ in range(7))
_ALWAYS_OPEN = "always open"
_NOBODY = "without staff"
_PLENTY = 1000
_WEEK_SECONDS = 7 * 24 * 3600.0


def write_prosimos(service: Service) -> tuple[str, bytes, tuple[NotKept, ...]]:
    """A service for Prosimos.

    Args:
        service: the service.

    Returns:
        The JSON, the BPMN, and what of the service Prosimos cannot be told.
    """
    diagram, drawn = draw(service)
    not_kept = [*drawn]
    _one_start(service, diagram, not_kept)
    not_kept += _beyond(service, diagram)
    pools = _pools(service, not_kept)
    tasks = {node.noted["name"]: id for id, node in diagram.nodes.items() if node.kind == "task"}
    calendars = {name: calendar.weekly for name, calendar in service.effective_calendars.items()}
    calendars[_ALWAYS_OPEN] = _ALWAYS
    doing: dict[str, list[str]] = {pool: [] for pool in pools}
    durations = []
    for name, step in service.steps.items():
        pool = step.pool or _NOBODY
        doing[pool].append(tasks[name])
        law = _law(step.minutes or 0.0, "task", tasks[name], name, not_kept)
        durations.append(
            {"task_id": tasks[name], "resources": [{"resource_id": each["id"], **law} for each in pools[pool]]}
        )
    profiles = [
        {"id": pool, "name": pool, "resource_list": [{**each, "assignedTasks": doing[pool]} for each in people]}
        for pool, people in pools.items()
    ]
    parameters = {
        "resource_profiles": profiles,
        "resource_calendars": [
            {"id": name, "name": name, "time_periods": periods_of(week)} for name, week in calendars.items()
        ],
        "arrival_time_distribution": _arrivals(service, not_kept),
        "arrival_time_calendar": periods_of(_ALWAYS),
        "gateway_branching_probabilities": list(_gateways(diagram)),
        "task_resource_distribution": durations,
        "event_distribution": [
            {"event_id": node.id, **_named("fix", [(node.minutes or 0.0) * 60])}
            for node in diagram.nodes.values()
            if node.kind == "wait"
        ],
    }
    return (
        json.dumps(parameters, indent=2, ensure_ascii=False) + "\n",
        diagram_xml(diagram, "for Prosimos"),
        tuple(not_kept),
    )


def _named(name: str, values: list[float]) -> dict[str, Any]:
    return {"distribution_name": name, "distribution_params": [{"value": value} for value in values]}


def _law(minutes: float | Distribution, element: str, id: str, name: str, not_kept: list[NotKept]) -> dict[str, Any]:
    kind, values, same = distribution_of(minutes)
    if not same:
        reason = "Prosimos has no such distribution; it gets a gamma distribution of the same mean and spread"
        not_kept.append(NotKept(element, id, name, reason))
    return _named(kind, values)


def _one_start(service: Service, diagram: Diagram, not_kept: list[NotKept]) -> None:
    """Several streams become one start with a gateway, because Prosimos reads one."""
    starts = [node for node in diagram.nodes.values() if node.kind == "start"]
    if len(starts) < 2:
        return
    total = sum(stream.per_week or 0.0 for stream in service.streams.values())
    diagram.nodes = {
        "Start": Node("Start", "start", "startEvent", "arrivals", starts[0].lane),
        "Streams": Node("Streams", "xor", "exclusiveGateway", "", starts[0].lane),
        **{id: node for id, node in diagram.nodes.items() if node.kind != "start"},
    }
    begun = [Flow("Flow_0", "Start", "Streams")]
    names = {node.id: str(node.noted["stream"]) for node in starts}
    for flow in diagram.flows:
        stream = names.get(flow.source)
        if stream is not None:
            share = (service.streams[stream].per_week or 0.0) / total if total else 1 / len(starts)
            flow = replace(flow, source="Streams", name=stream, share=share, noted={"share": share})
        begun.append(flow)
    diagram.flows = begun
    reason = "several streams are one start with a gateway; which stream a case came by is not told"
    not_kept.append(NotKept("streams", "", ", ".join(service.streams), reason))


def _beyond(service: Service, diagram: Diagram) -> Iterator[NotKept]:
    """What Prosimos does not read, by name."""
    for node in diagram.nodes.values():
        if node.kind == "leave":
            task = diagram.nodes[node.attached_to or ""].name
            yield NotKept("boundaryEvent", node.id, task, "patience is not read by Prosimos: nobody leaves")
        elif node.kind == "wait" and not isinstance(node.noted.get("after"), str):
            yield NotKept("intermediateCatchEvent", node.id, node.name, "the delay is its mean, by the clock")
        elif node.kind == "wait" and "working" in str(node.noted["after"]):
            yield NotKept("intermediateCatchEvent", node.id, node.name, "working days are counted as days by the clock")
        elif node.noted.get("rules"):
            yield NotKept("exclusiveGateway", node.id, node.name, "rules are not told: all cases go as no rule says")
    for name, step in service.steps.items():
        for key in ("minutes_for", "people", "skill", "missed", "group"):
            if getattr(step, key) not in (type(step).model_fields[key].get_default(call_default_factory=True), None):
                yield NotKept("task", "", name, f"{key} is not told to Prosimos")
        if step.pool is not None and step.minutes is None:
            yield NotKept("task", "", name, "its minutes are not known; Prosimos is told that it takes none")
    for name in service.policies:
        yield NotKept("policies", "", name, "policies are not told to Prosimos")
    if service.holidays or service.extra_closures or any(each.extra_closures for each in service.calendars.values()):
        yield NotKept("calendars", "", "", "holidays and closures are not told to Prosimos")


def _pools(service: Service, not_kept: list[NotKept]) -> dict[str, list[dict[str, Any]]]:
    """The resources of each pool: its named workers, or one entry for all of them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, pool in service.pools.items():
        known = {"cost_per_hour": pool.cost_per_hour or 0.0}
        workers = service.workers_of(name)
        for key in ("minutes_per_day", "caseload", "absence", "changes", "urgent_preempts", "order"):
            if getattr(pool, key) != type(pool).model_fields[key].get_default(call_default_factory=True):
                not_kept.append(NotKept("pools", "", name, f"{key} is not told to Prosimos"))
        if pool.workers is None and workers:
            found[name] = [
                {"id": each, "name": each, **known, "amount": 1, "calendar": service.calendar_name(worker)}
                for each, worker in workers.items()
            ]
            if any(worker.also for worker in workers.values()):
                not_kept.append(NotKept("pools", "", name, "that its workers help elsewhere is not told to Prosimos"))
            continue
        count = service.headcount(name, dt.date.max)
        amount = max(1, round(count))
        if amount != count:
            not_kept.append(NotKept("pools", "", name, f"{count:g} workers are {amount} for Prosimos"))
        found[name] = [{"id": name, "name": name, **known, "amount": amount, "calendar": service.calendar_name(pool)}]
    if any(step.pool is None for step in service.steps.values()):
        nobody = {"cost_per_hour": 0.0, "amount": _PLENTY, "calendar": _ALWAYS_OPEN}
        found[_NOBODY] = [{"id": _NOBODY, "name": _NOBODY, **nobody}]
    return found


def _gateways(diagram: Diagram) -> Iterator[dict[str, Any]]:
    for id, flows in diagram.leaving().items():
        node = diagram.nodes[id]
        if node.kind != "xor" or len(flows) < 2:
            continue
        shares = {flow.id: flow.noted.get("share", 0.0) for flow in flows}
        if node.noted.get("rules"):
            shares = {flow.id: 1.0 if flow.id == diagram.default_flows.get(id) else 0.0 for flow in flows}
        ways = [{"path_id": flow, "value": share} for flow, share in shares.items()]
        yield {"gateway_id": id, "probabilities": ways}


def _arrivals(service: Service, not_kept: list[NotKept]) -> dict[str, Any]:
    """One stream of arrivals at all hours: gaps by the clock in hours of the day would change how many come."""
    total = sum(stream.per_week or 0.0 for stream in service.streams.values())
    for name, stream in service.streams.items():
        for key in (
            "pattern",
            "by_month",
            "trend_per_year",
            "share_urgent",
            "priority",
            "attributes",
            "schedule",
            "daily_counts",
        ):
            if getattr(stream, key) != type(stream).model_fields[key].get_default(call_default_factory=True):
                not_kept.append(NotKept("streams", "", name, f"{key} is not told to Prosimos"))
    if not total:
        not_kept.append(NotKept("streams", "", "", "how many come per week is not known; one a week is written"))
    gap = _WEEK_SECONDS / (total or 1.0)
    spread = max((stream.overdispersion for stream in service.streams.values()), default=1.0)
    if spread > 1:
        return _named("gamma", [gap, spread * gap**2, 0.0, gap * 1000])
    return _named("expon", [gap, 0.0, gap * 1000])
