"""A file is whole and new, or untouched and old: full disks, interruptions and things in the way."""

from __future__ import annotations

import errno
import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from millpond.errors import CannotWrite
from millpond.records.files import replacing, sole_writer, write_text

OLD = "case,step\nada,triage\n"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    target = tmp_path / "records.csv"
    target.write_text(OLD)
    return target


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_text_takes_the_place_of_the_old(kept: Path) -> None:
    write_text(kept, "case,step\nbøb,visit\n")
    assert kept.read_bytes() == b"case,step\nb\xc3\xb8b,visit\n"
    assert names(kept.parent) == ["records.csv"]


def test_a_private_file_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    write_text(tmp_path / "records.csv", OLD, private=True)
    assert stat.S_IMODE((tmp_path / "records.csv").stat().st_mode) == 0o600


def test_a_private_file_becomes_private_even_where_the_old_one_was_not(kept: Path) -> None:
    kept.chmod(0o644)
    write_text(kept, "new", private=True)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_another_file_keeps_the_mode_that_it_had(kept: Path) -> None:
    kept.chmod(0o640)
    write_text(kept, "new")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640


def test_a_new_public_file_has_the_usual_mode(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "report.html", "page")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "report.html").stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    real = tmp_path / "elsewhere" / "records.csv"
    real.write_text(OLD)
    link = tmp_path / "records.csv"
    link.symlink_to(real)
    write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "can only be read"), (errno.EIO, "Check the folder")],
)
def test_a_disk_that_fails_half_way_leaves_the_old_file(kept: Path, code: int, words: str) -> None:
    with pytest.raises(CannotWrite, match=words), replacing(kept) as unfinished:
        unfinished.write_text("half of the new fi")
        raise OSError(code, os.strerror(code))
    assert kept.read_text() == OLD
    assert names(kept.parent) == ["records.csv"]


def test_the_message_names_the_file_the_fault_and_the_cure(kept: Path) -> None:
    with pytest.raises(CannotWrite) as caught, replacing(kept):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert str(caught.value) == (
        f"{kept} could not be written: the disk is full. Free some space and try again. "
        "What was there before is unchanged."
    )


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, ValueError])
def test_stopping_half_way_leaves_the_old_file_and_passes_on(kept: Path, stop: type[BaseException]) -> None:
    with pytest.raises(stop), replacing(kept) as unfinished:
        unfinished.write_text("half")
        raise stop
    assert kept.read_text() == OLD
    assert names(kept.parent) == ["records.csv"]


@pytest.mark.parametrize("writer", ["python", "duckdb"])
def test_a_disk_with_too_little_room_leaves_the_old_file(kept: Path, writer: str) -> None:
    """A limit on the size of a file stands in for a full disk: the system refuses the write in the same way."""
    ways = {
        "python": "write_text(target, 'x' * 5_000_000, private=True)",
        "duckdb": (
            "con = duckdb.connect()\n"
            "with replacing(target, private=True) as unfinished:\n"
            "    con.execute(\"COPY (SELECT range AS n, repeat('x', 100) FROM range(100_000)) TO '\"\n"
            '                + str(unfinished) + "\' (FORMAT csv, HEADER, USE_TMP_FILE false)")'
        ),
    }
    code = (
        "import sys, pathlib, duckdb\n"
        "from millpond.errors import CannotWrite\n"
        "from millpond.records.files import replacing, write_text\n"
        f"target = pathlib.Path({str(kept)!r})\n"
        "try:\n" + "".join(f"    {line}\n" for line in ways[writer].splitlines()) + "except CannotWrite as error:\n"
        "    print(error)\n"
        "    sys.exit(7)\n"
    )
    limit = (1_000_000, 1_000_000)
    done = subprocess.run(
        [sys.executable, "-c", code],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    assert "larger than a file may be here" in done.stdout
    assert kept.read_text() == OLD
    assert names(kept.parent) == ["records.csv"]


def test_duckdb_writes_the_file_that_takes_the_place(kept: Path) -> None:
    with replacing(kept, private=True) as unfinished:
        duckdb.connect().execute(
            f"COPY (SELECT 'ada' AS \"case\") TO '{unfinished}' (FORMAT csv, HEADER, USE_TMP_FILE false)"
        )
    assert kept.read_text() == "case\nada\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="its folder does not exist"):
        write_text(tmp_path / "nowhere" / "records.csv", OLD)


def test_a_folder_in_the_way_stays(tmp_path: Path) -> None:
    (tmp_path / "records.csv").mkdir()
    with pytest.raises(CannotWrite, match="in the way"):
        write_text(tmp_path / "records.csv", OLD)
    assert names(tmp_path) == ["records.csv"]


def test_two_imports_cannot_write_one_folder_at_once(tmp_path: Path) -> None:
    with sole_writer(tmp_path), pytest.raises(CannotWrite, match="another import"), sole_writer(tmp_path):
        raise AssertionError("the second import came in")
    with sole_writer(tmp_path):
        pass
    assert names(tmp_path) == []
