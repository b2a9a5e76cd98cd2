"""The pathway from the visits of finished cases."""

from __future__ import annotations

from typing import Any

from millpond.calibration.flow import Flow, flow
from millpond.calibration.histories import histories
from millpond.calibration.outcomes import outcomes
from tests.tables import at, visits


def way(
    text: str, *, as_of: str = "2025-02-28 09:00", words: dict[str, int] | None = None, backend: Any = None
) -> Flow:
    table = visits(text, backend=backend)
    steps = table.select("step").distinct().to_pyarrow().column("step").to_pylist()
    return flow(histories(table, at(as_of)), steps, outcomes(words or {}, steps))


LOG = """
    case | step       | joined    | started | ended
    -----+------------+-----------+---------+------
    ada  | triage     | Mon 09:00 | 09:10   | 09:20
    ada  | assessment | Mon 09:20 | 10:00   | 11:00
    ada  | advocacy   | Mon 11:00 | 13:00   | 14:00
    bob  | triage     | Tue 09:00 | 09:10   | 09:20
    bob  | assessment | Tue 09:20 | 10:00   | 11:00
    cat  | triage     | Tue 09:30 | 09:40   | 09:50
    dan  | triage     | Wed 09:00 | 09:10   | 09:20
    dan  | assessment | Wed 09:20 | 10:00   | 11:00
"""


def test_shares_are_those_of_finished_cases(backend: Any) -> None:
    found = way(LOG, backend=backend)
    assert found.order == ("triage", "assessment", "advocacy")
    assert found.following == {
        "triage": {"assessment": 0.75, "closed": 0.25},
        "assessment": {"closed": 0.667, "advocacy": 0.333},
        "advocacy": {"closed": 1.0},
    }
    assert (found.finished, found.cases) == (4, 4)
    assert found.moves == {"triage": 4, "assessment": 3, "advocacy": 1}


def test_a_case_with_an_open_visit_is_not_finished() -> None:
    found = way(
        """
        case | step       | joined    | started | ended
        ada  | triage     | Mon 09:00 | 09:10   | 09:20
        ada  | assessment | Mon 09:20 | 10:00   | 11:00
        bob  | triage     | Tue 09:00 | 09:10   | 09:20
        bob  | advocacy   | Tue 09:20 |         |
        """
    )
    assert (found.finished, found.cases) == (1, 2)
    assert found.following["triage"] == {"assessment": 1.0}
    assert "advocacy" not in found.following


def test_what_happened_after_the_end_of_the_records_is_not_known() -> None:
    found = way(LOG, as_of="2025-01-08 10:30")
    # dan's assessment is under way, so the case is not finished
    assert found.finished == 3
    assert found.following["triage"] == {"assessment": 0.667, "closed": 0.333}


EVENTS = """
    case | step       | ended
    -----+------------+-----------------
    ada  | triage     | 2025-01-06 09:00
    ada  | assessment | 2025-01-16 09:00
    bob  | triage     | 2025-01-07 09:00
    bob  | assessment | 2025-01-17 09:00
    cat  | triage     | 2025-01-20 09:00
"""


def test_a_case_may_be_between_two_visits_for_as_long_as_the_pauses_of_others() -> None:
    # Others came again after ten days: cat, seen six days ago, may well do so.
    soon = way(EVENTS, as_of="2025-01-26 09:00")
    assert soon.finished == 1  # of ada's and bob's last visits, only ada's lies ten days back
    assert soon.following["triage"] == {"assessment": 1.0}
    later = way(EVENTS, as_of="2025-03-01 09:00")
    assert later.finished == 3
    assert later.following["triage"] == {"assessment": 0.667, "closed": 0.333}


def test_a_case_with_an_outcome_is_finished_however_recent() -> None:
    text = """
        case | step       | joined           | started          | ended            | outcome
        ada  | triage     | 2025-01-06 09:00 | 2025-01-06 09:00 | 2025-01-06 10:00 | done
        ada  | assessment | 2025-01-16 10:00 | 2025-01-16 10:00 | 2025-01-16 11:00 | referred on
        bob  | triage     | 2025-01-06 09:00 | 2025-01-06 09:00 | 2025-01-06 10:00 | done
        bob  | assessment | 2025-01-16 10:00 | 2025-01-16 10:00 | 2025-01-16 11:00 | done
        cat  | triage     | 2025-01-06 09:00 |                  | 2025-01-16 11:00 | withdrawn
    """
    found = way(text, as_of="2025-01-16 11:00", words={"done": 3, "referred on": 1, "withdrawn": 1})
    assert found.finished == 2  # ada and cat; bob's last visit is done, and bob may come again
    assert found.following["assessment"] == {"referred on": 1.0}
    assert found.following["triage"] == {"assessment": 0.5, "withdrawn": 0.5}


def test_a_step_seen_only_in_open_cases_goes_where_those_went() -> None:
    found = way(
        """
        case | step   | joined    | started | ended
        ada  | triage | Mon 09:00 | 09:10   | 09:20
        ada  | advice | Mon 09:20 | 10:00   |
        """
    )
    assert found.following == {"triage": {"advice": 1.0}}
    assert found.moves == {"triage": 0, "advice": 0}


def test_a_rare_way_out_is_kept_where_cases_could_not_leave_without_it() -> None:
    # 400 visits to and fro, and one way out: 0.25% would be left out, and no case would ever end.
    rows = [
        f"ada | {('call', 'wait')[n % 2]} | 2025-01-06 {n // 60:02}:{n % 60:02} | 2025-01-06 {n // 60:02}:{n % 60:02} "
        f"| 2025-01-06 {n // 60:02}:{n % 60:02}"
        for n in range(801)
    ]
    found = way("case | step | joined | started | ended\n" + "\n".join(rows))
    assert found.following == {"call": {"wait": 0.998, "closed": 0.002}, "wait": {"call": 1.0}}


def test_steps_are_in_the_order_of_their_mean_first_place() -> None:
    # first places: intake 1; advice 2 and 3; review 2 and 2; and coming back to intake changes nothing
    found = way(
        """
        case | step   | joined
        ada  | intake | Mon 09:00
        ada  | advice | Mon 10:00
        ada  | intake | Mon 11:00
        bob  | intake | Mon 09:00
        bob  | review | Mon 10:00
        bob  | advice | Mon 11:00
        cat  | intake | Mon 09:00
        cat  | review | Mon 10:00
        """
    )
    assert found.order == ("intake", "review", "advice")
