"""The command simulate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from millpond.cli.commands import Dir
from millpond.cli.progress import progress
from millpond.errors import WrongUse

Start = Literal["records", "empty"]
Begin = Annotated[
    Start | None,
    typer.Option(
        "--start",
        show_default=False,
        help="records: carry over the visits that they leave open. empty: begin with nobody there. Default: "
        "records, where there are records of visits.",
    ),
]
First = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="DATE",
        show_default=False,
        help="The first day simulated. Default: the day after the last recorded instant.",
    ),
]
ThreadCount = Annotated[
    int | None,
    typer.Option(
        "--threads",
        metavar="N",
        show_default=False,
        help="How many replications run side by side. Default: one for each processor.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="The same seed gives the same figures.")]


def simulate(
    folder: Dir,
    days: Annotated[int, typer.Option("--days", metavar="N", help="For how many days new cases come.")] = 364,
    replications: Annotated[
        int | None,
        typer.Option(
            "--replications",
            metavar="N",
            show_default=False,
            help="How often the days are simulated. Default: 100; with --precision the most.",
        ),
    ] = None,
    seed: Seed = 1,
    precision: Annotated[
        str | None,
        typer.Option(
            "--precision",
            metavar="SHARE",
            show_default=False,
            help="Simulate until the mean lead time and the mean backlog are known to this share of themselves, such "
            "as 5%.",
        ),
    ] = None,
    start: Begin = None,
    first: First = None,
    warm_up: Annotated[
        int, typer.Option("--warm-up", metavar="DAYS", help="Days at the start to leave out of waits and averages.")
    ] = 0,
    drain: Annotated[
        int, typer.Option("--drain", metavar="DAYS", help="Days more at the end, in which no new cases come.")
    ] = 0,
    log: Annotated[
        Path | None,
        typer.Option(
            "--log",
            metavar="FILE",
            show_default=False,
            help="Also write the first replication in the shape of real records: a new folder, which every command "
            "can read, or a file whose name ends in .csv or .parquet.",
        ),
    ] = None,
    threads: ThreadCount = None,
    dask: Annotated[
        str | None,
        typer.Option(
            "--dask",
            metavar="ADDRESS",
            show_default=False,
            help="Run the replications on the Dask cluster of this scheduler, such as tcp://10.0.0.5:8786.",
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    csv: Annotated[
        str | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            show_default=False,
            help="Write the four measures of each day as CSV; - is standard output.",
        ),
    ] = None,
) -> None:
    """What may come: the same days simulated many times, with intervals on every figure."""
    import millpond
    from millpond.report.simulation_text import simulation_text

    if json_ and csv:
        raise WrongUse("Choose one of --json and --csv.")
    wanted = None if precision is None else share("--precision", precision)
    with millpond.open(folder) as opened:
        with progress("Simulating", unit="replications", first="Preparing the simulator, once") as tell:
            result = opened.simulate(
                days,
                replications=replications,
                precision=wanted,
                seed=seed,
                start=start,
                first_day=first,
                warm_up_days=warm_up,
                drain_days=drain,
                log=log,
                threads=threads,
                dask=dask,
                progress=tell,
            )
        if json_:
            typer.echo(json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False))
        elif csv == "-":
            typer.echo(result.by_day.to_csv(), nl=False)
        elif csv:
            result.by_day.save_csv(Path(csv))
            typer.echo(f"{len(result.by_day.rows):,} rows written to {csv}.", err=True)
        else:
            typer.echo(simulation_text(result, opened.labels), nl=False)
    if log is not None:
        typer.echo(f"The first replication is in {log}.", err=True)


def share(option: str, text: str) -> float:
    """A share such as ``5%`` or ``0.05``, as an option was given it.

    Raises:
        WrongUse: the text is none.
    """
    try:
        number = float(text.strip().removesuffix("%"))
    except ValueError:
        raise WrongUse(f"{option} {text} is no share. Write it as 5% or as 0.05.") from None
    return number / 100 if text.strip().endswith("%") else number
