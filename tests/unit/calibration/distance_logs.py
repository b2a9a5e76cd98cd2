"""Pairs of small logs, and their distances by the package `log-distance-measures`.

The numbers in `EXPECTED` were printed once by this file itself, in an environment of its own (Python 3.11):

    python -m venv ldm && ldm/bin/pip install log-distance-measures==2.2.0
    ldm/bin/python tests/unit/calibration/distance_logs.py
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

Row = tuple[str, str, str, datetime, datetime]
"""Case, step, worker, start, end."""

PAIRS = ("by hand", "a week and its echo", "one weekend", "long and short")
NAMES = ("NGD", "AED", "CAR", "CED", "RED", "CTD", "CWD")
EXPECTED: dict[str, tuple[float, ...]] = {
    "by hand": (
        0.42857142857142855,
        8.666666666666666,
        12.0,
        3.4285714285714284,
        0.6666666666666667,
        1.0,
        3.4285714285714284,
    ),
    "a week and its echo": (
        0.41728395061728396,
        28.62916666666667,
        29.01071428571429,
        2.1362405919324425,
        0.8870370370370371,
        1.8821428571428576,
        2.2144303793789297,
    ),
    "one weekend": (
        0.7454545454545455,
        9.472101133391455,
        5.166666666666666,
        2.0930319680319682,
        1.0039232781168264,
        1.3888888888888888,
        1.9869948333002523,
    ),
    "long and short": (
        0.5482456140350878,
        42.54311135571455,
        31.74,
        2.8134902342169874,
        1.6136182963370642,
        7.859999999999999,
        2.744274305658745,
    ),
}


def pair(name: str) -> tuple[list[Row], list[Row]]:
    """Two logs."""
    if name == "by hand":
        return (
            [_row("a", "ask", "Alice", 0, 30), _row("a", "answer", "Bob", 90, 150), _row("b", "ask", "Alice", 60, 80)],
            [_row("x", "ask", "Alice", 0, 45), _row("x", "ask", "Bob", 200, 210), _row("y", "ask", "Bob", 1500, 1590)],
        )
    sizes = {"a week and its echo": (40, 35, 10), "one weekend": (12, 9, 2), "long and short": (25, 60, 30)}
    first, second, days = sizes[name]
    return _made(first, days, 7), _made(second, days, 11)


def _row(case: str, step: str, worker: str, start: float, end: float) -> Row:
    monday = datetime(2025, 3, 3, 9, tzinfo=UTC)
    return case, step, worker, monday + timedelta(minutes=start), monday + timedelta(minutes=end)


def _made(cases: int, days: int, seed: int) -> list[Row]:
    """A log from a plain multiplicative generator, the same everywhere."""
    word = seed

    def draw(below: int) -> int:
        nonlocal word
        word = word * 16807 % 2147483647
        return word % below

    rows = []
    for case in range(cases):
        at = draw(days * 1440)
        for _ in range(1 + draw(6)):
            step, worker, length = "ABCDE"[draw(5)], "PQRS"[draw(4)], draw(200)
            rows.append(_row(f"case {case}", step, worker, at, at + length))
            at += length + draw(days * 60)
    return rows


def _print() -> None:
    import pandas as pd

    def module(name: str) -> Any:
        return import_module(f"log_distance_measures.{name}")

    aed = module("absolute_event_distribution")
    car = module("case_arrival_distribution")
    ced = module("circadian_event_distribution")
    cwd = module("circadian_workforce_distribution")
    ctd = module("cycle_time_distribution")
    ngd = module("n_gram_distribution")
    red = module("relative_event_distribution")
    ids = module("config").EventLogIDs("case", "step", "start", "end", "worker")

    for name in PAIRS:
        one, other = (pd.DataFrame(rows, columns=["case", "step", "worker", "start", "end"]) for rows in pair(name))
        both = (one, ids, other, ids)
        found = (
            ngd.n_gram_distribution_distance(*both, n=3),
            aed.absolute_event_distribution_distance(*both),
            car.case_arrival_distribution_distance(*both),
            ced.circadian_event_distribution_distance(*both),
            red.relative_event_distribution_distance(*both),
            ctd.cycle_time_distribution_distance(*both, bin_size=pd.Timedelta(hours=1)),
            cwd.circadian_workforce_distribution_distance(*both),
        )
        print(f"    {name!r}: {tuple(float(each) for each in found)},")


if __name__ == "__main__":
    _print()
