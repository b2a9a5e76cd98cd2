"""Services made up by Hypothesis: every part may be there or not, with names that nobody would choose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from millpond.model import (
    Calendar,
    ChartRules,
    Delay,
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    GroupSession,
    LogNormal,
    Organisation,
    Patience,
    Plan,
    Policy,
    Pool,
    PoolPlan,
    Promised,
    Rebase,
    RecordsMapping,
    Rule,
    SchoolHoliday,
    Service,
    StaffingChange,
    Step,
    Stream,
    StreamPlan,
    Targets,
    Triangular,
    Uniform,
    WatchedChart,
    Weibull,
    WeibullShape,
    Worker,
)

names = st.one_of(
    st.sampled_from(
        [
            "triage",
            "first contact",
            'the "real" one',
            "a.b",
            "l'été",
            "007",
            "NA",
            "1e5",
            "from",
            "next",
            "columns",
            "[key]",
            "minutes",
            "<number>",
            "tab\there",
            "new\nline",
            "back\\slash",
            "\x7f",
            "two\u2028lines",
            "\ufeff",
            "審査",
        ]
    ),
    st.text(min_size=1, max_size=8).filter(lambda name: name.strip() and name not in ("closed", "withdrawn")),
)
texts = st.text(max_size=10)
dates = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
minutes = st.floats(0, 1e9)
some_minutes = st.floats(0, 1e9, exclude_min=True)
counts = st.floats(0, 1e6)
amounts = st.floats(0, 1e12)
a_day = st.floats(0, 1440)
plan_names = names.filter(lambda name: name != "nothing" and "+" not in name)
triggers = st.just({"when": "always"}) | st.fixed_dictionaries(
    {"when": st.sampled_from(["backlog minutes", "waiting visits", "longest wait days"]), "above": amounts}
)
hours = st.sampled_from(["Mon-Fri 09:00-17:00", "Mon-Sun 00:00-24:00", "Fri-Mon 22:00-02:00", "Mon, Wed 09:00-12:00"])
targets = st.builds("{} {}".format, st.integers(1, 99), st.sampled_from(["minutes", "hours", "days", "working days"]))


def _in_order(low_mode_high: Sequence[float]) -> tuple[float, ...]:
    low, mode, high = sorted(low_mode_high)
    return low, mode, high


_three = st.tuples(minutes, minutes, minutes).map(_in_order).filter(lambda three: three[0] < three[2])
step_minutes = st.one_of(
    st.none(),
    minutes,
    st.builds(Fixed, value=minutes),
    st.builds(Exponential, mean=some_minutes),
    st.builds(Gamma, mean=some_minutes, sd=some_minutes),
    st.builds(LogNormal, mean=some_minutes, sd=some_minutes),
    st.builds(Weibull, mean=some_minutes, sd=some_minutes),
    st.builds(WeibullShape, shape=st.floats(0.1, 1000), scale=some_minutes),
    _three.map(lambda three: Triangular(low=three[0], mode=three[1], high=three[2])),
    _three.map(lambda three: Uniform(low=three[0], high=three[2])),
    st.builds(Empirical, values=st.lists(minutes, min_size=1, max_size=4).map(tuple)),
)
some_step_minutes = step_minutes.filter(lambda drawn: drawn is not None)
elapsed = st.builds("{} {}".format, st.integers(1, 99), st.sampled_from(["minutes", "hours", "days", "weeks"]))
kinds_of_time = st.sampled_from(["elapsed", "working"])
delays = st.one_of(
    elapsed,
    st.builds(Delay, minutes=some_step_minutes),
    st.builds(Delay, minutes=some_step_minutes, time=kinds_of_time),
    st.builds(Delay, working_days=some_minutes),
    st.builds("{} working days".format, st.integers(1, 99)),
)
sessions = st.builds(GroupSession, size=st.integers(1, 1000), longest_wait=st.none() | elapsed)
shares: st.SearchStrategy[Any] = st.sampled_from(
    [{"high": 0.2, "standard": 0.8}, {"a.b": 1}, {"[key]": 0.5, "other": 0.5, "<number>": 0}]
)
schedules = st.dictionaries(st.sampled_from(["Mon 09:00", "thursday 14:30", "Sun 00:00"]), amounts, max_size=2)
counts_of_days = st.dictionaries(
    st.sampled_from(["Mon-Thu", "Sat, Sun", "Friday"]), st.lists(counts, min_size=1, max_size=3).map(tuple), min_size=1
)
records = st.builds(
    RecordsMapping,
    columns=st.dictionaries(names, names, max_size=3),
    day_first=st.none() | st.booleans(),
    timezone=st.none() | st.sampled_from(["UTC", "Europe/Paris"]),
    delimiter=st.none() | st.sampled_from([",", ";", "\t", '"', "\\"]),
    encoding=st.none() | st.sampled_from(["utf-8", "cp1252"]),
    sheet=st.none() | names,
)


def _optional(names: Sequence[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(names) if names else st.none()


def _ways_on(draw: st.DrawFn, names: Sequence[str]) -> dict[str, float] | None:
    chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=4))
    if not chosen:
        return None
    weights = [draw(st.integers(0, 100)) for _ in chosen]
    total = sum(weights)
    return {name: weight / total for name, weight in zip(chosen, weights, strict=True)} if total else None


def _how_many_come(draw: st.DrawFn) -> dict[str, Any]:
    """Keys of a stream that say how many cases come: counts that were seen, or an average week."""
    if draw(st.booleans()):
        return {"daily_counts": draw(counts_of_days)}
    return {
        "per_week": draw(st.none() | amounts),
        "by_month": draw(st.none() | st.lists(st.floats(0.1, 9), min_size=12, max_size=12).map(tuple)),
        "trend_per_year": draw(st.floats(-1, 100, exclude_min=True)),
        "overdispersion": draw(st.floats(1, 1e6)),
    }


def _order(draw: st.DrawFn) -> dict[str, Any]:
    """Keys of a pool that say what is done first."""
    if draw(st.booleans()):
        return {"urgent_preempts": True}
    order = st.sampled_from(["first come", "due date", "shortest", "longest in service"])
    return {"order": draw(order), "caseload": draw(st.none() | st.integers(1, 99))}


def _where_next(draw: st.DrawFn, steps: Sequence[str], ends: Sequence[str], streams: dict[str, Any]) -> dict[str, Any]:
    """Keys of a step that say where cases go: shares, with rules before them or not. Delays go with them."""
    following = _ways_on(draw, [*ends, *steps])
    if following is None:
        return {}
    rules = []
    for _ in range(draw(st.integers(0, 2))):
        stream = draw(_optional(list(streams)))
        of_stream = streams[stream].attributes if stream else {}
        attribute = draw(_optional(list(of_stream)))
        rules.append(
            Rule(
                stream=stream,
                urgent=draw(st.booleans()),
                attributes={attribute: draw(st.sampled_from(list(of_stream[attribute])))} if attribute else {},
                visits_at_least=draw(st.none() | st.integers(1, 99)),
                came_from=draw(_optional(list(steps))),
                next=_ways_on(draw, [*ends, *steps]) or {"closed": 1},
            )
        )
    return {"next": following, "rules": tuple(rules)}


def _of_pool(draw: st.DrawFn, name: str, pools: dict[str, Any], ways: Sequence[str]) -> dict[str, Any]:
    """Keys of a step that need a pool, and go with that one."""
    pool = draw(_optional(list(pools)))
    if pool is None:
        return {}
    patience = st.builds(
        Patience,
        minutes=some_step_minutes,
        time=kinds_of_time,
        to=st.sampled_from([way for way in ways if way != name]),
    )
    fields = {
        "pool": pool,
        "skill": draw(_optional(pools[pool].skills)),
        "patience": draw(st.none() | elapsed | patience),
    }
    kinds = ["plain"] if pools[pool].caseload else ["plain", "people", "group"]
    match draw(st.sampled_from(kinds)):
        case "people":
            return {**fields, "people": draw(st.integers(1, 20)), "missed": draw(st.floats(0, 1))}
        case "group":
            return {**fields, "group": draw(sessions)}
    return {**fields, "missed": draw(st.floats(0, 1)), "missed_minutes": draw(st.none() | minutes)}


def _steps(
    draw: st.DrawFn, names: Sequence[str], outcomes: Sequence[str], pools: dict[str, Any], streams: dict[str, Any]
) -> dict[str, Step]:
    """The steps; the first of them may be a split, to which nothing leads back."""
    ends = ["closed", "withdrawn", *outcomes]
    branches = names[1:3] if len(names) > 2 and draw(st.booleans()) else []
    open_names = names[1:] if branches else names
    found = {}
    for name in names:
        fields = _of_pool(draw, name, pools, [*ends, *open_names])
        if branches and name == names[0]:
            fields |= {"all_of": tuple(branches), "then": draw(st.sampled_from([*names[3:], *ends]))}
        else:
            fields |= _where_next(draw, open_names, ends, streams)
        found[name] = Step(
            label=draw(st.none() | texts),
            minutes=draw(step_minutes),
            minutes_for=draw(st.dictionaries(st.sampled_from([*streams, "routine"]), some_step_minutes, max_size=2)),
            target_wait=draw(st.none() | targets),
            missed_most=draw(st.integers(1, 9)),
            **fields,
        )
    return {name: step.changed(after=_delays(draw, step, found)) for name, step in found.items()}


def _delays(draw: st.DrawFn, step: Step, steps: dict[str, Step]) -> dict[str, Any]:
    """Delays to some of the steps that follow; working time only where there is a pool."""
    ways = [*(step.next or ()), *(name for rule in step.rules for name in rule.next), *step.all_of]
    return {
        name: draw(delays if steps[name].pool else elapsed)
        for name in dict.fromkeys(ways)
        if name in steps and draw(st.booleans())
    }


@st.composite
def services(draw: st.DrawFn) -> Service:
    """Any service that is right."""
    outcomes = draw(st.lists(names, unique=True, max_size=3))
    steps = [name for name in draw(st.lists(names, unique=True, max_size=4)) if name not in outcomes]
    calendars, organisations, pools, workers, streams = (
        draw(st.lists(names, unique=True, max_size=3)) for _ in range(5)
    )
    one_calendar = st.sampled_from(calendars) if calendars else st.none()
    a_calendar = one_calendar if len(calendars) > 1 else _optional(calendars)

    def changes() -> tuple[StaffingChange, ...]:
        days = draw(st.lists(dates, unique=True, max_size=3))
        return tuple(
            StaffingChange(
                date=day,
                workers=draw(counts),
                minutes_per_day=draw(st.none() | a_day),
                calendar=draw(_optional(calendars)),
                cost_per_hour=draw(st.none() | amounts),
            )
            for day in days
        )

    made_pools = {
        name: Pool(
            label=draw(st.none() | texts),
            organisation=draw(_optional(organisations)),
            calendar=draw(a_calendar),
            workers=draw(st.none() | counts),
            minutes_per_day=draw(st.none() | a_day),
            cost_per_hour=draw(st.none() | amounts),
            skills=tuple(draw(st.lists(names, max_size=2))),
            opening_backlog=draw(minutes),
            opening_backlog_visits=draw(st.none() | counts),
            at_closing=draw(st.sampled_from(["suspend", "finish"])),
            overtime_cost_per_hour=draw(st.none() | amounts),
            absence=draw(st.floats(0, 1)),
            changes=changes(),
            **_order(draw),
        )
        for name in pools
    }
    made_streams = {
        name: Stream(
            label=draw(st.none() | texts),
            first_step=draw(st.sampled_from(steps)),
            share_urgent=draw(st.floats(0, 1)),
            pattern=draw(st.sampled_from([{}, {"Mon 09:00-17:00": 3.5, "otherwise": 0.1}])),
            priority=draw(st.integers(1, 8)),
            attributes=draw(st.dictionaries(names, shares, max_size=2)),
            schedule=draw(schedules),
            organisation=draw(_optional(organisations)),
            **_how_many_come(draw),
        )
        for name in (streams if steps else ())
    }
    fields: dict[str, Any] = {
        "name": draw(names),
        "timezone": draw(st.sampled_from(["Europe/London", "UTC", "Asia/Kathmandu"])),
        "holidays": draw(st.sampled_from([None, "GB-ENG", "GB-SCT", "FR"])),
        "extra_closures": tuple(draw(st.lists(dates, max_size=2))),
        "school_holidays": tuple(
            SchoolHoliday(first=day, last=day + dt.timedelta(days=length))
            for day, length in draw(st.lists(st.tuples(dates, st.integers(0, 40)), max_size=2))
        ),
        "currency": draw(st.sampled_from(["GBP", "EUR"])),
        "outcomes": tuple(outcomes),
        "withdrawn_outcomes": tuple(draw(st.lists(st.sampled_from(["withdrawn", *outcomes]), unique=True))),
        "suppress_below": draw(st.integers(0, 1_000_000)),
        "calendars": {
            name: Calendar(
                hours=draw(hours),
                holidays=draw(st.booleans()),
                extra_closures=tuple(draw(st.lists(dates, max_size=2))),
            )
            for name in calendars
        },
        "organisations": {
            name: Organisation(
                label=draw(st.none() | texts),
                budget=draw(st.dictionaries(st.sampled_from(["2026", "2026-27"]), amounts, max_size=2)),
            )
            for name in organisations
        },
        "pools": made_pools,
        "workers": {
            name: Worker(
                pool=(home := draw(st.sampled_from(pools))),
                label=draw(st.none() | texts),
                calendar=draw(_optional(calendars)),
                minutes_per_day=draw(st.none() | a_day),
                skills=tuple(draw(st.lists(names, max_size=2))),
                caseload=draw(st.none() | st.integers(1, 99)) if made_pools[home].caseload else None,
                absence=draw(st.none() | st.floats(0, 1)),
                also=tuple(pool for pool in pools if pool != home and draw(st.booleans())),
                starts=draw(st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2010, 1, 1))),
                leaves=draw(st.none() | st.dates(dt.date(2011, 1, 1), dt.date(2030, 1, 1))),
            )
            for name in (workers if pools else ())
        },
        "streams": made_streams,
        "steps": _steps(draw, steps, outcomes, made_pools, made_streams),
        "policies": {
            name: Policy(
                label=draw(st.none() | texts),
                pool=helped,
                **draw(triggers),
                workers=draw(st.integers(1, 1000)),
                for_days=draw(st.integers(1, 99)),
                lead_days=draw(st.integers(0, 99)),
                minutes_per_day=draw(st.none() | a_day),
                cost_per_hour=draw(st.none() | amounts),
                lent_by=draw(_optional([other for other in pools if other != helped])),
            )
            for name in (draw(st.lists(names, unique=True, max_size=2)) if pools else ())
            for helped in [draw(st.sampled_from(pools))]
        },
        "plans": {
            name: Plan(
                label=draw(st.none() | texts),
                pool=draw(st.sampled_from(pools)),
                workers=draw(st.integers(1, 1000)),
                for_days=draw(st.none() | st.integers(1, 99)),
                lead_days=draw(st.integers(0, 99)),
                minutes_per_day=draw(st.none() | a_day),
                cost_per_hour=draw(st.none() | amounts),
                pools={pool: PoolPlan(workers=draw(counts)) for pool in pools if not trigger and draw(st.booleans())},
                streams={
                    stream: StreamPlan(divert=draw(st.floats(0.1, 1)), priority=draw(st.integers(1, 8)))
                    for stream in made_streams
                    if not trigger and draw(st.booleans())
                },
                cost=draw(amounts),
                cost_per_year=draw(amounts),
                paid_by=draw(_optional(organisations)),
                **trigger,
            )
            for trigger in [draw(st.just({}) | triggers)]
            for name in (draw(st.lists(plan_names, unique=True, max_size=2)) if pools else ())
        },
        "charts": _charts(draw, pools),
        "chart_rules": ChartRules(
            screen_outliers=draw(st.booleans()),
            run=draw(st.integers(5, 20)),
            ties_in_trend=draw(st.sampled_from(["break", "skip"])),
        ),
        "targets": Targets(lead_time=draw(st.none() | targets)),
        "promise": draw(
            st.none() | st.builds(Promised, target=st.just("backlog <= 1200 min"), risk=st.floats(0.01, 0.5))
        ),
        "records": draw(st.none() | records),
    }
    return Service(**fields)


def _charts(draw: st.DrawFn, pools: list[str]) -> tuple[WatchedChart, ...]:
    days = st.lists(st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)), unique=True, max_size=2).map(sorted)
    figures: list[dict[str, Any]] = [
        {"measure": "backlog", "by": "month"},
        {"measure": "demand", "by": "day", "weekday": "Monday"},
        {"measure": "visits withdrawn", "kind": "p", "of": "visits ended"},
        {"measure": "visits joined", "kind": "u"},
    ]
    return tuple(
        WatchedChart(
            pool=draw(st.sampled_from(pools)),
            improvement=draw(st.sampled_from(["increase", "decrease", "neutral"])),
            target=draw(st.none() | st.floats(-1e12, 1e12)),
            baseline=draw(st.none() | st.integers(12, 99)),
            rebase=tuple(Rebase(date=day, reason=draw(names)) for day in draw(days)),
            label=draw(st.none() | texts),
            **draw(st.sampled_from(figures)),
        )
        for _ in range(draw(st.integers(0, 2)) if pools else 0)
    )
