"""Writing a file so that it is never half there: whole and new, or untouched and old.

Everything that Millpond keeps about people goes through `replacing`. It does not decide what is written; it decides
that a full disk, a stopped program or a crash half-way leaves the old file as it was.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from millpond.errors import CannotWrite, WrongUse

_MARK_WITHIN = 50 << 16
PRIVATE = 0o600
"""The mode of every file about people: its owner reads and writes it, nobody else does."""

_CURES = {
    errno.ENOSPC: "the disk is full. Free some space and try again",
    errno.EDQUOT: "your share of the disk is used up. Free some space and try again",
    errno.EFBIG: "it would be larger than a file may be here. Free some space, or write it somewhere else",
    errno.EACCES: "you may not write there. Ask for permission, or choose another folder",
    errno.EPERM: "you may not write there. Ask for permission, or choose another folder",
    errno.EROFS: "the disk can only be read. Choose another folder",
    errno.ENOENT: "its folder does not exist. Make the folder first, or choose another",
    errno.ENOTDIR: "what should be its folder is a file. Choose another folder",
    errno.EISDIR: "a folder with that name is in the way. Rename it, or choose another name",
}


@contextlib.contextmanager
def replacing(target: Path, *, private: bool = False) -> Iterator[Path]:
    """Write a file beside the old one, and put it in the old one's place when it is whole.

    Args:
        target: the file to write; a link is followed, so that the link stays.
        private: give the file mode 0600. Otherwise it keeps the mode of the file that it replaces, or gets the
            usual one.

    Yields:
        The path of an empty file in the same folder. Fill it; on leaving the block it is flushed to the disk and
        takes the target's place in one step.

    Raises:
        CannotWrite: the disk is full, the folder is missing or read-only, or something is in the way. The old file
            is untouched and the unfinished one is gone, as they are after any other error or an interruption.
    """
    place = Path(os.path.realpath(target))
    unfinished: Path | None = None
    try:
        if place.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.", suffix=".unfinished")
        os.close(handle)
        unfinished = Path(name)
        yield unfinished
        _flush(unfinished)
        unfinished.chmod(PRIVATE if private else _usual_mode(place))
        unfinished.replace(place)
        unfinished = None
        _flush_folder(place.parent)
    except (OSError, duckdb.IOException) as error:
        raise CannotWrite(_sentence(target, error)) from error
    finally:
        if unfinished is not None:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)


def write_text(target: Path, text: str, *, private: bool = False) -> None:
    """Replace a file by this text, in UTF-8 with the line ends that the text has.

    Raises:
        CannotWrite: see `replacing`.
    """
    with replacing(target, private=private) as unfinished:
        unfinished.write_bytes(text.encode("utf-8", "surrogateescape"))


def refuse_others(target: Path, mark: bytes) -> None:
    """Refuses a file that is there and that we have not written: somebody drew it, or saved it with another tool.

    Args:
        target: the file that is to be written.
        mark: what each file of ours of this kind has in it.

    Raises:
        WrongUse: it is there and has no such mark.
    """
    with contextlib.suppress(FileNotFoundError, IsADirectoryError, PermissionError), target.open("rb") as there:
        if mark not in there.read(_MARK_WITHIN):
            raise WrongUse(
                f"{target} is there and was not written by Millpond, so that it is not written over. Name another file."
            )


def make_folder(folder: Path) -> None:
    """Makes a folder, and those above it, where there is none.

    Raises:
        CannotWrite: it cannot be made there, or a file has its name.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise CannotWrite(
            f"The folder {folder} could not be made: a file has that name. Rename it, or choose another name."
        ) from error
    except OSError as error:
        raise CannotWrite(
            f"The folder {folder} could not be made: {error.strerror or error}. Choose another place, or ask for "
            "permission."
        ) from error


@contextlib.contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold a folder for one import at a time, so that neither of two loses what the other wrote.

    Raises:
        CannotWrite: another import holds it. Where the system has no such locks, nothing is held.
    """
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise CannotWrite(_sentence(folder, error)) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotWrite(
                f"another import into {folder} is under way. Wait until it has finished, and try again."
            ) from error
        except OSError:
            pass  # a shared drive that knows no locks: go on without
        yield
    finally:
        os.close(handle)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the new name itself safe; some systems cannot open a folder, and do without."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _usual_mode(place: Path) -> int:
    try:
        return place.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0o077)
        os.umask(mask)
        return 0o666 & ~mask


def _sentence(target: Path, error: BaseException) -> str:
    cure = _CURES.get(error.errno or 0) if isinstance(error, OSError) else _cure_in(str(error))
    why = cure or f"{str(error).strip() or type(error).__name__}. Check the folder and the disk, and try again"
    return f"{target} could not be written: {why}. What was there before is unchanged."


def _cure_in(message: str) -> str | None:
    """DuckDB words the system's own message into its error; find which it was."""
    return next((cure for code, cure in _CURES.items() if os.strerror(code) in message), None)
