"""Shares of a whole in thousandths that add up to exactly 1."""

from __future__ import annotations

from collections.abc import Collection, Mapping

SMALLEST = 0.005
"""Shares below this are left out, and what they held is divided among the others in proportion."""


def shares(counts: Mapping[str, int], kept: Collection[str] = ()) -> dict[str, float]:
    """The share of each name, the largest first.

    Shares are rounded to thousandths by largest remainders, so that they add up to 1.

    Args:
        counts: how often each name came.
        kept: names that are never left out, however rare; each has a thousandth at least.

    Returns:
        Name to share; empty where there are no counts.
    """
    total = sum(counts.values())
    if not total:
        return {}
    frequent = {name: count for name, count in counts.items() if count >= SMALLEST * total}
    if sum(frequent.values()) < total / 2:
        # Hundreds of ways of about the same weight: a long list is truer than a short one that is wrong.
        frequent = {name: count for name, count in counts.items() if count >= total / 1000} or dict(counts)
    frequent |= {name: counts[name] for name in kept if counts.get(name)}
    ordered = sorted(frequent, key=lambda name: (-frequent[name], name))[:1000]
    whole = sum(frequent[name] for name in ordered)
    exact = {name: 1000 * frequent[name] / whole for name in ordered}
    thousandths = {name: max(int(exact[name]), 1 if name in kept else 0) for name in ordered}
    missing = 1000 - sum(thousandths.values())
    by_remainder = sorted(ordered, key=lambda name: (thousandths[name] - exact[name], name))
    for name in by_remainder[: max(missing, 0)]:
        thousandths[name] += 1
    if missing < 0:
        thousandths[ordered[0]] += missing
    return {name: thousandths[name] / 1000 for name in ordered if thousandths[name]}
