"""The sections of the page that look ahead: what they say first, and whom they do not name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from millpond.errors import WrongUse
from millpond.model import Service
from millpond.planning.comparison import Comparison, PlanEvents, PlanOrganisations, PlanPools, PlanRow, PlanRows
from millpond.planning.dependence_rows import Dependence, DependenceRow, HoldingRow, Holdings
from millpond.planning.least import LeastCapacity, StaffingRow, Staffings
from millpond.planning.relief import ReliefRow, Reliefs
from millpond.planning.sensitivity_rows import KindShares, Sensitivity, SensitivityRow
from millpond.planning.ways import WayRow, Ways
from millpond.report.ahead import Ahead, looking_ahead, parts_named
from millpond.report.findings import findings
from millpond.report.gather import page_contents
from millpond.report.page import Section, build_page
from millpond.report.results import ReportResults
from millpond.simulation.intervals import Estimate
from tests.unit.report import samples

PROMISE = "advocates: backlog <= 1,200 minutes"


def least(**changed: Any) -> LeastCapacity:
    answer = StaffingRow(
        *("answer", "3 advocates", (3.0,), 9000.0, 720.0, 400, 0.02, 0.009, 0.04, "keeps it", 800.0),
    )
    today = StaffingRow("today", "2 advocates", (2.0,), 6000.0, 480.0, 20, 1.0, 0.83, 1.0, "breaks it", 9000.0)
    ways = (
        WayRow("advocates", "formula", "Kingman", 600.0, 2.5, 0.9, 60.0, 1200.0, 0.9, 0.8, 1.0, True, ""),
        WayRow(
            "advocates",
            "simulation",
            "the cheapest staffing",
            *(720.0, 3.0, 0.8, 140.0, 300.0, 0.02, 0.0, 0.1, False, ""),
        ),
    )
    relief = ReliefRow("advocates", 4000.0, 300.0, 1.0, 1200.0, 2.5, 3.0, 5.0, 1.0, 40, 2500.0)
    made = LeastCapacity(
        service="x",
        promise=PROMISE,
        risk=0.05,
        first_day="2025-04-01",
        days=260,
        settle_days=0,
        start="records",
        seed=1,
        currency="GBP",
        pools=("advocates",),
        step=1.0,
        conclusions=("3 advocates: the answer.", "With fewer the backlog would grow."),
        staffings=Staffings((answer, today), ()),
        ways=Ways(ways, ()),
        reliefs=Reliefs((relief,), ()),
        notes=("Busy days follow busy days.",),
    )
    return replace(made, **changed)


def exact(value: float) -> Estimate:
    return Estimate(value, value, value, 100)


def plan(name: str, label: str, backlog: float, cost: float, kept: float, *, best: bool = False) -> PlanRow:
    nothing = name == "nothing"
    values: dict[str, Any] = dict.fromkeys(PlanRow.__dataclass_fields__)
    return PlanRow(
        **{
            **values,
            "plan": name,
            "label": label,
            "replications": 100,
            "backlog": exact(backlog),
            "backlog_change": None if nothing else exact(backlog - 5000),
            "backlog_at_end": exact(backlog),
            "kept": exact(kept),
            "overtime": exact(0),
            "cost": exact(cost),
            "cost_change": None if nothing else exact(cost - 90_000),
            "could_be_best": best,
        }
    )


def compared(*rows: PlanRow, target: str | None = PROMISE) -> Comparison:
    nothing = plan("nothing", "Doing nothing", 5000, 90_000, 0.04)
    return Comparison(
        service="x",
        first_day="2025-04-01",
        days=260,
        start="records",
        seed=1,
        replications=100,
        currency="GBP",
        target=target,
        risk=0.05,
        by="cost",
        rates="Green Book",
        plans=PlanRows((nothing, *rows), ()),
        pools=PlanPools((), ()),
        organisations=PlanOrganisations((), ()),
        events=PlanEvents((), ()),
        notes=("agency: the backlog will grow.",),
    )


def away(person: str, pool: str, harm: float | None, **changed: Any) -> DependenceRow:
    change = None if harm is None else exact(harm)
    fields = {"training": None, "training_saves": None, "only_one": None, "refused": None, **changed}
    return DependenceRow(
        person=person,
        pool=pool,
        alike=1,
        replications=100,
        backlog_change=change,
        wait_change=change,
        recovery_days=None,
        **fields,
    )


def lost(*rows: DependenceRow, held: tuple[HoldingRow, ...] = ()) -> Dependence:
    return Dependence(rows, (), "x", "2025-04-01", 260, 60, 1, Holdings(held, ()))


def number(key: str, kind: str, label: str, least: float, most: float) -> SensitivityRow:
    ends = (exact(5000 + least), exact(5000 + most), exact(least), exact(most), exact(most - least))
    return SensitivityRow(
        *(key, kind, label, 60.0, 54.0, 66.0, "assumed", 40),
        *ends,
        could_be_most=least == -300,
        effect=None,
        effect_size=None,
        effect_spread=None,
    )


def varied(*rows: SensitivityRow) -> Sensitivity:
    about = ("x", "backlog", "minutes", None, "2025-04-01", 260, "records", 1, 40, 0.1, "one at a time")
    return Sensitivity(
        rows, ("Each may be 10% more.",), *about, Estimate(5000.0, 4800.0, 5200.0, 40), KindShares((), ())
    )


def results(ahead: Ahead, *, sharing: bool = False) -> ReportResults:
    service = Service.from_plain(
        {
            "name": "x",
            "pools": {"advocates": {"label": "Advisers", "workers": 2}},
            "workers": {"amina": {"pool": "advocates", "label": "Amina B."}, "ben": {"pool": "advocates"}},
            "steps": {"visit": {"pool": "advocates", "minutes": 60}},
        }
    )
    return ReportResults(service, samples.worked_example(), ahead=ahead, sharing=sharing)


def only(ahead: Ahead, *, sharing: bool = False) -> Section:
    (section,) = looking_ahead(results(ahead, sharing=sharing))
    return section


def words(section: Section) -> str:
    tables = [cell for table in section.tables for row in table.rows for cell in row]
    charts = [
        text for chart in (*section.charts, *section.small) for text in (chart.alt, str(chart.spec), str(chart.table))
    ]
    return " ".join((*section.lead, *section.points, *tables, *charts))


def test_the_least_capacity_is_told_first_and_then_how_far_today_is_from_it() -> None:
    section = only(Ahead(capacity=least()))
    assert section.lead == (
        "To keep the promise “Advisers: backlog at most 1,200 minutes” it takes 3 workers in Advisers: it is then "
        "broken in 2% of 400 possible futures (260 days each), and 5% is allowed. That costs GBP 9,000.",
        "Today there are 2 workers in Advisers; with them it would be broken in 100% of 20 futures.",
    )
    three_ways, relief = section.tables
    assert [row[0] for row in three_ways.rows] == ["Kingman (optimistic)", "Simulation: the cheapest staffing"]
    assert relief.rows == (("1", "1,200", "2.5", "3.0", "5.0", "2,500"),)
    assert section.points == ("With fewer the backlog would grow.", "Busy days follow busy days.")
    assert [chart.key for chart in section.charts] == ["risk-advocates"]


def test_what_a_budget_buys_is_told_beside_it_or_alone() -> None:
    bought = least(promise="advocates: backlog <= 2,000 minutes", ways=Ways((), ()), reliefs=Reliefs((), ()))
    said = (
        "The budgets buy 3 workers in Advisers. With that the best that can be promised is “Advisers: backlog at most "
        "2,000 minutes”, with the same risk of 5%."
    )
    assert said in only(Ahead(capacity=least(), envelope=bought)).lead
    assert only(Ahead(envelope=bought)).lead == (said,)


def test_one_plan_that_could_be_best_is_named_with_its_price() -> None:
    found = compared(
        plan("lend", "A hand from triage", 3000, 91_200, 1.0, best=True), plan("agency", "Agency", 2000, 99_000, 0.8)
    )
    section = only(Ahead(plans=found))
    assert section.lead == (
        "“A hand from triage” is the cheapest that keeps the promise, with 95% certainty: GBP 1,200 more than doing "
        "nothing.",
        "Without a plan the promise “Advisers: backlog at most 1,200 minutes” is kept in 4% of 100 possible futures of "
        "260 days (4% to 4%); it should be 95%.",
    )
    assert section.points[-1] == "Agency: the backlog will grow."
    assert [chart.key for chart in section.charts] == ["plans", "payers"]


def test_where_none_or_several_could_be_best_nobody_is_called_the_winner() -> None:
    rows = [plan("lend", "Lend", 3000, 91_200, 1.0, best=True), plan("agency", "Agency", 2000, 91_300, 1.0, best=True)]
    assert only(Ahead(plans=compared(*rows))).lead[0] == (
        "One of “Lend” and “Agency” is the cheapest that keeps the promise, with 95% certainty."
    )
    assert only(Ahead(plans=compared(plan("lend", "Lend", 3000, 91_200, 0.5)))).lead[0] == (
        "None of the plans keeps the promise “Advisers: backlog at most 1,200 minutes” often enough."
    )


def test_the_best_plan_is_among_the_first_findings() -> None:
    found = compared(plan("lend", "Lend", 3000, 91_200, 1.0, best=True))
    first = findings(results(Ahead(plans=found)))
    assert any(finding.sentence.startswith("“Lend” is the cheapest") for finding in first)
    assert not any("Lend" in finding.sentence for finding in findings(replace(results(Ahead()), ahead=None)))


def test_who_is_missed_most_is_named_and_who_should_learn_what() -> None:
    rows = (
        away("amina", "advocates", 300.0, training="ben", training_saves=exact(240)),
        away("ben", "advocates", 20.0),
    )
    held = (HoldingRow("skill", "Polish", 1, "amina"), HoldingRow("pool", "advocates", 2, None))
    section = only(Ahead(dependence=lost(*rows, held=held)))
    assert section.lead == (
        "The absence that does most harm is that of Amina B. of Advisers: 60 days away mean 300 minutes (5 hours) more "
        "backlog on average over 260 days; it is not as usual again within the days simulated.",
        "What would help most: ben able to do the work of Amina B., which would save 240 minutes (4 hours) of backlog.",
    )
    assert "Only Amina B. can do the skill Polish." in section.points


def test_for_sharing_nobody_is_named_in_words_tables_or_pictures() -> None:
    rows = (
        away("amina", "advocates", None, refused="steps.visit nobody but amina could do it"),
        away("ben", "advocates", 20.0, training="amina", training_saves=exact(10)),
    )
    held = (HoldingRow("skill", "Polish", 1, "amina"),)
    open_, shared = (only(Ahead(dependence=lost(*rows, held=held)), sharing=sharing) for sharing in (False, True))
    for name in ("Amina", "amina", "ben"):
        assert name in words(open_) or name == "Amina"
        assert name not in words(shared)
    assert shared.lead[0] == "Advisers: person 1: while this person is away the work cannot go on at all."
    assert "Only one person can do the skill Polish." in shared.points


def test_what_to_measure_better_is_told_first_and_then_how_things_stand() -> None:
    found = varied(
        number("steps.visit.minutes", "minutes of work", "Minutes of work at 'visit'", -300, 300),
        number("workers.amina.minutes_per_day", "direct time", "Direct time of 'Amina B.'", 90, -80),
    )
    section = only(Ahead(sensitivity=found))
    assert section.title == "What should we measure better?"
    assert section.lead == (
        "Minutes of work at 'visit' move the backlog most: 10% more adds 300 minutes (300 to 300).",
        "Measure this better first.",
        "Next: direct time of 'Amina B.'; 10% less adds 90 minutes (90 to 90).",
    )
    (chart,) = section.charts
    assert chart.alt == (
        "As all is, the backlog is 5,000 minutes (83 hours) on average over 260 days (95%: 4,800 to 5,200)."
    )
    assert chart.table.rows[0] == (
        "Minutes of work at 'visit'",
        "60",
        "54 to 66",
        "−300 (−300 to −300)",
        "+300 (+300 to +300)",
    )
    assert section.points == ("Each may be 10% more.",)


def test_for_sharing_the_time_of_single_workers_is_told_by_number() -> None:
    found = varied(
        number("workers.ben.absence", "absence", "Absence of 'ben'", -200, 200),
        number("workers.amina.minutes_per_day", "direct time", "Direct time of 'Amina B.'", 90, -80),
        number("workers.ben.minutes_per_day", "direct time", "Direct time of 'ben'", 60, -50),
    )
    shared = only(Ahead(sensitivity=found), sharing=True)
    for name in ("Amina", "amina", "ben"):
        assert name not in words(shared)
    assert [row[0] for row in shared.charts[0].table.rows] == [
        "Absence of person 1",
        "Direct time of person 2",
        "Direct time of person 1",
    ]


def test_what_was_asked_for_and_could_not_be_told_says_why() -> None:
    section = only(Ahead(refused={"plans": "x has no plans to compare."}))
    assert (section.title, section.lead) == (
        "Which plan is worth its money?",
        ("That cannot be told. x has no plans to compare.",),
    )
    assert looking_ahead(results(Ahead())) == ()


def test_a_page_with_all_of_it_holds_together_in_order() -> None:
    ahead = Ahead(
        least(),
        None,
        compared(plan("lend", "Lend", 3000, 91_200, 1.0)),
        lost(away("ben", "advocates", 2.0)),
        varied(number("steps.visit.minutes", "minutes of work", "Minutes of work at 'visit'", -300, 300)),
    )
    contents = page_contents(results(ahead))
    assert [section.key for section in contents.sections][-4:] == ["capacity", "plans", "dependence", "sensitivity"]
    etree.fromstring(build_page(contents).encode())


def test_parts_are_named_each_once_in_the_order_of_the_page() -> None:
    assert parts_named(["plans", " capacity", "plans"]) == ("capacity", "plans")
    assert parts_named(["all"]) == ("capacity", "plans", "dependence", "sensitivity")
    assert parts_named([]) == ()
    with pytest.raises(WrongUse, match="no part 'plan' that looks ahead"):
        parts_named(["plan"])
