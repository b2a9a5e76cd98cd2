"""Where a random draw is found: keys made of names, so that a plan that adds a step or a stream moves nobody's luck.

An address is the replication's key, the case (its stream's key and its arrival number) and the place (its step's key,
how many times it has been there, and what the draw is for).
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

STREAM_BITS, NUMBER_BITS, STEP_BITS = 24, 40, 32
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
