"""What the parts of a service mean together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from millpond.errors import FaultyService, WrongUse
from millpond.model import Calendar, Pool, RecordsMapping, Service, Worker, label_of, parse_service
from tests.unit.model.examples import NORTHSHIRE

NORTH = parse_service(NORTHSHIRE)


def test_a_service_of_nothing_but_a_name_has_the_defaults() -> None:
    service = Service(name="Helpline")
    assert (service.timezone, service.currency, service.suppress_below) == ("Europe/London", "GBP", 5)
    assert service.holiday_region is None
    assert service.all_outcomes == ("closed", "withdrawn")
    assert service.withdrawn_outcomes == ("withdrawn",)
    assert service.records is None


def test_every_service_ends_cases_as_closed_or_withdrawn_and_as_it_declares() -> None:
    service = Service(name="x", outcomes=("referred on", "closed"))
    assert service.all_outcomes == ("closed", "withdrawn", "referred on")


def test_a_pool_keeps_the_calendar_it_names_or_the_only_one() -> None:
    assert NORTH.calendar_name(NORTH.pools["advocates"]) == "office"
    assert NORTH.calendar_name(NORTH.pools["coordinators"]) == "office"
    assert NORTH.calendar_of(NORTH.pools["coordinators"]) is NORTH.calendars["office"]


def test_without_calendars_the_office_is_assumed() -> None:
    service = Service(name="x", pools={"a": Pool(), "b": Pool(calendar="office")})
    for pool in service.pools.values():
        assert service.calendar_of(pool).hours == "Mon-Fri 09:00-17:00"
    assert list(service.effective_calendars) == ["office"]
    assert service.calendars == {}


def test_a_worker_keeps_another_calendar_or_that_of_the_pool() -> None:
    service = Service(
        name="x",
        calendars={"office": Calendar(hours="Mon 09:00-17:00"), "late": Calendar(hours="Mon 17:00-20:00")},
        pools={"a": Pool(calendar="late")},
        workers={"sam": Worker(pool="a"), "alex": Worker(pool="a", calendar="office")},
    )
    assert service.calendar_name(service.workers["sam"]) == "late"
    assert service.calendar_name(service.workers["alex"]) == "office"


@pytest.mark.parametrize(
    ("pool", "day", "workers"),
    [
        ("advocates", date(2025, 8, 31), 2),  # as stated
        ("advocates", date(2025, 9, 1), 3),  # as changed
        ("coordinators", date(2025, 2, 2), 1),  # alex
        ("coordinators", date(2025, 2, 3), 2),  # alex and sam
        ("coordinators", date(2025, 10, 1), 1),  # sam has left
    ],
)
def test_the_headcount_is_as_stated_or_as_named(pool: str, day: date, workers: float) -> None:
    assert NORTH.headcount(pool, day) == workers


def test_the_named_workers_of_a_pool() -> None:
    assert list(NORTH.workers_of("coordinators")) == ["sam", "alex"]
    assert list(NORTH.workers_of("coordinators", date(2025, 10, 1))) == ["alex"]
    assert list(NORTH.workers_of("advocates")) == []


def test_an_unknown_pool_has_no_headcount() -> None:
    with pytest.raises(WrongUse, match=r'no pool "advocats" in Northshire victim support.\nDid you mean "advocates"'):
        NORTH.headcount("advocats", date(2025, 1, 1))
    with pytest.raises(WrongUse, match=r'Add \[pools."night shift"\] to service.toml'):
        NORTH.headcount("night shift", date(2025, 1, 1))


def test_a_label_is_what_people_call_it_or_its_name() -> None:
    assert label_of(NORTH.pools, "advocates") == "Independent domestic violence advisers"
    assert label_of(NORTH.pools, "coordinators") == "coordinators"
    assert label_of(NORTH.steps, "not there") == "not there"


@pytest.mark.parametrize(
    ("fields", "where", "what"),
    [
        ({"name": " "}, "name", "is a blank name"),
        ({"currency": "pounds"}, "currency", 'is "pounds", which is not a currency'),
        ({"currency": "gbp"}, "currency", 'is "gbp", which is not a currency'),
        ({"outcomes": ("a", "b", "a")}, "outcomes", 'has "a" twice'),
        ({"outcomes": ("a", "")}, "outcomes[2]", "is a blank name"),
        ({"withdrawn_outcomes": ("gone",)}, "withdrawn_outcomes[1]", 'names "gone", which is not an outcome'),
        ({"suppress_below": -1}, "suppress_below", "is -1, which is below 0"),
        ({"suppress_below": 5.5}, "suppress_below", "where a whole number belongs"),
        ({"suppress_below": 10**400}, "suppress_below", "is too large to write out, which is above 1000000"),
        ({"pools": {" ": Pool()}}, 'pools." "', "is a blank name"),
    ],
)
def test_faulty_services_are_told(fields: dict[str, Any], where: str, what: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Service(**{"name": "x", **fields})
    (fault,) = caught.value.faults
    assert fault.where == where
    assert what in fault.what


@pytest.mark.parametrize(
    ("fields", "where", "what"),
    [
        ({"delimiter": ""}, "delimiter", 'is "", which is not one character'),
        ({"delimiter": "tab"}, "delimiter", 'is "tab", which is not one character'),
        ({"encoding": "utf-88"}, "encoding", 'is "utf-88", which is not known'),
        ({"encoding": "utf\0"}, "encoding", "which is not known"),
        ({"timezone": "Europe/Londn"}, "timezone", "is not a time zone"),
        ({"day_first": 1}, "day_first", "is the number 1, where true or false belongs"),
        ({"columns": {"case": 3}}, "columns.case", "is the number 3, where text belongs"),
    ],
)
def test_faulty_ways_of_reading_records_are_told(fields: dict[str, Any], where: str, what: str) -> None:
    with pytest.raises(FaultyService) as caught:
        RecordsMapping(**fields)
    (fault,) = caught.value.faults
    assert fault.where == where
    assert what in fault.what
