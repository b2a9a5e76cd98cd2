"""The command map."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from millpond.cli.commands import AsOf, Dir
from millpond.cli.progress import progress
from millpond.errors import WrongUse


def map_(
    folder: Dir,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            show_default=False,
            help="Write it as a page (.html), with the same as tables, as a picture (.svg), or for other tools "
            "(.bpmn, BPMN 2.0 with its diagram).",
        ),
    ] = None,
    detail: Annotated[
        float | None,
        typer.Option(
            "--detail",
            metavar="0..1",
            show_default=False,
            help="How much is drawn: 0 for a handful of steps, 1 for all. Default: as much as can be read.",
        ),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option("--compare", metavar="DIR", show_default=False, help="Beside the map of another service folder."),
    ] = None,
    before: Annotated[
        str | None,
        typer.Option(
            "--before",
            metavar="DATE",
            show_default=False,
            help="Compare the cases that began before this day with those that began later.",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="COLUMN", show_default=False, help="Compare the cases of each value, such as stream."
        ),
    ] = None,
    pathway: Annotated[
        bool, typer.Option("--pathway", help="Say whether cases went the way that service.toml draws.")
    ] = False,
    person: Annotated[
        str | None,
        typer.Option(
            "--person",
            metavar="COLUMN",
            show_default=False,
            help="The column that names the person, to find repeat contacts. Default: found by its name.",
        ),
    ] = None,
    within: Annotated[
        int,
        typer.Option("--within", metavar="DAYS", help="A contact for the same thing within so many days is a repeat."),
    ] = 14,
    sharing: Annotated[
        bool, typer.Option("--sharing", help="Leave out what few cases did, for a file that others will see.")
    ] = False,
    as_of: AsOf = None,
    json_: Annotated[
        bool, typer.Option("--json", help="Print the map as JSON, with every step and every way.")
    ] = False,
) -> None:
    """How work really flows: steps, hand-offs between people and organisations, and where it waits and for what."""
    import millpond
    from millpond.report.process_map.page import checked_suffix, save_comparison, save_map
    from millpond.report.process_map.sharing import for_sharing
    from millpond.report.process_map.text import comparison_text, conformance_text, map_text

    if output is not None:
        checked_suffix(output)
    if sharing and (output is None or json_ or compare or before or by or pathway):
        raise WrongUse("--sharing is for the map of one service in a file. Give the file with -o, and nothing else.")
    with millpond.open(folder) as opened, progress("Reading the records") as tell:
        if pathway:
            if output is not None or compare or before or by:
                raise WrongUse("--pathway is told as text or with --json; leave -o, --compare, --before and --by out.")
            found = opened.conformance(as_of)
            labels = {name: step.label or name for name, step in opened.service.steps.items()}
            typer.echo(_json(found.to_dict()) if json_ else conformance_text(found, labels), nl=json_)
            return
        if compare or before or by:
            if compare is None:
                comparison = opened.compare_maps(before=before, by=by, as_of=as_of)
            else:
                with millpond.open(compare) as other:
                    comparison = opened.compare_maps(other, before=before, by=by, as_of=as_of)
            if output is not None:
                save_comparison(comparison, output, detail)
            typer.echo(_json(comparison.to_dict()) if json_ else comparison_text(comparison), nl=json_)
            return
        whole = opened.map(as_of=as_of, person=person, within_days=within, progress=tell)
        if sharing:
            whole = for_sharing(whole, opened.service.suppress_below)
        drawing = None if output is None else save_map(whole, output, detail)
    if json_:
        typer.echo(_json(whole.to_dict()))
        return
    if drawing is None:
        typer.echo(map_text(whole), nl=False)
        return
    typer.echo(f"The map of {whole.service} is in {output}")
    typer.echo("")
    for number, row in enumerate(whole.delays.of("step")[:3], 1):
        typer.echo(f"{number}. {row.sentence}")
    for note in drawing.notes:
        typer.echo(f"- {note}")


def _json(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, allow_nan=False)
