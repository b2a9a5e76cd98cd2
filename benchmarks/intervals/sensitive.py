"""Intervals of what moves an answer: one number at a time, by Morris, and by Sobol."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from benchmarks.intervals.made_up import DAYS, MEAN_OF_DAYS, MONDAY, made_up
from benchmarks.intervals.measured import Held, counted, inside, luck_of

from millpond.planning.elementary_effects import Floats
from millpond.planning.sensitivity import sensitivity
from millpond.planning.variance_shares import variance_shares

REPLICATIONS = 100
SPREAD = 0.1


def numbers(services: int) -> tuple[Held, ...]:
    """One number at a time, and all together by Morris: cases times minutes, less what the staff give."""
    found: dict[str, list[bool]] = defaultdict(list)
    for place in range(services):
        random = luck_of("numbers", place)
        made = made_up(random)
        result = sensitivity(
            made.service(),
            MONDAY,
            DAYS,
            spread=SPREAD,
            method="morris",
            places=6,
            replications=REPLICATIONS,
            seed=place + 1,
            threads=1,
        )
        came = MEAN_OF_DAYS * made.cases * made.minutes
        away = MEAN_OF_DAYS * made.workers * 60 * made.hours * made.absence
        moved = {"demand": SPREAD * came, "minutes of work": SPREAD * came, "absence": SPREAD * away}
        # Demand and minutes move it alike, which is the hardest case: either may be put out by chance.
        found["set of numbers that holds the one that moves most"].append(
            next(row.could_be_most for row in result.rows if row.kind == ("demand", "minutes of work")[place % 2])
        )
        row = result.rows[int(random.integers(3))]
        truth = moved[row.kind]
        found["change with a number at its most"].append(inside(row.change_high.low, truth, row.change_high.high))
        assert row.effect is not None and row.effect_size is not None
        found["mean elementary effect"].append(inside(row.effect.low, 2 * truth, row.effect.high))
        found["mean size of it"].append(inside(row.effect_size.low, 2 * truth, row.effect_size.high))
    return counted(found, least=("set of numbers that holds the one that moves most",))


def kinds(services: int) -> tuple[Held, ...]:
    """Sobol's shares of functions with luck: a sum, and a product of two inputs, of which the shares are known."""
    found: dict[str, list[bool]] = defaultdict(list)
    for place in range(services):
        random = luck_of("kinds", place)
        factors, product, luck = random.uniform(0.3, 3, 3), float(random.uniform(0, 3)), float(random.uniform(0, 3))

        def model(points: Floats, row: int) -> Floats:
            own = luck_of("luck", 1000 * place + row)  # noqa: B023
            x = points - 0.5
            value = x @ factors + product * x[:, 0] * x[:, 1]  # noqa: B023
            # Luck that all places share, and luck that there is more of where an input is large.
            shared, grows = own.normal(0, luck, (2, 1, 8))  # noqa: B023
            return np.asarray(value[:, np.newaxis] + shared + x[:, 2:] * grows)

        alone, both = factors**2 / 12, product**2 / 144
        total = alone.sum() + both
        shares = variance_shares(model, [[0], [1], [2]], 64, seed=place)
        one = int(random.integers(3))
        of = None if shares is None else shares[one]
        truth = float(alone[one] / total)
        found["share alone (Sobol)"].append(of is None or inside(of.first.low, truth, of.first.high))
        truth += float(both / total) if one < 2 else 0.0
        found["share with what it interacts (Sobol)"].append(of is None or inside(of.total.low, truth, of.total.high))
    return counted(found)
