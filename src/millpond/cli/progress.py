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
def progress(doing: str) -> Iterator[Tell]:
    """Shows how far something has come once it has taken a second; nothing is shown of what is quicker.

    Args:
        doing: what is being done, such as ``Reading referrals.csv``.
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

    def tell(share: float | None, rows: int) -> None:
        nonlocal task
        if task is None:
            if time.monotonic() - begun < SILENT_SECONDS:
                return
            if console.is_terminal:
                bar.start()
            else:
                console.print(f"{doing} ...")
            task = bar.add_task(doing, total=None, rows="")
        total = None if share is None else 1.0
        bar.update(task, total=total, completed=share or 0.0, rows=f"{rows:,} rows" if rows else "")

    try:
        yield tell
    finally:
        if bar.live.is_started:
            bar.stop()
