"""Which effects a history can tell: the days that are fitted and the columns that they are explained with.

What it cannot tell is left out with the reason: a month that was hardly seen, a trend within a single year, holidays
that were few. Days that would distort the other effects (bank holidays whose own effect is not fitted, weekdays on
which nobody ever came) are left out of the fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from millpond.variation.series import WEEKDAYS, YEAR, Floats, Series, Whole

LEAST_OF_A_KIND = 5
"""Bank holidays, or days of school holidays, below which nothing is said of them."""
LEAST_OF_A_MONTH = 14
"""Days of each month below which nothing is said of months."""
_NAMES = "January February March April May June July August September October November December"
MONTHS = tuple(_NAMES.split())


@dataclass(frozen=True, eq=False)
class Plan:
    """What is fitted.

    Attributes:
        kept: places of the days that are fitted.
        columns: for each column of the design, its kind and its name.
        design: one row for each day kept; the weekdays stand for the constant, and January has no column.
        months: the months that are told; empty where they are not.
        refused: why kinds and days are left out.
    """

    kept: Whole
    columns: tuple[tuple[str, str], ...]
    design: Floats
    months: tuple[int, ...]
    refused: tuple[str, ...]

    @classmethod
    def of(cls, series: Series) -> Plan:
        """What the history of a series of days can tell."""
        refused: list[str] = []
        dates = series.dates(0, len(series))
        weekday = np.array([day.weekday() for day in dates])
        taking = [number for number in range(7) if series.counts[weekday == number].sum() > 0]
        if len(taking) < 7:
            missing = [f"{name}s" for number, name in enumerate(WEEKDAYS) if number not in taking]
            refused.append(f"Nobody ever came on {_listed(missing)}; they are left out.")
        keep = np.isin(weekday, taking)
        bank = np.array([day in series.special.bank_holidays for day in dates], dtype=bool) & keep
        tells_bank = int(bank.sum()) >= LEAST_OF_A_KIND and series.counts[bank].sum() > 0
        if bank.any() and not tells_bank:
            keep &= ~bank
            refused.append(_no_bank_holidays(int(bank.sum()), int(series.counts[bank].sum())))
        kept = np.flatnonzero(keep)
        days, counts, weekday = [dates[place] for place in kept], series.counts[kept], weekday[kept]
        columns: dict[tuple[str, str], Floats] = {
            ("weekday", WEEKDAYS[number]): (weekday == number).astype(np.float64) for number in taking
        }
        month = np.array([day.month for day in days])
        seen, came = np.bincount(month, minlength=13)[1:], np.bincount(month, counts, minlength=13)[1:]
        months: tuple[int, ...] = ()
        if len(series) >= YEAR and seen.min() >= LEAST_OF_A_MONTH and came.min() > 0:
            months = tuple(range(1, 13))
            columns |= {("month", MONTHS[number - 1]): (month == number).astype(np.float64) for number in months[1:]}
        else:
            refused.append(
                f"Months are not told: that needs {LEAST_OF_A_MONTH} days or more of each of the twelve, with arrivals."
            )
        if tells_bank:
            columns["bank holiday", "bank holidays"] = bank[kept].astype(np.float64)
        school = np.array([series.special.is_school_holiday(day) for day in days], dtype=np.float64)
        if why := _no_school_holidays(series, school, counts, columns):
            refused.append(why)
        else:
            columns["school holiday", "school holidays"] = school
        if len(series) >= 2 * YEAR:
            columns["trend", "each year"] = kept / 365.25
        elif months:
            refused.append(
                "From less than two years, growth cannot be told apart from season: the effects of months hold both, "
                "and there is no trend to tell."
            )
        else:
            refused.append("A trend is told from two years of history on: until then it may be season.")
        return cls(kept, tuple(columns), np.column_stack(list(columns.values())), months, tuple(refused))


def _no_bank_holidays(days: int, came: int) -> str:
    many = "1 bank holiday" if days == 1 else f"{days} bank holidays"
    if not came and days > 1:
        return f"Nobody came on the {many}; they are left out."
    return f"The history has {many}, too few to tell their effect; left out."


def _no_school_holidays(
    series: Series, school: Floats, counts: Whole, columns: dict[tuple[str, str], Floats]
) -> str | None:
    """Why school holidays are not told; None where they can be."""
    if not series.special.school_holidays:
        return "School holidays are not told: service.toml has no school_holidays."
    days = int(school.sum())
    design = np.column_stack([*columns.values(), school])
    fewest = min(days, len(school) - days)
    if fewest < LEAST_OF_A_KIND or not counts[school > 0].sum() or np.linalg.matrix_rank(design) < design.shape[1]:
        return (
            f"The history has {days} days of school holidays, too few or too much like one month to tell their effect."
        )
    return None


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
