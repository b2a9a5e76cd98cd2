"""Pools of staff from who does what."""

from __future__ import annotations

from millpond.calibration.clusters import groups_of_steps, homes
from millpond.calibration.pools import NOT_NAMED, Staff, staff
from millpond.measures.overview import Taken


def who(text: str, without_length: tuple[str, ...] = ()) -> Staff:
    """The staff of a table ``step | worker | pool | visits``; a blank cell is not recorded."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    taken = [Taken(worker or None, step, pool or None, int(count), 0, 0, 0, 0) for step, worker, pool, count in rows]
    return staff(taken, without_length)


def test_recorded_roles_are_the_pools_under_their_own_names() -> None:
    found = who(
        """
        triage     | ann | Front desk | 10
        triage     | bob | Front desk | 10
        assessment | cat | Advisers   | 5
        advocacy   | cat | Advisers   | 5
        """
    )
    assert found.pools == {"triage": "Front desk", "assessment": "Advisers", "advocacy": "Advisers"}
    assert found.homes == {"ann": "Front desk", "bob": "Front desk", "cat": "Advisers"}
    assert list(found.basis) == ["Front desk", "Advisers"]


def test_a_step_goes_to_the_role_of_most_of_its_visits() -> None:
    found = who(
        """
        triage | ann | Front desk | 18
        triage | cat | Advisers   | 2
        advice | cat | Advisers   | 20
        """
    )
    assert found.pools == {"triage": "Front desk", "advice": "Advisers"}
    assert any("(5% of visits name another)" in note for note in found.notes)  # 2 of 40


def test_a_role_that_says_nobody_is_none_and_the_step_goes_where_its_people_are_at_home() -> None:
    found = who(
        """
        triage | ann | Front desk | 20
        filing | ann | EMPTY      | 4
        filing | bob |            | 1
        tea    |     |            | 1
        """
    )
    assert found.pools == {"triage": "Front desk", "filing": "Front desk", "tea": NOT_NAMED}


def test_a_recorded_team_that_does_not_go_with_the_step_is_no_pool() -> None:
    # North and South each do every step, so the teams say nothing about who does what.
    found = who(
        """
        triage | ann | North | 10
        triage | bob | South | 10
        advice | cat | North | 10
        advice | dan | South | 10
        """
    )
    assert found.pools == {"triage": "pool of triage", "advice": "pool of advice"}


def test_steps_that_the_same_people_do_share_a_pool() -> None:
    found = who(
        """
        triage     | ann | | 10
        triage     | bob | | 10
        register   | ann | | 9
        register   | bob | | 11
        assessment | cat | | 5
        """
    )
    assert found.pools == {
        "triage": "pool of register",
        "register": "pool of register",
        "assessment": "pool of assessment",
    }


def test_a_pool_of_people_with_numbered_ids_is_named_after_them() -> None:
    found = who(
        """
        register | Clerk_1   | | 10
        register | Clerk_2   | | 10
        assess   | Adviser_1 | | 5
        """
    )
    assert set(found.pools.values()) == {"Clerk", "Adviser"}


def test_two_pools_never_have_one_name() -> None:
    found = who(
        """
        register | Staffer_1 | | 10
        assess   | Staffer_2 | | 5
        """
    )
    assert found.pools == {"register": "pool of register", "assess": "pool of assess"}


def test_one_pool_is_the_team() -> None:
    assert who("a | ann | | 3\nb | ann | | 2").pools == {"a": "team", "b": "team"}


def test_a_log_without_workers_has_one_pool() -> None:
    found = who("a | | | 3\nb | ? | | 2")
    assert found.pools == {"a": "team", "b": "team"}
    assert found.homes == {} and not found.lent_to


def test_machines_and_markers_need_no_staff() -> None:
    found = who(
        """
        Start    | SYSTEM | | 10
        register | ann    | | 10
        check    | SYSTEM | | 19
        check    | ann    | | 1
        review   | SYSTEM | | 18
        review   | ann    | | 2
        End      |        | | 10
        """,
        without_length=("Start", "End", "check"),
    )
    # 95% of the checks are by the machine, and 90% of the reviews
    assert found.pools == {"Start": None, "register": "team", "check": None, "review": "team", "End": None}


def test_a_step_called_start_at_which_time_is_spent_needs_staff() -> None:
    assert who("Start | | | 10").pools == {"Start": "team"}
    assert who("Start | ann | | 10", without_length=("Start",)).pools == {"Start": "team"}


def test_half_of_the_work_by_the_same_people_makes_steps_alike() -> None:
    # ann's share is in common: 50%, and then 49%
    assert groups_of_steps({"a": {"ann": 50, "bob": 50}, "b": {"ann": 50, "cat": 50}}) == [["a", "b"]]
    assert groups_of_steps({"a": {"ann": 49, "bob": 51}, "b": {"ann": 50, "cat": 50}}) == [["a"], ["b"]]


def test_a_step_that_people_at_home_elsewhere_do_joins_their_group() -> None:
    # Eight people register; one of them also archives. Alone, she is an eighth of the registering.
    taken = {"register": {f"w{n}": 100 for n in range(8)}, "archive": {"w0": 10}}
    assert groups_of_steps(taken) == [["register", "archive"]]
    assert homes(taken, {"register": "r", "archive": "a"})["w0"] == "r"


def test_who_does_two_things_equally_is_at_home_where_the_name_comes_first() -> None:
    assert homes({"x": {"ann": 5}, "y": {"ann": 5}}, {"x": "pool b", "y": "pool a"}) == {"ann": "pool a"}
