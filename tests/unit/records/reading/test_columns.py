"""Which column is what: a person's word first, then the conventions; nobody guesses between equals."""

from __future__ import annotations

import pytest

from millpond.errors import UnreadableFile
from millpond.records.reading.columns import recognise
from millpond.records.reading.conventions import NAMES, key

from .conftest import Read


def found(heading: str, **mapping: str) -> dict[str, str]:
    """What the columns of a heading are taken for: our name to theirs."""
    columns = recognise("log.csv", heading.split(","), mapping)
    return {ours: columns.name(ours) for ours in columns.ours}


@pytest.mark.parametrize(
    ("heading", "ours"),
    [
        # our own records
        (
            "visit,case,step,joined,started,ended,worker,pool,minutes,outcome,stream",
            "visit case step joined started ended worker pool minutes outcome stream",
        ),
        # Prosimos and its kin
        (
            "case_id,activity,enable_time,start_time,end_time,resource,role",
            "case step joined started ended worker pool",
        ),
        # XES as pandas frames have it
        (
            "case:concept:name,concept:name,start_timestamp,time:timestamp,org:resource,org:group",
            "case step started timestamp worker pool",
        ),
        (
            "case:concept:name,concept:name,time:timestamp,lifecycle:transition,concept:instance,case:channel",
            "case step timestamp lifecycle instance channel",
        ),
        # bupaR
        (
            "handling,patient,employee,handling_id,registration_type,time",
            "step case worker instance lifecycle timestamp",
        ),
        # people's sheets
        ("Ref No,Date Received,Date Closed,Adviser,Referral Source", "case joined ended worker stream"),
        ("Client ID,Referral date,First contact date,Closed,Key worker", "case joined started ended worker"),
        ("Case Number,Start Date,End Date,Team,Duration (mins)", "case started ended pool minutes"),
    ],
)
def test_the_conventions_are_known(heading: str, ours: str) -> None:
    taken = found(heading)
    in_order = {theirs: name for name, theirs in taken.items()}
    names = heading.split(",")
    assert [in_order.get(theirs) for theirs in names][: len(ours.split())] == ours.split()


@pytest.mark.parametrize("written", ["Case ID", "case-id", "CASE_ID", " case id ", "Case/ID", "caseId", "Case.ID"])
def test_capitals_blanks_and_signs_do_not_matter(written: str) -> None:
    assert found(f"{written},activity,start_time")["case"] == written


def test_a_convention_wins_over_an_everyday_word() -> None:
    assert found("id,patient,case_id,activity,time")["case"] == "case_id"
    assert found("id,patient,activity,time")["case"] == "patient"
    assert found("id,activity,time")["case"] == "id"


@pytest.mark.parametrize(
    ("heading", "ours"),
    [
        ("Case ID,case_id,activity,start_time", "case"),
        ("case_id,activity,Date received,Referral date", "joined"),
        ("patient,client,activity,time", "case"),
    ],
)
def test_between_equals_the_person_is_asked(heading: str, ours: str) -> None:
    with pytest.raises(UnreadableFile, match=f"could each be '{ours}'.*--map {ours}=.*records.columns"):
        found(heading)


def test_between_equals_that_no_figure_rests_on_the_first_is_taken_and_told() -> None:
    columns = recognise("log.csv", ["case_id", "activity", "time", "team", "group"], {})
    assert columns.name("pool") == "team"
    assert columns.notes == ("'team' and 'group' could each be 'pool'; the first was taken.",)


def test_a_mapping_by_hand_comes_first() -> None:
    assert found("case_id,Ref,activity,time", case="Ref") == {"case": "Ref", "step": "activity", "timestamp": "time"}
    assert found("case_id,REF NO,activity,time", case="ref_no")["case"] == "REF NO"


def test_a_mapping_to_nothing_takes_no_column() -> None:
    assert "worker" not in found("case_id,activity,time,resource", worker="")


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (
            {"case": "Reff"},
            "no column 'Reff', which is mapped to 'case'. Did you mean 'Ref'.*Its columns: Ref, activity",
        ),
        ({"cas": "Ref"}, "'cas' is none of our columns.*Did you mean 'case'"),
        ({"case": "Ref", "step": "Ref"}, "mapped to both 'case' and 'step'"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(mapping: dict[str, str], message: str) -> None:
    with pytest.raises(UnreadableFile, match=message):
        found("Ref,activity,time", **mapping)


def test_a_column_is_taken_once() -> None:
    # 'role' is a pool; 'group' is then a further column
    taken = found("case_id,activity,time,role,group")
    assert taken["pool"] == "role" and "group" not in taken.values()


def test_every_name_means_one_thing() -> None:
    meanings: dict[str, set[str]] = {}
    for ours, groups in NAMES.items():
        for name in ",".join(groups).split(","):
            meanings.setdefault(key(name), set()).add(ours)
    assert {name: ours for name, ours in meanings.items() if len(ours) > 1} == {}


def test_without_a_time_the_person_sees_the_columns_and_how_to_map_them(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r'time at which a visit joined.*--map started="THEIR.*columns: Ref, When'):
        read("Ref,When\n1,2025-01-06\n")
    log = read("Ref,When\n1,2025-01-06\n", mapping={"started": "When"})
    assert log.rows("case", "step", "started") == [("1", "contact", "2025-01-06 00:00")]


def test_an_event_log_without_a_case_is_not_read_as_if_each_row_were_one(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r"recognised as the case.*--map case="):
        read("Number,activity,time\n1,a,2025-01-06\n")


def test_a_sheet_of_referrals_needs_neither_step_nor_case(read: Read) -> None:
    log = read("Date received,Date closed,Adviser,Town\n06/01/2025,20/01/2025,Ann,Ely\n07/01/2025,,Bob,March\n")
    assert log.rows("case", "step", "joined", "started", "ended", "worker", "Town", "joined_source") == [
        ("2", "contact", "2025-01-06 00:00", None, "2025-01-20 00:00", "Ann", "Ely", "recorded"),
        ("3", "contact", "2025-01-07 00:00", None, None, "Bob", "March", "recorded"),
    ]
    notes = " ".join(log.reading.notes)
    assert "every row is a case of its own, with its row number as its id" in notes
    assert "every row is a visit to one step, 'contact'" in notes
    assert "3 times give a date and no time of day" in notes
    assert read("received\n2025-01-06\n", default_step="referral").column("step") == ["referral"]


def test_a_column_called_like_a_time_that_holds_none_is_left_alone(read: Read) -> None:
    log = read("case_id,Date received,Closed\n1,2025-01-06,yes\n2,2025-01-07,no\n")
    assert log.rows("joined", "ended", "Closed") == [
        ("2025-01-06 00:00", None, "yes"),
        ("2025-01-07 00:00", None, "no"),
    ]
    assert any("'Closed' holds no times" in note for note in log.reading.notes)


def test_a_column_of_times_in_an_unknown_form_is_not_taken_for_no_times(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r"not one of its 2 rows .*what stands in 'Closed' cannot be read"):
        read("case_id,Date received,Closed\n1,2025-01-06,week 3\n2,2025-01-07,week 4\n")


def test_a_column_that_a_person_mapped_is_never_left_alone(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r"not one of its 2 rows could be read.*'Closed' cannot be read as a time"):
        read("case_id,Date received,Closed\n1,2025-01-06,yes\n2,2025-01-07,no\n", mapping={"ended": "Closed"})


def test_daily_totals_are_no_visits(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r"daily totals, not visits. Put it into the service folder as daily.csv"):
        read("date,pool,joined,done,waiting\n2025-01-06,a,12,8,20\n")


def test_counts_by_month_are_no_visits(read: Read) -> None:
    rows = "".join(f"2025-0{month}-01,A1,{1000 + month},{30 + month}.0\n" for month in range(1, 9))
    with pytest.raises(UnreadableFile, match=r"counts for each 'period'.*'attendances' and 'breaches' are numbers"):
        read("period,org_code,attendances,breaches\n" + rows)


@pytest.mark.parametrize(
    "table",
    [
        "date,seen,breached\n2025-01-01,100,3\n2025-02-01,120,4\n2025-03-01,90,5\n",
        "date,visitors\n2025-01-06,100\n2025-01-07,120\n2025-01-08,90\n",
        "Month,Area,Referrals\n01/01/2025,A,100\n01/02/2025,B,120\n01/03/2025,A,90\n",
    ],
)
def test_a_date_beside_counts_is_no_visit(read: Read, table: str) -> None:
    with pytest.raises(UnreadableFile, match="looks like counts for each"):
        read(table)


def test_a_sheet_with_a_date_and_a_number_is_still_one_of_referrals(read: Read) -> None:
    rows = "2025-01-06,34,Ely\n2025-01-06,51,March\n2025-01-07,29,Ely\n2025-01-08,40,Ely\n"
    assert read("Date,Age,Town\n" + rows).reading.visits == 4
    months = "date,seen,breached\n2025-01-01,100,3\n2025-02-01,120,4\n2025-03-01,90,5\n"
    assert read(months, mapping={"ended": "date"}).reading.visits == 3  # the person knows better


def test_a_date_and_a_time_of_day_in_two_columns_are_put_together(read: Read) -> None:
    log = read(
        "Case ID,Start date,Start time,End date,End time,Team\n"
        "1,06/01/2025,9:05,06/01/2025,10:00 PM,a\n"
        "2,16/01/2025,,,,b\n"
        "3,,09:00,,,c\n"
    )
    assert log.rows("case", "started", "ended") == [
        ("1", "2025-01-06 09:05", "2025-01-06 22:00"),
        ("2", "2025-01-16 00:00", None),
    ]
    assert log.aside() == [
        (4, "what stands in 'Start date + Start time' cannot be read as a time", "3,,09:00,,,c"),
    ]
    assert "'Start date' and 'Start time' were put together as the time of 'started'." in log.reading.notes


def test_the_date_of_an_event_may_stand_beside_its_time(read: Read) -> None:
    log = read("case_id,activity,Date,Time\n1,a,2025-01-06 00:00:00,09:05:00\n")
    assert log.rows("ended") == [("2025-01-06 09:05",)]


def test_two_columns_of_one_name_are_a_question() -> None:
    names = ("case", "case (2)", "step", "joined")  # as a repeated name is told apart
    with pytest.raises(UnreadableFile, match=r"the columns 'case' and 'case \(2\)' could each be 'case'.*--map case="):
        recognise("log.csv", names, {})
    assert recognise("log.csv", names, {"case": "case (2)"}).name("case") == "case (2)"
    assert recognise("log.csv", ("case", "step (2)", "joined"), {}).ours.keys() == {"case", "joined"}


def test_a_column_without_a_time_is_named_with_what_stands_in_it(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r"what stands in 'joined' is no time, and no other column"):
        read("case,step,joined\n1,a,soon\n2,b,later\n")


def test_a_first_row_that_is_a_visit_is_told(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r"its first row seems to be a visit.*Put a row with their names above"):
        read("C1,advice,2025-01-06 09:00\nC2,advice,2025-01-07 09:00\n")
