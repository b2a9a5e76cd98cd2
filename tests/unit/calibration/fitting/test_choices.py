"""Which of several waiting visits was begun, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from millpond.calibration.fitting.choices import Tally, choices_at, kinds_first, orders, urgent_first
from millpond.calibration.fitting.history import History
from tests.unit.calibration.fitting.logs import at, history_of

JOINED = {"a": "09:00", "b": "09:05", "c": "09:10", "d": "09:10"}
LOG = """
a | talk | ann | 09:00 | 09:30
b | talk | ann | 09:50 | 10:10
c | talk | ann | 09:30 | 09:50
d | talk | bob | 09:30 | 10:30
"""


def _log() -> History:
    log = history_of(LOG)
    return replace(log, joined_us=np.array([at(JOINED[case]) for case in log.case]))


def test_who_was_taken_and_who_went_on_waiting() -> None:
    log = _log()
    found = list(choices_at(log, "talk", log.joined_us, np.ones(4, dtype=np.bool_)))
    # At 09:30 c and d were taken and b waited on; at 09:00 and at 09:50 nobody else waited.
    assert [(log.case[each.chosen], [log.case[other] for other in each.others]) for each in found] == [
        ("c", ["b"]),
        ("d", ["b"]),
    ]


def test_urgent_visits_and_orders_are_counted_against_chance() -> None:
    log = _log()
    choices = {"talk": list(choices_at(log, "talk", log.joined_us, np.ones(4, dtype=np.bool_)))}
    urgency = np.array([case == "c" for case in log.case])
    tally = urgent_first(log, choices, urgency)
    # c was urgent and was taken while b waited: one choice, an even chance.
    assert (tally.number, tally.first, tally.expected) == (1, 1, 0.5)
    keys = {"first come": log.joined_us.astype(np.float64), "last come": -log.joined_us.astype(np.float64)}
    found = orders(choices["talk"], np.zeros(4, dtype=np.int64), keys)
    assert (found["first come"].first, found["last come"].first, found["last come"].number) == (0, 2, 2)
    kind = np.array([{"a": 0, "b": 0, "c": 1, "d": 1}[case] for case in log.case])
    pairs = kinds_first(choices, kind, np.zeros(4, dtype=np.int64))
    assert (pairs[1, 0].first, pairs[1, 0].number, pairs[0, 1].first) == (2, 2, 0)


def test_an_order_by_which_all_are_alike_explains_nothing() -> None:
    log = _log()
    choices = list(choices_at(log, "talk", log.joined_us, np.ones(4, dtype=np.bool_)))
    (tally,) = orders(choices, np.zeros(4, dtype=np.int64), {"shortest": np.full(4, 50.0)}).values()
    assert (tally.first, tally.expected, tally.beyond_chance) == (2, 2, 0)


def test_a_tally_tells_how_strict_an_order_is() -> None:
    tally = Tally()
    for number in range(100):
        tally.add(number < 90, 0.5)
    # Chance gives 50 and always is 100: 90 is four fifths of the way, and (90 - 50) / 5 standard deviations off.
    assert tally.strictness == pytest.approx(0.8)
    assert tally.spread == pytest.approx(8)
