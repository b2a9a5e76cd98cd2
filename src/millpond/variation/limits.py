"""Where a figure goes up and down by itself: centre and limits for each kind of control chart.

The limits of an XmR chart rest on how much neighbouring points differ, those of the others on the law of the counts.

Sources: W. A. Shewhart, Economic Control of Quality of Manufactured Product (1931); XmR with 2.66 times the mean moving
range as NHS England's Making Data Count teaches it and the R package NHSRplotthedots codes it; screening after
L. S. Nelson, Journal of Quality Technology 14 (1982), pages 172-173; P, C and U after D. C. Montgomery, Introduction
to Statistical Quality Control; T after L. S. Nelson, Journal of Quality Technology 26 (1994), pages 239-240; G after
J. C. Benneyan, Health Care Management Science 4 (2001), pages 305-318.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LIMIT = 2.66
"""Mean moving ranges from the centre to a limit: 3 / 1.128, as Making Data Count rounds it."""
SCREEN = 3.267
"""Moving ranges of at least so many times their mean are screened: three standard deviations of a moving range."""
_TO_NORMAL = 1 / 3.6
"""The power that makes times between rare events about normal (Nelson 1994)."""


@dataclass(frozen=True)
class Limits:
    """Centre and limits of each point of a segment.

    Attributes:
        centre: the centre line.
        lower, upper: the limits, three standard deviations from the centre.
        lower_two, upper_two: the lines two standard deviations from it.
        screened: how many moving ranges were left out as outliers.
    """

    centre: Floats
    lower: Floats
    upper: Floats
    lower_two: Floats
    upper_two: Floats
    screened: int = 0


def xmr(values: Floats, base: int, screen: bool) -> Limits:
    """The limits of single values: their mean, and 2.66 mean moving ranges to either side.

    Args:
        values: the points of a segment, at least two.
        base: from how many of them, the first ones, the limits are worked out.
        screen: leave out, once, moving ranges of at least 3.267 times their mean.
    """
    centre = _mean(values[:base])
    ranges = np.abs(np.diff(values[:base]))
    average = float(ranges.mean())
    kept = ranges[ranges < SCREEN * average] if screen and average > 0 else ranges
    return _about(
        np.full(len(values), centre), np.full(len(values), LIMIT / 3 * float(kept.mean())), len(ranges) - len(kept)
    )


def c(counts: Floats, base: int) -> Limits:
    """The limits of counts of events in equal stretches: Poisson, so that the variance is the mean."""
    centre = np.full(len(counts), _mean(counts[:base]))
    return _from_nothing(_about(centre, np.sqrt(centre)))


def p(counts: Floats, sizes: Floats, base: int) -> Limits:
    """The limits of shares: binomial, narrower where more were looked at.

    Args:
        counts: how many of each size have the property.
        sizes: how many were looked at, above zero.
        base: from how many points the overall share is worked out.
    """
    share = np.full(len(counts), counts[:base].sum() / sizes[:base].sum())
    found = _from_nothing(_about(share, np.sqrt(share * (1 - share) / sizes)))
    return Limits(share, found.lower, np.minimum(found.upper, 1), found.lower_two, np.minimum(found.upper_two, 1))


def u(counts: Floats, sizes: Floats, base: int) -> Limits:
    """The limits of counts for each unit of a size that varies: Poisson, narrower where the size is greater.

    Args:
        counts: events in each stretch.
        sizes: how large the stretch was, above zero, such as its working days.
        base: from how many points the overall rate is worked out.
    """
    rate = np.full(len(counts), counts[:base].sum() / sizes[:base].sum())
    return _from_nothing(_about(rate, np.sqrt(rate / sizes)))


def t(times: Floats, base: int, screen: bool) -> Limits:
    """The limits of times between rare events: those of their power 1/3.6, which is about normal, raised back."""
    found = xmr(times**_TO_NORMAL, base, screen)

    def back(line: Floats) -> Floats:
        return np.asarray(np.maximum(line, 0.0) ** (1 / _TO_NORMAL), dtype=np.float64)

    return Limits(
        centre=back(found.centre),
        lower=back(found.lower),
        upper=back(found.upper),
        lower_two=back(found.lower_two),
        upper_two=back(found.upper_two),
        screened=found.screened,
    )


def g(counts: Floats, base: int) -> Limits:
    """The limits of how many cases pass between rare ones: geometric.

    The limits are three standard deviations from the mean; the centre line is the median, because most counts of so
    lopsided a law lie below the mean and would signal as a run.
    """
    mean = np.full(len(counts), _mean(counts[:base]))
    found = _from_nothing(_about(mean, np.sqrt(mean * (mean + 1))))
    median = np.full(len(counts), float(np.median(counts[:base])))
    return Limits(median, found.lower, found.upper, found.lower_two, found.upper_two)


def _mean(values: Floats) -> float:
    """The mean; of equal values exactly that value, which their sum in floats may miss by a hair."""
    return float(values[0]) if np.all(values == values[0]) else float(values.mean())


def _about(centre: Floats, sigma: Floats, screened: int = 0) -> Limits:
    return Limits(centre, centre - 3 * sigma, centre + 3 * sigma, centre - 2 * sigma, centre + 2 * sigma, screened)


def _from_nothing(found: Limits) -> Limits:
    """Limits of what cannot be below nothing."""
    lower, lower_two = np.maximum(found.lower, 0), np.maximum(found.lower_two, 0)
    return Limits(found.centre, lower, found.upper, lower_two, found.upper_two, found.screened)
