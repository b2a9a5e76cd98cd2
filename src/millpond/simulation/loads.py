"""The work that a service will be asked to do, before anything is simulated: expected visits times minutes.

A case is followed through the ways on as shares: rules decide for the share of cases that they are of, and what is left
goes by `next`. The expected visits of a case then solve the traffic equations (J. R. Jackson, Networks of waiting
lines, Operations Research 5, 1957): visits[j] = first[j] + sum over i of visits[i] * share[i, j]. A rule that looks at
the number of visits is weighed by how many visits are so late, as if returns were independent. Nobody loses patience,
and sessions are full: what is told is what would be asked if all stayed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.model import Service, Step, Stream
from millpond.model.distributions import mean_minutes
from millpond.periods import weekday
from millpond.simulation.arrivals import rates_of
from millpond.simulation.horizon import Horizon
from millpond.simulation.people import people_of

Floats = npt.NDArray[np.float64]
MS_A_MINUTE = 60_000


@dataclass(frozen=True)
class Load:
    """The work that a pool will be asked to do against what it can do, in minutes a day on average over all days.

    Attributes:
        pool: the pool's name.
        demand: the work that cases bring to it over their whole way.
        capacity: what its own workers can give.
        further: what others could give it: helpers of other pools, and workers whom policies call in.
        growth: by how much its backlog grows with everybody's help; less than demand less capacity where a case
            comes again, or comes from another pool that holds it up, since a visit not done is followed by none.
    """

    pool: str
    demand: float
    capacity: float
    further: float
    growth: float

    @property
    def load(self) -> float:
        """Demand over all that can be given, infinite where that is nothing."""
        given = self.capacity + self.further
        return self.demand / given if given else float("inf")


def loads_of(service: Service, horizon: Horizon) -> tuple[Load, ...]:
    """The load of each pool of a service that can be simulated, over the days in which cases come."""
    days = horizon.arrivals_until
    own = dict.fromkeys(service.pools, 0.0)
    further = dict.fromkeys(service.pools, 0.0)
    for person in people_of(service, horizon):
        ms = np.where(person.budget >= 0, person.budget, person.open_ms)[:days].sum() * (1 - person.absence)
        minutes = float(ms) / MS_A_MINUTE / days
        given = own if person.policy is None else further
        given[person.pool] += minutes
        for pool in person.also:
            further[pool] += minutes
    pools = list(service.pools)
    capacity = np.array([own[name] + further[name] for name in pools])
    asked = _Asked(service, {one: cases / days for one, cases in cases_of(service, horizon).items() if cases})
    demand = asked.minutes(np.ones(len(pools)))
    joined = _joined(asked, capacity, demand)
    growth = np.where(joined > capacity * (1 + 1e-5), joined - capacity, 0.0)
    return tuple(
        Load(name, float(demand[place]), own[name], further[name], float(growth[place]))
        for place, name in enumerate(pools)
    )


def _joined(asked: _Asked, capacity: Floats, demand: Floats) -> Floats:
    """The minutes of work that join each pool where each does no more than it can.

    What a pool does not get done leads to no further visit, so that the share done of what joins and what joins hang
    on each other. The share is found by secants, pool by pool: where one pool holds up its own returns it is linear.
    """
    done, joined = np.ones(len(capacity)), demand
    before: tuple[Floats, Floats] | None = None
    for _ in range(100):
        with np.errstate(divide="ignore", invalid="ignore"):
            possible = np.where(joined > 0, capacity / joined, 1.0)
            slope = 0.0 if before is None else np.nan_to_num((possible - before[1]) / (done - before[0]))
        before = done, possible
        done = np.clip(done + (possible - done) / (1.0 - np.minimum(slope, 0.0)), 0.0, 1.0)
        joined = asked.minutes(done)
        if np.abs(done - before[0]).max(initial=0.0) < 1e-7:
            break
    return joined


class _Asked:
    """The work that cases of each class bring, for any share of it that pools get done."""

    def __init__(self, service: Service, cases: Mapping[tuple[str, bool], float]) -> None:
        self.service = service
        pools, steps = list(service.pools), list(service.steps.values())
        self.places = np.array([-1 if step.pool is None else pools.index(step.pool) for step in steps])
        self.classes = [
            (
                stream,
                number,
                _class_shares(service, stream, urgent),
                np.array([_minutes_a_visit(step, stream, urgent) for step in steps]),
            )
            for (stream, urgent), number in cases.items()
        ]

    def minutes(self, done: Floats) -> Floats:
        """The minutes of work that join each pool, in the unit of the cases.

        Args:
            done: for each pool the share of what joins it that gets done.
        """
        of_step = np.where(self.places >= 0, done[self.places], 1.0) if len(done) else np.ones(len(self.places))
        joined = np.zeros(len(done))
        for stream, number, shares, minutes in self.classes:
            visits = _visits(self.service, stream, shares * of_step[:, None], of_step)
            staffed = self.places >= 0
            np.add.at(joined, self.places[staffed], (number * visits * minutes)[staffed])
        return joined


def cases_of(service: Service, horizon: Horizon) -> dict[tuple[str, bool], float]:
    """How many cases of each stream and urgency are expected in the days in which cases come."""
    found = {}
    hourly = rates_of(service, horizon).hourly.sum(axis=1)
    for (name, stream), at_random in zip(service.streams.items(), hourly, strict=True):
        cases = float(at_random) + _planned(stream, horizon)
        found[name, False] = cases * (1 - stream.share_urgent)
        found[name, True] = cases * stream.share_urgent
    return found


def _planned(stream: Stream, horizon: Horizon) -> float:
    """The expected cases of a stream that do not come at random."""
    total = 0.0
    for index in range(horizon.arrivals_until):
        day = weekday(horizon.first_day + index)
        total += sum(cases for minute, cases in stream.scheduled if minute // 1440 == day)
        seen = stream.counts_by_weekday[day] if stream.daily_counts else ()
        total += sum(seen) / len(seen) if seen else 0.0
    return total


def ways_of(
    service: Service, step: Step, stream: str, urgent: bool
) -> Iterator[tuple[float, int, Mapping[str, float]]]:
    """The ways on from a step for the cases of a class, in the order in which they are looked at.

    Yields:
        The share of the cases looked at to which it applies, from which visit on, and the shares of where they go.
        The last is `next`, which applies to all that the rules leave; it is missing where they leave none.
    """
    for rule in step.rules:
        if (rule.stream is not None and rule.stream != stream) or (rule.urgent is not None and rule.urgent != urgent):
            continue
        share = 1.0
        for name, value in rule.attributes.items():
            share *= service.streams[stream].attributes.get(name, {}).get(value, 0.0)
        if share > 0:
            yield share, rule.visits_at_least or 1, rule.next
        if share >= 1 and (rule.visits_at_least or 1) == 1:
            return
    if step.next is not None:
        yield 1.0, 1, step.next


def expected_visits(service: Service, stream: str, urgent: bool) -> Floats:
    """The expected visits at each step of a case of a class, from its first step to its outcome.

    Raises:
        LinAlgError: there are steps that no case can leave; `millpond.simulation.checking` names them.
    """
    return _visits(service, stream, _class_shares(service, stream, urgent), np.ones(len(service.steps)))


def _class_shares(service: Service, stream: str, urgent: bool) -> Floats:
    """Steps x steps: the share of the visits at one after which a case of the class goes on to the other."""
    shares = np.array([_shares(service, step, stream, urgent, {}) for step in service.steps.values()])
    for place, (name, step) in enumerate(service.steps.items()):
        if any(rule.visits_at_least for rule in step.rules):
            shares[place] = _with_late_visits(service, name, stream, urgent, shares)
    return shares


def _visits(service: Service, stream: str, shares: Floats, done: Floats) -> Floats:
    """The expected visits of a case of a stream, for shares of the ways on and of the visits that get done."""
    place = {name: number for number, name in enumerate(service.steps)}
    first = np.zeros(len(place))
    first[place[service.streams[stream].first_step]] = 1.0
    visits = _solve(shares, first)
    branches = np.zeros(len(place))
    for name, step in service.steps.items():
        if not step.all_of or not visits[place[name]]:
            continue
        within = shares.copy()
        if step.then in place:
            # Where the branches meet the case joins once, which the way on from the split already says.
            within[:, place[step.then]] = 0.0
        begun = np.zeros(len(place))
        begun[[place[branch] for branch in step.all_of]] = 1.0
        branches += visits[place[name]] * done[place[name]] * _solve(within, begun)
    return visits + branches


def _solve(shares: Floats, first: Floats) -> Floats:
    """Expected visits from expected first visits; what is never reached takes no part, be it a trap or not."""
    reached = first > 0
    while True:
        more = reached | (shares[reached].sum(axis=0) > 0)
        if (more == reached).all():
            break
        reached = more
    places = np.flatnonzero(reached)
    visits = np.zeros(len(first))
    inner = shares[np.ix_(places, places)]
    visits[places] = np.linalg.solve(np.eye(len(places)) - inner.T, first[places])
    return visits


def _shares(service: Service, step: Step, stream: str, urgent: bool, late: Mapping[int, float]) -> Floats:
    """The share of a step's visits after which the case goes on to each step.

    Args:
        service: the service.
        step: the step.
        stream: of the cases.
        urgent: of the cases.
        late: for a number of visits, the share of the visits that are so late or later.
    """
    names = list(service.steps)
    out = np.zeros(len(names))
    if step.all_of:
        if step.then in names:
            out[names.index(step.then)] = 1.0
        return out
    left = 1.0
    for share, visit, ways in ways_of(service, step, stream, urgent):
        part = left * share * (late.get(visit, 0.0) if visit > 1 else 1.0)
        left -= part
        for name, chance in ways.items():
            if name in service.steps:
                out[names.index(name)] += part * chance
    return _with_misses(out, step)


def _with_misses(out: Floats, step: Step) -> Floats:
    """Of those who keep missing the appointment, the case ends."""
    return out * (1.0 - step.missed**step.missed_most) if step.missed else out


def _with_late_visits(service: Service, name: str, stream: str, urgent: bool, shares: Floats) -> Floats:
    """The shares from a step with rules about the number of visits, weighed by how many visits are late."""
    names = list(service.steps)
    place = names.index(name)
    step = service.steps[name]

    def comes_back(ways: Floats) -> float:
        """The chance that a case returns to the step before it ends."""
        absorbing = shares.copy()
        absorbing[place] = 0.0
        return min(float(_solve(absorbing, ways)[place]), 1.0 - 1e-9) if ways.any() else 0.0

    limit = max(rule.visits_at_least or 1 for rule in step.rules)
    reach, chance = [], 1.0
    for visit in range(1, limit + 1):
        reach.append(chance)
        ways = _shares(service, step, stream, urgent, dict.fromkeys(range(2, visit + 1), 1.0))
        back = comes_back(ways)
        chance *= back
    # From the limit on every visit has the same chance of another.
    total = sum(reach) + chance / (1.0 - back)
    late = {}
    for visit in range(2, limit + 1):
        late[visit] = (total - sum(reach[: visit - 1])) / total
    return _shares(service, step, stream, urgent, late)


def _minutes_a_visit(step: Step, stream: str, urgent: bool) -> float:
    """The minutes of work that a visit brings, all its workers and repeated appointments together."""
    minutes = step.minutes_of(stream, urgent)
    mean = mean_minutes(minutes) if minutes is not None else 0.0
    if step.missed:
        made = 1.0 - step.missed**step.missed_most
        misses = sum(step.missed**number for number in range(1, step.missed_most + 1))
        mean = made * mean + misses * (mean if step.missed_minutes is None else step.missed_minutes)
    return mean * step.people / (step.group.size if step.group else 1)
