"""How names, text and key paths are spelt in TOML."""

from __future__ import annotations

import json
import re

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_SHOWN = 80


def quoted(text: str) -> str:
    """The text as a basic string of TOML, in straight quotes, with what must be escaped escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def shown(text: str) -> str:
    """The text in quotes, as an error shows it: a long one is cut short."""
    return quoted(_brief(text))


def key(name: str) -> str:
    """The name as a key of TOML: bare where that is allowed, else in quotes."""
    return name if _BARE.fullmatch(name) else quoted(name)


def heading(*parts: str) -> str:
    """The path of a table, as it stands in the square brackets above it."""
    return ".".join(key(part) for part in parts)


def key_path(*parts: str | int) -> str:
    """The path to a value, as an error shows it; the first entry of a list is ``[1]``.

    For instance ``steps."first contact".next`` or ``pools.advocates.from[2].workers``.
    """
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part + 1}]"
        else:
            path += ("." if path else "") + key(_brief(part))
    return path


def _brief(text: str) -> str:
    # Half a character (a lone surrogate) cannot be printed; it comes only from Python, never from a file.
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
