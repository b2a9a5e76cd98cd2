"""Eight plans compared, 200 replications of a year of 10,000 cases each, beside the same work in SimPy in the same run.

The service is model C of benchmarks/simulation.py: five steps, three pools, urgent cases, office hours, arrivals by
hour of the week. The first eight plans are of kinds that SimPy's model has too; it plays each a few times, its time is
scaled to 200, and waits and lead times must agree within chance. The second eight are of every kind, with triggers,
lending, groups and diverting, for which the event loop with every feature is needed.

    python benchmarks/plans.py --peers /tmp/peers/bin/python [--quick]

The peers' environment is that of benchmarks/simulation.py; without it SimPy is left out and the output says so. Times
are without imports and compilation. Clocks tell little where a machine has other things to do: both simulators are held
against each other by the seconds of processors that they took. The exit code is 1 where answers differ by more than
chance, or where the first comparison takes two processors more than ten seconds.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

from scipy import stats

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.models.served import Asked  # noqa: E402
from benchmarks.simulating.peers import FALSE_ALARMS, Peer, interval  # noqa: E402

DAYS, REPLICATIONS, SHOULD_TAKE = 364, 200, 10.0
SAME: dict[str, dict[str, Any]] = {
    "advocate": {"pools": {"advocate": {"workers": 23}}},
    "two advocates": {"pools": {"advocate": {"workers": 24}}},
    "triage": {"pools": {"triage": {"workers": 4}}},
    "admin": {"pools": {"admin": {"workers": 5}}},
    "shorter": {"steps": {"advocacy": {"minutes": {"distribution": "lognormal", "mean": 54, "sd": 54}}}},
    "fewer": {"steps": {"advocacy": {"next": {"advocacy": 0.55, "closure": 0.45}}}},
    "fewer and shorter": {
        "steps": {
            "advocacy": {"next": {"advocacy": 0.55, "closure": 0.45}},
            "assessment": {"minutes": {"distribution": "lognormal", "mean": 72, "sd": 72}},
        }
    },
}
ALL_KINDS: dict[str, dict[str, Any]] = {
    "agency": {
        "pool": "advocate",
        "workers": 2,
        "when": "waiting visits",
        "above": 40,
        "for_days": 28,
        "lead_days": 14,
    },
    "lend": {
        "pool": "advocate",
        "workers": 1,
        "lent_by": "admin",
        "when": "waiting visits",
        "above": 40,
        "for_days": 7,
    },
    "hire": {"pools": {"advocate": {"workers": 24}}},
    "overtime": {"pool": "advocate", "workers": 22, "minutes_per_day": 30},
    "groups": {"steps": {"closure": {"minutes": 60, "group": {"size": 4, "longest_wait": "7 days"}}}},
    "divert": {"streams": {"all": {"divert": 0.05}}, "cost_per_case": 90},
    "less": {"steps": {"advocacy": {"next": {"advocacy": 0.55, "closure": 0.45}}}},
}


def compared(plans: dict[str, dict[str, Any]], replications: int) -> tuple[float, float, Any]:
    """How long a comparison takes by the clock and of the processors together, and what it says.

    Doing nothing is one of the plans.
    """
    from benchmarks.models.millpond_models import MONDAY, service

    from millpond.model import Service
    from millpond.model.values import plain
    from millpond.planning.comparing import compare

    of = Service.from_plain({**plain(service("C", full=False)), "plans": plans})
    compare(of, MONDAY, 1, replications=2)
    begun, worked = time.perf_counter(), time.process_time()
    found = compare(of, MONDAY, DAYS, replications=replications)
    return time.perf_counter() - begun, time.process_time() - worked, found


def agree(found: Any, peer: Peer, each: int) -> bool:
    """Prints waits and lead times of both, and whether they are the same within chance."""
    sure = FALSE_ALARMS / (2 * len(found.plans.rows))
    fine = True
    print(f"  {'hours':20}{'wait':>20}{'SimPy':>20}{'lead time':>22}{'SimPy':>20}")
    for row in found.plans.rows:
        theirs = peer.ask(Asked(row.plan, DAYS, 0, each, 1))
        peer.answered.setdefault(row.plan, []).append(theirs)
        told = f"  {row.plan:20}"
        for name, estimate in (("wait", row.wait), ("lead time", row.lead_time)):
            half = (estimate.high - estimate.low) / 120
            error = half / float(stats.t.ppf(0.975, estimate.replications - 1))
            values = theirs.answers[name]
            mean, their_half = interval(values)
            their_error = their_half / float(stats.t.ppf(0.975, len(values) - 1))
            t = (estimate.value / 60 - mean) / (error**2 + their_error**2) ** 0.5
            differs = bool(2 * stats.t.sf(abs(t), len(values) - 1) < sure)
            fine &= not differs
            told += f"{estimate.value / 60:14.3f} ± {half:5.3f}{mean:12.3f} ± {their_half:4.2f}"
            told += " DIFFERS" if differs else ""
        print(told)
    return fine


def _times(seconds: float, worked: float, cores: int) -> str:
    return f"{seconds:.2f} s by the clock on {cores} processors, {worked:.2f} s of processors"


def main() -> int:
    """Both comparisons, and SimPy beside the first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", default=sys.executable, help="the Python of the environment that has SimPy")
    parser.add_argument("--quick", action="store_true", help="a tenth of the replications")
    options = parser.parse_args()
    replications, each = (REPLICATIONS // 10, 2) if options.quick else (REPLICATIONS, 4)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    seconds, worked, found = compared(SAME, replications)
    plans = len(found.plans.rows)
    print(f"{plans} plans x {replications} replications of {DAYS} days: {_times(seconds, worked, cores)}")
    fine = options.quick or min(seconds, worked / 2) < SHOULD_TAKE
    peer = Peer("simpy_plans", options.peers, {})
    if peer.start():
        same = agree(found, peer, each)
        peer.stop()
        theirs = sum(run.seconds for runs in peer.answered.values() for run in runs) * replications / each
        print(f"  {peer.name}: {theirs:,.0f} s on one processor, from {each} replications of each plan")
        print(f"  ratio of the seconds of processors: {theirs / worked:,.0f}")
        print(f"  Answers {'agree within chance' if same else 'DIFFER by more than chance'}.")
        fine &= same
    seconds, worked, found = compared(ALL_KINDS, replications)
    print(
        f"{len(found.plans.rows)} plans of every kind x {replications} replications: {_times(seconds, worked, cores)}"
    )
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
