"""Whether the names in a service lead somewhere: checks that lie between its parts.

They look at data that may be wrong in itself, so that a person sees every fault at once; what does not have
the right shape is passed over here, because its shape is reported elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from millpond.errors import Fault
from millpond.model.nearest import listed
from millpond.model.plans import NOTHING, TOGETHER
from millpond.model.spelling import key_path, shown
from millpond.model.splits import split_faults
from millpond.model.step_references import step_faults
from millpond.model.unchecked import (
    CLOSED,
    WITHDRAWN,
    calendar_names,
    declared_outcomes,
    entries,
    has_key,
    missing,
    names_in,
    tables,
    texts,
    unknown,
)

__all__ = ["CLOSED", "WITHDRAWN", "reference_faults"]


def reference_faults(data: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Every name in a service that nothing has, every name that means two things, and parts that do not go together.

    Args:
        data: the service as dictionaries and lists under the keys of service.toml, checked or not.
    """
    checks = (_outcomes, _pools, _workers, _streams, step_faults, split_faults, _policies, _plans, _charts)
    return tuple(fault for check in checks for fault in check(data))


def _outcomes(data: Mapping[str, Any]) -> Iterator[Fault]:
    known = declared_outcomes(data)
    for position, name in enumerate(texts(data.get("withdrawn_outcomes"))):
        if name not in known:
            yield unknown(
                key_path("withdrawn_outcomes", position),
                f"names {shown(name)}, which is not an outcome",
                name,
                known,
                f"declare it: outcomes = [{shown(name)}]",
            )


def _pools(data: Mapping[str, Any]) -> Iterator[Fault]:
    organisations, calendars = names_in(data, "organisations"), calendar_names(data)
    for pool, entry in entries(data, "pools"):
        yield from missing(entry, "organisation", ("pools", pool), organisations, "organisations", "an organisation")
        yield from missing(entry, "calendar", ("pools", pool), calendars, "calendars", "a calendar")
        if not has_key(entry, "calendar") and calendars is not None and len(calendars) > 1:
            yield Fault(
                key_path("pools", pool, "calendar"),
                "is left out, and the service has several calendars",
                f"Add calendar = {shown(calendars[0])} under [{key_path('pools', pool)}]; "
                f"the calendars are {listed(calendars)}.",
            )
        for position, change in enumerate(tables(entry.get("from"))):
            path = ("pools", pool, "from", position)
            yield from missing(change, "calendar", path, calendars, "calendars", "a calendar")


def _workers(data: Mapping[str, Any]) -> Iterator[Fault]:
    pools, calendars = names_in(data, "pools"), calendar_names(data)
    with_caseload = {pool for pool, entry in entries(data, "pools") if has_key(entry, "caseload")}
    for worker, entry in entries(data, "workers"):
        yield from missing(entry, "pool", ("workers", worker), pools, "pools", "a pool")
        yield from missing(entry, "calendar", ("workers", worker), calendars, "calendars", "a calendar")
        for position, name in enumerate(texts(entry.get("also"))):
            if name.strip() and pools is not None and name not in pools:
                yield unknown(
                    key_path("workers", worker, "also", position),
                    f"names {shown(name)}, which is not a pool of this service",
                    name,
                    pools,
                    f"add [{key_path('pools', name)}]",
                )
        home = entry.get("pool")
        if "caseload" in entry and isinstance(home, str) and home in (pools or ()) and home not in with_caseload:
            yield Fault(
                key_path("workers", worker, "caseload"),
                f"is given, and the pool {shown(home)} has no caseload",
                f"Add caseload under [{key_path('pools', home)}], or take it away here.",
            )


def _streams(data: Mapping[str, Any]) -> Iterator[Fault]:
    steps, outcomes, organisations = names_in(data, "steps"), declared_outcomes(data), names_in(data, "organisations")
    for stream, entry in entries(data, "streams"):
        yield from missing(
            entry, "organisation", ("streams", stream), organisations, "organisations", "an organisation"
        )
        name = entry.get("first_step")
        if steps and name not in steps and name in outcomes:
            yield Fault(
                key_path("streams", stream, "first_step"),
                f"names {shown(name)}, which is an outcome and not a step",
                f"Name the step at which its cases begin; the steps are {listed(steps)}.",
            )
        else:
            yield from missing(entry, "first_step", ("streams", stream), steps, "steps", "a step")


def _policies(data: Mapping[str, Any]) -> Iterator[Fault]:
    pools = names_in(data, "pools")
    for policy, entry in entries(data, "policies"):
        yield from missing(entry, "pool", ("policies", policy), pools, "pools", "a pool")
        yield from lending_faults(entry, ("policies", policy), pools)


def lending_faults(entry: Mapping[str, Any], path: tuple[str, ...], pools: tuple[str, ...] | None) -> Iterator[Fault]:
    """What is wrong with the pool that lends workers to another."""
    yield from missing(entry, "lent_by", path, pools, "pools", "a pool")
    lender = entry.get("lent_by")
    if isinstance(lender, str) and lender == entry.get("pool"):
        what = f"is {shown(lender)}, the pool to which the workers go"
        yield Fault(
            key_path(*path, "lent_by"), what, "Name another pool, or take it away: then they come from outside."
        )


def _plans(data: Mapping[str, Any]) -> Iterator[Fault]:
    pools, organisations = names_in(data, "pools"), names_in(data, "organisations")
    sections = (("pools", "a pool"), ("steps", "a step"), ("streams", "a stream"))
    for plan, entry in entries(data, "plans"):
        path = ("plans", plan)
        if plan == NOTHING or TOGETHER in plan:
            what = "is the name of the plan that is always there" if plan == NOTHING else "has a + in its name"
            cure = "Rename it; a + stands between plans that are carried out together."
            yield Fault(key_path(*path), what, "Rename it." if plan == NOTHING else cure)
        yield from missing(entry, "pool", path, pools, "pools", "a pool")
        yield from missing(entry, "paid_by", path, organisations, "organisations", "an organisation")
        yield from lending_faults(entry, path, pools)
        for section, kind in sections:
            known = names_in(data, section)
            for name, _ in entries(entry, section):
                if known is not None and name not in known:
                    yield unknown(
                        key_path(*path, section, name),
                        f"is not {kind} of this service",
                        name,
                        known,
                        f"add [{key_path(section, name)}]",
                    )


def _charts(data: Mapping[str, Any]) -> Iterator[Fault]:
    pools = names_in(data, "pools")
    for position, entry in enumerate(tables(data.get("charts"))):
        yield from missing(entry, "pool", ("charts", position), pools, "pools", "a pool")
