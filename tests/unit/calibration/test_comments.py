"""Comments in a service.toml change nothing of what it says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from millpond.calibration.comments import commented
from millpond.model import Calendar, Pool, Service, Step, parse_service

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda name: name.strip() and name not in ("closed", "withdrawn")
)


def test_comments_stand_above_tables_and_beside_keys() -> None:
    service = Service(
        name="x",
        calendars={"office": Calendar(hours="Mon-Fri 09:00-17:00")},
        pools={"the team": Pool(workers=2, minutes_per_day=240)},
        steps={"triage": Step(pool="the team", minutes=20)},
    )
    text = commented(
        service,
        {(): ["At the top."], ("pools", "the team"): ["Above the pool."]},
        {(("pools", "the team"), "workers"): "beside the workers", (("steps", "triage"), "minutes"): "of 3\nvisits"},
    )
    assert (
        text
        == """\
# At the top.

name = "x"

[calendars.office]
hours = "Mon-Fri 09:00-17:00"

# Above the pool.
[pools."the team"]
workers = 2  # beside the workers
minutes_per_day = 240

[steps.triage]
pool = "the team"
minutes = 20  # of 3 visits
"""
    )
    assert parse_service(text) == service


@given(pool=NAMES, step=NAMES, other=NAMES, comment=st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_the_names_and_the_words_the_service_stays_the_same(
    pool: str, step: str, other: str, comment: str
) -> None:
    service = Service(
        name="x",
        pools={pool: Pool(workers=2)},
        steps={step: Step(pool=pool, next={other: 0.5, "closed": 0.5}), other: Step(next={"closed": 1.0})},
    )
    paths = [(), ("pools", pool), ("steps", step), ("steps", other)]
    beside = {(path, key): comment for path in paths for key in ("workers", "pool", "next", "name")}
    assert parse_service(commented(service, dict.fromkeys(paths, (comment, comment)), beside)) == service
