"""Maps beside each other, and records beside the pathway that service.toml draws."""

from __future__ import annotations

import pytest

from millpond.errors import WrongUse
from millpond.process.comparing import compared
from millpond.process.conformance import Conformance, conformance
from millpond.process.discover import process_map
from tests.tables import at, visits
from tests.unit.process.given import END, OFFICE, looked_at, service

BEFORE = """
    case | step   | joined    | started   | ended     | worker
    -----+--------+-----------+-----------+-----------+-------
    ada  | triage | Mon 09:00 | Mon 09:00 | Mon 10:00 | w1
    ada  | visit  | Mon 10:00 | Mon 14:00 | Mon 15:00 | w2
    bob  | triage | Mon 10:00 | Mon 10:00 | Mon 11:00 | w1
    bob  | review | Mon 11:00 | Mon 11:00 | Mon 12:00 | w2
"""
AFTER = """
    case | step   | joined    | started   | ended     | worker
    -----+--------+-----------+-----------+-----------+-------
    eve  | triage | Mon 09:00 | Mon 09:00 | Mon 09:30 | w1
    eve  | visit  | Mon 10:00 | Mon 11:00 | Mon 12:00 | w2
    eve  | visit  | Mon 12:00 | Mon 12:00 | Mon 13:00 | w2
"""


def maps(*logs: str) -> list[object]:
    names = ("before", "after", "later")
    return [process_map(visits(log), service(), at(END), group=name) for log, name in zip(logs, names, strict=False)]


def test_each_step_stands_beside_itself_and_changes_are_from_the_first() -> None:
    found = compared(maps(BEFORE, AFTER))  # type: ignore[arg-type]
    rows = {(row.step, row.group): row for row in found.rows}
    assert [(row.step, row.group) for row in found.rows][:2] == [("triage", "before"), ("triage", "after")]
    before, after = rows["visit", "before"], rows["visit", "after"]
    assert (before.visits, before.share, before.per_case, before.waiting, before.others) == (1, 0.5, 0.5, 240, 240)
    # Half an hour until it joined, and an hour until it was begun; then none for the second visit.
    assert (after.visits, after.share, after.per_case, after.waiting) == (2, 1.0, 2.0, 45)
    assert (before.waiting_change, after.waiting_change) == (None, -195)
    assert rows["triage", "after"].work_change == -30
    gone = rows["review", "after"]
    assert (gone.visits, gone.share, gone.waiting, gone.waiting_change, gone.staff) == (0, 0.0, None, None, None)


def test_ways_change_by_their_shares() -> None:
    found = compared(maps(BEFORE, AFTER))  # type: ignore[arg-type]
    ways = {(row.from_step, row.to_step, row.group): row for row in found.ways.rows}
    assert (ways["triage", "visit", "before"].share, ways["triage", "visit", "after"].share_change) == (0.5, 0.5)
    assert ways["triage", "review", "after"].passages == 0
    assert ways["triage", "review", "after"].share_change == -0.5


def test_of_many_steps_that_one_map_alone_has_the_rest_is_counted() -> None:
    rows = "\n".join(f"a | {step} | Mon 09:00 | Mon 09:00 | Mon 10:00 | w1" for step in ("one", "two", "three", "four"))
    heading = "case | step | joined | started | ended | worker\n"
    found = compared(maps(heading + rows, heading + "b | five | Mon 09:00 | Mon 09:00 | Mon 10:00 | w1"))  # type: ignore[arg-type]
    (told,) = (sentence for sentence in found.sentences if sentence.startswith("Only in before: "))
    assert told.endswith(" and 1 other.")


def test_what_differs_is_said() -> None:
    found = compared(maps(BEFORE, AFTER))  # type: ignore[arg-type]
    assert found.sentences == (
        "visit: a visit waits 4 hours (before, 1 visit) and 45 minutes (after, 2 visits).",
        "Only in before: review (50% of cases).",
    )
    assert "before: 2 cases, 0 of them still open" in found.notes[0]
    assert found.to_dict()["cases"] == {"before": 2, "after": 1}


def test_one_map_alone_cannot_be_compared() -> None:
    empty = "case | step | joined | started | ended"
    with pytest.raises(WrongUse, match="no case belongs to after"):
        compared(maps(BEFORE, empty))  # type: ignore[arg-type]


DRAWN = (
    OFFICE.replace(
        '[steps.triage]\npool = "desk"', '[steps.triage]\npool = "desk"\nnext = { visit = 0.9, closed = 0.1 }'
    )
    .replace('[steps.visit]\npool = "team"', '[steps.visit]\npool = "team"\nnext = { visit = 0.5, review = 0.5 }')
    .replace('[steps.review]\npool = "team"', '[steps.review]\npool = "team"\nnext = "closed"')
    + '\n[streams.all]\nfirst_step = "triage"\nper_week = 5\n'
)


def followed(cases: dict[str, str], outcome: str = "") -> Conformance:
    """Cases as the steps that they went, one an hour."""
    lines = ["case | step | joined | started | ended | worker | outcome"]
    for case, steps in cases.items():
        for hour, step in enumerate(steps.split()):
            times = f"Mon {9 + hour:02d}:00 | Mon {9 + hour:02d}:00 | Mon {9 + hour:02d}:30"
            last = outcome if hour + 1 == len(steps.split()) else ""
            lines.append(f"{case} | {step} | {times} | w1 | {last}")
    return conformance(looked_at("\n".join(lines), service(DRAWN)), service(DRAWN))


def test_the_share_that_follows_the_pathway_and_where_the_others_leave_it() -> None:
    found = followed(
        {
            "kept": "triage visit visit review",
            "short": "triage",
            "skipped": "triage review",
            "early": "triage visit",
            "door": "visit review",
            "odd": "triage gossip visit review",
        }
    )
    assert (found.cases, found.following, found.share) == (6, 2, 2 / 6)
    assert found.sentence == "2 of 6 cases that have ended (33%) kept to the pathway of service.toml."
    assert {(row.kind, row.from_step, row.to_step, row.cases, row.expected) for row in found.rows} == {
        ("goes on elsewhere", "triage", "review", 1, "closed, visit"),
        ("ends too early", "visit", None, 1, "review, visit"),
        ("begins elsewhere", None, "visit", 1, "triage"),
        ("step not described", "triage", "gossip", 1, "closed, visit"),
    }


def test_who_withdraws_leaves_the_pathway_nowhere() -> None:
    assert followed({"left": "triage visit"}, outcome="withdrawn").following == 1


def test_open_cases_are_judged_so_far_and_stand_apart() -> None:
    log = """
        case | step   | joined    | started   | ended     | worker
        -----+--------+-----------+-----------+-----------+-------
        ada  | triage | Mon 09:00 | Mon 09:00 | Mon 10:00 | w1
        ada  | visit  | Mon 10:00 |           |           |
        bob  | triage | Mon 09:00 | Mon 09:00 | Mon 10:00 | w1
        bob  | review | Mon 10:00 |           |           |
    """
    found = conformance(looked_at(log, service(DRAWN)), service(DRAWN))
    assert (found.cases, found.share, found.open_cases, found.open_following) == (0, None, 2, 1)


def test_branches_of_a_split_may_come_in_any_order() -> None:
    of = service("""
        [pools.desk]
        [steps.start]
        pool = "desk"
        all_of = ["left", "right"]
        then = "end"
        [steps.left]
        pool = "desk"
        next = "end"
        [steps.right]
        pool = "desk"
        next = "end"
        [steps.end]
        pool = "desk"
        next = "closed"
    """)
    log = """
        case | step  | joined | started   | ended     | worker
        -----+-------+--------+-----------+-----------+-------
        ada  | start |        | Mon 09:00 | Mon 10:00 | w1
        ada  | right |        | Mon 10:00 | Mon 12:00 | w1
        ada  | left  |        | Mon 10:30 | Mon 11:00 | w2
        ada  | end   |        | Mon 12:00 | Mon 13:00 | w1
    """
    assert conformance(looked_at(log, of), of).share == 1.0


def test_without_a_drawn_pathway_there_is_nothing_to_keep_to() -> None:
    with pytest.raises(WrongUse, match="does not say where cases go"):
        conformance(looked_at(BEFORE), service())
