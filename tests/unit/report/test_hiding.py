"""Small counts of people and what would tell them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from millpond.report.hiding import told
from millpond.report.tables import Names, lead_times_by_stream, target_waits, waits_by_step, work_to_come
from tests.unit.report import samples


@pytest.mark.parametrize(
    ("counts", "below", "said"),
    [
        ((40, 3, 12, 0), 0, ("40", "3", "12", "0")),
        ((40, 5, 12, 0), 5, ("40", "5", "12", "0")),
        ((40, 3, 12, 0), 5, ("40", "below 5", "not shown", "0")),
        ((40, 3, 12, 1), 5, ("40", "below 5", "12", "below 5")),
        ((3, 0, 0), 5, ("below 5", "0", "0")),
        ((), 5, ()),
    ],
)
def test_what_is_told(counts: tuple[int, ...], below: int, said: tuple[str, ...]) -> None:
    assert told(counts, below) == said


def names(below: int = 5) -> Names:
    return Names(samples.service(), below)


def test_a_wait_row_does_not_tell_by_subtraction() -> None:
    row = replace(samples.waits().rows[0], visits=100, started=80, withdrawn=2, waiting=18, unknown=0)
    table = waits_by_step(replace(samples.waits(), rows=(row,)), names())

    assert table.rows[0][3:] == ("100", "80", "below 5", "not shown", "0")


def test_a_share_that_tells_how_few_were_in_time() -> None:
    row = replace(samples.breaches().rows[0], judged=40, breached=38, share=0.95, still_waiting=30, not_yet=7)
    told_row = target_waits(replace(samples.breaches(), rows=(row,)), names()).rows[0]

    assert told_row == (
        "Advocacy",
        "5 working days",
        "40",
        "not shown",
        "not shown",
        "not shown",
        "not shown",
        "7",
    )


def test_nothing_is_hidden_from_the_service_itself() -> None:
    row = replace(samples.breaches().rows[0], judged=40, breached=38, share=0.95, still_waiting=3, not_yet=2)
    told_row = target_waits(replace(samples.breaches(), rows=(row,)), names(0)).rows[0]

    assert told_row == ("Advocacy", "5 working days", "40", "38", "95%", "27% to 32%", "3", "2")


def test_cases_of_a_small_stream() -> None:
    row = replace(samples.lead_times().rows[0], cases=50, closed=46, withdrawn=4, open=0, unknown=0)
    table = lead_times_by_stream(replace(samples.lead_times(), rows=(row,)), names())

    assert table.rows[0][3:] == ("50", "not shown", "below 5", "0", "0")


def test_minutes_left_in_few_visits() -> None:
    content = samples.work_content()
    rows = (replace(content.rows[0], open_visits=3), *content.rows[1:])

    assert work_to_come(replace(content, rows=rows), names()).rows[0] == (
        "Referral coordinators",
        "below 5",
        "not shown",
        "0",
        "0",
        "not shown",
    )
