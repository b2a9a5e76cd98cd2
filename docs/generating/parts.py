"""Tables within pages that people write: keys of results, exit codes, names of columns."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from generating.command_line import exit_codes
from generating.docstrings import names_in, parsed, prose, table
from generating.functions import named
from millpond.records.reading.conventions import NAMES


def part(name: str) -> str:
    """What belongs between the marks of a part."""
    kind, _, about = name.partition(" ")
    parts: dict[str, Callable[[str], str]] = {
        "row": row_keys,
        "exit": lambda _: exit_codes(),
        "columns": lambda _: recognisednames_in(),
    }
    return parts[kind](about).rstrip("\n") + "\n"


def row_keys(about: str) -> str:
    """The keys of a row, or of another frozen value of a result, from its docstring; types from its fields."""
    module, _, name = about.rpartition(".")
    kind = named(module if module.startswith("millpond.") else f"millpond.measures.{module}", name)
    types = {key: str(value.type).replace(" | None", "") for key, value in kind.__dataclass_fields__.items()}
    blank = {key for key, value in kind.__dataclass_fields__.items() if "None" in str(value.type)}
    words = {
        "str": "text",
        "float": "number",
        "int": "whole number",
        "bool": "true or false",
        "VariationIcon": "text",
        "Estimate": "[estimate](#estimates)",
        "tuple[float, ...]": "list of numbers, some perhaps none",
    }
    rows = []
    for names, meaning in parsed(inspect.getdoc(kind) or "").entries["Attributes"]:
        first = names.split(",")[0].strip()
        rows.append((names_in(names), words[types[first]] + (" or none" if first in blank else ""), prose(meaning)))
    return table(("key", "type", "meaning"), rows)


def recognisednames_in() -> str:
    """The names by which columns of a file are recognised."""
    return table(
        ("our column", "recognised, the first that is found"),
        [
            (f"`{ours}`", "; ".join(", ".join(f"`{name.strip()}`" for name in group.split(",")) for group in groups))
            for ours, groups in NAMES.items()
        ],
    )
