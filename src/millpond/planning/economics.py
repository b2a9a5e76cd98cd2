"""Money over more than a year: present values, payback, benefit against cost, optimism, and where a verdict turns.

PV = sum of x[t] / growth(t) over the years t from 0, which is not discounted; growth is the product of (1 + rate) over
the years up to t, each at its own rate. Rates are those of HM Treasury's Green Book: real 3.5% in years 0 to 30, 3.0%
in 31 to 75, 2.5% after; 1.5% for effects on health. They are data: pass others where others hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, count, islice

from millpond.errors import WrongUse

DAYS_A_YEAR = 365


@dataclass(frozen=True)
class Rates:
    """Discount rates by year.

    Attributes:
        name: what they are, to be told beside a figure.
        steps: the first year of each rate, and the rate: 0.035 is 3.5% a year.
    """

    name: str
    steps: tuple[tuple[int, float], ...]

    def __post_init__(self) -> None:
        years = [year for year, _ in self.steps]
        if not years or years[0] != 0 or years != sorted(set(years)):
            raise WrongUse("Discount rates need a rate from year 0, and later years in order.")
        if any(not rate > -1 for _, rate in self.steps):
            raise WrongUse("A discount rate cannot be -100% or below. Write 3.5% as 0.035.")

    def rate(self, year: int) -> float:
        """The rate by which the value of that year is less than that of the year before."""
        return [rate for first, rate in self.steps if first <= max(year, 0)][-1]

    def factors(self, years: int) -> tuple[float, ...]:
        """What 1 in each year is worth in year 0, from year 0 on.

        >>> [round(GREEN_BOOK.factors(32)[year], 4) for year in (1, 5, 10, 30, 31)]
        [0.9662, 0.842, 0.7089, 0.3563, 0.3459]
        """
        growth = accumulate(
            (self.rate(year) for year in count(1)), lambda so_far, rate: so_far * (1 + rate), initial=1.0
        )
        return tuple(1 / one for one in islice(growth, years))


GREEN_BOOK = Rates("Green Book, real", ((0, 0.035), (31, 0.03), (76, 0.025)))
"""Social time preference of HM Treasury's Green Book."""
HEALTH = Rates("Green Book, health effects", ((0, 0.015),))
"""For effects on health and life that are counted in themselves."""
NO_DISCOUNT = Rates("not discounted", ((0, 0.0),))


def present_value(flows: Sequence[float], rates: Rates = GREEN_BOOK) -> float:
    """What amounts in years 0, 1, 2 and so on are worth in year 0.

    Args:
        flows: an amount for each year, in today's prices.
        rates: by which they are discounted.

    >>> round(present_value([100, 100]), 2)
    196.62
    """
    return sum(amount * factor for amount, factor in zip(flows, rates.factors(len(flows)), strict=True))


def payback(costs: Sequence[float], benefits: Sequence[float], rates: Rates = NO_DISCOUNT) -> int | None:
    """The first year at whose end benefits so far have come up to costs so far; None where they never do.

    Args:
        costs, benefits: an amount for each year from 0.
        rates: to discount them first; by default payback is told undiscounted.
    """
    net = [benefit - cost for cost, benefit in _paired(costs, benefits)]
    discounted = (amount * factor for amount, factor in zip(net, rates.factors(len(net)), strict=True))
    for year, so_far in enumerate(accumulate(discounted)):
        if so_far >= 0:
            return year
    return None


@dataclass(frozen=True)
class Optimism:
    """How much a first estimate is likely to be too hopeful.

    The Green Book gives no value for benefits that holds for everything: take it from how your own earlier plans turned
    out. It corrects an estimate; it is no reserve for what may go wrong.

    Attributes:
        costs: the share by which costs are raised: 0.1 is 10% more.
        benefits: the share by which benefits are lowered.
    """

    costs: float = 0.0
    benefits: float = 0.0

    def __post_init__(self) -> None:
        if not self.costs >= 0 or not 0 <= self.benefits <= 1:
            raise WrongUse(
                "Optimism raises costs by a share of 0 or more and lowers benefits by one from 0 to 1. "
                "Write 10% as 0.1."
            )


@dataclass(frozen=True)
class Appraisal:
    """A plan over years, in the prices of year 0.

    Attributes:
        rates: what it was discounted by.
        optimism: what was taken off the estimates first.
        costs, benefits: present values after that.
        payback_year: the first year at whose end benefits so far, not discounted, have come up to costs; None: never.
        switching_cost: by what share costs could rise before the net present value is 0; below 0, by what share they
            would have to fall. None where there are no costs.
        switching_benefit: by what share benefits could fall before it is 0; below 0, by what they would have to rise.
            None where there are no benefits.
    """

    rates: str
    optimism: Optimism
    costs: float
    benefits: float
    payback_year: int | None
    switching_cost: float | None
    switching_benefit: float | None

    @property
    def net_present_value(self) -> float:
        """Benefits less costs."""
        return self.benefits - self.costs

    @property
    def benefit_cost_ratio(self) -> float | None:
        """Benefits over costs; None where there are no costs."""
        return self.benefits / self.costs if self.costs else None


def appraise(
    costs: Sequence[float],
    benefits: Sequence[float],
    *,
    rates: Rates = GREEN_BOOK,
    benefit_rates: Rates | None = None,
    optimism: Optimism | None = None,
) -> Appraisal:
    """What a plan is worth over the years.

    Args:
        costs, benefits: an amount for each year from 0, in today's prices, each as the change from doing nothing.
        rates: by which both are discounted.
        benefit_rates: others for the benefits, such as `HEALTH`.
        optimism: what to take off the estimates first; None takes nothing off.

    Raises:
        WrongUse: there are not as many costs as benefits, or there is no year.
    """
    hope = optimism or Optimism()
    pairs = _paired(costs, benefits)
    paid = [cost * (1 + hope.costs) for cost, _ in pairs]
    gained = [benefit * (1 - hope.benefits) for _, benefit in pairs]
    of_costs, of_benefits = present_value(paid, rates), present_value(gained, benefit_rates or rates)
    return Appraisal(
        rates=rates.name if benefit_rates is None else f"{rates.name}; benefits: {benefit_rates.name}",
        optimism=hope,
        costs=of_costs,
        benefits=of_benefits,
        payback_year=payback(paid, gained),
        switching_cost=of_benefits / of_costs - 1 if of_costs else None,
        switching_benefit=1 - of_costs / of_benefits if of_benefits else None,
    )


def _paired(costs: Sequence[float], benefits: Sequence[float]) -> list[tuple[float, float]]:
    if len(costs) != len(benefits) or not costs:
        raise WrongUse(
            f"There are {len(costs)} years of costs and {len(benefits)} of benefits.\n"
            "Give an amount of both for each year, 0 where there is none."
        )
    return list(zip(costs, benefits, strict=True))
