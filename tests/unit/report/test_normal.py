"""The sections of the page on what is normal and how likely a bad day is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from millpond.model import Rebase, Service
from millpond.report.normal import bad_days, normal
from millpond.report.results import ReportResults
from millpond.variation.chart_results import ControlChart, Variation
from tests.unit.report import samples
from tests.unit.report.test_chart_words import events_of, six_in_522
from tests.unit.variation.charts import chart

STEADY = [100, 200] * 6


def _results(*charts: ControlChart, sharing: bool = False, notes: tuple[str, ...] = ()) -> ReportResults:
    return ReportResults(
        service=Service(name="x"),
        measures=samples.worked_example(),
        variation=Variation((), notes, "x", "2025-03-31T00:00:00+00:00", charts),
        events=events_of(six_in_522()),
        sharing=sharing,
    )


def test_charts_that_say_the_same_are_told_together() -> None:
    steady = chart(STEADY)
    worse = chart([*STEADY, 500], baseline=12, improvement="decrease")
    section = normal(_results(steady, worse, steady, notes=("There is no whole month on record.",)))
    assert section is not None
    assert section.lead == (
        "Nothing unusual: Advocates: backlog and Advocates: backlog.",
        "A change for the worse: Advocates: backlog.",
        "There is no whole month on record.",
    )
    assert len(section.charts) == 3


def test_what_would_mislead_is_told_with_the_charts() -> None:
    section = normal(_results(chart([1, 2] * 4)))
    assert section is not None
    assert section.lead[1] == (
        "Advocates: backlog: The limits from 6 January 2025 on are trial limits: they rest on 8 points, and 12 are the "
        "fewest to rely on."
    )


def test_counts_of_people_are_left_out_of_a_page_for_sharing() -> None:
    counted = ControlChart(**{**vars(chart(STEADY)), "measure": "visits withdrawn"})
    section = normal(_results(counted, chart(STEADY), sharing=True))
    assert section is not None
    assert len(section.charts) == 1
    assert section.lead[-1].startswith(
        "Charts that count visits, or tell their waits, are left out of a page for sharing"
    )
    whole = normal(_results(counted, chart(STEADY)))
    assert whole is not None
    assert len(whole.charts) == 2


def test_for_sharing_the_reason_of_a_change_names_nobody() -> None:
    changed = chart(STEADY * 2, rebase=(Rebase(date=date(2025, 3, 31), reason="Ben T. and ben-10 left"),))
    service = Service.from_plain(
        {
            "name": "x",
            "pools": {"advocates": {}},
            "workers": {
                "ben-1": {"pool": "advocates"},
                "ben-10": {"pool": "advocates"},
                "bt": {"pool": "advocates", "label": "Ben T."},
            },
        }
    )
    open_, shared = (normal(replace(_results(changed, sharing=sharing), service=service)) for sharing in (False, True))
    assert open_ is not None and shared is not None
    assert "Ben T. and ben-10 left" in str(open_.lead) and "ben-10" in str(open_.charts[0].spec)
    assert "a worker and a worker left" in str(shared.lead)
    for name in ("Ben", "ben"):
        assert name not in str((shared.lead, shared.charts))


def test_bad_days_are_told_pool_by_pool() -> None:
    section = bad_days(_results())
    assert section is not None
    assert section.lead[0].startswith(
        "advocates: Demand at least twice capacity: 6 days in 522, once in 87 working days"
    )
    assert section.lead[1].startswith("advocates: The backlog was back to normal after")
    assert len(section.charts) == 1


def test_what_was_not_looked_at_has_no_section() -> None:
    nothing = ReportResults(service=Service(name="x"), measures=samples.worked_example())
    assert normal(nothing) is None
    assert bad_days(nothing) is None
