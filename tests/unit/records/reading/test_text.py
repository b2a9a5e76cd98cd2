"""Delimited text: whatever people's programs write is read, or set aside with its reason and text."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millpond.errors import UnreadableFile
from millpond.records.reading import text as text_module
from millpond.records.reading.opening import open_source
from millpond.records.reading.splitting import NEVER_CLOSED, lines_of, rows_of
from millpond.records.reading.staging import Staging
from millpond.records.reading.strict import NotStrictError, read_strictly
from millpond.records.reading.text import take_text
from tests.searching import examples

from .conftest import Read

HEADING = "case,step,started,ended\n"


@pytest.mark.parametrize(
    ("delimiter", "name"),
    [(",", "CSV"), (";", "CSV with semicolons"), ("\t", "TSV"), ("|", "text with bars")],
)
def test_the_delimiter_is_found(read: Read, delimiter: str, name: str) -> None:
    text = "case,step,started,ended\n7,triage,2025-01-06 09:00,2025-01-06 09:20\n".replace(",", delimiter)
    log = read(text)
    assert log.rows("case", "step", "started", "ended") == [("7", "triage", "2025-01-06 09:00", "2025-01-06 09:20")]
    assert (log.reading.format, log.reading.delimiter, log.reading.encoding) == (name, delimiter, "utf-8")


def test_a_delimiter_inside_the_fields_does_not_win(read: Read) -> None:
    log = read('case;step;started\n1;"a, b, c, d, e";2025-01-06\n2;"f, g, h, i, j";2025-01-07\n')
    assert log.column("step") == ["a, b, c, d, e", "f, g, h, i, j"]


def test_a_named_delimiter_is_obeyed(read: Read) -> None:
    log = read("case~step~started\n1~a~2025-01-06\n", delimiter="~")
    assert log.column("step") == ["a"]


def test_excel_names_its_delimiter_in_the_first_line(read: Read) -> None:
    log = read('sep=;\r\ncase;step;started\r\n1;"a,b";2025-01-06\r\n')
    assert log.rows("row_number", "case", "step") == [(3, "1", "a,b")]


def test_identifiers_stay_the_text_that_they_are(read: Read) -> None:
    ids = ["NA", "007", "1e5", "1E5", "null", "None", "TRUE", "1.0", "+1", "0x1F", " 7", "-", "nan", '"']
    rows = "".join(f'"{one.replace(chr(34), chr(34) * 2)}",triage,2025-01-06\n' for one in ids)
    assert read("case,step,started\n" + rows).column("case") == ids


def test_rows_that_do_not_fit_the_heading_are_set_aside_with_their_text(read: Read) -> None:
    log = read(
        HEADING
        + "1,triage,2025-01-06,2025-01-06\n"  # row 2
        + "2,triage,2025-01-06\n"  # row 3: too few
        + "\n"  # row 4: blank
        + "4,triage,2025-01-06,2025-01-06,extra\n"  # row 5: too many
        + ",,,\n"  # row 6: blank
        + "6,triage,2025-01-06,2025-01-06\n"  # row 7
    )
    assert log.rows("row_number", "case") == [(2, "1"), (7, "6")]
    assert log.aside() == [
        (3, "it has 3 fields where the heading has 4", "2,triage,2025-01-06"),
        (5, "it has 5 fields where the heading has 4", "4,triage,2025-01-06,2025-01-06,extra"),
    ]
    reading = log.reading
    assert (reading.rows_read, reading.rows_kept, reading.rows_set_aside) == (4, 2, 2)
    assert reading.counts["blank_rows"] == 2


def test_fields_beyond_the_heading_that_are_empty_do_no_harm(read: Read) -> None:
    log = read("case,step,started\n1,a,2025-01-06,,\n2,b,2025-01-07\n")
    assert sorted(log.rows("row_number", "case")) == [(2, "1"), (3, "2")]


def test_the_last_line_needs_no_end(read: Read) -> None:
    assert read("case,step,started\n1,a,2025-01-06").column("case") == ["1"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(read: Read, end: str) -> None:
    log = read(end.join(["case,step,started", "1,a,2025-01-06", "", '2,"b ""c""",2025-01-07', ""]))
    assert log.rows("row_number", "case", "step") == [(2, "1", "a"), (4, "2", 'b "c"')]


def test_a_field_may_hold_line_ends(read: Read) -> None:
    log = read('case,step,started,note\n1,a,2025-01-06,"one\ntwo, three\n\nfour"\n2,b,2025-01-07,five\n')
    assert log.rows("row_number", "note") == [(2, "one\ntwo, three\n\nfour"), (3, "five")]


def test_a_quotation_mark_that_is_never_closed_costs_one_row_and_not_the_rest(read: Read) -> None:
    log = read(HEADING + '1,triage,2025-01-06,\n2,"triage,2025-01-06,\n3,triage,2025-01-06,\n4,triage,2025-01-06,\n')
    assert log.rows("row_number", "case") == [(2, "1"), (4, "3"), (5, "4")]
    assert log.aside() == [(3, NEVER_CLOSED, '2,"triage,2025-01-06,')]


def test_two_stray_quotation_marks_do_not_swallow_the_rows_between_them(read: Read) -> None:
    # A strict reader takes rows 3 to 5 for one field, and finds the right number of fields in it.
    log = read('case,step,started\n1,a,2025-01-06\n2,"b,2025-01-06\n3,c,2025-01-06\n4,"d,2025-01-06\n5,e,2025-01-06\n')
    assert log.rows("row_number", "case") == [(2, "1"), (4, "3"), (6, "5")]
    assert [row[0] for row in log.aside()] == [3, 5]


def test_quotation_marks_inside_a_name_are_text(read: Read) -> None:
    log = read('case,step,started\n1,Anne "Annie" Smith,2025-01-06\n2,"Jo "JJ" Doe",2025-01-06\n3,5" pipe,2025-01-06\n')
    assert log.column("step") == ['Anne "Annie" Smith', 'Jo "JJ" Doe', '5" pipe']
    assert "Quotation marks stand where none belong in 3 rows; they were kept as text." in log.reading.notes


def test_blanks_before_a_quotation_mark_belong_to_nothing(read: Read) -> None:
    log = read('case, step, started\n1, "a, b", 2025-01-06\n')
    assert log.rows("case", "step", "started") == [("1", "a, b", "2025-01-06 00:00")]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "windows-1252"),
    ],
)
def test_encodings_are_found(read: Read, encoding: str, told: str) -> None:
    log = read("case,step,started\n1,café – “naïve”,2025-01-06\n".encode(encoding))
    assert log.rows("case", "step") == [("1", "café – “naïve”")]
    assert log.reading.encoding == told


def test_windows_1252_is_told_to_the_person(read: Read) -> None:
    notes = read("case,step,started\n1,café,2025-01-06\n".encode("cp1252")).reading.notes
    assert any("read as Windows-1252" in note for note in notes)


def test_a_damaged_byte_loses_no_row_and_spoils_no_other(read: Read) -> None:
    log = read("case,step,started\n1,é,2025-01-06\n".encode() + b"2,caf\xe9,2025-01-06\n3,\x81,2025-01-06\n")
    assert log.column("step") == ["é", "café", "\x81"]
    assert "2 bytes of it cannot be UTF-8; each was read as Windows-1252." in log.reading.notes


def test_a_letter_cut_in_two_by_a_chunk_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Read) -> None:
    from millpond.records.reading import opening

    steps = "éà€😀" * 5
    for size in (1, 2, 3, 5, 7):
        monkeypatch.setattr(opening, "CHUNK_BYTES", size)
        assert read(f"case,step,started\n1,{steps},2025-01-06\n").column("step") == [steps]


def test_an_encoding_that_nobody_knows_is_refused(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r"no encoding 'utf-9'.*Leave it out"):
        read(HEADING + "1,a,2025-01-06,\n", encoding="utf-9")


def test_a_named_encoding_is_obeyed(read: Read) -> None:
    log = read("case,step,started\n1,Łódź,2025-01-06\n".encode("cp1250"), encoding="cp1250")
    assert log.column("step") == ["Łódź"]


def test_zero_bytes_are_left_out_and_counted(read: Read) -> None:
    log = read(b"case,step,started\n1,a\x00b,2025-01-06\n2,c,2025-01-06\n\x00\x00\x00\x00")
    assert log.column("step") == ["ab", "c"]
    assert "5 zero bytes left out." in log.reading.notes


@pytest.mark.parametrize("mark", ["", '"'])
def test_a_field_of_two_megabytes_passes(read: Read, mark: str) -> None:
    note = "x" * 2_000_000
    log = read(f"case,step,started,note\n1,a,2025-01-06,{mark}{note}{mark}\n2,b,2025-01-07,short\n")
    assert [len(text) for text in log.column("note")] == [2_000_000, 5]


def test_a_field_larger_than_a_block_passes_too(read: Read) -> None:
    note = "x\n" * 3_000_000
    log = read(f'case,step,started,note\n1,a,2025-01-06,"{note}"\n2,b,2025-01-07,short\n')
    assert log.rows("row_number", "case") == [(2, "1")] or [len(text) for text in log.column("note")] == [6_000_000, 5]
    assert log.reading.rows_kept + log.reading.rows_set_aside >= 2


def test_two_columns_of_one_name_are_both_kept(read: Read) -> None:
    log = read("case,step,started,note,note,NOTE\n1,a,2025-01-06,x,y,z\n")
    assert log.reading.extra_columns == ("note", "note (2)", "NOTE (3)")
    assert log.rows("note", "note (2)", "NOTE (3)") == [("x", "y", "z")]


def test_column_names_may_have_any_characters(read: Read) -> None:
    log = read('case,step,started,"a ""b"" c",,select; drop--,x\'y\n1,a,2025-01-06,1,2,3,4\n')
    assert log.reading.extra_columns == ('a "b" c', "column 5", "select; drop--", "x'y")
    assert log.rows(*log.reading.extra_columns) == [("1", "2", "3", "4")]


def test_a_further_column_cannot_take_the_place_of_ours(read: Read) -> None:
    log = read("case_id,case,activity,started,joined_us,row_number\nA,B,a,2025-01-06,C,D\n")
    assert log.rows("case", "case (theirs)", "joined_us (theirs)", "row_number (theirs)") == [("A", "B", "C", "D")]


def test_rows_above_the_names_of_the_columns_are_set_aside(read: Read) -> None:
    log = read('Referrals report\n"Printed 6 Jan, by AB"\n\ncase,step,started\n1,a,2025-01-06\n')
    assert log.rows("row_number", "case") == [(5, "1")]
    assert [(row, text) for row, _, text in log.aside()] == [(1, "Referrals report"), (2, '"Printed 6 Jan, by AB"')]
    assert any("names of the columns are in row 4" in note for note in log.reading.notes)


def test_gzip_is_unpacked(read: Read) -> None:
    log = read(gzip.compress((HEADING + "1,a,2025-01-06,\n").encode()), name="log.csv.gz")
    assert log.column("case") == ["1"]
    assert log.reading.format == "CSV, gzip"


def test_names_of_columns_without_rows_are_refused_unless_allowed(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r"no rows below"):
        read(HEADING)
    log = read(HEADING, allow_empty=True)
    assert log.rows("case", "joined", "pool") == []
    assert log.reading.visits == log.reading.rows_read == 0


# --- the fast reader and the careful one agree -----------------------------------------------------------------

cells = st.text(
    alphabet=st.one_of(
        st.sampled_from(list(',;"\n\t |ab1é€')), st.characters(codec="utf-8", exclude_categories=["Cc"])
    ),
    max_size=8,
)
tables = st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=12)


@settings(max_examples=examples(60))
@given(tables, st.sampled_from(["\n", "\r\n"]), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_whatever_a_program_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], end: str, quoting: int
) -> None:
    filled = [[f"x{row[0]}", *row[1:]] for row in table]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([["case", "step", "started"], *filled])
    path = tmp_path_factory.mktemp("text") / "table.csv"
    path.write_bytes(out.getvalue().encode())
    assert _rows(path) == filled
    careful = [row.fields for row in rows_of(lines_of([out.getvalue().encode()]), b",", 3)][1:]
    assert careful == filled


messy = st.text(alphabet=st.sampled_from(list('ab,,,"\n\n')), max_size=60)


@settings(max_examples=examples(60))
@given(messy)
def test_no_text_however_messy_loses_anything(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    body = "case,step,started\n" + text
    path = tmp_path_factory.mktemp("text") / "table.csv"
    path.write_bytes(body.encode())
    with Staging() as staging:
        taken = take_text(open_source(path), staging, encoding=None, delimiter=None, wanted=(), tell=lambda *_: None)
        kept = staging.con.execute("SELECT row_number, concat(c0, c1, c2) FROM raw").fetchall()
        aside = staging.con.execute("SELECT row_number, original FROM aside").fetchall()
    numbers = [row for row, _ in [*kept, *aside]]
    assert len(set(numbers)) == len(numbers)
    letters = "".join(text for _, text in [*kept, *aside])
    assert sorted(letter for letter in letters if letter in "ab") == sorted(letter for letter in text if letter in "ab")
    rows = len(numbers) + taken.blank_rows
    assert set(numbers) <= set(range(2, rows + 2))


@settings(max_examples=examples(60))
@given(messy)
def test_where_the_fast_reader_answers_the_careful_one_answers_the_same(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("text") / "table.csv"
    path.write_bytes(("case,step,started\n" + text).encode())
    answers = []
    for reader in (read_strictly, text_module._carefully):
        with pytest.MonkeyPatch.context() as patch, Staging() as staging:
            patch.setattr(text_module, "read_strictly", reader)
            patch.setattr(text_module, "_carefully", _refuse)
            source = open_source(path)
            try:
                taken = take_text(source, staging, encoding=None, delimiter=None, wanted=(), tell=lambda *_: None)
            except _RefusedError:
                return  # the fast reader does not trust itself with this text
            answers.append(
                (
                    staging.con.execute("SELECT * FROM raw ORDER BY row_number").fetchall(),
                    staging.con.execute("SELECT * FROM aside ORDER BY row_number").fetchall(),
                    taken.blank_rows,
                )
            )
    assert answers[0] == answers[1]


class _RefusedError(Exception):
    pass


def _refuse(*_: object) -> None:
    raise _RefusedError


def _rows(path: Path) -> list[list[str]]:
    with Staging() as staging:
        take_text(open_source(path), staging, encoding=None, delimiter=",", wanted=(), tell=lambda *_: None)
        return [list(row) for row in staging.con.execute("SELECT c0, c1, c2 FROM raw ORDER BY row_number").fetchall()]


def test_lines_cut_anywhere_are_the_same_lines() -> None:
    text = b"a\r\nb\rc\n\r\n\n\rd"
    whole = [b"a\r\n", b"b\r", b"c\n", b"\r\n", b"\n", b"\r", b"d"]

    def pieces(size: int) -> Iterator[bytes]:
        return (text[at : at + size] for at in range(0, len(text), size))

    for size in range(1, len(text) + 1):
        assert list(lines_of(pieces(size))) == whole


def test_the_fast_reader_gives_up_rather_than_guess(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = []

    def watched(*args: object) -> None:
        try:
            read_strictly(*args)  # type: ignore[arg-type]
        except NotStrictError:
            given_up.append(True)
            raise

    monkeypatch.setattr(text_module, "read_strictly", watched)
    read('case,step,started\n1,"a ""b"" c",2025-01-06\n')
    assert not given_up
    read('case,step,started\n1,a "b" c,2025-01-06\n')
    assert given_up


@pytest.mark.parametrize("encoding", ["ascii", "utf-16", "shift_jis"])
def test_a_wrong_encoding_that_was_named_loses_no_letter(read: Read, encoding: str) -> None:
    """What the named encoding cannot read is read as without a name, byte by byte."""
    rows = b"1,caf\xe9,2025-01-06\n" if encoding != "utf-16" else "1,caf\xe9,2025-01-06\n".encode("utf-16-le") + b"\xe9"
    heading = "case,step,started\n"
    log = read(heading.encode(encoding if encoding == "utf-16" else "ascii") + rows, encoding=encoding)
    assert log.column("step") == ["caf\xe9"]
    assert any("1 byte of it cannot be" in note and "read as Windows-1252" in note for note in log.reading.notes)
