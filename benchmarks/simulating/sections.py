"""The sections about Millpond alone: where its time goes, threads, memory, size, pending events, compilation."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.models.served import Asked
from benchmarks.simulating.parts import sub
from benchmarks.simulating.peers import ROOT, Peer, environment


def loop(options: argparse.Namespace) -> None:
    """Where the time of the three models goes: the event loop, each replication around it, and what is done once."""
    count = 5 if options.quick else 100
    print(f"\nWhere the time goes, {count} replications of a year")
    print(f"  {'':8}{'ns a visit, loop':>18}{'all in all':>12}{'ms a replication besides':>26}{'s once':>8}")
    for model in options.models:
        for variant in ("lean", "full"):
            found = sub("loop", model, variant, count)
            print(
                f"  {model} {variant:6}{found['loop']:18.1f}{found['whole']:12.1f}{1e3 * found['each']:26.2f}"
                f"{found['once']:8.2f}"
            )


def threads(options: argparse.Namespace) -> None:
    """One thread beside two, in turn, by the clock; and two processes with half of the work each, which share nothing.

    What two processes do not gain is not the simulator's to gain: processors that share a core or its memory.
    """
    print("\nOne thread beside two, and beside two processes that share nothing, the same replications")
    pair = [Peer("millpond_models", sys.executable, {}) for _ in range(2)]
    for peer in pair:
        peer.start()
    for model, count in (("B", 40), ("C", 200)):
        if model not in options.models:
            continue
        count = count // 8 if options.quick else count * options.replications
        seconds: dict[str, list[float]] = {"one": [], "two threads": [], "two processes": []}
        for number in range(2 if options.quick else options.rounds):
            seconds["one"].append(pair[0].ask(Asked(model, 364, 28, count, number, 1)).elapsed)
            seconds["two threads"].append(pair[0].ask(Asked(model, 364, 28, count, number, 2)).elapsed)
            with ThreadPoolExecutor(2) as both:
                half = Asked(model, 364, 28, count // 2, number, 1)
                seconds["two processes"].append(max(run.elapsed for run in both.map(Peer.ask, pair, [half, half])))
        print(f"  {model}, {count} replications: {statistics.median(seconds['one']):.2f} s on one thread")
        for name in ("two threads", "two processes"):
            pairs = [one / two for one, two in zip(seconds["one"], seconds[name], strict=True)]
            print(f"    {name}: {statistics.median(pairs):.2f} times as fast ({min(pairs):.2f} to {max(pairs):.2f})")
    for peer in pair:
        peer.stop()


def memory(options: argparse.Namespace) -> None:
    """Peak memory by the number of cases, without a log and with one."""
    print("\nMemory of one replication of model B by its cases")
    few, many = (10_000, 100_000) if options.quick else (100_000, 1_000_000)
    without = {cases: sub("size", cases, 1)["peak"] for cases in (few, many)}
    grown = (without[many] - without[few]) / 1e6
    print(f"  without a log: {without[few] / 1e6:.0f} MB at {few:,} cases and {grown:+.1f} MB at {many:,}")
    for cases in (few, many):
        found = sub("log", cases, "-")
        print(
            f"  {cases:,} cases with a log: {found['held'] / 1e6:.0f} MB held, {found['peak'] / 1e6:.0f} MB at the peak"
        )
        with tempfile.TemporaryDirectory() as folder:
            written = sub("log", cases, folder)["peak"]
        print(f"  {cases:,} cases with their records written to a folder: {written / 1e6:.0f} MB at the peak")


def size(options: argparse.Namespace) -> None:
    """Nanoseconds a visit by the number of cases of one replication."""
    print("\nModel B by its cases, event loop alone")
    for cases in (1_000, 10_000, 100_000) if options.quick else (1_000, 10_000, 100_000, 1_000_000, 10_000_000):
        found = sub("size", cases, max(1, min(200, 1_000_000 // cases)))
        print(f"  {cases:12,} cases: {found['ns']:.1f} ns a visit")


def events(options: argparse.Namespace) -> None:
    """Nanoseconds a visit by the number of events that are pending."""
    print("\nA chain of steps by its workers and steps, event loop alone")
    for delay in ("-", "3 days"):
        first = 0.0
        for workers, steps in ((10, 2), (100, 20)) if options.quick else ((10, 2), (100, 20), (1000, 200)):
            ns = sub("events", workers, steps, delay, max(1, (200 if options.quick else 800) // steps))["ns"]
            pending = 0.8 * workers + (0 if delay == "-" else 4 * 72 * (steps - 1))
            first = first or ns
            told = f"{workers:,} workers, {steps} steps{'' if delay == '-' else f', delays of {delay}'}"
            print(f"  {told:48} about {pending:8,.0f} pending: {ns:6.1f} ns a visit, {ns / first:.2f} times the first")


def compiling(options: argparse.Namespace) -> None:
    """The first call of a process: compiled anew, from the cache, and where the installation cannot be written to."""
    print("\nCompilation")
    for variant in ("lean",) if options.quick else ("lean", "full"):
        with tempfile.TemporaryDirectory() as cache:
            env = environment(XDG_CACHE_HOME=cache)
            cold, warm = (sub("compile", variant, env=env) for _ in range(2))
        print(
            f"  {variant}: {cold['first']:.1f} s anew, {warm['first']:.2f} s from the cache "
            f"(and {warm['imported']:.1f} s of imports)"
        )
    if not options.quick:
        print(f"  on a read-only installation: {_read_only()}")


def _read_only() -> str:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copytree(ROOT / "src" / "millpond", home / "installed" / "millpond")
        shutil.rmtree(home / "installed" / "millpond" / "simulation" / "__pycache__", ignore_errors=True)
        (home / "temporary").mkdir()
        (home / "nowhere").touch()
        places = sorted((home / "installed").rglob("*"), reverse=True)
        for place in (*places, home / "installed"):
            place.chmod(place.stat().st_mode & ~0o222)
        # The cache of a user who has no folder to write to either: a path below a file.
        env = environment(
            PYTHONPATH=f"{home / 'installed'}{os.pathsep}{ROOT}",
            PYTHONDONTWRITEBYTECODE="1",
            XDG_CACHE_HOME=str(home / "nowhere" / "cache"),
            TMPDIR=str(home / "temporary"),
        )
        cold, warm = (sub("compile", "lean", env=env) for _ in range(2))
        untouched = sorted((home / "installed").rglob("*"), reverse=True) == places
        kept = sum(1 for _ in (home / "temporary").rglob("*.nbc"))
        for place in (home / "installed", *reversed(places)):
            place.chmod(place.stat().st_mode | 0o200)
    told = "nothing was written there" if untouched else "FILES WERE WRITTEN THERE"
    return f"{cold['first']:.1f} s anew, {warm['first']:.2f} s from {kept} files in the temporary folder; {told}"
