"""Start and complete rows become visits, as a person would pair them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.searching import examples

from .conftest import Log, Read

Visit = tuple[Any, ...]


def paired(read: Read, table: str, **asked: Any) -> tuple[Log, list[Visit]]:
    """The visits (case, step, joined, started, ended, worker, outcome) of a table of rows; times are of one day."""
    lines = [line.strip() for line in table.strip().splitlines()]
    names = [name.strip() for name in lines[0].split("|")]
    text = [",".join(names)]
    for line in lines[2:]:
        cells = [cell.strip() for cell in line.split("|")]
        text.append(
            ",".join(f"2025-01-06 {cell}" if name == "time" else cell for name, cell in zip(names, cells, strict=True))
        )
    log = read("\n".join(text) + "\n", **asked)
    visits = [
        tuple(value[11:] if isinstance(value, str) and value.startswith("2025-01-06 ") else value for value in row)
        for row in log.rows("case", "step", "joined", "started", "ended", "worker", "outcome", "joined_source")
    ]
    return log, [(*row[:2], row[2] if row[7] == "recorded" else None, *row[3:7]) for row in visits]


def test_a_start_and_a_complete_make_a_visit(read: Read) -> None:
    log, visits = paired(
        read,
        """
        case | activity | time  | lifecycle | resource
        -----+----------+-------+-----------+---------
        ada  | triage   | 09:00 | start     | w1
        bob  | triage   | 09:05 | start     | w2
        ada  | triage   | 09:20 | complete  | w1
        bob  | triage   | 09:30 | complete  | w2
        """,
    )
    assert visits == [
        ("ada", "triage", None, "09:00", "09:20", "w1", None),
        ("bob", "triage", None, "09:05", "09:30", "w2", None),
    ]
    assert (log.reading.lifecycle, log.reading.rows_kept, log.reading.visits) == ("start/complete rows", 4, 2)


def test_open_visits_and_those_without_a_start_are_kept(read: Read) -> None:
    _, visits = paired(
        read,
        """
        case | activity | time  | lifecycle
        -----+----------+-------+----------
        ada  | triage   | 09:00 | COMPLETE
        ada  | triage   | 10:00 | START
        ada  | triage   | 10:30 | Complete
        ada  | triage   | 11:00 | start
        """,
    )
    assert visits == [
        ("ada", "triage", None, None, "09:00", None, None),
        ("ada", "triage", None, "10:00", "10:30", None, None),
        ("ada", "triage", None, "11:00", None, None, None),
    ]


def test_a_completion_never_takes_a_start_that_comes_after_it(read: Read) -> None:
    _, visits = paired(
        read,
        """
        case | activity | time  | lifecycle
        -----+----------+-------+----------
        ada  | triage   | 09:00 | complete
        ada  | triage   | 09:30 | start
        """,
    )
    assert [(row[3], row[4]) for row in visits] == [(None, "09:00"), ("09:30", None)]


def test_rows_in_any_order_and_of_zero_length_are_paired(read: Read) -> None:
    _, visits = paired(
        read,
        """
        case | activity | time  | lifecycle
        -----+----------+-------+----------
        ada  | triage   | 09:00 | complete
        ada  | triage   | 09:00 | start
        bob  | triage   | 10:00 | complete
        bob  | triage   | 09:00 | start
        """,
    )
    assert [(row[0], row[3], row[4]) for row in visits] == [("ada", "09:00", "09:00"), ("bob", "09:00", "10:00")]


def test_of_several_under_way_at_once_each_worker_completes_their_own(read: Read) -> None:
    _, visits = paired(
        read,
        """
        case | activity | time  | lifecycle | resource
        -----+----------+-------+-----------+---------
        ada  | review   | 09:00 | start     | w1
        ada  | review   | 09:10 | start     | w2
        ada  | review   | 09:20 | complete  | w2
        ada  | review   | 09:50 | complete  | w1
        """,
    )
    assert [(row[5], row[3], row[4]) for row in visits] == [("w1", "09:00", "09:50"), ("w2", "09:10", "09:20")]


def test_one_at_a_time_may_change_hands(read: Read) -> None:
    _, visits = paired(
        read,
        """
        case | activity | time  | lifecycle | resource
        -----+----------+-------+-----------+---------
        ada  | review   | 09:00 | start     | w1
        ada  | review   | 09:20 | complete  | w2
        ada  | review   | 10:00 | start     | w1
        ada  | review   | 10:20 | complete  | w1
        """,
    )
    assert [(row[5], row[3], row[4]) for row in visits] == [("w1", "09:00", "09:20"), ("w1", "10:00", "10:20")]


def test_without_workers_the_first_started_is_the_first_completed(read: Read) -> None:
    _, visits = paired(
        read,
        """
        case | activity | time  | lifecycle
        -----+----------+-------+----------
        ada  | review   | 09:00 | start
        ada  | review   | 09:10 | start
        ada  | review   | 09:20 | complete
        ada  | review   | 09:50 | complete
        """,
    )
    assert [(row[3], row[4]) for row in visits] == [("09:00", "09:20"), ("09:10", "09:50")]


def test_an_instance_id_decides_even_against_the_order_of_time(read: Read) -> None:
    log, visits = paired(
        read,
        """
        case | activity | time  | lifecycle | handling_id
        -----+----------+-------+-----------+------------
        ada  | review   | 09:00 | start     | 1
        ada  | review   | 09:10 | start     | 2
        ada  | review   | 09:20 | complete  | 2
        ada  | review   | 09:50 | complete  | 1
        ada  | review   | 10:00 | complete  | 3
        ada  | review   | 10:10 | start     | 3
        ada  | review   | 11:00 | start     |
        ada  | review   | 11:30 | complete  |
        """,
    )
    assert [(row[3], row[4]) for row in visits] == [
        ("09:00", "09:50"),
        ("09:10", "09:20"),
        ("10:10", "10:00"),  # the quality report will tell
        ("11:00", "11:30"),
    ]
    assert log.reading.extra_columns == ("handling_id",)


def test_an_id_that_each_row_has_for_itself_ties_nothing_together(read: Read) -> None:
    _, visits = paired(
        read,
        """
        case | activity | time  | lifecycle | concept:instance
        -----+----------+-------+-----------+-----------------
        ada  | review   | 09:00 | start     | e1
        ada  | review   | 09:20 | complete  | e2
        """,
    )
    assert [(row[3], row[4]) for row in visits] == [("09:00", "09:20")]


def test_being_scheduled_is_joining(read: Read) -> None:
    _, visits = paired(
        read,
        """
        case | activity | time  | lifecycle | resource
        -----+----------+-------+-----------+---------
        ada  | review   | 08:00 | schedule  |
        ada  | review   | 08:30 | assign    | w1
        ada  | review   | 09:00 | start     | w1
        ada  | review   | 09:20 | complete  | w1
        bob  | review   | 08:10 | assign    | w2
        bob  | review   | 09:30 | complete  | w2
        eve  | review   | 08:20 | schedule  |
        """,
    )
    assert visits == [
        ("ada", "review", "08:00", "09:00", "09:20", "w1", None),
        ("bob", "review", "08:10", None, "09:30", "w2", None),
        ("eve", "review", "08:20", None, None, None, None),
    ]


def test_withdrawing_and_aborting_end_a_visit_as_withdrawn(read: Read) -> None:
    _, visits = paired(
        read,
        """
        case | activity | time  | lifecycle
        -----+----------+-------+----------
        ada  | review   | 08:00 | schedule
        ada  | review   | 09:00 | withdraw
        bob  | review   | 08:00 | start
        bob  | review   | 09:00 | ate_abort
        cat  | review   | 08:00 | start
        cat  | review   | 09:00 | withdraw
        dan  | review   | 09:00 | withdraw
        eve  | review   | 07:00 | schedule
        eve  | review   | 08:00 | start
        eve  | review   | 09:00 | pi_abort
        """,
    )
    assert visits == [
        ("ada", "review", "08:00", None, "09:00", None, "withdrawn"),
        ("bob", "review", None, "08:00", "09:00", None, "withdrawn"),
        ("cat", "review", None, "08:00", "09:00", None, "withdrawn"),
        ("dan", "review", None, None, "09:00", None, "withdrawn"),
        ("eve", "review", "07:00", "08:00", "09:00", None, "withdrawn"),
    ]


def test_words_that_neither_start_nor_end_a_visit_are_set_aside(read: Read) -> None:
    log, visits = paired(
        read,
        """
        case | activity | time  | lifecycle
        -----+----------+-------+----------
        ada  | review   | 09:00 | start
        ada  | review   | 09:10 | suspend
        ada  | review   | 09:15 | resume
        ada  | review   | 09:20 | complete
        ada  | review   | 09:30 |
        """,
    )
    assert [(row[3], row[4]) for row in visits] == [("09:00", "09:20")]
    reason = "what stands in 'lifecycle' neither starts nor ends a visit"
    assert [(row, why) for row, why, _ in log.aside()] == [(3, reason), (4, reason), (6, reason)]


def test_what_the_rows_say_besides_is_kept(read: Read) -> None:
    log, _ = paired(
        read,
        """
        case | activity | time  | lifecycle | note  | minutes | outcome | team
        -----+----------+-------+-----------+-------+---------+---------+-----
        ada  | review   | 09:00 | start     | first |         |         | x
        ada  | review   | 09:20 | complete  | last  | 15      | done    |
        bob  | review   | 09:00 | start     | only  |         |         |
        """,
    )
    assert log.rows("note", "minutes_us", "outcome", "pool") == [
        ("last", 900_000_000, "done", "x"),
        ("only", None, None, None),
    ]


@pytest.mark.parametrize("words", [["complete", "complete"], ["complete", ""]])
def test_rows_that_only_complete_are_a_log_of_single_times(read: Read, words: list[str]) -> None:
    text = "case,activity,timestamp,lifecycle\n" + "".join(f"ada,a,2025-01-06 09:00,{word}\n" for word in words)
    log = read(text)
    assert log.reading.lifecycle == "single timestamp"
    assert log.rows("started", "ended", "joined", "joined_source") == [
        (None, "2025-01-06 09:00", "2025-01-06 09:00", "ended")
    ] * len(words)
    assert log.reading.extra_columns == ("lifecycle",)


def test_start_and_end_columns_win_over_a_lifecycle(read: Read) -> None:
    log = read("case,activity,start_time,end_time,lifecycle\n1,a,2025-01-06 09:00,2025-01-06 09:10,start\n")
    assert log.reading.lifecycle == "intervals"


def test_words_of_no_lifecycle_are_left_as_they_are(read: Read) -> None:
    log = read("case,activity,timestamp,transition\n1,a,2025-01-06 09:00,red\n1,b,2025-01-06 10:00,blue\n")
    assert log.reading.lifecycle == "single timestamp"
    assert any("'transition' are none of a lifecycle" in note for note in log.reading.notes)


rows = st.lists(
    st.tuples(
        st.sampled_from(["ada", "bob"]),
        st.integers(0, 12),
        st.sampled_from(["start", "complete"]),
        st.sampled_from("xy"),
    ),
    min_size=1,
    max_size=14,
).filter(lambda rows: any(row[2] == "start" for row in rows))


@settings(max_examples=examples(25))
@given(rows, st.randoms(use_true_random=False))
def test_every_row_is_in_one_visit_whatever_the_order_of_the_rows(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, str, str]], random: Any
) -> None:
    from zoneinfo import ZoneInfo

    import duckdb

    from millpond.records.reading import read_log

    answers = []
    for _ in range(2):
        path = tmp_path_factory.mktemp("log") / "log.csv"
        text = "".join(f"{case},a,2025-01-06 {hour:02d}:00,{word},{who}\n" for case, hour, word, who in rows)
        path.write_text("case,activity,time,lifecycle,resource\n" + text)
        con = duckdb.connect()
        read_log(path, into=con, table="log", zone=ZoneInfo("UTC"))
        visits = con.execute('SELECT "case", started_hour, ended_hour FROM log').fetchall()
        starts = sorted((case, hour) for case, hour, word, _ in rows if word == "start")
        ends = sorted((case, hour) for case, hour, word, _ in rows if word == "complete")
        assert sorted((case, start) for case, start, _ in visits if start is not None) == starts
        assert sorted((case, end) for case, _, end in visits if end is not None) == ends
        assert all(start <= end for _, start, end in visits if start is not None and end is not None)
        answers.append(sorted(visits, key=str))
        random.shuffle(rows)
    # Rows at one instant may be told apart by their order alone; the times of the visits are the same.
    assert answers[0] == answers[1] or len({row[:2] for row in rows}) < len(rows)
