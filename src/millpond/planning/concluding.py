"""What a search for the least capacity comes to, in sentences: the answer, what was ruled out, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from millpond.model import Service, label_of
from millpond.model.nearest import listed
from millpond.planning.asking import Asked, varied_pools
from millpond.planning.day_level import PoolDays
from millpond.planning.levels import in_words
from millpond.planning.promise import BacklogPromise, SeenPromise
from millpond.planning.resampling import Past
from millpond.planning.search import Found
from millpond.planning.tries import Tried, Tries, clopper_pearson, could_promise


def percent(share: float) -> str:
    """A share in hundredths, with a place where it is small."""
    return f"{100 * share:.1f}%" if share < 0.1 else f"{100 * share:.0f}%"


def _told(one: Tried) -> str:
    low, high = one.interval
    return f"{percent(one.share_broken)} of {one.replications} replications (95% {percent(low)} to {percent(high)})"


def conclusions_of(service: Service, tries: Tries, found: Found, again: Tried) -> Iterator[str]:
    """The answer, and for each pool what was ruled out and what was not.

    Args:
        service: the service.
        tries: what tried the staffings.
        found: what the search came to.
        again: the answer on other luck.
    """
    answer, levels = found.answer, tries.levels
    yield (
        f"{in_words(levels.pools, answer.staffing)}: the cheapest staffing found that keeps "
        f"'{tries.promise.describe()}' at every day's end; it is broken in {_told(answer)}."
    )
    # Of several that are near the risk, the one that was lucky is chosen: only luck that did not choose it is fair.
    yield on_other_luck(again)
    if not again.keeps:
        yield (
            f"That is more than the {percent(tries.risk)} that are allowed: one step more in some pool, or more "
            "replications (--replications), would be safer."
        )
    elif answer.verdict != "keeps it":
        yield (
            f"The interval reaches beyond the {percent(tries.risk)} that are allowed: more replications "
            "(--replications) would make it surer."
        )
    said = {"breaks it": " That is ruled out.", "probably breaks it": " That is probable, not certain."}
    around = zip(levels.pools, found.floors, found.below, found.fewer, found.more, strict=True)
    for pool, floor, below, fewer, more in around:
        label = label_of(service.pools, pool)
        count = answer.staffing[levels.pools.index(pool)]
        if fewer is None:
            yield (
                f"{label}: with fewer than {count:g} more work would come than can be done, so that the backlog would "
                "grow without end. That is ruled out."
            )
        elif fewer.fault:
            yield f"{label}: {count - levels.step:g} cannot do the work at all."
        else:
            verdict = said.get(fewer.verdict, "")
            yield f"{label}: with {count - levels.step:g} it is broken in {_told(fewer)}.{verdict}"
        if below is not None and floor == count and len(levels.pools) > 1:
            yield (
                f"{label}: with {floor - levels.step:g} it is broken in {_told(below)} even if all other pools had "
                "plenty."
            )
        if more is not None and is_worse(more, answer):
            yield (
                f"{label}: one step more makes it worse: it is broken in {_told(more)}, for what this pool gets done "
                "sooner comes to the next."
            )
    if len(levels.pools) > 1:
        yield (
            f"All cheaper staffings with at least {in_words(levels.pools, found.floors)} were tried. Not ruled out is "
            "one with fewer in a pool that keeps the promise only because another pool holds its work up."
        )


def on_other_luck(again: Tried) -> str:
    """How the answer does on replications that it was not chosen by, in a sentence."""
    return f"On other luck, by which it was not chosen, it is broken in {_told(again)}."


def is_worse(one: Tried, other: Tried) -> bool:
    """Whether one staffing breaks the promise more often than another, under the same luck and beyond chance.

    Of the replications in which one of the two breaks it and the other does not, by the exact test of the sign at 2.5%.
    """
    count = min(one.replications, other.replications)
    alone = int((one.broken[:count] & ~other.broken[:count]).sum())
    differ = int((one.broken[:count] != other.broken[:count]).sum())
    return differ > 0 and clopper_pearson(alone, differ)[0] > 0.5


def what_was_tried(tries: Tries, asked: Asked) -> str:
    """Why a promise cannot be kept: every staffing that was tried, and what it could promise instead."""
    lines = [
        f"No staffing keeps '{asked.promise.describe()}' in all but {percent(asked.risk)} of replications. Tried, from "
        "twice the work that comes to sixteen times:"
    ]
    for one in tries.found.values():
        could = could_promise(asked.promise, one)
        told = f"- {in_words(tries.levels.pools, one.staffing)}: broken in {_told(one)}"
        if could is not None and isinstance(asked.promise, BacklogPromise):
            told += f"; with the same risk it could promise {could:,.0f} {asked.promise.unit}"
        elif could is not None:
            told += f"; with the same risk it could promise {100 * could:.1f}% seen in time"
        lines.append(told)
    if len(asked.pools) < len(varied_pools(tries.levels.service, None)):
        lines.append("Only one pool was varied: vary all of them (without --pool), or promise less.")
    else:
        lines.append("It is not a matter of staff: look at opening hours, or promise less.")
    return "\n".join(lines)


def notes_of(
    service: Service, tries: Tries, start: str, days_of: Mapping[str, PoolDays], history: Mapping[str, Past]
) -> Iterator[str]:
    """What a reader of the figures must know: from when it is judged, over what, and whether days hang together."""
    levels, promise = tries.levels, tries.promise
    first = tries.first_day + timedelta(days=tries.settle)
    if start == "cleared":
        yield (
            "The promise is judged as if today's backlog, which breaks it already or was left out, had been cleared: "
            f"from {first.isoformat()} on, after {tries.settle} days in which the service fills up. What clears it is "
            "told beside it."
        )
    elif start == "empty":
        yield (
            f"It starts with nobody there. {tries.settle} days in which the service fills up are not judged; the "
            f"{tries.days} that are begin on {first.isoformat()}."
        )
    if isinstance(promise, SeenPromise):
        yield (
            f"The share is taken at each day's end over the visits whose limit ran out in the last 28 days, or in as "
            f"many days more as it takes to have {promise.fewest}. Who still waits then, or left unseen, was not seen "
            "in time. Visits that were there at the start are not judged."
        )
    elif promise.pool is None and len(days_of) > 1:
        yield "The backlog is that of all pools together. Formulas and percentiles give each its part by its demand."
    if days_of:
        yield (
            "Formulas and percentiles are of what comes to a pool when the answer is at work; their backlog, and how "
            "often they break the promise, are worked out from day to day, by that demand and their capacity."
        )
    held = [name for name in days_of if service.pools[name].opening_backlog]
    if held and isinstance(promise, BacklogPromise):
        yield f"The opening backlog of {listed(held)} is in every backlog: nobody works on it."
    if service.policies:
        yield "Policies call their workers in as they would; what those cost is not in the costs that are compared."
    if isinstance(promise, SeenPromise) and promise.step is not None and days_of:
        yield "Formulas and percentiles are of all the work of the step's pool."
    if not levels.is_priced:
        yield "Some pool has no cost_per_hour: the cheapest staffing is the one with the fewest minutes of capacity."
    for pool, days in days_of.items():
        yield correlation_note(label_of(service.pools, pool), days, "in the simulated days")
        if pool in history and history[pool].is_enough:
            yield correlation_note(label_of(service.pools, pool), history[pool].days(), "in the records")


def correlation_note(label: str, days: PoolDays, where: str) -> str:
    """Whether busy days follow busy days, in a sentence."""
    found = days.correlation
    if not found.lags:
        return f"{label}: too few days to see whether busy days follow busy days {where}."
    lag = f"the correlation from one working day to the next is {found.lags[0]:+.2f}"
    if not found.is_correlated:
        return f"{label}: busy days do not seem to follow busy days {where} ({lag})."
    return (
        f"{label}: busy days follow busy days {where} ({lag}; the variance over many days is {found.inflation:.1f} "
        "times that of independent days). The formulas marked as optimistic take them as independent."
    )
