"""School holidays in service.toml."""

from __future__ import annotations

from datetime import date

import pytest

from millpond.errors import FaultyService
from millpond.model import SchoolHoliday, dump_service, parse_service

TEXT = """\
name = "x"
school_holidays = [{ from = 2025-07-23, to = 2025-09-02 }, { from = 2025-10-27, to = 2025-10-27 }]
"""


def test_they_are_read_and_written_as_they_stand() -> None:
    service = parse_service(TEXT)
    assert service.school_holidays == (
        SchoolHoliday(first=date(2025, 7, 23), last=date(2025, 9, 2)),
        SchoolHoliday(first=date(2025, 10, 27), last=date(2025, 10, 27)),
    )
    assert dump_service(service) == TEXT
    longer = 'name = "x"\n[[school_holidays]]\nfrom = 2025-07-23\nto = 2025-09-02\n'
    assert parse_service(longer).school_holidays == service.school_holidays[:1]


@pytest.mark.parametrize(
    ("entry", "where", "what"),
    [
        ("{ from = 2025-09-02, to = 2025-07-23 }", "school_holidays[1]", "ends on 2025-07-23, before it begins"),
        ("{ from = 2025-09-02 }", "school_holidays[1].to", "is missing"),
        ('{ from = "2025-09-02", to = 2025-09-03 }', "school_holidays[1].from", "where a date belongs"),
        ("{ from = 2025-09-02, until = 2025-09-03 }", "school_holidays[1].until", "is not a known key"),
    ],
)
def test_a_faulty_one_is_named_by_its_place(entry: str, where: str, what: str) -> None:
    with pytest.raises(FaultyService) as raised:
        parse_service(f'name = "x"\nschool_holidays = [{entry}]')
    told = {fault.where: fault.what for fault in raised.value.faults}
    assert what in told[where], told
