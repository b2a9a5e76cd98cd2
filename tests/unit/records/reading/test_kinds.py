"""What a file is decides how it is read; what cannot be read is named for what it is, with a cure."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest

from millpond.errors import UnreadableFile, WrongUse
from millpond.records.reading.opening import open_source

from .conftest import Read

CSV = b"case,step,started\n1,a,2025-01-06\n2,b,2025-01-07\n"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty.*Save or export it again"),
        (b"   \n\n  ", "no text in it"),
        (b"%PDF-1.7\n\x00\x01binary", "a PDF document.*CSV or Excel"),
        (b"\x89PNG\r\n\x1a\n\x00", "a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
        (b"SQLite format 3\x00\x10\x00", "a SQLite database"),
        (b"BZh91AY&SY", "compressed by bzip2"),
        (b"{\\rtf1\\ansi", "a word-processor document"),
        (b'{"events": [{"case": 1}]}', "a JSON file"),
        (b'[{"case": 1}]', "a JSON file"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page.*sign in"),
        (b"<html><table><tr><td>case</td></tr></table></html>", "a web page"),
        (b'<?xml version="1.0"?><note/>', "an XML file, but not an XES event log"),
        (b'<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "a BPMN process"),
        (b"\x00" * 5000, "nothing but zero bytes"),
        (bytes(range(256)) * 20, "a binary file"),
        (b"PK\x03\x04 and then nothing", "damaged or cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "damaged, or no workbook"),
        (b"PAR1 and then nothing", "a Parquet file that is damaged"),
        (gzip.compress(b"", mtime=0), "a gzip file with nothing in it"),
        (gzip.compress(gzip.compress(CSV, mtime=0), mtime=0), "packed by gzip twice"),
    ],
)
def test_what_is_no_table_is_named_for_what_it_is(read: Read, content: bytes, what: str) -> None:
    with pytest.raises(UnreadableFile, match=f"(?s)log.csv.*{what}"):
        read(content)


def test_a_gzip_file_that_was_cut_off_says_so(read: Read) -> None:
    rows = b"".join(b"%d,step %d,2025-01-06\n" % (row, row * 7919 % 1000) for row in range(50_000))
    whole = gzip.compress(b"case,step,started\n" + rows, mtime=0)
    for part in (whole[: len(whole) // 2], whole[:-4], whole[:200]):
        with pytest.raises(UnreadableFile, match=r"ends before its time.*Copy or download it again"):
            read(part, name="log.csv.gz")
    with pytest.raises(UnreadableFile, match=r"gzip file is damaged"):
        read(whole[:5000] + b"\x00" * 500 + whole[5500:], name="log.csv.gz")


def test_a_gzip_file_may_lack_its_name(read: Read) -> None:
    assert read(gzip.compress(CSV, mtime=0), name="log.csv").column("case") == ["1", "2"]


def test_a_workbook_may_be_called_csv(read: Read, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["case", "step", "started"])
    book.active.append(["1", "a", "2025-01-06"])
    book.save(tmp_path / "book.xlsx")
    log = read((tmp_path / "book.xlsx").read_bytes(), name="log.csv")
    assert log.column("case") == ["1"]


def test_text_may_be_called_xlsx(read: Read) -> None:
    assert read(CSV, name="log.xlsx").column("case") == ["1", "2"]


def test_a_zip_archive_is_named_with_what_is_in_it(read: Read, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as packed:
        packed.writestr("referrals.csv", CSV)
    with pytest.raises(UnreadableFile, match=r"a zip archive \(referrals.csv\)\. Unpack it"):
        read(tmp_path / "some.zip")
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as packed:
        packed.writestr("word/document.xml", "")
    with pytest.raises(UnreadableFile, match=r"an Office document"):
        read(tmp_path / "letter.docx")


def test_a_duckdb_file_is_a_database(read: Read, tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "log.duckdb")).close()
    with pytest.raises(UnreadableFile, match=r"a DuckDB database. Name it as one.*duckdb:///"):
        read(tmp_path / "log.duckdb")


def test_a_missing_file_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "referrals.csv").write_bytes(CSV)
    with pytest.raises(UnreadableFile, match=r"no file .*refferals.csv\. Did you mean .*referrals.csv\?"):
        open_source(tmp_path / "refferals.csv")
    with pytest.raises(UnreadableFile, match=r"The folder .* does not exist either"):
        open_source(tmp_path / "nowhere" / "referrals.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "referrals.csv").write_bytes(CSV)
    with pytest.raises(UnreadableFile, match=r"is a folder.*Name a file in it: referrals.csv"):
        open_source(tmp_path)


def test_a_sheet_is_asked_for_only_of_workbooks(read: Read) -> None:
    with pytest.raises(WrongUse, match=r"is no workbook.*Leave the sheet out"):
        read(CSV, sheet="Referrals")


def test_a_short_text_with_an_odd_character_is_still_a_text(read: Read) -> None:
    assert read(b"case,step,started\n1,a\x07,2025-01-06\n").column("step") == ["a\x07"]


def test_what_is_damaged_never_ends_in_a_traceback(read: Read, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book.zip", "w") as packed:
        packed.writestr("xl/workbook.xml", "")
    book = bytearray((tmp_path / "book.zip").read_bytes())
    book[book.index(b"PK\x01\x02") + 6] = 206  # made for version 20.6 of zip, which there is not
    packed_text = bytearray(gzip.compress(CSV))
    packed_text[3] = 0xFF  # flags that mean nothing
    log = b'<log><trace><a:b key="x"/><tra-1:0/><event><string key="concept:name" value="a"/></event></trace></log>'
    for content in (bytes(book), bytes(packed_text), packed_text[:12], log):
        with pytest.raises(UnreadableFile):
            read(bytes(content))
