"""Figures that QBP, BIMP and Apromore note in a BPMN model: minutes, staff, timetables, arrivals and shares.

The extension has the namespace ``http://www.qbp-simulator.com/Schema201212``. Its numbers are seconds, whatever its
``timeUnit`` says: that is only how the forms of those tools show them, and Prosimos, by the makers of BIMP, reads them
so too. A tool that writes numbers in that unit would be read wrongly; so the reading is told, with an example, and
lengths that are shorter than one of their unit are named.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from lxml import etree

from millpond.errors import UnreadableFile
from millpond.process.interchange.bpmn_elements import Drawing
from millpond.process.interchange.noted import one_line
from millpond.process.interchange.pathway import Pathway
from millpond.process.interchange.prosimos_amounts import gaps_between, hours_of, minutes_of, week_of
from millpond.process.interchange.results import NotKept
from millpond.process.interchange.safe_xml import local

_QBP = "http://www.qbp-simulator.com/Schema201212"
_SECONDS = {"minutes": 60, "hours": 3600, "days": 86_400}
_NAMED = 5


def simulation_info(read: Drawing) -> etree._Element | None:
    """The figures that the extension keeps of a model; None where it has none."""
    return None if read.root is None else next(read.root.iter(f"{{{_QBP}}}processSimulationInfo"), None)


def take_shares(read: Drawing) -> None:
    """Take the shares of flows, before the pathway is made of them."""
    info = simulation_info(read)
    if info is None:
        return
    shares = {}
    for each in _all(info, "sequenceFlow"):
        value = _number(each.get("executionProbability"))
        if value is not None:
            shares[each.get("elementId")] = value
    read.diagram.flows = [replace(flow, share=shares.get(flow.id, flow.share)) for flow in read.diagram.flows]
    for each in _all(info, "element"):
        node = read.diagram.nodes.get(each.get("elementId") or "")
        found = _minutes(each, "durationDistribution")
        if node is not None and node.kind in ("wait", "pass") and found is not None and found[0]:
            noted = {"after": {"minutes": found[0]}}
            read.diagram.nodes[node.id] = replace(node, kind="wait", minutes=None, noted=noted)


def take_figures(read: Drawing, pathway: Pathway, data: dict[str, Any]) -> None:
    """Take minutes, staff, timetables and arrivals into a service; nothing where the model has none.

    Raises:
        UnreadableFile: a number or a time in the extension cannot be read.
    """
    info = simulation_info(read)
    if info is None:
        return
    try:
        _take(info, read, pathway, data)
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(
            f"The figures of QBP in the model cannot be read ({error}). Save them again in the tool that they are from."
        ) from None


def _take(info: etree._Element, read: Drawing, pathway: Pathway, data: dict[str, Any]) -> None:
    timetables = {}
    for each in _all(info, "timetable"):
        rules = [
            {
                "from": rule.get("fromWeekDay") or "",
                "to": rule.get("toWeekDay") or rule.get("fromWeekDay") or "",
                "beginTime": _clock(rule.get("fromTime")),
                "endTime": _clock(rule.get("toTime")),
            }
            for rule in _all(each, "rule")
        ]
        timetables[each.get("id")] = (each.get("name") or each.get("id") or "hours", week_of(rules))
    resources = {each.get("id"): each for each in _all(info, "resource") if each.get("totalAmount")}
    used: dict[str, str] = {}
    for element in _all(info, "element"):
        step = data["steps"].get(pathway.names.get(element.get("elementId") or "", ""))
        if step is None:
            continue
        found = _minutes(element, "durationDistribution")
        name = pathway.names[element.get("elementId") or ""]
        if found is not None:
            step["minutes"] = found[0]
            if found[1]:
                read.not_kept.append(NotKept("element", element.get("elementId") or "", name, found[1]))
        elif any(True for _ in _all(element, "durationDistribution")):
            reason = "its distribution of minutes is not read"
            read.not_kept.append(NotKept("element", element.get("elementId") or "", name, reason))
        ids = [(each.text or "").strip() for each in _all(element, "resourceId")]
        known = [id for id in ids if id in resources]
        step.pop("pool", None)
        if known:
            step["pool"] = used[known[0]] = resources[known[0]].get("name") or known[0]
            for other in known[1:]:
                reason = "a second kind of staff for one task is not kept"
                read.not_kept.append(NotKept("resource", other, name, reason))
    _seconds(info, read, pathway)
    if resources:
        _pools(resources, used, timetables, data)
    _arrivals(info, timetables, read, data)


def _seconds(info: etree._Element, read: Drawing, pathway: Pathway) -> None:
    """Tells that numbers are taken as seconds, with an example, and which of them look as if they were not."""
    example, doubted = "", []
    for element in _all(info, "element"):
        law = next(iter(_all(element, "durationDistribution")), None)
        name = pathway.names.get(element.get("elementId") or "")
        size = None if law is None else _size(law)
        if law is None or name is None or not size:
            continue
        unit = next((one_line(each.text).lower() for each in _all(law, "timeUnit")), "")
        example = example or f'"{name}", {size:g} in the file, takes {size / 60:.4g} minutes'
        if size < _SECONDS.get(unit, 0):
            doubted.append(f'"{name}" ({size:g}, {unit})')
    if example:
        read.notes.append(
            "The lengths of time in the extension are read as seconds, which BIMP and Apromore write whatever timeUnit "
            f"says: {example}. Compare it with what that tool shows."
        )
    if doubted:
        more = f" and {len(doubted) - _NAMED} more" if len(doubted) > _NAMED else ""
        read.notes.append(
            f"Shorter than one of the unit that is shown with it: {', '.join(doubted[:_NAMED])}{more}. If the file was "
            "written by a tool that keeps the numbers in that unit, correct the minutes in service.toml."
        )


def _size(law: etree._Element) -> float | None:
    """About how long a distribution is: its mean, else what stands for it."""
    kind = (law.get("type") or "").upper()
    if kind == "UNIFORM":
        ends = [_number(law.get(key)) or 0.0 for key in ("arg1", "arg2")]
        return sum(ends) / 2
    return _number(law.get("arg1")) if kind == "EXPONENTIAL" and _number(law.get("arg1")) else _number(law.get("mean"))


def _pools(resources: dict[Any, etree._Element], used: dict[str, str], timetables: Any, data: dict[str, Any]) -> None:
    kept = {step["pool"] for step in data["steps"].values() if "pool" in step}
    data["pools"] = {name: entry for name, entry in data.get("pools", {}).items() if name in kept}
    default = next(iter(timetables.values()), None)
    for id, each in resources.items():
        pool = data["pools"].setdefault(each.get("name") or str(id), {})
        pool["workers"] = float(each.get("totalAmount") or 0)
        if (cost := _number(each.get("costPerHour"))) is not None:
            pool["cost_per_hour"] = cost
        calendar = timetables.get(each.get("timetableId"), default)
        if calendar is not None and any(calendar[1]):
            pool["calendar"] = calendar[0]
            data.setdefault("calendars", {})[calendar[0]] = {"hours": hours_of(calendar[1]), "holidays": False}
    if data.get("calendars"):
        for pool in data["pools"].values():
            pool.setdefault("calendar", next(iter(data["calendars"])))


def _arrivals(info: etree._Element, timetables: Any, read: Drawing, data: dict[str, Any]) -> None:
    law = next(iter(_all(info, "arrivalRateDistribution")), None)
    currency = info.get("currency") or ""
    if len(currency) == 3 and currency.isalpha() and currency.isupper():
        data.setdefault("currency", currency)
    for name in ("processInstances", "startDateTime"):
        if info.get(name):
            reason = f"{info.get(name)}: how long is simulated is said when it is, with --days and --from"
            read.not_kept.append(NotKept(name, "", "", reason))
    if law is None or not data.get("streams"):
        return
    given = _law(law)
    found = None if given is None else gaps_between(*given)
    if found is None:
        reason = "its distribution is not read; say how many come per week"
        read.not_kept.append(NotKept("arrivalRateDistribution", "", law.get("type") or "", reason))
        return
    stream = next(iter(data["streams"].values()))
    week = next((each for key, each in timetables.items() if key and "default" in key.lower()), None)
    week = week or next(iter(timetables.values()), None)
    share = 1.0
    if week is not None and any(week[1]):
        # In QBP gaps pass in the hours of the default timetable alone.
        share = sum(b - a for day in week[1] for a, b in day) / (7 * 24 * 60)
        if share < 1:
            stream["pattern"] = {hours_of(week[1]): 1.0}
    stream["per_week"] = float(f"{7 * 24 * 3600 * share / float(np.mean(found[0])):.6g}")
    if found[1] >= 1:
        stream["overdispersion"] = float(f"{found[1]:.4g}")
    read.notes.append(f"{stream['per_week']:g} cases a week come, which follows from the gaps between arrivals.")


def _minutes(element: etree._Element, tag: str) -> tuple[Any, str] | None:
    law = next(iter(_all(element, tag)), None)
    given = None if law is None else _law(law)
    return None if given is None else minutes_of(*given)


def _law(law: etree._Element) -> tuple[str, list[float]] | None:
    """A distribution of QBP as one of Prosimos: its name, and its parameters by position."""
    mean, first, second = (_number(law.get(key)) or 0.0 for key in ("mean", "arg1", "arg2"))
    kind = (law.get("type") or "").upper()
    if kind == "FIXED":
        return "fix", [mean]
    if kind == "EXPONENTIAL":
        return "expon", [first or mean]
    if kind == "UNIFORM":
        return "uniform", [first, second]
    if kind == "NORMAL":
        return "norm", [mean, first]
    if kind in ("LOGNORMAL", "GAMMA"):
        return {"LOGNORMAL": "lognorm", "GAMMA": "gamma"}[kind], [mean, first]
    return None


def _all(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (each for each in element.iter(f"{{{_QBP}}}{name}") if local(each) == name)


def _number(text: str | None) -> float | None:
    if text is None or not text.strip() or text.strip().lower() == "nan":
        return None
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is no number")
    return value


def _clock(text: str | None) -> str:
    """A time of day without the zone and the fractions that some tools write."""
    return (text or "00:00:00").partition("+")[0].partition(".")[0].removesuffix("Z")
