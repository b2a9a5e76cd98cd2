"""A private, temporary database for one look at a folder's records: on disk, with bounded memory, gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any

import duckdb
import ibis
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

MEMORY_LIMIT = "600MB"
"""What DuckDB may hold in memory; the rest waits on the disk."""


MANY_ROWS = 1_000_000
"""From how many rows on a query is compiled for the fewest SELECTs instead of the quickest compilation."""


class _BySize(DuckDBCompiler):  # type: ignore[misc]
    """Compiles a query according to how much there is to read.

    Merging the steps of a query into few SELECTs, as Ibis does by default, took a third of the time of the report of a
    small service; leaving each step a SELECT of its own took DuckDB 1.4 times as long over ten million visits. The
    option is Ibis's own; it is set here for our queries alone.

    Args:
        con: whose tables are asked how large they are.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        super().__init__()
        self._con = con

    def translate(self, op: Any, *, params: Any) -> Any:
        fused = ibis.options.sql.fuse_selects
        ibis.options.sql.fuse_selects = _largest_table(self._con) >= MANY_ROWS
        try:
            return super().translate(op, params=params)
        finally:
            ibis.options.sql.fuse_selects = fused


def _largest_table(con: duckdb.DuckDBPyConnection) -> int:
    """About how many rows the largest table has; a look at the catalogue, not at the rows."""
    found = con.execute("SELECT max(estimated_size) FROM duckdb_tables()").fetchone()
    return int(found[0] or 0) if found else 0


def connect(database: Path | str = ":memory:", **settings: Any) -> Any:
    """A DuckDB database as an Ibis connection that compiles its queries by the size of its tables.

    Args:
        database: its file, or ``:memory:``.
        settings: of DuckDB, such as ``memory_limit``.

    Returns:
        The Ibis connection; disconnect it when done.
    """
    backend: Any = ibis.duckdb.connect(database, **settings)
    backend.compiler = _BySize(backend.con)
    return backend


class Workspace:
    """A temporary DuckDB database.

    It lies in a folder that only its owner can read, and goes when it is closed, when nothing refers to it any more,
    or when the program ends.

    Attributes:
        backend: the database as an Ibis connection.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="millpond-"))  # mode 0700
        try:
            self.backend: Any = connect(
                self._folder / "records.duckdb",
                memory_limit=MEMORY_LIMIT,
                temp_directory=str(self._folder / "spill"),
            )
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._end = weakref.finalize(self, _end, self.backend, self._folder)

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The database as DuckDB's own connection."""
        con: duckdb.DuckDBPyConnection = self.backend.con
        return con

    @property
    def closed(self) -> bool:
        """Whether the database has gone."""
        return not self._end.alive

    def close(self) -> None:
        """Close the database and remove it; closing it again does nothing."""
        self._end()


def _end(backend: Any, folder: Path) -> None:
    backend.disconnect()
    shutil.rmtree(folder, ignore_errors=True)
