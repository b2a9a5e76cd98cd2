"""The command simulate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from millpond.cli.commands import Dir
from millpond.cli.options import Begin, FirstDay, Json, Seed, ThreadCount, csv_option, one_of, share, told
from millpond.cli.progress import progress


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
    first: FirstDay = None,
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
    json_: Json = False,
    csv: Annotated[str | None, csv_option("the four measures of each day")] = None,
) -> None:
    """What may come: the same days simulated many times, with intervals on every figure."""
    import millpond
    from millpond.report.simulation_text import simulation_text

    one_of(json_, csv)
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
        text = simulation_text(result, opened.labels)
    told(result.to_dict(), result.by_day, text, json_=json_, csv=csv)
    if log is not None:
        typer.echo(f"The first replication is in {log}.", err=True)
