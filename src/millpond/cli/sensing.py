"""The command sensitivity."""

from __future__ import annotations

from typing import Annotated

import typer

from millpond.cli.commands import Dir
from millpond.cli.options import (
    Begin,
    Charts,
    Days,
    FirstDay,
    Json,
    Seed,
    ThreadCount,
    csv_option,
    drawn,
    one_of,
    share,
    told,
)
from millpond.cli.progress import progress


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
    days: Days = 260,
    replications: Annotated[
        int,
        typer.Option(
            "--replications", metavar="N", help="How often the days are simulated with each number at either end."
        ),
    ] = 100,
    seed: Seed = 1,
    start: Begin = None,
    first: FirstDay = None,
    threads: ThreadCount = None,
    charts: Charts = None,
    json_: Json = False,
    csv: Annotated[str | None, csv_option("a row for each number")] = None,
) -> None:
    """What moves the answer most, so that you know what to measure better."""
    import millpond
    from millpond.report.sensitivity_text import sensitivity_text

    one_of(json_, csv)
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

        drawn(save_sensitivity_charts(found, charts))
    told(found.to_dict(), found, sensitivity_text(found), json_=json_, csv=csv)
