"""Steps to which cases go all at once."""

from __future__ import annotations

from millpond.calibration.fitting.blocks import blocks_of, tokens_of
from millpond.calibration.fitting.history import History
from millpond.calibration.fitting.parallel import parallel_steps
from tests.unit.calibration.fitting.logs import history_of


def _log(cases: int, without_housing: int = 0) -> History:
    rows = []
    for number in range(cases):
        day = f"{number} "
        rows += [
            f"c{number} | ask | - | {day}09:00 | {day}09:10",
            f"c{number} | medical | - | {day}09:10 | {day}10:00",
            f"c{number} | opinion | - | {day}10:05 | {day}10:40",
            f"c{number} | review | - | {day}11:30 | {day}11:40",
        ]
        if number >= without_housing:
            rows.append(f"c{number} | housing | - | {day}09:20 | {day}11:00")
    return history_of("\n".join(rows))


def test_steps_side_by_side_are_branches_each_with_its_steps_in_order() -> None:
    log = _log(12)
    (block,) = blocks_of(log, parallel_steps(log))
    assert block.branches == (("medical", "opinion"), ("housing",))
    assert (block.runs, block.whole) == (12, 12)
    assert block.parts == "medical and housing at once"
    tokens = tokens_of(log, log.by_case["c0"], (block,))
    assert [len(token.visits) for token in tokens] == [1, 3, 1]


def test_what_comes_together_only_now_and_then_is_no_block() -> None:
    log = _log(12, without_housing=4)
    assert blocks_of(log, parallel_steps(log)) == ()
