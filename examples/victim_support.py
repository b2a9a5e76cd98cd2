"""Writes the example service of this folder anew, the same to the byte.

    python examples/victim_support.py [DIR]

DIR is `examples/victim-support` unless it is given; the files that are there are replaced. To get a copy elsewhere
without replacing anything, use `millpond demo DIR`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from millpond.demo import example_files
from millpond.records.files import write_text


def main(folder: Path) -> None:
    """Write every file of the example into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in example_files().items():
        write_text(folder / name, text)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "victim-support")
