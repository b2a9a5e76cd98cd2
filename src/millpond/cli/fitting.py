"""The commands fit and backtest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from millpond.cli.commands import Dir
from millpond.cli.progress import progress
from millpond.errors import WrongUse


def fit(
    folder: Dir,
    json_: Annotated[bool, typer.Option("--json", help="Print what was learned as JSON.")] = False,
) -> None:
    """Learn a model from the records: writes fitted.toml, over which service.toml wins key by key."""
    import millpond
    from millpond.report.fit_text import fit_text

    with millpond.open(folder) as opened, progress("Fitting"):
        result = opened.fit()
    if json_:
        typer.echo(json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False))
    else:
        typer.echo(fit_text(result, str(Path(folder) / "fitted.toml")), nl=False)


def backtest(
    folder: Dir,
    split: Annotated[
        str, typer.Option("--split", metavar="SHARE", help="The share of visits that the fit may see.")
    ] = "70%",
    replications: Annotated[
        int, typer.Option("--replications", metavar="N", help="How often the later part is simulated.")
    ] = 10,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same seed gives the same figures.")] = 1,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            show_default=False,
            help="Also draw reality over the band of the model, as .svg, .png or .pdf.",
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Does the model behave like the service? Fit the earlier part of history and foretell the later one."""
    import millpond
    from millpond.report.charts.backtest import backtest_chart
    from millpond.report.fit_text import backtest_text

    with millpond.open(folder) as opened, progress("Simulating", unit="replications", first="Fitting") as tell:
        result = opened.backtest(_share(split), replications=replications, seed=seed, progress=tell)
    if output is not None:
        backtest_chart(result).save(output)
    if json_:
        typer.echo(json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False))
    else:
        typer.echo(backtest_text(result), nl=False)
    if output is not None:
        typer.echo(f"The picture is in {output}.", err=True)


def _share(text: str) -> float:
    """A share such as ``70%`` or ``0.7``."""
    try:
        number = float(text.strip().removesuffix("%"))
    except ValueError:
        raise WrongUse(f"--split {text} is no share. Write it as 70% or as 0.7.") from None
    return number / 100 if text.strip().endswith("%") else number
