"""A simulated log as the files of a service folder, of the same shape as real ones."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from millpond.errors import CannotWrite, WrongUse
from millpond.model import Service, dump_service
from millpond.model.toml import FILE_NAME
from millpond.records import rota, spells
from millpond.records.files import write_text
from millpond.records.rota import Shift
from millpond.records.schema import VISITS
from millpond.records.workspace import Workspace
from millpond.records.writing import RECORDS, copy_tables, iso_text, minutes_text, written_columns
from millpond.simulation.recording import ARROW, Recording, none
from millpond.simulation.replication import Replication
from millpond.simulation.shifts import shifts_of
from millpond.simulation.tables import Tables

FILES = (".csv", ".parquet")
"""What the name of a log ends in that is a file and not a folder."""


def check_log(target: Path | str) -> None:
    """Looks whether a log may be written to a place, before a long simulation is run for it.

    Raises:
        WrongUse: the folder holds something, or the file would stand beside real records.
    """
    place = Path(target)
    if place.suffix in FILES:
        if (place.parent / FILE_NAME).exists():
            raise WrongUse(
                f"{place} would stand in the service folder {place.parent}, where simulated records would be taken for "
                "real ones.\nName a file in another folder."
            )
    elif place.is_dir() and (held := sorted(entry.name for entry in place.iterdir())):
        raise WrongUse(
            f"{place} is not empty: it holds {held[0]}{' and more' if len(held) > 1 else ''}. Simulated records would "
            "be taken for real ones there.\nName a folder that does not exist yet, or an empty one."
        )


def write_log(tables: Tables, replication: Replication, target: Path | str, *, seed: int) -> tuple[Path, ...]:
    """Writes the records of one replication: into a new folder with the service as it was simulated, or as a file.

    A folder gets ``service.toml`` and ``records.csv``; ``work.csv`` where a visit was worked on otherwise than from
    its start to its end by one worker; ``rota.csv`` where somebody was away or was called in. Every measure and the
    report run on it. A name that ends in ``.csv`` or ``.parquet`` is a file of visits alone; spells of work stand
    beside it, in ``NAME.work.csv``.

    Args:
        tables: of the service.
        replication: a replication of it, with its log.
        target: a folder that is empty or does not exist, or a file.
        seed: of the simulation; what the log does not say is drawn again with it.

    Returns:
        The files that were written.

    Raises:
        WrongUse: the folder holds something, or the file would stand beside real records.
        CannotWrite: the disk is full, or something is in the way. None of the files is left behind.
    """
    check_log(target)
    place = Path(target)
    is_file = place.suffix in FILES
    home = place.parent if is_file else place
    _make(home)
    visits, work = (place, place.with_suffix(f".{spells.NAME}")) if is_file else (home / RECORDS, home / spells.NAME)
    log = Recording(tables, replication, seed)
    shifts = () if is_file else shifts_of(tables, replication, log.key)
    workspace = Workspace()
    written: list[Path] = []
    try:
        if not is_file:
            write_text(home / FILE_NAME, dump_service(_as_simulated(tables.service)))
            written.append(home / FILE_NAME)
        _write_visits(workspace.con, log, visits)
        written.append(visits)
        if _write_spells(workspace.con, log, work):
            written.append(work)
        if shifts:
            _write_rota(workspace.con, shifts, log, home / rota.NAME)
            written.append(home / rota.NAME)
    except BaseException:
        for file in written:
            file.unlink(missing_ok=True)
        raise
    finally:
        workspace.close()
    return tuple(written)


def _as_simulated(service: Service) -> Service:
    """The service without what it says was waiting before the first record: in a simulated log that is visits."""
    if not any(pool.opening_backlog or pool.opening_backlog_visits for pool in service.pools.values()):
        return service
    pools = {name: pool.changed(opening_backlog=0, opening_backlog_visits=None) for name, pool in service.pools.items()}
    return service.changed(pools=pools)


def _make(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(
            f"The folder {home} cannot be made: {error.strerror or error}.\nName one in a place where you may write."
        ) from error


def _write_visits(con: Any, log: Recording, target: Path) -> None:
    columns = written_columns(log.zone, ("stream", "priority"), joined="joined_us")
    copy_tables(con, columns, chain([none(VISITS)], log.visits_in_order()), target)


def _write_spells(con: Any, log: Recording, target: Path) -> bool:
    """Writes the spells where there are any; says whether there are."""
    tables = log.spells_in_order()
    first = next(tables, None)
    if first is None:
        return False
    columns = ["visit", "worker", *_times(log), f"{minutes_text('minutes_us')} AS minutes"]
    copy_tables(con, columns, chain([first], tables), target)
    return True


def _write_rota(con: Any, shifts: tuple[Shift, ...], log: Recording, target: Path) -> None:
    kinds = {"worker": "VARCHAR", "pool": "VARCHAR", "starts_us": "BIGINT", "ends_us": "BIGINT", "kind": "VARCHAR"}
    told = {name: pa.array([getattr(shift, name) for shift in shifts], ARROW[kind]) for name, kind in kinds.items()}
    order = [("starts_us", "ascending"), ("worker", "ascending"), ("kind", "descending")]
    copy_tables(con, ["worker", "pool", *_times(log), "kind"], [pa.table(told).sort_by(order)], target)


def _times(log: Recording) -> list[str]:
    return [f"{iso_text('starts_us', log.zone)} AS starts", f"{iso_text('ends_us', log.zone)} AS ends"]
