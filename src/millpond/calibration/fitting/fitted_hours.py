"""The calendars of a fitted service: those of the draft, and those of before and after where hours changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from millpond.calibration.fitting.changed_hours import changed_hours
from millpond.calibration.fitting.evidence import Evidence
from millpond.calibration.fitting.history import History
from millpond.model import Service
from millpond.model.people import StaffingChange


def with_changed_hours(drafted: Service, own: Mapping[str, Any], log: History, evidence: Evidence) -> Service:
    """The service with the hours of before and after, where those of its calendars changed at some day."""
    calendars, pools = dict(drafted.calendars), dict(drafted.pools)
    for name in drafted.calendars:
        keeping = [pool for pool in pools if drafted.calendar_name(drafted.pools[pool]) == name]
        told = name in own.get("calendars", {}) or any(
            key in own.get("pools", {}).get(pool, {}) for pool in keeping for key in ("calendar", "from")
        )
        found = (
            None if told else changed_hours(log, [key for key, step in drafted.steps.items() if step.pool in keeping])
        )
        if found is None:
            continue
        later = f"{name} from {found.day}"
        calendars[name] = calendars[name].changed(hours=found.before)
        calendars[later] = calendars[name].changed(hours=found.after)
        for pool in keeping:
            change = StaffingChange(date=found.day, calendar=later)
            pools[pool] = pools[pool].changed(calendar=name, changes=(change,))
        evidence.notes.append(
            f"The hours of '{name}' changed on {found.day}: {found.before} before, {found.after} from then on, by "
            f"{found.events:,} starts and ends of work."
        )
    if len(calendars) > 1:
        pools = {
            name: pool.changed(calendar=pool.calendar or drafted.calendar_name(pool)) for name, pool in pools.items()
        }
    return drafted.changed(calendars=calendars, pools=pools)
