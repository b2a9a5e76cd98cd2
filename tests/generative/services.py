"""Small services at random: each number stands for one, which uses features of the model in any combination.

A number is not shrunk when a test fails, but it is found again at once; `service_of` takes which features may be used,
so that a failure is narrowed by hand.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from random import Random
from typing import Any

from millpond.model import Service

FEATURES = (
    "absence",
    "attributes",
    "budget",
    "caseload",
    "changes",
    "counts",
    "delays",
    "finish",
    "group",
    "helpers",
    "leavers",
    "missed",
    "named",
    "orders",
    "overdispersion",
    "patience",
    "people",
    "policies",
    "preempts",
    "priorities",
    "rules",
    "schedule",
    "skills",
    "split",
    "unstaffed",
    "urgent",
)
_DAYS = {"Europe/London": (date(2025, 3, 28), date(2025, 10, 24)), "UTC": (date(2025, 1, 6), date(2025, 6, 5))}
_HOURS = (
    "Mon-Fri 09:00-12:30, 13:30-17:00",
    "Mon-Fri 09:00-17:00",
    "Mon-Sun 00:00-24:00",
    "Fri-Sun 22:00-02:00",
    "Tue-Sat 08:00-10:00",
)


class Example:
    """A service, the day on which it begins, and for how many days.

    Args:
        number: which one.
        allowed: the features that it may use.
        few: the share of the allowed features that it leaves out on average.
    """

    def __init__(self, number: int, allowed: Collection[str] = FEATURES, few: float = 0.6) -> None:
        self.random = Random(number)
        self.number = number
        chosen = [name for name in FEATURES if self.random.random() >= few]
        self.uses = {name for name in chosen if name in allowed}
        zone = self.random.choice(list(_DAYS))
        self.first_day = self.random.choice(_DAYS[zone]) + timedelta(days=self.random.randrange(3))
        self.days = self.random.choice((2, 4, 6, 9))
        self.plain: dict[str, Any] = {"name": f"example {number}", "timezone": zone}
        self.pools = ["front", "team", "night"][: self.random.choice((1, 2, 2, 3))]
        self.steps = ["first", "second", "third", "fourth"][: self.random.choice((1, 2, 3, 4))]
        self.plain["calendars"] = {f"c{place}": {"hours": hours} for place, hours in enumerate(_HOURS)}
        self.plain["pools"] = {name: self._pool() for name in self.pools}
        self.plain["workers"] = self._workers()
        self.plain["streams"] = {name: self._stream() for name in ("post", "police")[: self.random.choice((1, 2))]}
        self.plain["steps"] = {name: self._step(name) for name in self.steps}
        if "policies" in self.uses:
            self.plain["policies"] = self._policies()
        if "split" in self.uses and len(self.steps) > 2:
            self._split()
        self._seem_to_be_done()

    @property
    def service(self) -> Service:
        """The service itself."""
        return Service.from_plain(self.plain)

    def _maybe(self, feature: str, chance: float = 0.6) -> bool:
        return self.random.random() < chance and feature in self.uses

    def _minutes(self, most: float = 90) -> Any:
        mean = self.random.choice((0, 5, 15, 30, 30, 60, most))
        kinds: list[Any] = [
            mean,
            {"distribution": "exponential", "mean": max(mean, 1)},
            {"distribution": "empirical", "values": [5, 15, 30]},
            {"distribution": "uniform", "low": 0, "high": max(mean, 1)},
        ]
        return self.random.choice(kinds)

    def _pool(self) -> dict[str, Any]:
        random = self.random
        pool: dict[str, Any] = {
            "calendar": f"c{random.choice((0, 1, 1, 2, 3, 4))}",
            "workers": random.choice((1, 2, 2, 3, 4)),
        }
        if self._maybe("budget"):
            pool["minutes_per_day"] = random.choice((0, 30, 120, 240))
        if self._maybe("changes"):
            pool["workers"] = random.choice((0.5, 1.5, 2.25))
            change: dict[str, Any] = {"date": self.first_day + timedelta(days=random.randrange(1, 5))}
            change |= random.choice(
                ({"workers": random.choice((0, 1, 1.75, 3))}, {"calendar": "c0"}, {"minutes_per_day": 90})
            )
            pool["from"] = [change]
        if self._maybe("absence"):
            pool["absence"] = random.choice((0.1, 0.4))
        if self._maybe("finish"):
            pool["at_closing"] = "finish"
        if self._maybe("preempts"):
            pool["urgent_preempts"] = True
            return pool
        if self._maybe("orders", 0.8):
            pool["order"] = random.choice(("first come", "due date", "shortest", "longest in service"))
        if self._maybe("caseload", 0.7):
            pool["caseload"] = random.choice((1, 2, 3))
        return pool

    def _workers(self) -> dict[str, Any]:
        random, workers = self.random, {}
        for place, name in enumerate(("Ann", "Bob", "Cat")):
            if not self._maybe("named", 0.7):
                continue
            pool = random.choice(self.pools)
            worker: dict[str, Any] = {"pool": pool}
            if self._maybe("skills"):
                worker["skills"] = ["Polish"]
            if self._maybe("helpers", 0.8):
                worker["also"] = random.sample([p for p in self.pools if p != pool], random.randrange(len(self.pools)))
            if self._maybe("budget", 0.3):
                worker["minutes_per_day"] = random.choice((0, 60, 200))
            if self._maybe("leavers"):
                worker["leaves"] = self.first_day + timedelta(days=random.randrange(1, 6))
            elif self._maybe("leavers", 0.3):
                worker["starts"] = self.first_day + timedelta(days=random.randrange(1, 6))
            if self._maybe("absence", 0.3):
                worker["absence"] = 0.3
            if random.random() < 0.3:
                worker["calendar"] = f"c{random.randrange(5)}"
            if place == 0 and random.random() < 0.5:
                self.plain["pools"][pool].pop("workers", None)
            if "caseload" in self.plain["pools"][pool] and random.random() < 0.3:
                worker["caseload"] = 1
            workers[name] = worker
        return workers

    def _stream(self) -> dict[str, Any]:
        random = self.random
        stream: dict[str, Any] = {"first_step": random.choice(self.steps[:2])}
        if self._maybe("counts", 0.4):
            stream["daily_counts"] = {"Mon-Fri": [2, 5, 8.5], "Sun": [1.5]}
        else:
            stream["per_week"] = random.choice((20, 60, 150))
            if self._maybe("overdispersion"):
                stream["overdispersion"] = 1.5
                stream["by_month"] = [1, 1, 2, 3, 1, 2, 1, 1, 1, 1.5, 1, 1]
        if self._maybe("schedule"):
            stream["schedule"] = {"Mon 09:00": 3, "Sun 01:30": 2.5, "Thu 13:30": 1, "Sat 22:00": 4}
        if random.random() < 0.4:
            stream["pattern"] = {"Mon-Fri 08:00-18:00": 3, "otherwise": 0.3}
        if "urgent" in self.uses or "preempts" in self.uses:
            stream["share_urgent"] = random.choice((0.2, 0.5))
        if self._maybe("priorities"):
            stream["priority"] = random.choice((1, 2, 3))
        if self._maybe("attributes", 0.8):
            risks = [("high", 0.3), ("low", 0.7)]
            random.shuffle(risks)
            stream["attributes"] = {"age": {"old": 0.5, "young": 0.5}, "risk": dict(risks)}
        return stream

    def _ways(self, name: str) -> dict[str, float]:
        random = self.random
        to = random.sample([*self.steps, "closed", "closed", "withdrawn"], 2)
        first = random.choice((0.3, 0.5, 0.7))
        if to[0] == to[1]:
            return {to[0]: 1.0}
        ways = {to[0]: first, to[1]: 1 - first}
        if not any(way in ("closed", "withdrawn") for way in ways):
            ways = {to[0]: 0.25, to[1]: 0.25, "closed": 0.5}
        return ways

    def _step(self, name: str) -> dict[str, Any]:
        random = self.random
        step: dict[str, Any] = {"minutes": self._minutes(), "next": self._ways(name)}
        if self._maybe("rules", 0.7):
            rule: dict[str, Any] = {"next": self._ways(name)}
            if random.random() < 0.4:
                rule["visits_at_least"] = 2
            if random.random() < 0.4:
                rule["urgent"] = random.random() < 0.5
            if random.random() < 0.4 or len(rule) == 1:
                rule["stream"] = "post"
            if random.random() < 0.4:
                rule["came_from"] = random.choice(self.steps)
            if "attributes" in self.plain["streams"]["post"] and random.random() < 0.7:
                rule["attributes"] = {"risk": "high"}
            step["rules"] = [rule]
        if self._maybe("unstaffed", 0.3):
            return step
        pool = step["pool"] = random.choice(self.pools)
        if random.random() < 0.3:
            step["minutes_for"] = {"urgent": self._minutes(), "post": self._minutes()}
        if self._maybe("skills", 0.5):
            step["skill"] = "Polish"
        alone = "caseload" in self.plain["pools"][pool]
        if self._maybe("people", 0.5) and not alone:
            step["people"] = 2
        elif self._maybe("group", 0.6) and not alone:
            step["group"] = {"size": random.choice((2, 3))}
            if random.random() < 0.7:
                step["group"]["longest_wait"] = random.choice(("1 hours", "7 hours", "1 days"))
        elif self._maybe("missed"):
            step["missed"] = 0.4
            step["missed_most"] = random.choice((1, 2, 3))
            if random.random() < 0.5:
                step["missed_minutes"] = 10
        if self._maybe("patience", 0.7):
            step["patience"] = {
                "minutes": random.choice((0, 60, 300, {"distribution": "exponential", "mean": 400})),
                "time": random.choice(("elapsed", "working")),
                "to": random.choice([*(s for s in self.steps if s != name), "withdrawn"]),
            }
        if random.random() < 0.5:
            step["target_wait"] = random.choice(("1 working days", "2 days", "90 minutes", "5 hours"))
        return step

    def _policies(self) -> dict[str, Any]:
        random = self.random
        when, above = random.choice((("backlog minutes", 60), ("waiting visits", 2), ("longest wait days", 0.3)))
        policy = {
            "pool": random.choice(self.pools),
            "when": when,
            "above": above,
            "workers": random.choice((1, 2)),
            "for_days": random.choice((1, 2, 3)),
            "lead_days": random.choice((0, 0, 1)),
        }
        if random.random() < 0.3:
            policy["minutes_per_day"] = 100
        return {"temps": policy}

    def _split(self) -> None:
        """The first step sends cases to two others at once; they meet at the last, or at the end of the case."""
        branches = self.steps[1:3]
        then = self.steps[3] if len(self.steps) > 3 else "closed"
        first = self.plain["steps"][self.steps[0]]
        first.pop("rules", None)
        first.pop("next")
        first["all_of"], first["then"] = branches, then
        for name in self.steps[1:]:
            self._away_from(self.steps[0], self.plain["steps"][name], then if name != then else "closed")

    def _away_from(self, step: str, entry: dict[str, Any], instead: str) -> None:
        for ways in (entry["next"], *(rule["next"] for rule in entry.get("rules", ()))):
            if step in ways:
                share = ways.pop(step)
                ways[instead] = ways.get(instead, 0) + share
        if entry.get("patience", {}).get("to") == step:
            entry["patience"]["to"] = "withdrawn"

    def _seem_to_be_done(self) -> None:
        """Somebody has every skill that is asked for; delays lead where cases go."""
        for step in self.plain["steps"].values():
            if "skill" in step:
                home = [key for key, worker in self.plain["workers"].items() if worker["pool"] == step["pool"]]
                if not any("skills" in self.plain["workers"][key] for key in home):
                    if home:
                        self.plain["workers"][home[0]]["skills"] = ["Polish"]
                    else:
                        self.plain["pools"][step["pool"]]["skills"] = ["Polish"]
            if not self._maybe("delays", 0.8):
                continue
            to = [*step.get("next", ()), *step.get("all_of", ())]
            for rule in step.get("rules", ()):
                to += rule["next"]
            after: dict[str, Any] = {}
            for way in dict.fromkeys(way for way in to if way in self.steps):
                choices: list[Any] = ["2 hours", {"minutes": {"distribution": "uniform", "low": 0, "high": 90}}]
                if "pool" in self.plain["steps"][way]:
                    choices += ["1 working days", "2 working days", {"minutes": 45, "time": "working"}]
                after[way] = self.random.choice(choices)
            if after:
                step["after"] = after
            for rule in step.get("rules", ()):
                own = {way: "3 hours" for way in rule["next"] if way in self.steps}
                if own and self.random.random() < 0.5:
                    rule["after"] = own
