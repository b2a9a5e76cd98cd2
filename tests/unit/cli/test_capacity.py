"""`millpond capacity`: the worked example, daily totals, and what it says when something is wrong."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import millpond
from millpond.cli.main import run
from tests.unit.cli.folders import SERVICE, daily_totals, worked_example
from tests.unit.cli.test_simulate import STREAM

QUICK = ("--days", "28", "--replications", "20")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The worked example, which ends on Friday 10 January 2025 with 40 waiting, and goes on as it was."""
    path = worked_example(tmp_path / "service")
    (path / "service.toml").write_text(SERVICE.format(opening="") + STREAM, encoding="utf-8")
    return path


def asked(folder: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert run(["capacity", str(folder), "--json", *options]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_worked_example_needs_four(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # 720 minutes come each working day; three give 720, with whom nothing would ever be caught up.
    found = asked(folder, "--target", "backlog <= 800 min", *QUICK, capsys=capsys)
    assert found["answer"]["workers"] == [4]
    assert (found["start"], found["promise"], found["pools"]) == ("cleared", "backlog <= 800 minutes", ["advocates"])
    # 2,400 wait on a Saturday; four do 240 a day more than comes: ten working days, to the Friday after next.
    assert found["reliefs"][0]["weeks"] == 2
    assert found["currency"] is None
    said = run(["capacity", str(folder), "--target", "backlog <= 800 min", *QUICK])
    text = capsys.readouterr().out
    assert said == 0
    assert "4 advocates: the cheapest staffing found that keeps 'backlog <= 800" in text
    assert "fewest minutes of capacity" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 88


def test_from_python_it_is_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[tuple[str, int]] = []
    with millpond.open(folder) as service:
        result = service.least_capacity(
            "backlog <= 800 min", days=28, replications=20, progress=lambda doing, count: told.append((doing, count))
        )
    again = asked(folder, "--target", "backlog <= 800 min", *QUICK, capsys=capsys)
    assert json.loads(json.dumps(result.to_dict())) == again
    assert told[0][0].startswith("Trying ") and told[-1][1] > 0
    assert next(iter(result.staffings.to_pandas()["role"])) == "answer"
    assert "answer" in result._repr_html_()


def test_the_promise_of_the_service_is_meant_where_none_is_given(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["capacity", str(folder), *QUICK]) == 2
    assert "What Worked example promises is not known." in capsys.readouterr().err
    toml = folder / "service.toml"
    written = toml.read_text(encoding="utf-8")
    toml.write_text(f'{written}\n[promise]\ntarget = "backlog <= 800 min"\nrisk = 0.2\n', encoding="utf-8")
    own = asked(folder, *QUICK, capsys=capsys)
    assert (own["promise"], own["risk"]) == ("backlog <= 800 minutes", 0.2)
    assert asked(folder, *QUICK, "--risk", "10%", capsys=capsys)["risk"] == 0.1
    other = asked(folder, *QUICK, "--target", "backlog <= 900 min", capsys=capsys)
    assert (other["promise"], other["risk"]) == ("backlog <= 900 minutes", 0.05)
    toml.write_text(f'{written}\n[promise]\ntarget = "advocate: backlog <= 800 min"\n', encoding="utf-8")
    assert run(["check", str(folder)]) == 3
    assert "promise.target: cannot be judged: There is no pool 'advocate'" in capsys.readouterr().err


def test_a_chart_can_be_had_beside_it(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chart = tmp_path / "risk.svg"
    asked(folder, "--target", "backlog <= 800 min", *QUICK, "--chart", str(chart), capsys=capsys)
    assert "how often “backlog at most 800 minutes” is broken" in chart.read_text(encoding="utf-8")


def test_daily_totals_are_asked_by_their_own_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = daily_totals(tmp_path / "service")
    assert run(["capacity", str(folder), "--target", "backlog <= 800 min"]) == 2
    assert "5 days of history, too few" in capsys.readouterr().err
    assert run(["capacity", str(folder), "--target", "backlog <= ? min"]) == 2
    assert "No organisation that pays for a pool has a budget" in capsys.readouterr().err
    lines = ["date,joined,done,waiting"]
    days = [date(2024, 9, 2) + timedelta(days=number) for number in range(91)]
    lines += [f"{day},12,12,5" for day in days if day.weekday() < 5]
    (folder / "daily.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = asked(folder, "--target", "backlog <= 800 min", "--days", "28", capsys=capsys)
    assert found["answer"]["workers"] == [3] and found["answer"]["replications"] == 2000
    assert "daily totals" in found["notes"][0]


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--target", "be quick"), 2, "'be quick' is no promise that can be judged"),
        (("--target", "backlog <= 800 min", "--risk", "much"), 2, "--risk much is no share"),
        (("--target", "backlog <= 800 min", "--pool", "advocate"), 2, "Did you mean 'advocates'?"),
        (("--target", "backlog <= ? min"), 2, "No organisation that pays for a pool has a budget"),
        (("--target", "95% seen within 1 minutes", *QUICK), 1, "No staffing keeps '95% seen within 1 minute'"),
    ],
)
def test_what_is_wrong(
    folder: Path, options: tuple[str, ...], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # Who comes at nine and is one of twelve waits for more than a minute, unless there are twelve; and with twenty-four
    # nobody does, so that the last of these needs a shorter day.
    if code == 1:
        text = (folder / "service.toml").read_text(encoding="utf-8").replace('09:00" = 12', '03:00" = 12')
        (folder / "service.toml").write_text(text, encoding="utf-8")
    assert run(["capacity", str(folder), *options]) == code
    assert told in capsys.readouterr().err
