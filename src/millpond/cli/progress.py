"""Progress on standard error, for whatever takes longer than a second."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

SILENT_SECONDS = 1.0

Tell = Callable[[float | None, int], None]
"""Takes the share that is done (None where it cannot be known) and how many rows that is."""


@contextmanager
def progress(doing: str, *, unit: str = "rows", first: str | None = None) -> Iterator[Tell]:
    """Shows how far something has come once it has taken a second; nothing is shown of what is quicker.

    Args:
        doing: what is being done, such as ``Reading referrals.csv``.
        unit: what is counted.
        first: what is being done as long as no share is known, where that is something else.
    """
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    shown = _Shown(console, bar, doing, unit, first)
    waking = threading.Timer(SILENT_SECONDS, shown.wake)
    waking.daemon = True
    waking.start()
    try:
        yield shown.tell
    finally:
        waking.cancel()
        shown.end()


class _Shown:
    """What has been told so far; silent until a second has passed, whether or not anything is told by then."""

    def __init__(self, console: Console, bar: Progress, doing: str, unit: str, first: str | None) -> None:
        self._console, self._bar, self._doing, self._unit, self._first = console, bar, doing, unit, first
        self._told: tuple[float | None, int] = (None, 0)
        self._task: TaskID | None = None
        self._said: set[str] = set()
        # Two threads come here: the one that works and the one that wakes.
        self._lock = threading.RLock()
        self._over = False

    def tell(self, share: float | None, rows: int) -> None:
        with self._lock:
            self._told = (share, rows)
            if self._task is not None:
                self._show()

    def wake(self) -> None:
        with self._lock:
            if not self._over:
                self._show()

    def end(self) -> None:
        with self._lock:
            self._over = True
            if self._bar.live.is_started:
                self._bar.stop()

    def _show(self) -> None:
        share, rows = self._told
        now = self._first if self._first and share is None else self._doing
        if self._task is None:
            if self._console.is_terminal:
                self._bar.start()
            self._task = self._bar.add_task(now, total=None, rows="")
        if now not in self._said and not self._console.is_terminal:
            self._console.print(f"{now} ...")
        self._said.add(now)
        total = None if share is None else 1.0
        counted = f"{rows:,} {self._unit}" if rows else ""
        self._bar.update(self._task, description=now, total=total, completed=share or 0.0, rows=counted)
