"""The simulator beside SimPy, Ciw and cimba on three models, in one run: how fast each is, and whether they agree.

A is a queue before ten workers (M/M/10); B a pathway of five steps and three pools with urgent cases, repeat visits and
people who leave; C the same on office hours with arrivals by hour of the week. Each was written for each simulator
anew (benchmarks/models). All run in turn, on one thread each, a year at a time from empty, in processes of their own;
times are without imports and compilation. Millpond runs through `simulate`, with daily totals and wait distributions,
once with the small event loop that these models need and once with the one in which every feature is compiled in.

The peers are not needed by Millpond. Give them an environment of their own, and name its Python:

    python -m venv /tmp/peers && /tmp/peers/bin/pip install simpy ciw cimba
    python benchmarks/simulation.py --peers /tmp/peers/bin/python [--quick] [--only speed ...]

A peer that is missing is left out, and the output says so. The exit code is 1 where answers differ by more than chance.

Further sections: `loop` (the event loop alone, in nanoseconds a visit), `threads` (one beside two), `memory` (with and
without a log), `size` (from 1,000 to 10 million cases), `events` (from 10 workers and 2 steps to 1,000 and 200),
`compile` (anew, from the cache, and on a read-only installation).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.simulating.parts import PARTS
from benchmarks.simulating.sections import compiling, events, loop, memory, size, threads
from benchmarks.simulating.speeds import speed

ALONE = {
    "loop": loop,
    "threads": threads,
    "memory": memory,
    "size": size,
    "events": events,
    "compile": compiling,
}
SECTIONS = ("speed", *ALONE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", default=sys.executable, help="the Python that has simpy, ciw and cimba")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--replications", type=int, default=2, help="how many times as many in a round")
    parser.add_argument("--models", default="ABC", help="which of A, B and C")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS)
    parser.add_argument("--quick", action="store_true", help="everything small, in under a minute")
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        name, *arguments = options.part
        print(json.dumps(PARTS[name](*arguments)))  # type: ignore[operator]
        return
    agree = True
    if "speed" in options.only:
        agree = speed(options)
    for name, section in ALONE.items():
        if name in options.only and not (options.quick and options.only == SECTIONS and name in ("events", "compile")):
            section(options)
    if not agree:
        sys.exit(1)


if __name__ == "__main__":
    main()
