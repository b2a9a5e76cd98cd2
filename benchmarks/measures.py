"""Ten million visits measured by day: Millpond beside hand-written DuckDB SQL for the same four figures, in one run.

The data are generated: two years of a service with three pools, six steps and 300 workers, recorded minutes, visits
that are still waiting or open, withdrawals, and one visit in twenty worked over several days. The SQL is what an
analyst would write for this service alone, knowing its calendar and its exceptions. Both read the same DuckDB table,
in turn; each is run several times in a process of its own, so that the memory of one is not the memory of the other.

    python benchmarks/measures.py [--visits 10000000] [--rounds 5]

prints the ratio of the medians, the peak memory of each, and whether the answers agree to the microsecond.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from millpond.measures.four import VisitLog, measure
from millpond.measures.overview import overview
from millpond.model import Calendar, Pool, Service, Step
from millpond.records.workspace import connect

DAY_US = 86_400_000_000
FIRST_DAY = 19723  # 2024-01-01, a Monday
LAST_DAY = FIRST_DAY + 727
AS_OF_US = (LAST_DAY + 1) * DAY_US - 1
MEMORY_LIMIT = "600MB"

GENERATE = f"""
CREATE TABLE visits AS
WITH drawn AS (
    SELECT i, hash(i) AS h, hash(i + 1000000007) AS g FROM range({{visits}}) AS t(i)
), placed AS (
    SELECT i, h, g,
        {FIRST_DAY} + (h % 720)::INTEGER AS day,
        (g % 6)::INTEGER AS step_number,
        ((h // 1024) % 86400 * 1000000)::BIGINT AS joined_at,
        CASE WHEN h % 720 > 690 AND g % 1000 < 200 THEN 'waiting' WHEN h % 720 > 690 AND g % 1000 < 350 THEN 'open'
             WHEN g % 1000 < 30 THEN 'left'
             WHEN g % 20 = 7 THEN 'long' ELSE 'done' END AS kind,
        ((5 + (g // 65536) % 115) * 60000000)::BIGINT AS minutes_us
    FROM drawn
), timed AS (
    -- Work starts on the next weekday between 9 and 16 o'clock UTC.
    SELECT *, day + 1 + CASE (day + 4) % 7 WHEN 5 THEN 2 WHEN 6 THEN 1 ELSE 0 END AS start_day,
        ((9 * 3600 + (h // 16777216) % 25200) * 1000000)::BIGINT AS start_at
    FROM placed
)
SELECT
    'v' || i AS visit, 'c' || (i // 3) AS "case",
    ['referral', 'triage', 'assessment', 'advocacy', 'review', 'closure'][step_number + 1] AS step,
    NULL::VARCHAR AS pool,
    CASE WHEN kind IN ('waiting', 'left') THEN NULL
         ELSE 'w' || (step_number // 2) || '-' || (h // 4294967296) % 100 END AS worker,
    CASE kind WHEN 'left' THEN 'withdrawn' WHEN 'done' THEN 'done' WHEN 'long' THEN 'done' END AS outcome,
    day::BIGINT * {DAY_US} + joined_at AS joined_us,
    CASE WHEN kind IN ('waiting', 'left') THEN NULL ELSE start_day::BIGINT * {DAY_US} + start_at END AS started_us,
    CASE kind WHEN 'waiting' THEN NULL WHEN 'open' THEN NULL
        WHEN 'long' THEN (start_day + 3)::BIGINT * {DAY_US} + start_at
        ELSE start_day::BIGINT * {DAY_US} + start_at + 1800000000 END AS ended_us,
    day::INTEGER AS joined_day,
    CASE WHEN kind IN ('waiting', 'left') THEN NULL ELSE start_day END::INTEGER AS started_day,
    CASE kind WHEN 'waiting' THEN NULL WHEN 'open' THEN NULL WHEN 'long' THEN start_day + 3 ELSE start_day END::INTEGER
        AS ended_day,
    'recorded' AS joined_source,
    CASE WHEN kind IN ('waiting', 'left') THEN NULL ELSE minutes_us END AS minutes_us
FROM timed
"""

SPELLS = """
CREATE TABLE spells (visit VARCHAR, worker VARCHAR, starts_us BIGINT, ends_us BIGINT, starts_day INTEGER,
                     ends_day INTEGER, minutes_us BIGINT)
"""

# Pools, planned minutes and opening hours are written into the query, as somebody would for one service.
SQL = f"""
WITH needs AS (
    SELECT
        CASE step WHEN 'referral' THEN 0 WHEN 'triage' THEN 0 WHEN 'assessment' THEN 1 WHEN 'advocacy' THEN 1
                  ELSE 2 END AS pool,
        joined_day, started_day, started_us, ended_day, ended_us, outcome,
        CASE WHEN ended_us IS NULL THEN greatest(coalesce(minutes_us, 0), 3600000000)
             ELSE coalesce(minutes_us, 3600000000) END AS need,
        coalesce(minutes_us, 0) AS done
    FROM visits
), pieces AS (
    SELECT pool, done, started_us, started_day, coalesce(ended_us, {AS_OF_US}) AS to_us,
        coalesce(ended_day, {LAST_DAY}) AS to_day
    FROM needs WHERE started_us IS NOT NULL
), several AS (
    SELECT *, unnest(range(started_day, to_day + 1)) AS day,
        started_us - started_day::BIGINT * {DAY_US} AS from_at, to_us - to_day::BIGINT * {DAY_US} AS to_at
    FROM pieces WHERE started_day < to_day
), clock AS (
    -- Working time since the first Monday: whole weeks, whole days, and the hours from 9 to 17.
    SELECT pool, done, day,
        worked(started_day, from_at) AS w_from, worked(to_day, to_at) AS w_to,
        greatest(worked(day, 0), worked(started_day, from_at)) AS w_open,
        least(worked(day + 1, 0), worked(to_day, to_at)) AS w_close
    FROM several
), activity AS (
    SELECT pool, started_day AS day, sum(done)::BIGINT AS us FROM pieces WHERE started_day = to_day GROUP BY ALL
    UNION ALL
    SELECT pool, day, sum(
        floor(done * ((w_close - w_from)::DOUBLE / (w_to - w_from)) + 0.5)::BIGINT
        - floor(done * ((w_open - w_from)::DOUBLE / (w_to - w_from)) + 0.5)::BIGINT)::BIGINT
    FROM clock GROUP BY ALL
), moved AS (
    SELECT pool, joined_day AS day, sum(need)::BIGINT AS demand, 0 AS activity, 0 AS withdrawn FROM needs GROUP BY ALL
    UNION ALL SELECT pool, day, 0, us, 0 FROM activity
    UNION ALL
    SELECT pool, ended_day, 0, 0, sum(need - done)::BIGINT FROM needs WHERE outcome = 'withdrawn' GROUP BY ALL
), days AS (
    SELECT pool, day, sum(demand)::BIGINT AS demand, sum(activity)::BIGINT AS activity,
        sum(withdrawn)::BIGINT AS withdrawn
    FROM (FROM moved UNION ALL SELECT p, d, 0, 0, 0 FROM range(3) a(p), range({FIRST_DAY}, {LAST_DAY + 1}) b(d))
    GROUP BY ALL
)
SELECT pool, day, demand, CASE WHEN (day + 3) % 7 >= 5 THEN 0 ELSE 100 * 240 END AS capacity, activity,
    sum(demand - activity - withdrawn) OVER (PARTITION BY pool ORDER BY day)::BIGINT AS backlog
FROM days ORDER BY pool, day
"""
WORKED = f"""
CREATE TEMP MACRO worked(day, at_us) AS
    ((day - {FIRST_DAY}) // 7 * 5 + least((day - {FIRST_DAY}) % 7, 5))::BIGINT * 28800000000
    + CASE WHEN (day - {FIRST_DAY}) % 7 < 5
           THEN greatest(least(at_us, 61200000000) - 32400000000, 0)::BIGINT ELSE 0 END
"""


def service() -> Service:
    pools = ("intake", "advice", "closing")
    steps = ("referral", "triage", "assessment", "advocacy", "review", "closure")
    return Service(
        name="generated",
        timezone="UTC",
        calendars={"office": Calendar(hours="Mon-Fri 09:00-17:00")},
        pools={name: Pool(workers=100, minutes_per_day=240) for name in pools},
        steps={name: Step(pool=pools[number // 2], minutes=60) for number, name in enumerate(steps)},
    )


def millpond_rows(path: Path) -> list[tuple[object, ...]]:
    connection = connect(path, read_only=True, memory_limit=MEMORY_LIMIT)
    visits, spells = connection.table("visits"), connection.table("spells")
    seen = overview(visits, spells, AS_OF_US)
    result = measure(VisitLog(visits, spells, (), seen), service(), by="day", as_of_us=AS_OF_US)
    return [
        (row.pool, row.period, *(round(figure * 60_000_000) for figure in figures), row.capacity)
        for row in result.rows
        for figures in ((row.demand, row.activity, row.backlog),)
    ]


def sql_rows(path: Path) -> list[tuple[object, ...]]:
    connection = duckdb.connect(str(path), read_only=True, config={"memory_limit": MEMORY_LIMIT})
    connection.execute(WORKED)
    names = list(service().pools)
    rows = connection.execute(SQL).fetchall()
    return [
        (names[pool], str(_date(day)), demand, activity, backlog, float(capacity))
        for pool, day, demand, capacity, activity, backlog in rows
    ]


def _date(day: int) -> object:
    from millpond.periods import date_of

    return date_of(day)


def timed(which: str, path: Path) -> None:
    """Runs one of the two once, and prints its seconds, peak memory in bytes, and a digest of its answers."""
    run = {"millpond": millpond_rows, "sql": sql_rows}[which]
    begun = time.perf_counter()
    rows = run(path)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()
    print(json.dumps({"seconds": seconds, "peak": peak, "digest": digest, "rows": len(rows)}))


def compare(visits: int, rounds: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "visits.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute(GENERATE.format(visits=visits))
            connection.execute(SPELLS)
        runs: dict[str, list[dict[str, float]]] = {"millpond": [], "sql": []}
        for _ in range(rounds):
            for which, done in runs.items():
                command = [sys.executable, __file__, "--run", which, "--path", str(path)]
                done.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    agree = len({run["digest"] for done in runs.values() for run in done}) == 1
    median = {which: statistics.median(run["seconds"] for run in done) for which, done in runs.items()}
    pairs = [ours["seconds"] / theirs["seconds"] for ours, theirs in zip(runs["millpond"], runs["sql"], strict=True)]
    print(f"{visits:,} visits by day, {rounds} rounds in turn, rows: {runs['sql'][0]['rows']}")
    for which, done in runs.items():
        peak = max(run["peak"] for run in done) / 1e6
        print(f"  {which:9} median {median[which]:.2f} s, peak memory {peak:.0f} MB")
    print(f"  ratio of medians {median['millpond'] / median['sql']:.2f} (pairs {min(pairs):.2f} to {max(pairs):.2f})")
    print(f"  answers {'agree to the microsecond' if agree else 'DIFFER'}")
    return agree


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--run", choices=("millpond", "sql"), help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        timed(options.run, options.path)
    elif not compare(options.visits, options.rounds):
        sys.exit(1)


if __name__ == "__main__":
    main()
