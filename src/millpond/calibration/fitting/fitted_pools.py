"""The pools of a fitted service: how many people could have done what was done."""

from __future__ import annotations

from collections.abc import Mapping

from millpond.calibration.fitting.capacity import Together, visits_together
from millpond.calibration.fitting.evidence import Evidence, Learned
from millpond.calibration.fitting.seen import Seen
from millpond.model import Pool, Step


def staffed_pools(seen: Seen, steps: Mapping[str, Step], evidence: Evidence) -> dict[str, Pool]:
    """The pools with enough people for what was done.

    Args:
        seen: what the fit looks at.
        steps: the steps of the fitted service.
        evidence: is told what each value rests on.
    """
    drafted = seen.drafted
    of_pool = {pool: [name for name, step in steps.items() if step.pool == pool] for pool in drafted.pools}
    together = visits_together(seen.log, of_pool)
    found = {}
    for name, pool in drafted.pools.items():
        seen_here = together.get(name, Together(1, 1, 0))
        workers = max(int(pool.workers or 0), seen_here.level, 1)
        why = (
            "the visits that were under way together, as people do several at a time"
            if seen_here.level > (pool.workers or 0)
            else "the median of the people at work on a day"
        )
        evidence.add(Learned(f"pools.{name}.workers", workers, 1, max(seen_here.most, workers), seen_here.visits, why))
        given = seen.daily_minutes.get(name)
        minutes = None if given is None else given.minutes
        # What little was recorded of somebody's day is no limit to it.
        found[name] = pool.changed(workers=workers, minutes_per_day=minutes)
        key = f"pools.{name}.minutes_per_day"
        if given is not None:
            why = f"the fewest with which nobody began a visit when theirs were spent; spent on {given.days:,} days"
            evidence.add(Learned(key, given.minutes, given.low, given.high, given.days, why))
        else:
            evidence.cannot(
                key,
                "records of visits show what was done and not what could have been done",
                "a rota, or minutes_per_day written by somebody who knows",
            )
    return found
