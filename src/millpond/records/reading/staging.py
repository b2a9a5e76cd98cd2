"""A private, temporary place for the rows of a source, as the text that they are.

Every reader fills it; recognising columns, reading times and pairing rows happen in it, in DuckDB, with bounded
memory. It is an instance of its own, so that the caller's database keeps its settings and sees only the result. Records
are about people: the folder can be read by its owner only, and is gone when the import is over.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa

from millpond.errors import MillpondError
from millpond.records.room import no_room

MEMORY_LIMIT = "300MB"
"""What DuckDB may hold in memory of the rows; the rest waits on the disk."""
BATCH_ROWS = 100_000

ASIDE = pa.schema([("row_number", pa.int64()), ("reason", pa.string()), ("original", pa.string())])


def quoted(name: str) -> str:
    """A name as SQL writes it, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


class Staging:
    """The rows of one source while they are being read.

    The table ``raw`` has the columns ``row_number``, ``c0``, ``c1``, ...: all text. The table ``aside`` has the rows
    that could not even be divided into columns.

    Attributes:
        names: the source's own names of ``c0``, ``c1``, ...
        rows: how many rows were kept in ``raw``.
        set_aside: how many were set aside.
        derived: how many columns, at the end, were made from the others.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.rows = 0
        self.set_aside = 0
        self.derived = 0
        self._filling = False

    def __enter__(self) -> Staging:
        self._folder = Path(tempfile.mkdtemp(prefix="millpond-"))  # mode 0700
        try:
            self.con = duckdb.connect(
                str(self._folder / "rows.duckdb"),
                config={
                    "memory_limit": MEMORY_LIMIT,
                    "temp_directory": str(self._folder / "spill"),
                    # Rows stay here for a minute: packing them would take twice the time of writing them.
                    "force_compression": "uncompressed",
                },
            )
            self.clear()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(duckdb.Error):
            self.con.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        if error is not None and not isinstance(error, MillpondError):
            told = no_room(error, self._folder.parent)
            if told is not None:
                raise told from error

    def clear(self) -> None:
        """Forget everything, to read the source again in another way."""
        self.rows = self.set_aside = self.derived = 0
        self.names = []
        self.con.execute("CREATE OR REPLACE TABLE raw (row_number BIGINT)")
        self.con.execute("CREATE OR REPLACE TABLE aside (row_number BIGINT, reason VARCHAR, original VARCHAR)")

    @contextlib.contextmanager
    def filling(self) -> Iterator[None]:
        """Everything added within is one transaction: far faster than one for each batch."""
        self.con.execute("BEGIN")
        self._filling = True
        try:
            yield
        except BaseException:
            with contextlib.suppress(duckdb.Error):
                self.con.execute("ROLLBACK")
            raise
        finally:
            self._filling = False
        self.con.execute("COMMIT")

    def empty_columns(self, places: Sequence[int]) -> frozenset[int]:
        """Which of some columns have nothing in any row."""
        if not places:
            return frozenset()
        filled = ", ".join(f"count(nullif(c{place}, ''))" for place in places)
        row = self.con.execute(f"SELECT {filled} FROM raw").fetchone()
        assert row is not None
        return frozenset(place for place, count in zip(places, row, strict=True) if count == 0)

    def add_columns(self, names: Sequence[str]) -> None:
        """Make room for further columns; rows that are already there have none of them."""
        if not names:
            return
        # Rows that are added to a table changed in the same transaction would all wait in memory for its end.
        if self._filling:
            self.con.execute("COMMIT")
        if self.rows == 0:
            self.names += names
            columns = "".join(f", c{place} VARCHAR" for place in range(len(self.names)))
            self.con.execute(f"CREATE OR REPLACE TABLE raw (row_number BIGINT{columns})")
        else:
            for name in names:
                self.con.execute(f"ALTER TABLE raw ADD COLUMN c{len(self.names)} VARCHAR")
                self.names.append(name)
        if self._filling:
            self.con.execute("BEGIN")

    def add(self, row_numbers: pa.Array, columns: Sequence[pa.Array | pa.ChunkedArray]) -> None:
        """Add rows, with all the columns that there are."""
        if len(row_numbers) == 0:
            return
        names = ["row_number", *(f"c{index}" for index in range(len(columns)))]
        # A relation and no registered name: that would keep each batch in memory until the transaction ends.
        self.con.from_arrow(pa.table([row_numbers, *columns], names=names)).insert_into("raw")
        self.rows += len(row_numbers)

    def derive_column(self, name: str, sql: str) -> None:
        """Add a column that is made from the others; it is not part of a row's original text."""
        self.con.execute(f"CREATE OR REPLACE TABLE raw AS SELECT *, {sql} AS c{len(self.names)} FROM raw")
        self.names.append(name)
        self.derived += 1

    def put_aside(self, rows: Sequence[tuple[int, str, str]]) -> None:
        """Keep rows that are no rows of this table: row number, reason, original text."""
        if not rows:
            return
        numbers, reasons, texts = zip(*rows, strict=True)
        batch = pa.table([pa.array(numbers, pa.int64()), pa.array(reasons), pa.array(texts)], schema=ASIDE)
        self.con.from_arrow(batch).insert_into("aside")
        self.set_aside += len(rows)
