"""Random services with queues and outside delays, of which everything is known; each number stands for one.

They have two or three pools, of which one is critical (on average 60 to 90% of its direct minutes are needed), three to
eight steps with returns, delays that nobody of the service causes, and 1,000 to 3,000 cases a year.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from millpond.model import Service
from millpond.periods import day_number
from millpond.simulation.log import write_log
from millpond.simulation.replication import replicate
from millpond.simulation.tables import tables_of

FIRST_DAY, DAYS = date(2024, 1, 1), 364
_HOURS = {
    "office": ("Mon-Fri 09:00-17:00", 5, 480),
    "early": ("Mon-Fri 06:00-12:00", 5, 360),
    "late": ("Tue-Sat 12:00-20:00", 5, 480),
    "clinic": ("Mon-Sat 08:00-16:00", 6, 480),
}
_ARRIVALS: tuple[dict[str, float], ...] = (
    {"Mon-Fri 09:00-17:00": 1.0},
    {"Mon-Fri 08:00-18:00": 1.0, "Sat-Sun 10:00-16:00": 0.5},
    {"Mon 08:00-18:00": 2.0, "Tue-Fri 08:00-18:00": 1.0},
    {},
)


@dataclass(frozen=True)
class Known:
    """A service of which everything is known.

    Attributes:
        number: which one.
        service: the service.
        critical: the pool whose direct minutes are needed most.
        utilisation: the share of them that is needed on average.
        tells_pools: whether its records name the pool of each visit.
    """

    number: int
    service: Service
    critical: str
    utilisation: float
    tells_pools: bool

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of the critical pool."""
        return tuple(name for name, step in self.service.steps.items() if step.pool == self.critical)


def known_service(number: int) -> Known:
    """The service that a number stands for."""
    random = Random(number)
    calendars = ["office", *random.sample(["early", "late", "clinic"], random.choice((0, 0, 1)))]
    steps = [f"step {letter}" for letter in "abcdefgh"[: random.randint(3, 8)]]
    pools = [f"pool {place}" for place in range(1, random.choice((2, 2, 3)) + 1)]
    # Each pool has a step at least.
    pool_of = dict(zip(steps, [*pools, *random.choices(pools, k=len(steps) - len(pools))], strict=True))
    plain: dict[str, Any] = {
        "name": f"known {number}",
        "timezone": random.choice(("UTC", "Europe/London")),
        "calendars": {name: {"hours": _HOURS[name][0]} for name in calendars},
        "steps": {step: _step(random, place, steps, pool_of) for place, step in enumerate(steps)},
    }
    plain["streams"] = _streams(random, steps)
    visits = _visits(plain["steps"], plain["streams"])
    work = dict.fromkeys(pools, 0.0)
    for step in steps:
        work[pool_of[step]] += visits[step] * plain["steps"][step]["minutes"]["mean"]
    critical = max(pools, key=lambda pool: work[pool] * random.uniform(0.5, 1.5))
    utilisation = random.uniform(0.6, 0.9)
    plain["pools"] = {}
    for pool in pools:
        calendar = random.choice(calendars)
        used = utilisation if pool == critical else random.uniform(0.3, 0.55)
        plain["pools"][pool] = _pool(random, calendar, work[pool] / used, may_be_whole=pool != critical)
    return Known(number, Service.from_plain(plain), critical, utilisation, random.random() < 0.5)


def _step(random: Random, place: int, steps: list[str], pool_of: dict[str, str]) -> dict[str, Any]:
    mean = float(round(random.uniform(10, 75)))
    minutes: dict[str, Any] = {"distribution": random.choice(("exponential", "lognormal", "gamma")), "mean": mean}
    if minutes["distribution"] != "exponential":
        minutes["sd"] = round(mean * random.uniform(0.3, 1.0), 1)
    later = steps[place + 1 :]
    ways = {"closed": 1.0} if not later else {later[0]: random.uniform(0.5, 1.0), "closed": random.uniform(0.05, 0.5)}
    if len(later) > 1 and random.random() < 0.5:
        ways[random.choice(later[1:])] = random.uniform(0.1, 0.5)
    if place and random.random() < 0.5:
        ways[random.choice(steps[: place + 1])] = sum(ways.values()) * random.uniform(0.1, 0.5)
    step: dict[str, Any] = {"pool": pool_of[steps[place]], "minutes": minutes, "next": _shares(ways)}
    after = {to: _delay(random) for to in ways if to != "closed" and random.random() < 0.7}
    if after:
        step["after"] = after
    return step


def _shares(ways: dict[str, float]) -> dict[str, float]:
    parts = {to: round(1000 * weight / sum(ways.values())) for to, weight in ways.items()}
    first = next(iter(parts))
    parts[first] += 1000 - sum(parts.values())
    return {to: part / 1000 for to, part in parts.items()}


def _delay(random: Random) -> dict[str, Any]:
    """A week on average, by the clock or in working time."""
    days = random.uniform(0.5, 15)
    time = random.choice(("elapsed", "working"))
    mean = round(days * (1440 if time == "elapsed" else 480))
    kinds: tuple[dict[str, Any], ...] = (
        {"distribution": "exponential", "mean": mean},
        {"distribution": "lognormal", "mean": mean, "sd": round(0.7 * mean)},
        {"distribution": "gamma", "mean": mean, "sd": round(0.4 * mean)},
    )
    return {"minutes": random.choice(kinds), "time": time}


def _streams(random: Random, steps: list[str]) -> dict[str, Any]:
    streams = {}
    for name, first in list(zip(("post", "police"), steps, strict=False))[: random.choice((1, 1, 2))]:
        stream: dict[str, Any] = {"first_step": first, "per_week": round(random.uniform(20, 57), 1)}
        stream["pattern"] = random.choice(_ARRIVALS)
        if random.random() < 0.4:
            stream["overdispersion"] = round(random.uniform(1.3, 2.5), 1)
        streams[name] = stream
    if len(streams) > 1:
        for stream in streams.values():
            stream["per_week"] = round(stream["per_week"] / 2, 1)
    return streams


def _visits(steps: dict[str, Any], streams: dict[str, Any]) -> dict[str, float]:
    """Visits a week at each step: what comes from outside and from other steps (Jackson, 1957)."""
    names = list(steps)
    ways = np.array([[steps[step]["next"].get(to, 0.0) for to in names] for step in names])
    entering = np.zeros(len(names))
    for stream in streams.values():
        entering[names.index(stream["first_step"])] += stream["per_week"]
    return dict(zip(names, np.linalg.solve(np.eye(len(names)) - ways.T, entering).tolist(), strict=True))


def _pool(random: Random, calendar: str, needed: float, *, may_be_whole: bool) -> dict[str, Any]:
    """A pool that can give so many minutes a week, of which each person gives 40 to 80% of the shift."""
    _, days, shift = _HOURS[calendar]
    workers = max(1, round(needed / (days * shift * random.uniform(0.45, 0.75))))
    while needed / (workers * days) > 0.8 * shift:
        workers += 1
    pool: dict[str, Any] = {"calendar": calendar, "workers": workers}
    if not (may_be_whole and random.random() < 0.5):
        pool["minutes_per_day"] = max(round(needed / (workers * days)), 30)
    return pool


def recorded(known: Known, folder: Path, *, seed: int = 7) -> Path:
    """A folder with a year of its records, as people record: who did what, from when to when.

    Of the first visit of a case it is known when it joined, of the others it is not. Nothing is said of the service
    but its time zone.
    """
    tables = tables_of(known.service, day_number(FIRST_DAY), DAYS)
    write_log(tables, replicate(tables, seed, 0, logs=True), folder, seed=seed)
    records = folder / "records.csv"
    with records.open(newline="") as file:
        rows = list(csv.DictReader(file))
    seen: set[str] = set()
    for row in sorted(rows, key=lambda row: row["joined"]):
        if row["case"] in seen:
            row["joined"] = ""
        seen.add(row["case"])
        row["minutes"] = ""
        if not known.tells_pools:
            row["pool"] = ""
    # Of a visit that waits and of which nobody has noted that it has joined nothing is known.
    kept = [row for row in rows if row["joined"] or row["started"] or row["ended"]]
    with records.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    (folder / "service.toml").write_text(f'name = "Known"\ntimezone = "{known.service.timezone}"\n')
    for file_name in ("work.csv", "rota.csv"):
        (folder / file_name).unlink(missing_ok=True)
    return folder
