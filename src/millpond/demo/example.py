"""The files of the example service, and writing them into a new folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from millpond.demo.arrivals import arrivals
from millpond.demo.diary import Diary
from millpond.demo.readme import readme
from millpond.demo.recording import records_csv, rota_csv
from millpond.demo.rota import free_time, shifts
from millpond.demo.year import Year
from millpond.errors import CannotWrite, WrongUse
from millpond.model import parse_service
from millpond.periods import MICROSECONDS_A_MINUTE, day_number, local_us
from millpond.records.files import write_text

FIRST_DAY = date(2025, 1, 6)
LAST_DAY = date(2026, 1, 4)
"""The records cover 52 whole weeks."""
ROTA_ENDS = date(2026, 1, 16)
"""The rota is made two weeks ahead."""


@lru_cache(maxsize=1)
def example_files() -> Mapping[str, str]:
    """The name and text of every file of the example folder; made within some seconds, from nothing but the code."""
    text = (files("millpond.demo") / "service.toml").read_text(encoding="utf-8")
    service = parse_service(text)
    first, last = day_number(FIRST_DAY), day_number(LAST_DAY)
    ends = local_us(last + 1, 0, service.zone) // MICROSECONDS_A_MINUTE
    rota = shifts(service, first, day_number(ROTA_ENDS))
    diaries = {worker: Diary(free_time(rota, worker)) for worker in service.workers}
    visits = Year(service, arrivals(service, first, last), diaries, ends).run()
    records = records_csv(visits, service)
    return MappingProxyType(
        {
            "service.toml": text,
            "records.csv": records,
            "rota.csv": rota_csv(rota, service.zone),
            "README.md": readme(records),
        }
    )


def write_example(folder: str | Path) -> None:
    """Write the example service into a new or empty folder.

    Nobody in it is real, so the files have the usual modes and are not kept from others.

    Args:
        folder: where; it is made, with the folders above it, if it is not there.

    Raises:
        WrongUse: the folder holds something already, or is a file. Nothing has been written.
        CannotWrite: the folder cannot be made or written to. No part of the example is left in it.
    """
    folder = Path(folder)
    _check_empty(folder)
    texts = example_files()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(
            f"The folder {folder} cannot be made: {error.strerror}.\nName one in a place where you may write."
        ) from error
    try:
        for name, text in texts.items():
            write_text(folder / name, text)
    except BaseException:
        for name in texts:
            (folder / name).unlink(missing_ok=True)
        raise


def _check_empty(folder: Path) -> None:
    cure = "Name a folder that does not exist yet, or an empty one."
    try:
        held = sorted(entry.name for entry in os.scandir(folder))
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise WrongUse(f"{folder} is not a folder, or lies below something that is none.\n{cure}") from None
    except OSError as error:
        raise CannotWrite(f"{folder} cannot be looked into: {error.strerror}.\n{cure}") from error
    if "service.toml" in held:
        raise WrongUse(f"{folder} already holds a service; the example would overwrite its service.toml.\n{cure}")
    if held:
        raise WrongUse(f"{folder} is not empty: it holds {held[0]}{' and more' if len(held) > 1 else ''}.\n{cure}")
