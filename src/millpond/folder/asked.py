"""A service folder opened: the object that a person asks.

    service = millpond.open("victim-support")
    service.measure(by="week")
    service.waits()
    service.report().save("report.html")

It finds the records, the last instant and the recent days that are still filling up, and hands them to the measures;
it computes nothing itself. Every answer is a frozen value that outlives the folder.
"""

from __future__ import annotations

from millpond.folder.opened import Checked, Tell
from millpond.folder.verbs.processing import MappedFolder
from millpond.folder.verbs.reporting import ReportedFolder
from millpond.folder.verbs.simulating import SimulatedFolder

__all__ = ["Checked", "Folder", "Tell"]


class Folder(ReportedFolder, MappedFolder, SimulatedFolder):
    """One service folder, and what it can be asked.

    The records are read when they are first needed and kept in a temporary database until the folder is closed;
    use it in a ``with`` block, or `close` it, or let the process end.

    Args:
        path: the folder that holds ``service.toml``.
        now: the present, instead of the clock; later instants in the records are errors.

    Raises:
        UnreadableFile: there is no such folder, or it has no ``service.toml``.
        FaultyService: ``service.toml`` has faults.
    """
