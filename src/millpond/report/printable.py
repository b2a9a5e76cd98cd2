"""Text that can be written down anywhere: without the characters that XML, and so SVG and HTML, cannot hold.

Names come from other people's records. One such character would make a page unreadable and stop the drawing program
in a way that no one can catch, so each is shown as the replacement character.
"""

from __future__ import annotations

import re
from typing import Any

REPLACEMENT = "\ufffd"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text with each character that XML 1.0 forbids replaced.

    >>> printable("Ad\\x0bvisers")
    'Ad\ufffdvisers'
    """
    return _FORBIDDEN.sub(REPLACEMENT, text)


def all_printable(value: Any) -> Any:
    """The same for all text in nested lists and dictionaries, as a copy."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {all_printable(key): all_printable(held) for key, held in value.items()}
    return [all_printable(held) for held in value] if isinstance(value, list | tuple) else value
