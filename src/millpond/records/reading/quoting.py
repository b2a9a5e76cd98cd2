"""Watches the quotation marks of a text as it passes, and tells whether a strict reader may be trusted with it.

In text that keeps to RFC 4180 every quotation mark that opens a field stands after a delimiter or a line's end, and
every one that closes it before one. One stray mark makes a fast reader swallow hundreds of rows into one field, without
an error; so at the first mark out of place the careful reader takes over.
"""

from __future__ import annotations

import numpy as np

_QUOTE = 34
_ENDS = (10, 13)


class QuoteWatch:
    """Follows the quotation marks of one text.

    Attributes:
        strict: every mark so far stands where RFC 4180 allows it.
    """

    def __init__(self, delimiter: bytes) -> None:
        self.strict = True
        self._before_opening = np.zeros(256, dtype=np.bool_)
        self._before_opening[[*_ENDS, delimiter[0], _QUOTE]] = True
        self._tail = b"\n"  # the text begins like a line
        self._open = False  # whether the text is inside quotation marks before the tail's byte

    def see(self, chunk: bytes) -> None:
        """Look at the next piece."""
        if not self.strict or not chunk:
            return
        if not self._open and b'"' not in chunk and self._tail != b'"':
            self._tail = chunk[-1:]
            return
        codes = np.frombuffer(self._tail + chunk, dtype=np.uint8)
        marks = np.flatnonzero(codes == _QUOTE)
        opening = (np.arange(len(marks)) % 2 == 0) ^ self._open
        # The last byte is looked at together with what follows it; the first was, on its left, before.
        seen = marks < len(codes) - 1
        opens = marks[opening & (marks > 0)]
        closes = marks[~opening & seen]
        good = bool(self._before_opening[codes[opens - 1]].all())
        good &= bool(self._before_opening[codes[closes + 1]].all())
        self.strict = good
        self._open ^= int(np.count_nonzero(seen)) % 2 == 1
        self._tail = chunk[-1:]

    def end(self) -> None:
        """The text is over: nothing may be open."""
        self.see(b"\n")
        if self._open:
            self.strict = False
