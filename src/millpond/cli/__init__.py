"""The command line: each command parses, calls one public function, and prints."""

import sys

try:
    from millpond.cli.main import main
except KeyboardInterrupt:  # while everything is being loaded, which takes a moment
    print("\nStopped. What was already in the folder is as it was.", file=sys.stderr)
    sys.exit(130)

__all__ = ["main"]
