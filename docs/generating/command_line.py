"""The page on the command line, from the help texts of its commands."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

import typer.main

from generating.docstrings import SEE, table
from millpond.cli.main import EXIT_CODES, app


def command_line() -> str:
    """The page on the command line, from the help texts."""
    parts = [
        "# The command line\n",
        SEE,
        "*Which command does that, and what can it be told?* The same words as `millpond COMMAND --help`. What each "
        "command does can also be done [from Python](python.md).\n",
        "Options may stand before or after `DIR` and `FILE`. Results go to standard output; progress, warnings and "
        "errors go to standard error.\n",
    ]
    group: Any = typer.main.get_command(app)
    for name, command in group.commands.items():
        parts.append(f"## millpond {name}\n")
        parts.append(f"{command.help}\n")
        arguments = [param for param in command.params if param.param_type_name == "argument"]
        options = [param for param in command.params if param.param_type_name == "option"]
        needed = [_spelt(param).strip("`") for param in options if param.required]
        usage = " ".join(["millpond", name, *(_value(param) for param in arguments), *needed])
        parts.append(f"```text\n{usage}{' [OPTIONS]' if len(options) > len(needed) else ''}\n```\n")
        rows = [(f"`{_value(param)}`", _help(param)) for param in arguments]
        rows += [(_spelt(param), _help(param)) for param in options]
        parts.append(table(("argument or option", "meaning"), [*rows, ("`-h`, `--help`", "Show the help and stop.")]))
    parts += ["## millpond --version\n", "Prints the version and stops.\n", "## Exit codes\n", exit_codes()]
    parts.append(
        "With `MILLPOND_DEBUG=1` in the environment, a defect (70) also prints where in the code it happened.\n"
    )
    return "\n".join(parts)


def exit_codes() -> str:
    """The exit codes of the command line."""
    return table(("exit code", "meaning"), [(f"{code}", meaning) for code, meaning in EXIT_CODES.items()])


def _spelt(param: Any) -> str:
    """The ways to write an option, the long one first, each as code."""
    ways = [*sorted(param.opts, key=len, reverse=True), *param.secondary_opts]
    flag = param.is_flag or param.secondary_opts
    return ", ".join(f"`{way}`" if flag else f"`{way} {_value(param)}`" for way in ways)


def _value(param: Any) -> str:
    if param.metavar:
        return str(param.metavar)
    kind = param.type_descriptor.annotation
    return "|".join(get_args(kind)) if get_origin(kind) is Literal else param.name.strip("_").upper()


def _help(param: Any) -> str:
    told: str = param.help
    if param.required:
        told += " Must be given."
    elif param.show_default and param.default not in (None, False):
        told += f" Default: `{param.default}`."
    return told + (" May be given several times." if param.multiple and "times" not in told else "")
