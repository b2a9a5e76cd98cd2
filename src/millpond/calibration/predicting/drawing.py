"""Services that may as well be the true one: a fitted service with its values drawn anew from what each rests on.

Rates, minutes of work and mean delays are drawn from the normal distribution of their 95% intervals, shares of ways on
from the Dirichlet distribution of the visits behind them (the posterior without prior knowledge), direct minutes of a
day from the exponential distribution of the gap beyond the greatest that was seen. Calendars, pools and numbers of
people stay as they were fitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from millpond.calibration.fitting.evidence import Learned
from millpond.calibration.fitting.result import Fit
from millpond.model import Delay, Service, Step
from millpond.model.distributions import Empirical

_IN_95 = 3.92
"""So many standard deviations is a 95% interval of the normal distribution wide."""
_LEAST = 0.1
"""No value is drawn below this share of what was fitted."""


class Drawing:
    """Draws services from a fit.

    Args:
        fit: the fit; what a person has set in ``service.toml`` has no row of its own and stays.
        seed: of the draws: the same seed gives the same services.
    """

    def __init__(self, fit: Fit, seed: int) -> None:
        self.service = fit.service
        self.seed = seed
        self.rows: Mapping[str, Learned] = {row.key: row for row in fit.rows}
        self.visits = self._visits_behind_ways()

    def service_of(self, number: int) -> Service:
        """One service; the same number gives the same one."""
        random = np.random.default_rng((self.seed, number))
        service = self.service
        streams = {}
        for name, stream in service.streams.items():
            factor = self._factor(f"streams.{name}.per_week", random)
            if stream.schedule or stream.per_week is None:
                streams[name] = stream
            else:
                streams[name] = stream.changed(per_week=stream.per_week * factor)
        steps = {name: self._step(name, step, random) for name, step in service.steps.items()}
        pools = {}
        for name, pool in service.pools.items():
            row = self.rows.get(f"pools.{name}.minutes_per_day")
            if row is None or pool.minutes_per_day is None:
                pools[name] = pool
            else:
                gap = random.exponential(max(row.value - row.low, 0.0))
                pools[name] = pool.changed(minutes_per_day=min(row.low + gap, 1440.0))
        return service.changed(streams=streams, steps=steps, pools=pools)

    def _step(self, name: str, step: Step, random: np.random.Generator) -> Step:
        changes: dict[str, Any] = {}
        if step.minutes is not None:
            changes["minutes"] = _scaled(step.minutes, self._factor(f"steps.{name}.minutes", random))
        if step.minutes_for:
            changes["minutes_for"] = {
                kind: _scaled(minutes, self._factor(f"steps.{name}.minutes_for.{kind}", random))
                for kind, minutes in step.minutes_for.items()
            }
        if step.after:
            changes["after"] = {
                to: delay.changed(minutes=_scaled(delay.minutes, self._factor(f"steps.{name}.after.{to}", random)))
                if isinstance(delay, Delay) and delay.minutes is not None
                else delay
                for to, delay in step.after.items()
            }
        if step.next and len(step.next) > 1 and (visits := self.visits.get(f"steps.{name}")):
            changes["next"] = _shares(step.next, visits, random)
        if step.rules:
            changes["rules"] = tuple(
                rule.changed(next=_shares(rule.next, visits, random))
                if rule.next and len(rule.next) > 1 and (visits := self.visits.get(_rule_key(name, rule)))
                else rule
                for rule in step.rules
            )
        return step.changed(**changes) if changes else step

    def _factor(self, key: str, random: np.random.Generator) -> float:
        draw = float(random.standard_normal())
        row = self.rows.get(key)
        if row is None or row.value <= 0:
            return 1.0
        return max(1 + draw * (row.high - row.low) / _IN_95 / row.value, _LEAST)

    def _visits_behind_ways(self) -> dict[str, int]:
        """How many visits are behind the ways on from each step, and under each of its rules."""
        found: dict[str, int] = {}
        for key, row in self.rows.items():
            where, is_way, _ = key.partition(".next.")
            if is_way and where.startswith("steps."):
                found[where] = row.visits
        return found


def _rule_key(name: str, rule: Any) -> str:
    parts = [f"came_from {rule.came_from}"] if rule.came_from else []
    parts += [f"visits_at_least {rule.visits_at_least}"] if rule.visits_at_least else []
    return f"steps.{name}.rules[{', '.join(parts)}]"


def _scaled(minutes: Any, factor: float) -> Any:
    if isinstance(minutes, int | float):
        return minutes * factor
    if isinstance(minutes, Empirical):
        return minutes.changed(values=tuple(value * factor for value in minutes.values))
    fields = ("mean", "sd", "value", "low", "high")
    return minutes.changed(
        **{name: getattr(minutes, name) * factor for name in fields if name in type(minutes).model_fields}
    )


def _shares(shares: Mapping[str, float], visits: int, random: np.random.Generator) -> dict[str, float]:
    names = list(shares)
    # Integer-like weights above nothing: a share that was never seen is not drawn either.
    drawn = random.dirichlet([max(share * visits, 1e-3) for share in shares.values()])
    parts = np.maximum(np.round(drawn * 10_000), 0).astype(int)
    parts[int(np.argmax(parts))] += 10_000 - int(parts.sum())
    return {name: part / 10_000 for name, part in zip(names, parts.tolist(), strict=True) if part > 0}
