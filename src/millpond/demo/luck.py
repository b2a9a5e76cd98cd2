"""Chance with an address: each draw is a pure function of what it is for, and the same bytes come out everywhere.

Not `random`: only one of its methods promises the same numbers in every version of Python, and a sequence gives
everybody other luck as soon as one draw is added. A hash promises both. Amounts are rounded to whole minutes where
they are used, which hides the last bit in which the logarithms of two machines may differ.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from statistics import NormalDist

SEED = 226


def uniform(*address: object) -> float:
    """A number above 0 and below 1 that belongs to an address, such as ``("minutes", "NS-0001", "triage", 1)``."""
    text = "/".join(str(part) for part in (SEED, *address))
    bits = int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big") >> 4
    return (bits + 0.5) / 2**52


def chosen(shares: Mapping[str, float], draw: float) -> str:
    """One of the names, each as likely as its share of the sum; `draw` is uniform between 0 and 1."""
    reach = draw * math.fsum(shares.values())
    for name, share in shares.items():
        reach -= share
        if reach < 0:
            return name
    return [name for name, share in shares.items() if share][-1]


def lognormal(mean: float, sd: float, draw: float) -> float:
    """A log-normal amount of this mean and standard deviation."""
    spread = math.log1p((sd / mean) ** 2)
    return math.exp(math.log(mean) - spread / 2 + math.sqrt(spread) * NormalDist().inv_cdf(draw))


def count(mean: float, overdispersion: float, draw: float) -> int:
    """A number of arrivals: Poisson where the variance is the mean, else negative binomial.

    Args:
        mean: the number expected.
        overdispersion: variance over mean, 1 or more.
        draw: uniform between 0 and 1.
    """
    if mean <= 0:
        return 0
    extra = 1 - 1 / overdispersion
    size = mean / (overdispersion - 1) if extra else math.inf
    term = overdispersion**-size if extra else math.exp(-mean)
    number = 0
    while draw >= term and number < 1000:
        draw -= term
        term *= extra * (size + number) / (number + 1) if extra else mean / (number + 1)
        number += 1
    return number
