"""`millpond report`: the page, its pictures, and what it says when they cannot be written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from millpond.cli.main import run
from tests.unit.cli.folders import daily_totals, worked_example
from tests.unit.cli.test_compare import PLANS
from tests.unit.cli.test_simulate import goes_on


def test_pictures_are_as_private_as_the_page(tmp_path: Path) -> None:
    folder, page, charts = worked_example(tmp_path / "service"), tmp_path / "page.html", tmp_path / "charts"
    assert run(["report", str(folder), "-o", str(page), "--charts", str(charts), "--format", "svg"]) == 0
    assert {path.suffix for path in charts.iterdir()} == {".svg"}
    assert {path.stat().st_mode & 0o777 for path in (page, *charts.iterdir())} == {0o600}


def test_a_file_where_the_pictures_should_go_is_said_and_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, taken = worked_example(tmp_path / "service"), tmp_path / "charts"
    taken.write_text("mine")
    page = tmp_path / "page.html"
    assert run(["report", str(folder), "-o", str(page), "--charts", str(taken), "--format", "svg"]) == 5
    said = capsys.readouterr().err
    assert "a file has that name" in said
    assert "defect" not in said
    assert taken.read_text() == "mine"


def _parts(page: Path) -> dict[str, str]:
    """What each part of the page says, by its heading."""
    tree: Any = html.fromstring(page.read_text(encoding="utf-8"))
    return {part.findtext("h2") or "": part.text_content() for part in tree.xpath("//section")}


def test_what_is_simulated_is_there_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, page = goes_on(worked_example(tmp_path / "service")), tmp_path / "page.html"
    toml = folder / "service.toml"
    budget = "[organisations.charity]\nbudget = { 2025 = 60000 }\n"
    promise = '\n[promise]\ntarget = "backlog <= 4000 min"\n'
    text = toml.read_text(encoding="utf-8").replace(
        "minutes_per_day = 240", 'minutes_per_day = 240\ncost_per_hour = 20\norganisation = "charity"'
    )
    toml.write_text(text + PLANS.replace("[organisations.charity]\n", budget) + promise, encoding="utf-8")
    assert run(["report", str(folder), "-o", str(page), "--ahead", "capacity"]) == 0
    parts = _parts(page)
    # 720 minutes come on each working day: with three nothing would ever be caught up.
    assert "backlog at most 4,000 minutes” it takes 4 workers" in parts["How small may capacity be?"]
    assert "The budgets buy" in parts["How small may capacity be?"]
    assert "Which plan is worth its money?" not in parts
    assert "What if one of us is away?" not in parts


def test_what_cannot_be_told_of_the_days_ahead_does_not_keep_the_page_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, page = worked_example(tmp_path / "service"), tmp_path / "page.html"
    assert run(["report", str(folder), "-o", str(page), "--ahead", "capacity,plans,dependence"]) == 0
    parts = _parts(page)
    assert "What the service promises is not known." in parts["How small may capacity be?"]
    assert "has no plans to compare" in parts["Which plan is worth its money?"]
    assert "That cannot be told." in parts["What if one of us is away?"], "nothing says where cases come from"
    assert run(["report", str(folder), "-o", str(page), "--ahead", "all"]) == 0
    assert "Which plan is worth its money?" not in _parts(page), "nobody has thought of a plan"


def test_a_promise_that_is_broken_already_leaves_the_plans_to_be_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, page = goes_on(worked_example(tmp_path / "service")), tmp_path / "page.html"
    toml = folder / "service.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8") + PLANS + '\n[promise]\ntarget = "backlog <= 100 min"\n', encoding="utf-8"
    )
    assert run(["report", str(folder), "-o", str(page), "--ahead", "plans"]) == 0
    told = _parts(page)["Which plan is worth its money?"]
    assert "is broken at the end of the first day" in told
    assert "The plans are compared without it." in told
    assert "“A third advocate” is the one that leaves the smallest backlog" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--ahead", "plan"), "Did you mean plans?"),
        (("--ahead", "plans", "--as-of", "2025-01-08"), "The page looks ahead from the last recorded instant."),
    ],
)
def test_what_is_asked_wrongly_is_told(
    tmp_path: Path, options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", str(worked_example(tmp_path / "service")), "-o", str(tmp_path / "page.html"), *options]) == 2
    assert told in capsys.readouterr().err


def test_daily_totals_have_a_page_too(tmp_path: Path) -> None:
    folder, page = daily_totals(tmp_path / "service"), tmp_path / "page.html"
    assert run(["report", str(folder), "-o", str(page), "--ahead", "all"]) == 0
    assert "What if one of us is away?" in _parts(page)
