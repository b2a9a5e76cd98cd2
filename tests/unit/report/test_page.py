"""The page: whole in itself, in order, escaped, and saying in tables what its charts say."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree, html

from millpond.measures.critical import critical_resource
from millpond.report.charts.arrivals import arrivals_by_hour
from millpond.report.charts.chart import Chart
from millpond.report.charts.four_measures import four_measures
from millpond.report.charts.growth import backlog_growth
from millpond.report.charts.load import load_by_pool
from millpond.report.charts.waits import wait_curve
from millpond.report.figures import Figures
from millpond.report.page import Definition, Finding, Note, PageContents, Section, build_page
from tests.unit.report import samples


def contents(**changed: Any) -> PageContents:
    year = samples.year()
    waits = samples.waits()
    made = PageContents(
        service="Northshire victim support",
        period="1 April 2024 to 31 March 2025",
        as_of="2025-03-31T17:00:00+01:00",
        findings=(Finding("Advocates cannot keep up.", "Load 116%.", "act"), Finding("The longest wait is 97 days.")),
        sections=(
            Section(
                "four",
                "The four measures",
                charts=(four_measures(year, "advocates"),),
                small=(four_measures(year, "coordinators"), four_measures(year, "counsellors")),
            ),
            Section("growth", "Is the backlog growing?", charts=(backlog_growth(year, "advocates"),)),
            Section("waits", "Waits", small=tuple(wait_curve(waits, r.step, r.pool) for r in waits.rows)),
            Section("arrivals", "Arrivals", charts=(arrivals_by_hour(samples.office_hours()),)),
        ),
        definitions=(Definition("Demand", "Visits that joined, times the minutes each needs."),),
        notes=(Note("The four measures", ("The figures rest on 4,000 visits.",)),),
    )
    return replace(made, **changed)


@pytest.fixture(scope="module")
def page() -> str:
    return build_page(contents())


def parsed(page: str) -> Any:
    """The page as a browser reads it."""
    return html.fromstring(page)


def test_it_is_well_formed(page: str) -> None:
    etree.fromstring(page.encode())


def test_it_loads_nothing_and_runs_nothing(page: str) -> None:
    without_names = re.sub(r'xmlns(:\w+)?="[^"]*"', "", page)

    assert "http" not in without_names.replace('http-equiv="Content-Security-Policy"', "")
    assert "<script" not in page
    assert "default-src 'none'" in page
    for reference in re.findall(r'(?:src|href)="([^"]*)"', page):
        assert reference.startswith("#")
    assert not re.search(r"url\((?!#)", page)


def test_ids_are_unique_and_references_lead_somewhere(page: str) -> None:
    tree = parsed(page)
    ids = Counter(tree.xpath("//@id"))

    assert [key for key, times in ids.items() if times > 1] == []
    wanted = [name for value in tree.xpath("//@aria-labelledby | //@aria-describedby") for name in value.split()]
    wanted += [link[1:] for link in tree.xpath("//@href")]
    wanted += re.findall(r"url\(#([^)]+)\)", page)
    assert [name for name in wanted if name not in ids] == []


def test_headings_go_down_one_step_at_a_time(page: str) -> None:
    levels = [int(h.tag[1]) for h in parsed(page).xpath("//h1|//h2|//h3|//h4|//h5|//h6")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def figures_of(page: str) -> list[Any]:
    found: list[Any] = parsed(page).xpath("//figure")
    return found


def charts_of(given: PageContents) -> list[Chart]:
    return [chart for section in given.sections for chart in (*section.charts, *section.small)]


def test_every_figure_says_what_it_shows(page: str) -> None:
    for figure, chart in zip(figures_of(page), charts_of(contents()), strict=True):
        assert figure.get("aria-label") == chart.title
        (says,) = figure.xpath(f".//*[@id='{figure.get('aria-describedby')}']")
        assert says.text == chart.alt
        assert all(svg.get("aria-hidden") == "true" for svg in figure.xpath(".//svg"))


def test_every_figure_has_its_numbers_in_a_table(page: str) -> None:
    for figure, chart in zip(figures_of(page), charts_of(contents()), strict=True):
        (table,) = figure.xpath(".//details//table")
        assert tuple(cell.text for cell in table.xpath("thead/tr/th[@scope='col']")) == chart.table.header
        rows = [tuple(cell.text or "" for cell in row.xpath("th[@scope='row']|td")) for row in table.xpath("tbody/tr")]
        assert rows == [tuple(row) for row in chart.table.rows]
        assert table.xpath("caption")[0].text_content() == chart.table.caption


def test_the_table_of_the_four_measures_says_what_the_rows_say(page: str) -> None:
    given = samples.worked_example()
    section = Section("four", "The four", charts=(four_measures(given, "advocates"),))
    (figure,) = figures_of(build_page(contents(sections=(section,))))

    cells = [[cell.text for cell in row] for row in figure.xpath(".//tbody/tr")]
    assert cells == [
        ["6 Jan 2025", "720", "480", "480", "0", "1,200"],
        ["7 Jan 2025", "720", "480", "480", "0", "1,440"],
        ["8 Jan 2025", "720", "480", "480", "0", "1,680"],
    ]


def test_names_cannot_become_markup() -> None:
    evil = "<script>alert('1')</script> & \"co\""
    measures = samples.measures([samples.row("2025-01-06", pool=evil)])
    section = Section(evil, evil, (evil,), (four_measures(measures, evil, evil),), points=(evil,))
    page = build_page(
        contents(
            service=evil,
            period=evil,
            findings=(Finding(evil, evil),),
            sections=(section, replace(section, key="b", charts=())),
            definitions=(Definition(evil, evil),),
            notes=(Note(evil, (evil,)),),
        )
    )

    assert "<script" not in page
    tree: Any = etree.fromstring(page.encode())
    spaces = {"h": "http://www.w3.org/1999/xhtml"}
    assert tree.xpath("string(//h:h1)", namespaces=spaces) == evil
    assert not tree.xpath("//h:script", namespaces=spaces)


def test_nothing_to_report_is_said() -> None:
    page = build_page(PageContents(service="Quiet service", period="no days", as_of=""))

    etree.fromstring(page.encode())
    assert "nothing to report" in page
    assert "<figure" not in page


def test_an_empty_section_is_left_out() -> None:
    page = build_page(contents(sections=(Section("nothing", "Nothing here"),)))

    assert "Nothing here" not in page


def test_one_day() -> None:
    measures = samples.measures([samples.row("2025-01-06")])
    section = Section(
        "four", "Four", charts=(four_measures(measures, "advocates"), backlog_growth(measures, "advocates"))
    )
    page = build_page(contents(sections=(section,)))

    assert "The backlog grew from 960 to 1,200 minutes (20 hours)." in page


def test_long_names_stay_inside_the_picture() -> None:
    name = "Independent sexual violence advisers, children and young people, north west (b)"
    measures = samples.measures([samples.row("2025-01-06", pool=name)])
    page = build_page(contents(sections=(Section("four", "Four", charts=(four_measures(measures, name),)),)))

    etree.fromstring(page.encode())
    assert page.count(name) >= 3


def test_a_very_long_table_shows_its_last_rows_and_says_so() -> None:
    rows = tuple((f"row {i}", str(i)) for i in range(2_500))
    page = build_page(contents(sections=(Section("t", "T", tables=(Figures("All", ("Row", "N"), rows),)),)))

    assert page.count("<tr>") == 2_001
    assert "row 499<" not in page
    assert "row 500<" in page
    assert "millpond measure --csv" in page
    assert "2,500" in page


def test_the_same_contents_give_the_same_bytes(page: str) -> None:
    assert build_page(contents()) == page


def test_both_forms_of_a_chart_are_there_once_each(page: str) -> None:
    first = figures_of(page)[0]

    assert len(first.xpath(".//div[@class='drawing wide']/svg")) == 1
    assert len(first.xpath(".//div[@class='drawing narrow']/svg")) == 1


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe", "\ud800"])
def test_a_character_that_xml_forbids_neither_breaks_the_page_nor_stops_the_drawing(character: str) -> None:
    name = f"Ad{character}visers"
    measures = samples.measures([samples.row("2025-01-06", pool=name)])
    charts = (four_measures(measures, name), load_by_pool(critical_resource(measures)))
    page = build_page(contents(service=name, sections=(Section("four", "Four", charts=charts),)))

    etree.fromstring(page.encode())
    assert "Ad\ufffdvisers" in page
    assert charts[1].png().startswith(b"\x89PNG")
