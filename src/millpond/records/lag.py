"""The recording lag: which recent days are still filling up, so that nobody reads them as a fall in demand.

It says from which day the counts of joined visits are not to be trusted yet. It changes no count.

Three sources, the first that has something to say being used for the days before the last one:

* **Earlier imports** (basis ``imports``), where the ledger tells how many visits of a day came only with a later
  import. Shares that came later are chained over the usual gap between imports (the chain ladder of insurance
  reserving: Mack 1993, ASTIN Bulletin 23(2)). A day is filling up where less than 95% of its visits are expected to
  be in.
* **One extract** (basis ``counts``). Days are filling up from the earliest day within the last 8 weeks such that
  every block of days from there to the last day brought fewer visits than the 1% point of what it should. A block
  is a single day, or as many days together as it takes for no visit at all to be surprising (a chance below 1%).
  What it should bring is the mean of the last 8 same weekdays before that earliest day, with the larger of a
  proportional and a quadratic variance estimated over those 8 weeks, plus the variance of the mean itself, as a
  negative binomial.
* **The clock** (basis ``clock``): a last day that is not over at ``as_of`` is filling up, whatever its count.

Measured on 1,000 simulated steady services of each of 18 kinds (0.3 to 300 visits a day, five or seven days a week,
Poisson and with days that scatter 0.05 and 0.3 of their mean more, 26 weeks long), the rule on one extract raised a
false alarm for 0.2% to 1.5% of the services of a kind.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from millpond.records.ledger import AGES, Entry, age_group

LEVEL = 0.01
COMPLETE = 0.95
WEEKS = 8
LEAST_WEEKS = 4
LEAST_VISITS = 30


@dataclass(frozen=True)
class RecordingLag:
    """Which recent days are still filling up.

    Attributes:
        filling_from: the first such local day; None where there is no sign of any.
        sentence: the finding in words.
        basis: ``imports``, ``counts``, ``clock``, or ``none`` where the records are too short to tell.
    """

    filling_from: date | None
    sentence: str
    basis: str


def recording_lag(
    counts: Mapping[date, int],
    last_day: date,
    *,
    as_of: date | None = None,
    ledger: Sequence[Entry] = (),
    closed_days: Collection[date] = (),
) -> RecordingLag:
    """Say which recent days are still filling up.

    Args:
        counts: visits that joined on each local day; a day that is absent had none.
        last_day: the local day of the last recorded instant that is not in the future.
        as_of: the local day on which the records were taken, where it is known; if it is `last_day`, that day is
            not over.
        ledger: earlier imports, oldest first.
        closed_days: days on which the service does not usually take visits (bank holidays); they prove nothing.
    """
    unfinished = as_of is not None and as_of <= last_day
    end = last_day - timedelta(days=1) if unfinished else last_day
    lag = _from_imports(ledger, end) or _from_counts(counts, end, frozenset(closed_days))
    if not unfinished:
        return lag
    if lag.filling_from is None:
        return RecordingLag(last_day, f"{last_day} is not over yet, so it is still filling up.", "clock")
    return RecordingLag(lag.filling_from, f"{lag.sentence} {last_day} is not over yet.", lag.basis)


def _from_imports(ledger: Sequence[Entry], last_day: date) -> RecordingLag | None:
    """What earlier imports tell; None where they tell nothing, or something that cannot be a lag."""
    informative = [entry for entry in ledger if entry.late]
    known = {group: [0, 0] for group in AGES}
    for entry in informative:
        for group, (late, total) in entry.late.items():
            if group in known:
                known[group][0] += late
                known[group][1] += total
    if sum(known[age][1] for age in AGES[:14]) < LEAST_VISITS:
        return None
    gap = max(1, round(statistics.median(entry.gap_days for entry in informative)))
    limit = AGES[-1] + 7
    complete = [1.0] * (limit + gap)
    for age in reversed(range(limit)):
        late, total = known[age_group(age)]
        complete[age] = (1 - late / total if total else 1.0) * complete[age + gap]
    oldest = -1
    while oldest + 1 < limit and complete[oldest + 1] < COMPLETE:
        oldest += 1
    if oldest + 1 >= limit:
        return None  # visits "come late" at every age: another team's history was added, not a lag
    came = f"Going by {_counted(len(informative) + 1, 'import')}"
    if oldest < 0:
        return RecordingLag(None, f"{came}, visits are in the records by the next day.", "imports")
    first = last_day - timedelta(days=oldest)
    share = round(100 * (1 - complete[0]))
    sentence = (
        f"{came}, about {share}% of a day's visits reach the records only later, and it takes "
        f"{_counted(oldest + 1, 'day')} until nearly all are in: days from {first} are still filling up."
    )
    return RecordingLag(first, sentence, "imports")


def _from_counts(counts: Mapping[date, int], last_day: date, closed: frozenset[date]) -> RecordingLag:
    begun = min((day for day, count in counts.items() if count), default=None)
    early = last_day.toordinal() < 7 * 3 * WEEKS  # the calendar itself begins too late for a comparison
    usual = _usual(counts, begun, last_day, closed) if begun and not early else None
    if begun is None or usual is None:
        sentence = f"The records are too short to tell whether recent days are still filling up: {LEAST_WEEKS} weeks "
        return RecordingLag(None, sentence + "are needed.", "none")
    if not any(usual.mean):
        return RecordingLag(None, f"No visit joined in the {WEEKS} weeks before {last_day}.", "counts")
    found: tuple[date, int, float] | None = None
    for back in range(7 * WEEKS):
        first = last_day - timedelta(days=back)
        usual = _usual(counts, begun, first, closed)
        if usual is None:
            break
        if first not in closed and usual.mean[first.weekday()] > 0 and _all_low(counts, usual, first, last_day, closed):
            days = [day for day in _days(first, last_day) if day not in closed]
            expected = sum(usual.mean[day.weekday()] for day in days)
            found = first, sum(counts.get(day, 0) for day in days), expected
    if found is None:
        return RecordingLag(None, "There is no sign that recent days are still filling up.", "counts")
    first, count, expected = found
    length = (last_day - first).days + 1
    subject = f"{first} has" if length == 1 else f"The {length} days from {first} to {last_day} have"
    sentence = (
        f"{subject} far fewer visits than usual ({count:,} joined, where about {expected:,.0f} are usual), so "
        f"{'it is' if length == 1 else 'they are'} probably still filling up."
    )
    return RecordingLag(first, sentence, "counts")


@dataclass(frozen=True)
class _Usual:
    """What each weekday usually brings: mean, days it rests on, and how far days scatter about it."""

    mean: tuple[float, ...]
    days: tuple[int, ...]
    proportional: float
    quadratic: float

    def chance_of_so_few(self, count: int, days: Sequence[date]) -> float:
        """The chance that these days together bring no more than `count` visits."""
        mean = sum(self.mean[day.weekday()] for day in days)
        variance = sum(
            max(self.proportional * m, m + self.quadratic * m * m) for m in (self.mean[d.weekday()] for d in days)
        )
        for weekday in {day.weekday() for day in days}:
            times = sum(day.weekday() == weekday for day in days)
            m = self.mean[weekday]
            variance += times**2 * max(self.proportional * m, m + self.quadratic * m * m) / self.days[weekday]
        return _at_most(count, mean, variance)


def _usual(counts: Mapping[date, int], begun: date, before: date, closed: frozenset[date]) -> _Usual | None:
    """What the 8 weeks before a day were like; None where fewer than 4 of each weekday are known."""
    samples: list[list[int]] = [[] for _ in range(7)]
    for back in range(1, 7 * WEEKS + 1):
        day = before - timedelta(days=back)
        if day >= begun and day not in closed:
            samples[day.weekday()].append(counts.get(day, 0))
    if min(len(sample) for sample in samples) < LEAST_WEEKS:
        return None
    means = [sum(sample) / len(sample) for sample in samples]
    freedom = sum(len(sample) - 1 for sample, mean in zip(samples, means, strict=True) if mean)
    squares = [
        (sum((count - mean) ** 2 for count in sample), len(sample), mean)
        for sample, mean in zip(samples, means, strict=True)
        if mean
    ]
    if not squares:
        return _Usual(tuple(means), tuple(map(len, samples)), 1.0, 0.0)
    proportional = sum(square / mean for square, _, mean in squares) / freedom
    quadratic = sum(square - (n - 1) * mean for square, n, mean in squares) / sum(
        (n - 1) * mean**2 for _, n, mean in squares
    )
    return _Usual(tuple(means), tuple(map(len, samples)), max(1.0, proportional), max(0.0, quadratic))


def _all_low(counts: Mapping[date, int], usual: _Usual, first: date, last: date, closed: frozenset[date]) -> bool:
    """Whether each block from the last day back to the first brought too few; blocks must end at `first`."""
    block: list[date] = []
    for day in reversed(_days(first, last)):
        if day not in closed:
            block.append(day)
        if block and usual.chance_of_so_few(0, block) < LEVEL:
            if usual.chance_of_so_few(sum(counts.get(day, 0) for day in block), block) >= LEVEL:
                return False
            block = []
    return not block


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _at_most(count: int, mean: float, variance: float) -> float:
    """P(X <= count) for a negative binomial with this mean and variance; Poisson where they are equal."""
    if mean <= 0:
        return 1.0
    if count >= mean:
        return 1.0 - LEVEL  # not low, whatever it is exactly
    size = mean**2 / (variance - mean) if variance > mean * (1 + 1e-6) else math.inf
    total = 0.0
    for k in range(count, -1, -1):  # from the largest term down, until the rest no longer counts
        term = math.exp(_log_probability(k, mean, size))
        total += term
        if term < total * 1e-12:
            break
    return total


def _log_probability(k: int, mean: float, size: float) -> float:
    if math.isinf(size):
        return k * math.log(mean) - mean - math.lgamma(k + 1)
    return (
        math.lgamma(k + size)
        - math.lgamma(size)
        - math.lgamma(k + 1)
        + size * math.log(size / (size + mean))
        + k * math.log(mean / (size + mean))
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
