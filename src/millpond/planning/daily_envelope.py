"""The best promise that a budget buys for one pool of a service that keeps daily totals only.

What the organisation's other pools cost as they stand is taken off its budget first; the rest goes into this pool, to
the last step that it pays for. Days to come are made of those on record, as for `millpond.planning.daily_capacity`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from millpond.errors import WrongUse
from millpond.model import Service, label_of
from millpond.planning.asking import SETTLE_DAYS, Asked
from millpond.planning.concluding import percent
from millpond.planning.daily_capacity import notes_of_totals, tried_on
from millpond.planning.envelope import budgets_of, promised
from millpond.planning.least import ANSWER, TODAY, LeastCapacity, Staffings, staffing_row
from millpond.planning.levels import Levels
from millpond.planning.relief import Reliefs
from millpond.planning.resampling import Past
from millpond.planning.ways import Ways


def best_promise_of_totals(
    service: Service, asked: Asked, first_day: date, past: Past, start: str | None = None
) -> LeastCapacity:
    """The most that a budget can promise of one pool, on days made of those on record.

    Args:
        service: the service; the organisation of the pool has a budget for the days that are judged.
        asked: what is asked, with a promise from `read_open_promise`; of one pool.
        first_day: the first day to come.
        past: the days of that pool that are on record.
        start: ``records`` (the default) to be judged from today with what waits, ``cleared`` or ``empty`` without.

    Raises:
        WrongUse: there is no budget, it pays for nobody, some pool has no price, or the history is too short.
    """
    (pool,) = asked.pools
    begins = start or "records"
    settle = 0 if begins == "records" else SETTLE_DAYS
    money = budgets_of(service, first_day + timedelta(days=settle), asked)
    organisation = service.pools[pool].organisation or ""
    others = tuple(name for name, one in service.pools.items() if one.organisation == organisation and name != pool)
    levels = Levels(service, first_day, settle + asked.days, (pool,), asked.step)
    beside = Levels(service, first_day, settle + asked.days, others, asked.step)
    if not levels.is_priced or not beside.is_priced:
        raise WrongUse("Some pool that a budget pays for has no price.\nAdd cost_per_hour to it in service.toml.")
    part = asked.days / levels.days
    taken = part * beside.cost(beside.today)
    payer = label_of(service.organisations, organisation)
    places, label = _affordable(levels, (money[organisation] - taken) / part), label_of(service.pools, pool)
    if places is None:
        raise WrongUse(
            f"The budget of {payer} does not pay for {levels.step:g} in {label} beside the other pools.\n"
            "Give more money, or take a smaller --step."
        )
    given = levels.by_day(pool, 1.0)
    if not given.any():
        raise WrongUse(f"Pool {pool} has no working time in the days asked about.\nCorrect its calendar.")
    each = float(given[given > 0].mean())
    opening = past.backlog if begins == "records" else 0.0
    days = past.future(first_day, given / each, opening=opening, judged_from=settle, seed=asked.seed)
    counts = dict.fromkeys((places, levels.today[0]) if levels.today[0] > 0 else (places,))
    tried = {count: tried_on(days, levels, asked, count, each) for count in counts}
    promise = promised(asked.promise, tried[places])
    judged = {count: tried_on(days, levels, replace(asked, promise=promise), count, each) for count in tried}
    roles = dict.fromkeys(judged, TODAY) | {places: ANSWER}
    spent = taken + part * levels.cost((places,))
    conclusions = [
        f"{places:g} {pool}: the most that the budget buys. It can promise '{promise.describe()}' at every day's end, "
        f"broken in no more than {percent(asked.risk)} of {judged[places].replications:,} futures.",
        f"{payer}: {spent:,.0f} of {money[organisation]:,.0f} {service.currency} for the {asked.days} days"
        + (f", {taken:,.0f} of them for its other pools as they are." if others else "."),
    ]
    if places * each * (given > 0).mean() < days.demand.mean():
        conclusions.append(
            f"That is less than the work that comes to {label}: the backlog grows on, and more days would make the "
            "promise worse."
        )
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
        pools=(pool,),
        step=levels.step,
        conclusions=tuple(conclusions),
        staffings=Staffings(
            tuple(staffing_row(roles[count], judged[count], levels, promise, asked.days) for count in judged), ()
        ),
        ways=Ways((), ()),
        reliefs=Reliefs((), ()),
        notes=tuple(notes_of_totals(service, past, begins, first_day, settle, pool)),
    )


def _affordable(levels: Levels, money: float) -> float | None:
    """The most places that a sum pays for over the days; None where it pays for no step."""
    (pool,) = levels.pools
    steps = 0
    while levels.price(pool, round((steps + 1) * levels.step, 9)) <= money + 1e-6:
        steps += 1
    return round(steps * levels.step, 9) or None
