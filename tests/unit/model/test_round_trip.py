"""What is written is read as what it was, whatever the service."""

from __future__ import annotations

import copy
import pickle
import tomllib
from typing import Any

import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from millpond.errors import FaultyService
from millpond.model import Service, dump_service, parse_service
from tests.searching import examples
from tests.unit.model.examples import COUNCIL, NORTHSHIRE
from tests.unit.model.services import services

_SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def _in_order(value: Any) -> Any:
    """The value with the order of every mapping, which equality passes over."""
    if isinstance(value, dict):
        return [(name, _in_order(entry)) for name, entry in value.items()]
    return value


@settings(max_examples=examples(150), suppress_health_check=_SLOW_TO_DRAW)
@given(service=services())
def test_a_service_survives_being_written_and_read(service: Service) -> None:
    written = dump_service(service)
    read = parse_service(written)
    assert read == service
    assert _in_order(read.model_dump()) == _in_order(service.model_dump())
    assert dump_service(read) == written
    assert tomlkit.parse(written).unwrap() == tomllib.loads(written), "two readers of TOML do not agree"
    assert pickle.loads(pickle.dumps(service)) == service == copy.deepcopy(service) == service.changed()
    assert hash(read) == hash(service)


_scalars = st.one_of(
    st.none().map(lambda _: []),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=5),
    st.dates(),
    st.datetimes(),
    st.times(),
)
_anything = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
)
_OTHER_KEYS = [
    "nam",
    "calendar",
    "minutes",
    "distribution",
    "mean",
    "shape",
    "from",
    "next",
    "steps",
    "all_of",
    "after",
    "people",
    "",
    "closed",
]


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every table or list within the value, with each of its keys."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]


@settings(max_examples=examples(300), suppress_health_check=_SLOW_TO_DRAW)
@given(data=st.data())
def test_a_file_with_anything_anywhere_is_a_service_or_has_faults(data: st.DataObject) -> None:
    tables = tomllib.loads(data.draw(st.sampled_from([NORTHSHIRE, COUNCIL])))
    for _ in range(data.draw(st.integers(1, 3))):
        inside, key = data.draw(st.sampled_from(_places(tables) or [(tables, "name")]))
        match data.draw(st.sampled_from(["replace", "remove", "rename"])):
            case "replace":
                inside[key] = data.draw(_anything)
            case "rename" if isinstance(inside, dict) and key in inside:
                inside[data.draw(st.sampled_from(_OTHER_KEYS) | st.text(max_size=3))] = inside.pop(key)
            case _ if key in inside if isinstance(inside, dict) else key < len(inside):
                del inside[key]
    try:
        service = Service.from_plain(tables)
    except FaultyService as error:
        assert error.faults
        assert all(fault.where and fault.what and fault.cure for fault in error.faults)
    else:
        assert parse_service(dump_service(service)) == service
