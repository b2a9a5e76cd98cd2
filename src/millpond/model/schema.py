"""The JSON Schema of service.toml, with which an editor completes keys and marks faults as somebody writes.

Written to a file by ``python -m millpond.model.schema FILE``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from millpond.model.service import Service


def service_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of service.toml; dates are in it as text of the format ``date``."""
    schema = _without_null(Service.model_json_schema(by_alias=True, mode="validation"))
    for kind in schema["$defs"].values():
        if "distribution" in kind["properties"]:
            # In Python the class says which distribution it is; in the file only the key can.
            kind["required"] = ["distribution", *kind["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "service.toml of Millpond",
    }


def schema_text() -> str:
    """The schema as the text of the file that is kept."""
    return json.dumps(service_schema(), indent=2, ensure_ascii=False) + "\n"


def _without_null(schema: Any) -> Any:
    """The schema without null, which TOML has not: what has no value is left out."""
    if isinstance(schema, list):
        return [_without_null(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {name: _without_null(entry) for name, entry in schema.items() if not (name == "default" and entry is None)}
    choices = [choice for choice in tidy.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        del tidy["anyOf"]
        tidy = {**choices[0], **tidy}
    elif choices:
        tidy["anyOf"] = choices
    return tidy


def _main() -> None:
    Path(sys.argv[1]).write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    _main()
