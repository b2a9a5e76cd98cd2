"""Everything that a person can use is in the documentation: commands, options, functions, columns, keys, recipes."""

from __future__ import annotations

import html
import importlib
import re
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer.main

import millpond
from millpond.cli.main import EXIT_CODES, app
from millpond.folder import Folder
from millpond.measures.results import Measures, Result
from millpond.records import daily_import, ledger, rota, setting_aside, spells
from millpond.records.reading.conventions import NAMES
from millpond.records.schema import TEXTS
from millpond.report.gather import DEFINITIONS
from tests.docs.pages import DOCS, PAGES, ROOT, named

REFERENCE = DOCS / "reference"
COMMANDS: Any = typer.main.get_command(app)
GENERATED = {"command-line.md", "python.md"}
RECORD_COLUMNS = ("visit", "case", "step", "joined", "started", "ended", "worker", "pool", "minutes", "outcome", *TEXTS)


def _text(*parts: str) -> str:
    return DOCS.joinpath(*parts).read_text(encoding="utf-8")


def _section(page: str, heading: str) -> str:
    found = re.search(rf"^(##+) {re.escape(heading)}\n(.*?)(?=^##+ |\Z)", page, flags=re.DOTALL | re.MULTILINE)
    assert found, f"there is no section {heading!r}"
    return found[2]


def _first_cells(section: str) -> list[str]:
    """The names in the first column of the tables of a section."""
    cells = re.findall(r"^\| ([^|]+) \|", section, flags=re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


@pytest.fixture(scope="module")
def generate() -> Any:
    """The program that writes the generated pages."""
    sys.path.insert(0, str(DOCS))
    try:
        return importlib.import_module("generate")
    finally:
        sys.path.remove(str(DOCS))


def test_generated_pages_are_up_to_date(generate: Any) -> None:
    stale = [named(page) for page, text in generate.pages().items() if page.read_text(encoding="utf-8") != text]
    assert not stale, f"run python docs/generate.py: {stale}"


def test_the_picture_in_the_readme_is_that_of_the_example_as_it_is(generate: Any) -> None:
    # Its words and not its bytes: where letters stand depends on the fonts of the machine.
    words = html.escape(generate.picture().alt, quote=True)
    assert words in generate.PICTURE.read_text(encoding="utf-8"), "run python docs/generate.py"


@pytest.mark.parametrize("command", COMMANDS.commands)
def test_every_command_and_option_is_in_the_reference_and_in_use(command: str) -> None:
    section = _section(_text("reference", "command-line.md"), f"millpond {command}")
    used = " ".join(page.read_text("utf-8") for page in PAGES if page.name not in GENERATED)
    assert f"millpond {command}" in used
    for option in COMMANDS.commands[command].params:
        for way in [*option.opts, *option.secondary_opts]:
            if way.startswith("--"):
                assert f"`{way}" in section, f"{way} of {command} is not in the reference"
                assert way in used, f"{way} of {command} is nowhere explained"


def test_every_exit_code_is_told_with_the_measures() -> None:
    told = re.findall(r"^\| (\d+) \|", _section(_text("reference", "measures.md"), "Exit codes"), flags=re.MULTILINE)
    assert told == [str(code) for code in EXIT_CODES]


def test_every_public_method_of_a_folder_is_in_the_reference() -> None:
    told = re.findall(r"^#### service\.(\w+)$", _text("reference", "python.md"), flags=re.MULTILINE)
    public = [name for name in dir(Folder) if not name.startswith("_")]
    assert sorted(told) == sorted(public)


@pytest.mark.parametrize(
    "method",
    ["measure", "waits", "critical_resource", "report", "variation", "events", "simulate", "map", "least_capacity"],
)
def test_a_method_is_shown_with_its_docstring(method: str) -> None:
    first = (getattr(Folder, method).__doc__ or "").strip().splitlines()[0]
    assert first in _section(_text("reference", "python.md"), f"service.{method}")


def _results(generate: Any) -> list[type[Result]]:
    return [
        getattr(importlib.import_module(module), name) for module, name in generate.python_page.__globals__["RESULTS"]
    ]


def _below(kind: type) -> set[type]:
    found = {kind}
    children: list[type] = kind.__subclasses__()
    for child in children:
        found |= _below(child)
    return found


def test_every_result_is_in_the_reference(generate: Any) -> None:
    ours = {kind for kind in _below(Result) if kind.__module__.startswith("millpond.")} - {Result}
    unreachable = {"ArrivalContent"}  # not yet a question that a folder can be asked
    assert {kind.__name__ for kind in ours} - unreachable == {kind.__name__ for kind in _results(generate)}


def test_every_key_of_a_row_is_told_with_the_measures(generate: Any) -> None:
    page_of = importlib.import_module("generating.functions").page_of
    for kind in _results(generate):
        row = getattr(kind, "row_type", None)
        if row is None:
            continue
        page = _text("reference", page_of(kind))
        assert _first_cells(_section(page, row.__name__)) == [field.name for field in fields(row)], row.__name__


def test_every_key_of_the_json_is_told() -> None:
    told = _first_cells(_section(_text("reference", "measures.md"), "As JSON"))
    keys = list(Measures(rows=(), notes=(), unit="minutes", by="day", as_of="").to_dict())
    assert told == keys


@pytest.mark.parametrize("name", ["CurvePoint", "PoolCaseload"])
def test_what_a_result_has_besides_its_rows_is_told_too(name: str) -> None:
    module = importlib.import_module("millpond.measures." + {"CurvePoint": "waits", "PoolCaseload": "caseload"}[name])
    told = _first_cells(_section(_text("reference", "measures.md"), name))
    assert told == [field.name for field in fields(getattr(module, name))]


@pytest.mark.parametrize(("module", "name"), [("forecast", "ForecastWeek"), ("distributions", "FitPoint")])
def test_what_a_forecast_has_besides_its_rows_is_told_too(module: str, name: str) -> None:
    kind = getattr(importlib.import_module(f"millpond.variation.{module}"), name)
    assert _first_cells(_section(_text("reference", "forecasts.md"), name)) == [field.name for field in fields(kind)]


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("records.csv", RECORD_COLUMNS),
        ("work.csv", tuple(spells._LAYOUT.columns)),
        ("rota.csv", tuple(rota._LAYOUT.columns)),
        ("daily.csv", daily_import._COLUMNS),
        ("set-aside.csv", setting_aside.COLUMNS),
        ("imports.csv", ledger.COLUMNS),
    ],
)
def test_every_column_of_a_file_is_told(file: str, columns: tuple[str, ...]) -> None:
    section = re.split(r"^### ", _section(_text("reference", "records.md"), file), flags=re.MULTILINE)[0]
    assert _first_cells(section) == list(columns)


def test_every_name_of_a_column_that_is_recognised_is_told() -> None:
    told = _section(_text("reference", "records.md"), "Names that are recognised")
    for groups in NAMES.values():
        for group in groups:
            for name in group.split(","):
                assert f"`{name.strip()}`" in told


def test_the_words_of_the_page_are_in_the_glossary() -> None:
    words = set(re.findall(r"^\| \*\*([^*]+)\*\*", _text("glossary.md"), flags=re.MULTILINE))
    assert {definition.term.lower() for definition in DEFINITIONS} <= words
    listed = re.findall(r"^\| \*\*([^*]+)\*\*", _text("glossary.md"), flags=re.MULTILINE)
    assert listed == sorted(set(listed), key=str.lower), "one entry for each word, in order"


@pytest.mark.parametrize("word", ["ticket", "throughput", "burn-in", "cycle time", "efficiency", "servers are"])
def test_words_that_mean_something_else_to_everybody_are_not_used(word: str) -> None:
    for page in PAGES:
        if page.name != "glossary.md":
            assert word not in page.read_text(encoding="utf-8").lower(), f"{named(page)} says {word!r}"


def test_the_number_of_a_decision_is_that_of_its_file() -> None:
    decisions = sorted(path for path in (DOCS / "decisions").glob("*.md") if path.name != "README.md")
    contents = _text("decisions", "README.md")
    for number, path in enumerate(decisions, 1):
        title = path.read_text(encoding="utf-8").splitlines()[0]
        assert path.name.startswith(f"{number:04d}-")
        assert title.startswith(f"# {number}. ")
        assert f"{number}. [{title.partition('. ')[2]}]({path.name})" in contents
        for heading in ("Context", "Decision", "Consequences"):
            _section(path.read_text(encoding="utf-8"), heading)


def test_recipes_that_are_named_are_there_and_those_that_are_there_are_told() -> None:
    recipes = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    told = {recipe for page in PAGES for recipe in re.findall(r"\bmake ([a-z-]+)`", page.read_text("utf-8"))}
    assert told <= recipes
    contributing = set(_first_cells((ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    assert {f"make {recipe}" for recipe in recipes - {"help"}} <= contributing


def test_the_changelog_tells_of_this_version() -> None:
    assert f"## {millpond.__version__}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


ASKED = [
    page
    for page in DOCS.rglob("*.md")
    if page not in (DOCS / "README.md", REFERENCE / "service-toml.md") and not re.match(r"\d{4}-", page.name)
]


@pytest.mark.parametrize("page", ASKED, ids=named)
def test_a_page_begins_with_a_question(page: Path) -> None:
    opening = page.read_text(encoding="utf-8").partition("\n## ")[0]
    assert "?*" in " ".join(opening.split())
