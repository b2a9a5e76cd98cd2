"""The text of a fitted.toml: the model with a comment above each table that says what its values rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit

from millpond.calibration.comments import Path, commented
from millpond.calibration.fitting.evidence import Learned
from millpond.calibration.fitting.result import Fit
from millpond.model.fitted import DRAFTED, INTERVALS


def fitted_text(fit: Fit, drafted: Mapping[str, Any]) -> str:
    """The text of the file.

    Args:
        fit: the result of the fit.
        drafted: the values of service.toml that it takes the place of, by section, entry and key.
    """
    above: dict[Path, list[str]] = {}
    for row in fit.rows:
        section, entry, key = _parted(row.key, fit)
        above.setdefault((section, entry), []).append(_told(row, key))
    text = commented(fit.service, above, {})
    body = text[text.index("[") if text.startswith("[") else text.index("\n[") + 1 :] if "[" in text else ""
    # The comments of the first table stand above its heading.
    lead = text[: len(text) - len(body)].rstrip("\n").split("\n")
    first = [line for line in reversed(lead) if line.startswith("#")]
    head = [
        f"# What a fit learned from {fit.visits:,} visits of {fit.cases:,} cases up to {fit.as_of[:10]}.",
        "# Written by `millpond fit`, and written anew by the next one: change service.toml, which wins over it.",
        "#",
        *(f"# {note}" for note in fit.notes),
    ]
    if fit.unlearned:
        head += ["#", "# What the records do not tell:"]
        head += [f"# - {each.key}: {each.why}. What would settle it: {each.measure}." for each in fit.unlearned]
    parts = ["\n".join(_plain(line) for line in head), "", *reversed(first), body.rstrip("\n")]
    if fit.rows:
        ends = {row.key: [_short(row.low), _short(row.high)] for row in fit.rows}
        parts += ["", "# The 95% intervals of the values above, for `millpond sensitivity`."]
        parts.append(tomlkit.dumps({INTERVALS: ends}).rstrip("\n"))
    if drafted:
        listed = tomlkit.dumps({DRAFTED: drafted})
        parts += [
            "",
            "# Estimates in service.toml that the values above take the place of, until a person changes them.",
        ]
        parts.append(listed.rstrip("\n"))
    return "\n".join(parts) + "\n"


def _short(value: float) -> float:
    """Six figures, which is more than any interval is worth."""
    return float(f"{value:.6g}")


def _plain(line: str) -> str:
    return "".join(letter for letter in line if letter.isprintable())


def _parted(key: str, fit: Fit) -> tuple[str, str, str]:
    """Section, entry and what is left; names may have dots in them."""
    section, _, rest = key.partition(".")
    names = getattr(fit.service, section)
    entry = max((name for name in names if rest == name or rest.startswith(f"{name}.")), key=len, default=rest)
    return section, entry, rest[len(entry) + 1 :]


def _told(row: Learned, key: str) -> str:
    return f"{key}: {row.value:.4g} (95% {row.low:.4g} to {row.high:.4g}), from {row.visits:,}; {row.why}."
