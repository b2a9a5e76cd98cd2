"""Bytes of a text file to clean UTF-8, without ever losing a row.

UTF-8 with or without a mark, UTF-16, and whatever else is taken for Windows-1252, byte by byte: a file that is UTF-8
but for a few damaged bytes keeps all the rest. Zero bytes, which no table needs, are left out and counted.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from millpond.errors import UnreadableFile
from millpond.records.reading.kinds import looks_like_utf16
from millpond.records.reading.wording import counted

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_WINDOWS = "".join(
    bytes([code]).decode("cp1252", errors="ignore") or chr(code) for code in range(256)
)  # the five codes that Windows-1252 leaves out stay control characters


_ESCAPE = "millpond-escape"
_FIRST_ESCAPED = 0xDC00
_ESCAPED = re.compile("[\udc00-\udcff]")
"""No decoder makes these characters, so they can stand for the bytes that it could not read."""


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """What a decoder puts in the place of bytes that are none of its encoding."""
    assert isinstance(error, UnicodeDecodeError)
    return "".join(chr(_FIRST_ESCAPED + code) for code in error.object[error.start : error.end]), error.end


class Decoder:
    """Turns the bytes of one file into UTF-8.

    Attributes:
        encoding: what the file turned out to be, once it has been read.
        damaged: how many bytes were not what the encoding allows.
        zeros: how many zero bytes (or characters) were left out.
    """

    def __init__(self, name: str, head: bytes, asked: str | None = None) -> None:
        """Look at the first bytes.

        Args:
            name: the file, for messages.
            head: its first bytes.
            asked: the encoding that a person named.

        Raises:
            UnreadableFile: nobody knows that encoding.
        """
        self.damaged = 0
        self.zeros = 0
        self._mark = b""
        self._multibyte = False
        self._other: codecs.IncrementalDecoder | None = None
        self.encoding = "utf-8"
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                self.encoding = encoding
                self._mark = mark if encoding == "utf-8" else b""
                self._multibyte = True  # the mark says so, even where all else is ASCII
                break
        else:
            if (found := looks_like_utf16(head)) is not None:
                self.encoding = found
        if asked is not None:
            try:
                self.encoding = codecs.lookup(asked).name
            except LookupError as error:
                raise UnreadableFile(
                    f"{name}: there is no encoding '{asked}'. Leave it out, or say utf-8, utf-16 or windows-1252."
                ) from error
        if self.encoding not in ("utf-8", "utf-8-sig"):
            codecs.register_error(_ESCAPE, _escaped)
            self._other = codecs.getincrementaldecoder(self.encoding)(errors=_ESCAPE)
        self._asked = asked is not None

    def decode(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same text in UTF-8, without a mark and without zero bytes."""
        held = b""
        mark, begun = self._mark, False
        for chunk in chunks:
            chunk, mark = chunk.removeprefix(mark), b""
            if self._other is not None:
                text = self._other.decode(chunk)
                if not begun:
                    text, begun = text.removeprefix("\ufeff"), bool(text)
                piece = self._unescaped(text).encode("utf-8", errors="replace")
            else:
                chunk = held + chunk
                whole = _whole(chunk)
                held, chunk = chunk[whole:], chunk[:whole]
                piece = self._repaired(chunk)
            yield from self._without_zeros(piece)
        if self._other is not None:
            last = self._unescaped(self._other.decode(b"", True))
            yield from self._without_zeros(last.encode("utf-8", errors="replace"))
        else:
            yield from self._without_zeros(self._repaired(held))
        if self._other is None and self.damaged and not self._multibyte and not self._asked:
            self.encoding = "windows-1252"

    def notes(self) -> list[str]:
        """What a person should know about how the text was read."""
        notes = []
        if self.encoding == "windows-1252" and self._other is None:
            notes.append(
                "The text is not UTF-8 and was read as Windows-1252; if letters with accents look wrong, name the "
                "encoding."
            )
        elif self.damaged:
            notes.append(
                f"{counted(self.damaged, 'byte')} of it cannot be {self.encoding.upper()}; each was read as "
                "Windows-1252."
            )
        if self.zeros:
            notes.append(f"{counted(self.zeros, 'zero byte')} left out.")
        return notes

    def _without_zeros(self, piece: bytes) -> Iterator[bytes]:
        if zeros := piece.count(0):
            self.zeros += zeros
            piece = piece.replace(b"\x00", b"")
        if piece:
            yield piece

    def _unescaped(self, text: str) -> str:
        """The text with bytes that are not of the encoding read as Windows-1252, so that none is lost."""
        text, count = _ESCAPED.subn(lambda found: _WINDOWS[ord(found[0]) - _FIRST_ESCAPED], text)
        self.damaged += count
        return text

    def _repaired(self, chunk: bytes) -> bytes:
        """Valid UTF-8; bytes that are not are read as Windows-1252."""
        try:
            chunk.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            self._multibyte = self._multibyte or not chunk.isascii()
            return chunk
        if not self._multibyte and not _MULTIBYTE.search(chunk):
            # Plainly another encoding: no need to go from fault to fault.
            self.damaged += len(chunk) - len(chunk.translate(None, bytes(range(128, 256))))
            return "".join(map(_WINDOWS.__getitem__, chunk)).encode("utf-8")
        return b"".join(self._line(line) for line in chunk.splitlines(keepends=True))

    def _line(self, line: bytes) -> bytes:
        parts = []
        at = 0
        while at < len(line):
            try:
                line[at:].decode("utf-8")
            except UnicodeDecodeError as error:
                good, bad = at + error.start, at + error.end
                parts.append(line[at:good])
                parts.append("".join(_WINDOWS[code] for code in line[good:bad]).encode("utf-8"))
                self.damaged += bad - good
                self._multibyte = self._multibyte or not line[at:good].isascii()
                at = bad
            else:
                parts.append(line[at:])
                self._multibyte = self._multibyte or not line[at:].isascii()
                break
        return b"".join(parts)


def _whole(chunk: bytes) -> int:
    """How many bytes can be decoded without cutting a character of UTF-8 in two."""
    for back in range(1, min(4, len(chunk)) + 1):
        code = chunk[-back]
        if code < 0x80:
            return len(chunk)
        if code >= 0xC0:
            needed = 2 if code < 0xE0 else 3 if code < 0xF0 else 4
            return len(chunk) - back if back < needed else len(chunk)
    return len(chunk)
