"""Pools of staff, from who does what in the records.

Where the records name a role or group and it goes with the step, that is the pool, under the name that they give it.
Otherwise steps that the same people do share a pool (`millpond.calibration.clusters`). Steps worked by machines need
no staff.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from millpond.calibration.clusters import groups_of_steps, homes
from millpond.calibration.names import is_machine, is_marker, is_nobody, is_person, role_of
from millpond.calibration.wording import in_quotes, percent
from millpond.measures.overview import Taken

EVERYBODY = "team"
"""The pool of a service whose records name no worker, or whose steps are all done by the same people."""
NOT_NAMED = "staff not named"
"""The pool of steps whose records name nobody, in a service where other steps' records do."""
_GOES_WITH_STEP = 0.8
_RECORDED = 0.5
_BY_MACHINES = 0.95


@dataclass(frozen=True)
class Staff:
    """Who works where.

    Attributes:
        pools: the pool of each step; None where it needs no staff.
        basis: for each pool, in the order of the work in them, a sentence that says where it comes from.
        homes: the pool in which each named person took most visits.
        lent_to: the pools at whose steps somebody is named.
        notes: sentences about all of them.
    """

    pools: Mapping[str, str | None]
    basis: Mapping[str, str]
    homes: Mapping[str, str]
    lent_to: frozenset[str]
    notes: tuple[str, ...]

    def steps_of(self, pool: str) -> list[str]:
        """The steps of a pool."""
        return [step for step, name in self.pools.items() if name == pool]


def staff(taken: Iterable[Taken], without_length: Collection[str]) -> Staff:
    """The pools that the records show.

    Args:
        taken: who took how many visits at which step, and the pool recorded with them.
        without_length: the steps at whose visits no time was ever spent, as far as the records show.
    """
    named: dict[str, Counter[str]] = defaultdict(Counter)
    machines: Counter[str] = Counter()
    recorded: dict[str, Counter[str]] = defaultdict(Counter)
    visits: Counter[str] = Counter()
    for each in taken:
        visits[each.step] += each.visits
        if is_machine(each.worker):
            machines[each.step] += each.visits
        elif each.worker is not None and is_person(each.worker):
            named[each.step][each.worker] += each.visits
        if each.pool is not None and not is_nobody(each.pool):
            recorded[each.step][each.pool] += each.visits
    unstaffed = {
        step for step in visits if _needs_no_staff(step, machines[step], named[step].total(), step in without_length)
    }
    steps = [step for step in visits if step not in unstaffed]
    people = {step: named[step] for step in steps if named[step]}
    size = sum(visits[step] for step in steps)
    if size and _goes_with_step([recorded[step] for step in steps], size):
        pools, basis, notes = _recorded_pools(steps, recorded, people)
    elif people:
        pools, basis, notes = _grouped(steps, people)
    else:
        pools = dict.fromkeys(steps, EVERYBODY)
        basis = {EVERYBODY: "The records name no workers, so that everybody is in one pool."} if steps else {}
        notes = ["The records name no workers and no roles: all steps were given to one pool."] if steps else []
    if unstaffed:
        notes.append(f"{in_quotes(sorted(unstaffed))} are done by machines or mark a start or end: they have no pool.")
    order = Counter[str]()
    for step, pool in pools.items():
        order[pool] += visits[step]
    basis = {pool: basis[pool] for pool, _ in order.most_common()}
    return Staff(
        pools={step: pools.get(step) for step in visits},
        basis=basis,
        homes=homes(people, pools),
        lent_to=frozenset(pools[step] for step in people),
        notes=tuple(notes),
    )


def _needs_no_staff(step: str, by_machines: int, by_people: int, is_without_length: bool) -> bool:
    if by_machines and by_machines >= _BY_MACHINES * (by_machines + by_people):
        return True
    return is_marker(step) and is_without_length and not by_people


def _goes_with_step(recorded: list[Counter[str]], size: int) -> bool:
    """Whether most visits have a pool recorded, and it is mostly the same for all visits at a step."""
    known = sum(counts.total() for counts in recorded)
    usual = sum(max(counts.values()) for counts in recorded if counts)
    return known >= _RECORDED * size and usual >= _GOES_WITH_STEP * known


def _recorded_pools(
    steps: list[str], recorded: Mapping[str, Counter[str]], people: Mapping[str, Counter[str]]
) -> tuple[dict[str, str], dict[str, str], list[str]]:
    pools = {step: _most(recorded[step]) for step in steps if recorded[step]}
    known = sum(recorded[step].total() for step in pools)
    usual = sum(max(recorded[step].values()) for step in pools)
    at_home = homes(people, pools)
    for step in steps:
        if step not in pools:
            by_home: Counter[str] = Counter()
            for worker, visits in people.get(step, {}).items():
                if worker in at_home:
                    by_home[at_home[worker]] += visits
            pools[step] = _most(by_home) if by_home else NOT_NAMED
    basis = dict.fromkeys(pools.values(), "Named as in the records.")
    basis |= {NOT_NAMED: "For steps with neither a worker nor a role in the records."} if NOT_NAMED in basis else {}
    note = "Pools are the roles or groups of the records; each step has the one that most of its visits name"
    other = f" ({percent(known - usual, known)} of visits name another)" if usual < known else ""
    return pools, basis, [f"{note}{other}."]


def _grouped(steps: list[str], people: Mapping[str, Counter[str]]) -> tuple[dict[str, str], dict[str, str], list[str]]:
    groups = groups_of_steps(people)
    nameless = [step for step in steps if step not in people]
    roles = [role_of(_together(people[step] for step in group)) for group in groups]
    pools: dict[str, str] = {}
    basis: dict[str, str] = {}
    for group, role in zip(groups, roles, strict=True):
        only = len(groups) == 1 and not nameless
        name = EVERYBODY if only else f"pool of {group[0]}"
        if role is not None and roles.count(role) == 1:
            name = role
        pools |= dict.fromkeys(group, name)
        shared = f"Steps that the same people do: {in_quotes(group)}." if len(group) > 1 else "One step's people."
        basis[name] = shared if name != role else f"Named after its workers' ids. {shared}"
    if nameless:
        free = NOT_NAMED if NOT_NAMED not in basis else f"{NOT_NAMED} in the records"
        pools |= dict.fromkeys(nameless, free)
        basis[free] = "For steps with no worker in the records."
    return pools, basis, ["Pools are steps that the same people do: the records name no role that goes with the step."]


def _together(counts: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def _most(counts: Counter[str]) -> str:
    return min(counts, key=lambda name: (-counts[name], name))
