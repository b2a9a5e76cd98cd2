"""Services of which the truth is known, played through and fitted from what somebody would have recorded of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

import millpond
from millpond.calibration.fitting.evidence import Learned
from millpond.calibration.fitting.result import Fit
from millpond.model import parse_service
from millpond.periods import day_number
from millpond.simulation.log import write_log
from millpond.simulation.replication import replicate
from millpond.simulation.tables import tables_of

UNSAID = 'name = "Known"\ntimezone = "UTC"\n'


def played(folder: Path, text: str, *, days: int = 364, seed: int = 7, without: Collection[str] = ("minutes",)) -> Path:
    """A folder with the records of a service, of which nothing is said.

    Args:
        folder: a folder that does not exist.
        text: the service, as the text of a service.toml without name and zone.
        days: for how many days it is played, from Monday, 1 January 2024.
        seed: of the simulation.
        without: the columns that nobody recorded.
    """
    tables = tables_of(parse_service(UNSAID + text), day_number(date(2024, 1, 1)), days)
    write_log(tables, replicate(tables, seed, 0, logs=True), folder, seed=seed)
    records = folder / "records.csv"
    heading, *lines = records.read_text().splitlines()
    names = heading.split(",")
    blank = [names.index(name) for name in without if name in names]
    rows = [line.split(",") for line in lines]
    for row in rows:
        for place in blank:
            row[place] = ""
    records.write_text("\n".join([heading, *(",".join(row) for row in rows)]) + "\n")
    (folder / "service.toml").write_text(UNSAID)
    for file in ("work.csv", "rota.csv"):
        (folder / file).unlink(missing_ok=True)
    return folder


def fitted(folder: Path) -> Fit:
    """What a fit learns from a folder; nothing is written."""
    with millpond.open(folder) as opened:
        return opened.fit(write=False)


def row_of(fit: Fit, key: str) -> Learned:
    """The one value of a fit that has a key."""
    row: Learned
    (row,) = (row for row in fit.rows if row.key == key)
    return row
