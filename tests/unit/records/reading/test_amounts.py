"""Minutes of work as people write them, to the microsecond."""

from __future__ import annotations

import pytest

from millpond.records.reading.amounts import Comma, minutes_of

from .conftest import Read


@pytest.mark.parametrize(
    ("text", "comma", "us"),
    [
        ("0", "unclear", 0),
        ("60", "unclear", 3_600_000_000),
        ("12.5", "unclear", 750_000_000),
        ("0.1", "unclear", 6_000_000),
        (".5", "unclear", 30_000_000),
        ("7.", "unclear", 420_000_000),
        ("1E2", "unclear", 6_000_000_000),
        ("33.333333", "unclear", 2_000_000_000 - 20),  # 33.333333 x 60 s = 1999.99998 s
        ("12,5", "decimal", 750_000_000),
        ("1,234", "decimal", 74_040_000),
        ("1,234", "thousands", 74_040_000_000),
        ("1,234.5", "thousands", 74_070_000_000),
        ("0:45:00", "unclear", 2_700_000_000),
        ("26:00:00.5", "unclear", 93_600_500_000),
        ("1,234", "unclear", None),
        ("-5", "unclear", None),
        ("-0:45:00", "unclear", None),
        ("1:30", "unclear", None),  # an hour and a half, or a minute and a half?
        ("45 MIN", "unclear", None),
        ("1E99", "unclear", None),
        ("INF", "unclear", None),
        ("1_000", "unclear", None),
        ("12,34,5", "decimal", None),
        ("99999999999", "unclear", None),
    ],
)
def test_minutes(text: str, comma: Comma, us: int | None) -> None:
    assert minutes_of(text, comma) == us


@pytest.mark.parametrize(
    ("minutes", "kept"),
    [
        (["12.5", " 60 ", "", "NA"], {"2": 12.5, "3": 60, "4": None, "5": None}),
        (["12;5", "-5", "60"], {"4": 60}),
        (["12,5", "1,234"], {"2": 12.5, "3": 1.234}),  # the first tells what a comma means in the second
        (["1,234.5", "1,234"], {"2": 1234.5, "3": 1234}),
        (["1,234", "60"], {"3": 60}),  # nothing tells
        (["12,5", "1,234.5", "7"], {"4": 7}),  # both cannot be
    ],
)
def test_a_column_of_minutes_is_read_in_one_way(read: Read, minutes: list[str], kept: dict[str, float | None]) -> None:
    rows = "".join(f'{row},a,2025-01-06,"{text}"\n' for row, text in enumerate(minutes, 2))
    log = read("case,step,started,minutes\n" + rows)
    found = {case: None if us is None else us / 60_000_000 for case, us in log.rows("case", "minutes_us")}
    assert found == kept
    assert {reason for _, reason, _ in log.aside()} <= {
        "what stands in 'minutes' is no number of minutes, or is negative"
    }
    assert len(log.aside()) == len(minutes) - len(kept)


def test_a_comma_that_nothing_explains_is_told(read: Read) -> None:
    log = read('case,step,started,minutes\n1,a,2025-01-06,"1,234"\n2,a,2025-01-06,7\n')
    assert any("1,234 could be one thousand or one and a bit" in note for note in log.reading.notes)
