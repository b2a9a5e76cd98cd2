"""Services that several tests start from."""

from __future__ import annotations

NORTHSHIRE = """\
name = "Northshire victim support"
holidays = "GB-ENG"

[calendars.office]
hours = "Mon-Fri 09:00-17:00"

[organisations.charity]
label = "Northshire Advocacy"

[pools.coordinators]

[pools.advocates]
label = "Independent domestic violence advisers"
organisation = "charity"
calendar = "office"
workers = 2
minutes_per_day = 240
cost_per_hour = 22.5
skills = ["advocacy"]

[[pools.advocates.from]]
date = 2025-04-01
cost_per_hour = 23.1

[[pools.advocates.from]]
date = 2025-09-01
workers = 3

[workers.sam]
pool = "coordinators"
starts = 2025-02-03
leaves = 2025-10-01

[workers.alex]
pool = "coordinators"

[streams.police]
label = "Police referrals"
first_step = "triage"
per_week = 60
share_urgent = 0.2

[steps.triage]
pool = "coordinators"
minutes = { distribution = "lognormal", mean = 20, sd = 10 }
next = { advocacy = 0.9, closed = 0.1 }
target_wait = "5 working days"

[steps.advocacy]
pool = "advocates"
minutes = 60
next = { advocacy = 0.6, "closing letter" = 0.4 }

[steps."closing letter"]
next = "closed"

[targets]
lead_time = "28 days"
"""
"""As dump_service writes it: nothing but what differs from the defaults."""

COUNCIL = """\
name = "Council contact team"
outcomes = ["referred on"]

[pools.clerks]
workers = 2

[pools.nurses]
workers = 3
skills = ["blood"]

[pools.advocates]
caseload = 20

[workers.sam]
pool = "advocates"
skills = ["Polish"]
caseload = 10
also = ["clerks"]

[workers.kim]
pool = "nurses"
skills = ["Urdu"]
also = ["advocates", "clerks"]

[streams.police]
first_step = "triage"
attributes = { risk = { high = 0.2, standard = 0.8 } }

[streams.online]
first_step = "triage"
attributes = { language = { Polish = 0.1, English = 0.9 } }

[steps.triage]
pool = "clerks"
minutes_for = { police = 30, urgent = 10 }
skill = "Polish"
next = "review"
after = { review = "2 days", tests = "5 working days" }
patience = { minutes = 60, to = "referred on" }

[[steps.triage.rules]]
stream = "police"
attributes = { risk = "high" }
next = { tests = 0.5, closed = 0.5 }

[steps.tests]
pool = "nurses"
all_of = ["blood test", "hearing test"]
then = "review"

[steps."blood test"]
pool = "nurses"
skill = "blood"
next = "review"

[steps."hearing test"]
pool = "nurses"
next = { letter = 0.5, review = 0.5 }

[steps.review]
pool = "advocates"
skill = "Polish"
next = "letter"

[steps.letter]
next = "closed"

[policies.agency]
pool = "nurses"
when = "waiting visits"
above = 40
workers = 2
for_days = 28
"""
"""A service with what only a simulation needs, as dump_service writes it."""
