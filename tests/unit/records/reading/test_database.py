"""A table or query of a database, through Ibis."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import psycopg
import pytest

from millpond.errors import UnreadableFile, WrongUse
from millpond.records.reading import is_database, read_database
from millpond.records.reading.database import without_password

POSTGRES = os.environ.get("MILLPOND_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
ZONE = ZoneInfo("Europe/London")

TABLE = """
CREATE TABLE {name} (case_id {number}, activity VARCHAR, start_time {instant}, end_time TIMESTAMP, score {real});
INSERT INTO {name} VALUES
    (7, 'triage', TIMESTAMP '2025-07-06 09:00:00', TIMESTAMP '2025-07-06 09:20:00.25', 7.0),
    (8, 'NA', NULL, TIMESTAMP '2025-01-06 09:20:00', NULL),
    (NULL, 'triage', NULL, TIMESTAMP '2025-01-06 09:20:00', 0.5);
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The address of a DuckDB file with the table above."""
    con = duckdb.connect(str(tmp_path / "log.duckdb"))
    con.execute("SET TimeZone = 'UTC'")
    con.execute(TABLE.format(name="visits", number="DOUBLE", instant="TIMESTAMPTZ", real="DOUBLE"))
    con.close()
    return f"duckdb:///{tmp_path / 'log.duckdb'}"


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A schema of its own on a real server; skips, with the reason, where none answers."""
    try:
        con = psycopg.connect(POSTGRES, autocommit=True)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL server answers at {POSTGRES.split('@')[-1]} (MILLPOND_POSTGRES): {error}")
    schema = f"millpond_test_{uuid.uuid4().hex[:12]}"
    con.execute("SET TimeZone = 'UTC'")
    con.execute(f"CREATE SCHEMA {schema}")
    for statement in TABLE.format(
        name=f"{schema}.visits", number="NUMERIC(10, 0)", instant="TIMESTAMPTZ", real="DOUBLE PRECISION"
    ).split(";"):
        if statement.strip():
            con.execute(statement)
    yield schema
    con.execute(f"DROP SCHEMA {schema} CASCADE")
    con.close()


EXPECTED = [
    # 09:00 UTC is 10:00 in London in July; the end has no zone and is on London's clock
    (1, "7", "triage", 1_751_792_400_000_000, 1_751_790_000_250_000, "7"),
    (2, "8", "NA", None, 1_736_155_200_000_000, None),
]
COLUMNS = 'row_number, "case", step, started_us, ended_us, score'


@pytest.mark.parametrize("asked", [{"table_name": "visits"}, {"query": "SELECT * FROM visits ORDER BY case_id;"}])
def test_a_duckdb_file_is_read(file: str, asked: dict[str, Any]) -> None:
    con = duckdb.connect()
    reading = read_database(file, into=con, table="log", zone=ZONE, **asked)
    assert con.execute(f"SELECT {COLUMNS} FROM log ORDER BY row_number").fetchall() == EXPECTED
    assert con.execute("SELECT row_number, reason FROM log_aside").fetchall() == [(3, "it has no case")]
    assert (reading.format, reading.rows_read, reading.rows_kept) == ("DuckDB", 3, 2)


def test_a_postgresql_table_is_read(postgres: str) -> None:
    con = duckdb.connect()
    read_database(POSTGRES, table_name=f"{postgres}.visits", into=con, table="log", zone=ZONE)
    assert con.execute(f"SELECT {COLUMNS} FROM log ORDER BY row_number").fetchall() == EXPECTED


def test_a_postgresql_query_is_read_in_the_servers_own_words(postgres: str) -> None:
    con = duckdb.connect()
    query = f"SELECT *, 'infinity'::timestamptz AS joined, ARRAY[1,2] AS list FROM {postgres}.visits WHERE case_id = 7"
    with pytest.raises(UnreadableFile, match="'joined' cannot be read as a time"):
        read_database(POSTGRES, query=query, into=con, table="log", zone=ZONE, mapping={"joined": "joined"})
    reading = read_database(POSTGRES, query=query, into=con, table="log", zone=ZONE, mapping={"joined": ""})
    assert con.execute('SELECT "case", list, "joined (theirs)" FROM log').fetchall() == [("7", "{1,2}", "infinity")]
    assert reading.source.endswith(", a query")


def test_what_is_not_there_is_told(file: str, tmp_path: Path) -> None:
    con = duckdb.connect()
    with pytest.raises(UnreadableFile, match=r"no table 'visit'\. Its tables: visits"):
        read_database(file, table_name="visit", into=con, table="log", zone=ZONE)
    with pytest.raises(UnreadableFile, match="the query could not be read"):
        read_database(file, query="SELECT nothing FROM visits", into=con, table="log", zone=ZONE)
    with pytest.raises(UnreadableFile, match=r"cannot be opened.*Check the address"):
        read_database(f"duckdb:///{tmp_path / 'no.duckdb'}", table_name="visits", into=con, table="log", zone=ZONE)
    assert not (tmp_path / "no.duckdb").exists()


def test_a_query_changes_nothing(file: str, postgres: str) -> None:
    con = duckdb.connect()
    for url, table in ((file, "visits"), (POSTGRES, f"{postgres}.visits")):
        with pytest.raises(UnreadableFile):
            read_database(url, query=f"DELETE FROM {table}", into=con, table="log", zone=ZONE)
        assert read_database(url, table_name=table, into=con, table="log", zone=ZONE).rows_read == 3


def test_a_password_is_never_repeated() -> None:
    url = "postgresql://ann:s3cret@localhost:1/records?password=s3cret"
    assert without_password(url) == "postgresql://ann@localhost:1/records"
    with pytest.raises(UnreadableFile) as caught:
        read_database(url, table_name="visits", into=duckdb.connect(), table="log", zone=ZONE)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "asked", "message"),
    [
        ("duckdb:///x", {}, r"say which rows, with either a table \(--table NAME\) or a query"),
        ("duckdb:///x", {"table_name": "a", "query": "b"}, "say which rows"),
        ("oracle://host/db", {"table_name": "a"}, "a kind of database that is not read here"),
    ],
)
def test_a_wrong_question_is_told(url: str, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongUse, match=message):
        read_database(url, into=duckdb.connect(), table="log", zone=ZONE, **asked)


def test_a_database_is_told_from_a_file() -> None:
    assert is_database("postgresql://localhost/db") and not is_database("C:/records/log.csv")
