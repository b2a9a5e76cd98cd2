"""Importing a CSV of one gigabyte: peak memory and time, beside pandas reading the same file, in one run.

The file is generated: one row a visit, with ids, a step, three times with offsets, a worker, minutes and free text.
Millpond recognises the columns, converts every time, finds duplicates and oddities, and writes the folder's records
and its first ``service.toml``; pandas only reads the columns and converts the times. Each runs in a process of its
own.

    python benchmarks/reading.py [--megabytes 1000]

prints the time and peak memory of both, their ratio, and whether both count the same cases and minutes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import psutil

BYTES_A_ROW = 152
ROWS = """
COPY (
    SELECT
        'C' || lpad((i // 4)::VARCHAR, 9, '0') AS case_id,
        ['referral', 'triage', 'assessment', 'advocacy', 'review'][1 + (hash(i) % 5)::INTEGER] AS activity,
        strftime(TIMESTAMP '2023-01-02' + to_seconds(i * {spacing}), '%Y-%m-%dT%H:%M:%S+00:00') AS joined,
        strftime(TIMESTAMP '2023-01-02' + to_seconds(i * {spacing} + 86400), '%Y-%m-%dT%H:%M:%S+00:00') AS started,
        strftime(TIMESTAMP '2023-01-02' + to_seconds(i * {spacing} + 90000), '%Y-%m-%dT%H:%M:%S+00:00') AS ended,
        'worker-' || (hash(i + 7) % 200) AS worker,
        5 + (hash(i + 11) % 115) AS minutes,
        'row ' || i || ' of a generated log' AS remark
    FROM range({rows}) AS t(i)
) TO '{path}' (HEADER)
"""
PANDAS = """
import json, sys
import pandas as pd
frame = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
for name in ("joined", "started", "ended"):
    frame[name] = pd.to_datetime(frame[name], utc=True)
frame["minutes"] = pd.to_numeric(frame["minutes"])
print(json.dumps({"cases": int(frame["case_id"].nunique()), "minutes": int(frame["minutes"].sum())}))
"""


def measured(command: list[str]) -> tuple[str, float, float]:
    """Runs a command; its output, seconds, and peak resident memory in bytes."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    watched, peak = psutil.Process(process.pid), 0
    while process.poll() is None:
        try:
            peak = max(peak, watched.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.02)
    seconds = time.perf_counter() - begun
    output = process.stdout.read() if process.stdout else ""
    if process.wait() != 0:
        raise SystemExit(f"{' '.join(command)} failed")
    return output, seconds, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1000)
    options = parser.parse_args()
    rows = options.megabytes * 1_000_000 // BYTES_A_ROW
    with tempfile.TemporaryDirectory() as home:
        path, folder = Path(home) / "log.csv", Path(home) / "service"
        spacing = max(2 * 365 * 86400 // rows, 1)
        duckdb.execute(ROWS.format(rows=rows, path=path, spacing=spacing))
        print(f"{path.stat().st_size / 1e6:,.0f} MB, {rows:,} rows")
        theirs, their_seconds, their_peak = measured([sys.executable, "-c", PANDAS, str(path)])
        command = [sys.executable, "-m", "millpond", "import", str(path), "--into", str(folder), "--json"]
        ours, our_seconds, our_peak = measured(command)
        counted = duckdb.execute(
            f"SELECT count(DISTINCT \"case\"), sum(minutes)::BIGINT, count(*) FROM '{folder / 'records.csv'}'"
        ).fetchone()
        assert counted is not None
        agree = json.loads(theirs) == {"cases": counted[0], "minutes": counted[1]} and counted[2] == rows
        print(f"  millpond import {our_seconds:.1f} s, peak memory {our_peak / 1e6:,.0f} MB")
        print(f"  pandas          {their_seconds:.1f} s, peak memory {their_peak / 1e6:,.0f} MB")
        print(f"  ratios: time {our_seconds / their_seconds:.2f}, memory {our_peak / their_peak:.2f}")
        print(f"  cases, minutes and rows {'agree' if agree else 'DIFFER'}")
        if not agree or not ours:
            sys.exit(1)


if __name__ == "__main__":
    main()
