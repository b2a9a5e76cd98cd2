"""What a full disk is called where it is not a file of the service that is written but rows that wait in a database.

The engine reports it in half a dozen ways, according to what it was doing. Files of a service are `files.replacing`'s.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from millpond.errors import CannotWrite

_FULL = tuple(os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def no_room(error: BaseException, place: Path | None = None) -> CannotWrite | None:
    """The error for a person where another one, or what it came of, means that there was no room for the rows.

    Args:
        error: whatever came of working in a temporary database.
        place: the folder that holds such databases; by default the system's own for temporary files.

    Returns:
        None where it means something else.
    """
    for cause in _causes(error):
        told = str(cause)
        if isinstance(cause, duckdb.OutOfMemoryException) or any(word in told for word in _FULL):
            return CannotWrite(
                f"there is no room for the rows while they are worked on, in {place or tempfile.gettempdir()}: "
                f"{told.splitlines()[0]}. Free some space there, or set TMPDIR to a folder on a larger disk, "
                "and try again."
            )
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
