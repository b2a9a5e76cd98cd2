"""The commands variation and events."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from millpond.cli.commands import AsOf, Dir
from millpond.cli.options import Begin, Json, Seed, ThreadCount, csv_option, one_of, told
from millpond.cli.progress import progress
from millpond.errors import WrongUse

if TYPE_CHECKING:
    from millpond.report.charts.chart import Chart

Pool = Annotated[
    str | None, typer.Option("--pool", metavar="POOL", help="Only this pool of staff.", show_default=False)
]
First = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help="The first day looked at.", show_default=False)
]
Last = Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day looked at.", show_default=False)]
Pictures = Annotated[
    Path | None,
    typer.Option(
        "--charts", metavar="FOLDER", help="Also write each chart as a picture into this folder.", show_default=False
    ),
]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="svg|png",
        help="The kind of picture; may be given twice. Default: both.",
        show_default=False,
    ),
]


def variation(
    folder: Dir,
    measure: Annotated[
        str | None,
        typer.Option(
            "--measure",
            metavar="MEASURE",
            help="The figure, such as backlog or 'visits joined'. Default: the charts of service.toml.",
            show_default=False,
        ),
    ] = None,
    pool: Pool = None,
    improvement: Annotated[
        Literal["increase", "decrease", "neutral"] | None,
        typer.Option(
            "--improvement",
            help="Whether more of it is good (increase), bad (decrease) or neither; never assumed.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        Literal["day", "week", "month"] | None,
        typer.Option("--by", help="One point for each of these. Default: week.", show_default=False),
    ] = None,
    kind: Annotated[
        Literal["xmr", "c", "p", "u", "t", "g"] | None,
        typer.Option(
            "--kind",
            help="xmr for any figure (the default); c, p or u for counts of visits; t or g for rare events.",
            show_default=False,
        ),
    ] = None,
    of: Annotated[
        str | None,
        typer.Option(
            "--of",
            metavar="MEASURE",
            help="What the count is set against, such as 'visits ended' or 'working days'.",
            show_default=False,
        ),
    ] = None,
    weekday: Annotated[
        str | None,
        typer.Option(
            "--weekday", metavar="DAY", help="Only these days, such as Monday; with --by day.", show_default=False
        ),
    ] = None,
    target: Annotated[
        float | None, typer.Option("--target", metavar="NUMBER", help="The target.", show_default=False)
    ] = None,
    baseline: Annotated[
        int | None,
        typer.Option(
            "--baseline",
            metavar="N",
            help="Work the limits out from the first N points, at least 12, and keep them.",
            show_default=False,
        ),
    ] = None,
    rebase: Annotated[
        list[str] | None,
        typer.Option(
            "--rebase",
            metavar="DATE=REASON",
            help="Work the limits out anew from this day on, for this reason. May be given several times.",
            show_default=False,
        ),
    ] = None,
    first: First = None,
    last: Last = None,
    as_of: AsOf = None,
    json_: Json = False,
    csv: Annotated[str | None, csv_option("the points")] = None,
    charts: Pictures = None,
    formats: Formats = None,
) -> None:
    """Is this normal? Control charts of the figures that service.toml names, or of one that you name."""
    import millpond
    from millpond.report.variation_text import variation_text

    one_of(json_, csv)
    with millpond.open(folder) as opened, progress("Measuring"):
        found = opened.variation(
            measure,
            pool=pool,
            improvement=improvement,
            by=by,
            kind=kind,
            of=of,
            weekday=weekday,
            target=target,
            baseline=baseline,
            rebase=_rebases(rebase or []),
            first=first,
            last=last,
            as_of=as_of,
        )
    if charts is not None or formats:
        from millpond.report.charts.control import control

        _save([control(chart) for chart in found.charts], charts, formats)
    told(found.to_dict(), found, variation_text(found), json_=json_, csv=csv)


def events(
    folder: Dir,
    pool: Pool = None,
    factor: Annotated[
        float, typer.Option("--factor", metavar="NUMBER", help="How many times capacity demand must be.")
    ] = 2,
    within: Annotated[
        int, typer.Option("--within", metavar="DAYS", help="Tell the chance for so many working days ahead.")
    ] = 100,
    closed: Annotated[
        Literal["left-out", "next-day"],
        typer.Option(
            "--closed",
            help="Demand of days on which a pool is closed: left out, or added to the next working day.",
        ),
    ] = "left-out",
    first: First = None,
    last: Last = None,
    as_of: AsOf = None,
    simulate: Annotated[
        bool,
        typer.Option(
            "--simulate", help="Also simulate the days to come, and tell how likely such days are among them."
        ),
    ] = False,
    days: Annotated[
        int | None,
        typer.Option("--days", metavar="N", help="With --simulate, how many days. Default: 364.", show_default=False),
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(
            "--replications",
            metavar="N",
            help="With --simulate, how often the days are simulated. Default: 200.",
            show_default=False,
        ),
    ] = None,
    seed: Seed = 1,
    start: Begin = None,
    threads: ThreadCount = None,
    json_: Json = False,
    csv: Annotated[str | None, csv_option("the problem days on record")] = None,
    charts: Pictures = None,
    formats: Formats = None,
) -> None:
    """How likely is a bad day? Days on which demand is several times capacity, and how long their backlog lasts."""
    import millpond
    from millpond.report.events_text import events_text

    one_of(json_, csv)
    if not simulate and (days is not None or replications is not None or start is not None):
        raise WrongUse("--days, --replications and --start are of the days to come.\nAdd --simulate.")
    looking = progress("Simulating", unit="replications", first="Preparing the simulator, once")
    with millpond.open(folder) as opened, looking if simulate else progress("Measuring") as tell:
        found = opened.events(
            pool=pool,
            factor=factor,
            within=within,
            when_closed="left out" if closed == "left-out" else "next day",
            first=first,
            last=last,
            as_of=as_of,
            simulate=simulate,
            days=days,
            replications=replications,
            seed=seed,
            start=start,
            threads=threads,
            progress=tell,
        )
        labels = opened.labels
    if charts is not None or formats:
        from millpond.report.charts.return_levels import return_levels

        _save([return_levels(found, name, labels.get(name)) for name in found.found], charts, formats)
    told(found.to_dict(), found.days, events_text(found, labels), json_=json_, csv=csv)


def _rebases(given: Sequence[str]) -> list[tuple[str, str]]:
    pairs = []
    for text in given:
        day, separator, reason = text.partition("=")
        if not separator or not reason.strip():
            raise WrongUse(
                f"--rebase {text} gives no reason. Write the day and why the limits begin anew, such as "
                '--rebase 2025-09-08="an adviser left".'
            )
        pairs.append((day.strip(), reason.strip()))
    return pairs


def _save(pictures: Sequence[Chart], folder: Path | None, formats: Sequence[str] | None) -> None:
    from millpond.report import wording
    from millpond.report.document import FORMATS, check_formats, save_pictures

    check_formats(formats or FORMATS)
    if folder is None:
        raise WrongUse("--format says how pictures are written, and no folder says where. Add --charts FOLDER.")
    saved = save_pictures(pictures, folder, tuple(formats or FORMATS))
    typer.echo(wording.saved(len(saved), folder), err=True)
