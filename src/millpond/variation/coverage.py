"""How often a band holds what it promises to hold.

Counts are whole, so a band of whole numbers holds more than it promises. Coverage is therefore counted exactly: a
count at the edge of the band counts with the share of its chance that lies between the 10% and the 90% point of the
forecast. That is the expectation of randomised coverage (the randomised probability integral transform; C. Czado,
T. Gneiting and L. Held, Biometrics 65 (2009), pages 1254-1261), without the randomness, and it is 80% on average where
forecasts are right.

The interval of a share is Wilson's (E. B. Wilson, Journal of the American Statistical Association 22 (1927), pages
209-212), for shares that need not be a whole count over a number.
"""

from __future__ import annotations

from math import sqrt

LEVEL = 0.8
"""What a band promises."""
TAIL = (1 - LEVEL) / 2
_Z_95 = 1.959963984540054


def inside(below: float, up_to: float) -> float:
    """How much of a count lies within the 80% band.

    Args:
        below: the forecast chance of a smaller count.
        up_to: the forecast chance of a count as large or smaller.

    Returns:
        The share of the stretch between the two that lies between the 10% and the 90% point.

    >>> inside(0.3, 0.5), inside(0.0, 0.05), round(inside(0.0, 0.4), 2)
    (1.0, 0.0, 0.75)
    """
    if up_to <= below:
        return 1.0 if TAIL <= up_to <= 1 - TAIL else 0.0
    return max(0.0, min(up_to, 1 - TAIL) - max(below, TAIL)) / (up_to - below)


def wilson(share: float, of: float) -> tuple[float, float]:
    """The 95% score interval of a measured share.

    Args:
        share: from 0 to 1; it need not be a whole count over `of`.
        of: how many independent cases it was measured on, above 0.

    >>> low, high = wilson(0.8, 10)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    spread = _Z_95**2 / of
    half = _Z_95 * sqrt(share * (1 - share) / of + spread / (4 * of))
    low, high = (share + spread / 2 - half) / (1 + spread), (share + spread / 2 + half) / (1 + spread)
    return max(0.0, low), min(1.0, high)
