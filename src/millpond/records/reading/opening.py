"""Opens a file, unpacked where it is packed by gzip, and says how far it has been read."""

from __future__ import annotations

import contextlib
import errno
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, BinaryIO, cast

from millpond.errors import UnreadableFile
from millpond.records.reading.kinds import Kind, kind_of

CHUNK_BYTES = 4 << 20
_HEAD_BYTES = 1 << 16


@dataclass(frozen=True)
class Source:
    """A file and what was found at its beginning.

    Attributes:
        path: the file.
        name: how it is called in messages.
        kind: what is in it.
        gzipped: it has to be unpacked first.
        head: the first bytes, unpacked.
        size: bytes on the disk.
    """

    path: Path
    name: str
    kind: Kind
    gzipped: bool
    head: bytes
    size: int

    def chunks(self, progress: Callable[[int], None] | None = None) -> Iterator[bytes]:
        """The content, unpacked, piece by piece.

        Args:
            progress: called with the bytes of the file on the disk that have been read.

        Raises:
            UnreadableFile: the packed content is damaged or ends too early.
        """
        with self.open(progress) as stream:
            while True:
                try:
                    piece = stream.read(CHUNK_BYTES)
                except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                    raise damaged(self.name, error) from error
                except OSError as error:
                    raise _unreadable(self.path, error) from error
                if not piece:
                    return
                yield piece

    def open(self, progress: Callable[[int], None] | None = None) -> BinaryIO:
        """The content, unpacked, as a stream of bytes."""
        try:
            counted = cast(io.RawIOBase, _Counted(self.path, progress))
        except OSError as error:
            raise _unreadable(self.path, error) from error
        buffered = io.BufferedReader(counted, CHUNK_BYTES)
        return cast(BinaryIO, _Unpacked(buffered) if self.gzipped else buffered)


class _Unpacked(gzip.GzipFile):
    """Closing it closes the file beneath, which `gzip.GzipFile` leaves open when it was given a stream."""

    def __init__(self, packed: io.BufferedReader[Any]) -> None:
        self._packed = packed
        super().__init__(fileobj=self._packed, mode="rb")

    def close(self) -> None:
        super().close()
        self._packed.close()


class _Counted(io.RawIOBase):
    """A file that tells how far it has been read."""

    def __init__(self, path: Path, progress: Callable[[int], None] | None) -> None:
        self._file = path.open("rb", buffering=0)
        self._progress = progress
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        count = self._file.readinto(buffer) or 0
        self._read += count
        if self._progress is not None:
            self._progress(self._read)
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def open_source(path: Path) -> Source:
    """Look at a file.

    Raises:
        UnreadableFile: there is no such file, it may not be read, it is empty, or it is nothing that Millpond reads.
    """
    try:
        if path.is_dir():
            raise UnreadableFile(
                f"{path} is a folder, and one file with the records is needed. Name a file in it: {_files_in(path)}."
            )
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise _unreadable(path, error) from error
    if not head:
        raise UnreadableFile(f"{path} is empty (0 bytes). Save or export it again.")
    gzipped = head[:2] == b"\x1f\x8b"
    if gzipped:
        head = _unpacked_head(path)
        if not head:
            raise UnreadableFile(f"{path} is a gzip file with nothing in it. Save or export it again.")
    return Source(path, str(path), kind_of(path, head, gzipped), gzipped, head, size)


def _unpacked_head(path: Path) -> bytes:
    try:
        with gzip.open(path) as file:
            return file.read(_HEAD_BYTES)
    except EOFError as error:
        # A short file that is cut off: what can be had decides what kind it is, and reading it will then fail.
        head = b""
        with path.open("rb") as packed, contextlib.suppress(zlib.error):
            head = zlib.decompressobj(wbits=31).decompress(packed.read(_HEAD_BYTES), _HEAD_BYTES)
        if not head:
            raise damaged(str(path), error) from error
        return head
    except (OSError, zlib.error) as error:
        raise damaged(str(path), error) from error


def _files_in(folder: Path) -> str:
    names = sorted(item.name for item in folder.iterdir() if item.is_file())[:5]
    return ", ".join(names) if names else "it has no files"


def damaged(name: str, error: Exception) -> UnreadableFile:
    """The error for a gzip file that cannot be unpacked to its end."""
    early = isinstance(error, EOFError)
    what = "ends before its time: the copy or download was cut off" if early else f"is damaged ({error})"
    return UnreadableFile(f"{name}: the gzip file {what}. Nothing was taken from it. Copy or download it again.")


def _unreadable(path: Path, error: OSError) -> UnreadableFile:
    if error.errno == errno.ENOENT:
        near: list[str] = []
        if path.parent.is_dir():
            near = get_close_matches(path.name, [item.name for item in path.parent.iterdir()], n=1)
            cure = f"Did you mean {path.parent / near[0]}?" if near else f"Look in {path.parent} for its name."
        else:
            cure = f"The folder {path.parent} does not exist either: check the path."
        return UnreadableFile(f"There is no file {path}. {cure}")
    if error.errno == errno.EACCES:
        return UnreadableFile(f"{path} may not be read by you. Ask its owner for permission, or for a copy.")
    return UnreadableFile(f"{path} cannot be read: {error.strerror or error}. Check the disk, or copy it again.")
