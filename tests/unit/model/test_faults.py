"""Every fault at once, each with its place, what is wrong, and the cure."""

from __future__ import annotations

import pytest

from millpond.errors import FaultyService
from millpond.model import parse_service

FAULTY = """\
timezone = "London"
holidays = "GB"
extra_closures = ["2025-12-24", 3]
outcomes = ["triage", 5]

[calendars.office]
hours = "Mon-Fry 09:00-17:00"
currency = "GBP"

[calendars.late]
hours = "Mon-Fri 5pm-8pm"

[pools.advocates]
organisation = "charity"
workers = "2"
skills = "advocacy"

[[pools.advocates.from]]
date = 2025-09-01
workers = 3

[[pools.advocates.from]]
date = 2025-09-01T00:00:00
workers = -3

[workers.sam]
pool = "advocats"
starts = 2025-01-01
leaves = 2024-01-01

[streams.police]
first_step = "triaje"
share_urgent = 20

[steps.triage]
minutes = { distribution = "lognorm", mean = 20, sd = 10 }
next = { asessment = 0.9, closed = 0.2 }

[steps.closed]
lable = "The end"
next = "done"

[steps."first assessment"]
minutes = { distribution = "lognormal", mean = -20 }
"""

FAULTS = """\
name: is missing
    Add it, for example: name = "Northshire victim support"
timezone: is "London", which is not a time zone
    Did you mean "Europe/London"?
holidays: is "GB" alone, which leaves out the holidays that differ between its nations
    Write GB-ENG, GB-NIR, GB-SCT or GB-WLS.
extra_closures[1]: is the text "2025-12-24", where a date belongs
    Write it without quotes: 2025-12-24
extra_closures[2]: is the number 3, where a date belongs
    Write the date alone, as 2025-09-01, without quotes.
outcomes[2]: is the number 5, where text belongs
    Write it in quotes: "5"
calendars.office.hours: has "Fry", which is not a day
    Did you mean "Friday"? The days are Mon, Tue, Wed, Thu, Fri, Sat, Sun.
calendars.office.currency: is not a known key
    Move it to the top of the file, above the first [heading].
calendars.late.hours: has "5pm-8pm", which cannot be read as an opening and a closing time
    Write days and times on the 24-hour clock, such as "Mon-Thu 09:00-17:00, Fri 09:00-16:00".
pools.advocates.workers: is the text "2", where a number belongs
    Write it without quotes: workers = 2
pools.advocates.skills: is the text "advocacy", where a list belongs
    Write it in square brackets: skills = ["advocacy"]
pools.advocates.from[2].date: is a date with a time, 2025-09-01 00:00:00, where a date belongs
    Write the date alone: date = 2025-09-01
pools.advocates.from[2].workers: is -3, which is below 0
    Write a number of 0 or more.
workers.sam.leaves: is 2024-01-01, which is not after the worker starts on 2025-01-01
    Correct one of the two; leaves is the first day on which the worker is no longer there.
streams.police.share_urgent: is 20, which is above 1
    Write a number of 1 or less. For 20% write 0.2.
steps.triage.minutes.distribution: is "lognorm", which is not known
    Did you mean "lognormal"? The distributions are fixed, exponential, gamma, lognormal, weibull, triangular, \
uniform and empirical.
steps.triage.next: has shares that add up to 1.1, not to 1
    Correct the shares; what is left may go to an outcome, such as closed.
steps.closed.lable: is not a known key
    Did you mean label?
steps."first assessment".minutes.mean: is -20, which is not above 0
    Write a number above 0.
steps."first assessment".minutes.sd: is missing
    Add it, for example: sd = 10
pools.advocates.organisation: names "charity", which is not an organisation of this service
    Add [organisations.charity].
pools.advocates.calendar: is left out, and the service has several calendars
    Add calendar = "office" under [pools.advocates]; the calendars are office and late.
workers.sam.pool: names "advocats", which is not a pool of this service
    Did you mean "advocates"? Otherwise add [pools.advocats].
streams.police.first_step: names "triaje", which is not a step of this service
    Did you mean "triage"? Otherwise add [steps.triaje].
steps.triage: is both a step and an outcome, "triage"
    Rename the step, or take the name out of outcomes.
steps.closed: is both a step and an outcome, "closed"
    Rename the step; closed is always an outcome.
steps.triage.next.asessment: goes on to "asessment", which is neither a step nor an outcome
    Did you mean "first assessment"? Otherwise add [steps.asessment], or declare the outcome: outcomes = ["asessment"].
steps.closed.next: goes on to "done", which is neither a step nor an outcome
    Add [steps.done], or declare the outcome: outcomes = ["done"]."""


def test_every_fault_of_shape_and_every_name_that_leads_nowhere_is_told_at_once() -> None:
    with pytest.raises(FaultyService) as caught:
        parse_service(FAULTY, source="victim-support/service.toml")
    assert str(caught.value) == f"victim-support/service.toml has {len(caught.value.faults)} faults:\n{FAULTS}"


@pytest.mark.parametrize(
    ("text", "where", "what", "cure"),
    [
        ('nam = "x"', "nam", "is not a known key", "Did you mean name?"),
        ('name = "x"\nzebra = 1', "zebra", "is not a known key", "The keys here are name, timezone, holidays"),
        ('name = "x"\n[steps.a]\nworkers = 2', "steps.a.workers", "is not a known key", "The keys here are label"),
        ('name = "x"\n[pools.a]\nchanges = []', "pools.a.changes", "is not a known key", "The keys here are label"),
        ('name = "x"\npools = []', "pools", "is a list, where a table belongs", "as a [table]"),
        ('name = "x"\n[pools]\na = 3', "pools.a", "is the number 3, where a table belongs", "square brackets"),
        ('name = "x"\n[calendars.a]', "calendars.a.hours", "is missing", 'hours = "Mon-Thu 09:00-17:00, Fri'),
        ('name = "x"\n[pools.a]\nworkers = nan', "pools.a.workers", "is nan, which is not a number", "ordinary"),
        ('name = "x"\n[pools.a]\nworkers = 1_000_001', "pools.a.workers", "is 1000001, which is above 1000000", ""),
        ('name = "x"\n[pools.a]\nworkers = 2024-01-01', "pools.a.workers", "is the date 2024-01-01, where a", ""),
        ('name = "x"\n[pools.a]\nworkers = 07:00:00', "pools.a.workers", "is the time 07:00:00, where a", ""),
        ('name = "x"\n[pools.a]\nlabel = 5', "pools.a.label", "is the number 5, where text", 'quotes: label = "5"'),
        ('name = "x"\n[pools.a]\nlabel = true', "pools.a.label", "is true, where text belongs", "straight quotes"),
        ('name = "x"\n[records]\ncolums = {}', "records.colums", "is not a known key", "Did you mean columns?"),
        ('name = "x"\n[targets]\nlead = "1 day"', "targets.lead", "is not a known key", "Did you mean lead_time?"),
        (
            'name = "x"\n[steps.a]\nminutes = { distribution = "empirical" }',
            "steps.a.minutes.values",
            "is missing",
            "values = [12, 15, 15, 40]",
        ),
        ('name = "x"\n[pools.a]\nskills = true', "pools.a.skills", "is true, where a list belongs", "[true]"),
        ('name = "x"\nrecords = "r.csv"', "records", 'is the text "r.csv", where a table belongs', "as a table"),
    ],
)
def test_one_fault(text: str, where: str, what: str, cure: str) -> None:
    with pytest.raises(FaultyService) as caught:
        parse_service(text)
    fault = {fault.where: fault for fault in caught.value.faults}[where]
    assert fault.what.startswith(what)
    assert cure in fault.cure
