"""The process map of a million visits, beside PM4Py's performance directly-follows graph of the same log, in one run.

The log is generated: cases of up to twelve steps with repeats and side ways, six pools and 300 workers on office hours,
joining, start and end of each visit. Millpond finds steps, ways, hand-offs, work, waiting by cause, delays and notes
(`whole map`), which is compared with PM4Py's graph as it comes (`PM4Py`: mean, median, least, most, sum and spread of
each way). Once more it finds only what both can tell (`follows alone`): how often each step follows each, and how much
later on average; it reads case, step, start and end alone, as PM4Py does, and is compared with PM4Py asked for means
alone (`PM4Py, means`). PM4Py is given its table in memory; Millpond reads its own from DuckDB within the time of both.
`follows, in memory` is the same as `follows alone` where Millpond, too, is given its table in memory: an Arrow table
with texts as texts and instants as numbers. Each runs in a process of its own, in turn; times are without imports.

PM4Py is not needed by Millpond and is never installed with it (it is under the AGPL). Give it an environment of its
own, and name its Python:

    python -m venv /tmp/pm4py && /tmp/pm4py/bin/pip install pm4py duckdb
    python benchmarks/process_map.py --peers /tmp/pm4py/bin/python [--visits 1000000] [--rounds 3]

prints both times, their ratio, and whether the counts of all ways agree. The exit code is 1 where they do not.
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
from collections.abc import Callable
from pathlib import Path
from typing import Any

DAY_US = 86_400_000_000
FIRST_DAY = 19723  # 2024-01-01, a Monday
AS_OF_US = (FIRST_DAY + 800) * DAY_US
INSTALL = "python -m venv /tmp/pm4py && /tmp/pm4py/bin/pip install pm4py duckdb, then --peers /tmp/pm4py/bin/python"

# Visits of a case follow one another: each begins on the first office hour that suits after the one before has ended.
GENERATE = f"""
CREATE TABLE visits AS
WITH numbered AS (
    SELECT i, i // 6 AS case_number, (i % 6)::INTEGER AS nth, hash(i) AS h, hash(i // 6) AS of_case
    FROM range({{visits}}) AS t(i)
), placed AS (
    SELECT *,
        CASE nth WHEN 0 THEN 0 WHEN 5 THEN 11 ELSE
            CASE WHEN h % 10 < 3 THEN 2 + (of_case % 4)::INTEGER ELSE 1 + (h // 16 % 10)::INTEGER END
            END AS step_number,
        {FIRST_DAY} + (of_case % 650)::INTEGER + nth * 3 AS day
    FROM numbered
), worked AS (
    SELECT *,
        day + CASE (day + 3) % 7 WHEN 5 THEN 2 WHEN 6 THEN 1 ELSE 0 END AS open_day,
        9 * 3600 + (h // 65536 % 24000)::BIGINT AS start_at,
        (5 + h // 4294967296 % 55)::BIGINT * 60 AS length
    FROM placed
), timed AS (
    SELECT *, (open_day::BIGINT * 86400 + start_at) * 1000000 AS started_us,
        (open_day::BIGINT * 86400 + start_at + length) * 1000000 AS ended_us
    FROM worked
)
SELECT
    'v' || i AS visit, 'c' || case_number AS "case", 'Step number ' || step_number AS step,
    'pool ' || step_number // 2 AS pool,
    'w' || (step_number // 2) || '-' || (h // 1024) % 50 AS worker,
    CASE WHEN nth = 5 THEN 'closed' END AS outcome,
    coalesce(lag(ended_us) OVER (PARTITION BY case_number ORDER BY nth), started_us - 3600000000) AS joined_us,
    started_us, ended_us,
    open_day::INTEGER AS joined_day, open_day::INTEGER AS started_day, open_day::INTEGER AS ended_day,
    'recorded' AS joined_source, NULL::BIGINT AS minutes_us, NULL::VARCHAR AS organisation, NULL::VARCHAR AS segment
FROM timed ORDER BY i;
CREATE VIEW bare AS SELECT visit, "case", step, NULL::VARCHAR AS pool, NULL::VARCHAR AS worker,
    NULL::VARCHAR AS outcome, started_us AS joined_us, started_us, ended_us, started_day AS joined_day, started_day,
    ended_day, 'started' AS joined_source, minutes_us, organisation, segment
FROM visits
"""


def service() -> Any:
    from millpond.model import Calendar, Pool, Service

    return Service(
        name="generated",
        timezone="UTC",
        calendars={"office": Calendar(hours="Mon-Fri 09:00-17:00")},
        pools={f"pool {number}": Pool(workers=50) for number in range(6)},
    )


Answer = tuple[float, float, dict[str, int]]
"""Seconds by the clock, seconds of processors, and how often each step followed each."""


def opened(path: Path, table: str = "visits") -> Any:
    """The visits, after everything that is done only once has been done on a few of them."""
    from millpond.process.discover import process_map
    from millpond.records.workspace import connect

    visits = connect(path, read_only=True).table(table)
    process_map(visits.limit(1000), service(), AS_OF_US)
    return visits


def whole_map(path: Path) -> Answer:
    """All of the map."""
    from millpond.process.discover import process_map

    visits, of = opened(path), service()
    begun, worked = time.perf_counter(), time.process_time()
    found = process_map(visits, of, AS_OF_US)
    seconds, busy = time.perf_counter() - begun, time.process_time() - worked
    ways = [way for way in found.ways.rows if way.from_step and way.to_step]
    return seconds, busy, {f"{way.from_step} > {way.to_step}": way.passages for way in ways}


def follows_alone(path: Path) -> Answer:
    """What PM4Py answers and no more: how often each step follows each, and how much later it ends."""
    from millpond.process.events import events_of

    visits, of = opened(path, "bare"), service()
    return follows(lambda: events_of(visits, of, AS_OF_US))


def follows_in_memory(path: Path) -> Answer:
    """The same, from a table in memory."""
    from millpond.process.events import events_in, told_of

    told, of = told_of(opened(path, "bare"), AS_OF_US), service()
    return follows(lambda: events_in(told, of, AS_OF_US))


def follows(read: Callable[[], Any]) -> Answer:
    import numpy as np

    from millpond.process.following import NONE, following

    begun, worked = time.perf_counter(), time.process_time()
    events = read()
    before = following(events).before
    later = np.flatnonzero(before != NONE)
    pairs = events.step[before[later]] * len(events.steps) + events.step[later]
    counts = np.bincount(pairs)
    lengths = np.bincount(pairs, weights=events.ended[later] - events.ended[before[later]]) / np.maximum(counts, 1)
    seconds, busy = time.perf_counter() - begun, time.process_time() - worked
    assert (lengths[counts > 0] > 0).all()
    ends = [divmod(int(pair), len(events.steps)) for pair in np.flatnonzero(counts)]
    numbers = counts[counts > 0].tolist()
    return (
        seconds,
        busy,
        {
            f"{events.steps[one]} > {events.steps[other]}": number
            for (one, other), number in zip(ends, numbers, strict=True)
        },
    )


def pm4py_map(path: Path, figures: str = "all") -> Answer:
    """PM4Py's performance directly-follows graph; the counts that are compared are asked for afterwards."""
    import duckdb
    import pm4py  # type: ignore[import-not-found]

    # Its own format: a data frame with one row an event.
    log = duckdb.sql(f"SELECT * FROM '{path}'").df()
    columns = {"activity_key": "step", "case_id_key": "case", "timestamp_key": "ended"}
    pm4py.discover_performance_dfg(log.head(1000), **columns)
    begun, worked = time.perf_counter(), time.process_time()
    pm4py.discover_performance_dfg(log, perf_aggregation_key=figures, **columns)
    seconds, busy = time.perf_counter() - begun, time.process_time() - worked
    counts, _, _ = pm4py.discover_dfg(log, **columns)
    return seconds, busy, {f"{one} > {other}": int(number) for (one, other), number in counts.items()}


def pm4py_means(path: Path) -> Answer:
    """The same, of how much later a step follows the mean alone."""
    return pm4py_map(path, "mean")


PARTS = {
    "whole map": whole_map,
    "PM4Py": pm4py_map,
    "follows alone": follows_alone,
    "PM4Py, means": pm4py_means,
    "follows, in memory": follows_in_memory,
}
PEERS = {"whole map": "PM4Py", "follows alone": "PM4Py, means", "follows, in memory": "PM4Py, means"}


def timed(which: str, path: Path) -> None:
    """Runs one once, and prints its seconds, peak memory in bytes, and a digest of its counts."""
    seconds, busy, ways = PARTS[which](path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    digest = hashlib.sha256(repr(sorted(ways.items())).encode()).hexdigest()
    print(json.dumps({"seconds": seconds, "busy": busy, "peak": peak, "digest": digest, "ways": len(ways)}))


def compare(options: argparse.Namespace) -> bool:
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        database, events = Path(folder) / "visits.duckdb", Path(folder) / "events.parquet"
        with duckdb.connect(str(database)) as connection:
            connection.execute(GENERATE.format(visits=options.visits))
            connection.execute(
                'COPY (SELECT "case", step, make_timestamptz(started_us) AS started, make_timestamptz(ended_us) '
                f"AS ended FROM visits ORDER BY rowid) TO '{events}' (FORMAT parquet)"
            )
        peers = {
            which: (options.peers, events) if which in PEERS.values() else (sys.executable, database) for which in PARTS
        }
        if subprocess.run([options.peers, "-c", "import pm4py"], capture_output=True).returncode:
            print(f"PM4Py is not installed there and is not measured. To have it: {INSTALL}")
            peers = {which: of for which, of in peers.items() if which in PEERS}
        runs: dict[str, list[dict[str, float]]] = {which: [] for which in peers}
        for _ in range(options.rounds):
            for which, (python, path) in peers.items():
                command = [python, __file__, "--run", which, "--path", str(path)]
                ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                runs[which].append(json.loads(ran.stdout.splitlines()[-1]))
    print(f"{options.visits:,} visits, {options.rounds} rounds in turn, {runs['whole map'][0]['ways']} ways")
    for which, done in runs.items():
        seconds, busy = (statistics.median(run[of] for run in done) for of in ("seconds", "busy"))
        peak = max(run["peak"] for run in done) / 1e6
        print(f"  {which:18} median {seconds:.2f} s, {busy:.2f} s of processors, peak memory {peak:.0f} MB")
    if "PM4Py" not in runs:
        return True
    for which, peer in PEERS.items():
        for of, words in (("seconds", "by the clock"), ("busy", "of processors")):
            pairs = [theirs[of] / ours[of] for ours, theirs in zip(runs[which], runs[peer], strict=True)]
            told = f"(pairs {min(pairs):.2f} to {max(pairs):.2f})"
            print(f"  {which}: {statistics.median(pairs):.2f} times as fast as {peer} {words} {told}")
    agree = len({run["digest"] for done in runs.values() for run in done}) == 1
    print(f"  counts of all ways {'agree' if agree else 'DIFFER'}")
    return agree


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", default=sys.executable, help="the Python that has PM4Py")
    parser.add_argument("--visits", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--run", choices=tuple(PARTS), help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        timed(options.run, options.path)
    elif not compare(options):
        sys.exit(1)


if __name__ == "__main__":
    main()
