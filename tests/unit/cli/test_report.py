"""`millpond report`: the page, its pictures, and what it says when they cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond.cli.main import run
from tests.unit.cli.folders import worked_example


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
