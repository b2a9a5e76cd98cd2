"""What happened: reading a service's records, keeping them in its folder, and saying what is wrong with them."""

from __future__ import annotations

from millpond.records.findings import Finding
from millpond.records.importing import Import, import_log
from millpond.records.lag import RecordingLag
from millpond.records.quality import QualityReport
from millpond.records.rota import Shift
from millpond.records.store import Records, open_records

__all__ = [
    "Finding",
    "Import",
    "QualityReport",
    "RecordingLag",
    "Records",
    "Shift",
    "import_log",
    "open_records",
]
