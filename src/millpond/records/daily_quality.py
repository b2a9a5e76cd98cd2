"""The quality report of daily totals: what was set aside, days in the future, gaps, and the recording lag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from millpond.model import Service
from millpond.records.daily import DailyRead, Total, date_of
from millpond.records.findings import Finding, counted, finding
from millpond.records.gaps import days_off
from millpond.records.lag import RecordingLag, recording_lag
from millpond.records.quality import QualityReport, gap_findings


def daily_quality(
    read: DailyRead,
    totals: Sequence[Total],
    *,
    source: str,
    zone: ZoneInfo,
    now: datetime,
    service: Service | None = None,
) -> QualityReport:
    """Look through daily totals.

    Args:
        read: the file that is reported on.
        totals: all totals of the folder, for the gaps and the recording lag.
        source: what the file is called.
        zone: the service's zone.
        now: what is later is in the future; a day that is today is not over.
        service: whose holidays count, where there is one.
    """
    today = now.astimezone(zone).date()
    counts: Counter[date] = Counter()
    for total in totals:
        if date_of(total.day) <= today:
            counts[date_of(total.day)] += total.joined
    findings = [*_set_aside(read), *_future(read, today)]
    if not counts:
        none = RecordingLag(None, "There is no day that could tell whether recent days are still filling up.", "none")
        return QualityReport(source, read.rows, len(read.totals), len(read.aside), tuple(findings), none, "day")
    off = days_off(service, min(counts), max(counts))
    findings += gap_findings(counts, off)
    lag = recording_lag(counts, max(counts), as_of=today, closed_days=off)
    return QualityReport(source, read.rows, len(read.totals), len(read.aside), tuple(findings), lag, "day")


def _set_aside(read: DailyRead) -> Iterator[Finding]:
    reasons = Counter(reason for _, reason, _ in read.aside)
    for reason, number in reasons.most_common():
        rows = [f"row {row}" for row, other, _ in read.aside if other == reason]
        yield finding("set aside", number, read.rows, f"{counted(number, 'row')} set aside: {reason}.", rows)


def _future(read: DailyRead, today: date) -> Iterator[Finding]:
    future = sorted({date_of(total.day) for total in read.totals if date_of(total.day) > today})
    if future:
        lie = "lies" if len(future) == 1 else "lie"
        sentence = f"{counted(len(future), 'day')} {lie} in the future: what has not happened yet is not counted."
        yield finding("future dates", len(future), None, sentence, [str(day) for day in future])
