"""The command compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from millpond.cli.commands import Dir
from millpond.cli.options import (
    Begin,
    Charts,
    Days,
    FirstDay,
    Json,
    Risk,
    Seed,
    ThreadCount,
    csv_option,
    drawn,
    one_of,
    share,
    told,
)
from millpond.cli.progress import progress
from millpond.errors import WrongUse

if TYPE_CHECKING:
    from millpond.simulation.rows import Simulated


def compare(
    folder: Dir,
    plans: Annotated[
        str | None,
        typer.Option(
            "--plans",
            metavar="NAMES",
            show_default=False,
            help="Only these plans, with commas between; a + joins plans that are carried out together, such as "
            "agency,groups,agency+groups. Default: every plan of service.toml by itself.",
        ),
    ] = None,
    days: Days = 260,
    replications: Annotated[
        int, typer.Option("--replications", metavar="N", help="How often the days are simulated for each plan.")
    ] = 200,
    seed: Seed = 1,
    start: Begin = None,
    first: FirstDay = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="PROMISE",
            show_default=False,
            help='What is to be kept on every day, such as "backlog <= 1200 min" or "95% seen within 5 working days". '
            "Default: the promise of service.toml, where it has one; none for none.",
        ),
    ] = None,
    risk: Risk = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="WHAT",
            show_default=False,
            help="What makes a plan the best: cost, backlog, wait or lead time. Default: cost among plans that keep "
            "the promise; without one, backlog.",
        ),
    ] = None,
    line: Annotated[
        float | None,
        typer.Option(
            "--line",
            metavar="MINUTES",
            show_default=False,
            help="The backlog of a pool above which a day is a problem day. Default: what it can do in ten working "
            "days.",
        ),
    ] = None,
    optimise: Annotated[
        str | None,
        typer.Option(
            "--optimise",
            metavar="PLAN",
            show_default=False,
            help="In place of comparing, search the number of workers and the line of this plan for the cheapest that "
            "keeps the promise.",
        ),
    ] = None,
    threads: ThreadCount = None,
    charts: Charts = None,
    json_: Json = False,
    csv: Annotated[str | None, csv_option("a row for each plan")] = None,
) -> None:
    """Which plan is worth its money: each played under the same luck, and set against doing nothing."""
    import millpond
    from millpond.model import label_of
    from millpond.report.plans_text import comparison_text, settings_text

    one_of(json_, csv)
    if optimise is not None and (plans or by or line is not None or charts):
        raise WrongUse("--optimise does not go with --plans, --by, --line or --charts.\nTake them away.")
    may = None if risk is None else share("--risk", risk)
    with millpond.open(folder) as opened:
        service = opened.service
        with progress("Comparing", unit="replications", first="Preparing the simulator, once") as tell:
            if optimise is not None:
                settings = opened.optimise(
                    optimise,
                    days,
                    target=target,
                    risk=may,
                    replications=replications,
                    seed=seed,
                    start=start,
                    first_day=first,
                    threads=threads,
                    progress=tell,
                )
                plain, text = settings.to_dict(), settings_text(settings, service.currency)
                rows: Simulated = settings
            else:
                comparison = opened.compare(
                    days,
                    plans=None if plans is None else plans.split(","),
                    replications=replications,
                    seed=seed,
                    start=start,
                    first_day=first,
                    target=target,
                    risk=may,
                    by=by,
                    line=line,
                    threads=threads,
                    progress=tell,
                )
                called = {name: label_of(service.organisations, name) for name in service.organisations}
                plain, text = comparison.to_dict(), comparison_text(comparison, opened.labels, called)
                rows = comparison.plans
        if charts is not None:
            from millpond.report.charts.plans import save_plan_charts

            drawn(save_plan_charts(comparison, charts, called))
    told(plain, rows, text, json_=json_, csv=csv)
