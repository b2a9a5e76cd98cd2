"""The time grid and working-time arithmetic that measures, variation, process and queueing share."""

from millpond.periods.days import (
    MICROSECONDS_A_MINUTE,
    MICROSECONDS_AN_HOUR,
    date_of,
    day_number,
    day_of,
    instant_us,
    local_us,
    moment_of,
    weekday,
)
from millpond.periods.grid import By, Grid, grid
from millpond.periods.staffing import staffed
from millpond.periods.tables import boundary_table, day_table, period_of, worked_until, working_day_table
from millpond.periods.working_time import Opening, WorkingTime, calendar_key, openings, working_time

__all__ = [
    "MICROSECONDS_AN_HOUR",
    "MICROSECONDS_A_MINUTE",
    "By",
    "Grid",
    "Opening",
    "WorkingTime",
    "boundary_table",
    "calendar_key",
    "date_of",
    "day_number",
    "day_of",
    "day_table",
    "grid",
    "instant_us",
    "local_us",
    "moment_of",
    "openings",
    "period_of",
    "staffed",
    "weekday",
    "worked_until",
    "working_day_table",
    "working_time",
]
