"""The text tables that other tests rest on say what they seem to say, on every engine."""

from typing import Any

import pytest

from tests.tables import at, spells, visits


def test_a_row_becomes_a_visit_with_local_days_and_hours(backend: Any) -> None:
    log = visits(
        """
        case | step   | joined           | started   | ended | worker | minutes | outcome   | colour
        -----+--------+------------------+-----------+-------+--------+---------+-----------+-------
        NA   | triage | 2025-07-07 23:30 | Tue 00:30 | 01:00 | w1     | 20.5    |           | red
        007  | triage |                  | 09:00     |       |        |         | withdrawn |
        1e5  | triage |                  |           | 10:00 |        |         |           |
        """,
        backend=backend,
    )
    rows = log.order_by("visit").to_pyarrow().to_pylist()
    assert [row["case"] for row in rows] == ["NA", "007", "1e5"]
    first, second, third = rows
    assert first["joined_us"] == 1_751_927_400_000_000  # 22:30 UTC: British Summer Time
    assert (first["joined_hour"], first["started_hour"], first["ended_hour"]) == (23, 0, 1)
    assert first["started_day"] == first["ended_day"] == first["joined_day"] + 1
    assert first["minutes_us"] == 1_230_000_000
    assert (first["outcome"], first["colour"], first["worker"], first["stream"]) == (None, "red", "w1", None)
    assert (second["joined_source"], second["joined_us"]) == ("started", second["started_us"])
    assert (second["ended_us"], second["outcome"]) == (None, "withdrawn")
    assert (third["joined_source"], third["joined_us"]) == ("ended", at("2025-01-06 10:00"))


def test_a_table_without_rows_is_an_empty_log(backend: Any) -> None:
    assert visits("case | step | joined", backend=backend).count().to_pyarrow().as_py() == 0


def test_spells_take_their_minutes_from_their_ends(backend: Any) -> None:
    table = spells(
        """
        visit | worker | starts | ends  | minutes
        v1    | w1     | 09:00  | 09:30 |
        v1    |        | 10:00  | 11:00 | 45
        """,
        backend=backend,
    )
    assert table.order_by("starts_us").minutes_us.to_pyarrow().to_pylist() == [1_800_000_000, 2_700_000_000]


def test_a_row_with_a_cell_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells where the heading has 3"):
        visits("case | step | joined\na | b")
