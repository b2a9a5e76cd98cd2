"""The map of a small service, figure by figure, and the laws that every map keeps."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from millpond.measures.known import known_at
from millpond.measures.need import with_need
from millpond.periods import day_of, working_day_table, working_time
from millpond.process.delays import bottleneck
from millpond.process.discover import process_map
from millpond.process.results import MapStep, MapWay
from millpond.process.seen import seen
from tests.tables import at, visits
from tests.unit.process.given import END, mapped, service

LOG = """
    case | step   | joined    | started   | ended     | worker | organisation | outcome
    -----+--------+-----------+-----------+-----------+--------+--------------+---------
    ada  | triage | Mon 09:00 | Mon 09:00 | Mon 09:20 | w1     |              |
    ada  | visit  | Mon 09:20 | Mon 10:20 | Mon 11:20 | w2     |              |
    ada  | visit  | Mon 11:20 | Mon 11:20 | Mon 12:20 | w3     |              |
    ada  | triage | Mon 12:20 | Mon 12:20 | Mon 12:40 | w1     |              | closed
    bob  | triage | Mon 10:00 | Mon 10:00 | Mon 10:20 | w1     |              |
    bob  | visit  | Mon 10:20 | Mon 12:20 | Mon 13:20 | w2     |              | closed
    cleo | triage | Mon 14:00 |           |           |        |              |
"""


def test_each_step_has_its_figures() -> None:
    triage, visit = sorted(mapped(LOG, as_of="Mon 15:00").steps.rows, key=lambda step: step.step)
    assert (triage.visits, triage.cases, triage.share, triage.first, triage.ended, triage.open) == (4, 3, 1.0, 3, 1, 1)
    assert (triage.repeats, triage.returns) == (0, 1)
    assert (triage.work, triage.work_visits, triage.waiting, triage.waited) == (20, 3, 0, 3)
    assert (triage.still_waiting, triage.waited_so_far, triage.unmeasured) == (1, 60, 0)
    assert (visit.visits, visit.cases, visit.share, visit.ended, visit.repeats, visit.returns) == (3, 2, 2 / 3, 1, 1, 0)
    # Ada waits an hour for nobody that the log knows; Bob until 11:20 for Ada, then an hour.
    assert (visit.work, visit.waiting, visit.waiting_total) == (60, 60, 180)
    assert visit.causes == {
        "staff": 60,
        "hours": 0,
        "others": 120,
        "batching": 0,
        "priority": 0,
        "unknown": 0,
    }


def test_each_way_has_its_figures_and_hand_offs_are_told_apart() -> None:
    whole = mapped(LOG, as_of="Mon 15:00")
    ways = {(way.from_step, way.to_step): way for way in whole.ways.rows}
    assert {ends: way.passages for ends, way in ways.items()} == {
        (None, "triage"): 3,
        ("triage", "visit"): 2,
        ("visit", "visit"): 1,
        ("visit", "triage"): 1,
        ("triage", None): 1,
        ("visit", None): 1,
    }
    there, again = ways["triage", "visit"], ways["visit", "visit"]
    assert (there.hand_offs, there.between_pools, there.between_organisations) == (2, 2, 2)
    assert (again.hand_offs, again.between_pools, again.between_organisations) == (1, 0, 0)
    assert (there.share, again.share, ways[None, "triage"].share) == (2 / 3, 1 / 3, 1.0)
    assert there.waiting == 90
    assert (whole.hand_offs, whole.between_organisations) == (4, 3)


def test_lanes_endings_and_delays() -> None:
    whole = mapped(LOG, as_of="Mon 15:00")
    assert [(lane.label, lane.organisation, lane.steps) for lane in whole.lanes] == [
        ("The desk", "The charity", ("triage",)),
        ("team", "council", ("visit",)),
    ]
    assert [(row.step, row.outcome, row.cases) for row in whole.endings.rows] == [
        ("triage", "closed", 1),
        ("visit", "closed", 1),
    ]
    assert [row.sentence for row in whole.delays.rows] == [
        "visit: 3 visits waited 60 minutes each, 3 hours together (100% of all waiting), 67% of it for somebody else.",
        "team: 3 visits waited 20 minutes each for the pool's staff to be free, 60 minutes together (100% of all such "
        "waiting).",
        "From triage to visit, between organisations: 2 visits waited 90 minutes each, 3 hours together (100% of the "
        "waiting at such hand-offs), 67% of it for somebody else.",
        "triage: 1 visit waits, or left without being seen: 60 minutes so far.",
    ]
    assert (whole.cases, whole.open_cases, whole.visits) == (3, 1, 7)


def test_delays_are_ranked_by_all_the_minutes_lost_and_not_by_the_length_of_one() -> None:
    rows = "".join(
        f"""
        c{n}   | triage | Tue 09:{n:02d} | Tue 09:{n:02d} | Tue 13:00 | w{n}
        c{n}   | visit  | Tue 13:00 | Tue 14:00 | Tue 14:00 | v{n}
        """
        for n in range(8)
    )
    whole = mapped(f"""
        case | step   | joined    | started   | ended     | worker
        -----+--------+-----------+-----------+-----------+-------{rows}
        zoe  | review | Tue 09:00 | Tue 14:00 | Tue 15:00 | r1
    """)
    first, second = whole.delays.of("step")
    assert (first.place, first.minutes, first.mean) == ("visit", 480, 60)
    assert (second.place, second.minutes, second.mean) == ("review", 300, 300)


def test_a_recorded_organisation_goes_before_that_of_the_pool() -> None:
    whole = mapped("""
        case | step   | joined    | started   | ended     | worker | organisation
        -----+--------+-----------+-----------+-----------+--------+-------------
        ada  | triage | Mon 09:00 | Mon 09:00 | Mon 10:00 | w1     | police
        ada  | triage | Mon 10:00 | Mon 10:00 | Mon 11:00 | w1     |
    """)
    (way,) = (way for way in whole.ways.rows if way.from_step and way.to_step)
    assert (way.hand_offs, way.between_pools, way.between_organisations) == (1, 0, 1)


def test_parallel_steps_are_no_hand_offs_to_each_other() -> None:
    whole = mapped("""
        case | step   | joined | started   | ended     | worker
        -----+--------+--------+-----------+-----------+-------
        ada  | triage |        | Mon 09:00 | Mon 10:00 | w1
        ada  | visit  |        | Mon 10:00 | Mon 12:00 | w2
        ada  | review |        | Mon 10:30 | Mon 11:00 | w3
        ada  | reply  |        | Mon 12:00 | Mon 12:30 | w2
    """)
    assert {(way.from_step, way.to_step) for way in whole.ways.rows} == {
        (None, "triage"),
        ("triage", "visit"),
        ("triage", "review"),
        ("visit", "reply"),
        ("reply", None),
    }
    assert [step.step for step in whole.steps.rows if step.beside] == ["review"]


@pytest.mark.parametrize("seed", range(3))
def test_every_visit_is_on_exactly_one_way_and_nothing_is_lost(seed: int) -> None:
    whole = mapped(random_log(seed))
    into = {step.step: 0 for step in whole.steps.rows}
    for way in whole.ways.rows:
        if way.to_step is not None:
            into[way.to_step] += way.passages
    assert into == {step.step: step.visits for step in whole.steps.rows}
    # A case that begins with steps side by side begins more than once.
    assert sum(step.first for step in whole.steps.rows) >= whole.cases
    ended = sum(step.ended for step in whole.steps.rows)
    assert ended == whole.cases - whole.open_cases == sum(row.cases for row in whole.endings.rows)
    assert sum(way.waiting_total for way in whole.ways.rows) == pytest.approx(
        sum(step.waiting_total for step in whole.steps.rows)
    )
    rows: list[MapStep | MapWay] = [*whole.steps.rows, *whole.ways.rows]
    for row in rows:
        assert sum(row.causes.values()) == pytest.approx(row.waiting_total)


def test_the_work_of_a_visit_is_its_need_in_the_four_measures() -> None:
    of = service()
    table = visits(random_log(7, overlapping=True))
    as_of = at(END)
    first, last = day_of(at("2025-01-01 00:00"), of.zone), day_of(as_of, of.zone) + 1
    pools = {name: working_time(of, pool, first, last) for name, pool in of.pools.items()}
    needs = with_need(known_at(table, of, as_of), None, working_day_table(pools), as_of, last - 1)
    needed = {row["visit"]: row["need_us"] for row in needs.filter(needs.ended_us.notnull()).to_pyarrow().to_pylist()}
    shown = seen(table, of, as_of)
    ids = table.to_pyarrow().column("visit").to_pylist()
    ours = {ids[row]: int(us) for row, us in zip(shown.events.row, shown.work, strict=True)}
    assert len(needed) > 100
    assert {visit: max(ours[visit], 0) for visit in needed} == needed


def test_an_empty_log_has_an_empty_map() -> None:
    whole = process_map(visits("case | step | joined | started | ended"), service(), at(END))
    assert (whole.cases, whole.visits, whole.steps.rows, whole.ways.rows) == (0, 0, (), ())
    assert whole.notes == ("No visit is on record.",)


def test_a_map_is_plain_values_and_frozen() -> None:
    whole = mapped(LOG)
    told = json.loads(json.dumps(whole.to_dict(), allow_nan=False))
    assert [row["step"] for row in told["steps"]] == ["triage", "visit"]
    assert told["hand_offs"] == 4 and told["delays"]["rows"][0]["kind"] == "step"
    assert list(whole.steps.to_pandas()["visits"]) == [4, 3]
    with pytest.raises(dataclasses.FrozenInstanceError):
        whole.cases = 0  # type: ignore[misc]


def random_log(seed: int, *, overlapping: bool = False) -> str:
    draw = np.random.default_rng(seed)
    lines = ["case | step | joined | started | ended | worker"]
    for case in range(80):
        minute = int(draw.integers(0, 9000))
        for nth in range(int(draw.integers(1, 7))):
            begins = minute + int(draw.integers(0, 300))
            ends = begins + int(draw.integers(1, 200))
            step = ("triage", "visit", "review")[int(draw.integers(0, 3))]
            ended = _clock(ends) if draw.random() < 0.95 or nth == 0 else ""
            lines.append(f"c{case} | {step} | {_clock(minute)} | {_clock(begins)} | {ended} | w{draw.integers(0, 5)}")
            minute = begins if overlapping or draw.random() < 0.2 else ends
    return "\n".join(lines)


def _clock(minute: int) -> str:
    return f"2025-01-{6 + minute // 1440:02d} {minute % 1440 // 60:02d}:{minute % 60:02d}"


def test_a_pool_is_a_bottleneck_only_where_a_tenth_of_all_waiting_is_for_its_staff() -> None:
    busy = """
        case | step  | joined    | started   | ended     | worker
        -----+-------+-----------+-----------+-----------+-------
        a    | visit | Mon 09:00 | Mon 09:00 | Mon 10:00 | w1
        b    | visit | Mon 09:00 | Mon 10:00 | Mon 11:00 | w1
    """
    # b waits an hour for w1; c two days although w2 is free: one of 49 hours, or 2%.
    waits = busy + "        c    | review | Mon 09:00 | Wed 09:00 | Wed 10:00 | w2\n"
    assert bottleneck(mapped(busy)).startswith("The bottleneck: team: 2 visits waited 30 minutes each")
    assert bottleneck(mapped(waits)) == "No pool is a bottleneck: 2% of all waiting is for our own staff to be free."
    assert bottleneck(mapped("case | step | joined | started | ended\n")) == ""
