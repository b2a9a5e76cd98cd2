"""service.toml from and to the disk, and files that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from millpond.errors import FaultyService, UnreadableFile
from millpond.model import Pool, Service, Step, dump_service, load_service, parse_service
from tests.unit.model.examples import NORTHSHIRE


def test_a_tidy_file_is_written_as_it_was_read() -> None:
    assert dump_service(parse_service(NORTHSHIRE)) == NORTHSHIRE


def test_only_what_differs_from_the_defaults_is_written() -> None:
    service = Service(name="x", timezone="Europe/London", pools={"a": Pool(skills=(), opening_backlog=0)})
    assert dump_service(service) == 'name = "x"\n\n[pools.a]\n'


@pytest.mark.parametrize(
    ("following", "written"),
    [
        ({"closed": 1}, 'next = "closed"'),
        ({"closed": 0.9999999}, "next = { closed = 0.9999999 }"),
        ({"closed": 1, "withdrawn": 0}, "next = { closed = 1, withdrawn = 0 }"),
        ({"closed": 0.1, "first contact": 0.9}, 'next = { closed = 0.1, "first contact" = 0.9 }'),
    ],
)
def test_one_name_is_written_where_all_cases_go_there(following: dict[str, float], written: str) -> None:
    service = Service(name="x", steps={"first contact": Step(next=following)})
    assert dump_service(service).splitlines()[-1] == written
    assert parse_service(dump_service(service)) == service


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("triage", "[steps.triage]"),
        ("first contact", '[steps."first contact"]'),
        ("a.b", '[steps."a.b"]'),
        ('"now"', r'[steps."\"now\""]'),
        ("l'été", '[steps."l\'été"]'),
        ("back\\slash", r'[steps."back\\slash"]'),
        ("two\nlines", r'[steps."two\nlines"]'),
    ],
)
def test_names_are_quoted_where_they_must_be(name: str, heading: str) -> None:
    service = Service(name="x", steps={name: Step()})
    assert dump_service(service).splitlines()[-1] == heading
    assert parse_service(dump_service(service)) == service


@pytest.mark.parametrize(
    "content",
    [
        NORTHSHIRE.encode(),
        b"\xef\xbb\xbf" + NORTHSHIRE.encode(),
        NORTHSHIRE.replace("\n", "\r\n").encode(),
    ],
    ids=["plain", "with a byte order mark", "with the line ends of Windows"],
)
def test_a_file_is_read(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "service.toml"
    file.write_bytes(content)
    assert load_service(file) == load_service(tmp_path) == load_service(str(tmp_path)) == parse_service(NORTHSHIRE)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    for missing in (tmp_path, tmp_path / "service.toml", tmp_path / "nowhere" / "service.toml"):
        with pytest.raises(UnreadableFile) as caught:
            load_service(missing)
        assert "There is no service.toml in" in str(caught.value)
        assert "`millpond import FILE --into" in str(caught.value)
        assert "`millpond demo DIR`" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \r\n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        ('name = "x"'.encode("utf-16"), "is saved as UTF-16"),
        ('name = "x"\n# caf\u00e9'.encode("cp1252"), "is not UTF-8 text: line 2 has the byte 0xe9"),
        (b"PK\x03\x04\x14\x00\xff", "is not UTF-8 text: line 1 has the byte 0xff"),
    ],
)
def test_a_file_that_is_no_text_says_what_to_do(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "service.toml"
    file.write_bytes(content)
    with pytest.raises(UnreadableFile) as caught:
        load_service(file)
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 2, "what is wrong, and the cure"


def test_a_folder_of_that_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "service.toml").mkdir()
    with pytest.raises(UnreadableFile):
        load_service(tmp_path)


def test_a_path_that_cannot_be_is_no_file() -> None:
    with pytest.raises(UnreadableFile):
        load_service("\0")


def test_faults_name_the_file(tmp_path: Path) -> None:
    file = tmp_path / "service.toml"
    file.write_text("nam = 3", encoding="utf-8")
    with pytest.raises(FaultyService) as caught:
        load_service(tmp_path)
    assert str(caught.value).startswith(f"{file} has 2 faults:\n")


@pytest.mark.parametrize(
    ("text", "where", "what", "cure"),
    [
        ("name = Northshire", "line 1", "has a value that cannot be read: name = Northshire", "straight quotes"),
        ('\n\nname = “x”\nx = "', "line 3", "has a value that cannot be read: name = “x”", "curly quotes"),
        ('name = "x', "line 1", "has text whose quotes are not closed", "Close the quotes"),
        ('name = "x\ncurrency = "GBP"', "line 1", "has text whose quotes are not closed", "Close the quotes"),
        ('name = "x"\n[pools.a]\ncost_per_hour = 22,50', "line 3", "has something left over", "a point: 22.50"),
        ('name = "x"\nfirst step = "a"', "line 2", "has no equals sign after a key", "name with spaces in quotes"),
        ('name = "x"\n[pools.a\nworkers = 2', "line 2", "has a heading without its closing bracket", "[pools.x]"),
        ('name = "x"\n[pools.a]\n[pools.a]', "line 3", "has a heading that stands in the file twice", "one of them"),
        ('name = "x"\nname = "y"', "line 2", "has a key that stands there twice", "Take one"),
        ('name = "x"\nextra_closures = [2025-02-30]', "line 2", "has a date that does not exist", "2025-09-01"),
        ('name = "x"\noutcomes = ["a" "b"]', "line 2", "has a list whose bracket is not closed", "commas"),
        ('name = "x"\noutcomes = ["a",', "line 2", "has a value that cannot be read", ""),
        ('name = "C:\\Users"', "line 1", "has a backslash", "twice"),
        ('name = "C:\\data"', "line 1", "has a backslash", "twice"),
        ("= 3", "line 1", "begins with something that is no key", "Write key = value"),
        (
            'name = "x"\n[pools.a.b]\n[pools]\n[pools.a]\n[pools.a.b]',
            "line 5",
            "has a heading that stands",
            "under one",
        ),
        ('name = "x"\n[pools]\na = {}\na.b = 3', "line 4", "adds to a table that was closed", "in one place"),
        ('name = "x" # a\0b', "line 1", "has a character that may not stand there", "Take it away"),
        ('name = "\\ud800"', "line 1", "has a backslash", "twice"),
        ('name = "a\0b"', "line 1", "has a character that may not stand there", "Take it away"),
        ("x = " + "9" * 5000, "the file", "cannot be read as TOML", "Correct it"),
        ("x = " + "[" * 100_000, "the file", "has brackets within brackets, too deep to read", "not needed"),
        ("name", "line 1", "has no equals sign after a key", "Write key = value"),
    ],
)
def test_a_file_that_is_no_toml_says_where_and_what_to_do(text: str, where: str, what: str, cure: str) -> None:
    with pytest.raises(FaultyService) as caught:
        parse_service(text)
    (fault,) = caught.value.faults
    assert fault.where == where
    assert fault.what.startswith(what)
    assert cure in fault.cure
    assert len(fault.what) < 300


def test_headings_within_headings_without_end_are_only_faults() -> None:
    with pytest.raises(FaultyService) as caught:
        parse_service('name = "x"\n[' + ".".join(["steps"] * 20_000) + "]")
    assert [fault.where for fault in caught.value.faults] == ["steps.steps.steps"]


def test_a_file_of_records_is_no_service(tmp_path: Path) -> None:
    records = tmp_path / "referrals.csv"
    records.write_text("case,step,joined\n")
    with pytest.raises(UnreadableFile, match=r"is a file, and the folder.*needed.\n.*millpond import .*referrals.csv"):
        load_service(records)
