"""A service.toml with comments: the tidy text of a service, with lines above a table and words beside a key."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence

from millpond.model import Service, dump_service
from millpond.model.spelling import heading, key

_WIDTH = 100

Path = tuple[str, ...]
"""A table, such as ``("steps", "triage")``; the top of the file is ``()``."""


def commented(service: Service, above: Mapping[Path, Sequence[str]], beside: Mapping[tuple[Path, str], str]) -> str:
    """The text of a service with comments; reading it gives the same service.

    Args:
        service: what is written.
        above: paragraphs that stand above a table; those of ``()`` stand at the top.
        beside: what stands beside a key, given by its table and its name.
    """
    headings = {f"[{heading(*path)}]": path for path in (*above, *(path for path, _ in beside)) if path}
    texts: dict[Path, dict[str, str]] = {}
    for (path, name), text in beside.items():
        texts.setdefault(path, {})[f"{key(name)} = "] = _plain(text)
    lines = _wrapped(above.get((), ()))
    if lines:
        lines.append("")
    table: Path | None = ()
    for line in dump_service(service).rstrip("\n").split("\n"):
        if line.startswith("["):
            table = headings.get(line)
            if table is not None:
                lines += _wrapped(above.get(table, ()))
        elif table is not None:
            said = next((text for start, text in texts.get(table, {}).items() if line.startswith(start)), None)
            if said:
                line = f"{line}  # {said}"
        lines.append(line)
    return "\n".join(lines) + "\n"


def _wrapped(paragraphs: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for paragraph in paragraphs:
        wrapped = textwrap.wrap(_plain(paragraph), _WIDTH - 2, break_long_words=False, break_on_hyphens=False)
        lines += [f"# {line}" for line in wrapped] or ["#"]
    return lines


def _plain(text: str) -> str:
    """The text on one line, without the characters that a comment may not hold."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\s]+", " ", text).strip()
