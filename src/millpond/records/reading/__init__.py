"""Any event log or table becomes one visit log; nothing in it is lost.

`read_log` for files (CSV and its kin, Excel, Parquet, XES, each of the texts also packed by gzip), `read_database` for
a table or query, `derive_visit_ids` for logs that record no id of a visit. The steps, each a module: open the source
and say what it is; take its rows as text into a private staging place; recognise the columns; look at all times before
reading any; read, refuse or pair rows; add local days and hours.
"""

from __future__ import annotations

from millpond.records.reading.database import is_database, read_database
from millpond.records.reading.identity import derive_visit_ids
from millpond.records.reading.importing import read_log
from millpond.records.reading.progress import Progress
from millpond.records.reading.result import Lifecycle, Reading

__all__ = ["Lifecycle", "Progress", "Reading", "derive_visit_ids", "is_database", "read_database", "read_log"]
