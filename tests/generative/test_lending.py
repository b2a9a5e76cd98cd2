"""Workers lent to another pool: the compiled event loop says what the slow one says."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.generative.agreement import told_by_kernel, told_by_reference
from tests.generative.services import Example

USED = (
    "absence",
    "attributes",
    "budget",
    "caseload",
    "delays",
    "finish",
    "helpers",
    "orders",
    "patience",
    "policies",
    "priorities",
    "urgent",
)
_LINES = (("backlog minutes", 60), ("waiting visits", 1), ("longest wait days", 0.2), ("always", None))


def _lending(example: Example, random: Random) -> dict[str, Any]:
    to = random.choice(example.pools)
    when, above = random.choice(_LINES)
    policy = {
        "pool": to,
        "lent_by": random.choice([name for name in example.pools if name != to]),
        "when": when,
        "workers": 1,
        "for_days": random.choice((1, 2, 3)),
        "lead_days": random.choice((0, 0, 1)),
    }
    return policy | ({} if above is None else {"above": above}) | random.choice(({}, {"minutes_per_day": 60}))


def _agrees(number: int) -> bool:
    """Whether the two agree on a random service.

    True also of one that has but one pool, so that nobody can lend, and of one on which they differ with nobody lent:
    that is for other tests.
    """
    example = Example(number, USED)
    alone = (example.service, example.first_day, example.days, number, 0, 2)
    if len(example.pools) < 2 or told_by_kernel(*alone) != told_by_reference(*alone):
        return True
    example.plain.setdefault("policies", {})["lend"] = _lending(example, Random(number))
    asked = (example.service, *alone[1:])
    return told_by_kernel(*asked) == told_by_reference(*asked)


@pytest.mark.parametrize("number", range(12))
def test_the_two_simulators_agree_on_who_is_lent(number: int) -> None:
    assert _agrees(number)


@pytest.mark.slow
def test_the_two_simulators_agree_on_many_services() -> None:
    assert [number for number in range(12, 120) if not _agrees(number)] == []
