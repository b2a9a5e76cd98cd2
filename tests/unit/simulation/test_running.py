"""Replications side by side: in which order they are handed over, how far ahead they run, and what stops them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, cast

import pytest

from millpond.simulation import running
from millpond.simulation.figures import Reading
from millpond.simulation.running import Threads

WAIT_SECONDS = 20

Run = Callable[[int], Any]


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Callable[[Run, int], Any]:
    """Threads whose replications do what a test says, and come to what it returns."""

    def threads(run: Run, count: int) -> Any:
        monkeypatch.setattr(running, "figures_of", lambda reading, seed, number: run(number))
        return Threads(cast("Reading", None), 1, count)

    return threads


@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_figures_come_in_the_order_of_the_numbers(played: Callable[[Run, int], Any], count: int) -> None:
    pause = threading.Event()

    def run(number: int) -> int:
        # Every third takes longer than those after it.
        pause.wait(0.01 if number % 3 == 0 else 0.0)
        return number

    with played(run, count) as threads:
        assert list(threads.figures(range(5, 45))) == list(range(5, 45))
        assert list(threads.figures(range(0))) == []


@pytest.mark.parametrize("count", [2, 4])
def test_as_many_run_at_once_as_were_asked_for(played: Callable[[Run, int], Any], count: int) -> None:
    # Each waits for the others: were one of them to run alone, the barrier would break.
    together = threading.Barrier(count, timeout=WAIT_SECONDS)
    with played(lambda number: together.wait() >= 0, count) as threads:
        assert list(threads.figures(range(count))) == [True] * count


def test_one_thread_is_the_one_that_asks(played: Callable[[Run, int], Any]) -> None:
    with played(lambda number: threading.get_ident(), 1) as threads:
        assert set(threads.figures(range(3))) == {threading.get_ident()}


def test_no_more_than_four_for_each_thread_are_ahead(played: Callable[[Run, int], Any]) -> None:
    begun: list[int] = []
    first_may_end = threading.Event()

    def run(number: int) -> int:
        begun.append(number)
        if number == 0:
            first_may_end.wait(WAIT_SECONDS)
        elif number == 7:
            # The last of those who may run ahead of the first: nothing more begins until the first is there.
            first_may_end.set()
        return number

    with played(run, 2) as threads:
        found = threads.figures(range(100))
        assert next(found) == 0
        assert max(begun) <= 8
        found.close()
    assert len(begun) < 100


def test_an_error_stops_them_and_comes_out(played: Callable[[Run, int], Any]) -> None:
    begun: list[int] = []

    def run(number: int) -> int:
        begun.append(number)
        if number == 4:
            raise KeyboardInterrupt
        return number

    for count in (1, 2):
        begun.clear()
        with played(run, count) as threads, pytest.raises(KeyboardInterrupt):
            list(threads.figures(range(1000)))
        assert len(begun) < 20
