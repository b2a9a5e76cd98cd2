"""With which word each simulated visit ended: where its case went is not in the log, and is drawn once more.

A draw has an address, so that the word that chose the way is the same however often it is asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from millpond.model.references import WITHDRAWN
from millpond.simulation.compiled import words_at
from millpond.simulation.kernel import (
    ATTRIBUTES,
    DONE_VISIT,
    LAST_MISS,
    LEFT_VISIT,
    MISSED_VISIT,
    WORK,
)
from millpond.simulation.logged import Visits
from millpond.simulation.tables import Tables

Ints = npt.NDArray[np.int64]
MISSED = "missed"
"""The outcome of an appointment to which nobody came and which is made again."""


def endings(tables: Tables, key: int, visits: Visits) -> tuple[Ints, tuple[str, ...]]:
    """The outcome of each visit.

    Args:
        tables: of the service.
        key: of the replication (`millpond.simulation.addresses.replication_key`).
        visits: of its log.

    Returns:
        Places in the words that follow, -1 for no word: a visit that is open or after which the case goes on. The
        last visit has the outcome of its case; who left before being seen is ``withdrawn``, as is the case after the
        last miss; another miss is ``missed``. In a split a branch has the word with which it ended.
    """
    words = (*tables.names.outcomes, MISSED)
    found = np.full(len(visits), -1, dtype=np.int64)
    is_done = visits.outcome == DONE_VISIT
    to = _targets(tables, key, visits.taken(is_done))
    found[is_done] = np.where(to < 0, -1 - to, -1)
    found[(visits.outcome == LEFT_VISIT) | (visits.outcome == LAST_MISS)] = words.index(WITHDRAWN)
    found[visits.outcome == MISSED_VISIT] = words.index(MISSED, len(words) - 1)
    return found, words


def _targets(tables: Tables, key: int, visits: Visits) -> Ints:
    """Where the case goes after each visit that was made: a step's place, or -1 - the place of an outcome."""
    fixed, step = tables.fixed, visits.step
    address = fixed["step_key"][step] | (visits.nth.astype(np.uint64) << np.uint64(8)) | np.uint64(WORK)
    word = _words(key, visits.case, address)[:, 1]
    to = np.zeros(len(visits), dtype=np.int64)
    routes = _routes(fixed, key, visits)
    for route in np.unique(routes):
        first, last = fixed["route_at"][route], fixed["route_at"][route + 1] - 1
        on_it = routes == route
        place = first + np.searchsorted(fixed["route_below"][first:last], word[on_it], side="right")
        to[on_it] = fixed["route_to"][place]
    is_split = (fixed["split_route"] >= 0)[step]
    to[is_split] = 0
    return to


def _routes(fixed: dict[str, Any], key: int, visits: Visits) -> Ints:
    """By which list of ways each case goes on: that of the first rule that holds, else the step's own."""
    case, kind, came = visits.case, visits.kind, visits.came
    routes: Ints = fixed["step_route"][visits.step]
    for place in np.unique(visits.step):
        undecided = visits.step == place
        for rule in range(fixed["rule_at"][place], fixed["rule_at"][place + 1]):
            holds = undecided & (visits.nth + 1 >= fixed["rule_visits"][rule])
            if fixed["rule_came"][rule] >= 0:
                holds &= came == fixed["rule_came"][rule]
            if fixed["rule_stream"][rule] >= 0:
                holds &= kind >> 1 == fixed["rule_stream"][rule]
            if fixed["rule_urgent"][rule] >= 0:
                holds &= kind & 1 == fixed["rule_urgent"][rule]
            for condition in range(fixed["rule_attribute_at"][rule], fixed["rule_attribute_at"][rule + 1]):
                at = np.flatnonzero(holds)
                value = _values(fixed, key, case[at], kind[at] >> 1, fixed["rule_attribute"][condition])
                holds[at] = value == fixed["rule_value"][condition]
            routes[holds] = fixed["rule_route"][rule]
            undecided = undecided & ~holds
    return routes


def _values(fixed: dict[str, Any], key: int, case: Ints, stream: Ints, attribute: int) -> Ints:
    """The number of the value that each case has of an attribute; 0 where it has none."""
    values = np.zeros(len(case), dtype=np.int64)
    # Cases that were there at the start have no attributes.
    drawn = ~np.isin(case, fixed["start"][:, 0])
    for place in np.unique(stream):
        first, last = fixed["attribute_at"][place], fixed["attribute_at"][place + 1]
        for position in range(first, last):
            if fixed["attribute_of"][position] != attribute:
                continue
            at = np.flatnonzero(drawn & (stream == place))
            address = np.full(len(at), (position - first) << 8 | ATTRIBUTES, dtype=np.uint64)
            word = _words(key, case[at], address)[:, 0]
            begin, end = fixed["attribute_value_at"][position], fixed["attribute_value_at"][position + 1]
            chosen = np.searchsorted(fixed["attribute_below"][begin : end - 1], word, side="right")
            values[at] = fixed["attribute_value"][begin + chosen]
    return values


def _words(key: int, case: Ints, address: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    return words_at(key, case.astype(np.uint64), address)
