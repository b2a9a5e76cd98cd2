"""Jackson's open network: traffic by hand, and errors that name the step."""

from __future__ import annotations

import pytest

from millpond.errors import WrongUse
from millpond.queueing.erlang import mmc
from millpond.queueing.networks import OpenStep, jackson


def test_triage_assessment_and_repeated_advocacy_by_hand() -> None:
    # 10 a week at triage; 0.9 go on to assessment; half of those to advocacy, which 0.6 repeat: 4.5 / 0.4 visits.
    network = jackson(
        {
            "triage": OpenStep(0.05, arrival_rate=10, next={"assessment": 0.9}),
            "assessment": OpenStep(0.2, workers=3, next={"advocacy": 0.5}),
            "advocacy": OpenStep(0.1, workers=2, next={"advocacy": 0.6}),
        }
    )
    assert {name: round(step.arrival_rate, 9) for name, step in network.steps.items()} == {
        "triage": 10,
        "assessment": 9,
        "advocacy": 11.25,
    }
    assert network.visits["advocacy"] == pytest.approx(1.125)
    assert network.steps["assessment"] == mmc(network.steps["assessment"].arrival_rate, 0.2, 3)
    lead_times = sum(network.visits[name] * step.mean_lead_time for name, step in network.steps.items())
    assert network.mean_lead_time == pytest.approx(lead_times)


def test_one_step_that_sends_back_is_one_that_takes_longer() -> None:
    # Half come back: 2 visits each. In a Jackson network it has as many present as M/M/1 at twice the arrivals.
    network = jackson({"desk": OpenStep(1.0, arrival_rate=0.4, next={"desk": 0.5})})
    assert network.mean_in_system == pytest.approx(0.8 / 0.2)
    assert network.mean_lead_time == pytest.approx(10)


def test_a_step_that_nobody_reaches_is_idle() -> None:
    network = jackson({"a": OpenStep(1.0, arrival_rate=0.5), "b": OpenStep(1.0, next={"a": 1.0})})
    assert network.steps["b"].utilisation == 0


def test_the_overloaded_step_is_named() -> None:
    with pytest.raises(WrongUse, match=r"^Step 'advocacy': the load is 1\.250, so the queue grows"):
        jackson(
            {
                "triage": OpenStep(0.1, arrival_rate=5, next={"advocacy": 1.0}),
                "advocacy": OpenStep(0.1, next={"advocacy": 0.6}),
            }
        )


def test_a_circle_without_a_way_out_is_named() -> None:
    with pytest.raises(WrongUse, match="Nobody ever leaves the network from 'b', 'c'"):
        jackson(
            {
                "a": OpenStep(1, arrival_rate=0.1, next={"b": 0.5}),
                "b": OpenStep(1, next={"c": 1.0}),
                "c": OpenStep(1, next={"b": 1.0}),
            }
        )


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ({"a": OpenStep(1, next={"z": 1})}, "goes on to 'z', which the network does not have"),
        ({"a": OpenStep(1, arrival_rate=1, next={"a": 0.7, "b": 0.7}), "b": OpenStep(1)}, "add up to 1.4"),
        ({"a": OpenStep(1)}, "Nobody enters the network"),
        ({"a": OpenStep(0, arrival_rate=1)}, "mean service time of step 'a' is 0"),
        ({"a": OpenStep(1, arrival_rate=1, next={"a": 2})}, "share of step 'a' that goes on to 'a' is 2"),
    ],
)
def test_faulty_networks_are_refused(steps: dict[str, OpenStep], message: str) -> None:
    with pytest.raises(WrongUse, match=message):
        jackson(steps)
