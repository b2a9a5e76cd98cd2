"""The command dependence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from millpond.cli.commands import Dir
from millpond.cli.progress import progress
from millpond.cli.simulating import Begin, First, Seed, ThreadCount
from millpond.errors import WrongUse


def dependence(
    folder: Dir,
    days: Annotated[int, typer.Option("--days", metavar="N", help="Over how many days.")] = 260,
    away: Annotated[
        int, typer.Option("--away", metavar="N", help="For how many of them, from the first, each person is away.")
    ] = 60,
    replications: Annotated[
        int, typer.Option("--replications", metavar="N", help="How often the days are simulated for each absence.")
    ] = 100,
    seed: Seed = 1,
    start: Begin = None,
    first: First = None,
    threads: ThreadCount = None,
    charts: Annotated[
        Path | None,
        typer.Option(
            "--charts", metavar="FOLDER", show_default=False, help="Also write the chart as pictures into this folder."
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    csv: Annotated[
        str | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            show_default=False,
            help="Write a row for each person as CSV; - is standard output.",
        ),
    ] = None,
) -> None:
    """On whom the service depends: each person away for some days, under the luck of nobody being away."""
    import millpond
    from millpond.report.dependence_text import dependence_text

    if json_ and csv:
        raise WrongUse("Choose one of --json and --csv.")
    with (
        millpond.open(folder) as opened,
        progress("Trying absences", unit="replications", first="Preparing the simulator, once") as tell,
    ):
        found = opened.dependence(
            days,
            away=away,
            replications=replications,
            seed=seed,
            start=start,
            first_day=first,
            threads=threads,
            progress=tell,
        )
    if charts is not None:
        from millpond.report.charts.dependence import save_dependence_charts
        from millpond.report.people import names_of
        from millpond.report.tables import Names

        called = names_of(Names(opened.service), found)
        for path in save_dependence_charts(found, charts, called, opened.labels):
            typer.echo(f"A chart is in {path}.", err=True)
    if json_:
        typer.echo(json.dumps(found.to_dict(), ensure_ascii=False, allow_nan=False))
    elif csv == "-":
        typer.echo(found.to_csv(), nl=False)
    elif csv:
        found.save_csv(Path(csv))
        typer.echo(f"{len(found.rows):,} rows written to {csv}.", err=True)
    else:
        typer.echo(dependence_text(found), nl=False)
