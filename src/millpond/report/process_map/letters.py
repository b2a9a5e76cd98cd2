"""How wide a text is, and how it is broken into lines without losing a letter of it.

Widths are those of Helvetica (Adobe Font Metrics, 1990), in thousandths of the size of the letters, and a little more,
because the reader's letters may be other ones.
"""

from __future__ import annotations

_WIDTHS = {
    **dict.fromkeys("ijl'|", 222),
    **dict.fromkeys(" .,:;!/ftI[]\\", 278),
    **dict.fromkeys("r()-`{}\u2010", 333),
    **dict.fromkeys('"*', 372),
    **dict.fromkeys("ckJsvxyz", 500),
    **dict.fromkeys("abdeghnopqu0123456789_#$?L\u00b7", 556),
    **dict.fromkeys("+=<>~FTZ", 611),
    **dict.fromkeys("&ABEKPSVXY", 667),
    **dict.fromkeys("wCDHNRU", 722),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("mM%", 889),
    **dict.fromkeys("W@\u2014\u2026", 1000),
}
_OTHER = 1000
_SPARE = 1.06


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is at most, in the unit of the size of its letters.

    >>> width("ill", 10) < width("WWW", 10)
    True
    """
    thousandths = sum(_WIDTHS.get(letter, 611 if letter.isascii() or letter.isalpha() else _OTHER) for letter in text)
    return thousandths * size / 1000 * _SPARE * (1.07 if bold else 1.0)


def lines(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """A text in lines that fit; broken at blanks, and within a word only where it is wider than a line.

    >>> lines("Needs and risk assessment", 10, 80)
    ['Needs and risk', 'assessment']
    """
    found: list[str] = []
    line = ""
    for word in text.split():
        for part in _parts(word, size, room, bold):
            longer = f"{line} {part}" if line else part
            if line and width(longer, size, bold=bold) > room:
                found.append(line)
                line = part
            else:
                line = longer
    return [*found, line] if line or not found else found


def _parts(word: str, size: float, room: float, bold: bool) -> list[str]:
    """A word in parts that fit, best broken after a sign."""
    parts = []
    while width(word, size, bold=bold) > room:
        fits = max((n for n in range(1, len(word)) if width(word[:n], size, bold=bold) <= room), default=1)
        after = max((n for n in range(fits // 2, fits + 1) if n and word[n - 1] in "_-/.,:;"), default=fits)
        parts.append(word[:after])
        word = word[after:]
    return [*parts, word]
