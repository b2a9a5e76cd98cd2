"""How far each input of a function moves its result, one step at a time from many places (Morris).

A trajectory begins at a random place in the unit cube and moves one input after the other by two thirds of its range,
so that each step shows what that input does where the others happen to be: its elementary effect. The mean of these
effects says in which direction the result goes, the mean of their sizes how far, and their spread whether it depends on
where the others are. Nothing is known here of services.

Sources: M. D. Morris, Factorial sampling plans for preliminary computational experiments, Technometrics 33 (1991),
pages 161-174 (trajectories on four levels); F. Campolongo, J. Cariboni and A. Saltelli, An effective screening design
for sensitivity analysis of large models, Environmental Modelling & Software 22 (2007), pages 1509-1518 (the mean of the
sizes).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millpond.planning.paired import mean_of
from millpond.simulation.intervals import Estimate

Floats = npt.NDArray[np.float64]
Model = Callable[[Floats, int], Floats]
"""Takes points (points x inputs, each from 0 to 1) and the number of their trajectory or row, and gives their results:
points x replications, where the k-th replications of all points of one row share their luck; x 1 of a function without
luck. Rows do not share luck."""
LEVELS = 4
STEP = LEVELS / (2 * (LEVELS - 1))


@dataclass(frozen=True)
class ElementaryEffect:
    """What moving one input over its whole range does.

    Attributes:
        mean: the mean of the elementary effects, in the unit of the result: mu.
        size: the mean of their sizes, whatever their sign: mu*. Luck that the pairing leaves is in it.
        spread: their standard deviation from place to place, without the part that is luck: sigma. About 0 where the
            input does the same wherever the others are; else it interacts with them or bends.
    """

    mean: Estimate
    size: Estimate
    spread: float


def elementary_effects(
    model: Model, inputs: int, trajectories: int, *, seed: int = 1, told: Callable[[float], None] | None = None
) -> tuple[ElementaryEffect, ...]:
    """The elementary effects of each input of a function, per whole range.

    Args:
        model: the function.
        inputs: how many it has.
        trajectories: how many random ways, at least 2; each asks the function inputs + 1 times.
        seed: of the random ways.
        told: is told the share that is done.

    Returns:
        One for each input. Intervals are Student's over the trajectories, which are independent.
    """
    random = np.random.default_rng(seed)
    effects, noise = np.empty((trajectories, inputs)), np.empty((trajectories, inputs))
    for row in range(trajectories):
        points, order, directions = _trajectory(random, inputs)
        results = np.asarray(model(points, row), dtype=np.float64)
        steps = np.diff(results, axis=0) / (STEP * directions[order])[:, np.newaxis]
        effects[row, order] = steps.mean(axis=1)
        noise[row, order] = squared_error(steps)
        if told is not None:
            told((row + 1) / trajectories)
    found = []
    for place in range(inputs):
        mean, size = mean_of(effects[:, place]), mean_of(np.abs(effects[:, place]), least=0.0)
        assert mean is not None and size is not None
        spread = effects[:, place].var(ddof=1) - noise[:, place].mean()
        found.append(ElementaryEffect(mean, size, float(np.sqrt(max(spread, 0.0)))))
    return tuple(found)


def squared_error(values: Floats) -> Floats:
    """The squared standard error of the mean over the last axis; nothing of a single value, which has no luck."""
    number = values.shape[-1]
    return np.asarray(values.var(axis=-1, ddof=1) / number if number > 1 else np.zeros(values.shape[:-1]))


def _trajectory(random: np.random.Generator, inputs: int) -> tuple[Floats, npt.NDArray[np.int64], Floats]:
    """A random way through the cube: its points, in which order the inputs move, and whether up (1) or down (-1)."""
    start = random.integers(0, LEVELS, inputs) / (LEVELS - 1)
    # Two thirds of the range lead out of the cube in one of the two directions, so that the level says which.
    directions = np.where(start < 0.5, 1.0, -1.0)
    order = random.permutation(inputs)
    points = np.tile(start, (inputs + 1, 1))
    for step, place in enumerate(order):
        points[step + 1 :, place] += STEP * directions[place]
    return points, order, directions
