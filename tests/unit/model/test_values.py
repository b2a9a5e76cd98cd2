"""Values are frozen, whole, and equal when they say the same."""

from __future__ import annotations

import copy
import pickle

import pytest
from pydantic import ValidationError

from millpond.errors import FaultyService
from millpond.model import Calendar, FrozenMapping, LogNormal, Pool, Service, Step, TargetWait, parse_service
from tests.unit.model.examples import NORTHSHIRE


def test_a_value_cannot_be_changed_in_place() -> None:
    pool = Pool(workers=2)
    with pytest.raises(ValidationError):
        pool.workers = 3
    with pytest.raises(TypeError):
        parse_service(NORTHSHIRE).steps["triage"] = Step()  # type: ignore[index]


def test_a_changed_copy_leaves_the_first_as_it_was() -> None:
    pool = Pool(workers=2, minutes_per_day=240)
    assert pool.changed(workers=3) == Pool(workers=3, minutes_per_day=240)
    assert pool.workers == 2


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"workers": -1}, "workers: is -1, which is below 0"),
        ({"wokers": 3}, "wokers: is not a known key\n    Did you mean workers?"),
        ({"workers": "3"}, "Write it without quotes: workers = 3"),
        ({"skills": {"a", "b"}}, "skills: is a set, where a list belongs"),
    ],
)
def test_a_changed_copy_is_checked_like_a_new_value(fields: dict[str, object], fault: str) -> None:
    with pytest.raises(FaultyService) as caught:
        Pool(workers=2).changed(**fields)
    assert fault in str(caught.value)
    with pytest.raises(FaultyService) as caught:
        Pool(**fields)  # type: ignore[arg-type]
    assert str(caught.value).startswith("Pool has 1 fault:")


def test_a_changed_service_is_checked_as_a_whole() -> None:
    service = parse_service(NORTHSHIRE)
    without = {name: step for name, step in service.steps.items() if name != "advocacy"}
    with pytest.raises(FaultyService) as caught:
        service.changed(steps=without)
    assert [fault.where for fault in caught.value.faults] == ["steps.triage.next.advocacy"]
    longer = service.changed(steps={**service.steps, "triage": service.steps["triage"].changed(minutes=30)})
    assert longer.steps["triage"].planned_minutes == 30
    assert service.steps["triage"].planned_minutes == 20


def test_all_faults_of_a_service_made_in_python_come_at_once() -> None:
    with pytest.raises(FaultyService) as caught:
        Service(
            name="x",
            suppress_below=-1,
            steps={"a": Step(pool="nobody"), "b": {"minutes": -1}},  # type: ignore[dict-item]
        )
    assert [fault.where for fault in caught.value.faults] == ["suppress_below", "steps.b.minutes", "steps.a.pool"]


def test_values_that_say_the_same_are_equal_and_hash_alike() -> None:
    first, second = parse_service(NORTHSHIRE), parse_service(NORTHSHIRE)
    assert first == second
    assert hash(first) == hash(second)
    assert first != first.changed(name="Southshire")
    assert LogNormal(mean=20, sd=10) == LogNormal(mean=20.0, sd=10.0)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_service_survives_pickling(protocol: int) -> None:
    service = parse_service(NORTHSHIRE)
    thawed = pickle.loads(pickle.dumps(service, protocol))
    assert thawed == service
    assert list(thawed.steps) == list(service.steps)


def test_a_service_survives_copying() -> None:
    service = parse_service(NORTHSHIRE)
    assert copy.deepcopy(service) == service
    assert copy.copy(service) == service


def test_a_mapping_keeps_its_order_and_cannot_be_reached_from_outside() -> None:
    entries = {"b": Calendar(hours="Mon 09:00-10:00"), "a": Calendar(hours="Tue 09:00-10:00")}
    service = Service(name="x", calendars=entries)
    entries["c"] = Calendar(hours="Wed 09:00-10:00")
    assert list(service.calendars) == ["b", "a"]


def test_mappings_with_the_same_entries_are_equal_in_any_order() -> None:
    one, other = FrozenMapping({"a": 1, "b": 2}), FrozenMapping({"b": 2, "a": 1})
    assert one == other == {"a": 1, "b": 2}
    assert hash(one) == hash(other)
    assert repr(one) == "{'a': 1, 'b': 2}"


def test_a_service_turns_into_plain_data() -> None:
    service = parse_service(NORTHSHIRE)
    assert service.model_dump()["steps"]["advocacy"]["next"] == {"advocacy": 0.6, "closing letter": 0.4}
    assert '"lead_time":"28 days"' in service.model_dump_json()


@pytest.mark.parametrize("wrong", [True, "2", float("nan"), float("inf"), [2], 10**400])
def test_a_number_is_a_number(wrong: object) -> None:
    with pytest.raises(FaultyService):
        Pool(workers=wrong)  # type: ignore[arg-type]


def test_half_a_character_is_told_so_that_it_can_be_printed() -> None:
    with pytest.raises(FaultyService) as caught:
        Service(name="\ud800")
    assert str(caught.value).encode()
    with pytest.raises(FaultyService) as caught:
        Service(name="x", steps={"\ud800": Step()})
    assert str(caught.value).encode()


def test_a_unit_that_is_not_known_is_told() -> None:
    said = r'unit: is the text "day", which is not known\n    Did you mean "days"\? Write "minutes", "hours"'
    with pytest.raises(FaultyService, match=said):
        TargetWait(amount=3, unit="day")  # type: ignore[arg-type]
