"""A share of a count with its doubt.

Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the
American Statistical Association 22 (1927), pages 209-212.
"""

from __future__ import annotations

from math import sqrt

Z_95 = 1.959963984540054
"""The standard normal deviate that leaves 2.5% on either side."""


def wilson(count: int, of: int) -> tuple[float, float] | None:
    """The 95% score interval of a share; None where there is nothing to take a share of.

    Args:
        count: how many have the property.
        of: how many were looked at, at least `count`.

    >>> low, high = wilson(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    if not of:
        return None
    share, spread = count / of, Z_95**2 / of
    centre = share + spread / 2
    half = Z_95 * sqrt(share * (1 - share) / of + spread / (4 * of))
    low, high = (centre - half) / (1 + spread), (centre + half) / (1 + spread)
    # At either end one side of the interval is the share itself; arithmetic on floats would miss it by a
    # hair.
    return (0.0 if count == 0 else low), (1.0 if count == of else high)
