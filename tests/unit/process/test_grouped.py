"""Order within groups and places between edges: the quick ways give what NumPy's plain ones give."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from millpond.process.coded import coded
from millpond.process.grouped import Edges, in_order, parts_of, sorted_by


@pytest.mark.parametrize("apart", [1, 1 << 45], ids=["room for places", "no room for places"])
@pytest.mark.parametrize("different", [1, 5, 100_000])
def test_equals_keep_their_order(different: int, apart: int) -> None:
    keys = np.random.default_rng(1).integers(-2, different, 3000) * apart
    assert in_order(keys).tolist() == np.argsort(keys, kind="stable").tolist()


def test_equals_are_put_in_order_by_another_column_then_as_they_stand() -> None:
    random = np.random.default_rng(2)
    group, value, then = random.integers(0, 4, 3000), random.integers(0, 90, 3000), random.integers(0, 5, 3000)
    places = np.arange(3000)
    assert sorted_by(group, value, then).tolist() == np.lexsort((places, then, value, group)).tolist()


@pytest.mark.parametrize("swapped", [0, 1, 2999])
def test_records_in_order_stay_as_they_stand_and_one_out_of_order_is_found(swapped: int) -> None:
    group, value = np.repeat(np.arange(750), 4), np.tile(np.arange(4), 750)
    group[[0, swapped]], value[[0, swapped]] = group[[swapped, 0]], value[[swapped, 0]]
    assert sorted_by(group, value).tolist() == np.lexsort((np.arange(3000), value, group)).tolist()


@pytest.mark.parametrize(
    "edges",
    [
        [0],
        [-7, 3, 3, 4, 90],
        list(range(0, 5000, 50)),
        [0, *range(1_000_000, 1_000_040)],  # so close at the end that going through them would take too long
    ],
)
def test_numbers_are_found_between_edges_as_a_search_finds_them(edges: list[int]) -> None:
    numbers = np.random.default_rng(3).integers(edges[0] - 20, edges[-1] + 20, 2000)
    numbers = np.append(numbers, edges)
    searched = np.maximum(np.searchsorted(edges, numbers, side="right") - 1, 0)
    assert Edges(np.array(edges)).before(numbers).tolist() == searched.tolist()


def test_parts_are_whole_groups_and_together_all_of_them() -> None:
    groups = np.repeat([0, 1, 2, 5, 6], [40_000, 30_000, 200_000, 3, 60_000])
    parts = list(parts_of(groups))
    assert [(part.start, part.stop) for part in parts] == [
        (0, 40_000),
        (40_000, 70_000),
        (70_000, 270_000),
        (270_000, 330_003),
    ]
    assert list(parts_of(groups[:0])) == []


def test_names_that_come_late_in_a_long_column_have_places_of_their_own() -> None:
    codes, names = coded(pa.chunked_array([["b", None, "a"], ["a", "c"], []], type=pa.string()), missing=-1)
    assert names == ("b", "a", "c")
    assert codes.tolist() == [0, -1, 1, 1, 2]


@pytest.mark.parametrize("repeated", [1, 2, 3, 9])
@pytest.mark.parametrize("missing", [False, True])
def test_places_of_names_are_the_same_whether_they_come_in_runs_or_not(repeated: int, missing: bool) -> None:
    some = np.random.default_rng(repeated).integers(0, 5, 400).tolist()
    texts = [["a", "b", "ab", "", None if missing else "c"][place] for place in some for _ in range(repeated)]
    codes, names = coded(pa.chunked_array([texts[:7], [], texts[7:]], type=pa.string()), missing=-1)
    assert names == tuple(dict.fromkeys(text for text in texts if text is not None))
    assert [names[code] if code >= 0 else None for code in codes.tolist()] == texts


@pytest.mark.parametrize("texts", [[], [None], [None, None], ["a"], ["a", "a", "a"]])
def test_columns_of_nothing_and_of_one_name_have_places_too(texts: list[str | None]) -> None:
    codes, names = coded(pa.chunked_array([texts], type=pa.string()), missing=-1)
    assert codes.tolist() == [-1 if text is None else 0 for text in texts]
    assert names == (("a",) if "a" in texts else ())
