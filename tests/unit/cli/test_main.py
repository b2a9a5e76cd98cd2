"""The command line as a whole: help, versions, exit codes, stopping, and pipes that close."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from millpond import __version__
from millpond.cli import commands
from millpond.cli.main import EXIT_CODES, run
from tests.unit.cli.folders import worked_example

EXAMPLE = Path(__file__).parents[3] / "examples" / "victim-support"
COMMANDS = ("demo", "check", "import", "measure", "report", "simulate")


def test_help_names_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    said = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert all(name in said for name in COMMANDS)
    assert all(f"{code}:" in said for code in EXIT_CODES)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"millpond {__version__}"


def test_an_unknown_command_or_option_is_a_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mesure"]) == 2
    assert run(["measure", "x", "--bye", "day"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_defect_says_that_it_is_ours(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(_path: Path) -> None:
        raise ZeroDivisionError("oh dear")

    monkeypatch.setattr("millpond.open", broken)
    assert run(["measure", "anywhere"]) == 70
    said = capsys.readouterr().err
    assert "defect of Millpond" in said
    assert "oh dear" in said
    assert "Traceback" not in said
    assert commands.measure.__doc__


def test_stopping_half_way_is_said_quietly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stopped(_path: Path) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr("millpond.open", stopped)
    # A shell starts what runs in its background with the signal ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert run(["measure", "anywhere"]) == 130
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr().err.strip() == "Stopped. What was already in the folder is as it was."


def test_stopping_while_the_libraries_are_read_is_said_as_quietly() -> None:
    begun = "import os, signal, builtins, millpond.cli\n"
    begun += "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    begun += "real = builtins.__import__\n"
    begun += "def reading(name, *rest):\n"
    begun += "    if name == 'typer':\n"
    begun += "        os.kill(os.getpid(), signal.SIGINT)\n"
    begun += "    return real(name, *rest)\n"
    begun += "builtins.__import__ = reading\n"
    begun += "millpond.cli.main(['--version'])\n"
    done = subprocess.run([sys.executable, "-c", begun], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.strip() == "Stopped. What was already in the folder is as it was."


def test_a_pipe_that_closes_early_is_no_error(tmp_path: Path) -> None:
    folder = worked_example(tmp_path / "service")
    command = f"{sys.executable} -m millpond measure {folder} --by hour --json | head -c 10"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout == '{"unit": "'
    assert done.stderr in ("", "Measuring ...\n")


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_stopping_says_that_the_folder_is_as_it_was(
    stop: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """DuckDB has its own word for Ctrl-C in the middle of a query."""

    def stopped(_path: Path) -> None:
        raise stop

    monkeypatch.setattr("millpond.open", stopped)
    assert run(["measure", "anywhere"]) == 130
    assert capsys.readouterr().err == "\nStopped. What was already in the folder is as it was.\n"


LITTLE_ROOM = """
import resource, sys
from millpond.cli.main import run
import millpond.folder, millpond.intake
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "command", [("measure", "{}"), ("check", "{}"), ("report", "{}"), ("import", "{}/records.csv", "--into", "new")]
)
def test_a_temporary_disk_without_room_is_no_defect(command: tuple[str, ...], tmp_path: Path) -> None:
    """A limit on the size of a file stands in for a full disk: the system refuses the write in the same way."""
    pytest.importorskip("resource", reason="this system has no limits on the size of files")
    words = [word.format(EXAMPLE) for word in command]
    done = subprocess.run(
        [sys.executable, "-c", LITTLE_ROOM, *words], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 5, done.stderr
    assert "no room for the rows" in done.stderr
    assert "TMPDIR" in done.stderr
    assert list(tmp_path.iterdir()) == []
