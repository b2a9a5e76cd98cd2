"""Fixtures that every test may use."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from typing import Any

import ibis
import psycopg
import pytest

from millpond.records.workspace import connect
from tests import searching

# Here and not in a fixture: a test takes its settings from the profile when its module is read.
searching.register()

POSTGRES = os.environ.get("MILLPOND_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")


@pytest.fixture(scope="session")
def duckdb_backend() -> Iterator[Any]:
    """A DuckDB database in memory."""
    connection = connect()
    yield connection
    connection.disconnect()


@pytest.fixture(scope="session")
def postgres_backend() -> Iterator[Any]:
    """A throwaway schema on a real PostgreSQL server; skips, with the reason, where no server answers."""
    try:
        connection = ibis.connect(POSTGRES)
    except psycopg.OperationalError as error:
        missing = pytest.fail if os.environ.get("MILLPOND_REQUIRE_POSTGRES") else pytest.skip
        missing(f"no PostgreSQL server answers at {POSTGRES.split('@')[-1]} (MILLPOND_POSTGRES): {error}")
    schema = f"millpond_test_{uuid.uuid4().hex[:12]}"
    connection.raw_sql(f'CREATE SCHEMA "{schema}"').close()
    connection.raw_sql(f'SET search_path TO "{schema}"').close()
    # Compiling a query to machine code costs seconds, which small tables never win back.
    connection.raw_sql("SET jit = off").close()
    yield connection
    connection.raw_sql(f'DROP SCHEMA "{schema}" CASCADE').close()
    connection.disconnect()


@pytest.fixture(params=["duckdb", "postgres"])
def backend(request: pytest.FixtureRequest) -> Any:
    """An Ibis connection; a test that asks for it runs on DuckDB and on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_backend")
