"""Reads Parquet files, a batch at a time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from millpond.errors import UnreadableFile
from millpond.records.reading.heading import unlike
from millpond.records.reading.opening import Source
from millpond.records.reading.staging import Staging
from millpond.records.reading.taken import Taken, Tell
from millpond.records.reading.typed import as_text

_BATCH_ROWS = 50_000


def take_parquet(source: Source, staging: Staging, *, tell: Tell) -> Taken:
    """Read a Parquet file into the staging place; its first row has the number 1.

    Raises:
        UnreadableFile: it is damaged or packed.
    """
    if source.gzipped:
        raise UnreadableFile(f"{source.name} is a Parquet file packed by gzip. Unpack it (gunzip) and give the result.")
    try:
        with pq.ParquetFile(source.path) as file, staging.filling():
            staging.add_columns(unlike(file.schema_arrow.names))
            total = max(1, file.metadata.num_rows)
            for batch in file.iter_batches(batch_size=_BATCH_ROWS):
                numbers = np.arange(staging.rows + 1, staging.rows + batch.num_rows + 1)
                staging.add(pa.array(numbers), [as_text(column) for column in batch.columns])
                tell(source.size * staging.rows // total, staging.rows)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFile(
            f"{source.name} is a Parquet file that is damaged or cut off ({str(error).splitlines()[0]}). "
            "Nothing was taken from it. Copy or export it again."
        ) from error
    return Taken("Parquet")
