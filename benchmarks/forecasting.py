"""How often the 80% bands of forecasts hold what then comes, and whether forecasts beat the seasonal naive one.

    python benchmarks/forecasting.py [--services N] [--data FOLDER]

Three measurements: the example service, made-up services whose truth is known, and the emergency departments of
the providers of NHS England by month (`nhs_ae/ae_attendances.csv.gz` of the package NHSRdatasets, CC0), where that file
is at hand. A share is counted exactly (`millpond.variation.coverage`); its 95% interval is that of Wilson and counts
each day of a service, or month of a provider, once.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import statistics
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from millpond.variation.backtesting import Backtest, BacktestRow, backtest
from millpond.variation.coverage import inside, wilson
from millpond.variation.predicting import predict
from millpond.variation.series import Series

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("MILLPOND_SHARED_DATA", ROOT.parent / "shared" / "data"))
PROVIDERS = Path("nhs_ae") / "ae_attendances.csv.gz"
MONTHS_AHEAD = 3
DAYS_AHEAD = 28


@dataclass(frozen=True)
class Measured:
    """What was measured over many series.

    Attributes:
        series: how many series.
        forecasts: how many counts were forecast.
        times: how many of them were different ones.
        within: the share within the band.
        low, high: its 95% interval.
        error, naive_error: the mean of the mean absolute scaled errors; none where they were not measured.
    """

    series: int
    forecasts: int
    times: int
    within: float
    low: float
    high: float
    error: float | None = None
    naive_error: float | None = None

    def __str__(self) -> str:
        text = (
            f"{self.series:,} series, {self.forecasts:,} forecasts of {self.times:,} counts: {self.within:.1%} within "
        )
        text += f"(95% {self.low:.1%} to {self.high:.1%})"
        if self.error is not None and self.naive_error is not None:
            text += f"; MASE {self.error:.2f}, seasonal naive {self.naive_error:.2f}"
        return text


def providers(data: Path) -> list[Series]:
    """The attendances of each provider that reported in every month, all kinds of department together."""
    totals: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    with gzip.open(data / PROVIDERS, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            totals[row["org_code"]][row["period"]] += float(row["attendances"])
    months = sorted({month for of in totals.values() for month in of})
    whole = [of for _, of in sorted(totals.items()) if len(of) == len(months)]
    first = date.fromisoformat(months[0])
    return [Series(first, np.array([round(of[month]) for month in months]), "month") for of in whole]


def over_providers(data: Path) -> tuple[Measured, tuple[Measured, ...]]:
    """Rolling origins over every provider: of all months ahead together, and of each by itself."""
    tests = [backtest(series, MONTHS_AHEAD) for series in providers(data)]
    found = [test for test in tests if test is not None]
    return _together(found, -1), tuple(_together(found, place) for place in range(MONTHS_AHEAD))


def _together(tests: list[Backtest], place: int) -> Measured:
    rows: list[BacktestRow] = [test.rows[place] for test in tests]
    forecasts, times = sum(row.forecasts for row in rows), sum(row.times for row in rows)
    within = sum(row.within * row.forecasts for row in rows) / forecasts
    return Measured(
        len(rows),
        forecasts,
        times,
        within,
        *wilson(within, times),
        statistics.fmean(row.error for row in rows),
        statistics.fmean(row.naive_error for row in rows),
    )


def made_up(number: int, history: int = 364) -> tuple[Series, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """A service whose truth is known, with the days that then come.

    Its size, weekly rhythm, season, trend, overdispersion and drift of the level all differ from one to the next.
    """
    random = np.random.Generator(np.random.PCG64([20260101, number]))
    days = history + DAYS_AHEAD
    size = np.exp(random.uniform(np.log(1.0), np.log(60.0)))
    weekday = np.exp(random.normal(0, 0.3, 7)) * np.where(np.arange(7) < 5, 1.0, random.uniform(0.0, 1.0))
    turn = 2 * np.pi * (np.arange(days) / 365.25 + random.uniform())
    season = random.uniform(0, 0.2) * np.cos(turn)
    trend = random.normal(0, 0.08) * np.arange(days) / 365.25
    drift = np.cumsum(random.normal(0, random.uniform(0, 0.05), days // 7 + 1))[np.arange(days) // 7]
    scatter = random.uniform(0.001, 0.15)
    mean = size * weekday[np.arange(days) % 7] * np.exp(season + trend + drift)
    counts = random.negative_binomial(1 / scatter, 1 / (1 + scatter * mean))
    return Series(date(2024, 1, 1), counts[:history]), counts[history:]


def over_services(number: int) -> tuple[Measured, Measured]:
    """One forecast of each made-up service: of its days, and of its weeks."""
    days, weeks = [], []
    for place in range(number):
        series, came = made_up(place)
        predicted = predict(series, DAYS_AHEAD, paths=1000)
        for day, count in enumerate(came):
            chances = (predicted.chance_of_at_most(day, int(count) + step) for step in (-1, 0))
            days.append(inside(*chances))
        totals = predicted.counts.reshape(-1, 4, 7).sum(axis=2)
        for week, total in enumerate(came.reshape(4, 7).sum(axis=1)):
            weeks.append(inside(float(np.mean(totals[:, week] < total)), float(np.mean(totals[:, week] <= total))))
    return _plain(number, days), _plain(number, weeks)


def _plain(series: int, within: list[float]) -> Measured:
    share = statistics.fmean(within)
    return Measured(series, len(within), len(within), share, *wilson(share, len(within)))


def example() -> Backtest:
    """The example service: four weeks of new cases, from every week that leaves enough history."""
    import millpond

    with millpond.open(ROOT / "examples" / "victim-support") as service:
        test = service.forecast(4).backtest
    assert test is not None
    return test


def main() -> None:
    """Prints what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--services", type=int, default=200, help="how many made-up services")
    parser.add_argument("--data", type=Path, default=SHARED, help="the folder that holds nhs_ae")
    asked = parser.parse_args()
    row = example().overall
    held = Measured(1, row.forecasts, row.times, row.within, row.low, row.high, row.error, row.naive_error)
    print(f"The example service, days: {held}")
    days, weeks = over_services(asked.services)
    print(f"Made-up services, days: {days}")
    print(f"Made-up services, weeks: {weeks}")
    if not (asked.data / PROVIDERS).exists():
        print("The figures of NHS England are not at hand (--data).")
        return
    together, each = over_providers(asked.data)
    print(f"NHS England, months: {together}")
    for ahead, one in enumerate(each, 1):
        print(f"  {ahead} ahead: {one}")


if __name__ == "__main__":
    main()
