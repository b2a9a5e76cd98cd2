"""Brings daily totals into a service folder: `daily.csv` grows by what a new file says.

A total is a running count: the days that fill up late are told anew by a newer file, and then the newer totals count.
The ones that they take the place of are set aside, so that nothing is lost.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from millpond.errors import UnreadableFile
from millpond.records import setting_aside
from millpond.records.daily import NAME, DailyRead, Total, date_of, read_daily
from millpond.records.files import write_text
from millpond.records.findings import counted
from millpond.records.opened import Options

REPLACED = "replaced by the totals of a newer file"
OLDER = "differs from the totals already in the folder, which come from a newer file"

_COLUMNS = ("date", "pool", "joined", "done", "waiting", "minutes_per_visit")
_Place = tuple[int, str]


@dataclass(frozen=True)
class DailyImport:
    """What bringing in daily totals came to, in days and pools.

    Attributes:
        read: how the file was read.
        totals: what the folder now holds.
        added, updated, unchanged, differing: as for visits; `differing` ones are kept as they were.
        set_aside: rows added to the file of what was set aside.
    """

    read: DailyRead
    totals: tuple[Total, ...]
    added: int
    updated: int
    unchanged: int
    differing: int
    set_aside: int


def import_daily(source: Path, folder: Path, zone: ZoneInfo, options: Options, *, replace: bool = False) -> DailyImport:
    """Add daily totals to those of a folder.

    Args:
        source: the file.
        folder: the service folder.
        zone: the service's zone.
        options: how the file is to be read, where a person says so.
        replace: the file wins even if it is older.

    Raises:
        UnreadableFile: the file, or the folder's ``daily.csv``, is no table of daily totals.
        CannotWrite: what was there is unchanged.
    """
    came = read_daily(source, zone, options)
    if not came.totals:
        raise UnreadableFile(
            f"{source}: not one of its {counted(came.rows, 'row')} holds the totals of a day"
            f"{f' ({came.aside[0][1]})' if came.aside else ''}, so nothing was imported. Check its columns: "
            "date, pool, joined, done, waiting."
        )
    target = folder / NAME
    kept = read_daily(target, zone) if target.exists() else DailyRead((), 0, (), ())
    there = {_place(total): total for total in kept.totals}
    newer = replace or not there or max(total.day for total in came.totals) >= max(place[0] for place in there)
    merged = dict(there)
    aside: list[setting_aside.Row] = [(source.name, *row) for row in came.aside]
    added = updated = unchanged = differing = 0
    for total in came.totals:
        old = there.get(_place(total))
        # What the new file does not tell, it does not contradict.
        told = total if old is None else _completed(total, old)
        if old is None:
            added += 1
        elif told == old:
            unchanged += 1
            continue
        elif newer:
            updated += 1
            aside.append((NAME, 0, REPLACED, _text(old)))
        else:
            differing += 1
            aside.append((source.name, 0, OLDER, _text(total)))
            continue
        merged[_place(total)] = told
    if added or updated:
        aside += [(NAME, *row) for row in kept.aside]
    count = setting_aside.set_aside(folder, aside)
    totals = tuple(merged[place] for place in sorted(merged))
    if added or updated:
        write_text(target, _file(totals), private=True)
    return DailyImport(came, totals, added, updated, unchanged, differing, count)


def _place(total: Total) -> _Place:
    return total.day, total.pool or ""


def _completed(total: Total, old: Total) -> Total:
    return Total(
        total.day,
        total.pool,
        total.joined,
        total.done,
        old.waiting if total.waiting is None else total.waiting,
        old.minutes if total.minutes is None else total.minutes,
        tuple({**dict(old.further), **dict(total.further)}.items()),
    )


def _file(totals: tuple[Total, ...]) -> str:
    used = list(_COLUMNS if any(total.minutes is not None for total in totals) else _COLUMNS[:-1])
    used += dict.fromkeys(name for total in totals for name, _ in total.further)
    text = io.StringIO()
    writer = csv.DictWriter(text, used, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for total in totals:
        writer.writerow(_cells(total))
    return text.getvalue()


def _cells(total: Total) -> dict[str, object]:
    minutes = total.minutes
    return {
        "date": date_of(total.day).isoformat(),
        "pool": total.pool or "",
        "joined": total.joined,
        "done": total.done,
        "waiting": "" if total.waiting is None else total.waiting,
        "minutes_per_visit": "" if minutes is None else int(minutes) if minutes == int(minutes) else repr(minutes),
        **dict(total.further),
    }


def _text(total: Total) -> str:
    return ", ".join(f"{name}={value}" for name, value in _cells(total).items() if value != "")
