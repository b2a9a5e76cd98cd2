"""Simulators in processes of their own, and what their answers and times come to side by side."""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.models.served import Answered, Asked
from scipy import stats

ROOT = Path(__file__).resolve().parent.parent.parent
INSTALL = "python -m venv /tmp/peers && /tmp/peers/bin/pip install simpy ciw cimba, then --peers /tmp/peers/bin/python"
FALSE_ALARMS = 0.01
"""The chance that of all comparisons of a run one differs although nothing is wrong."""


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


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The mean, and the half width of its 95% interval."""
    if len(values) < 2:
        return values[0], math.inf
    error = statistics.stdev(values) / math.sqrt(len(values))
    return statistics.fmean(values), float(stats.t.ppf(0.975, len(values) - 1)) * error


def differ(ours: list[float], theirs: list[float], sure: float) -> bool:
    """Whether two means differ by more than chance (Welch)."""
    if ours == theirs or min(len(ours), len(theirs)) < 2:
        return False
    return bool(stats.ttest_ind(ours, theirs, equal_var=False).pvalue < 1 - sure)
