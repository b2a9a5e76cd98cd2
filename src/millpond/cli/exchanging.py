"""The command export, and what import does with a model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from millpond.cli.commands import Dir
from millpond.cli.progress import progress


def export(
    folder: Dir,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            show_default=False,
            help="The file to write. Its ending says in which format: .bpmn, .json (Prosimos, with the model in .bpmn "
            "beside it) or .xes (the visits).",
        ),
    ],
    json_: Annotated[
        bool, typer.Option("--json", help="Print what was written, and what was not kept, as JSON.")
    ] = False,
) -> None:
    """Write the service, or its records, for another tool; what the format cannot say is listed."""
    import millpond

    with millpond.open(folder) as opened, progress("Writing for another tool"):
        written = opened.export(output)
    _print(written.to_dict() if json_ else written.lines)


def import_model(source: str, into: Path, diagram: Path | None, settings: Mapping[str, Any], *, as_json: bool) -> None:
    """Makes a service folder of a model, and says what could not be kept of it."""
    from millpond.folder.exchanging import bring_model

    with progress(f"Reading {Path(source).name}"):
        brought = bring_model(source, into, diagram, settings)
    _print(brought.to_dict() if as_json else brought.lines)


def _print(told: Mapping[str, Any] | tuple[str, ...]) -> None:
    if isinstance(told, tuple):
        for line in told:
            typer.echo(line)
    else:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
