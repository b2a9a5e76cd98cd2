"""The fit: a service that the simulator runs, from what the records show up to an instant.

It starts from the draft that an import makes (pools, hours, streams, outcomes; see `millpond.calibration.draft`) and
puts in place of its averages what a simulation needs: the rhythm of arrivals, distributions of work, ways on with
memory, the delays that nobody in the log caused, and enough people. What each value rests on stands in its evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ibis.expr.types import Table

from millpond.calibration.draft import Draft, draft_service
from millpond.calibration.fitting.attributes import as_streams, attribute_of
from millpond.calibration.fitting.blocks import Block
from millpond.calibration.fitting.classes import CaseFacts, case_facts
from millpond.calibration.fitting.delays import Split
from millpond.calibration.fitting.endings import Endings
from millpond.calibration.fitting.evidence import Evidence
from millpond.calibration.fitting.fitted_hours import with_changed_hours
from millpond.calibration.fitting.fitted_pools import Staffed, staffed_pools
from millpond.calibration.fitting.fitted_steps import fitted_step, with_blocks
from millpond.calibration.fitting.history import History, history
from millpond.calibration.fitting.joins import known_joins
from millpond.calibration.fitting.known import cut_off
from millpond.calibration.fitting.leading_out import leading_out
from millpond.calibration.fitting.own_days import with_own_days
from millpond.calibration.fitting.seen import look
from millpond.calibration.fitting.sources import streams_of
from millpond.calibration.fitting.turns import turns_of, with_turns
from millpond.errors import WrongUse
from millpond.model import Service
from millpond.model.fitted import over
from millpond.model.values import plain


@dataclass(frozen=True)
class Fitted:
    """A fitted service.

    Attributes:
        service: the model.
        drafted: what an import would have drafted from the same records.
        evidence: what its values rest on, and what could not be learned.
        split: the waiting of the visits, split.
        log: the visits that it was learned from.
        blocks: the steps to which cases go all at once.
        endings: what is known of how cases ended.
        facts: what is known of cases.
    """

    service: Service
    drafted: Service
    evidence: Evidence
    split: Split
    log: History
    blocks: tuple[Block, ...]
    endings: Endings
    facts: CaseFacts

    @property
    def made_up(self) -> frozenset[str]:
        """The steps of the model that no record names: where branches part and meet."""
        return frozenset(name for block in self.blocks for name in (block.parts, block.meets))


def fit_service(visits: Table, own: Mapping[str, Any], as_of_us: int) -> Fitted:
    """Fits a service to a visit log.

    Args:
        visits: the normalised visit log.
        own: what a person says of the service, under the keys of service.toml; its name at least. It wins over what
            is learned.
        as_of_us: the instant that ends what may be learned from, microseconds since 1970-01-01 UTC.

    Raises:
        WrongUse: no visit has started by then.
        FaultyService: what the person says does not go together with the records.
    """
    known = cut_off(visits, as_of_us)
    shell = Service.from_plain({key: own[key] for key in ("name", "timezone", "holidays") if key in own})
    draft = _draft(known, shell, as_of_us)
    attribute = None if "streams" in own else attribute_of(known, draft.service)
    if attribute is not None:
        known = as_streams(known, attribute)
        draft = _draft(known, shell, as_of_us)
    drafted = _without_unused(over(plain(draft.service), own), own)
    left_out = frozenset(_left_out(known, drafted))
    log = history(known, drafted.zone, as_of_us, left_out, drafted.withdrawn_outcomes)
    if not log.has_started.any():
        raise WrongUse(
            "The records have no visit that had started by then, so that nothing can be learned. Record when work on "
            "visits starts or ends, or wait for more records."
        )
    evidence = Evidence.empty(log, own)
    if attribute is not None:
        evidence.notes.append(
            f"Streams are the values of '{attribute.column}': the minutes of {', '.join(attribute.steps)} differ by it."
        )
    drafted = with_own_days(with_changed_hours(drafted, own, log, evidence), own, log, evidence)
    seen = look(known, log, drafted, evidence)
    sources = streams_of(known, log, drafted, seen.blocks, evidence)
    facts = case_facts(known, sources.of_case)
    joined = known_joins(log, seen.split, seen.moves)
    turns = turns_of(seen, facts, list(sources.streams), joined, evidence)
    staff = staffed_pools(seen, joined, turns.orders, evidence)
    steps = {step: fitted_step(step, seen, facts, staff.away, evidence) for step in drafted.steps}
    steps = leading_out(with_blocks(steps, seen, evidence), seen, evidence)
    streams = with_turns(sources.streams, turns, steps.values(), evidence)
    learned = _with_staff(drafted, staff).changed(steps=steps, streams=streams)
    _tell_what_is_not_looked_for(log, evidence)
    service = Service.from_plain(over(plain(learned), own), "the fitted service")
    return Fitted(service, draft.service, evidence, seen.split, log, seen.blocks, seen.endings, facts)


def _draft(known: Table, shell: Service, as_of_us: int) -> Draft:
    return draft_service(known, name=shell.name, timezone=shell.timezone, holidays=shell.holidays, now_us=as_of_us)


def _with_staff(drafted: Service, staff: Staffed) -> Service:
    """The service with its people; pools name their calendar where there is more than one."""
    calendars = {**drafted.effective_calendars, **staff.calendars} if staff.calendars else drafted.calendars
    pools = dict(staff.pools)
    if len(calendars) > 1:
        pools = {
            name: pool.changed(calendar=pool.calendar or drafted.calendar_name(pool)) for name, pool in pools.items()
        }
    return drafted.changed(calendars=calendars, pools=pools, workers={**staff.workers, **drafted.workers})


def _tell_what_is_not_looked_for(log: History, evidence: Evidence) -> None:
    """What a person has to write, because visits do not tell it or this fit does not look for it."""
    if log.is_single_timestamp:
        evidence.cannot(
            "steps.*.minutes",
            "one instant of each visit is recorded, so that work is taken to take no time",
            "record when the work on a visit starts and when it ends",
        )
    evidence.cannot(
        "steps.*.missed, steps.*.people, steps.*.skill, pools.*.caseload",
        "they are not looked for",
        "write them in service.toml",
    )


def _without_unused(described: Mapping[str, Any], own: Mapping[str, Any]) -> Service:
    """The service without drafted pools for which a person has named others."""
    used = {step.get("pool") for step in described.get("steps", {}).values()} | set(own.get("pools", {}))
    pools = {name: pool for name, pool in described.get("pools", {}).items() if name in used}
    return Service.from_plain({**described, "pools": pools}, "the drafted service")


def _left_out(visits: Table, drafted: Service) -> set[str]:
    named = visits.select("step").distinct().to_pyarrow()["step"].to_pylist()
    return set(named) - set(drafted.steps)
