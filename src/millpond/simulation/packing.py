"""The arrays of a replication laid side by side in one piece of memory, so that few things are made for each.

The event loop is given a block: a row with the address of each array (see `millpond.simulation.kernel`). Asking ninety
arrays for their addresses takes longer than many a replication; here they are one address and ninety known distances.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from millpond.simulation.kernel import DTYPES, Layout

Ints = npt.NDArray[np.int64]
Views = dict[str, npt.NDArray[Any]]
_WORD, _LINE = 8, 64
"""Bytes of an entry of a block, and of a line of the processor's cache, at which every array begins."""


@dataclass(frozen=True, eq=False)
class _Place:
    """Where an array lies."""

    name: str
    first: int
    bytes: int
    dtype: Any
    shape: tuple[int, ...]


class Packing:
    """The arrays of a block, ready to be copied as one.

    Args:
        layout: the names of the block.
        values: an array for each of them, none of them a count.

    Raises:
        KeyError: a name of the layout has no value.
    """

    def __init__(self, layout: Layout, values: Mapping[str, Any]) -> None:
        places, first = [], 0
        arrays = {name: np.asarray(values[name], dtype=DTYPES[kind]) for name, kind in layout.kinds.items()}
        for name, array in arrays.items():
            places.append(_Place(name, first, array.nbytes, array.dtype, array.shape))
            first += -(-max(array.nbytes, 1) // _LINE) * _LINE
        self._places = tuple(places)
        self._distances = np.array([place.first for place in places], dtype=np.int64)
        self._bytes = first
        self._is_blank = not any(array.any() for array in arrays.values())
        self._pattern = np.zeros(first, dtype=np.uint8)
        for place, array in zip(places, arrays.values(), strict=True):
            self._view(self._pattern, place)[...] = array

    def fresh(self) -> tuple[Ints, npt.NDArray[np.uint8]]:
        """A block of arrays as they were given, and the memory that must be kept as long as the block is used."""
        # Fresh zeros cost nothing until they are touched.
        room = (np.zeros if self._is_blank else np.empty)(self._bytes + _LINE, dtype=np.uint8)
        skipped = -room.__array_interface__["data"][0] % _LINE
        memory = room[skipped : skipped + self._bytes]
        if not self._is_blank:
            memory[...] = self._pattern
        return self._distances + memory.__array_interface__["data"][0], memory

    def views(self, memory: npt.NDArray[np.uint8], names: tuple[str, ...] | None = None) -> Views:
        """Arrays that lie in a piece of memory, by name.

        Args:
            memory: from `fresh`.
            names: which; None for all.
        """
        return {place.name: self._view(memory, place) for place in self._places if names is None or place.name in names}

    @staticmethod
    def _view(memory: npt.NDArray[np.uint8], place: _Place) -> npt.NDArray[Any]:
        view: npt.NDArray[Any] = memory[place.first : place.first + place.bytes].view(place.dtype)
        return view.reshape(place.shape)
