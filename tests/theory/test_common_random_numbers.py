"""Plans that are compared under common random numbers differ by far less chance than independent ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from millpond.model import Service
from tests.theory.replicated import HOUR_MS, lasts, replications, service, tables

REPLICATIONS = 100


def pathway(advocates: int, *, seconded: bool = False) -> Service:
    """A pathway of five steps with a shared pool, urgent cases, people who leave, and visits that repeat.

    Args:
        advocates: workers of the pool that two steps share.
        seconded: whether a second stream is there too, so small that it brings next to no work.
    """
    streams = {"all": {"first_step": "referral", "per_week": 5 * 168, "share_urgent": 0.2}}
    if seconded:
        streams["further"] = {"first_step": "closure", "per_week": 0.01}
    return service(
        {"admin": 4, "triage": 3, "advocate": advocates},
        streams,
        {
            "referral": {"pool": "admin", "minutes": lasts("lognormal", 0.25, 0.25), "next": "triage"},
            "triage": {"pool": "triage", "minutes": lasts("lognormal", 0.5, 0.5), "next": "assessment"},
            "assessment": {
                "pool": "advocate",
                "minutes": lasts("lognormal", 1.5, 1.5),
                "patience": {"minutes": lasts("exponential", 8.0)},
                "next": "advocacy",
            },
            "advocacy": {
                "pool": "advocate",
                "minutes": lasts("lognormal", 1.0, 1.0),
                "next": {"advocacy": 0.6, "closure": 0.4},
            },
            "closure": {"pool": "admin", "minutes": lasts("lognormal", 0.3, 0.3)},
        },
    )


def mean_leads(of: Service, *, seed: int) -> npt.NDArray[np.float64]:
    """The mean lead time of each replication in hours, over half a year."""
    runs = replications(tables(of, 182), REPLICATIONS, seed=seed)
    return np.array([run.totals["lead_sum"][:2].sum() / run.lead_count[:2].sum() / HOUR_MS for run in runs])


@pytest.mark.slow
def test_one_worker_more_is_judged_under_the_same_luck(capsys: pytest.CaptureFixture[str]) -> None:
    now, more = mean_leads(pathway(22), seed=1), mean_leads(pathway(23), seed=1)
    apart = mean_leads(pathway(23), seed=2)
    paired, independent = np.var(now - more, ddof=1), np.var(now - apart, ddof=1)
    with capsys.disabled():
        print(f"\nvariance of a difference, independent over paired luck: {independent / paired:.0f}")
    assert independent / paired > 20
    # Both estimate the same difference.
    assert abs((now - apart).mean() - (now - more).mean()) <= 3 * np.sqrt(independent / REPLICATIONS)


def test_a_further_stream_and_a_worker_move_nobodys_luck() -> None:
    def arrivals(of: Service) -> dict[int, tuple[int, int]]:
        (run,) = replications(tables(of, 28, warm_up_days=0), 1, logs=True)
        first = run.log.visits.taken((run.log.visits.step == 0) & (run.log.visits.ended >= 0))
        rows = zip(first.case.tolist(), first.joined.tolist(), first.worked.tolist(), strict=True)
        return {case: (joined, worked) for case, joined, worked in rows}

    before, after = arrivals(pathway(22)), arrivals(pathway(23, seconded=True))
    assert before, "there should be cases"
    assert before == after
