"""Tiny services for the tests of simulations."""

from __future__ import annotations

from typing import Any

from millpond.model import Service


def service(**changes: Any) -> Service:
    """One pool of two around the clock, one step of an hour, six cases at midnight every day; changed as told."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    plain: dict[str, Any] = {
        "name": "Worked example",
        "timezone": "UTC",
        "calendars": {"always": {"hours": "Mon-Sun 00:00-24:00"}},
        "pools": {"advocates": {"workers": 2, "minutes_per_day": 240, "cost_per_hour": 20}},
        "streams": {"police": {"first_step": "advocacy", "schedule": {f"{day} 00:00": 6 for day in days}}},
        "steps": {"advocacy": {"pool": "advocates", "minutes": 60, "next": "closed", "target_wait": "1 hours"}},
    }
    return Service.from_plain({**plain, **changes})
