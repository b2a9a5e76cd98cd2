"""Random words by address, in plain integers: Philox2x64-10 and what is decided from a word.

The generator is Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011); the key is
mixed by SplitMix64 (Steele, Lea and Flood, 2014). Nothing here knows of time or of people.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from math import floor
from typing import TypeVar

import numpy as np
import numpy.typing as npt

WORK, PATIENCE, DELAY, ARRIVAL, ATTRIBUTES, DAY, ABSENCE, SCHEDULE = range(8)

K = TypeVar("K")
_ALL = 2**64 - 1
_MULTIPLIER = 0xD2B74407B1CE6E93
_GOLDEN = 0x9E3779B97F4A7C15


def philox(key: int, c0: int, c1: int) -> tuple[int, int]:
    """The two 64-bit words at a counter, after ten rounds."""
    for _ in range(10):
        product = _MULTIPLIER * c0
        c0, c1 = (product >> 64) ^ key ^ c1, product & _ALL
        key = (key + _GOLDEN) & _ALL
    return c0, c1


def splitmix64(number: int) -> int:
    """The first output of SplitMix64 whose state is the number (its increment is added first)."""
    mixed = (number + _GOLDEN) & _ALL
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _ALL
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _ALL
    return mixed ^ (mixed >> 31)


def name_key(name: str, bits: int) -> int:
    """The leading bits of the name's hash."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") >> (64 - bits)


class Luck:
    """All the words of one replication.

    Args:
        seed: the seed of the whole experiment.
        replication: which of its replications, from 0.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self.key = splitmix64((seed + replication * _GOLDEN) & _ALL)

    def words(self, owner: str, number: int, purpose: int, step: str | None = None, nth: int = 0) -> tuple[int, int]:
        """The two words at an address.

        Args:
            owner: the stream (of a worker's absence: the worker).
            number: the arrival's number, or the day or moment.
            purpose: what is drawn.
            step: the step, where the draw belongs to a visit.
            nth: how many visits the case made at the step before; of an attribute, its place in the stream.
        """
        step_key = 0 if step is None else name_key(step, 32)
        return philox(self.key, name_key(owner, 24) << 40 | number, step_key << 32 | nth << 8 | purpose)


def happens(word: int, share: float) -> bool:
    """Whether something with that probability happens."""
    return word < floor(share * 2**64)


def chosen(word: int, shares: Mapping[K, float]) -> K:
    """The first name whose cumulative share is above the word; the last takes what is left."""
    total = 0.0
    for name, share in shares.items():
        total += share
        if word < floor(total * 2**64):
            return name
    return name


def unit(word: int) -> float:
    """The word as a number from 0 up to but not 1, of 53 bits."""
    return (word >> 11) * 2.0**-53


def middle(word: int) -> float:
    """The middle of the 2**-53 that a word stands for: above 0 and below 1."""
    return ((word >> 11) + 0.5) * 2.0**-53


def exponential(cells: npt.NDArray[np.float64], word: int) -> float:
    """A standard exponential from its cells: ten bits choose a cell, the outer ones are refined once and twice."""
    bits = [word >> 54, (word >> 44) & 1023, (word >> 34) & 1023]
    row, used = bits[0], 10
    if bits[0] in (0, 1023):
        outermost = bits[0]
        row, used = (1024 if outermost == 0 else 2048) + bits[1], 20
        if bits[1] == outermost:
            row, used = (3072 if outermost == 0 else 4096) + bits[2], 30
    low, width = float(cells[row, 0]), float(cells[row, 1])
    return low + width * unit((word << used) & _ALL)
