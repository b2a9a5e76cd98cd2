"""Rows of text to visits with instants: every row is either read in full or set aside with a reason.

Works on the staging place, a batch at a time; the result streams on to its table, or to the pairing of start and
complete rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from millpond.records.reading.amounts import Comma, meaning_of_comma, read_minutes
from millpond.records.reading.conventions import TEXTS
from millpond.records.reading.heading import unnamed
from millpond.records.reading.letters import Flags, canonical
from millpond.records.reading.meaning import KINDS, Meaning
from millpond.records.reading.refusing import Refusals
from millpond.records.reading.staging import BATCH_ROWS, Staging, literal
from millpond.records.reading.times import Times, read_times

RESERVED = (
    *("row_number", "visit", "case", "step", *TEXTS, "joined_source", "minutes", "minutes_us", "recorded_joined_us"),
    *(f"{event}{part}" for event in ("joined", "started", "ended") for part in ("", "_us", "_day", "_hour")),
)
"""Names that no further column may have in the visit log."""

_BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"


@dataclass
class Tally:
    """What happened to rows on the way.

    Attributes:
        counts: how often each thing worth telling happened.
        kept: rows that were read in full.
        times: how many times were read in each column, and how many were midnight.
    """

    counts: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    times: Counter[str] = field(default_factory=Counter)
    midnights: Counter[str] = field(default_factory=Counter)


def further_columns(meaning: Meaning, staging: Staging) -> dict[str, int]:
    """The columns that are not ours: their names in the visit log, and their places.

    A column that has neither a name nor anything in it is a delimiter too many, and no column.
    """
    nameless = [place for place, name in enumerate(meaning.columns.names) if name == unnamed(place + 1)]
    empty = staging.empty_columns(nameless)
    used = set(meaning.columns.ours.values())
    reserved = {name.casefold() for name in RESERVED}
    further = {}
    for place, name in enumerate(meaning.columns.names):
        if place in empty or (place in used and not _kept_too(meaning, place)):
            continue
        unique = name
        while unique.casefold() in reserved:
            unique = f"{unique} (theirs)"
        reserved.add(unique.casefold())
        further[unique] = place
    return further


def _kept_too(meaning: Meaning, place: int) -> bool:
    """The instance of a visit is used to pair rows, and may be wanted afterwards."""
    return meaning.columns.ours.get("instance") == place


class Normaliser:
    """Reads the rows of a staging place batch by batch."""

    def __init__(
        self,
        staging: Staging,
        meaning: Meaning,
        zone: ZoneInfo,
        day_first: Mapping[str, bool],
        default_step: str,
        tell: Callable[[int], None],
    ) -> None:
        self.tally = Tally()
        self.notes: list[str] = []
        self.further = further_columns(meaning, staging)
        self._staging = staging
        self._meaning = meaning
        self._tell = tell
        self._conventions = {
            ours: seen.convention(zone, day_first[seen.column]) for ours, seen in meaning.surveys.items()
        }
        self._default_step = default_step
        self._comma: Comma = "unclear"
        if "minutes" in meaning.columns.ours:
            self._comma, self.notes = meaning_of_comma(staging.con, f"c{meaning.columns.ours['minutes']}")
        staging.con.execute("CREATE OR REPLACE TABLE refused (row_number BIGINT, reason VARCHAR)")

    def batches(self) -> Iterator[tuple[pa.Table, dict[str, Times]]]:
        """Rows that were read in full: their texts (with ``minutes_us`` and, if asked for, ``kind``) and times."""
        done = 0
        for batch in self._staging.con.cursor().execute(self._select()).to_arrow_reader(BATCH_ROWS):
            done += batch.num_rows
            times = {
                ours: read_times(batch.column(f"time_{ours}"), convention)
                for ours, convention in self._conventions.items()
            }
            table = pa.Table.from_batches([batch]).drop_columns([f"time_{ours}" for ours in times])
            refusals = Refusals(table.num_rows)
            self._refuse_times(refusals, times)
            refusals.refuse(_is_null(table, "case"), "it has no case")
            refusals.refuse(_is_null(table, "step"), "it has no step")
            table = self._with_kinds(table, refusals)
            table = self._with_minutes(table, refusals)
            good = refusals.write(self._staging, table.column("row_number"))
            if not good.all():
                table = table.filter(pa.array(good))
                times = {ours: _chosen(found, good) for ours, found in times.items()}
            self._count(times)
            self.tally.kept += table.num_rows
            self._tell(done)
            if table.num_rows:
                yield table, times

    def nothing(self) -> pa.Table:
        """A table without rows, as `batches` gives them."""
        table = self._staging.con.cursor().execute(f"{self._select()} LIMIT 0").to_arrow_table()
        return self._with_minutes(self._with_kinds(table, Refusals(0)), Refusals(0))

    def _select(self) -> str:
        ours = self._meaning.columns.ours
        chosen = ["row_number"]
        case = _text(f"c{ours['case']}") if "case" in ours else "CAST(row_number AS VARCHAR)"
        step = _text(f"c{ours['step']}") if "step" in ours else literal(self._default_step)
        chosen += [f'{case} AS "case"', f"{step} AS step"]
        for name in ("visit", *TEXTS):
            value = _text(f"c{ours[name]}") if name in ours else "CAST(NULL AS VARCHAR)"
            chosen.append(f"{value} AS {name}")
        if "minutes" in ours:
            chosen.append(f"c{ours['minutes']} AS minutes")
        if self._meaning.lifecycle == "start/complete rows":
            chosen.append(f"c{ours['lifecycle']} AS word")
            instance = _text(f"c{ours['instance']}") if "instance" in ours else "CAST(NULL AS VARCHAR)"
            chosen.append(f"{instance} AS instance")
        for name in self._conventions:
            chosen.append(f"c{ours[name]} AS time_{name}")
        for place, name in enumerate(self.further):
            chosen.append(f"{_text(f'c{self.further[name]}')} AS x{place}")
        return f"SELECT {', '.join(chosen)} FROM raw"

    def _refuse_times(self, refusals: Refusals, times: Mapping[str, Times]) -> None:
        known: Flags | bool = False
        for ours, found in times.items():
            name = self._meaning.columns.name(ours)
            refusals.refuse(found.unreadable, f"what stands in '{name}' cannot be read as a time")
            known = known | found.known
        refusals.refuse(~np.asarray(known), "it has no time at all")

    def _with_kinds(self, table: pa.Table, refusals: Refusals) -> pa.Table:
        """What each row's word of the lifecycle does to a visit."""
        if "word" not in table.column_names:
            return table
        coded = canonical(_one(table.column("word"))).dictionary_encode()
        kinds = pa.array([KINDS.get(word.lower()) for word in coded.dictionary.to_pylist()], pa.string())
        table = table.drop_columns(["word"]).append_column("kind", kinds.take(coded.indices))
        name = self._meaning.columns.name("lifecycle")
        refusals.refuse(_is_null(table, "kind"), f"what stands in '{name}' neither starts nor ends a visit")
        return table

    def _with_minutes(self, table: pa.Table, refusals: Refusals) -> pa.Table:
        """The recorded minutes of work, as microseconds."""
        if "minutes" not in table.column_names:
            return table.append_column("minutes_us", pa.nulls(table.num_rows, pa.int64()))
        us, known, bad = read_minutes(_one(table.column("minutes")), self._comma)
        name = self._meaning.columns.name("minutes")
        refusals.refuse(bad, f"what stands in '{name}' is no number of minutes, or is negative")
        return table.drop_columns(["minutes"]).append_column("minutes_us", pa.array(us, mask=~known))

    def _count(self, times: Mapping[str, Times]) -> None:
        for ours, found in times.items():
            self.tally.times[ours] += int(found.known.sum())
            self.tally.midnights[ours] += int(found.midnight.sum())
            self.tally.counts["no_time_of_day"] += int(found.day_only.sum())
            self.tally.counts["clock_skipped"] += int(found.skipped.sum())
            self.tally.counts["clock_repeated"] += int(found.repeated.sum())


def _text(column: str) -> str:
    """A text, or null where it is nothing but blanks; to trim every text would take longer than all else."""
    odd = f"({column} < '!' OR starts_with({column}, chr(160)))"
    return f"CASE WHEN {odd} AND trim({column}, {_BLANKS}) = '' THEN NULL ELSE {column} END"


def _one(column: pa.ChunkedArray) -> pa.StringArray:
    joined = column.combine_chunks()
    return joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined


def _is_null(table: pa.Table, name: str) -> Flags:
    found: Flags = table.column(name).is_null().to_numpy()
    return found


def _chosen(times: Times, rows: Flags) -> Times:
    return Times(*(getattr(times, name)[rows] for name in Times.__dataclass_fields__))
