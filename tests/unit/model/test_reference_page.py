"""docs/reference/service-toml.md tells every key, its default, and an example of it; all of it is true."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticUndefined

from millpond.model import (
    Calendar,
    ChartRules,
    Delay,
    GroupSession,
    Organisation,
    Patience,
    Plan,
    Policy,
    Pool,
    PoolPlan,
    Promised,
    RecordsMapping,
    Rule,
    SchoolHoliday,
    Service,
    StaffingChange,
    Step,
    StepPlan,
    Stream,
    StreamPlan,
    Targets,
    Value,
    WatchedChart,
    Worker,
    parse_service,
)
from millpond.model import distributions as family
from millpond.model.values import toml_key

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "service-toml.md").read_text(encoding="utf-8")
SECTIONS: dict[str, type[Value]] = {
    "The service": Service,
    "School holidays": SchoolHoliday,
    "Calendars": Calendar,
    "Organisations": Organisation,
    "Pools": Pool,
    "Changes of staffing": StaffingChange,
    "Workers": Worker,
    "Streams": Stream,
    "Steps": Step,
    "Rules": Rule,
    "Delays": Delay,
    "Patience": Patience,
    "Group sessions": GroupSession,
    "Policies": Policy,
    "Plans": Plan,
    "Pools in a plan": PoolPlan,
    "Steps in a plan": StepPlan,
    "Streams in a plan": StreamPlan,
    "Charts": WatchedChart,
    "Chart rules": ChartRules,
    "Targets": Targets,
    "Promise": Promised,
    "Records": RecordsMapping,
}
EXAMPLES = "\n".join(re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL))


def _section(heading: str) -> str:
    found = re.search(rf"^##+ {re.escape(heading)}\n(.*?)(?=^##|\Z)", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert found, f"the page has no section {heading!r}"
    return found[1]


def _told(heading: str) -> dict[str, str]:
    """The keys in the first table of a section, each with the default that it tells."""
    rows = re.findall(r"^\| `([^`]+)` \| [^|]+ \| ([^|]+) \| [^|]+ \|$", _section(heading), flags=re.MULTILINE)
    return {key: default.strip("`") for key, default in rows}


def _default(kind: type[Value], name: str) -> str:
    default = kind.model_fields[name].get_default(call_default_factory=True)
    if default is PydanticUndefined:
        return "required"
    if default is None or isinstance(default, Value) or default == {}:
        return "—"
    if isinstance(default, tuple):
        return "[" + ", ".join(f'"{entry}"' for entry in default) + "]"
    if isinstance(default, bool):
        return str(default).lower()
    return f'"{default}"' if isinstance(default, str) else f"{default:g}"


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_is_told_with_its_default(heading: str) -> None:
    kind = SECTIONS[heading]
    assert _told(heading) == {toml_key(name, kind): _default(kind, name) for name in kind.model_fields}


def test_every_distribution_is_told_with_its_keys() -> None:
    kinds = [
        kind
        for kind in vars(family).values()
        if isinstance(kind, type) and issubclass(kind, family.Distribution) and kind is not family.Distribution
    ]
    assert len(kinds) == 9
    rows = re.findall(r"^\| `\"(\w+)\"` \| ([^|]+) \|", _section("Distributions"), flags=re.MULTILINE)
    told = {(name, *re.findall(r"`(\w+)`", keys)) for name, keys in rows}
    assert told == {
        (kind.model_fields["distribution"].default, *(name for name in kind.model_fields if name != "distribution"))
        for kind in kinds
    }


def test_the_examples_together_are_one_service() -> None:
    service = parse_service(EXAMPLES)
    assert service.name == "Northshire victim support"
    kinds = {type(step.minutes) for step in service.steps.values()}
    assert len(kinds - {float, type(None)}) == 9, "each distribution has its example"


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_has_an_example(heading: str) -> None:
    data = tomllib.loads(EXAMPLES)
    entries: dict[str, list[Any]] = {
        "The service": [data],
        "School holidays": data["school_holidays"],
        "Changes of staffing": data["pools"]["advocates"]["from"],
        "Rules": data["steps"]["advocacy"]["rules"],
        "Delays": [delay for delay in data["steps"]["referral"]["after"].values() if isinstance(delay, dict)],
        "Patience": [data["steps"]["callback"]["patience"]],
        "Group sessions": [data["steps"]["coping course"]["group"]],
        **{
            f"{part.capitalize()} in a plan": [
                change for plan in data["plans"].values() for change in plan.get(part, {}).values()
            ]
            for part in ("pools", "steps", "streams")
        },
        "Charts": data["charts"],
        "Chart rules": [data["chart_rules"]],
        "Targets": [data["targets"]],
        "Promise": [data["promise"]],
        "Records": [data["records"]],
    }
    shown = entries.get(heading) or list(data.get(heading.lower(), {}).values())
    assert set(_told(heading)) <= {key for entry in shown for key in entry}


def test_the_hours_in_the_table_can_be_read() -> None:
    table = re.findall(r"^\| `([A-Z][^`]+)` \|", _section("Calendars"), flags=re.MULTILINE)
    assert len(table) == 7
    for hours in table:
        Calendar(hours=hours)
