"""The command line: each command parses, calls one public function, and prints."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]

STOPPED = "Stopped. What was already in the folder is as it was."


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and ends the process with its exit code; see `millpond.cli.main.EXIT_CODES`.

    Args:
        arguments: instead of those of the process.
    """
    try:
        # Here and not above: reading the libraries takes a second, and whoever stops it then gets no traceback either.
        from millpond.cli.main import run

        code = run(arguments)
    except KeyboardInterrupt:
        print(f"\n{STOPPED}", file=sys.stderr)
        code = 130
    sys.exit(code)
