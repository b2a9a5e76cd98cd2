"""What a study of sensitivity hands back: a row for each number that is unsure, and a share for each kind of number."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from millpond.planning.varying import ASSUMED, MINUTES, RETURN, SHARES, WAYS
from millpond.simulation.intervals import Estimate
from millpond.simulation.rows import Simulated

_IN_WORDS = {RETURN: "cases that come again", WAYS: "other ways on"}


@dataclass(frozen=True)
class SensitivityRow:
    """What one number of ``service.toml`` does to the answer. Changes are paired: the same replications, the same luck.

    Attributes:
        input: where the number stands, such as ``steps.triage.minutes``.
        kind: ``demand``, ``minutes of work``, ``direct time``, ``absence``, ``patience``, ``missed appointments``,
            ``withdrawal``, ``return`` or ``ways``.
        label: what it is, in words.
        value: as it is: cases a week, minutes, or a share from 0 to 1.
        low, high: the least and the most that it may be.
        source: ``fitted`` where they are the 95% interval in ``fitted.toml``, else ``assumed``.
        replications: how many replications the row rests on.
        answer_low, answer_high: the answer with the number at its least and at its most, all others as they are.
        change_low, change_high: by how much these differ from the answer as all is.
        swing: by how much the answer at the most is above the answer at the least.
        could_be_most: whether it is in the smallest set that holds, with 95% certainty, what moves the answer most.
        effect: by how much the answer rises when the number goes from its least to its most, on average over where all
            others may be: the mean elementary effect. None where the study was of one number at a time.
        effect_size: the mean size of that, whatever its sign; None likewise.
        effect_spread: how much that varies with where the others are, as a standard deviation; None likewise.
    """

    input: str
    kind: str
    label: str
    value: float
    low: float
    high: float
    source: str
    replications: int
    answer_low: Estimate
    answer_high: Estimate
    change_low: Estimate
    change_high: Estimate
    swing: Estimate
    could_be_most: bool
    effect: Estimate | None
    effect_size: Estimate | None
    effect_spread: float | None

    @property
    def is_share(self) -> bool:
        """Whether the number is a share from 0 to 1."""
        return self.kind in SHARES

    @property
    def reach(self) -> float:
        """From the least to the most of the answer, with it as it is among them; the longest bar is on top."""
        ends = (self.change_low.value, self.change_high.value, 0.0)
        return max(ends) - min(ends)


@dataclass(frozen=True)
class KindShareRow:
    """How much of what is unsure about the answer comes from one kind of number.

    Attributes:
        kind: the kind, as in `SensitivityRow`.
        inputs: how many numbers are of it.
        first: the part of the variance of the answer that would go if all of them were known.
        total: the part that would stay if everything else were known; larger than `first` where they interact with it.
    """

    kind: str
    inputs: int
    first: Estimate
    total: Estimate


@dataclass(frozen=True)
class KindShares(Simulated):
    """The shares of the kinds of numbers in the variance of the answer, the largest first."""

    rows: tuple[KindShareRow, ...]
    row_type: ClassVar[type] = KindShareRow


@dataclass(frozen=True)
class Sensitivity(Simulated):
    """What moves an answer most, the largest first, so that it is known what to measure better.

    Attributes:
        service: the service's name.
        answer: what is looked at: ``backlog``, ``backlog at end``, ``wait``, ``lead time`` or ``cost``.
        unit: of the answer: ``minutes``, or the currency.
        pool: of which pool; None for all.
        first_day: the first day simulated, ISO 8601.
        days: for how many days.
        start: ``records`` where the visits that they leave open were carried over, else ``empty``.
        seed: of the random draws.
        replications: how often the days were simulated with each number.
        spread: by what share of itself a number may be off where no interval of it is known.
        method: ``one at a time``; ``morris`` or ``sobol`` where all were varied together too.
        base: the answer with all numbers as they are.
        kinds: the shares of the kinds in the variance of the answer; no row but with ``sobol``.
    """

    rows: tuple[SensitivityRow, ...]
    service: str
    answer: str
    unit: str
    pool: str | None
    first_day: str
    days: int
    start: str
    seed: int
    replications: int
    spread: float
    method: str
    base: Estimate
    kinds: KindShares
    row_type: ClassVar[type] = SensitivityRow

    @property
    def sentences(self) -> tuple[str, ...]:
        """What follows from it, for somebody who decides what to measure."""
        moving = [row for row in self.rows if row.swing.value]
        if not moving:
            return (f"None of these numbers moves the {self.answer}.",)
        first, *others = moving
        rivals = [row for row in others if row.could_be_most]
        verb = "move" if first.kind == MINUTES else "moves"
        said = [f"{first.label} {verb} the {self.answer} most: {self.told(first)}."]
        if rivals:
            names = "; ".join(f"{row.label[0].lower()}{row.label[1:]}" for row in rivals)
            said.append(f"So many replications do not tell it apart from: {names}. Measure these first.")
        else:
            said.append("Measure this better first.")
        said += [f"Next: {row.label[0].lower()}{row.label[1:]}; {self.told(row)}." for row in others[:2]]
        unmoved = len(self.rows) - len(moving)
        if unmoved:
            said.append(f"{unmoved} of the {len(self.rows)} numbers do not move it at all.")
        if self.kinds.rows:
            parts = [
                f"{_share(row.total.value)} ({_share(row.total.low)} to {_share(row.total.high)}) on "
                f"{_IN_WORDS.get(row.kind, row.kind)}"
                for row in self.kinds.rows
            ]
            said.append(f"What these ranges leave unsure of the {self.answer} hangs {'; '.join(parts)}.")
        return tuple(said)

    def told(self, row: SensitivityRow) -> str:
        """What a number does, at whichever of its ends does more, in words without a full stop."""
        at_high = abs(row.change_high.value) >= abs(row.change_low.value)
        change, value = (row.change_high, row.high) if at_high else (row.change_low, row.low)
        verb = "adds" if change.value > 0 else "takes away"
        size, unit = _in_unit(abs(change.value), self.answer, self.unit)
        ends = sorted(end if change.value > 0 else -end for end in _ends(change))
        amounts = [_number(end / size) for end in (abs(change.value), *ends)]
        amount = f"{amounts[0]} {unit}" if self.unit == "minutes" else f"{self.unit} {amounts[0]}"
        return f"{how_far(row, value, at_high)} {verb} {amount} ({amounts[1]} to {amounts[2]})"

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, ready for JSON."""
        kinds = [asdict(row) for row in self.kinds.rows]
        return {**super().to_dict(), "base": asdict(self.base), "kinds": kinds, "sentences": list(self.sentences)}


def how_far(row: SensitivityRow, value: float, up: bool) -> str:
    """How far a number is off, in words: ``10% more``, or ``59.2 in place of 58``."""
    if row.source == ASSUMED and not row.is_share:
        return f"{abs(value / row.value - 1):.0%} {'more' if up else 'less'}"
    if row.is_share:
        return f"{100 * value:.3g}% in place of {100 * row.value:.3g}%"
    return f"{value:.3g} in place of {row.value:.3g}"


def _in_unit(value: float, answer: str, unit: str) -> tuple[float, str]:
    """How many minutes the unit has in which a change is told: waits in hours or days where they are long."""
    if answer not in ("wait", "lead time") or value < 90:
        return 1.0, unit
    return (60.0, "hours") if value < 48 * 60 else (1440.0, "days")


def _ends(change: Estimate) -> tuple[float, float]:
    return (
        change.value if change.low is None else change.low,
        change.value if change.high is None else change.high,
    )


def _number(value: float) -> str:
    if abs(value) >= 10_000:
        value = float(f"{value:.3g}")
    return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:,.2g}"


def _share(value: float | None) -> str:
    return f"{max(value or 0.0, 0.0):.0%}"
