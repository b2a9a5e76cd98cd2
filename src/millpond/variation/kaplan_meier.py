"""The share that lasts longer than each length, where some lengths are not over yet.

Source: E. L. Kaplan and P. Meier, Journal of the American Statistical Association 53 (1958), pages 457-481; intervals
on the log(-log) scale with the variance of Greenwood (J. D. Kalbfleisch and R. L. Prentice, The statistical analysis of
failure time data, 2nd edition, 2002, section 1.4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from millpond.variation.series import Floats, Whole

_Z_95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Lengths:
    """Distinct lengths with how often each was seen.

    Attributes:
        minutes: in ascending order, all above 0.
        ended: how many were over after exactly so long.
        still_open: how many were last seen after so long, and were not over.
    """

    minutes: Floats
    ended: Whole
    still_open: Whole


@dataclass(frozen=True, eq=False)
class Survival:
    """The share that lasts longer than each length at which something ended.

    Attributes:
        minutes: the lengths.
        longer: the share that lasts longer than each.
        low, high: the 95% interval of that share; not a number where there is none.
    """

    minutes: Floats
    longer: Floats
    low: Floats
    high: Floats


def kaplan_meier(lengths: Lengths) -> Survival:
    """The estimate from lengths that are over and lengths that are not."""
    leaving = lengths.ended + lengths.still_open
    at_risk = leaving[::-1].cumsum()[::-1].astype(np.float64)
    seen = lengths.ended > 0
    risk, ended = at_risk[seen], lengths.ended[seen].astype(np.float64)
    longer: Floats = np.cumprod(1 - ended / risk, dtype=np.float64)
    left = risk - ended
    greenwood = np.cumsum(np.divide(ended, risk * left, out=np.zeros_like(risk), where=left > 0))
    inner = (longer > 0) & (longer < 1)
    width = np.full(len(longer), np.nan)
    width[inner] = _Z_95 * np.sqrt(greenwood[inner]) / -np.log(longer[inner])
    with np.errstate(over="ignore"):
        low, high = longer ** np.exp(width), longer ** np.exp(-width)
    return Survival(lengths.minutes[seen], longer, low, high)
