"""The commands of ``millpond``, and what becomes of errors.

A person's mistake is a sentence on standard error and an exit code; see `EXIT_CODES`. Nothing here computes anything.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import typer

from millpond import __version__
from millpond.cli import STOPPED, commands
from millpond.cli.capacity import capacity
from millpond.cli.charting import events, variation
from millpond.cli.comparing import compare
from millpond.cli.depending import dependence
from millpond.cli.exchanging import export
from millpond.cli.fitting import backtest, fit
from millpond.cli.foreseeing import distributions, forecast, seasonality
from millpond.cli.mapping import map_
from millpond.cli.sensing import sensitivity
from millpond.cli.simulating import simulate
from millpond.errors import MillpondError

EXIT_CODES = {
    0: "it worked",
    1: "something else that a person can mend",
    2: "the command was used wrongly, or asked for what is not there",
    3: "service.toml has faults; all of them are listed",
    4: "a file is missing, empty, or not what its name says",
    5: "a file could not be written; the old one is untouched",
    70: "a defect of Millpond itself",
    (STOPPED_CODE := 130): "stopped by Ctrl-C",
}

_EPILOG = "Exit codes: " + "; ".join(f"{code}: {meaning}" for code, meaning in EXIT_CODES.items()) + "."

app = typer.Typer(
    name="millpond",
    help="See a service's demand, capacity, activity and backlog in minutes of work, from the records it has.",
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    pretty_exceptions_enable=False,
)
app.command("demo")(commands.demo)
app.command("check")(commands.check)
app.command("import")(commands.import_)
app.command("measure")(commands.measure)
app.command("report")(commands.report)
app.command("variation")(variation)
app.command("events")(events)
app.command("simulate")(simulate)
app.command("fit")(fit)
app.command("backtest")(backtest)
app.command("compare")(compare)
app.command("dependence")(dependence)
app.command("sensitivity")(sensitivity)
app.command("forecast")(forecast)
app.command("seasonality")(seasonality)
app.command("distributions")(distributions)
app.command("map")(map_)
app.command("capacity")(capacity)
app.command("export")(export)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"millpond {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", help="Print the version and stop.", callback=_print_version, is_eager=True
    ),
) -> None:
    pass


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        arguments: instead of those of the process.

    Returns:
        The exit code; see `EXIT_CODES`.
    """
    try:
        result = app(args=None if arguments is None else list(arguments), standalone_mode=False)
        sys.stdout.flush()
    except MillpondError as error:
        typer.echo(str(error), err=True)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _stopped()
    except BrokenPipeError:
        # Whoever was reading has read enough; the interpreter must not complain about it while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        # Typer carries its own copy of Click, whose errors have no public name; they know how to show themselves.
        show = getattr(error, "show", None)
        if callable(show):
            show()
            return int(getattr(error, "exit_code", 2))
        if _is_interruption(error):
            return _stopped()
        from millpond.records.room import no_room

        if (full := no_room(error)) is not None:
            typer.echo(str(full), err=True)
            return full.exit_code
        if os.environ.get("MILLPOND_DEBUG"):
            traceback.print_exc()
        typer.echo(
            f"This is a defect of Millpond, not a mistake of yours: {type(error).__name__}: {error}\n"
            "No file was left half written. Set MILLPOND_DEBUG=1 and run it again to see where it happened.",
            err=True,
        )
        return 70
    if result == STOPPED_CODE:  # Typer makes a number of Ctrl-C, and says nothing.
        return _stopped()
    return result if isinstance(result, int) else 0


def _stopped() -> int:
    typer.echo(f"\n{STOPPED}", err=True)
    return STOPPED_CODE


def _is_interruption(error: BaseException | None) -> bool:
    """Whether an error is what becomes of Ctrl-C in the middle of a query."""
    while error is not None:
        if type(error).__name__ == "InterruptException" or str(error) == "Query interrupted":
            return True
        error = error.__cause__ or error.__context__
    return False
