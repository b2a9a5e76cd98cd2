"""Parquet files: typed columns become the text that a person would have written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from millpond.errors import UnreadableFile
from millpond.records.reading.typed import as_text

from .conftest import Read

NINE = datetime(2025, 7, 6, 9, 0)


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pa.array(["NA", "007", "", None]), ["NA", "007", "", None]),
        (pa.array(["a", None, "a"]).dictionary_encode(), ["a", None, "a"]),
        (pa.array([7, None]), ["7", None]),
        (pa.array([7.0, None, 7.25, float("nan"), 1e15, -0.5]), ["7", None, "7.25", None, "1000000000000000", "-0.5"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array([Decimal("7.50")]), ["7.50"]),
        (pa.array([date(2025, 7, 6)]), ["2025-07-06"]),
        (pa.array([date(2025, 7, 6)], pa.date64()), ["2025-07-06"]),
        (pa.array([NINE], pa.timestamp("us")), ["2025-07-06 09:00:00.000000"]),
        (pa.array([NINE.replace(tzinfo=UTC)], pa.timestamp("us", "Europe/London")), ["2025-07-06 09:00:00.000000Z"]),
        (pa.array([timedelta(hours=30, seconds=1.5), None]), ["30:00:01.5", None]),
        (pa.array([b"caf\xc3\xa9", b"\xff"]), ["café", "\ufffd"]),
        (pa.array([["a", "b"], None]), ['["a", "b"]', None]),
        (pa.nulls(2), [None, None]),
        (pa.chunked_array([], pa.string()), []),
    ],
)
def test_typed_values_become_text(column: pa.Array, texts: list[str | None]) -> None:
    assert as_text(column).to_pylist() == texts


def test_a_parquet_file_is_read(read: Read, tmp_path: Path) -> None:
    table = pa.table(
        {
            "case_id": pa.array([1.0, 2.0, None]),
            "activity": ["a", "b", "c"],
            "start_time": pa.array([NINE, NINE, NINE], pa.timestamp("ns")),
            "end_time": pa.array([NINE.replace(tzinfo=UTC), None, None], pa.timestamp("us", "UTC")),
            "minutes": pa.array([timedelta(minutes=20), None, None]),
        }
    )
    pq.write_table(table, tmp_path / "log.parquet")
    log = read(tmp_path / "log.parquet")
    assert log.rows("row_number", "case", "started", "ended", "minutes_us") == [
        (1, "1", "2025-07-06 09:00", "2025-07-06 10:00", 1_200_000_000),
        (2, "2", "2025-07-06 09:00", None, None),
    ]
    assert [(row, reason) for row, reason, _ in log.aside()] == [(3, "it has no case")]
    assert log.reading.format == "Parquet"


def test_a_parquet_file_that_was_cut_off_is_refused(read: Read, tmp_path: Path) -> None:
    pq.write_table(pa.table({"case": ["1"], "started": ["2025-01-06"]}), tmp_path / "log.parquet")
    whole = (tmp_path / "log.parquet").read_bytes()
    with pytest.raises(UnreadableFile, match="a Parquet file that is damaged or cut off"):
        read(whole[:-20], name="half.parquet")
