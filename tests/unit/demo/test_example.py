"""The example's files: always the same, the ones that the repository shows, and never written over anything."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from millpond.demo import example_files, write_example
from millpond.errors import CannotWrite, WrongUse
from millpond.model import dump_service, load_service, parse_service

ROOT = Path(__file__).parents[3]
SHOWN = ROOT / "examples" / "victim-support"
NAMES = ["README.md", "records.csv", "rota.csv", "service.toml"]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "not" / "yet" / "there"
    write_example(folder)
    return folder


def test_the_repository_shows_what_is_written_byte_for_byte(written: Path) -> None:
    assert sorted(contents(written)) == NAMES
    for name, content in contents(written).items():
        assert content == (SHOWN / name).read_bytes(), f"{name}: write it anew with `make example`"
    assert sorted(contents(SHOWN)) == NAMES


def test_the_script_writes_the_same_in_another_process_whatever_the_order_of_its_sets(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, ROOT / "examples" / "victim_support.py", tmp_path / "again"],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Kolkata", "LC_ALL": "C"},
    )
    (tmp_path / "again" / "records.csv").write_text("spoilt")
    subprocess.run([sys.executable, ROOT / "examples" / "victim_support.py", tmp_path / "again"], check=True)
    assert contents(tmp_path / "again") == contents(SHOWN)


def test_the_files_are_plain_text_of_a_size_that_a_repository_can_hold(written: Path) -> None:
    for name, content in contents(written).items():
        assert content.endswith(b"\n") and b"\r" not in content and b"\n\n\n\n" not in content
        assert content.decode("ascii"), name
    assert len(contents(written)["records.csv"]) < 900_000
    assert len(contents(written)["rota.csv"]) < 200_000


def test_the_files_have_the_usual_mode_since_nobody_in_them_is_real(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_example(tmp_path)
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o644}


def test_service_toml_has_no_faults_and_survives_being_written_and_read(written: Path) -> None:
    service = load_service(written)
    assert parse_service(dump_service(service)) == service
    assert list(service.pools) == ["coordinators", "advocates", "counsellors"]
    assert {pool.organisation for pool in service.pools.values()} == {"charity", "counselling"}
    assert all(pool.cost_per_hour for pool in service.pools.values())
    assert all(step.target_wait and step.planned_minutes and step.next for step in service.steps.values())


def test_an_empty_folder_is_written_into(tmp_path: Path) -> None:
    write_example(str(tmp_path))
    assert sorted(contents(tmp_path)) == NAMES


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ("service.toml", "already holds a service"),
        ("notes.txt", "is not empty: it holds notes.txt."),
        (".hidden", "is not empty: it holds .hidden."),
    ],
)
def test_a_folder_that_holds_anything_is_left_as_it_is(tmp_path: Path, held: str, told: str) -> None:
    (tmp_path / held).write_text("mine")
    with pytest.raises(WrongUse) as caught:
        write_example(tmp_path)
    assert told in str(caught.value)
    assert "Name a folder that does not exist yet, or an empty one." in str(caught.value)
    assert contents(tmp_path) == {held: b"mine"}


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(WrongUse, match="is not a folder"):
            write_example(folder)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="cannot be made: File name too long"):
        write_example(tmp_path / ("x" * 200) / ("y" * 300))


def test_nothing_half_written_is_left_where_a_file_cannot_be_written(tmp_path: Path) -> None:
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "from millpond.demo import example_files, write_example; from millpond.errors import CannotWrite;"
        "example_files();"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: write_example(sys.argv[1])\n"
        "except CannotWrite as error: sys.exit(error.exit_code)"
    )
    ran = subprocess.run([sys.executable, "-c", limited, tmp_path / "new"], check=False)
    assert ran.returncode == CannotWrite.exit_code
    assert contents(tmp_path / "new") == {}


def test_the_readme_names_every_file_and_counts_what_is_there() -> None:
    texts = example_files()
    readme = texts["README.md"]
    assert all(f"| `{name}` |" in readme for name in texts if name != "README.md")
    assert f"{texts['records.csv'].count(chr(10)) - 1:,} visits of" in readme
    assert max(len(line) for line in readme.splitlines()) <= 120
