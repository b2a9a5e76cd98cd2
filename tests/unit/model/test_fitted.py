"""service.toml over fitted.toml, key by key."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond.errors import FaultyService
from millpond.model import load_service
from millpond.model.fitted import over, own_keys, with_fit


def test_a_persons_key_wins_and_the_others_are_the_fits() -> None:
    service = {"name": "x", "steps": {"triage": {"minutes": 25}}}
    fitted = {"name": "old", "steps": {"triage": {"minutes": 19.1, "pool": "intake"}, "advice": {"minutes": 60}}}
    assert with_fit(service, fitted) == {
        "name": "x",
        "steps": {"triage": {"minutes": 25, "pool": "intake"}, "advice": {"minutes": 60}},
    }


def test_a_drafted_value_gives_way_as_long_as_it_stands_there() -> None:
    drafted = {"pools": {"team": {"workers": 2, "minutes_per_day": 15}}}
    fitted = {"pools": {"team": {"workers": 3}}, "drafted": drafted}
    assert with_fit({"pools": {"team": {"workers": 2, "minutes_per_day": 15}}}, fitted) == {
        "pools": {"team": {"workers": 3}}
    }
    assert with_fit({"pools": {"team": {"workers": 4, "minutes_per_day": 15}}}, fitted) == {
        "pools": {"team": {"workers": 4}}
    }


def test_keys_that_belong_together_go_together() -> None:
    fitted = {"steps": {"advice": {"next": {"closed": 1}, "rules": [{"visits_at_least": 3}], "minutes": 60}}}
    found = over(fitted, {"steps": {"advice": {"next": {"advice": 0.5, "closed": 0.5}}}})
    assert found == {"steps": {"advice": {"next": {"advice": 0.5, "closed": 0.5}, "minutes": 60}}}


def test_what_an_import_did_not_draft_is_a_persons() -> None:
    assert own_keys({"name": "x", "pools": {"team": {"workers": 2}}}, {}) == {
        "name": "x",
        "pools": {"team": {"workers": 2}},
    }


def test_a_folder_is_read_with_the_file_beside_it_and_a_file_alone(tmp_path: Path) -> None:
    (tmp_path / "service.toml").write_text('name = "x"\n\n[steps.triage]\nminutes = 25 # as we know\n')
    (tmp_path / "fitted.toml").write_text('[steps.triage]\nminutes = 19.1\nnext = "closed"\n')
    assert load_service(tmp_path).steps["triage"].next == {"closed": 1}
    assert load_service(tmp_path).steps["triage"].minutes == 25
    assert load_service(tmp_path / "service.toml").steps["triage"].next is None
    (tmp_path / "fitted.toml").write_text("[steps.triage\n")
    with pytest.raises(FaultyService, match=r"fitted\.toml"):
        load_service(tmp_path)
