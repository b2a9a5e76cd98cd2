"""Where a random draw is found: keys made of names, so that a plan that adds a step or a stream moves nobody's luck.

An address is the replication's key, the case (its stream's key and its arrival number) and the place (its step's key,
how many times it has been there, and what the draw is for).
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

STREAM_BITS, NUMBER_BITS, STEP_BITS = 24, 40, 32
MARK_BITS = 3
"""How many of the highest bits of a case's number say how it came."""
SCHEDULED = 1 << 39
"""Added to the numbers of arrivals that do not come at random, so that no two cases of a stream share an address."""


def name_key(name: str, bits: int) -> int:
    """A number of so many bits that stands for a name, the same in every service and every run."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") >> (64 - bits)


def name_keys(names: Iterable[str], bits: int) -> dict[str, int]:
    """The keys of several names, all different.

    Where two names have the same key, which is one chance in millions, the later in the alphabet gets another.
    """
    keys: dict[str, int] = {}
    for name in sorted(names):
        key, again = name_key(name, bits), name
        while key in keys.values():
            again += "'"
            key = name_key(again, bits)
        keys[name] = key
    return keys


def replication_key(seed: int, number: int) -> int:
    """The key of a replication: splitmix64 (Steele, Lea and Flood 2014) of the seed moved on by the number."""
    word = (1 << 64) - 1
    z = (seed + (number + 1) * 0x9E3779B97F4A7C15) & word
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & word
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & word
    return z ^ (z >> 31)
