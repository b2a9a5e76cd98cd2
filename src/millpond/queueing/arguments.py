"""What the formulas may be asked: each check names the argument, what is wrong with it, and what to give.

The checks know nothing of any one formula. They refuse what is not a finite number too, since a NaN passes every
comparison unnoticed.
"""

from __future__ import annotations

from collections.abc import Collection
from math import isfinite

from millpond.errors import WrongUse


def positive(name: str, value: float) -> None:
    """Raises WrongUse where a number is not finite and more than 0."""
    if not (isfinite(value) and value > 0):
        raise WrongUse(f"The {name} is {value}, but has to be more than 0.\nGive a positive number.")


def not_negative(name: str, value: float) -> None:
    """Raises WrongUse where a number is not finite, or less than 0."""
    if not (isfinite(value) and value >= 0):
        raise WrongUse(f"The {name} is {value}, but cannot be less than 0.\nGive 0 or a positive number.")


def whole(name: str, value: float, *, least: int = 1) -> None:
    """Raises WrongUse where a number is not whole, or less than the least that makes sense."""
    if not (isfinite(value) and value == int(value) and value >= least):
        raise WrongUse(f"The {name} is {value}, but has to be a whole number, {least} or more.\nGive such a number.")


def share(name: str, value: float, *, below_one: bool = True) -> None:
    """Raises WrongUse where a number is not a share: from 0 up to 1, and less than 1 unless `below_one` is off."""
    if not (0 <= value < 1 or (value == 1 and not below_one)):
        bound = "less than 1" if below_one else "at most 1"
        raise WrongUse(f"The {name} is {value}, but has to be 0 or more, and {bound}.\nGive a share, such as 0.8.")


def stable(load: float, cure: str, *, where: str = "") -> None:
    """Raises WrongUse where a load is 1 or more: without end, more comes than can be done, and no average exists.

    Args:
        load: demand over capacity.
        cure: what would bring it below 1.
        where: what has this load, to begin the message with; empty where there is but one thing.
    """
    if not load < 1:
        begins = f"{where}: the" if where else "The"
        raise WrongUse(f"{begins} load is {load:.3f}, so the queue grows without limit and has no average.\n{cure}")


def one_of(name: str, value: str, known: Collection[str]) -> None:
    """Raises WrongUse where a word is none of those known."""
    if value not in known:
        raise WrongUse(f"The {name} is {value!r}, which is not known.\nGive one of: {', '.join(sorted(known))}.")
