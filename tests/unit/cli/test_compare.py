"""`millpond compare`: what it prints of the worked example, and what it says when something is wrong."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from millpond.cli.main import run
from tests.unit.cli.folders import worked_example
from tests.unit.cli.test_simulate import goes_on

PLANS = """
[organisations.charity]
label = "Advocacy Trust"

[plans.hire]
label = "A third advocate"
pools = { advocates = { workers = 3 } }
paid_by = "charity"

[plans.agency]
pool = "advocates"
workers = 1
when = "backlog minutes"
above = 3000
for_days = 5
cost_per_hour = 40
"""
FEW = ("--days", "9", "--replications", "2", "--threads", "1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The worked example with two plans: 2,400 minutes wait on Saturday, and 240 more each working day."""
    made = goes_on(worked_example(tmp_path / "service"))
    toml = made / "service.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + PLANS, encoding="utf-8")
    return made


def test_what_follows_comes_first_and_then_the_tables(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", str(folder), *FEW]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Worked example: plans compared over 9 days from 11 January 2025, 2 replications,")
    assert "is A third advocate (hire), with 95% certainty." in " ".join(text.split())
    # Nothing: 2,400 twice, 2,640 to 3,600 by 240, 3,600 twice. A third advocate does the 240: 2,400 throughout.
    assert "nothing    3,067" in text and "hire       2,400" in text
    assert all(len(line) <= 90 for line in text.splitlines())


def test_the_promise_of_the_service_is_meant_unless_none_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml = folder / "service.toml"
    promise = '\n[promise]\ntarget = "backlog <= 3000 min"\nrisk = 0.2\n'
    toml.write_text(toml.read_text(encoding="utf-8") + promise, encoding="utf-8")
    for options, target, risk in (
        ((), "backlog <= 3,000 minutes", 0.2),
        (("--risk", "10%"), "backlog <= 3,000 minutes", 0.1),
        (("--target", "backlog <= 2500 min"), "backlog <= 2,500 minutes", 0.05),
        (("--target", "none"), None, 0.05),
    ):
        assert run(["compare", str(folder), *FEW, "--plans", "hire", "--json", *options]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["target"], found["risk"]) == (target, risk)


def test_as_json_and_csv(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", str(folder), *FEW, "--plans", "agency", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["plan"] for row in found["plans"]] == ["nothing", "agency"]
    assert (found["start"], found["could_be_best"]) == ("records", ["agency"])
    assert run(["compare", str(folder), *FEW, "--csv", "-"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["plan"] for row in rows] == ["nothing", "hire", "agency"]
    assert float(rows[1]["backlog_change"]) == pytest.approx(2400 - 27600 / 9)
    assert run(["compare", str(folder), *FEW, "--csv", str(tmp_path / "plans.csv")]) == 0
    assert "3 rows written to" in capsys.readouterr().err


def test_with_a_promise_and_charts(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--target", "backlog <= 3000 min", "--risk", "10%", "--plans", "hire,hire+agency")
    assert run(["compare", str(folder), *FEW, *options, "--charts", str(tmp_path / "charts")]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Doing nothing keeps the promise backlog <= 3,000 minutes in 0% (0% to 66%) of the replications" in told
    assert "it has to be 90%" in told
    pictures = sorted(path.name for path in (tmp_path / "charts").iterdir())
    assert pictures == ["payers.png", "payers.svg", "plans.png", "plans.svg"]


def test_the_cheapest_setting_is_searched(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--optimise", "agency", "--target", "backlog <= 3200 min")
    assert run(["compare", str(folder), *FEW, *options]) == 0
    text = capsys.readouterr().out
    assert "could be the cheapest" in text and "workers" in text
    assert run(["compare", str(folder), *FEW, *options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["target"] == "backlog <= 3,200 minutes"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--plans", "hier"), 'There is no plan "hier" in Worked example.\nDid you mean "hire"?'),
        (("--json", "--csv", "-"), "Choose one of --json and --csv."),
        (("--optimise", "agency"), "What Worked example promises is not known."),
        (("--optimise", "agency", "--target", "backlog <= 1 min", "--by", "cost"), "--optimise does not go with"),
        (("--risk", "little", "--target", "backlog <= 1 min"), "--risk little is no share."),
        (("--target", "backlog <= 100 min"), "no plan can act so soon"),
        (("--replications", "1"), "So few replications (1) tell nothing of the luck between plans."),
    ],
)
def test_what_is_asked_wrongly_is_told(
    folder: Path, options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["compare", str(folder), *FEW, *options]) == 2
    assert told in capsys.readouterr().err


def test_too_many_lent_is_a_fault_of_the_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml = folder / "service.toml"
    lend = '\n[pools.clerks]\nworkers = 1\n\n[plans.lend]\npool = "advocates"\nworkers = 2\nlent_by = "clerks"\n'
    toml.write_text(toml.read_text(encoding="utf-8") + lend, encoding="utf-8")
    assert run(["compare", str(folder), *FEW]) == 3
    assert 'plans.lend.workers: is 2, and the pool "clerks" that lends them has 1' in capsys.readouterr().err
