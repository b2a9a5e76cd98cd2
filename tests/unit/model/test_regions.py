"""Time zones and whose holidays are kept."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import holidays
import pytest

from millpond.errors import FaultyService
from millpond.model import Service


@pytest.mark.parametrize("zone", ["Europe/London", "UTC", "America/Argentina/Buenos_Aires"])
def test_a_zone_is_known_by_its_name(zone: str) -> None:
    assert Service(name="x", timezone=zone).zone == ZoneInfo(zone)


@pytest.mark.parametrize(
    ("zone", "cure"),
    [
        ("Europe/Londn", 'Did you mean "Europe/London"?'),
        ("europe/london", 'Did you mean "Europe/London"?'),
        ("London", 'Did you mean "Europe/London"?'),
        ("Europe/Edinburgh", "Did you mean"),
        ("", 'such as "Europe/London"'),
        ("../../etc/passwd", 'such as "Europe/London"'),
    ],
)
def test_an_unknown_zone_brings_the_nearest(zone: str, cure: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Service(name="x", timezone=zone)
    (fault,) = caught.value.faults
    assert fault.where == "timezone"
    assert "is not a time zone" in fault.what
    assert cure in fault.cure


@pytest.mark.parametrize(
    ("region", "parts"),
    [
        ("GB-ENG", ("GB", "ENG")),
        ("GB-SCT", ("GB", "SCT")),
        ("UK-ENG", ("UK", "ENG")),
        ("IE", ("IE", None)),
        ("FR", ("FR", None)),
        ("DE", ("DE", None)),
        ("DE-BY", ("DE", "BY")),
        (None, None),
    ],
)
def test_holidays_are_known_by_country_and_part(region: str | None, parts: tuple[str, str | None] | None) -> None:
    service = Service(name="x", holidays=region)
    assert service.holiday_region == parts
    if parts:
        country, subdivision = parts
        assert holidays.country_holidays(country, subdiv=subdivision, years=2025)


def test_an_empty_list_of_holidays_is_none() -> None:
    assert Service(name="x", holidays=[]).holidays is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("region", "what", "cure"),
    [
        ("GB", "leaves out the holidays that differ", "GB-ENG, GB-NIR, GB-SCT or GB-WLS"),
        ("UK", "leaves out the holidays that differ", "UK-ENG"),
        ("GB-EMG", 'GB has no part "EMG"', 'Did you mean "GB-ENG"?'),
        ("GB-", "has no part", "The parts of GB are ENG, NIR, SCT and WLS"),
        ("gb-eng", '"gb" is not a country', 'Did you mean "GB-ENG"?'),
        ("England", '"England" is not a country', "For no holidays write []"),
        ("", "is not a country", "For no holidays write []"),
        ("IE-D", 'IE has no part "D"', 'Write "IE" alone'),
    ],
)
def test_unknown_holidays_say_what_there_is(region: str, what: str, cure: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Service(name="x", holidays=region)
    (fault,) = caught.value.faults
    assert fault.where == "holidays"
    assert what in fault.what
    assert cure in fault.cure
