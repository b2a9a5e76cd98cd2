"""The names that event logs and people give to their columns.

For each of our names, groups of theirs in the order in which they are looked for: the conventions of process mining
(IEEE XES, bupaR, Prosimos) before everyday words. Capitals, blanks and the signs ``_ - : / . ( )`` do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

TIMES = ("joined", "started", "ended", "timestamp")
TEXTS = ("worker", "pool", "outcome", "stream", "channel", "segment", "organisation", "priority")

NAMES: Mapping[str, tuple[str, ...]] = {
    "visit": ("visit, visit id",),
    "case": (
        "case:concept:name",
        "case_id",
        "case",
        "case number, case no, case ref, case reference, trace id, case key",
        "patient, patient id, client, client id, referral id, referral number, referral no, referral ref, ref, "
        "ref no, ref number, reference, reference number, reference no, unique reference, person id, service user "
        "id, nhs number, victim id, survivor id, urn",
        "id",
    ),
    "step": (
        "concept:name",
        "step",
        "activity",
        "activity name, task, task name, event name, stage, process step",
        "handling, event",
    ),
    "joined": (
        "joined",
        "enabled_time, enable_time, enabled, enabled timestamp, enabled at",
        "received, date received, received date, received at, received on, time received, referred, date "
        "referred, referral date, date of referral, referred at, referred on, referral received, date referral "
        "received, referral received date, joined at, date joined, queued, queued at, arrival, arrived, arrival "
        "time, arrival date, arrived at",
        "requested, date requested, request date, opened, date opened, open date, opened at, created, date "
        "created, created at, created date, created on, creation date",
    ),
    "started": (
        "start_timestamp",
        "started",
        "start_time",
        "start, start date, date started, started at, started on, start datetime, start date time, begin, begin "
        "time, actual start",
        "first contact, date of first contact, first contact date, first contacted, seen, date seen",
    ),
    "ended": (
        "end_timestamp",
        "ended",
        "end_time",
        "complete_timestamp, complete_time, completion time, completion date",
        "completed, completed at, completed on, date completed, completed date, end, end date, date ended, ended "
        "at, ended on, end datetime, end date time, finish, finished, finish time, finish date, finished at, date "
        "finished, actual end",
        "closed, date closed, closed date, closed at, closed on, closure date, close date, date of closure, "
        "discharged, discharge date, date discharged, date of discharge, resolved, resolved at, date resolved",
    ),
    "timestamp": (
        "time:timestamp",
        "timestamp",
        "time, datetime, date time, event time, event timestamp, event date, occurred, occurred at",
        "date",
    ),
    "lifecycle": (
        "lifecycle:transition",
        "lifecycle, lifecycle id, lifecycle transition",
        "registration_type, transition",
    ),
    "instance": (
        "concept:instance",
        "activity_instance_id, activity_instance",
        "handling_id, instance id, task instance id",
    ),
    "worker": (
        "org:resource",
        "worker",
        "resource",
        "worker id, worker name, resource id, resource name, employee, employee id",
        "staff, staff member, staff name, user, user id, user name, handler, case handler, caseworker, case "
        "worker, key worker, adviser, advisor, advocate, practitioner, clinician, officer, assigned to, allocated "
        "to, owner, seen by",
    ),
    "pool": (
        "pool",
        "org:role",
        "role",
        "org:group",
        "group, team, team name",
        "department, unit",
    ),
    "minutes": (
        "minutes",
        "duration_minutes, duration in minutes, duration mins, duration min, minutes of work, work minutes, mins, "
        "minutes spent, minutes worked, time spent minutes, time spent mins, contact minutes, length in minutes, "
        "length mins, length minutes",
    ),
    "outcome": (
        "outcome",
        "case outcome, closure reason, reason closed, reason for closure, discharge reason, end reason",
    ),
    "stream": (
        "stream",
        "referral source, source of referral, referred by, referral type",
    ),
    "channel": (
        "channel",
        "contact channel, contact method, method of contact, contact type",
    ),
    "segment": ("segment",),
    "organisation": ("organisation, organization, org:organisation, org:organization",),
    "priority": (
        "priority",
        "urgency, risk level",
    ),
}
"""Our names, each with the groups of names that mean it; commas stand between the names of a group."""

CASE_WIDE = ("stream", "channel", "segment", "organisation", "priority", "outcome")
"""What is often kept once a case: in an XES log these come with the prefix ``case:``."""


def key(name: str) -> str:
    """A column's name without what does not matter in it.

    Example:
        >>> key("Case ID"), key("case_id"), key("Duration (mins)")
        ('caseid', 'caseid', 'durationmins')
    """
    return re.sub(r"[\s_\-:/.()\u00a0\ufeff]+", "", name).casefold()


@cache
def groups(ours: str) -> tuple[frozenset[str], ...]:
    """The groups of names that mean one of ours, as keys, in the order in which they are looked for."""
    prefixes = ("", "case:") if ours in CASE_WIDE else ("",)
    return tuple(
        frozenset(key(prefix + name) for name in group.split(",") for prefix in prefixes) for group in NAMES[ours]
    )


@cache
def known_keys() -> frozenset[str]:
    """Every name that means something, as keys."""
    return frozenset(word for ours in NAMES for group in groups(ours) for word in group)
