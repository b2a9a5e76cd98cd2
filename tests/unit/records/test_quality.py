"""The quality report, from tables that a person can check by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import pytest

from millpond.model import Service, parse_service
from millpond.records.checks import names_alike
from millpond.records.gaps import gaps
from millpond.records.order import disorder, put_in_order
from millpond.records.quality import QualityReport, quality_report
from millpond.records.stray import stray_days
from tests.tables import visits

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2025, 1, 10, 12, 0, tzinfo=LONDON)


@pytest.fixture
def backend() -> Iterator[Any]:
    connection = ibis.duckdb.connect()
    yield connection
    connection.disconnect()


@pytest.fixture
def report(backend: Any) -> Any:
    """The quality report of a log that is given as a text table."""

    def made(text: str, *, service: Service | None = None, now: datetime = NOW) -> QualityReport:
        table = visits(text, backend=backend).op().name
        return quality_report(backend.con, table, zone=LONDON, now=now, source="log.csv", service=service)

    return made


def found(report: QualityReport) -> list[tuple[str, int]]:
    return [(each.kind, each.count) for each in report.findings]


def test_a_log_without_fault_has_no_findings(report: Any) -> None:
    clean = report(
        """
        case | step   | joined    | started | ended | worker | minutes
        -----+--------+-----------+---------+-------+--------+--------
        ada  | triage | Mon 09:00 | 09:30   | 10:00 | w1     | 20
        bob  | triage | Tue 09:00 | 10:00   | 10:30 | w1     |
        cat  | triage | Wed 09:00 |         |       |        |
        """
    )
    assert found(clean) == []
    assert clean.sentences[0] == "3 rows read from log.csv: 3 visits kept."


def test_who_left_before_being_seen_has_no_start_to_be_missing(report: Any) -> None:
    log = """
        visit | case | step   | joined    | started | ended     | outcome
        ------+------+--------+-----------+---------+-----------+----------
        nost  | ada  | triage | Mon 09:00 |         | Mon 11:00 | done
        blank | bob  | triage | Mon 09:00 |         | Mon 11:00 |
        left  | cat  | triage | Mon 09:00 |         | Mon 11:00 | withdrawn
        moved | dan  | triage | Mon 09:00 |         | Mon 11:00 | moved away
        """
    assert report(log).of("missing starts").examples == ("blank", "moved", "nost")
    named = parse_service('name = "T"\noutcomes = ["moved away"]\nwithdrawn_outcomes = ["withdrawn", "moved away"]')
    assert report(log, service=named).of("missing starts").examples == ("blank", "nost")


def test_each_oddity_is_counted_with_its_visits(report: Any) -> None:
    odd = report(
        """
        visit | case | step   | joined    | started   | ended     | minutes
        ------+------+--------+-----------+-----------+-----------+--------
        fine  | ada  | triage | Mon 09:00 | Mon 09:30 | Mon 10:00 |
        nost  | bob  | triage | Mon 09:00 |           | Mon 11:00 |
        nojo  | cat  | triage |           | Tue 09:00 | Tue 10:00 |
        zero  | dan  | triage | Mon 09:00 | Tue 09:00 | Tue 09:00 |
        told  | eve  | triage | Mon 09:00 | Tue 09:00 | Tue 09:00 | 20
        soon  | fay  | triage | Mon 09:00 | Wed 09:00 | Fri 12:01 |
        wait  | gil  | triage | Mon 09:00 |           |           |
        """
    )
    assert [(each.kind, each.count, each.share, each.examples) for each in odd.findings] == [
        ("missing joins", 1, pytest.approx(1 / 7), ("nojo",)),
        ("missing starts", 1, pytest.approx(1 / 7), ("nost",)),
        ("zero-length work", 1, pytest.approx(1 / 7), ("zero",)),
        ("future dates", 1, pytest.approx(1 / 7), ("soon",)),
    ]


def test_overlaps_count_the_minutes_that_are_there_more_than_once(report: Any) -> None:
    """w1: 09:00-12:00 holds 10:00-10:30 and 10:15-12:30.

    At 10:00-10:15 two ran, at 10:15-10:30 three, at 10:30-12:00 two: 15 + 2 x 15 + 90 = 135 minutes too many.
    """
    odd = report(
        """
        visit | case | step   | joined    | started | ended | worker
        ------+------+--------+-----------+---------+-------+-------
        long  | ada  | triage | Mon 08:00 | 09:00   | 12:00 | w1
        in    | bob  | triage | Mon 08:00 | 10:00   | 10:30 | w1
        over  | cat  | triage | Mon 08:00 | 10:15   | 12:30 | w1
        after | dan  | triage | Mon 08:00 | 12:30   | 13:00 | w1
        else  | eve  | triage | Mon 08:00 | 09:00   | 12:00 | w2
        none  | fay  | triage | Mon 08:00 | 09:00   | 12:00 |
        """
    )
    (overlap,) = odd.findings
    assert (overlap.kind, overlap.count, overlap.examples) == ("overlaps", 3, ("in", "over"))
    assert overlap.sentence == (
        "3 visits (60% of those with a worker, a start and an end) ran at the same time as another of the same worker, "
        "135 minutes in all: the time that they share is divided among them."
    )


def test_names_that_the_service_lacks_come_with_the_nearest(report: Any) -> None:
    service = parse_service(
        """
        name = "x"
        [pools.advocates]
        workers = 2
        [steps.assessment]
        pool = "advocates"
        minutes = 60
        next = { closed = 1.0 }
        """
    )
    odd = report(
        """
        case | step       | joined    | pool      | worker
        -----+------------+-----------+-----------+-------
        ada  | assessment | Mon 09:00 | advocates | w1
        bob  | asessment  | Mon 09:00 | advocate  | w1
        cat  | asessment  | Mon 09:00 |           | w1
        dan  | zzz        | Mon 09:00 |           | w1
        """,
        service=service,
    )
    assert found(odd) == [("unknown steps", 3), ("unknown pools", 1)]
    assert odd.findings[0].sentence == (
        "2 steps are not in service.toml: 'asessment' (did you mean 'assessment'?), 'zzz', with 3 visits (75%). "
        "Such visits count in the pool that is recorded for them, else as unassigned."
    )


def test_the_service_knows_its_workers_only_where_it_names_some(report: Any) -> None:
    text = """
        name = "x"
        [pools.advocates]
        [workers.sam]
        pool = "advocates"
        """
    log = """
        case | step | joined    | worker
        -----+------+-----------+-------
        ada  | s    | Mon 09:00 | sam
        bob  | s    | Mon 09:00 | sma
        """
    assert found(report(log, service=parse_service(text))) == [("unknown workers", 1)]


def test_a_visit_that_ended_before_it_started_keeps_its_end_and_loses_its_start(backend: Any) -> None:
    table = visits(
        """
        visit | case | step   | joined    | started   | ended     | minutes
        ------+------+--------+-----------+-----------+-----------+--------
        fine  | ada  | triage | Mon 08:00 | Mon 09:00 | Mon 10:00 |
        back  | bob  | triage | Mon 08:00 | Mon 10:00 | Mon 09:00 | 20
        late  | cat  | triage | Mon 09:30 | Mon 09:00 | Mon 10:00 |
        worst | dan  | triage | Mon 11:00 | Mon 10:00 | Mon 09:00 |
        nost  | eve  | triage | Tue 01:00 |           | Mon 23:00 |
        """,
        backend=backend,
    )
    name = table.op().name
    backend.con.execute(f"ALTER TABLE {name} ADD COLUMN recorded_joined_us BIGINT")
    backend.con.execute(f"UPDATE {name} SET recorded_joined_us = joined_us WHERE joined_source = 'recorded'")
    # As read: a visit that joined after it started joined when it started.
    backend.con.execute(f"UPDATE {name} SET joined_us = least(joined_us, started_us)")
    assert [(each.kind, each.count, each.examples) for each in disorder(backend.con, name)] == [
        ("ends before starts", 2, ("back", "worst")),
        ("joined after started", 3, ("late", "worst", "nost")),
    ]
    put_in_order(backend.con, name)
    hour = 3_600_000_000
    monday = 1_736_121_600_000_000  # 2025-01-06 00:00 UTC
    rows = table.order_by("visit").select("visit", "joined_us", "joined_hour", "started_us", "ended_us").to_pyarrow()
    assert [tuple(row.values()) for row in rows.to_pylist()] == [
        ("back", monday + 8 * hour, 8, None, monday + 9 * hour),
        ("fine", monday + 8 * hour, 8, monday + 9 * hour, monday + 10 * hour),
        ("late", monday + 9 * hour, 9, monday + 9 * hour, monday + 10 * hour),
        ("nost", monday + 23 * hour, 23, None, monday + 23 * hour),
        ("worst", monday + 9 * hour, 9, None, monday + 9 * hour),
    ]


def test_rows_set_aside_come_first_with_their_reasons(backend: Any) -> None:
    table = (
        visits(
            """
        case | step | joined
        -----+------+----------
        ada  | s    | Mon 09:00
        """,
            backend=backend,
        )
        .op()
        .name
    )
    backend.con.execute(
        "CREATE TABLE log_aside AS FROM (VALUES (3, 'no case', ',s,'), (9, 'duplicate row', 'b'), (7, 'no case', 'c'))"
        " AS t(row_number, reason, original)"
    )
    report = quality_report(backend.con, table, zone=LONDON, now=NOW, source="log.csv", rows=4, aside="log_aside")
    assert [(each.kind, each.count, each.share, each.examples) for each in report.findings] == [
        ("set aside", 2, 0.5, ("row 3", "row 7")),
        ("duplicate rows", 1, 0.25, ("row 9",)),
    ]
    assert report.sentences[:2] == (
        "4 rows read from log.csv: 1 visit kept, 3 rows set aside.",
        "2 rows set aside: no case.",
    )


def weekdays(first: date, weeks: int, count: int, *without: date) -> dict[date, int]:
    days = [first + timedelta(days=n) for n in range(7 * weeks)]
    return {day: count for day in days if day.weekday() < 5 and day not in without}


def test_a_day_without_visits_on_a_busy_weekday_is_a_gap() -> None:
    monday = date(2025, 1, 6)
    lost = date(2025, 2, 5)
    (gap,) = gaps(weekdays(monday, 10, 8, lost))
    assert (gap.first, gap.last, gap.expected, str(gap)) == (lost, lost, 8, "2025-02-05")


def test_weekends_of_an_office_are_no_gap_and_quiet_days_of_a_small_service_neither() -> None:
    monday = date(2025, 1, 6)
    assert gaps(weekdays(monday, 10, 8)) == ()
    assert gaps(weekdays(monday, 10, 6, date(2025, 2, 5))) == ()  # e^-6 is 1 in 400


def test_a_week_without_visits_is_a_gap_from_monday_to_friday() -> None:
    monday = date(2025, 1, 6)
    lost = [date(2025, 2, 3) + timedelta(days=n) for n in range(7)]
    (gap,) = gaps(weekdays(monday, 10, 2, *lost))
    assert (str(gap), gap.expected) == ("2025-02-03 to 2025-02-07", 10)


def test_a_closed_day_is_no_gap() -> None:
    monday = date(2025, 1, 6)
    lost = date(2025, 2, 5)
    assert gaps(weekdays(monday, 10, 20, lost), {lost}) == ()


def test_years_between_two_visits_are_searched_quickly() -> None:
    (gap,) = gaps({date(1, 1, 3): 1, **weekdays(date(2025, 1, 6), 10, 8)})
    assert (gap.first.year, gap.last) == (2024, date(2025, 1, 3))


def test_gaps_leave_out_the_service_holidays(report: Any) -> None:
    days = [date(2025, 4, 1) + timedelta(days=n) for n in range(42)]
    closed = {date(2025, 4, 18), date(2025, 4, 21), date(2025, 5, 5)}  # Good Friday, Easter Monday, early May
    lines = [f"c{n} | s | {day} 09:00" for day in days if day.weekday() < 5 and day not in closed for n in range(12)]
    text = "case | step | joined\n" + "\n".join(lines)
    now = datetime(2025, 5, 13, tzinfo=LONDON)
    assert found(report(text, now=now)) == [("gaps in days", 2)]
    service = parse_service('name = "x"\nholidays = "GB-ENG"\n')
    assert found(report(text, service=service, now=now)) == []


def test_the_lag_is_part_of_the_report(report: Any) -> None:
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(70)]
    lines = [f"c{n} | s | {day} 09:00" for day in days for n in range(2 if day == days[-1] else 20)]
    text = "case | step | joined\n" + "\n".join(lines)
    lagging = report(text, now=datetime(2025, 4, 1, tzinfo=LONDON))
    assert lagging.lag.filling_from == days[-1]
    assert lagging.sentences[-1] == lagging.lag.sentence
    today = report(text, now=datetime(2025, 3, 11, 10, 0, tzinfo=LONDON))
    assert (today.lag.filling_from, today.lag.basis) == (days[-1], "clock")


def test_a_report_names_the_file_and_not_where_it_lies(backend: Any) -> None:
    table = visits("case | step | joined\n ada | triage | Mon 09:00", backend=backend).op().name
    made = quality_report(backend.con, table, zone=LONDON, now=NOW, source="/home/sam/private/log.csv")
    assert made.source == "log.csv"
    assert made.sentences[0] == "1 row read from log.csv: 1 visit kept."


def test_a_date_that_stands_for_unknown_is_told(report: Any) -> None:
    rows = "\n".join(f"c{n} | triage | 2025-01-{6 + n % 4:02d} 09:00" for n in range(40))
    log = report(f"case | step | joined\n-----+------+-------\nx | triage | 1900-01-01 00:00\n{rows}")
    stray = log.of("stray days")
    assert stray is not None
    assert (stray.count, stray.examples) == (1, ("1900-01-01",))
    assert stray.sentence.startswith(
        "1 visit (2%) joined on 1900-01-01, more than 10 years before all others, which begin on 2025-01-06"
    )


def test_old_records_are_not_stray() -> None:
    old = {date(1990, 1, 1) + timedelta(days=n): 1 for n in range(10)}
    new = {date(2025, 1, 1) + timedelta(days=n): 1 for n in range(100)}
    assert not list(stray_days({**old, **new}))  # one in eleven, not one in twenty
    assert not list(stray_days({date(2016, 1, 1): 1, **new}))  # nine years
    assert [found.count for found in stray_days({date(1, 1, 1): 1, date(1899, 12, 30): 2, **new})] == [3]
    assert not list(stray_days({}))


def test_the_first_day_of_the_calendar_is_a_day() -> None:
    assert len(gaps({date.min: 1, **weekdays(date(2025, 1, 6), 10, 8)})) == 1


def test_names_that_differ_only_in_capitals_or_blanks_are_told(backend: Any) -> None:
    names = ["Triage", "Triage", "triage", "Triage ", "first  contact", "First contact", "advice"]
    table = visits("case | step | joined\n-----+-----+-----\na | x | Mon 09:00", backend=backend).op().name
    rows = ", ".join(f"('{name}', NULL, NULL)" for name in names)
    backend.con.execute(f"CREATE TABLE named AS SELECT * FROM (VALUES {rows}) AS t(step, pool, worker)")
    backend.con.execute("ALTER TABLE named ALTER pool TYPE VARCHAR")
    backend.con.execute("ALTER TABLE named ALTER worker TYPE VARCHAR")
    (alike,) = names_alike(backend.con, "named")
    assert (alike.kind, alike.count) == ("steps alike", 3)
    assert alike.sentence == (
        "Some steps differ only in capitals or blanks, and count as different: 'Triage' and 'Triage ' and 'triage'; "
        "'First contact' and 'first  contact'. 3 visits (43%) would join another's: write them alike at the source if "
        "they are the same."
    )
    assert not list(names_alike(backend.con, table))
