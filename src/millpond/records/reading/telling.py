"""What a person should know about the times of a log, in sentences."""

from __future__ import annotations

from millpond.records.reading.meaning import Meaning
from millpond.records.reading.normalising import Normaliser
from millpond.records.reading.wording import counted, listed


def notes_on_times(meaning: Meaning, rows: Normaliser) -> list[str]:
    """What was unusual about the times, once all have been read.

    Args:
        meaning: what the columns of times are.
        rows: what happened to the rows; its count of times without a time of day is brought up to date.
    """
    notes = []
    tally = rows.tally
    dates = [
        meaning.columns.name(ours)
        for ours, count in tally.times.items()
        if count > 1 and tally.midnights[ours] == count
    ]
    day_only = tally.counts["no_time_of_day"]
    if dates or day_only:
        where = f" (every time in {listed(dates)} is midnight)" if dates else ""
        times = max(day_only, sum(tally.times[ours] for ours in tally.times if meaning.columns.name(ours) in dates))
        tally.counts["no_time_of_day"] = times
        notes.append(
            f"{counted(times, 'time')} {'gives' if times == 1 else 'give'} a date and no time of day{where}: they were "
            "taken as the beginning of that day, so figures by hour and waits of less than a day mean nothing for them."
        )
    if skipped := tally.counts["clock_skipped"]:
        notes.append(
            f"{counted(skipped, 'local time')} in the hour that the clocks skip in spring {_was(skipped)} moved "
            "forward by it."
        )
    if repeated := tally.counts["clock_repeated"]:
        notes.append(
            f"{counted(repeated, 'local time')} in the hour that the clocks show twice in autumn {_was(repeated)} "
            "taken to be in the first of the two."
        )
    if late := tally.counts["joined_after_started"]:
        notes.append(
            f"{counted(late, 'visit')} joined after the start, and {_was(late)} taken to have joined at the start."
        )
    for ours, seen in meaning.surveys.items():
        if seen.scale is not None and ours in meaning.columns.ours:
            what = (
                "days since 1899-12-30, as spreadsheets count"
                if seen.scale == "Excel days"
                else (f"{seen.scale} since 1970-01-01 UTC")
            )
            notes.append(f"Numbers in '{seen.name}' were read as {what}.")
        forms = {layout.either is not None for layout in seen.layouts.values() if layout.month_number is None}
        if len(forms) == 2:
            notes.append(
                f"'{seen.name}' mixes real dates with dates that are text, or two ways of writing them. A spreadsheet "
                "program that takes 03/04/2025 for a date and not 13/04/2025 has often turned day and month round in "
                "the first: compare some with the original."
            )
        if any(layout.short_year for layout in seen.layouts.values()):
            notes.append(f"Years of two digits in '{seen.name}' were read as 1969 to 2068.")
    return notes


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
