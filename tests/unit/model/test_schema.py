"""The JSON Schema for editors."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from millpond.model import service_schema
from millpond.model.schema import schema_text
from tests.unit.model.examples import NORTHSHIRE

KEPT = Path(__file__).parents[3] / "schema" / "service.schema.json"


def _json(value: Any) -> Any:
    """TOML data as an editor hands it to the schema: dates as text."""
    return json.loads(json.dumps(value, default=dt.date.isoformat))


def _faulty(text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(service_schema())
    return [error.json_path for error in validator.iter_errors(_json(tomllib.loads(text)))]


def test_the_kept_schema_is_the_schema() -> None:
    assert KEPT.read_text(encoding="utf-8") == schema_text(), (
        "schema/service.schema.json is stale: run python -m millpond.model.schema schema/service.schema.json"
    )


def test_the_program_writes_the_schema(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    done = subprocess.run(
        [sys.executable, "-m", "millpond.model.schema", str(file)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert file.read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_a_schema() -> None:
    schema = service_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    assert '"null"' not in schema_text(), "TOML has no null"


def test_every_key_is_described() -> None:
    schema = service_schema()
    for kind in (schema, *schema["$defs"].values()):
        for name, key in kind["properties"].items():
            assert key["description"].endswith("."), (kind["title"], name)
        assert kind["additionalProperties"] is False


def test_the_worked_example_is_valid() -> None:
    assert _faulty(NORTHSHIRE) == []


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ('name = "x"\nholidays = []', []),
        ('name = "x"\n[steps.a]\nnext = "closed"', []),
        ('name = "x"\n[steps.a]\nminutes = { distribution = "weibull", shape = 1.5, scale = 60 }', []),
        ("", ["$"]),
        ('name = "x"\nnam = "y"', ["$"]),
        ('name = "x"\n[pools.a]\nworkers = -1', ["$.pools.a.workers"]),
        ('name = "x"\n[pools.a]\nworkers = "2"', ["$.pools.a.workers"]),
        ('name = "x"\n[steps.a]\nminutes = { mean = 20, sd = 10 }', ["$.steps.a.minutes"]),
        ('name = "x"\n[steps.a]\nminutes = { distribution = "lognormal", mean = 20 }', ["$.steps.a.minutes"]),
    ],
)
def test_an_editor_marks_what_is_wrong(text: str, paths: list[str]) -> None:
    assert _faulty(text) == paths


def test_the_schema_is_to_be_had_from_the_model_and_nothing_else_is_made_up() -> None:
    import millpond.model

    assert millpond.model.service_schema is service_schema
    with pytest.raises(AttributeError, match="has no attribute 'service_scheme'"):
        _ = millpond.model.service_scheme
