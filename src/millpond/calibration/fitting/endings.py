"""Which cases are over, and until when it can be known what followed a visit.

Three kinds of records differ in this. Where they say with a word how cases end, a case without one is open. Where they
hold finished cases only, as extracts for event logs often do, every case is over. Else a case between two visits looks
like one that is over. What followed visits within the longest usual pause before the end of the records (95% of pauses
are shorter) is left out where cases go on then: without words only those that went on would be seen, which makes every
case too long, and with words those that ended are known at once and those that go on only later, which makes it too
short.

That only finished cases are held is believed where no visit is open and the cases of that last pause stopped at steps
that are the end as often as those at which earlier ones stopped (Welch's t above 5%, one-sided): in records that were
cut off, cases have stopped anywhere.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import stats

from millpond.calibration.fitting.history import History
from millpond.calibration.histories import PAUSES
from millpond.calibration.outcomes import Outcomes
from millpond.model.references import CLOSED

FEWEST, WORDED, ALIKE = 10, 0.5, 0.05


@dataclass(frozen=True)
class Endings:
    """What is known of how cases ended.

    Attributes:
        finished: the cases that are over.
        until_us: what followed visits that started later is not known; microseconds since 1970-01-01 UTC.
        note: a sentence that says which kind of records they are.
        is_worded: whether they say with a word how cases end, so that a case without one goes on.
    """

    finished: frozenset[str]
    until_us: int
    note: str
    is_worded: bool = False


def endings_of(log: History, ends: Outcomes, over: frozenset[str]) -> Endings:
    """How the cases of a log ended.

    Args:
        log: the visits.
        ends: what the words for outcomes mean.
        over: the cases that look finished (`millpond.calibration.histories`).
    """
    words = {*ends.declared, *ends.withdrawn, CLOSED}
    worded = {case for case, places in log.by_case.items() if log.outcome[places[-1]] in words}
    if len(worded) >= WORDED * len(log.by_case):
        said, longest = "The records say how cases ended.", _longest_pause(log)
        if longest is None or len(worded) == len(log.by_case):
            return Endings(frozenset(worded), log.as_of_us, said, True)
        until, left_out = _until(log, longest)
        return Endings(frozenset(worded), until, f"{said} {left_out}", True)
    longest = _longest_pause(log)
    if longest is None:
        return Endings(over, log.as_of_us, "No case has more than one visit.")
    if _finished_only(log, log.as_of_us - longest):
        note = (
            "The records seem to hold finished cases only. Of those that came late, only the quick ones are there, so "
            "that lead times may be longer in truth."
        )
        return Endings(frozenset(log.by_case), log.as_of_us, note)
    return Endings(over, *_until(log, longest))


def _longest_pause(log: History) -> int | None:
    """The longest usual pause between two visits of a case, microseconds; None where there is none at all."""
    pauses = [
        max(int(log.started_us[following] - log.ended_us[place]), 0)
        for places in log.by_case.values()
        for place, following in pairwise(places)
        if log.has_ended[place] and log.has_started[following]
    ]
    return int(np.quantile(pauses, PAUSES)) if pauses else None


def _until(log: History, longest: int) -> tuple[int, str]:
    """Until when it is known what followed visits, and a sentence that says so."""
    begins = int(log.started_us[log.has_started].min())
    # However long the pauses are, the first half of the records is looked at.
    until = max(log.as_of_us - longest, (begins + log.as_of_us) // 2)
    hours = (log.as_of_us - until) / 3_600_000_000
    span = f"{hours / 24:.0f} days" if hours >= 48 else f"{max(hours, 1):.0f} hours"
    return until, f"What followed visits of the last {span} is not known yet and was left out."


def _finished_only(log: History, since_us: int) -> bool:
    if not log.has_ended.all():
        return False
    made: Counter[str] = Counter(log.step[log.ended_us <= since_us].tolist())
    stopped: Counter[str] = Counter()
    lasts: dict[bool, list[str]] = {True: [], False: []}
    for places in log.by_case.values():
        last = max(places, key=lambda place: int(log.ended_us[place]))
        is_late = bool(log.ended_us[last] > since_us)
        lasts[is_late].append(log.step[last])
        stopped[log.step[last]] += not is_late
    if min(len(each) for each in lasts.values()) < FEWEST:
        return False
    # How often a case stops where it is, by the step at which it is, as the earlier cases show it.
    ends = {step: stopped[step] / made[step] if made[step] else 0.0 for step in {*log.step}}
    late, early = (np.array([ends[step] for step in lasts[kind]]) for kind in (True, False))
    if late.std() + early.std() < 1e-9:
        return bool(late.mean() >= early.mean())
    return bool(stats.ttest_ind(late, early, equal_var=False, alternative="less").pvalue > ALIKE)
