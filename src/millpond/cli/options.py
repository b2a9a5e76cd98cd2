"""Options that several commands have, each told once, and how a result is printed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

import typer

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
FirstDay = Annotated[
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
Days = Annotated[int, typer.Option("--days", metavar="N", help="Over how many days.")]
Target = Annotated[
    str | None,
    typer.Option(
        "--target",
        metavar="PROMISE",
        show_default=False,
        help='What is to be kept on every day, such as "backlog <= 1200 min", "advocates: backlog <= 20 visits", '
        '"95% seen within 5 working days" or "triage: 90% seen within 4 hours". Default: the promise of '
        "service.toml, where it has one.",
    ),
]
Risk = Annotated[
    str | None,
    typer.Option(
        "--risk",
        metavar="SHARE",
        show_default=False,
        help="The share of replications that may break the promise at any day's end, such as 5%. Default: that of the "
        "promise of service.toml where it is the target, else 5%.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]
Charts = Annotated[
    Path | None,
    typer.Option(
        "--charts", metavar="FOLDER", show_default=False, help="Also write the charts as pictures into this folder."
    ),
]


def csv_option(what: str) -> Any:
    """The option --csv of a command.

    Args:
        what: what is written, such as ``a row for each plan``.
    """
    return typer.Option("--csv", metavar="FILE", show_default=False, help=f"Write {what} as CSV; - is standard output.")


class Table(Protocol):
    """Rows that can be written as CSV."""

    @property
    def rows(self) -> tuple[Any, ...]:
        """The rows."""
        ...

    def to_csv(self) -> str:
        """The rows as CSV text."""
        ...

    def save_csv(self, path: Path) -> None:
        """Writes the rows as a CSV file."""
        ...


def one_of(json_: bool, csv: str | None) -> None:
    """Refuses both forms of the figures at once.

    Raises:
        WrongUse: both are asked for.
    """
    if json_ and csv:
        raise WrongUse("Choose one of --json and --csv.")


def told(whole: dict[str, Any], table: Table, text: str, *, json_: bool, csv: str | None) -> None:
    """Prints a result in the form that was asked for.

    Args:
        whole: all of it, as plain values.
        table: the rows that CSV has.
        text: it in words, its last line ended.
        json_, csv: what was asked for.
    """
    if json_:
        typer.echo(json.dumps(whole, ensure_ascii=False, allow_nan=False))
    elif csv == "-":
        typer.echo(table.to_csv(), nl=False)
    elif csv:
        table.save_csv(Path(csv))
        typer.echo(f"{len(table.rows):,} rows written to {csv}.", err=True)
    else:
        typer.echo(text, nl=False)


def drawn(paths: Iterable[Path]) -> None:
    """Says where charts are."""
    for path in paths:
        typer.echo(f"A chart is in {path}.", err=True)


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
