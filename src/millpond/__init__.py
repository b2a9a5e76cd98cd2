"""Millpond: demand, capacity, activity and backlog of a service that helps people, from the records it already has.

    import millpond

    service = millpond.open("victim-support")
    service.measure(by="week")
    service.simulate(days=182)

The layers, each importing only from those below it: `cli`, `folder` and `intake`, `report`, `demo`, `calibration`,
`simulation`, `measures`, `variation` and `queueing`, `periods`, `results`, `records`, `model`, `errors`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from millpond.folder import Folder

__version__ = "0.1.0"
__all__ = ["__version__", "open"]


def open(folder: str | Path) -> Folder:
    """Opens a service folder; see `millpond.folder.Folder` for what it can then be asked.

    Args:
        folder: the folder that holds ``service.toml``.

    Raises:
        UnreadableFile: there is no such folder, or it has no ``service.toml``.
        FaultyService: ``service.toml`` has faults; all of them are listed.
    """
    # Here and not above: a bare `import millpond` must not load the database engine.
    from millpond.folder import Folder

    return Folder(folder)
