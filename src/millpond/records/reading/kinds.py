"""Says what a file is, by what is in it rather than by what it is called.

Half the files that people send have a name that lies: a workbook called .csv, a gzip without .gz, a web page called
.xls. What Millpond cannot read is named for what it is, with the way to something that it can.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from millpond.errors import UnreadableFile

Kind = Literal["text", "workbook", "parquet", "xes", "ocel"]

_NOT_TABLES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF document", "ask for the table behind it as CSV or Excel"),
    (b"\x89PNG", "a picture (PNG)", "ask for the table itself as CSV or Excel"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "ask for the table itself as CSV or Excel"),
    (b"GIF8", "a picture (GIF)", "ask for the table itself as CSV or Excel"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it and give the file that is in it"),
    (b"Rar!", "a RAR archive", "unpack it and give the file that is in it"),
    (b"BZh", "compressed by bzip2", "unpack it (bunzip2) and give the result"),
    (b"\xfd7zXZ", "compressed by xz", "unpack it (unxz) and give the result"),
    (b"\x28\xb5\x2f\xfd", "compressed by Zstandard", "unpack it (unzstd) and give the result"),
    (b"SQLite format 3", "a SQLite database", "save the table that you need as CSV"),
    (b"ARROW1", "an Arrow (Feather) file", "save the table as Parquet or CSV"),
    (b"FEA1", "a Feather file", "save the table as Parquet or CSV"),
    (b"\x89HDF", "an HDF5 file", "save the table as Parquet or CSV"),
    (b"RDX", "an R data file", "save the table as CSV or Parquet"),
    (b"X\n\x00\x00\x00", "an R data file", "save the table as CSV or Parquet"),
    (b"\x7fELF", "a program", "choose the file with the records"),
    (b"MZ", "a program", "choose the file with the records"),
    (b"{\\rtf", "a word-processor document (RTF)", "save its table as CSV or Excel"),
)


def kind_of(path: Path, head: bytes, gzipped: bool) -> Kind:
    """What a file holds.

    Args:
        path: the file.
        head: its first bytes, unpacked.
        gzipped: it was packed by gzip.

    Raises:
        UnreadableFile: it is nothing that Millpond reads.
    """
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:4] == b"PK\x03\x04":
        return _kind_of_zip(path, gzipped)
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "workbook"
    if head[:2] == b"\x1f\x8b":
        raise UnreadableFile(f"{path} was packed by gzip twice. Unpack it once (gunzip) and give the result.")
    if head[8:12] == b"DUCK":
        raise UnreadableFile(
            f"{path} is a DuckDB database. Name it as one, with its table: duckdb://{path} and --table NAME."
        )
    if head.startswith(b"SQLite format 3") and not gzipped and _is_ocel_database(path):
        return "ocel"
    for magic, what, cure in _NOT_TABLES:
        if head.startswith(magic):
            raise UnreadableFile(f"{path} is {what}, not a table of records: {cure}.")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096].lower()
    if start.startswith((b"<?xml", b"<log", b"<!--")):
        return _kind_of_xml(path, head)
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<div", b"<meta")):
        raise UnreadableFile(
            f"{path} is a web page, whatever its name says. If it shows the table, open it in a spreadsheet program "
            "and save it as .xlsx or .csv; if it shows a login page, sign in and download it again."
        )
    if start.startswith(b"{") and (b'"objecttypes"' in start or b'"eventtypes"' in start):
        return "ocel"
    if start.startswith((b"{", b"[{", b"[\n", b"[[")):
        raise UnreadableFile(
            f"{path} is a JSON file, which is not read yet. Save its events as CSV, Parquet or XES, one row an event."
        )
    _refuse_binary(path, head)
    return "text"


def _is_ocel_database(path: Path) -> bool:
    # Here and not above: its reader needs what opens files, which asks here what they are.
    from millpond.records.reading.ocel import is_ocel_database

    return is_ocel_database(path)


def _kind_of_zip(path: Path, gzipped: bool) -> Kind:
    if gzipped:
        raise UnreadableFile(f"{path} is a zip file packed again by gzip. Unpack it (gunzip) and give the result.")
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
    except Exception as error:  # a damaged one raises whatever comes of reading nonsense
        raise UnreadableFile(
            f"{path} looks like a workbook or zip file but is damaged or cut off ({error}). Copy or save it again."
        ) from error
    if any(name.startswith("xl/") for name in names) or "content.xml" in names:
        return "workbook"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise UnreadableFile(f"{path} is an Office document, not a table of records: save its table as CSV or Excel.")
    shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    raise UnreadableFile(f"{path} is a zip archive ({shown}). Unpack it and give the file that is in it.")


def _kind_of_xml(path: Path, head: bytes) -> Kind:
    text = head.decode("utf-8", errors="replace").replace("\x00", "")
    if "<log" in text or ":log " in text or "xes-standard.org" in text:
        return "xes"
    if "Workbook" in text and "schemas-microsoft-com" in text:
        raise UnreadableFile(
            f"{path} is an Excel 2003 XML file. Open it in a spreadsheet program and save it as .xlsx or .csv."
        )
    if "<html" in text.lower():
        raise UnreadableFile(
            f"{path} is a web page, whatever its name says. Open it in a spreadsheet program and save it as .xlsx."
        )
    what = "a BPMN process model" if "BPMN" in text else "an XML file, but not an XES event log"
    raise UnreadableFile(f"{path} is {what}. Give the records as CSV, Excel, Parquet or XES.")


def _refuse_binary(path: Path, head: bytes) -> None:
    """Text has hardly any control characters; UTF-16 has zero bytes in every second place, which is fine."""
    if not head.strip(b"\x00"):
        raise UnreadableFile(f"{path} holds nothing but zero bytes: its copy or download failed. Copy it again.")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or looks_like_utf16(head) is not None:
        return
    odd = sum(head.count(code) for code in range(32) if code not in (0, 9, 10, 11, 12, 13, 26, 27, 28, 29, 30, 31))
    zeros = head.count(0)
    if odd > max(8, len(head) * 0.02) or (zeros > len(head) * 0.3 and odd):
        raise UnreadableFile(
            f"{path} is a binary file of a kind that Millpond does not know, not a table of records. "
            "Save the records as CSV, Excel, Parquet or XES."
        )


def looks_like_utf16(head: bytes) -> str | None:
    """The kind of UTF-16 of bytes without a mark, by where their zero bytes are; None for other text."""
    sample = head[: len(head) // 2 * 2][:4096]
    if len(sample) < 8:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    return None
