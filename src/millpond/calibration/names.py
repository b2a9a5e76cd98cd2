"""What a name in the records stands for: a person, nobody, or a machine; and the role that ids of workers share.

Judged from the words alone, so that a person can see from the name why it was judged so. ``NA`` is a name like any
other: somebody may have these initials.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

_NOBODY = frozenset(
    (
        *("", "?", "??", "-", "--", "none", "null", "n/a", "unknown", "empty", "missing", "undefined", "nobody"),
        *("unassigned", "not assigned", "not recorded", "not known"),
    )
)
_MACHINES = frozenset(("system", "robot", "automatic", "automated", "automation", "daemon", "scheduler"))
_MACHINES_ALONE = frozenset(("sys", "bot", "auto", "batch"))
"""Words for machines that are surnames too."""
_MARKERS = frozenset(("start", "end", "begin", "start event", "end event", "artificial start", "artificial end"))
_SAYS_NOTHING = frozenset(("resource", "user", "worker", "employee", "staff", "person", "agent", "id", "res", "emp"))
_MOST = 0.9


def is_nobody(name: str | None) -> bool:
    """Whether a recorded worker or pool says that none is known, such as ``?`` or ``EMPTY``."""
    return name is None or name.strip().casefold() in _NOBODY


def is_machine(name: str | None) -> bool:
    """Whether a recorded worker is no person: its last word is one for machines, as in ``Pharmacy System_2``."""
    words = _words(name or "")
    return bool(words) and (words[-1] in _MACHINES or (len(words) == 1 and words[0] in _MACHINES_ALONE))


def is_person(name: str | None) -> bool:
    """Whether a recorded worker is somebody who can be counted as staff."""
    return not is_nobody(name) and not is_machine(name)


def is_marker(step: str) -> bool:
    """Whether a step only marks where a case begins or ends, as event logs do with ``Start`` and ``End``."""
    return " ".join(_words(step)) in _MARKERS


def role_of(visits: Mapping[str, int]) -> str | None:
    """The role that the ids of workers share, such as ``Claims Handler`` of ``Claims Handler_37``.

    Args:
        visits: workers, and how many visits each took.

    Returns:
        What stands before the number of nine tenths of the visits' workers or more; None where there is no such
        word, or it is one that says nothing, such as ``Resource``.
    """
    roles: Counter[str] = Counter()
    for worker, count in visits.items():
        found = re.fullmatch(r"(.*[^\W\d_])[\s_#.\-]*\d+", worker.strip())
        if found:
            roles[found[1].strip()] += count
    if not roles:
        return None
    role, count = min(roles.items(), key=lambda entry: (-entry[1], entry[0]))
    enough = count >= _MOST * sum(visits.values())
    return role if enough and len(role) > 2 and role.casefold() not in _SAYS_NOTHING else None


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", name.casefold())
