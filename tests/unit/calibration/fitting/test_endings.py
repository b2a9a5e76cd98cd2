"""Until when it is known what followed a visit, from cases that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from millpond.calibration.fitting.endings import endings_of
from millpond.calibration.fitting.history import History
from millpond.calibration.outcomes import Outcomes
from tests.unit.calibration.fitting.logs import at, history_of

NO_WORDS = Outcomes((), (), ())


def _worded(days: int) -> History:
    """Each day two cases come: one is closed at once, the other comes once more after five days, by day 30."""
    lines = []
    for day in range(days):
        lines.append(f"quick {day} | ask | Ann | {day} 09:00 | {day} 09:10")
        lines.append(f"slow {day} | ask | Ann | {day} 10:00 | {day} 10:10")
        if day + 5 < 30:
            lines.append(f"slow {day} | ask | Ann | {day + 5} 11:00 | {day + 5} 11:10")
    log = history_of("\n".join(lines))
    again = log.started_us % (24 * 60 * 60_000_000) == at("11:00") % (24 * 60 * 60_000_000)
    is_quick = np.array([case.startswith("quick") for case in log.case])
    outcome = np.full(len(log), None, dtype=object)
    outcome[is_quick | again] = "closed"
    return replace(log, outcome=outcome)


def test_what_followed_visits_of_the_last_pause_is_left_out_though_words_tell_which_cases_ended() -> None:
    log = _worded(30)
    found = endings_of(log, NO_WORDS, frozenset())
    assert found.is_worded
    assert len(found.finished) == 30 + 25
    # A pause takes from 10:10 to 11:00 five days later, and the records end at midnight before the 31st day.
    assert found.until_us == at("30 00:00") - (at("5 11:00") - at("10:10"))
    known = [
        place for places in log.by_case.values() for place in places[:1] if log.started_us[place] <= found.until_us
    ]
    ended = [place for place in known if log.outcome[place] == "closed"]
    # Half of the first visits are the last of their case, as in truth; of all 30 days they would be 30 of 55.
    assert len(ended) * 2 == len(known)


def test_where_every_case_has_its_word_nothing_is_left_out() -> None:
    found = endings_of(_worded(25), NO_WORDS, frozenset())
    assert found.until_us == at("30 00:00")
    assert len(found.finished) == 50
