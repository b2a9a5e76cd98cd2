"""Measures each kind of interval, and prints a row for each."""

from __future__ import annotations

import argparse
import sys

from benchmarks.intervals import plans, records, sensitive
from benchmarks.intervals.measured import Measure

MANY, SIMULATED = 1000, 480
MEASURES: dict[Measure, int] = {
    records.effects: MANY,
    records.lengths: MANY,
    records.problem_days: MANY,
    plans.differences: SIMULATED,
    plans.shares: MANY,
    plans.cheapest: MANY,
    plans.people: SIMULATED,
    plans.relief: MANY,
    sensitive.numbers: SIMULATED,
    sensitive.kinds: MANY,
}
"""Each with the number of services that it is measured on, fewer where each is simulated."""
BEYOND: dict[Measure, int] = {records.as_if_alone: MANY, plans.few: SIMULATED}
"""What is not promised, to know how far off it is."""


def main() -> None:
    """Prints what was measured; the exit code is 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(description="How often intervals hold the truth.")
    parser.add_argument("--services", type=int, help="how many made-up services; default, as stated")
    parser.add_argument("only", nargs="*", help="names of measurements, such as effects")
    asked = parser.parse_args()
    kept = True
    for measure, services in {**MEASURES, **BEYOND}.items():
        if asked.only and measure.__name__ not in asked.only:
            continue
        for held in measure(asked.services or services):
            print(held, flush=True)
            kept &= held.keeps or measure in BEYOND
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
