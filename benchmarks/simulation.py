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
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scipy import stats

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.models.served import Answered, Asked  # noqa: E402

INSTALL = "python -m venv /tmp/peers && /tmp/peers/bin/pip install simpy ciw cimba, then --peers /tmp/peers/bin/python"
ERLANG_C = 0.6687
"""Mean wait in hours of model A in the long run."""
FALSE_ALARMS = 0.01
"""The chance that of all comparisons of a run one differs although nothing is wrong."""
SECTIONS = ("speed", "loop", "threads", "memory", "size", "events", "compile")


@dataclass
class Peer:
    """A simulator in a process of its own."""

    module: str
    python: str
    replications: dict[str, int]
    """In a round, by model."""
    arguments: tuple[str, ...] = ()
    name: str = ""
    process: subprocess.Popen[str] | None = None
    answered: dict[str, list[Answered]] = field(default_factory=dict)

    def start(self) -> bool:
        """Starts it; False where its library is missing."""
        command = [self.python, "-m", f"benchmarks.models.{self.module}", *self.arguments]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
        )
        told = self._line()
        if "missing" in told:
            print(f"  {told['missing']} is not installed here and is not measured. To have it: {INSTALL}")
            return False
        self.name = str(told["name"])
        return True

    def ask(self, asked: Asked) -> Answered:
        """One run."""
        assert self.process is not None and self.process.stdin is not None
        self.process.stdin.write(json.dumps(asdict(asked)) + "\n")
        self.process.stdin.flush()
        return Answered(**self._line())

    def stop(self) -> None:
        """Ends the process."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
            self.process.wait()

    def _line(self) -> dict[str, Any]:
        assert self.process is not None and self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"benchmarks.models.{self.module} ended; its message is above.")
        told: dict[str, Any] = json.loads(line)
        return told


def environment(**more: str) -> dict[str, str]:
    """The variables of a process that measures: one thread, unless Millpond is asked for more."""
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "OMP_NUM_THREADS": "1", **more}


def speed(options: argparse.Namespace) -> bool:
    """All simulators in turn on the three models; whether their answers agree."""
    rounds, days = (2, 91) if options.quick else (options.rounds, 364)
    scale = 1 if options.quick else options.replications
    ours = {"A": 50 * scale, "B": 20 * scale, "C": 100 * scale}
    few = {"A": 2 * scale, "B": scale, "C": 4 * scale}
    peers = [
        Peer("millpond_models", sys.executable, ours),
        Peer("millpond_models", sys.executable, ours, ("full",)),
        Peer("cimba_models", options.peers, {name: 4 * count for name, count in few.items()}),
        Peer("simpy_models", options.peers, few),
        Peer("ciw_models", options.peers, few),
    ]
    there = [peer for peer in peers if peer.start()]
    for number in range(rounds):
        for model in options.models:
            for peer in there:
                asked = Asked(model, days, 14 if model == "A" else 28, peer.replications[model], number + 1)
                peer.answered.setdefault(model, []).append(peer.ask(asked))
    for peer in there:
        peer.stop()
    comparisons = [one for model in options.models for one in _compared(model, there)]
    agree = True
    for model in options.models:
        print(f"\nModel {model}, {days} days, {rounds} rounds in turn")
        _print_speeds(model, there)
        agree &= _print_answers(model, there, 1 - FALSE_ALARMS / max(len(comparisons), 1))
    _print_variants(options.models, there[:2])
    print(f"\nAnswers {'agree within chance' if agree else 'DIFFER by more than chance'}.")
    return agree


def _print_speeds(model: str, peers: list[Peer]) -> None:
    lean = peers[0].answered[model]
    full = peers[1].answered[model]
    print(f"  {'':38}{'visits':>12}{'seconds':>9}{'ns a visit':>12}   {'lean is faster':<26}full is faster")
    for peer in peers:
        runs = peer.answered[model]
        each = [1e9 * run.seconds / run.steps for run in runs]
        seconds = statistics.median(run.seconds for run in runs)
        told = "" if peer is peers[0] else _ratio(lean, runs)
        besides = "" if peer in peers[:2] else _ratio(full, runs)
        visits = sum(run.steps for run in runs)
        print(f"  {peer.name:38}{visits:12,}{seconds:9.2f}{statistics.median(each):12,.0f}   {told:<26}{besides}")


def _ratio(ours: list[Answered], theirs: list[Answered]) -> str:
    """How many times as long a visit takes them: the median of the rounds, with the range."""
    each = [(their.seconds / their.steps) / (our.seconds / our.steps) for our, their in zip(ours, theirs, strict=True)]
    return f"{statistics.median(each):.2f} ({min(each):.2f} to {max(each):.2f})"


def _pooled(peer: Peer, model: str, name: str) -> list[float]:
    return [value for run in peer.answered[model] for value in run.answers[name]]


def _compared(model: str, peers: list[Peer]) -> Iterator[tuple[Peer, str]]:
    for name in peers[0].answered[model][0].answers:
        if not (model == "A" and name == "left"):
            for peer in peers[1:]:
                yield peer, name


def _print_answers(model: str, peers: list[Peer], sure: float) -> bool:
    """Every figure of every simulator, with its 95% interval; whether all are those of the first, within chance."""
    agree = True
    heads = "".join(f"{peer.name.replace('every feature compiled in', 'full'):>22}" for peer in peers)
    print(f"  {'hours, or cases':18}{heads}")
    for name in dict.fromkeys(name for _, name in _compared(model, peers)):
        told = []
        for peer in peers:
            values = _pooled(peer, model, name)
            mean, half = _interval(values)
            differs = peer is not peers[0] and _differ(_pooled(peers[0], model, name), values, sure)
            agree &= not differs
            told.append(f"{mean:.4g} ± {half:.2g}{' DIFFERS' if differs else ''}")
        print(f"  {name:18}{''.join(f'{one:>22}' for one in told)}")
    if model == "A":
        mean, half = _interval(_pooled(peers[0], model, "wait service"))
        far = abs(mean - ERLANG_C) > 2 * half + 0.005 * ERLANG_C
        agree &= not far
        print(f"  wait service by Erlang C {ERLANG_C}: {'DIFFERS' if far else 'agrees'} (which starts empty, it not)")
    return agree


def _interval(values: Sequence[float]) -> tuple[float, float]:
    """The mean, and the half width of its 95% interval."""
    if len(values) < 2:
        return values[0], math.inf
    error = statistics.stdev(values) / math.sqrt(len(values))
    return statistics.fmean(values), float(stats.t.ppf(0.975, len(values) - 1)) * error


def _differ(ours: list[float], theirs: list[float], sure: float) -> bool:
    """Whether two means differ by more than chance (Welch)."""
    if ours == theirs or min(len(ours), len(theirs)) < 2:
        return False
    return bool(stats.ttest_ind(ours, theirs, equal_var=False).pvalue < 1 - sure)


def _print_variants(models: str, peers: list[Peer]) -> None:
    """Lean and full draw the same luck: how many replications come to the same figures, to the last digit."""
    for model in models:
        of = [
            list(zip(*(_pooled(peer, model, name) for name in peer.answered[model][0].answers), strict=True))
            for peer in peers
        ]
        same = sum(one == other for one, other in zip(*of, strict=True))
        print(f"\nModel {model}: lean and full come to the same figures in {same} of {len(of[0])} replications", end="")
    print()


def sub(part: str, *arguments: object, env: dict[str, str] | None = None) -> dict[str, float]:
    """Runs a part of this script in a process of its own."""
    command = [sys.executable, __file__, "--part", part, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=env or environment())
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


class LoopClock:
    """Measures the event loop itself: what is compiled, from its call to its return."""

    def __init__(self) -> None:
        from millpond.simulation import compiled, replication

        self.seconds = 0.0
        kernel, *entries = compiled.compiled()
        lean, full = (self._timed(entry) for entry in entries)
        vars(replication)["compiled"] = lambda: (kernel, lean, full)

    def _timed(self, entry: object) -> object:
        def run(*arguments: object) -> object:
            begun = time.perf_counter()
            try:
                return entry(*arguments)  # type: ignore[operator]
            finally:
                self.seconds += time.perf_counter() - begun

        return run


def part_loop(model: str, variant: str, replications: str) -> dict[str, float]:
    """The event loop of a model beside all else that `simulate` does, for each replication and once."""
    from benchmarks.models.millpond_models import run

    from millpond.simulation import running

    full, count = variant == "full", int(replications)
    run(Asked(model, 7, 7, 1, 1), full=full)
    clock = LoopClock()
    each, figures_of = 0.0, running.figures_of

    def timed(*arguments: Any) -> Any:
        nonlocal each
        begun = time.perf_counter()
        found = figures_of(*arguments)
        each += time.perf_counter() - begun
        return found

    running.figures_of = timed  # type: ignore[assignment]
    found = run(Asked(model, 364, 28, count, 2), full=full)
    return {
        "loop": 1e9 * clock.seconds / found.steps,
        "each": (each - clock.seconds) / count,
        "once": found.seconds - each,
        "whole": 1e9 * found.seconds / found.steps,
    }


def part_size(cases: str, replications: str) -> dict[str, float]:
    """Model B, sped up so that so many cases come in four weeks: nothing but their number differs."""
    from benchmarks.models.millpond_models import MONDAY, service

    from millpond.simulation.replications import simulate

    of = service("B", full=False, times=int(cases) / (5 * 24 * 28))
    simulate(of, first_day=MONDAY, days=1, replications=1, threads=1)
    clock = LoopClock()
    found = simulate(of, first_day=MONDAY, days=28, drain_days=1, replications=int(replications), threads=1)
    started = [row.started.value for row in found.waits.rows if row.urgency is None and row.started is not None]
    return {"ns": 1e9 * clock.seconds / (sum(started) * int(replications)), "peak": _peak()}


def part_log(cases: str, folder: str) -> dict[str, float]:
    """One replication of model B with so many cases, its records written."""
    from benchmarks.models.millpond_models import MONDAY, service

    from millpond.simulation.replication import replicate
    from millpond.simulation.replications import simulate
    from millpond.simulation.tables import tables_of

    of = service("B", full=False, times=int(cases) / (5 * 24 * 28))
    simulate(of, first_day=MONDAY, days=1, replications=1, threads=1)
    if folder == "-":
        tables = tables_of(of, 20_094, 28, drain_days=1)
        before = _peak()
        kept = replicate(tables, 1, 0, logs=True)
        held = float(kept.log.nbytes)
        return {"held": held, "peak": _peak() - before}
    before = _peak()
    begun = time.perf_counter()
    simulate(of, first_day=MONDAY, days=28, drain_days=1, replications=1, threads=1, log=Path(folder) / "log")
    return {"peak": _peak() - before, "seconds": time.perf_counter() - begun}


def _peak() -> float:
    """The most memory that this process has had, in bytes."""
    import resource

    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def part_events(workers: str, steps: str, delay: str, replications: str) -> dict[str, float]:
    """A chain of steps, each with a pool of five that is busy four fifths of the time, and perhaps a delay between."""
    from benchmarks.models.millpond_models import ALWAYS, MONDAY

    from millpond.model import Service
    from millpond.simulation.replications import simulate

    count, each = int(steps), int(workers) // int(steps)
    after = {} if delay == "-" else {"after": delay}
    of = Service.from_plain(
        {
            "name": "a chain",
            "timezone": "UTC",
            "calendars": {"hours": {"hours": ALWAYS}},
            "pools": {f"pool {place}": {"calendar": "hours", "workers": each} for place in range(count)},
            "streams": {"all": {"first_step": "step 0", "per_week": 168 * 0.8 * each}},
            "steps": {
                f"step {place}": {
                    "pool": f"pool {place}",
                    "minutes": {"distribution": "exponential", "mean": 60},
                    "next": f"step {place + 1}" if place + 1 < count else "closed",
                    **({"after": {f"step {place + 1}": delay}} if after and place + 1 < count else {}),
                }
                for place in range(count)
            },
        }
    )
    simulate(of, first_day=MONDAY, days=1, replications=1, threads=1)
    clock = LoopClock()
    found = simulate(of, first_day=MONDAY, days=56, replications=int(replications), threads=1)
    started = [row.started.value for row in found.waits.rows if row.started is not None]
    return {"ns": 1e9 * clock.seconds / (sum(started) * int(replications)), "visits": sum(started) * int(replications)}


def part_compile(variant: str) -> dict[str, float]:
    """What the first call of a process costs."""
    begun = time.perf_counter()
    from benchmarks.models.millpond_models import run

    imported = time.perf_counter()
    run(Asked("A", 1, 1, 1, 1), full=variant == "full")
    first = time.perf_counter()
    run(Asked("A", 1, 1, 1, 1), full=variant == "full")
    again = time.perf_counter()
    return {"imported": imported - begun, "first": (first - imported) - (again - first)}


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


PARTS = {
    "loop": part_loop,
    "size": part_size,
    "log": part_log,
    "events": part_events,
    "compile": part_compile,
}


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
    for name, section in (
        ("loop", loop),
        ("threads", threads),
        ("memory", memory),
        ("size", size),
        ("events", events),
        ("compile", compiling),
    ):
        if name in options.only and not (options.quick and options.only == SECTIONS and name in ("events", "compile")):
            section(options)
    if not agree:
        sys.exit(1)


if __name__ == "__main__":
    main()
