"""Which parts the page has, in which order, and what is left out for sharing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lxml import etree, html

from millpond.measures.evidence import Evidence, notes_on
from millpond.records.findings import Finding as Odd
from millpond.report.charts.four_measures import four_measures
from millpond.report.gather import MOST_POOLS, page_contents
from millpond.report.page import build_page
from millpond.report.results import ReportResults
from tests.unit.report import samples


def test_the_parts_come_in_order() -> None:
    contents = page_contents(samples.results())

    assert [section.key for section in contents.sections] == [
        "measures",
        "bottleneck",
        "growth",
        "waits",
        "targets",
        "arrivals",
        "caseload",
        "to-come",
        "records",
    ]
    assert contents.period == "1 April 2024 to 31 March 2025"
    assert [definition.term for definition in contents.definitions] == ["Demand", "Capacity", "Activity", "Backlog"]


def test_the_critical_pool_comes_first() -> None:
    measures = page_contents(samples.results()).sections[0]

    assert measures.charts[0].key == "measures-advocates"
    assert {chart.key for chart in measures.small} == {"measures-counsellors", "measures-coordinators"}
    assert measures.lead[0].startswith("Independent domestic violence advisers first")


def test_the_whole_page_holds_together() -> None:
    page = build_page(page_contents(samples.results()))

    etree.fromstring(page.encode())
    tree: Any = html.fromstring(page)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_table_of_pools() -> None:
    (table,) = page_contents(samples.results()).sections[1].tables

    assert table.header[:3] == ("Pool", "Load", "Backlog now")
    first = dict(zip(table.header, table.rows[0], strict=True))
    assert first["Pool"] == "Independent domestic violence advisers"
    assert first["Cleared in"] == "never at this rate"
    assert [row[-1] for row in table.rows[1:]] == ["no backlog", "no backlog"]


def test_work_to_come_that_nobody_can_tell_is_unknown_and_not_nothing() -> None:
    section = next(s for s in page_contents(samples.results()).sections if s.key == "to-come")

    assert section.tables[0].rows == (
        ("Referral coordinators", "9", "180", "0", "0", "180"),
        ("Independent domestic violence advisers", "352", "20,940", "212", "12,690", "33,630"),
        ("Counsellors", "12", "600", "unknown", "unknown", "unknown"),
    )


def test_measures_alone_make_a_page() -> None:
    contents = page_contents(ReportResults(samples.service(), samples.worked_example()))

    assert [section.key for section in contents.sections] == ["measures", "growth"]
    etree.fromstring(build_page(contents).encode())


def test_empty_records_make_a_page_that_says_so() -> None:
    measures = samples.measures([], notes=("There are no visits in the records up to this date.",))
    contents = page_contents(ReportResults(samples.service(), measures))
    page = build_page(contents)

    assert contents.sections == ()
    assert "nothing to report" in page
    assert "There are no visits in the records up to this date." in page


def test_visits_have_definitions_without_minutes() -> None:
    measures = samples.measures([samples.row("2025-01-06", capacity=None, load=None)], unit="visits")
    contents = page_contents(ReportResults(samples.service(), measures))

    assert not any("minutes" in definition.meaning for definition in contents.definitions)


def test_thirty_pools() -> None:
    pools = tuple(f"pool {number:02d}" for number in range(30))
    measures = samples.measures([samples.row("2025-01-06", pool) for pool in pools])
    contents = page_contents(ReportResults(samples.service(), measures))

    first = contents.sections[0]
    assert len(first.charts) + len(first.small) == MOST_POOLS
    assert first.lead == (f"{MOST_POOLS} of 30 pools are drawn; the table of pools has all of them.",)


def test_for_sharing_nobody_is_named() -> None:
    page = build_page(page_contents(samples.results(sharing=True)))

    for name in ("NS-2024", "amina", "ben<", "chloe"):
        assert name not in page
    assert "Made for sharing: cases and workers are not named." in page
    assert "below 5" in page
    assert "NS-2024-1040" in build_page(page_contents(samples.results()))


def test_for_sharing_a_small_count_is_not_in_the_picture_either() -> None:
    arrivals = samples.hours_of_the_week({(0, 9): 40, (0, 10): 12, (5, 10): 3})
    given = replace(samples.results(sharing=True), arrivals=arrivals)
    (chart,) = next(s for s in page_contents(given).sections if s.key == "arrivals").charts

    counts = {(r["weekday"], r["hour"]): r["arrivals"] for r in chart.spec["datasets"]["hours"]}
    assert counts["Mon", 9] == 40
    assert counts["Sat", 10] is None
    # 55 less 40 less 3 would tell: the smallest of the others goes too.
    assert counts["Mon", 10] is None
    assert "few at the weekend" in chart.alt
    cells = [cell for row in chart.table.rows for cell in row]
    assert cells.count("below 5") == cells.count("not shown") == 1


def test_notes_are_told_once_and_in_words() -> None:
    given = samples.results()
    note = "412 visits known at 2025-03-31T17:00:00+01:00."
    assert given.waits is not None and given.breaches is not None
    given = replace(
        given,
        waits=replace(given.waits, notes=(note, "mean_completed is of started visits only.")),
        breaches=replace(given.breaches, notes=(note,)),
    )
    told = [sentence for group in page_contents(given).notes for sentence in group.sentences]

    assert told.count("412 visits known at 17:00 on 31 March 2025.") == 1
    assert not any("mean_completed" in sentence for sentence in told)


@pytest.mark.parametrize("pool", ["advocates", "counsellors"])
def test_the_table_under_the_chart_is_the_result(pool: str) -> None:
    measures = samples.results().measures
    table = four_measures(measures, pool).table

    rows = [row for row in measures.rows if row.pool == pool]
    assert [row[1:] for row in table.rows] == [
        (
            f"{row.demand:,.0f}",
            f"{row.capacity:,.0f}",
            f"{row.activity:,.0f}" if row.activity >= 10 else table.rows[number][3],
            f"{row.withdrawn:,.0f}",
            f"{row.backlog:,.0f}" if row.backlog >= 10 or row.backlog == 0 else table.rows[number][5],
        )
        for number, row in enumerate(rows)
    ]


def test_the_page_does_not_tell_where_the_records_lie() -> None:
    quality = replace(samples.quality(), source="/home/ines/victim-support/records.csv")
    section = next(s for s in page_contents(samples.results(quality=quality)).sections if s.key == "records")

    assert section.points[0] == "9,812 rows read from records.csv: 9,800 visits kept, 12 rows set aside."


def test_for_sharing_notes_and_findings_that_tell_small_counts_are_left_out() -> None:
    few = Odd("future dates", 3, 0.001, "3 visits have an event in the future.")
    quality = replace(samples.quality(), findings=(*samples.quality().findings, few))
    given = samples.results(quality=quality)
    assert given.caseload is not None
    given = replace(given, caseload=replace(given.caseload, notes=("Not allocated to anyone: 3.",)))

    assert "3 visits have an event" in build_page(page_contents(given))
    assert "Not allocated to anyone: 3" in build_page(page_contents(given))
    shared = build_page(page_contents(replace(given, sharing=True)))
    assert "3 visits have an event" not in shared
    assert "Not allocated to anyone" not in shared


def without_joining_times() -> ReportResults:
    """Results as the measures give them where no joining time is recorded."""
    notes = notes_on(Evidence({"planned": 9}, {"started": 9}, 0), samples.service(), {}, rota=False)
    given = samples.results(breaches=None, waiting=None, lead_times=None)
    assert given.waits is not None
    rows = tuple(
        replace(row, started=0, withdrawn=0, waiting=0, unknown=row.visits, median=None, p90=None)
        for row in given.waits.rows
    )
    measures = replace(given.measures, notes=notes, joining_unknown=1.0)
    return replace(given, measures=measures, waits=replace(given.waits, rows=rows, curves=()))


def test_a_backlog_without_joining_times_is_never_called_a_backlog() -> None:
    contents = page_contents(without_joining_times())
    parts = {section.key: section for section in contents.sections}

    assert not any("backlog" in finding.sentence for finding in contents.findings)
    chart = parts["measures"].charts[0]
    assert "work in progress only" in chart.subtitle
    assert "The work in progress grew" in chart.alt
    assert chart.table.header[-1] == "In progress at the week’s end"
    assert ">In progress 21,028<" in chart.svg()
    assert parts["growth"].charts == ()
    assert parts["growth"].lead[0].startswith("That cannot be told")
    assert parts["bottleneck"].tables[0].header == ("Pool", "Load", "In progress now")


def test_waits_without_joining_times_are_unknown_and_not_nothing() -> None:
    parts = {section.key: section for section in page_contents(without_joining_times()).sections}

    assert parts["waits"].tables == ()
    assert parts["waits"].small == ()
    assert parts["waits"].lead[0].startswith("Waits are unknown, not zero")


def test_a_step_without_any_known_wait_is_unknown_among_others() -> None:
    given = samples.results()
    assert given.waits is not None
    first = replace(given.waits.rows[0], started=0, withdrawn=0, waiting=0, unknown=1600, median=None, p90=None)
    waits = replace(given.waits, rows=(first, given.waits.rows[1]))
    parts = {section.key: section for section in page_contents(replace(given, waits=waits)).sections}

    assert [row[:3] for row in parts["waits"].tables[0].rows] == [
        ("Triage", "unknown", "unknown"),
        ("Advocacy", "30 days", "not reached"),
    ]


def test_without_joining_times_nothing_is_said_to_have_been_asked_of_a_pool() -> None:
    parts = {section.key: section for section in page_contents(without_joining_times()).sections}

    assert parts["bottleneck"].lead == (
        "The records do not say who was waiting: what was asked of each pool is not known, only the work that was "
        "begun.",
    )
    assert "both when it joined and when it started" in parts["waits"].lead[0]


def test_figures_in_visits_say_why_there_is_no_bottleneck_and_no_capacity() -> None:
    given = samples.results()
    rows = [replace(row, capacity=None, load=None, utilisation=None) for row in given.measures.rows]
    measures = replace(given.measures, rows=tuple(rows), unit="visits")
    assert given.critical is not None
    loads = [replace(row, load=None, capacity=None) for row in given.critical.rows]
    critical = replace(given.critical, rows=tuple(loads), unit="visits", pool=None)
    contents = page_contents(replace(given, measures=measures, critical=critical))
    parts = {section.key: section for section in contents.sections}

    assert parts["bottleneck"].lead[0].startswith("That cannot be told: demand is counted in visits")
    assert "Capacity cannot be counted in visits, so it is not drawn." in parts["measures"].charts[0].subtitle
    assert "Capacity is not known" not in parts["measures"].charts[0].subtitle


def test_lead_times_add_up_to_the_cases() -> None:
    parts = {section.key: section for section in page_contents(samples.results()).sections}
    table = next(table for table in parts["waits"].tables if table.caption.startswith("Lead times"))

    assert table.header[3:] == ("Cases", "Closed", "Withdrawn", "Open", "Unknown")
    cases, *parts_of_it = (int(cell.replace(",", "")) for cell in table.rows[0][3:])
    assert sum(parts_of_it) == cases
