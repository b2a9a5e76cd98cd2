"""Which three findings are told, and with which numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from millpond.measures.caseload import PoolCaseload
from millpond.measures.clearing import clearing
from millpond.measures.critical import critical_resource
from millpond.measures.results import Measures
from millpond.records.findings import Finding as Odd
from millpond.report.findings import findings
from millpond.report.results import ReportResults
from tests.unit.report import samples


def days(count: int, pool: str = "advocates", **changed: Any) -> Measures:
    """So many equal days in a row, whose backlog follows from the identity of the four measures."""
    rows = []
    backlog = 0.0
    for number in range(count):
        made = samples.row((date(2025, 1, 6) + timedelta(days=number)).isoformat(), pool, **changed)
        backlog += made.demand - made.activity
        rows.append(replace(made, backlog=backlog))
    return samples.measures(rows)


def results(measures: Measures, **changed: Any) -> ReportResults:
    made = ReportResults(samples.service(), measures, critical=critical_resource(measures), clearing=clearing(measures))
    return replace(made, **changed)


def sentences(given: ReportResults, most: int = 3) -> list[str]:
    return [finding.sentence for finding in findings(given, most)]


def test_a_pool_that_cannot_keep_up_comes_first_and_its_growth_second() -> None:
    # Ten weeks in which 720 minutes a day come and 480 are done.
    first, second, _ = findings(results(days(70)))

    assert first.sentence == (
        "Independent domestic violence advisers: more work comes than can be done. "
        "5,040 minutes of work join a week, 3,360 can be done."
    )
    assert first.detail == "150% of its capacity is asked for. Over the last 10 weeks."
    assert first.tone == "act"
    assert second.sentence == (
        "Independent domestic violence advisers: the backlog grows by about 240 minutes a working day "
        "and is now 16,800 minutes (280 hours)."
    )
    assert second.detail == (
        "Between 240 and 240 with 95% confidence, over the last 10 weeks. "
        "At the demand and capacity of the last 4 weeks, it will never be cleared."
    )


def test_a_pool_near_its_limit_is_watched() -> None:
    measures = days(70, demand=456.0, activity=456.0, load=0.95, backlog=0.0)

    assert sentences(results(measures)) == [
        "Independent domestic violence advisers: close to its limit, with 95% of its capacity asked for.",
        "There is no backlog.",
        "456 minutes (7.6 hours) of work join a day on average, and 456 are done.",
    ]


def test_room_is_told_too() -> None:
    first = findings(results(days(70, demand=240.0, activity=240.0, load=0.5)))

    assert [finding.tone for finding in first] == ["good", "good", "note"]
    assert first[0].sentence == (
        "There is room: Independent domestic violence advisers is asked for 50% of its capacity."
    )


def test_work_that_meets_nobody() -> None:
    (first, *_) = findings(results(days(70, capacity=0.0, activity=0.0, load=None)))

    assert first.sentence == (
        "Independent domestic violence advisers: nobody is there for the work that comes. "
        "5,040 minutes of work join a week."
    )


def test_a_few_days_are_not_called_a_trend() -> None:
    told = findings(results(days(3)))

    assert told[1].sentence == (
        "720 minutes (12 hours) of work are waiting to be done; the records are too short to tell whether it grows."
    )
    assert told[1].tone == "watch"


def test_visits_ask_for_planned_minutes() -> None:
    measures = replace(days(70, capacity=None, load=None), unit="visits")
    told = findings(results(measures))

    assert told[1].sentence.startswith("The figures count visits, not minutes")
    assert "planned minutes" in told[1].detail
    assert told[0].sentence.endswith("the backlog grows by about 240 visits a day and is now 16,800 visits.")


def test_records_that_make_the_figures_doubtful_are_told_before_waits() -> None:
    odd = Odd("missing joins", 900, 0.9, "900 visits (90%) have no joining time.")
    quality = replace(samples.quality(), findings=(odd,))
    told = findings(results(days(70), quality=quality, waiting=samples.waiting()))

    assert [finding.tone for finding in told] == ["act", "act", "doubt"]
    assert told[2].sentence == "900 visits (90%) have no joining time."


def test_a_few_faults_in_the_records_are_not() -> None:
    told = sentences(results(days(70), quality=samples.quality(), waiting=samples.waiting()))

    assert told[2] == "The longest wait is 97 days, at Advocacy."


def test_days_still_filling_up_are_told_when_nothing_presses() -> None:
    calm = results(days(70, demand=240.0, activity=240.0, load=0.5), quality=samples.quality())

    assert sentences(calm)[0] == "Days from 26 March 2025 are probably still filling up."


def test_missed_targets() -> None:
    calm = results(days(70, demand=240.0, activity=240.0, load=0.5), breaches=samples.breaches())
    first = findings(calm)[0]

    assert first.sentence == "Advocacy: 29% of visits missed the target of 5 working days."
    assert first.detail == "431 of the 1,480 whose target had run out; 290 of them still wait."
    assert first.tone == "act"


def test_cases_that_nobody_has() -> None:
    calm = results(days(70, demand=240.0, activity=240.0, load=0.5), caseload=samples.caseload())

    assert "Independent domestic violence advisers: 240 open cases have no worker yet." in sentences(calm)


def test_for_sharing_no_case_is_named_and_small_counts_are_hidden() -> None:
    few = replace(samples.waiting(), waiting=3)
    pool = PoolCaseload("advocates", open_cases=30, not_allocated=3, workers=3.0, mean=9.0, most=12)
    caseload = replace(samples.caseload(), pools=(pool,))
    row = replace(samples.breaches().rows[0], judged=40, breached=3, share=0.075)
    given = results(
        days(70, demand=240.0, activity=240.0, load=0.5),
        waiting=few,
        caseload=caseload,
        breaches=replace(samples.breaches(), rows=(row,)),
    )
    open_page = findings(given, 9)
    shared = findings(replace(given, sharing=True), 9)

    assert "NS-2024-1040" in " ".join(finding.detail for finding in open_page)
    assert len(open_page) == len(shared) + 2
    text = " ".join(f"{finding.sentence} {finding.detail}" for finding in shared)
    assert "NS-2024" not in text
    assert "Fewer than 5 visits are waiting in all." in text
    assert "missed the target" not in text
    assert "no worker yet" not in text


@pytest.mark.parametrize("measures", [samples.measures([]), days(5, demand=0.0, activity=0.0, load=0.0)])
def test_nothing_happened(measures: Measures) -> None:
    assert findings(results(measures)) == ()


def test_one_fault_in_the_records_leaves_room_for_the_service() -> None:
    odd = [Odd(kind, 900, 0.9, f"900 visits have {kind}.") for kind in ("missing joins", "missing starts")]
    quality = replace(samples.quality(), findings=tuple(odd))
    told = findings(results(days(70, demand=240.0, activity=240.0, load=0.5), quality=quality))

    assert [finding.tone for finding in told] == ["doubt", "good", "good"]


def test_how_much_comes_is_told_when_nothing_else_can_be() -> None:
    rows = [samples.row("2025-01-06", pool, demand=12, activity=8, capacity=None, load=None) for pool in ("a", "b")]
    measures = replace(samples.measures(rows), unit="visits")
    told = findings(ReportResults(samples.service(), measures), 9)

    assert told[-1].sentence == "24 visits join a day on average, and 16 are done."
    assert told[-1].detail == "All pools, over 1 day of records."


def test_who_joined_a_moment_ago_is_no_longest_wait() -> None:
    waiting = samples.results().waiting
    assert waiting is not None
    for waited, is_told in ((0.0, False), (0.5, False), (1.0, True)):
        row = replace(waiting.rows[0], waited=waited, breached=False)
        told = findings(results(days(70), waiting=replace(waiting, rows=(row,), waiting=1)), most=20)
        assert any("longest wait" in finding.sentence for finding in told) is is_told


def in_progress_only(measures: Measures) -> Measures:
    """As the measures are where no joining time is recorded: what is done is all that is known to have come."""
    return replace(measures, joining_unknown=1.0)


def test_where_nobody_knows_who_waited_there_is_no_room_to_boast_of() -> None:
    (first, *_) = findings(results(in_progress_only(days(70, demand=240.0, activity=240.0, load=0.5))))

    assert first.tone == "note"
    assert first.sentence == "Independent domestic violence advisers: the work recorded took 50% of its capacity."
    assert first.detail == (
        "1,680 minutes of work a week, 3,360 can be done. Whether more was asked for is not known: the records do not "
        "say who was waiting. Over the last 10 weeks."
    )


def test_more_work_recorded_than_could_be_done_is_a_doubt_about_the_capacity() -> None:
    (first, *_) = findings(results(in_progress_only(days(70, activity=720.0))))

    assert first.tone == "doubt"
    assert first.sentence == "Independent domestic violence advisers: the work recorded is 150% of its capacity."
    assert "put too low in service.toml" in first.detail


def test_a_stray_day_is_told_before_other_faults_because_every_series_begins_with_it() -> None:
    odd = [Odd("missing joins", 900, 0.9, "900 visits have no join."), Odd("stray days", 1, 0.001, "1 visit in 1900.")]
    told = findings(results(days(70), quality=replace(samples.quality(), findings=tuple(odd))), most=20)
    assert next(finding.sentence for finding in told if finding.tone == "doubt") == "1 visit in 1900."
