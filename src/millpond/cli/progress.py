"""Progress on standard error, for whatever takes longer than a second."""

from __future__ import annotations

import time
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
    task: TaskID | None = None
    begun = time.monotonic()
    said: set[str] = set()

    def tell(share: float | None, rows: int) -> None:
        nonlocal task
        now = first if first and share is None else doing
        if task is None:
            if time.monotonic() - begun < SILENT_SECONDS:
                return
            if console.is_terminal:
                bar.start()
            task = bar.add_task(now, total=None, rows="")
        if now not in said and not console.is_terminal:
            console.print(f"{now} ...")
        said.add(now)
        total = None if share is None else 1.0
        counted = f"{rows:,} {unit}" if rows else ""
        bar.update(task, description=now, total=total, completed=share or 0.0, rows=counted)

    try:
        yield tell
    finally:
        if bar.live.is_started:
            bar.stop()
