"""The command dependence."""

from __future__ import annotations

from typing import Annotated

import typer

from millpond.cli.commands import Dir
from millpond.cli.options import Begin, Charts, Days, FirstDay, Json, Seed, ThreadCount, csv_option, drawn, one_of, told
from millpond.cli.progress import progress


def dependence(
    folder: Dir,
    days: Days = 260,
    away: Annotated[
        int, typer.Option("--away", metavar="N", help="For how many of them, from the first, each person is away.")
    ] = 60,
    replications: Annotated[
        int, typer.Option("--replications", metavar="N", help="How often the days are simulated for each absence.")
    ] = 100,
    seed: Seed = 1,
    start: Begin = None,
    first: FirstDay = None,
    threads: ThreadCount = None,
    charts: Charts = None,
    json_: Json = False,
    csv: Annotated[str | None, csv_option("a row for each person")] = None,
) -> None:
    """On whom the service depends: each person away for some days, under the luck of nobody being away."""
    import millpond
    from millpond.report.dependence_text import dependence_text

    one_of(json_, csv)
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
        drawn(save_dependence_charts(found, charts, called, opened.labels))
    told(found.to_dict(), found, dependence_text(found), json_=json_, csv=csv)
