"""Which numbers of a service are varied, between what, and what the service is with others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from millpond.model.distributions import Gamma
from millpond.planning.varied_service import service_at
from millpond.planning.varying import Varied, varied_numbers
from tests.unit.simulation.services import service

DAY = date(2026, 1, 5)
RICH: dict[str, Any] = {
    "pools": {"advocates": {"workers": 2, "minutes_per_day": 240, "absence": 0.05, "from": []}},
    "workers": {"sam": {"pool": "advocates", "minutes_per_day": 200, "absence": 0.2}},
    "streams": {
        "police": {"first_step": "triage", "per_week": 20, "schedule": {"Mon 09:00": 4}},
        "counted": {"first_step": "triage", "daily_counts": {"Mon-Fri": [1, 3]}},
    },
    "steps": {
        "triage": {
            "pool": "advocates",
            "minutes": {"distribution": "gamma", "mean": 20, "sd": 5},
            "minutes_for": {"urgent": 30},
            "next": {"advocacy": 0.7, "withdrawn": 0.1, "closed": 0.2},
            "patience": "21 days",
        },
        "advocacy": {
            "pool": "advocates",
            "minutes": 60,
            "missed": 0.1,
            "next": {"advocacy": 0.6, "triage": 0.1, "closed": 0.3},
            "rules": [{"visits_at_least": 6, "next": {"closed": 0.9, "advocacy": 0.1}}],
        },
    },
}


def numbers(spread: float = 0.1, intervals: dict[str, tuple[float, float]] | None = None) -> dict[str, Varied]:
    return {one.key: one for one in varied_numbers(service(**RICH), DAY, spread, intervals or {})}


def test_every_number_that_is_stated_is_found_with_its_kind_and_range() -> None:
    found = {key: (one.kind, one.value, round(one.low, 9), round(one.high, 9)) for key, one in numbers().items()}
    patience = 21 * 24 * 60
    assert found == {
        "streams.police.per_week": ("demand", 24, 21.6, 26.4),
        "streams.counted.per_week": ("demand", 10, 9, 11),
        "steps.triage.minutes": ("minutes of work", 20, 18, 22),
        "steps.triage.patience": ("patience", patience, 0.9 * patience, 1.1 * patience),
        # Back from triage by advocacy; of a share above a half, what is left to 1 counts.
        "steps.triage.next.advocacy": ("return", 0.7, 0.67, 0.73),
        "steps.triage.next.withdrawn": ("withdrawal", 0.1, 0.09, 0.11),
        "steps.advocacy.minutes": ("minutes of work", 60, 54, 66),
        "steps.advocacy.missed": ("missed appointments", 0.1, 0.09, 0.11),
        "steps.advocacy.rules[visits_at_least 6].next.advocacy": ("return", 0.1, 0.09, 0.11),
        "steps.advocacy.next.advocacy": ("return", 0.6, 0.56, 0.64),
        "steps.advocacy.next.triage": ("return", 0.1, 0.09, 0.11),
        "pools.advocates.minutes_per_day": ("direct time", 240, 216, 264),
        "pools.advocates.absence": ("absence", 0.05, 0.045, 0.055),
        "workers.sam.minutes_per_day": ("direct time", 200, 180, 220),
        "workers.sam.absence": ("absence", 0.2, 0.18, 0.22),
    }


def test_an_interval_that_is_known_goes_before_the_spread_unless_it_is_of_another_number() -> None:
    known = {"steps.triage.minutes": (19.0, 22.5), "steps.advocacy.minutes": (10.0, 20.0)}
    found = numbers(intervals=known)
    assert (found["steps.triage.minutes"].low, found["steps.triage.minutes"].high) == (19.0, 22.5)
    assert found["steps.triage.minutes"].source == "fitted"
    assert found["steps.advocacy.minutes"].source == "assumed"


def test_the_service_has_each_number_where_it_was_asked_for() -> None:
    found = list(numbers().values())
    made = service_at(service(**RICH), found, [one.high for one in found])
    police, counted = made.streams["police"], made.streams["counted"]
    assert police.per_week == pytest.approx(22) and dict(police.schedule) == pytest.approx({"Mon 09:00": 4.4})
    assert counted.daily_counts["Mon-Fri"] == pytest.approx((1.1, 3.3))
    triage, advocacy = made.steps["triage"], made.steps["advocacy"]
    # As much longer in every part: the shape stays.
    assert isinstance(triage.minutes, Gamma)
    assert (triage.minutes.mean, triage.minutes.sd) == pytest.approx((22, 5.5))
    assert triage.minutes_for["urgent"] == pytest.approx(33)
    assert triage.patience_limit is not None and triage.patience_limit.minutes == pytest.approx(1.1 * 21 * 1440)
    assert advocacy.missed == pytest.approx(0.11)
    assert dict(advocacy.rules[0].next) == pytest.approx({"closed": 0.89, "advocacy": 0.11})
    assert sum((triage.next or {}).values()) == pytest.approx(1)
    assert made.pools["advocates"].absence == pytest.approx(0.055)
    assert (made.workers["sam"].minutes_per_day, made.workers["sam"].absence) == pytest.approx((220, 0.22))


def test_one_share_alone_is_exactly_what_was_asked_and_the_others_keep_their_proportion() -> None:
    found = numbers()["steps.triage.next.advocacy"]
    ways = service_at(service(**RICH), [found], [0.73]).steps["triage"].next
    assert ways is not None
    assert dict(ways) == pytest.approx({"advocacy": 0.73, "withdrawn": 0.09, "closed": 0.18})


def test_as_it_is_it_stays_as_it_is() -> None:
    found = list(numbers().values())
    made, was = service_at(service(**RICH), found, [one.value for one in found]), service(**RICH)
    for name, step in was.steps.items():
        assert dict(made.steps[name].next or {}) == pytest.approx(dict(step.next or {}))
    assert made.streams == was.streams


def test_dated_minutes_of_a_day_go_along() -> None:
    pools = {"advocates": {"workers": 2, "minutes_per_day": 200, "from": [{"date": DAY, "minutes_per_day": 100}]}}
    of = service(pools=pools)
    (found,) = (one for one in varied_numbers(of, DAY, 0.1, {}) if one.kind == "direct time")
    assert found.value == 100
    made = service_at(of, [found], [110]).pools["advocates"]
    assert (made.minutes_per_day, made.changes[0].minutes_per_day) == pytest.approx((220, 110))


def test_what_is_not_stated_or_certain_is_not_varied() -> None:
    found = varied_numbers(service(pools={"advocates": {"workers": 2}}), DAY, 0.1, {})
    assert {one.key for one in found} == {"streams.police.per_week", "steps.advocacy.minutes"}
