"""How long it took until the next visit could have begun, where only bounds of it are known."""

from __future__ import annotations

import numpy as np
import pytest

from millpond.calibration.fitting.delays import NOTHING, Split
from millpond.calibration.fitting.moves import moves_of
from millpond.calibration.fitting.openings import openings_of
from millpond.calibration.outcomes import Outcomes
from millpond.model import parse_service
from tests.unit.calibration.fitting.logs import MINUTE_US, at, history_of

SERVICE = parse_service(
    'name = "x"\ntimezone = "UTC"\n[calendars.office]\nhours = "Mon-Sun 09:00-17:00"\n[pools.team]\nworkers = 1\n'
    '[steps.ask]\npool = "team"\nminutes = 60\nnext = { see = 1.0 }\n[steps.see]\npool = "team"\nminutes = 60\n'
)
DAYS = 28


def test_a_delay_between_bounds_is_spread_over_open_time_and_over_the_clock_each_by_itself() -> None:
    """Asked until noon, seen as the doors open; the worker was last idle at four, an hour of open time before."""
    lines = [f"c{day} | ask | Ann | {day} 11:00 | {day} 12:00" for day in range(DAYS)]
    lines += [f"c{day} | see | Ann | {day + 1} 09:00 | {day + 1} 10:00" for day in range(DAYS)]
    log = history_of("\n".join(lines))
    is_second = log.step == "see"
    first = {log.case[place]: place for place in np.flatnonzero(~is_second)}
    enabler = np.array([first[case] if second else NOTHING for case, second in zip(log.case, is_second, strict=True)])
    enabled = np.where(is_second, log.ended_us[enabler], log.started_us)
    nothing = np.zeros(len(log), dtype=np.int64)
    least = np.where(is_second, 4 * 60 * MINUTE_US, 0)
    split = Split(enabler, enabled, log.started_us, nothing, is_second, least, {})
    hours = openings_of(SERVICE, at("00:00"), log.as_of_us)["team"]
    found = moves_of(log, split, {"ask": hours, "see": hours}, frozenset(log.case), Outcomes((), (), ()))["ask"]
    working, elapsed = (np.sort([getattr(move, name) for move in found]) for name in ("working", "elapsed"))
    # From 16:00 to 17:00 the delay grows from 240 to 300 open minutes; by the clock it is 4 to 21 hours.
    for lengths, least_minutes, most_minutes in ((working, 240, 300), (elapsed, 240, 21 * 60)):
        assert len(lengths) == DAYS
        evenly = least_minutes + (most_minutes - least_minutes) * (np.arange(DAYS) + 0.5) / DAYS
        assert lengths == pytest.approx(evenly, abs=0.1 * (most_minutes - least_minutes))
