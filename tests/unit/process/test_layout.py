"""Laws of the layout, on random graphs with circles, in one lane and in several."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from millpond.process.layout.graph import Box, Layout, Line
from millpond.process.layout.layering import downward_order, layers
from millpond.process.layout.ordering import _swapped, crossings, ordered
from millpond.process.layout.placing import lay_out


def random_graph(seed: int, count: int, lanes: int) -> tuple[list[Box], list[Line]]:
    draw = np.random.default_rng(seed)
    boxes = [
        Box(f"b{n}", float(draw.integers(30, 190)), float(draw.integers(20, 90)), int(draw.integers(0, lanes)))
        for n in range(count)
    ]
    pairs = {(f"b{n}", f"b{int(draw.integers(0, count))}") for n in range(count) for _ in range(3)}
    chosen = sorted(pair for pair in pairs if pair[0] != pair[1])
    return boxes, [Line(*pair, float(draw.integers(1, 100)), 30.0, 14.0) for pair in chosen]


GRAPHS = [(seed, count, lanes) for seed, (count, lanes) in enumerate([(2, 1), (7, 1), (12, 3), (25, 4), (40, 8)])]


@pytest.fixture(params=GRAPHS, ids=str, scope="module")
def laid_out(request: pytest.FixtureRequest) -> tuple[list[Box], list[Line], Layout]:
    boxes, lines = random_graph(*request.param)
    return boxes, lines, lay_out(boxes, lines, [60.0] * request.param[2])


def test_no_two_boxes_overlap(laid_out: tuple[list[Box], list[Line], Layout]) -> None:
    for one, other in itertools.combinations(laid_out[2].boxes, 2):
        apart = (
            one.x + one.box.width <= other.x
            or other.x + other.box.width <= one.x
            or one.y + one.box.height <= other.y
            or other.y + other.box.height <= one.y
        )
        assert apart, f"{one} and {other}"


def test_no_text_of_a_line_meets_a_box_or_another_text(laid_out: tuple[list[Box], list[Line], Layout]) -> None:
    texts = [(line.text[0] - 15, line.text[1] - 7, 30.0, 14.0) for line in laid_out[2].lines]
    places = [(box.x, box.y, box.box.width, box.box.height) for box in laid_out[2].boxes]
    for text, other in itertools.chain(itertools.product(texts, places), itertools.combinations(texts, 2)):
        apart = (
            text[0] + text[2] <= other[0] + 0.2
            or other[0] + other[2] <= text[0] + 0.2
            or text[1] + text[3] <= other[1] + 0.2
            or other[1] + other[3] <= text[1] + 0.2
        )
        assert apart, f"{text} and {other}"


def test_every_box_and_every_line_is_there_once(laid_out: tuple[list[Box], list[Line], Layout]) -> None:
    boxes, lines, layout = laid_out
    assert [placed.box for placed in layout.boxes] == boxes
    assert [placed.line for placed in layout.lines] == lines


def test_a_line_runs_from_the_edge_of_one_box_to_that_of_the_other(
    laid_out: tuple[list[Box], list[Line], Layout],
) -> None:
    places = {placed.box.key: placed for placed in laid_out[2].boxes}
    for line in laid_out[2].lines:
        for point, key, below in (
            (line.points[0], line.line.source, not line.upwards),
            (line.points[-1], line.line.target, line.upwards),
        ):
            box = places[key]
            assert box.x <= point[0] <= box.x + box.box.width
            assert point[1] == pytest.approx(box.y + (box.box.height if below else 0), abs=0.11)
        heights = [point[1] for point in line.points]
        assert heights == sorted(heights, reverse=line.upwards)


def test_boxes_stand_within_their_lanes_and_all_of_it_within_the_picture(
    laid_out: tuple[list[Box], list[Line], Layout],
) -> None:
    layout = laid_out[2]
    for placed in layout.boxes:
        low, high = layout.lanes[placed.box.lane]
        assert low <= placed.x and placed.x + placed.box.width <= high
        assert placed.y + placed.box.height <= layout.height
    for line in layout.lines:
        assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in line.points)


def test_the_same_is_laid_out_in_the_same_way(laid_out: tuple[list[Box], list[Line], Layout]) -> None:
    boxes, lines, layout = laid_out
    assert lay_out(boxes, lines, [60.0] * len(layout.lanes)) == layout


def test_a_chain_runs_straight_down_and_its_way_back_up() -> None:
    boxes = [Box(key, 60, 20, 0) for key in "abc"]
    lines = [Line("a", "b", 9, 20, 14), Line("b", "c", 9, 20, 14), Line("c", "a", 1, 20, 14)]
    layout = lay_out(boxes, lines)
    a, b, c = layout.boxes
    assert a.y < b.y < c.y
    assert [line.upwards for line in layout.lines] == [False, False, True]


def test_layers_go_down_along_every_line_that_is_not_turned_round() -> None:
    boxes, lines = random_graph(9, 30, 1)
    order = downward_order(boxes, lines)
    layer = layers(boxes, lines, order)
    assert sorted(order.values()) == list(range(30)) and order["b0"] == 0
    for line in lines:
        upper, lower = sorted((line.source, line.target), key=lambda key: order[key])
        assert layer[upper] < layer[lower]


def test_little_of_the_weight_runs_upwards() -> None:
    boxes = [Box(key, 60, 20, 0) for key in "abcd"]
    lines = [Line("a", "b", 100, 0, 0), Line("b", "c", 90, 0, 0), Line("c", "b", 10, 0, 0), Line("c", "d", 80, 0, 0)]
    order = downward_order(boxes, lines)
    assert sorted(order, key=lambda key: order[key]) == ["a", "b", "c", "d"]


def test_crossings_that_can_be_taken_away_are() -> None:
    rows = [["a", "b", "c"], ["x", "y", "z"]]
    pairs = [("a", "z"), ("b", "y"), ("c", "x")]
    links = {key: ([], []) for key in "abcxyz"}  # type: dict[str, tuple[list[str], list[str]]]
    for upper, lower in pairs:
        links[upper][1].append(lower)
        links[lower][0].append(upper)
    assert crossings(rows, links) == 3
    assert crossings(ordered(rows, dict.fromkeys("abcxyz", 0), links), links) == 0


def test_lanes_keep_their_order_whatever_crosses() -> None:
    rows = [["a", "b"], ["x", "y"]]
    links = {"a": ([], ["y"]), "b": ([], ["x"]), "x": (["b"], []), "y": (["a"], [])}  # type: dict[str, tuple[list[str], list[str]]]
    lanes = {"a": 0, "b": 1, "x": 0, "y": 1}
    assert ordered(rows, lanes, links) == [["a", "b"], ["x", "y"]]


@pytest.mark.parametrize("ends", [("a", "a"), ("a", "nobody")])
def test_a_line_that_joins_no_two_boxes_is_refused(ends: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="joins no two boxes"):
        lay_out([Box("a", 10, 10, 0), Box("b", 10, 10, 0)], [Line(*ends, 1, 1, 1)])


def random_rows(seed: int) -> tuple[list[list[str]], dict[str, int], dict[str, tuple[list[str], list[str]]]]:
    random = np.random.default_rng(seed)
    rows = [[f"{row}.{place}" for place in range(random.integers(1, 9))] for row in range(4)]
    links: dict[str, tuple[list[str], list[str]]] = {key: ([], []) for row in rows for key in row}
    for upper, lower in itertools.pairwise(rows):
        for one in upper:
            for other in lower:
                if random.random() < 0.3:
                    links[one][1].append(other)
                    links[other][0].append(one)
    return rows, {key: int(random.integers(2)) for key in links}, links


def crossing_pairs(rows: list[list[str]], links: dict[str, tuple[list[str], list[str]]]) -> int:
    """Two links cross where the one that begins further left ends further right."""
    total = 0
    for upper, lower in itertools.pairwise(rows):
        lines = [(upper.index(one), lower.index(other)) for one in upper for other in links[one][1]]
        total += sum(a < c and b > d for a, b in lines for c, d in lines)
    return total


@pytest.mark.parametrize("seed", range(20))
def test_crossings_are_counted_as_pairs_of_lines_that_cross(seed: int) -> None:
    rows, _, links = random_rows(seed)
    assert crossings(rows, links) == crossing_pairs(rows, links)


@pytest.mark.parametrize("seed", range(20))
def test_no_swap_of_neighbours_of_a_row_is_left_that_takes_crossings_away(seed: int) -> None:
    # Of the last row, whose neighbours do not change any more once its turn has come.
    rows, lanes, links = random_rows(seed)
    rows = [sorted(row, key=lambda key: lanes[key]) for row in rows]
    swapped = _swapped(rows, lanes, links)
    assert [sorted(row) for row in swapped] == [sorted(row) for row in rows]
    fewest, last = crossing_pairs(swapped, links), swapped[-1]
    for left in range(len(last) - 1):
        if lanes[last[left]] == lanes[last[left + 1]]:
            other = [*last[:left], last[left + 1], last[left], *last[left + 2 :]]
            assert crossing_pairs([*swapped[:-1], other], links) >= fewest
