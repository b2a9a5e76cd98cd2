"""A way out for every step: a simulation in which cases can never end would never end either."""

from __future__ import annotations

from collections.abc import Mapping

from millpond.calibration.fitting.evidence import Evidence
from millpond.calibration.fitting.seen import Seen
from millpond.calibration.fitting.ways import rounded_shares
from millpond.model import Step
from millpond.model.references import CLOSED


def leading_out(steps: Mapping[str, Step], seen: Seen, evidence: Evidence) -> dict[str, Step]:
    """The steps, each with a way out: where no case was seen to end, one more is taken to have closed."""
    mended = dict(steps)
    while True:
        ends = {name for name, step in mended.items() if any(to not in mended for to in _ahead(step))}
        while more := {n for n, step in mended.items() if n not in ends and any(to in ends for to in _ahead(step))}:
            ends |= more
        stuck = sorted(set(mended) - ends)
        if not stuck:
            return mended
        name = min(stuck, key=lambda each: (len(seen.moves.get(each, ())), each))
        one = 1 / (len(seen.moves.get(name, ())) + 1)
        shares = {to: share * (1 - one) for to, share in (mended[name].next or {}).items()}
        mended[name] = mended[name].changed(next=rounded_shares({**shares, CLOSED: shares.get(CLOSED, 0.0) + one}))
        evidence.cannot(
            f"steps.{name}.next",
            "no case that came here was seen to end; one more is taken to have closed",
            "records of more finished cases",
        )


def _ahead(step: Step) -> list[str]:
    then = [step.then] if step.then else []
    return [*(step.next or ()), *then, *(to for rule in step.rules for to in rule.next)]
