"""Replications on a Dask cluster of real processes: the same bytes, also when a worker is killed meanwhile."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from millpond.errors import WrongUse
from millpond.simulation.replications import simulate
from millpond.simulation.results import Simulation
from tests.unit.simulation.services import service

pytest.importorskip("distributed")

MONDAY = date(2026, 1, 5)
BUSY = service(
    streams={"police": {"first_step": "advocacy", "per_week": 3_000, "share_urgent": 0.25}},
    pools={"advocates": {"workers": 20}},
)
PATIENCE_SECONDS = 60


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process of Dask, stopped at the end; with the file of what it says."""
    said = folder / f"{arguments[0]} {time.monotonic_ns()}.txt"
    command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with said.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, text=True, cwd=folder, env=environment)
    try:
        yield process, said
    finally:
        process.kill()
        process.wait()


def told(said: Path, pattern: str) -> str:
    """The first group of a pattern, once the process has said it."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if found := re.search(pattern, said.read_text()):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"{pattern} was never said: {said.read_text()}")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """The address of a scheduler with two workers, and their processes."""
    with started(tmp_path, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard") as (_, said):
        address = told(said, r"Scheduler at:\s+(tcp://\S+)")
        options = (address, "--host", "127.0.0.1", "--no-nanny", "--nthreads", "1", "--no-dashboard")
        with started(tmp_path, "worker", *options) as first, started(tmp_path, "worker", *options) as second:
            for _, output in (first, second):
                told(output, r"(Registered to)")
            yield address, [first[0], second[0]]


def as_bytes(simulation: Simulation) -> str:
    return json.dumps(simulation.to_dict())


def test_a_worker_killed_meanwhile_changes_nothing(cluster: tuple[str, list[subprocess.Popen[str]]]) -> None:
    address, workers = cluster
    count = 60
    killed_at: list[int] = []

    def kill_one(share: float | None, done: int) -> None:
        if done >= 5 and not killed_at:
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()
            killed_at.append(done)

    here = simulate(BUSY, first_day=MONDAY, days=60, replications=count)
    there = simulate(BUSY, first_day=MONDAY, days=60, replications=count, dask=address, progress=kill_one)
    assert killed_at == [5]
    assert as_bytes(there) == as_bytes(here)


def test_nothing_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("millpond.simulation.cluster._TO_ANSWER_SECONDS", 1)
    with pytest.raises(WrongUse, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        simulate(BUSY, first_day=MONDAY, days=1, replications=1, dask="tcp://127.0.0.1:9")
    with pytest.raises(WrongUse, match="Start one with: dask scheduler"):
        simulate(BUSY, first_day=MONDAY, days=1, replications=1, dask="nowhere")
