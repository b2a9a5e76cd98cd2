"""Whether delays pass by the clock or in opening hours."""

from __future__ import annotations

from millpond.calibration.fitting.ways import Move
from millpond.calibration.fitting.which_clock import is_by_the_clock

DAY, SHIFT = 1440.0, 480.0


def _move(elapsed: tuple[float, float], working: tuple[float, float]) -> Move:
    return Move("ask", None, 1, "answer", elapsed[1], working[1], True, *elapsed, *working)


def test_delays_that_end_in_closed_hours_two_times_in_three_pass_by_the_clock() -> None:
    """Open for 8 of 24 hours: of 60 delays 20 end while somebody is idle, 40 in the night, begun in the morning."""
    seen = [_move((DAY + 24 * n, DAY + 24 * n), (SHIFT + 24 * n, SHIFT + 24 * n)) for n in range(20)]
    night = [_move((DAY + SHIFT, 2 * DAY), (2 * SHIFT, 2 * SHIFT)) for _ in range(40)]
    assert is_by_the_clock(seen + night)


def test_delays_that_all_end_in_opening_hours_pass_in_them() -> None:
    moves = []
    for n in range(60):
        days, minutes = divmod(n * 80.0, SHIFT)
        moves.append(_move((days * DAY + minutes,) * 2, (days * SHIFT + minutes,) * 2))
    assert not is_by_the_clock(moves)


def test_few_delays_tell_nothing() -> None:
    assert not is_by_the_clock([_move((DAY, 2 * DAY), (SHIFT, SHIFT))] * 19)
