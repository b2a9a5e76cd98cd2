"""The page on Python, from the docstrings of what a person uses."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

import millpond
from generating.docstrings import SEE, as_markdown
from millpond.folder import Folder
from millpond.measures.results import Result

RESULTS = (
    ("millpond.measures.results", "Measures"),
    ("millpond.measures.waits", "Waits"),
    ("millpond.measures.lead_times", "LeadTimes"),
    ("millpond.measures.waiting", "Waiting"),
    ("millpond.measures.waiting", "Breaches"),
    ("millpond.measures.arrivals", "Arrivals"),
    ("millpond.measures.arrivals", "HoursOfTheWeek"),
    ("millpond.measures.caseload", "Caseload"),
    ("millpond.measures.caseload_history", "CaseloadHistory"),
    ("millpond.measures.work_content", "WorkContent"),
    ("millpond.measures.clearing", "Clearing"),
    ("millpond.measures.critical", "CriticalResource"),
    ("millpond.variation.chart_results", "Variation"),
    ("millpond.variation.chart_results", "ControlChart"),
    ("millpond.variation.event_results", "Events"),
    ("millpond.variation.event_results", "EventDays"),
    ("millpond.variation.event_results", "ReturnLevels"),
    ("millpond.variation.events_ahead", "EventsAhead"),
    ("millpond.variation.forecast", "Forecast"),
    ("millpond.variation.backtesting", "Backtest"),
    ("millpond.variation.seasonality", "Seasonality"),
    ("millpond.variation.distributions", "Distributions"),
    ("millpond.process.results", "MapSteps"),
    ("millpond.process.results", "MapWays"),
    ("millpond.process.results", "MapEndings"),
    ("millpond.process.delays", "Delays"),
    ("millpond.process.failure", "FailureDemand"),
    ("millpond.process.comparing", "MapComparison"),
    ("millpond.process.comparing", "ComparedWays"),
    ("millpond.process.conformance", "Conformance"),
    ("millpond.simulation.rows", "Simulated"),
    ("millpond.simulation.rows", "SimulatedPools"),
    ("millpond.simulation.rows", "SimulatedDays"),
    ("millpond.simulation.rows", "SimulatedWaits"),
    ("millpond.simulation.rows", "SimulatedLeadTimes"),
    ("millpond.simulation.rows", "SimulatedOutcomes"),
    ("millpond.simulation.rows", "SimulatedPolicies"),
    ("millpond.simulation.rows", "ByReplication"),
    ("millpond.calibration.fitting.result", "Fit"),
    ("millpond.calibration.predicting.what_if", "WhatIf"),
    ("millpond.calibration.backtesting.results", "Backtest"),
    ("millpond.calibration.backtesting.results", "Figures"),
    ("millpond.calibration.backtesting.results", "BacklogBand"),
    ("millpond.planning.least", "Staffings"),
    ("millpond.planning.ways", "Ways"),
    ("millpond.planning.relief", "Reliefs"),
    ("millpond.planning.longer_days", "LongerDays"),
    ("millpond.planning.comparison", "PlanRows"),
    ("millpond.planning.comparison", "PlanPools"),
    ("millpond.planning.comparison", "PlanOrganisations"),
    ("millpond.planning.comparison", "PlanEvents"),
    ("millpond.planning.optimising", "PlanSettings"),
    ("millpond.planning.dependence_rows", "Dependence"),
    ("millpond.planning.dependence_rows", "Holdings"),
    ("millpond.planning.sensitivity_rows", "Sensitivity"),
    ("millpond.planning.sensitivity_rows", "KindShares"),
)
"""The results that a folder gives, each with the module that makes it."""

_PAGES = {
    ".simulation.": "simulation.md",
    **dict.fromkeys((f".planning.{name}." for name in ("least", "ways", "relief", "longer_days")), "capacity.md"),
    ".planning.": "plans.md",
    **dict.fromkeys(
        (f".variation.{name}." for name in ("forecast", "backtesting", "seasonality", "distributions")), "forecasts.md"
    ),
    ".variation.": "variation.md",
    ".process.": "process-map.md",
    ".calibration.": "fitting.md",
}
"""The pages that tell the rows of results, by a part of the name of their module, the first that is in it; of all
others, `measures.md`."""

OTHERS = (
    ("millpond.process.results", "ProcessMap", "ProcessMap"),
    ("millpond.process.results", "Lane", "Lane"),
    ("millpond.simulation.results", "Simulation", "Simulation"),
    ("millpond.planning.comparison", "Comparison", "Comparison"),
    ("millpond.planning.economics", "Appraisal", "Appraisal"),
    ("millpond.planning.economics", "Optimism", "Optimism"),
    ("millpond.planning.economics", "Rates", "Rates"),
    ("millpond.planning.least", "LeastCapacity", "LeastCapacity"),
    ("millpond.simulation.intervals", "Estimate", "Estimate"),
    ("millpond.simulation.warm_up", "WarmUp", "WarmUp"),
    ("millpond.report.document", "Report", "Report"),
    ("millpond.report.page", "Finding", "Finding of the page"),
    ("millpond.report.charts.chart", "Chart", "Chart"),
    ("millpond.folder", "Checked", "Checked"),
    ("millpond.records.quality", "QualityReport", "QualityReport"),
    ("millpond.records.findings", "Finding", "Finding in the records"),
    ("millpond.records.lag", "RecordingLag", "RecordingLag"),
    ("millpond.intake", "Options", "Options"),
    ("millpond.intake", "Brought", "Brought"),
    ("millpond.records.importing", "Import", "Import"),
    ("millpond.folder.exchanging", "ModelBrought", "ModelBrought"),
    ("millpond.folder.exchanging", "Exported", "Exported"),
    ("millpond.process.interchange.results", "ModelRead", "ModelRead"),
    ("millpond.process.interchange.results", "NotKept", "NotKept"),
)
"""The other values that a person meets, each with its heading."""

FUNCTIONS = (
    ("millpond.intake", "bring_in"),
    ("millpond.report.process_map.page", "save_map"),
    ("millpond.report.process_map.page", "save_comparison"),
    ("millpond.report.process_map.sharing", "for_sharing"),
    ("millpond.folder.exchanging", "bring_model"),
    ("millpond.model", "load_service"),
    ("millpond.model", "parse_service"),
    ("millpond.model", "dump_service"),
    ("millpond.model", "service_schema"),
    ("millpond.planning.economics", "appraise"),
    ("millpond.planning.economics", "present_value"),
    ("millpond.planning.economics", "payback"),
)
ERRORS = ("MillpondError", "WrongUse", "CannotBeKept", "UnreadableFile", "CannotWrite", "FaultyService", "Fault")


def python_page() -> str:
    """The page on Python, from the docstrings."""
    parts = [
        "# Python\n",
        SEE,
        "*How do I ask a service folder from a notebook or a program?* Open it, and ask it. Every answer is a frozen "
        "value that outlives the folder; [the measures](measures.md) tell what each figure means. The [tutorial]"
        "(../tutorials/notebook.md) shows them in use.\n",
        "## Opening a folder\n",
        _function("millpond.open", millpond.open),
        "## Folder\n",
        _described(Folder),
        *(_member(Folder, name, value) for kind in _parts(Folder) for name, value in _public(kind)),
        "## What every result has\n",
        _described(Result),
        *(_member(Result, name, value) for name, value in _public(Result)),
    ]
    parts.append("## Results\n")
    parts += [_class(named(module, name), name) for module, name in RESULTS]
    parts.append("## Other values\n")
    parts += [_class(named(module, name), title) for module, name, title in OTHERS]
    parts.append("## Functions\n")
    parts += [_function(f"{module}.{name}", named(module, name)) for module, name in FUNCTIONS]
    parts.append("## Errors\n")
    for name in ERRORS:
        kind = named("millpond.errors", name)
        code = f"\nExit code {kind.exit_code}.\n" if hasattr(kind, "exit_code") else ""
        parts.append(f"### {name}\n\n{_described(kind)}{code}")
    return "\n".join(parts)


def named(module: str, name: str) -> Any:
    """What a module calls by a name."""
    return getattr(importlib.import_module(module), name)


def _class(kind: type, title: str) -> str:
    lines = [f"### {title}\n", f"`{kind.__module__}.{kind.__name__}`\n", _described(kind)]
    known: set[str] = set()
    if issubclass(kind, Result):
        if row := getattr(kind, "row_type", None):
            lines.append(f"Its rows are of [{row.__name__}]({page_of(kind)}#{row.__name__.lower()}).\n")
        known = {name for name, _ in _public(Result)}
    lines += [_member(kind, name, value) for name, value in _public(kind) if name not in known]
    return "\n".join(lines)


def page_of(kind: type) -> str:
    """The page of the reference that tells the rows of a result."""
    return next((page for part, page in _PAGES.items() if part in f"{kind.__module__}."), "measures.md")


def _parts(kind: type) -> list[type]:
    """The classes of which a class is made, the first ones first, each with what it adds."""
    return [part for part in reversed(kind.__mro__) if part.__module__.startswith("millpond.")]


def _public(kind: type) -> Iterator[tuple[str, Any]]:
    """The methods and properties that a class itself defines, in the order of the code."""
    for name, value in vars(kind).items():
        plain = inspect.isfunction(value) or isinstance(value, property) or hasattr(value, "func")
        if plain and not name.startswith("_"):
            yield name, value


def _member(kind: type, name: str, value: Any) -> str:
    title = f"{'service' if kind is Folder else kind.__name__}.{name}"
    if inspect.isfunction(value):
        return _function(title, value)
    getter: Any = value.fget if isinstance(value, property) else value.func
    return _entry(title, f"{name}: {_annotation(inspect.signature(getter).return_annotation)}", getter)


def _function(title: str, value: Any) -> str:
    signature = inspect.signature(value)
    told = []
    for param in signature.parameters.values():
        if param.name == "self":
            continue
        if param.kind is param.KEYWORD_ONLY and "*" not in told:
            told.append("*")
        default = "" if param.default is param.empty else f" = {param.default!r}"
        told.append(f"{param.name}: {_annotation(param.annotation)}{default}")
    name, given = title.rpartition(".")[2], _annotation(signature.return_annotation)
    code = f"{name}({', '.join(told)}) -> {given}"
    if len(code) > 100:
        code = f"{name}(\n    " + ",\n    ".join(told) + f",\n) -> {given}"
    return _entry(title, code, value)


def _entry(title: str, code: str, value: Any) -> str:
    return f"#### {title}\n\n```py\n{code}\n```\n\n{_described(value)}"


def _annotation(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


def _described(value: Any) -> str:
    return as_markdown(inspect.getdoc(value) or "")
