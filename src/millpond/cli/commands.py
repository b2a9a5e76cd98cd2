"""The five commands: demo, check, import, measure, report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from millpond.cli.progress import progress
from millpond.errors import WrongUse

Dir = Annotated[Path, typer.Argument(help="The service folder.", show_default=False, metavar="DIR")]
By = Literal["hour", "day", "week", "month"]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="WHEN",
        show_default=False,
        help="End the series at this day or instant, as if nothing later were known. Default: the last recorded "
        "instant that is not in the future.",
    ),
]


def demo(
    folder: Annotated[Path, typer.Argument(help="Where to write it; a new folder.", metavar="DIR", show_default=False)],
) -> None:
    """Write the example service: a year of a fictional victim support service."""
    from millpond.demo import write_example

    write_example(folder)
    typer.echo(f"The example service is in {folder}. Next:\n  millpond report {folder} -o report.html")


def check(folder: Dir) -> None:
    """Check service.toml and the records, and say everything that is wrong or odd."""
    import millpond

    with millpond.open(folder) as opened, progress("Checking the records") as tell:
        checked = opened.check(progress=tell)
    for line in checked.lines:
        typer.echo(line)


def import_(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="CSV, TSV, Excel, Parquet, XES, OCEL, any text format packed by gzip, or the address of a database "
            "(postgresql://...) together with --table or --query. Or a model, BPMN or the JSON of Prosimos, for a new "
            "folder.",
        ),
    ],
    into: Annotated[
        Path, typer.Option("--into", metavar="DIR", show_default=False, help="The service folder; made if it is new.")
    ],
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="OURS=THEIRS",
            show_default=False,
            help='Say which column is which, such as --map case="Ref No". May be given several times.',
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="What to call the service, in a new folder.", show_default=False)
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE",
            help="The service's time zone, in a new folder, such as Europe/London (the default).",
            show_default=False,
        ),
    ] = None,
    holidays: Annotated[
        str | None,
        typer.Option(
            metavar="REGION", help="Whose bank holidays it keeps, in a new folder, such as GB-ENG.", show_default=False
        ),
    ] = None,
    day_first: Annotated[
        bool | None,
        typer.Option(
            "--day-first/--month-first",
            help="How to read 03/04/2025. Default: seen from the dates.",
            show_default=False,
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(metavar="SHEET", help="The sheet of a workbook.", show_default=False)
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(metavar="ENCODING", help="How the text is encoded, such as cp1252.", show_default=False),
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What parts the columns.", show_default=False)
    ] = None,
    step: Annotated[
        str | None,
        typer.Option(
            metavar="STEP", help="The step of every row, where the file has no column for it.", show_default=False
        ),
    ] = None,
    table: Annotated[
        str | None, typer.Option(metavar="TABLE", help="The table of a database.", show_default=False)
    ] = None,
    query: Annotated[
        str | None, typer.Option(metavar="QUERY", help="The query to read from a database.", show_default=False)
    ] = None,
    object_type: Annotated[
        str | None,
        typer.Option(
            metavar="TYPE",
            show_default=False,
            help="Of an object-centric log (OCEL), the type of object that is the case.",
        ),
    ] = None,
    replace_closed: Annotated[
        bool,
        typer.Option(
            "--replace-closed", help="Let the file win over visits that are closed in the folder and differ from it."
        ),
    ] = False,
    diagram: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="The BPMN model that simulation parameters of Prosimos belong to. Default: the one of the same name.",
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Bring records into a service folder, with a quality report; a new folder gets a first service.toml."""
    from millpond.folder.exchanging import is_model
    from millpond.intake import Options, bring_in

    if is_model(source):
        from millpond.cli.exchanging import import_model

        settings = {"name": name, "timezone": timezone, "holidays": holidays}
        import_model(source, into, diagram, settings, as_json=json_)
        return
    if diagram is not None:
        raise WrongUse(
            f"--diagram belongs to the simulation parameters of Prosimos, and {source} is none: those are JSON with "
            "task_resource_distribution in it. Leave --diagram out, or export the parameters again."
        )
    options = Options(
        columns=_mapping(map_ or []),
        name=name,
        timezone=timezone,
        holidays=holidays,
        day_first=day_first,
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        step=step,
        table=table,
        query=query,
        object_type=object_type,
        replace_closed=replace_closed,
    )
    with progress(f"Reading {Path(source).name if '://' not in source else 'the database'}") as tell:
        brought = bring_in(source, into, options, progress=tell)
    if json_:
        typer.echo(json.dumps(brought.to_dict(), indent=2, ensure_ascii=False))
        return
    for line in brought.lines:
        typer.echo(line)


def measure(
    folder: Dir,
    by: Annotated[By, typer.Option("--by", help="How long a period is.")] = "day",
    pool: Annotated[
        str | None, typer.Option(metavar="POOL", help="Only this pool of staff.", show_default=False)
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first day shown.", show_default=False)
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="The last day shown.", show_default=False)
    ] = None,
    as_of: AsOf = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    csv: Annotated[
        str | None,
        typer.Option(
            "--csv", metavar="FILE", help="Write the figures as CSV; - is standard output.", show_default=False
        ),
    ] = None,
) -> None:
    """Demand, capacity, activity and backlog per period and pool."""
    import millpond
    from millpond.report.text import measures_text

    if json_ and csv:
        raise WrongUse("Choose one of --json and --csv.")
    with millpond.open(folder) as opened:
        with progress("Measuring") as tell:
            result = opened.measure(by=by, pool=pool, first=first, last=last, as_of=as_of, progress=tell)
        if json_:
            typer.echo(json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False))
        elif csv == "-":
            typer.echo(result.to_csv(), nl=False)
        elif csv:
            result.save_csv(Path(csv))
            typer.echo(f"{len(result.rows):,} rows written to {csv}.", err=True)
        else:
            typer.echo(measures_text(result, opened.labels))


def report(
    folder: Dir,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="The page to write; one HTML file.")
    ] = Path("report.html"),
    charts: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Also write each chart as a picture into this folder.", show_default=False),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="svg|png",
            help="The kind of picture; may be given twice. Default: both.",
            show_default=False,
        ),
    ] = None,
    as_of: AsOf = None,
    sharing: Annotated[
        bool,
        typer.Option(
            "--sharing", help="Hide small numbers and the ids of cases and people, for a page that others will see."
        ),
    ] = False,
    ahead: Annotated[
        str | None,
        typer.Option(
            "--ahead",
            metavar="PARTS",
            show_default=False,
            help="Also simulate the days to come: capacity (for the promise of service.toml), plans, dependence, "
            "sensitivity, with commas between; all for what the service has what is needed for. Takes from seconds to "
            "minutes.",
        ),
    ] = None,
) -> None:
    """One page that a team lead can act on: the four measures, the bottleneck, waits, and what to mind."""
    import millpond
    from millpond.report.document import FORMATS, check_formats

    check_formats(formats or FORMATS)
    parts = () if ahead is None else tuple(ahead.split(","))
    looking = progress("Looking ahead", unit="replications", first="Preparing the simulator, once")
    with millpond.open(folder) as opened, looking if parts else progress("Writing the report") as tell:
        page = opened.report(as_of=as_of, sharing=sharing, ahead=parts, progress=tell)
        page.save(output)
        pictures = page.save_charts(charts, tuple(formats or FORMATS), progress=tell) if charts else ()
    typer.echo(f"The report of {page.service} is in {output}")
    if pictures:
        from millpond.report import wording

        typer.echo(wording.saved(len(pictures), charts))
    typer.echo("")
    for number, finding in enumerate(page.findings[:3], 1):
        typer.echo(f"{number}. {finding.sentence}")


def _mapping(pairs: list[str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for pair in pairs:
        ours, separator, theirs = pair.partition("=")
        if not separator or not ours.strip() or not theirs.strip():
            raise WrongUse(f'--map {pair} is not of the form OURS=THEIRS. Write, for instance, --map case="Ref No".')
        columns[ours.strip()] = theirs.strip()
    return columns
