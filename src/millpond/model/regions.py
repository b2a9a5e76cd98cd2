"""Where a service is: its time zone, and whose public holidays it keeps.

This module only checks the names; the days themselves are worked out where working time is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator

from millpond.model.nearest import listed, nearest
from millpond.model.spelling import shown
from millpond.model.values import refusal


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def checked_zone(name: str) -> str:
    """The name of a time zone, once it has been found to be one."""
    zones = _zones()
    if name in zones:
        return name
    by_city = {zone.rsplit("/", 1)[-1]: zone for zone in sorted(zones)}
    meant = nearest(name, sorted(zones)) or by_city.get(nearest(name, by_city) or "")
    hint = f'Did you mean "{meant}"?' if meant else 'Write the nearest large city, such as "Europe/London".'
    raise refusal(f"is {shown(name)}, which is not a time zone", hint)


Zone = Annotated[str, AfterValidator(checked_zone)]


def checked_holidays(region: str) -> str:
    """A country, with its part after a hyphen, once the holidays library has been found to have both."""
    import holidays

    country, _, subdivision = region.partition("-")
    countries = holidays.list_supported_countries(include_aliases=True)
    if country not in countries:
        meant = nearest(country, countries)
        part = f"-{subdivision.upper()}" if meant and subdivision.upper() in countries[meant] else ""
        hint = f'Did you mean "{meant}{part}"? ' if meant else ""
        raise refusal(
            f"is {shown(region)}, and {shown(country)} is not a country that the holidays library has",
            f'{hint}Write a country and, after a hyphen, its part: "GB-ENG". For no holidays write [].',
        )
    parts = countries[country]
    if (subdivision and subdivision not in parts) or (not subdivision and "-" in region):
        meant = nearest(subdivision, parts)
        hint = f'Did you mean "{country}-{meant}"? ' if meant else ""
        known = f"The parts of {country} are {listed(parts)}." if parts else f'Write "{country}" alone.'
        raise refusal(f"is {shown(region)}, and {country} has no part {shown(subdivision)}", hint + known)
    if not subdivision and country in ("GB", "GBR", "UK"):
        # The library would give only the days that the four nations share: Easter Monday is not one of them.
        raise refusal(
            f"is {shown(region)} alone, which leaves out the holidays that differ between its nations",
            f"Write {listed((f'{country}-{part}' for part in parts), last='or')}.",
        )
    return region


def region_parts(region: str) -> tuple[str, str | None]:
    """Country and subdivision as the holidays library takes them: ``("GB", "ENG")``, ``("FR", None)``."""
    country, _, subdivision = region.partition("-")
    return country, subdivision or None
