"""The two icons of a chart in words: whether its latest point is more than chance, and whether its target can be kept.

Both are as NHS England's Making Data Count has them. Neither says whether the service does well: a figure may go up and
down by chance alone and be bad all the time.
"""

from __future__ import annotations

from typing import Literal

from millpond.model import ChartRules
from millpond.model.charts import Improvement

VariationIcon = Literal[
    "common cause",
    "improvement high",
    "improvement low",
    "concern high",
    "concern low",
    "neither high",
    "neither low",
]
AssuranceIcon = Literal["consistently passing", "consistently failing", "hit or miss"]


def variation_icon(
    signals: tuple[tuple[int, int], ...], improvement: Improvement, both_ways: str = "first rule"
) -> VariationIcon:
    """What a point says: common cause, or a special cause that is improvement, concern, or neither.

    Args:
        signals: the rules by which it signals, in their order, each with its sign.
        improvement: whether more is good.
        both_ways: ``first rule`` or ``improvement``, for a point that signals both ways at once.
    """
    if not signals:
        return "common cause"
    way = signals[0][1]
    if improvement == "neutral":
        return "neither high" if way > 0 else "neither low"
    good = 1 if improvement == "increase" else -1
    if both_ways == "improvement" and any(sign == good for _, sign in signals):
        way = good
    if way == good:
        return "improvement high" if way > 0 else "improvement low"
    return "concern high" if way > 0 else "concern low"


def assurance_icon(
    target: float | None, lower: float, upper: float, improvement: Improvement, rules: ChartRules
) -> AssuranceIcon | None:
    """Whether the target lies where the figure goes by itself; None without a target or where neither way is good.

    Args:
        target: the target.
        lower, upper: the limits of the latest point.
        improvement: whether more is good.
        rules: ``at_limit`` says what a target that equals a limit means.
    """
    if target is None or improvement == "neutral":
        return None
    reached = rules.at_limit == "decided"
    above = target > upper or (reached and target == upper)
    below = target < lower or (reached and target == lower)
    failing, passing = (above, below) if improvement == "increase" else (below, above)
    # Failing is looked at first: of a figure that never moves from its target both would hold.
    return "consistently failing" if failing else "consistently passing" if passing else "hit or miss"
