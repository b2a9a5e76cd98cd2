"""Who was away in the year, and why: leave, sickness and training, written down by hand, and the weekly meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Absence:
    """Whole days away, the first and the last both counted."""

    worker: str
    kind: str
    first: date
    last: date


@dataclass(frozen=True)
class Meeting:
    """An hour or two of every week in which nobody of a pool sees anybody.

    Attributes:
        pool: whose.
        weekday: Monday = 0.
        starts, ends: minutes after midnight on the local clock.
    """

    pool: str
    weekday: int
    starts: int
    ends: int


MEETINGS = (
    Meeting("coordinators", 2, 9 * 60, 10 * 60),
    Meeting("advocates", 1, 9 * 60, 10 * 60 + 30),
    Meeting("counsellors", 1, 11 * 60, 12 * 60),
)

TRAINING = (date(2025, 3, 19), date(2025, 11, 12))
"""Afternoons from 13:00 on which everybody who works that day is at training."""

_AWAY = """
coordinator-01  leave     2025-02-17  2025-02-21
coordinator-01  sickness  2025-03-11  2025-03-13
coordinator-01  leave     2025-05-27  2025-05-30
coordinator-01  leave     2025-08-04  2025-08-15
coordinator-01  leave     2025-10-20  2025-10-24
coordinator-01  leave     2025-12-22  2025-12-24
coordinator-02  leave     2025-01-27  2025-01-29
coordinator-02  leave     2025-04-14  2025-04-17
coordinator-02  sickness  2025-06-10  2025-06-12
coordinator-02  leave     2025-07-14  2025-07-25
coordinator-02  leave     2025-09-29  2025-10-03
coordinator-02  sickness  2025-11-18  2025-11-19
coordinator-02  leave     2025-11-03  2025-11-07
adviser-01      sickness  2025-01-21  2025-01-23
adviser-01      leave     2025-04-07  2025-04-11
adviser-01      leave     2025-06-16  2025-06-20
adviser-01      leave     2025-08-11  2025-08-22
adviser-01      sickness  2025-11-04  2025-11-06
adviser-01      leave     2025-12-29  2025-12-31
adviser-02      leave     2025-02-17  2025-02-21
adviser-02      leave     2025-05-06  2025-05-09
adviser-02      sickness  2025-07-02  2025-07-03
adviser-02      leave     2025-07-21  2025-08-01
adviser-02      leave     2025-10-27  2025-10-31
adviser-02      sickness  2025-12-09  2025-12-11
adviser-02      leave     2025-12-22  2025-12-24
adviser-03      leave     2025-03-03  2025-03-07
adviser-03      sickness  2025-05-20  2025-05-22
adviser-03      leave     2025-06-23  2025-07-04
adviser-03      leave     2025-08-26  2025-08-29
counsellor-01   leave     2025-02-17  2025-02-20
counsellor-01   leave     2025-05-26  2025-05-29
counsellor-01   leave     2025-08-04  2025-08-14
counsellor-01   sickness  2025-10-13  2025-10-15
counsellor-01   leave     2025-12-22  2025-12-24
counsellor-02   leave     2025-04-08  2025-04-10
counsellor-02   leave     2025-07-15  2025-07-24
counsellor-02   sickness  2025-09-16  2025-09-18
counsellor-02   leave     2025-12-30  2025-12-30
"""


def absences() -> tuple[Absence, ...]:
    """The days away of everybody, in the order of workers and dates."""
    rows = (line.split() for line in _AWAY.strip().splitlines())
    return tuple(
        Absence(worker, kind, date.fromisoformat(first), date.fromisoformat(last)) for worker, kind, first, last in rows
    )
