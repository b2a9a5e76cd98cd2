"""How widely Hypothesis searches: a few fixed examples on every run, many random ones where it is asked for.

`make test-slow` sets MILLPOND_SEARCH to how many times as many examples a test tries there.
"""

from __future__ import annotations

import os

from hypothesis import settings

WIDER = int(os.environ.get("MILLPOND_SEARCH", "0"))
"""How many times as many examples are tried, drawn at random; 0 for the fixed few."""


def examples(number: int) -> int:
    """How many examples a test tries that tries so many on every run.

    A test names its number for `max_examples` through this function, so that it is searched more widely with the rest.
    """
    return number * max(WIDER, 1)


def register() -> None:
    """Make every test draw the same examples each time, unless a wider search is asked for.

    A test that fails by the luck of a draw stops people who did not touch what it found; such a find is for the wide
    search, which prints how to draw the failing example again. No example has a time limit: machines differ.
    """
    settings.register_profile("steady", derandomize=True, deadline=None)
    settings.register_profile("search", deadline=None, print_blob=True, max_examples=examples(100))
    settings.load_profile("search" if WIDER else "steady")
