"""The four measures in a terminal of 80 columns."""

from __future__ import annotations

from millpond.report.text import WIDTH, measures_text
from tests.unit.report import samples


def test_the_worked_example() -> None:
    assert measures_text(samples.worked_example(), {"advocates": "Advisers"}) == "\n".join(
        [
            "Advisers, in minutes of work",
            "",
            "day         demand  capacity  activity  withdrawn  backlog  load",
            "----------  ------  --------  --------  ---------  -------  ----",
            "2025-01-06     720       480       480          0    1,200  1.50",
            "2025-01-07     720       480       480          0    1,440  1.50",
            "2025-01-08     720       480       480          0    1,680  1.50",
            "",
        ]
    )


def test_what_is_not_known_or_not_over_is_marked_and_explained() -> None:
    rows = [
        samples.row("2025-01-06", capacity=None, load=None),
        samples.row("2025-01-07", complete=False, filling=True),
    ]
    text = measures_text(samples.measures(rows, notes=("A note.",)))

    assert "2025-01-06         720         -       480          0    1,200     -\n" in text
    assert "2025-01-07 * ~     720       480" in text
    assert "* the day is not over yet\n~ recent days are still filling up\n- A note.\n" in text


def test_no_line_is_wider_than_the_terminal() -> None:
    name = "Independent sexual violence advisers, children and young people, north west, and their volunteers"
    row = samples.row(
        "2025-01-06T09:00+00:00",
        complete=False,
        filling=True,
        demand=1234567.0,
        capacity=1234567.0,
        activity=1234567.0,
        backlog=1234567.0,
    )
    text = measures_text(samples.measures([row], by="hour", notes=("word " * 60,)), {"advocates": name})

    assert max(len(line) for line in text.splitlines()) <= WIDTH
    assert "2025-01-06 09:00 +00:00 * ~" in text


def test_only_the_last_periods() -> None:
    text = measures_text(samples.worked_example(), last=1)

    assert "2025-01-07" not in text
    assert "2025-01-08" in text
    assert "The last 1 of 3 days." in text


def test_no_periods() -> None:
    assert measures_text(samples.measures([], notes=("There are no visits.",))) == (
        "No periods to show.\n\n- There are no visits.\n"
    )


def test_a_name_cannot_command_the_terminal() -> None:
    text = measures_text(samples.measures([samples.row("2025-01-06", pool="\x1b[2Jadvisers")]))

    assert "\x1b" not in text
