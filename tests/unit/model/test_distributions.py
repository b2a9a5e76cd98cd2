"""How long work takes: means by hand, and what is refused."""

from __future__ import annotations

import pytest

from millpond.errors import FaultyService
from millpond.model import Distribution, Step

A_FAMILY = [
    # minutes as written, mean
    ({"distribution": "fixed", "value": 45}, 45),
    ({"distribution": "exponential", "mean": 60}, 60),
    ({"distribution": "gamma", "mean": 60, "sd": 30}, 60),
    ({"distribution": "lognormal", "mean": 20, "sd": 10}, 20),
    ({"distribution": "weibull", "mean": 60, "sd": 30}, 60),
    ({"distribution": "weibull", "shape": 1, "scale": 60}, 60),  # a shape of 1 is exponential
    ({"distribution": "weibull", "shape": 0.5, "scale": 10}, 20),  # gamma(3) = 2
    ({"distribution": "triangular", "low": 15, "mode": 30, "high": 90}, 45),
    ({"distribution": "triangular", "low": 0, "mode": 0, "high": 3}, 1),
    ({"distribution": "uniform", "low": 15, "high": 45}, 30),
    ({"distribution": "empirical", "values": [12, 15, 15, 40]}, 20.5),
]


@pytest.mark.parametrize(("minutes", "mean"), A_FAMILY)
def test_planned_minutes_are_the_mean(minutes: dict[str, object], mean: float) -> None:
    step = Step(minutes=minutes)  # type: ignore[arg-type]
    assert isinstance(step.minutes, Distribution)
    assert step.minutes.distribution == minutes["distribution"]
    assert step.minutes.mean == pytest.approx(mean, rel=1e-12)
    assert step.planned_minutes == step.minutes.mean


def test_a_distribution_can_be_given_as_a_value() -> None:
    for minutes, _ in A_FAMILY:
        step = Step(minutes=minutes)  # type: ignore[arg-type]
        assert Step(minutes=step.minutes) == step


@pytest.mark.parametrize(("minutes", "planned"), [(60, 60), (0, 0), (7.5, 7.5), (None, None)])
def test_plain_minutes_are_themselves(minutes: float | None, planned: float | None) -> None:
    assert Step(minutes=minutes).planned_minutes == planned


@pytest.mark.parametrize(
    ("minutes", "where", "what", "cure"),
    [
        (-1, "minutes", "is -1, which is below 0", "0 or more"),
        ("60", "minutes", 'is the text "60"', "Write it without quotes: minutes = 60"),
        ("an hour", "minutes", "where a number of minutes or a distribution belongs", "Write a number of minutes"),
        (True, "minutes", "is true, where a number belongs", "without quotes"),
        ([60], "minutes", "is a list", "Write a number of minutes"),
        ({"mean": 20}, "minutes", "does not say which distribution", 'distribution = "lognormal"'),
        ({"distribution": "lognorm", "mean": 20}, "minutes.distribution", 'is "lognorm"', 'mean "lognormal"?'),
        ({"distribution": "expon", "mean": 20}, "minutes.distribution", 'is "expon"', 'mean "exponential"?'),
        ({"distribution": "cauchy", "mean": 2}, "minutes.distribution", "is not known", "fixed, exponential, gamma"),
        ({"distribution": 3, "mean": 20}, "minutes", "does not say which distribution", "lognormal"),
        ({"distribution": "lognormal", "mean": 20}, "minutes.sd", "is missing", "sd = 10"),
        ({"distribution": "lognormal", "mean": 20, "sd": 0}, "minutes.sd", "is 0, which is not above 0", "above 0"),
        ({"distribution": "lognormal", "mean": 20, "sd": 1, "std": 1}, "minutes.std", "not a known key", "mean sd?"),
        ({"distribution": "weibull", "shape": 1, "scale": 1, "mean": 1}, "minutes.mean", "not a known key", "shape"),
        ({"distribution": "weibull", "shape": 2}, "minutes.scale", "is missing", "scale = 60"),
        ({"distribution": "triangular", "low": 9, "mode": 3, "high": 12}, "minutes", "not in order", "smallest"),
        ({"distribution": "triangular", "low": 3, "mode": 3, "high": 3}, "minutes", "not in order", "smallest"),
        ({"distribution": "uniform", "low": 9, "high": 9}, "minutes", "not in order", "high larger"),
        ({"distribution": "uniform", "low": -9, "high": 9}, "minutes.low", "below 0", "0 or more"),
        ({"distribution": "empirical", "values": []}, "minutes.values", "is an empty list", "at least one"),
        ({"distribution": "empirical", "values": [1, -1]}, "minutes.values[2]", "is -1", "0 or more"),
    ],
)
def test_faulty_minutes_are_told(minutes: object, where: str, what: str, cure: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Step(minutes=minutes)  # type: ignore[arg-type]
    (fault,) = caught.value.faults
    assert fault.where == where
    assert what in fault.what
    assert cure in fault.cure
