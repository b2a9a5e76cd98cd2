"""Tells a person how an import is going."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float | None, int], None]
"""Told how much is done (0 to 1; None where that cannot be known) and how many rows have been taken."""

_TAKING = 0.5  # the part of the work that is taking the rows in


class Steps:
    """Tells how the whole is going, and never goes back."""

    def __init__(self, progress: Progress | None, size: int | None) -> None:
        self._progress = progress
        self._size = size
        self._furthest = 0.0

    def taking(self, read: int, rows: int) -> None:
        """Rows are being taken in; `read` bytes of the source have been."""
        self._tell(_TAKING * read / self._size if self._size else None, rows)

    def making(self, done: int, rows: int) -> None:
        """Visits are being made of them; `done` rows have been."""
        self._tell(_TAKING + (1 - _TAKING) * done / max(1, rows), rows)

    def over(self, rows: int) -> None:
        """All is done."""
        self._tell(1.0, rows)

    def _tell(self, part: float | None, rows: int) -> None:
        if self._progress is None:
            return
        if part is not None:
            self._furthest = part = min(1.0, max(part, self._furthest))
        self._progress(part, rows)
