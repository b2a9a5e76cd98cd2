"""The fit of a service of which the truth is known, and what is written of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import millpond
from millpond.calibration.fitting.result import Fit
from millpond.cli.main import run
from millpond.errors import FaultyService
from millpond.model.distributions import mean_minutes
from tests.unit.calibration.fitting.known import UNSAID, recorded


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("known") / "service")


@pytest.fixture(scope="module")
def fit(folder: Path) -> Fit:
    with millpond.open(folder) as opened:
        return opened.fit(write=False)


def _row(fit: Fit, key: str) -> tuple[float, float, float]:
    (row,) = (row for row in fit.rows if row.key == key)
    return row.value, row.low, row.high


def test_rates_and_minutes_lie_within_their_intervals(fit: Fit) -> None:
    stream = next(iter(fit.service.streams))
    for key, true in ((f"streams.{stream}.per_week", 40), ("steps.triage.minutes", 20), ("steps.advice.minutes", 60)):
        _, low, high = _row(fit, key)
        assert low < true < high, key


def test_where_cases_go_is_found_with_its_memory(fit: Fit) -> None:
    triage, advice = fit.service.steps["triage"], fit.service.steps["advice"]
    _, low, high = _row(fit, "steps.triage.next.advice")
    assert low < 0.8 < high
    assert triage.next is not None
    assert set(triage.next) == {"advice", "closed"}
    third = next(rule for rule in advice.rules if rule.visits_at_least == 3)
    assert third.next["closed"] == pytest.approx(1, abs=0.01)


def test_delays_are_found_in_working_time_without_the_waiting_for_our_own_staff(fit: Fit) -> None:
    delay = fit.service.steps["triage"].delay_to("advice")
    assert delay is not None
    assert delay.is_working_time
    assert delay.minutes is not None
    assert mean_minutes(delay.minutes) == pytest.approx(3000, rel=0.1)


def test_hours_pools_and_people_are_found(fit: Fit) -> None:
    assert [calendar.hours for calendar in fit.service.calendars.values()] == ["Mon-Fri 09:00-17:00"]
    pools = {fit.service.steps[step].pool for step in ("triage", "advice")}
    assert len(pools) == 2
    assert fit.service.pools[str(fit.service.steps["advice"].pool)].workers in (2, 3)


def test_what_cannot_be_learned_is_listed_with_what_would_settle_it(fit: Fit) -> None:
    missing = [each for each in fit.unlearned if each.key.endswith("minutes_per_day")]
    assert sum(each.key.count("minutes_per_day") for each in missing) == 2
    assert all("rota" in each.measure for each in missing)


def test_the_command_writes_a_file_that_the_folder_is_read_with(folder: Path, capsys: pytest.CaptureFixture) -> None:  # type: ignore[type-arg]
    before = (folder / "service.toml").read_bytes()
    assert run(["fit", str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {row["key"] for row in told["rows"]} >= {"steps.triage.minutes", "steps.advice.minutes"}
    assert (folder / "service.toml").read_bytes() == before
    text = (folder / "fitted.toml").read_text()
    assert "# What a fit learned from" in text
    with millpond.open(folder) as opened:
        assert set(opened.service.steps) == {"triage", "advice"}
        simulation = opened.simulate(days=28, replications=2)
    assert simulation.replications == 2
    assert run(["fit", str(folder)]) == 0
    assert "values learned from" in capsys.readouterr().out


def test_what_a_person_says_wins_key_by_key_and_keeps_its_comments(tmp_path: Path) -> None:
    said = UNSAID + "\n[steps.advice]\nminutes = 75 # as agreed with the union\n"
    folder = recorded(tmp_path / "service", days=140, said=said)
    with millpond.open(folder) as opened:
        fit = opened.fit()
        assert opened.service.steps["advice"].minutes == 75
        assert opened.service.steps["advice"].pool == fit.service.steps["advice"].pool
    assert (folder / "service.toml").read_text() == said
    assert "service.toml wins over the fit in steps.advice.minutes." in fit.notes


def test_drafted_estimates_give_way_until_a_person_changes_them(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "service", days=140)
    with millpond.open(folder) as opened:
        from millpond.calibration.draft import draft_service

        draft = draft_service(
            opened.log().visits, name="Known", timezone="UTC", holidays=None, now_us=opened.as_of_us()
        )
    (folder / "service.toml").write_text(draft.text)
    with millpond.open(folder) as opened:
        opened.fit()
        assert not isinstance(opened.service.steps["advice"].minutes, int | float)
        assert all(pool.minutes_per_day is None for pool in opened.service.pools.values())
    drafted = draft.service.steps["advice"].minutes
    changed = draft.text.replace(f"minutes = {drafted:g}", "minutes = 99")
    assert changed != draft.text
    (folder / "service.toml").write_text(changed)
    with millpond.open(folder) as opened:
        assert opened.service.steps["advice"].minutes == 99


def test_what_a_person_wrote_wins_even_where_a_draft_would_have_said_the_same(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "service", days=140)
    with millpond.open(folder) as opened:
        from millpond.calibration.draft import draft_service

        draft = draft_service(
            opened.log().visits, name="Known", timezone="UTC", holidays=None, now_us=opened.as_of_us()
        ).service.steps["advice"]
    said = UNSAID + f"\n[steps.advice]\nminutes = {draft.minutes}\n"
    (folder / "service.toml").write_text(said)
    with millpond.open(folder) as opened:
        assert "service.toml wins over the fit in steps.advice.minutes." in opened.fit().notes
        assert opened.service.steps["advice"].minutes == draft.minutes
        opened.fit()
        assert opened.service.steps["advice"].minutes == draft.minutes


def test_what_a_person_has_written_is_not_asked_for(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "service", days=140)
    with millpond.open(folder) as opened:
        pool = str(opened.fit(write=False).service.steps["advice"].pool)
    said = f'{UNSAID}\n[pools."{pool}"]\nminutes_per_day = 200\n'
    (folder / "service.toml").write_text(said)
    with millpond.open(folder) as opened:
        missing = ", ".join(each.key for each in opened.fit(write=False).unlearned)
    assert f"pools.{pool}.minutes_per_day" not in missing
    assert missing.count(".minutes_per_day") == 1


def test_what_waits_for_our_staff_is_not_said_to_be_caused_by_nobody(tmp_path: Path) -> None:
    """Each case goes straight on to the second step and waits there for a day, though its worker does nothing else."""
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "service.toml").write_text(UNSAID)
    rows = []
    for day in (6, 7, 8, 9, 13, 14, 15, 16, 20, 21, 22, 23):
        today, next_day = f"2025-01-{day:02d}", f"2025-01-{day + 1:02d}"
        rows.append(f"{day},ask,{today}T09:00,{today}T09:00,{today}T09:30,ann")
        rows.append(f"{day},act,{today}T09:30,{next_day}T10:00,{next_day}T10:30,bob")
    (folder / "records.csv").write_text("\n".join(["case,step,joined,started,ended,worker", *rows]) + "\n")
    with millpond.open(folder) as opened:
        fit = opened.fit(write=False)
    assert fit.outside_share == 0
    assert any(
        note.startswith("0% of the time between one visit and the next was caused by nobody") for note in fit.notes
    )


def test_a_newer_extract_does_not_turn_estimates_into_what_a_person_said(tmp_path: Path) -> None:
    recorded(tmp_path / "source", days=280)
    heading, *lines = (tmp_path / "source" / "records.csv").read_text().splitlines()
    folder, extract = tmp_path / "service", tmp_path / "extract.csv"
    for number in (len(lines) // 2, len(lines)):
        extract.write_text("\n".join([heading, *lines[:number]]) + "\n")
        assert run(["import", str(extract), "--into", str(folder)]) == 0
    with millpond.open(folder) as opened:
        fit = opened.fit()
        assert not [note for note in fit.notes if note.startswith("service.toml wins")]
        assert opened.service.steps["triage"].delay_to("advice") is not None


def test_recorded_minutes_go_before_the_clock(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "service", days=140)
    heading, *lines = (folder / "records.csv").read_text().splitlines()
    place = heading.split(",").index("minutes")
    rows = [line.split(",") for line in lines]
    for row in rows:
        row[place] = "12"
    (folder / "records.csv").write_text("\n".join([heading, *(",".join(row) for row in rows)]) + "\n")
    with millpond.open(folder) as opened:
        assert opened.fit(write=False).service.steps["advice"].minutes == 12


def test_a_fault_in_the_fitted_file_names_it(folder: Path) -> None:
    (folder / "fitted.toml").write_text('[steps.triage]\nnext = "nowhere"\n')
    with pytest.raises(FaultyService, match=r"fitted\.toml"):
        millpond.open(folder)
    (folder / "fitted.toml").unlink()
