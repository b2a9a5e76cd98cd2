"""Rules for a waiting list with a target: how long it may be, how fast to shorten it, what capacity keeps it so.

Demand, capacity and time are for the same unit, a week as a rule; a list is a number of people. The rules take waits
beyond the average as exponential, which holds at best for serving in order of arrival: where triage puts some
first, the chance of missing the target is not what `chance_of_missing` says.

Sources disagree in places. Where they do, the variant is an argument, its default is told, and so is the difference.

Source: N. P. Fong and others, An SPC and queueing approach to waiting lists, medRxiv 2022.08.23.22279117 (2022), and
its published package NHSRwaitinglist, whose code, help texts and history differ from each other.
"""

from __future__ import annotations

from math import exp, sqrt
from typing import Literal

from millpond.queueing.arguments import not_negative, one_of, positive

TargetCapacityRule = Literal["package", "help text", "paper"]
VariationRule = Literal["squared load", "load"]


def load(demand: float, capacity: float) -> float:
    """Demand over capacity; at 1 or more the list grows without limit.

    Raises:
        WrongUse: the demand is negative, or the capacity not positive.

    >>> round(load(demand=30, capacity=27), 4)
    1.1111
    """
    not_negative("demand", demand)
    positive("capacity", capacity)
    return demand / capacity


def target_mean_wait(target: float, factor: float = 4.0) -> float:
    """The average wait at which few miss the target: T / f.

    Args:
        target: the longest wait that is good enough.
        factor: 4 lets 1.8% miss it and 6 lets 0.25%; the source uses 4 to 6.

    Returns:
        In the unit of the target.

    Raises:
        WrongUse: an argument is not positive.

    >>> target_mean_wait(52)
    13.0
    """
    positive("target", target)
    positive("factor", factor)
    return target / factor


def chance_of_missing(factor: float = 4.0) -> float:
    """The chance to wait for longer than the target when the mean wait is the target over the factor: exp(-f).

    Waits are taken as exponential, which needs serving in order of arrival.

    Raises:
        WrongUse: the factor is not positive.

    >>> round(chance_of_missing(4), 4)
    0.0183
    """
    positive("factor", factor)
    return exp(-factor)


def target_queue_size(demand: float, target: float, factor: float = 4.0) -> float:
    """How many may wait, by Little's law: demand times the target mean wait, D T / f.

    Args:
        demand: people who join in a unit of time.
        target: the longest wait that is good enough, in that unit.
        factor: as in `target_mean_wait`.

    Raises:
        WrongUse: the demand is negative, or another argument not positive.

    >>> target_queue_size(demand=30, target=52)
    390.0
    """
    not_negative("demand", demand)
    return demand * target_mean_wait(target, factor)


def is_queue_too_big(queue: float, target_queue: float) -> bool:
    """Whether a list is more than twice its target size, so that it needs relief and not only time.

    Raises:
        WrongUse: one of them is negative.
    """
    not_negative("queue", queue)
    not_negative("target queue size", target_queue)
    return queue > 2 * target_queue


def relief_capacity(demand: float, queue: float, target_queue: float, weeks: float = 26.0) -> float:
    """The capacity that brings a list to its target size in a given time: D + (Q - Qtarget) / time.

    Args:
        demand: people who join in a week.
        queue: people who wait now.
        target_queue: people who may wait.
        weeks: how long it may take (in the unit of the demand, if that is not a week).

    Returns:
        People a week. Less than the demand where the list is smaller than its target; never less than 0.

    Raises:
        WrongUse: the time is not positive, or another argument negative.

    The published package can add an allowance for uncertain demand, 2 D cv / sqrt(n), to a ratio; the sum changes
    with the unit of time. Here the allowance is `demand_uncertainty`, a share of demand, to be applied by the caller.

    >>> round(relief_capacity(demand=30, queue=1200, target_queue=390), 6)
    61.153846
    """
    not_negative("demand", demand)
    not_negative("queue", queue)
    not_negative("target queue size", target_queue)
    positive("number of weeks", weeks)
    return max(0.0, demand + (queue - target_queue) / weeks)


def demand_uncertainty(cv_demand: float, periods: float) -> float:
    """By what share the mean demand may be off, at about 95%: 2 cv / sqrt(n).

    Args:
        cv_demand: standard deviation over mean of the demand of a period.
        periods: how many periods the mean was taken over.

    Raises:
        WrongUse: the variation is negative, or there are no periods.

    >>> demand_uncertainty(cv_demand=0.5, periods=100)
    0.1
    """
    not_negative("coefficient of variation of demand", cv_demand)
    positive("number of periods", periods)
    return 2 * cv_demand / sqrt(periods)


def target_capacity(
    demand: float,
    target: float,
    factor: float = 4.0,
    cv_demand: float = 1.0,
    cv_capacity: float = 1.0,
    *,
    rule: TargetCapacityRule = "package",
    variation: float = 1.0,
) -> float:
    """The capacity that keeps a list at its target size once it is there; three published rules.

    - ``package`` (the default, because it is the only one that follows from Kingman's formula):
      D + (cvD^2 + cvC^2) / 2 * f / T.
    - ``help text``: the same without the halving, as the package's help has it.
    - ``paper``: D + 2 (1 + 4 F) / T, with the `variation` F, as the package's history and the paper have it. It does
      not use the factor nor the coefficients of variation. A walkthrough that gives F as the factor of the rule of
      today gets a much smaller margin than was meant.

    Args:
        demand: people who join in a unit of time.
        target: the longest wait that is good enough, in that unit.
        factor: as in `target_mean_wait`.
        cv_demand, cv_capacity: standard deviation over mean of demand and of capacity; 1 where they are Poisson-like.
        rule: which of the three.
        variation: F, for ``paper`` alone; see `capacity_variation`.

    Returns:
        People in a unit of time.

    Raises:
        WrongUse: the rule is not known, or an argument makes no sense.

    >>> round(target_capacity(demand=30, target=52), 4)
    30.0769
    """
    not_negative("demand", demand)
    positive("target", target)
    positive("factor", factor)
    not_negative("coefficient of variation of demand", cv_demand)
    not_negative("coefficient of variation of capacity", cv_capacity)
    not_negative("variation", variation)
    one_of("rule", rule, ("package", "help text", "paper"))
    if rule == "paper":
        return demand + 2 * (1 + 4 * variation) / target
    squares = cv_demand**2 + cv_capacity**2
    return demand + (squares / 2 if rule == "package" else squares) * factor / target


def capacity_variation(
    variance: float, demand: float, capacity: float, *, rule: VariationRule = "squared load"
) -> float:
    """F, the variation of capacity that the ``paper`` rule of `target_capacity` asks for.

    - ``squared load`` (the default, as in the package's history): (V / C) (D / C)^2.
    - ``load``: (V / C) (D / C), which is what the walkthrough's own figure comes to.

    Args:
        variance: of what is removed from the list in a unit of time. The walkthrough calls its figure a standard
            deviation, but uses it as a variance.
        demand: people who join in that time.
        capacity: people who can be seen in that time.
        rule: which of the two.

    Raises:
        WrongUse: the rule is not known, or an argument makes no sense.

    >>> round(capacity_variation(variance=160, demand=30, capacity=27), 2)
    7.32
    """
    not_negative("variance", variance)
    one_of("rule", rule, ("squared load", "load"))
    return variance / capacity * load(demand, capacity) ** (2 if rule == "squared load" else 1)


def pressure(mean_wait: float, target: float) -> float:
    """Twice the mean wait over the target; 1 or more means a list under pressure: 2 W / T.

    Both have to be in the same unit. (The package's summary divides days by weeks, which makes it seven times too
    high.) The mean is meant to be of completed waits; an average age of those still waiting is a different thing. The
    factor 2 is a choice of the source, which its authors mark as in doubt.

    Args:
        mean_wait: the average wait.
        target: the longest wait that is good enough, in the same unit.

    Raises:
        WrongUse: the wait is negative, or the target not positive.

    >>> round(pressure(mean_wait=63, target=52), 6)
    2.423077
    """
    not_negative("mean wait", mean_wait)
    positive("target", target)
    return 2 * mean_wait / target
