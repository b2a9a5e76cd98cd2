"""The map as SVG: labels whole, every box and way there, readable by keyboard and ear, the same bytes each time."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from lxml import etree

from millpond.errors import WrongUse
from millpond.process.folding import fold
from millpond.process.interchange.map_out import write_map
from millpond.process.results import ProcessMap
from millpond.report.process_map.letters import lines, width
from millpond.report.process_map.page import map_page, save_map
from millpond.report.process_map.svg import svg
from millpond.report.process_map.tables import steps_table, ways_table
from millpond.report.process_map.text import map_text
from tests.unit.process.given import OFFICE, mapped, service

LONG = "Assessment of the needs, the risks and the wishes of the person together with everybody who is already involved"
ODD = 'Tom & Jerry <said> "no" {yes} \u202e'
LOG = f"""
    case | step   | joined    | started   | ended     | worker
    -----+--------+-----------+-----------+-----------+-------
    ada  | triage | Mon 09:00 | Mon 09:00 | Mon 10:00 | w1
    ada  | {LONG}  | Mon 10:00 | Mon 14:00 | Mon 15:00 | w2
    ada  | triage | Mon 15:00 | Mon 15:00 | Mon 15:10 | w1
    ada  | visit  | Mon 15:10 | Tue 15:10 | Tue 15:30 | w2
    ada  | visit  | Tue 15:30 | Tue 15:30 | Tue 16:00 | w2
    bob  | {ODD}  | Mon 10:00 | Mon 10:00 | Mon 11:00 | w1
    bob  | review | Mon 11:00 | Mon 11:00 | Mon 12:00 | w2
    bob  | visit  | Mon 12:00 |           |           |
"""
SPACE = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def whole() -> ProcessMap:
    return mapped(LOG)


@pytest.fixture(scope="module")
def root(whole: ProcessMap) -> etree._Element:
    return etree.fromstring(svg(fold(whole)).encode())


def spoken(box: etree._Element) -> str:
    return str(box.get("aria-label"))


def test_the_same_map_is_the_same_bytes(whole: ProcessMap) -> None:
    assert svg(fold(whole)) == svg(fold(mapped(LOG)))


def test_labels_are_whole_in_the_picture_and_in_what_is_heard(whole: ProcessMap, root: etree._Element) -> None:
    boxes = root.findall(f".//{SPACE}g[@class='step']")
    for step in whole.steps.rows:
        named = [box for box in boxes if spoken(box).startswith(step.label)]
        assert len(named) == 1
        drawn = " ".join("".join(map(str, text.itertext())) for text in named[0].iter(f"{SPACE}tspan"))
        assert "".join(step.label.split()) in "".join(drawn.split())


def test_every_box_can_be_come_to_by_keyboard_and_tells_where_cases_go(root: etree._Element) -> None:
    boxes = root.findall(f".//{SPACE}g[@class='step']")
    assert all(box.get("tabindex") == "0" and box.get("role") == "img" for box in boxes)
    visit = next(spoken(box) for box in boxes if spoken(box).startswith("visit"))
    assert visit == (
        "visit, team, council. 3 visits. 1 directly after one another. Work 25 minutes a visit. Waits 12 hours a "
        "visit: for somebody else 100%. Goes on to the end 1."
    )


def test_every_way_is_drawn_and_named(whole: ProcessMap, root: etree._Element) -> None:
    ways = [way.findtext(f"{SPACE}title") for way in root.findall(f".//{SPACE}g[@class='way']")]
    assert len(ways) == sum(1 for way in whole.ways.rows if way.from_step != way.to_step)
    assert f"From triage to {LONG}: 1, 1 hand-off, waiting 4 hours on average" in ways


def test_it_has_a_title_and_a_description_and_names_no_case(root: etree._Element) -> None:
    assert root.findtext(f"{SPACE}title") == "Test: how work flows"
    assert "5 boxes and 8 ways" in str(root.findtext(f"{SPACE}desc"))
    assert root.get("aria-labelledby") == "map-title map-desc"
    assert not any(name in " ".join(map(str, root.itertext())) for name in ("ada", "bob", "w1"))


def test_between_organisations_is_marked_and_lanes_are_headed() -> None:
    log = """
        case | step   | joined    | started   | ended     | worker
        -----+--------+-----------+-----------+-----------+-------
        ada  | triage | Mon 09:00 | Mon 09:00 | Mon 10:00 | w1
        ada  | visit  | Mon 10:00 | Mon 10:00 | Mon 11:00 | w2
    """
    drawn = svg(fold(mapped(log)))
    assert "another organisation takes over" in drawn and "The charity" in drawn and "The desk" in drawn
    one = OFFICE.replace('organisation = "council"', 'organisation = "charity"')
    assert "another organisation" not in svg(fold(mapped(log, service(one))))


@pytest.mark.parametrize("text", ["", "word", LONG, "an_identifier_that_is_longer_than_any_line_of_a_box_can_ever_be"])
def test_text_is_broken_without_losing_a_letter_and_fits(text: str) -> None:
    broken = lines(text, 13, 120, bold=True)
    assert "".join("".join(broken).split()) == "".join(text.split())
    assert all(width(line, 13, bold=True) <= 120 for line in broken)


def test_the_page_has_the_picture_and_the_same_as_tables_and_loads_nothing(whole: ProcessMap) -> None:
    page = map_page(fold(whole))
    assert page.count("<svg") == 1 and page.count("<table>") >= 2
    for figures in (steps_table(whole), ways_table(whole)):
        for row in figures.rows:
            assert html.escape(row[0], quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page
    assert "<script" not in page and not re.search(r'(src|href)="(?!#)', page)
    identifiers = re.findall(r'\bid="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))


def test_the_tables_have_every_step_and_every_way(whole: ProcessMap) -> None:
    assert len(steps_table(whole).rows) == len(whole.steps.rows) == 5
    assert len(ways_table(whole).rows) == len(whole.ways.rows)


def test_the_text_for_the_terminal_keeps_to_its_width(whole: ProcessMap) -> None:
    for line in map_text(whole).splitlines():
        assert len(line) <= 100
        assert "\u202e" in line or line.isprintable()


@pytest.mark.parametrize("name", ["map.svg", "map.HTML"])
def test_it_is_saved_by_the_ending_of_the_file(name: str, whole: ProcessMap, tmp_path: Path) -> None:
    save_map(whole, tmp_path / name)
    assert (tmp_path / name).read_text("utf-8").lstrip().startswith(("<svg", "<!DOCTYPE html>"))
    assert [file.name for file in tmp_path.iterdir()] == [name]
    # Small counts may tell of somebody.
    assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_another_ending_is_refused(whole: ProcessMap, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"'map.bmp': its ending says no known kind of file"):
        save_map(whole, tmp_path / "map.bmp")


def test_an_empty_map_can_be_drawn() -> None:
    drawing = fold(mapped("case | step | joined | started | ended"))
    assert etree.fromstring(svg(drawing).encode()) is not None
    assert "No visit is on record" in map_page(drawing)


def test_a_mean_of_few_visits_says_so_wherever_it_is_told() -> None:
    """Of five visits to the desk one has a length and the others begin and end at the same instant; no minutes are
    planned."""
    whole = mapped(
        """
        case | step | started   | ended     | worker
        -----+------+-----------+-----------+-------
        a    | desk | Mon 09:00 | Mon 09:40 | w1
        b    | desk | Mon 10:00 | Mon 10:00 | w1
        c    | desk | Mon 11:00 | Mon 11:00 | w1
        d    | desk | Mon 12:00 | Mon 12:00 | w1
        e    | desk | Mon 13:00 | Mon 13:00 | w1
        """
    )
    (step,) = whole.steps.rows
    assert (step.work, step.work_visits, step.work_of_few) == (40, 1, 1)
    drawn = svg(fold(whole))
    assert "work 40 minutes (1 known)" in drawn
    assert "Work 40 minutes a visit (1 known)." in drawn
    assert "40 minutes (1 known)" in steps_table(whole).rows[0]
    with_diagram = write_map(fold(whole)).decode()
    assert "Work on average 40 minutes, known of 1 visit only." in with_diagram
    assert '"minutes"' not in html.unescape(with_diagram)


def test_a_mean_of_most_visits_stands_alone(whole: ProcessMap) -> None:
    assert all(step.work_of_few is None for step in whole.steps.rows)


def test_only_where_no_start_is_recorded_waiting_is_said_to_have_work_in_it() -> None:
    """Nobody is named, so that no cause is known; but when work began is, and so is how long visits waited."""
    log = """
        case | step | joined    | started   | ended     | worker
        -----+------+-----------+-----------+-----------+-------
        a    | desk | Mon 09:00 | Mon 11:00 | Mon 12:00 |
        b    | desk | Mon 12:00 | Mon 14:00 | Mon 15:00 |
    """
    whole = mapped(log)
    assert whole.delays.of("step")[0].sentence.startswith("desk: 2 visits waited 2 hours each")
    assert "waits 2 hours" in svg(fold(whole))
    timeless = mapped(log.replace("Mon 11:00", "         ").replace("Mon 14:00", "         "))
    assert timeless.delays.of("step")[0].sentence == (
        "desk: 3 hours pass from the end of the step before until 2 visits end here, 6 hours together (100% of all). "
        "The records do not tell waiting from work."
    )
    assert "passes 3 hours" in svg(fold(timeless))


def test_a_hand_off_without_recorded_starts_does_not_say_that_visits_waited() -> None:
    whole = mapped(
        """
        case | step   | ended     | worker
        -----+--------+-----------+-------
        ada  | triage | Mon 10:00 | w1
        ada  | visit  | Mon 15:00 | w2
        """,
        service('[pools.a]\n[pools.b]\n[steps.triage]\npool = "a"\n[steps.visit]\npool = "b"\n'),
    )
    (row,) = whole.delays.of("hand-off")
    assert row.sentence == (
        "From triage to visit, between pools: 5 hours pass until 1 visit ends, 5 hours together (100% of the time at "
        "such hand-offs). The records do not tell waiting from work."
    )
