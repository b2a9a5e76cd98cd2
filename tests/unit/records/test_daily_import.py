"""Daily totals come into a folder: recognised, added, and told anew by a newer file."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from millpond.errors import UnreadableFile
from millpond.model import parse_service
from millpond.records.daily import are_daily_totals
from millpond.records.importing import Import, import_log
from millpond.records.store import open_records

NOW = datetime(2025, 2, 1, tzinfo=UTC)


def came(tmp_path: Path, text: str, *, replace_closed: bool = False) -> Import:
    file = tmp_path / "totals.csv"
    file.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n")
    return import_log(file, tmp_path / "folder", now=NOW, replace_closed=replace_closed)


def kept(tmp_path: Path) -> list[str]:
    return (tmp_path / "folder" / "daily.csv").read_text().splitlines()


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in sorted(folder.iterdir())}


FIRST = """
    Date;Team;Referrals;Closed;Waiting
    07/01/2025;advocates;12;8;24
    06/01/2025;advocates;12;8;20
    13/01/2025;advocates;3;0;27
"""


def test_a_file_of_totals_is_known_by_its_columns_and_written_in_order(tmp_path: Path) -> None:
    done = came(tmp_path, FIRST)
    assert (done.kind, done.added, done.records_file.name) == ("daily totals", 3, "daily.csv")
    assert done.sentence == "3 daily totals added."
    assert kept(tmp_path) == [
        "date,pool,joined,done,waiting",
        "2025-01-06,advocates,12,8,20",
        "2025-01-07,advocates,12,8,24",
        "2025-01-13,advocates,3,0,27",
    ]
    assert (tmp_path / "folder" / "daily.csv").stat().st_mode & 0o777 == 0o600


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    came(tmp_path, FIRST + "soon;advocates;1;1;1\n")
    before = state(tmp_path / "folder")
    again = came(tmp_path, FIRST + "soon;advocates;1;1;1\n")
    assert state(tmp_path / "folder") == before
    assert again.sentence == "Nothing new: 3 daily totals unchanged."


def test_a_newer_file_tells_days_anew_and_the_old_totals_are_set_aside(tmp_path: Path) -> None:
    came(tmp_path, FIRST)
    done = came(
        tmp_path, FIRST.replace("13/01/2025;advocates;3;0;27", "13/01/2025;advocates;11;9;\n14/01/2025;advocates;5;4;")
    )
    assert (done.added, done.updated, done.unchanged) == (1, 1, 2)
    assert kept(tmp_path)[3:] == ["2025-01-13,advocates,11,9,27", "2025-01-14,advocates,5,4,"]
    with (tmp_path / "folder" / "set-aside.csv").open() as stream:
        (row,) = csv.DictReader(stream)
    assert row == {
        "source": "daily.csv",
        "row": "0",
        "reason": "replaced by the totals of a newer file",
        "original": "date=2025-01-13, pool=advocates, joined=3, done=0, waiting=27",
    }


def test_an_older_file_adds_and_changes_nothing_unless_asked(tmp_path: Path) -> None:
    came(tmp_path, FIRST)
    older = "date,team,joined,done\n2025-01-03,advocates,1,1\n2025-01-06,advocates,99,8"
    done = came(tmp_path, older)
    assert (done.added, done.updated, done.differing, done.set_aside) == (1, 0, 1, 1)
    assert kept(tmp_path)[1:3] == ["2025-01-03,advocates,1,1,", "2025-01-06,advocates,12,8,20"]
    assert came(tmp_path, older, replace_closed=True).updated == 1
    assert kept(tmp_path)[2] == "2025-01-06,advocates,99,8,20"


def test_a_workbook_of_totals(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Date", "New", "Done", "Minutes per visit"])
    sheet.append([date(2025, 1, 6), 12, 8, 40.5])
    sheet.append([date(2025, 1, 7), 12, 8, 40])
    book.save(tmp_path / "totals.xlsx")
    done = import_log(tmp_path / "totals.xlsx", tmp_path / "folder", now=NOW)
    assert (done.kind, done.added) == ("daily totals", 2)
    assert kept(tmp_path) == [
        "date,pool,joined,done,waiting,minutes_per_visit",
        "2025-01-06,,12,8,,40.5",
        "2025-01-07,,12,8,,40",
    ]


@pytest.mark.parametrize(
    ("text", "are"),
    [
        ("date,joined,done\n2025-01-06,1,2", True),
        ("Day,Pool,Referrals,Closed,Waiting\n2025-01-06,a,1,2,3", True),
        ("date,referred,closed\n2025-01-06,2025-01-07,2025-01-08", False),  # a row a case, with its times
        ("date,case,joined,done\n2025-01-06,1,1,2", False),
        ("date,joined\n2025-01-06,1", False),
        ("date,joined,done\n2025-01-06,1,2\n2025-01-07,n/a,2\n2025-01-08,1,-3", True),
        ("date,joined,done\n2025-01-06,1,yes\n2025-01-07,1,no", False),
        ("period,attendances,breaches\n2016-04-01,1,2", False),
        ("date,joined,done", False),
        ("\x00\x01\x02\x03", False),
    ],
)
def test_totals_are_told_from_visits(tmp_path: Path, text: str, are: bool) -> None:
    (tmp_path / "file.csv").write_text(text)
    assert are_daily_totals(tmp_path / "file.csv") is are


def test_a_long_text_is_judged_by_its_beginning(tmp_path: Path) -> None:
    rows = [f"{date(1990, 1, 1) + timedelta(days=n)},1,2" for n in range(10_000)]
    (tmp_path / "file.csv").write_text("date,joined,done\n" + "\n".join(rows))
    assert are_daily_totals(tmp_path / "file.csv")
    assert import_log(tmp_path / "file.csv", tmp_path / "folder", now=NOW).added == 10_000


def test_what_other_columns_say_of_a_day_is_kept(tmp_path: Path) -> None:
    came(tmp_path, "date,joined,done,comment\n2025-01-06,1,2,snow\n2025-01-07,1,2,")
    came(tmp_path, "date,joined,done,Weather\n2025-01-06,1,2,cold\n2025-01-08,1,2,mild")
    assert kept(tmp_path) == [
        "date,pool,joined,done,waiting,comment,Weather",
        "2025-01-06,,1,2,,snow,cold",
        "2025-01-07,,1,2,,,",
        "2025-01-08,,1,2,,,mild",
    ]


def test_totals_that_cannot_be_read_are_refused_or_set_aside(tmp_path: Path) -> None:
    done = came(tmp_path, "date,joined,done\n2025-01-06,1,2\n,1,2\n2025-01-07,1,")
    assert (done.added, done.set_aside) == (1, 2)
    assert [(found.kind, found.count) for found in done.quality.findings] == [("set aside", 1), ("set aside", 1)]
    assert done.quality.sentences[0] == "3 rows read from totals.csv: 1 day kept, 2 rows set aside."
    (tmp_path / "none.csv").write_text("date,joined,done\nsoon,1,2\n")
    with pytest.raises(UnreadableFile, match="not one of its 1 row"):
        import_log(tmp_path / "none.csv", tmp_path / "other", now=NOW)
    assert not (tmp_path / "other").exists()


def test_the_quality_of_totals_tells_gaps_future_days_and_the_lag(tmp_path: Path) -> None:
    days = [date(2024, 10, 7) + timedelta(days=n) for n in range(84)]
    lines = [f"{day},{0 if day == days[-1] else 20},5" for day in days if day != days[40]]
    done = came(tmp_path, "\n".join(["date,joined,done", *lines, "2025-06-01,1,1"]))
    assert [(found.kind, found.count) for found in done.quality.findings] == [("future dates", 1), ("gaps in days", 1)]
    assert done.quality.lag.filling_from == days[-1]
    service = parse_service('name = "x"\n[pools.team]\nworkers = 1\n')
    with open_records(tmp_path / "folder", service) as records:
        quality = records.quality(now=NOW, service=service)
    assert quality.lag == done.quality.lag
    assert [found.kind for found in quality.findings] == ["future dates", "gaps in days"]


def test_one_count_that_cannot_be_read_sets_one_row_aside(tmp_path: Path) -> None:
    done = came(tmp_path, "date,joined,done\n2025-01-06,1,2\n2025-01-07,n/a,2\n2025-01-08,1,2")
    assert (done.added, done.set_aside) == (2, 1)
    assert "what stands in 'joined' is no whole number of visits" in (tmp_path / "folder" / "set-aside.csv").read_text()
