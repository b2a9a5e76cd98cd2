"""Whole numbers in as few bytes as their spread needs: what a log of a million cases is kept in.

Numbers that lie close together are kept as their distance from the least of them (frame of reference: Goldstein,
Ramakrishnan and Shaft 1998), in one, two, four or six bytes each; numbers that are all the same take no room.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
_HALF_BITS = 32


@dataclass(frozen=True, eq=False)
class Narrow:
    """Whole numbers that can be had back exactly.

    Attributes:
        least: the least of them, from which the distances are counted.
        most: the greatest of them.
        parts: the distances, the lower bits first; none where all numbers are the same.
        length: how many numbers there are.
    """

    least: int
    most: int
    parts: tuple[npt.NDArray[Any], ...]
    length: int

    def __len__(self) -> int:
        return self.length

    @property
    def nbytes(self) -> int:
        """The bytes that the numbers take."""
        return sum(part.nbytes for part in self.parts)

    def wide(self, rows: slice | Ints | npt.NDArray[np.bool_] = slice(None)) -> Ints:
        """The numbers as 64-bit integers.

        Args:
            rows: which of them; all by default.
        """
        if not self.parts:
            same: Ints = np.broadcast_to(np.int64(self.least), self.length)[rows]
            return same.copy()
        found: Ints = self.parts[0][rows].astype(np.int64)
        for place, part in enumerate(self.parts[1:], start=1):
            found |= part[rows].astype(np.int64) << np.int64(_HALF_BITS * place)
        found += self.least
        return found


def narrow(values: Ints) -> Narrow:
    """Whole numbers in as few bytes as their spread needs.

    Args:
        values: any 64-bit integers.
    """
    if not len(values):
        return Narrow(0, 0, (), 0)
    least, most = int(values.min()), int(values.max())
    spread = most - least
    if spread == 0:
        return Narrow(least, most, (), len(values))
    if spread >> 48:
        # The distance may not fit in 64 bits with a sign; as they are, the numbers do.
        return Narrow(0, most, (values.astype(np.int64, copy=True),), len(values))
    distance = values - least
    if spread >> _HALF_BITS:
        high = (distance >> _HALF_BITS).astype(np.uint16)
        return Narrow(least, most, ((distance & 0xFFFFFFFF).astype(np.uint32), high), len(values))
    kind = np.uint8 if spread < 1 << 8 else np.uint16 if spread < 1 << 16 else np.uint32
    return Narrow(least, most, (distance.astype(kind),), len(values))
