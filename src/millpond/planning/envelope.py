"""The best promise that a sum of money buys, where budgets are given and the promise is not.

Of all staffings that each organisation's budget pays for, only those are tried to which no worker more could be added:
a `?` stands in the promise for the number that is looked for. The best is the one whose worst day, in all but so many
replications, is least bad.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from math import ceil, floor

import numpy as np

from millpond.errors import WrongUse
from millpond.model import Service, label_of
from millpond.model.nearest import listed
from millpond.planning.asking import SETTLE_DAYS, Asked, tries_for
from millpond.planning.concluding import notes_of, on_other_luck, percent
from millpond.planning.least import ANSWER, OTHER, TODAY, LeastCapacity, StaffingRow, Staffings, staffing_row
from millpond.planning.levels import Levels, Staffing, in_words
from millpond.planning.promise import BacklogPromise, Promise, SeenPromise, read_promise
from millpond.planning.relief import Reliefs
from millpond.planning.tries import Say, Tried, Tries, could_promise
from millpond.planning.ways import Ways
from millpond.simulation.starting import OpenVisit

MOST_AFFORDABLE = 150
_LOOK, _FINALISTS = 60, 4
OPEN = "?"


def is_open(target: str) -> bool:
    """Whether a promise leaves its number open, so that the money decides: ``backlog <= ? min``."""
    return OPEN in target


def read_open_promise(target: str, service: Service) -> Promise:
    """A promise whose number is looked for, with one that everything keeps.

    Raises:
        WrongUse: it is no promise once a number stands there.
    """
    is_share = re.search(r"\?\s*%", target) is not None
    if target.count(OPEN) != 1 or not (is_share or re.search(r"(<=|≤|at most)\s*\?", target, re.IGNORECASE)):
        raise WrongUse(
            f"In '{target}' nothing can be looked for.\nWrite 'backlog <= ? min' or '?% seen within 5 days', with ? "
            "in the place of that number."
        )
    filled = target.replace(OPEN, "50" if is_share else "1000000000")
    try:
        promise = read_promise(filled, service)
    except WrongUse as error:
        raise WrongUse(str(error).replace(filled, target)) from None
    return replace(promise, share=1e-9) if isinstance(promise, SeenPromise) else promise


def best_promise(
    service: Service,
    asked: Asked,
    first_day: date,
    *,
    opening: tuple[OpenVisit, ...] | None = None,
    start: str | None = None,
    say: Say | None = None,
) -> LeastCapacity:
    """The staffing within the budgets that can promise most, and what it can promise.

    Args:
        service: the service, whose organisations have budgets for the days that are judged.
        asked: what is asked, with a promise from `read_open_promise`; pools without a budget stay as they are.
        first_day: the first day.
        opening: the visits that are open then; None to start empty.
        start: ``cleared`` to be judged as if those were cleared.
        say: is told what is being done.

    Raises:
        WrongUse: there is no budget, or it pays for nobody, or there are too many ways to spend it.
    """
    begins = "empty" if opening is None else start or "records"
    settle = 0 if begins == "records" else SETTLE_DAYS
    money = budgets_of(service, first_day + timedelta(days=settle), asked)
    pools = tuple(name for name in asked.pools if service.pools[name].organisation in money)
    tries = tries_for(service, replace(asked, pools=pools), first_day, None if begins == "cleared" else opening, say)
    levels = tries.levels
    if not levels.is_priced:
        raise WrongUse("Some pool that a budget pays for has no price.\nAdd cost_per_hour to it in service.toml.")
    affordable = tuple(_affordable(levels, service, money, asked.days))
    looked = [tries.of(staffing, most=_LOOK) for staffing in affordable]
    best_first = sorted((one for one in looked if not one.fault), key=lambda one: _badness(asked.promise, one))
    if not best_first:
        raise WrongUse("None of the staffings that the budgets pay for can do the work at all.\nGive more money.")
    finalists = [tries.of(one.staffing, whole=True) for one in best_first[:_FINALISTS]]
    answer = min(finalists, key=lambda one: (_badness(asked.promise, one), one.cost))
    if min(levels.today) > 0:
        tries.of(levels.today, most=_LOOK)
    promise = promised(asked.promise, answer)
    again = replace(tries, promise=promise).on_other_luck(answer)
    for staffing, one in list(tries.found.items()):
        broken = ~promise.is_kept_by(one.worst)
        tries.found[staffing] = replace(one, broken=np.asarray(broken))
    rows = tuple(_rows(tries, promise, answer.staffing))
    return LeastCapacity(
        service=service.name,
        promise=promise.describe(),
        risk=asked.risk,
        first_day=first_day.isoformat(),
        days=asked.days,
        settle_days=settle,
        start=begins,
        seed=asked.seed,
        currency=service.currency,
        pools=pools,
        step=levels.step,
        conclusions=tuple(_conclusions(service, tries, promise, (answer, again), money, len(affordable))),
        staffings=Staffings(rows, ()),
        ways=Ways((), ()),
        reliefs=Reliefs((), ()),
        notes=tuple(notes_of(service, replace(tries, promise=promise), begins, {}, {})),
    )


def budgets_of(service: Service, first: date, asked: Asked) -> dict[str, float]:
    """What each organisation that has a budget can spend over the days judged.

    Args:
        service: the service.
        first: the first day judged.
        asked: how many days, and which pools.

    Raises:
        WrongUse: there is no budget, or none for some of the days.
    """
    found = {}
    for name, organisation in service.organisations.items():
        if not organisation.budget:
            continue
        days = [first + timedelta(days=number) for number in range(asked.days)]
        parts = [organisation.budget_on(day) for day in days]
        if None in parts:
            day = days[parts.index(None)]
            raise WrongUse(
                f"{label_of(service.organisations, name)} has no budget for {day.isoformat()}.\nAdd the year to budget "
                f"under [organisations.{name}], or ask about fewer days."
            )
        found[name] = sum(part for part in parts if part is not None)
    if not any(service.pools[name].organisation in found for name in asked.pools):
        raise WrongUse(
            "No organisation that pays for a pool has a budget, so that money fixes nothing.\nAdd one, such as "
            "budget = { 2026 = 185000 } under [organisations.NAME], or promise a number."
        )
    return found


def _affordable(levels: Levels, service: Service, money: dict[str, float], days: int) -> Iterator[Staffing]:
    """The staffings within the budgets to which no step more can be added."""
    part = days / levels.days
    of = {
        name: [pool for pool in levels.pools if service.pools[pool].organisation == name]
        for name in money
        if any(service.pools[pool].organisation == name for pool in levels.pools)
    }
    ways = {name: list(_fullest(levels, pools, money[name] / part)) for name, pools in of.items()}
    for name, found in ways.items():
        if not found:
            raise WrongUse(
                f"The budget of {label_of(service.organisations, name)} does not pay for {levels.step:g} in each of "
                f"{listed(of[name])}.\nGive more money, or take a smaller --step."
            )
    count = int(np.prod([len(found) for found in ways.values()]))
    if count > MOST_AFFORDABLE:
        raise WrongUse(
            f"There are {count:,} ways to spend the budgets, too many to try.\nTake a larger --step, or one --pool."
        )
    for chosen in product(*ways.values()):
        places = {pool: count for counts in chosen for pool, count in counts.items()}
        yield tuple(places[pool] for pool in levels.pools)


def _fullest(levels: Levels, pools: list[str], money: float) -> Iterator[dict[str, float]]:
    """Every way to spend a sum on some pools so that no step more is left, with enough for the work where it can be."""
    least = {pool: levels.enough(pool) for pool in pools}
    if sum(levels.price(pool, count) for pool, count in least.items()) > money:
        least = dict.fromkeys(pools, levels.step)
    *others, last = pools
    ranges = []
    for pool in others:
        rest = money - sum(levels.price(other, least[other]) for other in pools if other != pool)
        counts, count = [], least[pool]
        while levels.price(pool, count) <= rest + 1e-6:
            counts.append(count)
            count = round(count + levels.step, 9)
        ranges.append(counts)
    for chosen in product(*ranges):
        places = dict(zip(others, chosen, strict=True))
        left = money - sum(levels.price(pool, count) for pool, count in places.items())
        count = least[last]
        if levels.price(last, count) > left + 1e-6:
            continue
        while levels.price(last, round(count + levels.step, 9)) <= left + 1e-6:
            count = round(count + levels.step, 9)
        places[last] = count
        left -= levels.price(last, count)
        steps = {pool: levels.price(pool, round(places[pool] + levels.step, 9)) for pool in others}
        if all(steps[pool] - levels.price(pool, places[pool]) > left + 1e-6 for pool in others):
            yield places


def _badness(promise: Promise, one: Tried) -> float:
    could = could_promise(promise, one)
    if could is None:
        return float("inf")
    return could if isinstance(promise, BacklogPromise) else -could


def promised(promise: Promise, answer: Tried) -> Promise:
    """What the answer can promise, rounded to the safe side: to ten minutes, a visit, or a tenth of a hundredth."""
    could = could_promise(promise, answer)
    if could is None:
        raise WrongUse("No visit's limit runs out in the days judged.\nAsk about more days.")
    if isinstance(promise, BacklogPromise):
        unit = 10.0 if promise.unit == "minutes" else 1.0
        return replace(promise, most=ceil(round(could / unit, 6)) * unit)
    assert isinstance(promise, SeenPromise)
    return replace(promise, share=max(floor(round(could * 1000, 6)) / 1000, 0.001))


def _rows(tries: Tries, promise: Promise, answer: Staffing) -> Iterator[StaffingRow]:
    levels = tries.levels
    order = sorted(tries.found.values(), key=lambda one: (one.staffing != answer, _badness(promise, one), one.staffing))
    for one in order:
        role = ANSWER if one.staffing == answer else TODAY if one.staffing == levels.today else OTHER
        yield staffing_row(role, one, levels, promise, tries.days)


def _conclusions(
    service: Service, tries: Tries, promise: Promise, tried: tuple[Tried, Tried], money: dict[str, float], count: int
) -> Iterator[str]:
    levels, (answer, again) = tries.levels, tried
    share = tries.days / levels.days
    yield (
        f"{in_words(levels.pools, answer.staffing)}: the best that the budgets buy. It can promise "
        f"'{promise.describe()}' at every day's end, broken in no more than {percent(tries.risk)} of "
        f"{answer.replications} replications."
    )
    yield on_other_luck(again)
    if not again.keeps:
        yield (
            f"That is more than the {percent(tries.risk)} that are allowed: promise a little less, or look again with "
            "more replications (--replications)."
        )
    for name, amount in money.items():
        pools = [pool for pool in levels.pools if service.pools[pool].organisation == name]
        spent = share * sum(levels.price(pool, answer.staffing[levels.pools.index(pool)]) for pool in pools)
        yield (
            f"{label_of(service.organisations, name)}: {spent:,.0f} of {amount:,.0f} {service.currency} for the "
            f"{tries.days} days, on {listed(pools)}."
        )
    short = [
        name for name, places in zip(levels.pools, answer.staffing, strict=True) if places < levels.enough(name) - 1e-9
    ]
    if short:
        yield (
            f"That is less than the work that comes to {listed(short)}: the backlog grows on, and more days would make "
            "the promise worse."
        )
    yield f"Of {count} ways to spend the money to the last step, {min(count, _FINALISTS)} were tried to the end."
