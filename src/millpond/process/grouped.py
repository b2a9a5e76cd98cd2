"""Look-ups in order within groups: whole columns at once, without a loop over cases or workers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_BITS = 63
_PART = 1 << 16
_MOST_STEPS = 8
"""With more edges than these close to one another a search is faster than going through them."""


def sorted_by(group: Ints, value: Ints, then: Ints | None = None) -> Ints:
    """The places of entries by group (from 0), then by value, then by another column; of equals, in their order."""
    # Records are often kept in this very order, which is seen without one number for both.
    if ((group[1:] > group[:-1]) | ((group[1:] == group[:-1]) & (value[1:] > value[:-1]))).all():
        return np.arange(len(group), dtype=np.int64)
    (keys,) = keyed((group, value))
    return in_order(keys, then)


def parts_of(groups: Ints) -> Iterator[slice]:
    """Entries of groups in parts: whole groups, together about as many as the memory next to the processor holds.

    What is worked out of one part is still there for the next step, and its room is used again for the next part.

    Args:
        groups: in ascending order.
    """
    ends = np.append(np.flatnonzero(np.diff(groups)) + 1, len(groups))
    begin = 0
    while begin < len(groups):
        end = int(ends[max(np.searchsorted(ends, begin + _PART, side="right") - 1, np.searchsorted(ends, begin + 1))])
        yield slice(begin, end)
        begin = end


def in_order(keys: Ints, then: Ints | None = None) -> Ints:
    """The places of numbers from the least to the greatest; of equals, by another column, then in their order.

    NumPy's stable sort is several times as slow as its other one, which leaves equals anyhow; so these are put right
    afterwards.
    """
    if then is None and len(keys) and (placed := _with_places(keys)) is not None:
        placed.sort()
        return placed & ((1 << len(keys).bit_length()) - 1)
    order = np.argsort(keys)
    ordered = keys[order]
    same = ordered[1:] == ordered[:-1]
    if not same.any():
        return np.asarray(order, dtype=np.int64)
    tied = np.append(False, same) | np.append(same, False)
    # A run of equals keeps its places, and within it the places are put in order.
    run = np.cumsum(~np.append(False, same)[tied])
    if then is not None:
        within = order[tied]
        order[tied] = within[np.lexsort((within, then[within], run))]
        return np.asarray(order, dtype=np.int64)
    bits = len(keys).bit_length()
    order[tied] = np.sort((run << bits) + order[tied]) & ((1 << bits) - 1)
    return np.asarray(order, dtype=np.int64)


def _with_places(keys: Ints) -> Ints | None:
    """Numbers with their places as last digits, so that no two are equal; None where one number cannot hold both."""
    bits, least = len(keys).bit_length(), int(keys.min())
    if (int(keys.max()) - least).bit_length() + bits > _BITS:
        return None
    return ((keys - least) << bits) + np.arange(len(keys), dtype=np.int64)


def distinct(keys: Ints) -> Ints:
    """Each number once, in order; sorting is several times as fast here as NumPy's own hashing."""
    ordered = np.sort(keys)
    return np.asarray(ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]], dtype=np.int64)


def keyed(*pairs: tuple[Ints, Ints]) -> list[Ints]:
    """One number for each group and value, so that numbers are in order of group, then of value.

    Args:
        pairs: columns of groups (from 0) with their values; all pairs share one order.

    Returns:
        A column of numbers for each pair. Equal groups and values give equal numbers.
    """
    told = [(group, value) for group, value in pairs if len(group)]
    groups = max((int(group.max()) for group, _ in told), default=0).bit_length()
    least = min((int(value.min()) for _, value in told), default=0)
    most = max((int(value.max()) for _, value in told), default=0)
    unit = 1
    if (most - least).bit_length() + groups > _BITS:
        # Instants are mostly whole seconds or milliseconds, which take fewer digits.
        unit = int(np.gcd.reduce([int(np.gcd.reduce(value - least)) for _, value in told])) or 1
    bits = ((most - least) // unit).bit_length()
    if bits + groups <= _BITS:
        return [_one_number(group, value, bits, least, unit) for group, value in pairs]
    # Too many groups over too long a time for one number: places in the order of all values take their stead.
    values = np.concatenate([value for _, value in pairs])
    order = in_order(values)
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[order] = np.cumsum(np.append(0, values[order][1:] != values[order][:-1]))
    bits = len(values).bit_length()
    ends = np.cumsum([len(value) for _, value in pairs])[:-1]
    return [(group << bits) + rank for (group, _), rank in zip(pairs, np.split(ranks, ends), strict=True)]


def _one_number(group: Ints, value: Ints, bits: int, least: int, unit: int) -> Ints:
    key = value - least
    if unit != 1:  # no other arithmetic takes as long
        key //= unit
    key += group << bits
    return np.asarray(key, dtype=np.int64)


def greatest_so_far(keys: Ints) -> Ints:
    """For each entry the place of the greatest number up to it; of equals, the last.

    Args:
        keys: as `keyed` gives them for groups in ascending order, so that no group looks into the one before it.
    """
    highest = np.maximum.accumulate(keys)
    places = np.where(keys >= highest, np.arange(len(keys)), 0)
    return np.asarray(np.maximum.accumulate(places), dtype=np.int64)


def nearest_less_before(groups: Ints, values: Ints) -> Ints:
    """For each entry the place of the last one before it in its group whose value is less; -1 where there is none.

    Args:
        groups: in ascending order.
        values: one for each entry.
    """
    count = len(values)
    at = np.arange(-1, count - 1, dtype=np.int64)
    if not count:
        return at
    begins = np.flatnonzero(np.diff(groups, prepend=-1))
    at[begins] = -1
    # Everything between an entry and where it points is no less than it, so that it may go on to where that one points.
    looking = np.flatnonzero(at >= 0)
    while len(looking):
        looking = looking[values[at[looking]] >= values[looking]]
        at[looking] = at[at[looking]]
        looking = looking[at[looking] >= 0]
    return at


class Edges:
    """Finds between which of some edges numbers lie, by a table of even stretches: no search for each number."""

    def __init__(self, edges: Ints) -> None:
        """Args: edges: at least one, in ascending order."""
        self.edges = edges
        self.least = int(edges[0])
        self.stretch = max((int(edges[-1]) - self.least) // len(edges), 1)
        # The last edge up to the beginning of each stretch; those within it are gone through.
        stretches = (int(edges[-1]) - self.least) // self.stretch + 2
        begins = self.least + self.stretch * np.arange(stretches, dtype=np.int64)
        self.table = np.searchsorted(edges, begins, side="right") - 1
        self.most = int(np.diff(self.table).max(initial=0))
        self.following = np.append(edges[1:], np.iinfo(np.int64).max)

    def before(self, numbers: Ints) -> Ints:
        """The place of the last edge up to each number; the first for what lies before all."""
        if self.most > _MOST_STEPS:
            found = np.searchsorted(self.edges, numbers, side="right") - 1
            return np.asarray(np.maximum(found, 0), dtype=np.int64)
        at = self.table[np.clip((numbers - self.least) // self.stretch, 0, len(self.table) - 1)]
        for _ in range(self.most):
            at += self.following[at] <= numbers
        return at


def expanded(begins: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Every place from each beginning up to but without its end, and which of the spans it belongs to."""
    lengths = np.maximum(ends - begins, 0)
    owner = np.repeat(np.arange(len(begins), dtype=np.int64), lengths)
    before = np.cumsum(lengths) - lengths
    return begins[owner] + np.arange(len(owner), dtype=np.int64) - before[owner], owner
