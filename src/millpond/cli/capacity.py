"""The command capacity."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from millpond.cli.commands import Dir
from millpond.cli.options import FirstDay, Json, Risk, Seed, Target, ThreadCount, share
from millpond.cli.progress import progress

CapacityStart = Literal["records", "cleared", "empty"]


def capacity(
    folder: Dir,
    target: Target = None,
    risk: Risk = None,
    days: Annotated[int, typer.Option("--days", metavar="N", help="How many days are judged.")] = 260,
    pool: Annotated[
        str | None,
        typer.Option(
            "--pool", metavar="P", show_default=False, help="Vary only this pool, and leave the others as they are."
        ),
    ] = None,
    step: Annotated[
        float,
        typer.Option("--step", metavar="WORKERS", help="The smallest change; 0.5 where half places do."),
    ] = 1.0,
    replications: Annotated[
        int, typer.Option("--replications", metavar="N", help="How many decide where it is close.")
    ] = 400,
    seed: Seed = 1,
    start: Annotated[
        CapacityStart | None,
        typer.Option(
            "--start",
            show_default=False,
            help="records: judge from today, with what is open. cleared: judge as if that had been cleared. empty: "
            "begin with nobody there. Default: records, where there are any; cleared where they break the promise "
            "whatever the staffing.",
        ),
    ] = None,
    first: FirstDay = None,
    longer_days: Annotated[
        bool,
        typer.Option(
            "--longer-days",
            help="Also find how much of each working day today's people would have to give in place of more people.",
        ),
    ] = False,
    threads: ThreadCount = None,
    chart: Annotated[
        Path | None,
        typer.Option(
            "--chart",
            metavar="FILE",
            show_default=False,
            help="Also draw the risk against the capacity of the pool that the promise or --pool names, else of the "
            "first; the ending says how: .svg, .png or .pdf.",
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """Least capacity: the cheapest staffing that keeps a promise, by formula, by percentile and by simulation."""
    import millpond
    from millpond.report.capacity_text import capacity_text

    allowed = None if risk is None else share("--risk", risk)
    with millpond.open(folder) as opened:
        with progress("Trying staffings", unit="replications", first="Preparing the simulator, once") as tell:
            tell(None, 0)
            result = opened.least_capacity(
                target,
                risk=allowed,
                days=days,
                pool=pool,
                step=step,
                replications=replications,
                seed=seed,
                start=start,
                first_day=first,
                threads=threads,
                longer_days=longer_days,
                progress=lambda doing, count: tell(None if not count else 0.0, count),
            )
        if chart is not None:
            from millpond.report.charts.risk import risk_chart

            risk_chart(result, labels=opened.labels).save(chart)
        if json_:
            typer.echo(json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False))
        else:
            typer.echo(capacity_text(result, opened.labels), nl=False)
    if chart is not None:
        typer.echo(f"The chart is in {chart}.", err=True)
