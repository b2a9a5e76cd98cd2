"""The command sensitivity."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from millpond.cli.commands import Dir
from millpond.cli.progress import progress
from millpond.cli.simulating import Begin, First, Seed, ThreadCount, share
from millpond.errors import WrongUse


def sensitivity(
    folder: Dir,
    answer: Annotated[
        str,
        typer.Option(
            "--answer", metavar="WHAT", help="What is looked at: backlog, backlog at end, wait, lead time or cost."
        ),
    ] = "backlog",
    pool: Annotated[
        str | None,
        typer.Option("--pool", metavar="POOL", show_default=False, help="Only the backlog, wait or cost of this pool."),
    ] = None,
    spread: Annotated[
        str,
        typer.Option(
            "--spread",
            metavar="SHARE",
            help="By what share of itself a number may be off. The intervals in fitted.toml go before it.",
        ),
    ] = "10%",
    method: Annotated[
        str,
        typer.Option(
            "--method",
            metavar="HOW",
            help="morris: besides one at a time, all numbers together, for each number. sobol: all together, what "
            "share each kind has in what is unsure. one at a time: only that.",
        ),
    ] = "morris",
    places: Annotated[
        int | None,
        typer.Option(
            "--places",
            metavar="N",
            show_default=False,
            help="How many random ways through all ranges (default 12) or places in them (sobol, default 64).",
        ),
    ] = None,
    days: Annotated[int, typer.Option("--days", metavar="N", help="Over how many days.")] = 260,
    replications: Annotated[
        int,
        typer.Option(
            "--replications", metavar="N", help="How often the days are simulated with each number at either end."
        ),
    ] = 100,
    seed: Seed = 1,
    start: Begin = None,
    first: First = None,
    threads: ThreadCount = None,
    charts: Annotated[
        Path | None,
        typer.Option(
            "--charts", metavar="FOLDER", show_default=False, help="Also write the charts as pictures into this folder."
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    csv: Annotated[
        str | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            show_default=False,
            help="Write a row for each number as CSV; - is standard output.",
        ),
    ] = None,
) -> None:
    """What moves the answer most, so that you know what to measure better."""
    import millpond
    from millpond.report.sensitivity_text import sensitivity_text

    if json_ and csv:
        raise WrongUse("Choose one of --json and --csv.")
    off = share("--spread", spread)
    with (
        millpond.open(folder) as opened,
        progress("Varying numbers", unit="replications", first="Preparing the simulator, once") as tell,
    ):
        found = opened.sensitivity(
            days,
            answer=answer,
            pool=pool,
            spread=off,
            method=method,
            places=places,
            replications=replications,
            seed=seed,
            start=start,
            first_day=first,
            threads=threads,
            progress=tell,
        )
    if charts is not None:
        from millpond.report.charts.tornado import save_sensitivity_charts

        for path in save_sensitivity_charts(found, charts):
            typer.echo(f"A chart is in {path}.", err=True)
    if json_:
        typer.echo(json.dumps(found.to_dict(), ensure_ascii=False, allow_nan=False))
    elif csv == "-":
        typer.echo(found.to_csv(), nl=False)
    elif csv:
        found.save_csv(Path(csv))
        typer.echo(f"{len(found.rows):,} rows written to {csv}.", err=True)
    else:
        typer.echo(sensitivity_text(found), nl=False)
