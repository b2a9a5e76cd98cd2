"""A chart as a picture and as a file."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from millpond.errors import CannotWrite, WrongUse
from millpond.report.charts.chart import Chart, anchor
from millpond.report.charts.four_measures import four_measures
from tests.unit.report import samples


@pytest.fixture(scope="module")
def chart() -> Chart:
    return four_measures(samples.worked_example(), "advocates", "Advisers & others")


def test_the_picture_is_well_formed_and_speaks(chart: Chart) -> None:
    tree = etree.fromstring(chart.svg().encode())

    assert tree.get("role") == "img"
    assert tree.get("aria-label") == f"{chart.title}. {chart.alt}"


def test_the_title_is_drawn_only_where_it_is_wanted(chart: Chart) -> None:
    assert "Advisers &amp; others" in chart.svg()
    assert "Advisers" not in re.sub(r'aria-label="[^"]*"', "", chart.svg(titled=False))


@pytest.mark.parametrize("width", [320, 350, 390, 780, 1000])
def test_the_picture_is_as_wide_as_was_asked(chart: Chart, width: int) -> None:
    found = re.search(r'<svg [^>]*?\bwidth="([\d.]+)"', chart.svg(width))

    assert found is not None
    assert float(found[1]) == pytest.approx(width, abs=1)


def test_ids_differ_between_pictures_and_references_follow(chart: Chart) -> None:
    # A clipped line is drawn with a clip path, which has an id and is referred to.
    line = {"type": "line", "clip": True}
    data = {"values": [{"x": 1, "y": 2}, {"x": 3, "y": 5}]}
    axes = {name: {"field": name, "type": "quantitative"} for name in ("x", "y")}
    spec = {**chart.spec, "layer": [{"mark": line, "data": data, "encoding": axes}]}
    clipped = [replace(chart, key=key, spec=spec, narrow=spec).svg(width) for key in "ab" for width in (780, 350)]

    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in clipped]
    assert all(len(found) == 1 for found in ids)
    assert len(set.union(*ids)) == 4
    assert [set(re.findall(r"url\(#([^)]+)\)", svg)) for svg in clipped] == ids


@pytest.mark.parametrize(
    ("suffix", "starts"), [(".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF"), (".json", b"{")]
)
def test_the_ending_says_the_kind_of_file(chart: Chart, tmp_path: Path, suffix: str, starts: bytes) -> None:
    saved = chart.save(tmp_path / f"chart{suffix}")

    assert saved.read_bytes().startswith(starts)


def test_the_saved_specification_holds_the_rows(chart: Chart, tmp_path: Path) -> None:
    spec = json.loads(chart.save(tmp_path / "chart.json").read_text())

    assert [r["backlog"] for r in spec["datasets"]["measures"]] == [1200.0, 1440.0, 1680.0]


def test_an_unknown_ending_is_refused_with_the_known_ones(chart: Chart, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"chart\.gif.*\n.*\.svg, \.png, \.pdf, \.json"):
        chart.save(tmp_path / "chart.gif")


def test_a_folder_that_is_not_there(chart: Chart, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        chart.save(tmp_path / "nowhere" / "chart.svg")


def test_a_notebook_gets_a_picture_and_words(chart: Chart) -> None:
    bundle = chart._repr_mimebundle_()

    assert bundle["image/svg+xml"].startswith("<svg")
    assert chart.alt in bundle["text/plain"]


def test_keys_become_ids_that_never_meet() -> None:
    assert anchor("measures-a b") != anchor("measures-a-b")
    assert anchor("a_b") != anchor("a b")
    assert re.fullmatch(r"[A-Za-z0-9_-]+", anchor("Übergang 1/2"))
