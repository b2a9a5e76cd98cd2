"""What to do: the least capacity, plans compared and tuned, dependence on people, and what to measure better."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from millpond.folder import moments
from millpond.folder.opened import Tell
from millpond.folder.verbs.measuring import MeasuredFolder

if TYPE_CHECKING:
    from millpond.planning.comparison import Comparison
    from millpond.planning.dependence_rows import Dependence
    from millpond.planning.least import LeastCapacity
    from millpond.planning.optimising import PlanSettings
    from millpond.planning.sensitivity_rows import Sensitivity


class PlannedFolder(MeasuredFolder):
    """What may be done in a folder, judged by simulation."""

    def least_capacity(
        self,
        target: str | None = None,
        *,
        risk: float | None = None,
        days: int = 260,
        pool: str | None = None,
        step: float = 1.0,
        replications: int = 400,
        seed: int = 1,
        start: str | None = None,
        first_day: str | date | None = None,
        threads: int | None = None,
        longer_days: bool = False,
        progress: Callable[[str, int], None] | None = None,
    ) -> LeastCapacity:
        """The cheapest staffing that keeps a promise: by formula, by percentile of demand, and by simulation.

        Args:
            target: the promise, such as ``backlog <= 1200 min``, ``advocates: backlog <= 20 visits`` or ``95% seen
                within 5 working days``. Default: the promise of ``service.toml``.
            risk: the share of replications that may break it at any day's end. Default: that of the promise of
                ``service.toml`` where it is the target, else 0.05.
            days: how many days are judged.
            pool: vary only this pool, and leave the others as they are.
            step: the smallest change, in whole-time places.
            replications: how many decide where it is close.
            seed: of the random draws: the same seed gives the same figures.
            start: ``records`` to be judged from today, with what is open; ``cleared`` to be judged as if that had been
                cleared; ``empty`` to begin with nobody there. Default: the records, where there are any, and cleared
                where they break the promise whatever the staffing.
            first_day: the first day simulated. Default: the day after the last recorded instant.
            threads: how many replications run side by side; default, as many as there are processors.
            longer_days: look too for how much of each working day those who are there would have to give in place of
                more people: all alike, and each named worker alone.
            progress: is told what is being tried, and how many replications have been run.

        Raises:
            WrongUse: the promise is none, or a number is out of its limits.
            CannotBeKept: no staffing keeps it; the message says what was tried.
            FaultyService: the service cannot be simulated as it is described.
        """
        # Here and not above: measuring needs nothing of the simulator.
        from millpond.folder.capacity import ask_capacity

        return ask_capacity(
            self,
            target,
            risk=risk,
            days=days,
            pool=pool,
            step=step,
            replications=replications,
            seed=seed,
            start=start,
            first_day=moments.day(first_day, "from"),
            threads=threads,
            longer_days=longer_days,
            say=progress,
        )

    def compare(
        self,
        days: int = 260,
        *,
        plans: Sequence[str] | None = None,
        replications: int = 200,
        seed: int = 1,
        start: str | None = None,
        first_day: str | date | None = None,
        target: str | None = None,
        risk: float | None = None,
        by: str | None = None,
        line: float | None = None,
        threads: int | None = None,
        progress: Tell | None = None,
    ) -> Comparison:
        """The plans of the service compared with doing nothing and with each other, all under the same luck.

        Args:
            days: over how many days.
            plans: names of plans, several together joined by ``+``; default, every plan by itself.
            replications: how often the days are simulated for each plan.
            seed: of the random draws: the same seed gives the same figures.
            start: ``records`` or ``empty``, as for `simulate`.
            first_day: the first day. Default: the day after the last recorded instant.
            target: a promise, such as ``backlog <= 1200 min`` or ``95% seen within 5 working days``. Default: the
                promise of ``service.toml``, where it has one; ``none`` for none.
            risk: the share of replications that may break it. Default: that of the promise of ``service.toml`` where
                it is the target, else 0.05.
            by: what makes a plan the best: ``cost``, ``backlog``, ``wait`` or ``lead time``. Default: the cost among
                plans that keep the promise; without one, the backlog.
            line: the backlog of a pool above which a day is a problem day, minutes; default, ten working days' work.
            threads: how many replications run side by side; default, as many as there are processors.
            progress: is told the share that is done and how many replications that is.

        Raises:
            WrongUse: no such plan, plans that contradict each other, no promise or one that cannot be kept.
            FaultyService: the service cannot be simulated, or not with one of the plans; all faults are told.
        """
        # Here and not above: measuring needs nothing of the simulator.
        from millpond.folder.plans import Over, compare_plans

        over = Over(days, replications, seed, start, first_day, threads, progress)
        return compare_plans(self, over, plans=plans, target=target, risk=risk, by=by, line=line)

    def optimise(
        self,
        plan: str,
        days: int = 260,
        *,
        target: str | None = None,
        risk: float | None = None,
        replications: int = 200,
        seed: int = 1,
        start: str | None = None,
        first_day: str | date | None = None,
        most: int | None = None,
        threads: int | None = None,
        progress: Tell | None = None,
    ) -> PlanSettings:
        """The cheapest setting of a plan that keeps a promise: how many workers come, and above which line.

        Args:
            plan: a plan by which workers come, alone or joined by ``+`` with plans of other kinds.
            days: over how many days.
            target: the promise, such as ``backlog <= 1200 min``. Default: the promise of ``service.toml``.
            risk: the share of replications that may break it. Default: that of the promise of ``service.toml`` where
                it is the target, else 0.05.
            replications: how often the settings are simulated that are not soon ruled out.
            seed: of the random draws: the same seed gives the same figures.
            start: ``records`` or ``empty``, as for `simulate`.
            first_day: the first day. Default: the day after the last recorded instant.
            most: the most workers to try; default, twice the plan's, or as many as the pool has that lends them.
            threads: how many replications run side by side; default, as many as there are processors.
            progress: is told the share that is done and how many replications that is.

        Raises:
            WrongUse: no such plan, none by which workers come, or no promise.
            FaultyService: the service cannot be simulated with the plan; all faults are told.
        """
        from millpond.folder.plans import Over, optimise_plan

        over = Over(days, replications, seed, start, first_day, threads, progress)
        return optimise_plan(self, over, plan, target=target, risk=risk, most=most)

    def dependence(
        self,
        days: int = 260,
        *,
        away: int = 60,
        replications: int = 100,
        seed: int = 1,
        start: str | None = None,
        first_day: str | date | None = None,
        threads: int | None = None,
        progress: Tell | None = None,
    ) -> Dependence:
        """What the absence of each person does to the service, and who might be trained against it.

        Args:
            days: over how many days.
            away: for how many of them, from the first, each person is away.
            replications: how often the days are simulated for each absence.
            seed: of the random draws: the same seed gives the same figures.
            start: ``records`` or ``empty``, as for `simulate`.
            first_day: the first day. Default: the day after the last recorded instant.
            threads: how many replications run side by side; default, as many as there are processors.
            progress: is told the share that is done and how many replications that is.

        Raises:
            WrongUse: a number out of its limits, or nobody works there.
            FaultyService: the service cannot be simulated even with everybody there.
        """
        from millpond.folder.plans import Over, dependence_on_people

        over = Over(days, replications, seed, start, first_day, threads, progress)
        return dependence_on_people(self, over, away=away)

    def sensitivity(
        self,
        days: int = 260,
        *,
        answer: str = "backlog",
        pool: str | None = None,
        spread: float = 0.1,
        method: str = "morris",
        places: int | None = None,
        replications: int = 100,
        seed: int = 1,
        start: str | None = None,
        first_day: str | date | None = None,
        threads: int | None = None,
        progress: Tell | None = None,
    ) -> Sensitivity:
        """Which number of the service moves an answer most, so that it is known what to measure better.

        Args:
            days: over how many days.
            answer: ``backlog`` (the mean over the days), ``backlog at end``, ``wait``, ``lead time`` or ``cost``.
            pool: only the backlog, wait or cost of this pool.
            spread: by what share of itself a number may be off. The 95% intervals of ``fitted.toml`` go before it.
            method: ``morris``: besides one at a time, all numbers together, for each number; ``sobol``: all together,
                what share each kind of number has in what is unsure; ``one at a time``: only that.
            places: how many random ways through all ranges, or places in them; default, 12 with ``morris`` and 64
                with ``sobol``.
            replications: how often the days are simulated with each number at either end.
            seed: of the random draws: the same seed gives the same figures.
            start: ``records`` or ``empty``, as for `simulate`.
            first_day: the first day. Default: the day after the last recorded instant.
            threads: how many replications run side by side; default, as many as there are processors.
            progress: is told the share that is done and how many replications that is.

        Raises:
            WrongUse: no such answer, pool or method, a number out of its limits, or nothing that could be varied.
            FaultyService: the service cannot be simulated, as it is or with a number at an end of its range.
        """
        from millpond.folder.plans import Over, sensitivity_of

        over = Over(days, replications, seed, start, first_day, threads, progress)
        return sensitivity_of(self, over, answer=answer, pool=pool, spread=spread, method=method, places=places)
