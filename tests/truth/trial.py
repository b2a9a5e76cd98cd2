"""The trial: known services are recorded, fitted, and foreseen under another staffing, and held against the truth.

``python -m tests.truth.trial 100 trial.jsonl`` prints the tables that the documentation shows and keeps what came of
each service in a file, so that a trial that was broken off goes on where it was. What was kept is used only for the
code that it came of.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import perf_counter

import millpond
from millpond.calibration.predicting.what_if import FIGURES
from tests.truth.foreseeing import Foreseen, Trial, trial
from tests.truth.recovering import Recovered
from tests.truth.showing import tables


def trials(count: int, kept: Path | None = None, tell: Callable[[Trial], None] = lambda each: None) -> list[Trial]:
    """What comes of the first so many services.

    Args:
        count: how many.
        kept: a file to which what comes of each is added; what it has already of this code is not done again.
        tell: is told what came of each service that was not done before.
    """
    known = _kept(kept) if kept is not None else {}
    for number in range(count):
        if number not in known:
            known[number] = trial(number)
            if kept is not None:
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"code": code(), **asdict(known[number])}) + "\n")
            tell(known[number])
    return [known[number] for number in range(count)]


def _kept(file: Path) -> dict[int, Trial]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    rows = [json.loads(line) for line in lines]
    return {
        row["number"]: Trial(
            row["number"],
            tuple(Foreseen(**each) for each in row["foreseen"]),
            tuple(Recovered(**each) for each in row["recovered"]),
        )
        for row in rows
        if row["code"] == code()
    }


_DECIDES = ("calibration", "folder", "measures", "model", "periods", "records", "simulation")
"""The packages on which it hangs what comes of a service."""


@cache
def code() -> str:
    """A name of the code that decides what comes of a service: it changes with every change of it."""
    here, library = Path(__file__).parent, Path(millpond.__file__).parent
    files = [here / name for name in ("foreseeing.py", "recovering.py", "services.py")]
    for package in _DECIDES:
        files += sorted((library / package).rglob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def main() -> None:
    """Runs the trial from a command line: how many services, and the file in which they are kept."""
    began = perf_counter()

    def tell(done: Trial) -> None:
        worst = max((row for row in done.foreseen if row.figure == FIGURES[0]), key=lambda row: row.error)
        said = f"{worst.value:.0f} ({worst.low:.0f} to {worst.high:.0f}) for {worst.true:.0f}"
        missed = [
            f"; {row.key} {row.true:g} not {row.low:g}-{row.high:g}" for row in done.recovered if not row.is_inside
        ]
        seconds = perf_counter() - began
        print(f"{done.number}, {seconds:.0f} s: worst {said}", *missed, file=sys.stderr, flush=True)

    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    print(tables(trials(int(sys.argv[1]), kept, tell)))


if __name__ == "__main__":
    main()
