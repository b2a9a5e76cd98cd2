"""The commands seasonality, distributions and forecast."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from millpond.cli.commands import AsOf, Dir
from millpond.cli.options import Json, Seed, csv_option, one_of, told
from millpond.cli.progress import progress

if TYPE_CHECKING:
    from millpond.report.charts.chart import Chart

Kind = Literal["work", "wait"]
PoolOption = Annotated[
    str | None,
    typer.Option("--pool", metavar="POOL", help="The visits that join this pool of staff.", show_default=False),
]
StreamOption = Annotated[
    str | None, typer.Option("--stream", metavar="STREAM", help="Only new cases of this stream.", show_default=False)
]
CsvOption = Annotated[str | None, csv_option("the figures")]
ChartsOption = Annotated[
    Path | None,
    typer.Option(
        "--charts", metavar="FOLDER", help="Also draw them, as PNG and SVG into this folder.", show_default=False
    ),
]


def forecast(
    folder: Dir,
    weeks: Annotated[int, typer.Option("--weeks", metavar="N", help="How many weeks to forecast, at most 52.")] = 4,
    pool: PoolOption = None,
    stream: StreamOption = None,
    as_of: AsOf = None,
    seed: Seed = 1,
    charts: ChartsOption = None,
    json_: Json = False,
    csv: CsvOption = None,
) -> None:
    """How many will come in the coming weeks, with 80% bands, and how good such forecasts would have been."""
    import millpond
    from millpond.report.forecast_text import forecast_text

    one_of(json_, csv)
    with millpond.open(folder) as opened, progress("Trying it on the past", unit="forecasts") as tell:
        result = opened.forecast(weeks, pool=pool, stream=stream, as_of=as_of, seed=seed, progress=tell)
    if charts is not None:
        from millpond.report.charts.forecast_fan import forecast_fan

        _draw([forecast_fan(result, by) for by in ("day", "week")], charts)
    told(result.to_dict(), result, forecast_text(result), json_=json_, csv=csv)


def seasonality(
    folder: Dir,
    pool: PoolOption = None,
    stream: StreamOption = None,
    as_of: AsOf = None,
    charts: ChartsOption = None,
    json_: Json = False,
    csv: CsvOption = None,
) -> None:
    """How much more or less comes by weekday, hour, month, bank and school holidays, and from year to year."""
    import millpond
    from millpond.report.seasonality_text import seasonality_text

    one_of(json_, csv)
    with millpond.open(folder) as opened:
        result = opened.seasonality(pool=pool, stream=stream, as_of=as_of)
    if charts is not None:
        from millpond.report.charts.seasonal_effects import GROUPS, seasonal_effects

        _draw([seasonal_effects(result, group) for group in GROUPS], charts)
    told(result.to_dict(), result, seasonality_text(result), json_=json_, csv=csv)


def distributions(
    folder: Dir,
    of: Annotated[
        Kind | None,
        typer.Option("--of", help="work: minutes of work. wait: waits. Default: both.", show_default=False),
    ] = None,
    step: Annotated[
        str | None, typer.Option("--step", metavar="STEP", help="Only this step.", show_default=False)
    ] = None,
    as_of: AsOf = None,
    charts: ChartsOption = None,
    json_: Json = False,
    csv: CsvOption = None,
) -> None:
    """Which distribution the minutes of work and the waits at each step follow, with what is open counted."""
    import millpond
    from millpond.report.distributions_text import distributions_text

    one_of(json_, csv)
    with millpond.open(folder) as opened, progress("Fitting"):
        result = opened.distributions(of, step=step, as_of=as_of)
        labels = {name: step.label or name for name, step in opened.service.steps.items()}
    if charts is not None:
        from millpond.report.charts.distribution_fit import distribution_fit

        groups = dict.fromkeys((row.of, row.step, row.pool) for row in result.rows)
        _draw([distribution_fit(result, *group, labels.get(group[1])) for group in groups], charts)
    told(result.to_dict(), result, distributions_text(result, labels), json_=json_, csv=csv)


def _draw(charts: Sequence[Chart], folder: Path) -> None:
    """Each chart as a picture, named after what it shows."""
    import re

    from millpond.report import wording

    folder.mkdir(parents=True, exist_ok=True)
    for chart in charts:
        name = re.sub(r"[^a-z0-9]+", "-", chart.key.lower()).strip("-")
        for suffix in ("png", "svg"):
            chart.save(folder / f"{name}.{suffix}")
    typer.echo(wording.saved(2 * len(charts), folder), err=True)
