"""What a study of sensitivity may be asked, and the notes that a reader of its figures must have."""

from __future__ import annotations

from datetime import date

from millpond.errors import WrongUse
from millpond.measures.sentences import counted
from millpond.model import Service
from millpond.model.nearest import listed, nearest
from millpond.planning.varying import ABSENCE, DIRECT, FITTED, Varied

ANSWERS = ("backlog", "backlog at end", "wait", "lead time", "cost")
ONE, MORRIS, SOBOL = "one at a time", "morris", "sobol"
METHODS = (MORRIS, SOBOL, ONE)


def check_study(
    service: Service,
    days: int,
    answer: str,
    pool: str | None,
    spread: float,
    method: str,
    places: int,
    replications: int,
) -> None:
    """Refuses what cannot be studied; all faults are told.

    Args:
        service: the service.
        days, answer, pool, spread, method, places, replications: as for `millpond.planning.sensitivity.sensitivity`.

    Raises:
        WrongUse: no such answer, pool or method, or a number out of its limits.
    """
    wrong = []
    for what, given, known in (("answer", answer, ANSWERS), ("method", method, METHODS)):
        if given not in known:
            meant = nearest(given, known)
            cure = f"Did you mean {meant}?" if meant else f"Choose {listed(known, last='or')}."
            wrong.append(f"There is no {what} '{given}'. {cure}")
    if pool is not None and pool not in service.pools:
        meant = nearest(pool, service.pools)
        cure = f"Did you mean {meant}?" if meant else f"Its pools are {listed(service.pools)}."
        wrong.append(f"There is no pool '{pool}' in {service.name}. {cure}")
    elif pool is not None and answer == "lead time":
        wrong.append("A lead time is of no single pool. Leave the pool out, or look at the wait.")
    if not 0 < spread < 1:
        wrong.append(f"The spread is {spread:g}. Give a share above 0 and below 1, such as 0.1 for 10%.")
    for what, number, least, most in (
        ("days", days, 1, 3660),
        ("places", places, 2, 10_000),
        ("replications", replications, 2, 100_000),
    ):
        if not least <= number <= most:
            wrong.append(f"The {what} are {number}. Give a whole number from {least} to {most:,}.")
    if wrong:
        raise WrongUse("\n".join(wrong))


def study_notes(service: Service, first_day: date, numbers: tuple[Varied, ...], spread: float) -> tuple[str, ...]:
    """What the ranges rest on, and what is not varied.

    Args:
        service: the service.
        first_day: the first day.
        numbers: what is varied.
        spread: by what share of itself a number may be off where no interval of it is known.
    """
    fitted = sum(number.source == FITTED for number in numbers)
    notes = [
        "All trials have the same replications and the same luck; differences are taken replication by replication."
    ]
    if fitted:
        notes.append(
            f"Within the 95% intervals that the fit gave them: {counted(fitted, 'number')} of {len(numbers)}; "
            "what service.toml says itself has none."
        )
    if fitted < len(numbers):
        notes.append(
            f"How unsure {'the others' if fitted else 'the numbers'} are is not known: each may be {spread:.0%} more "
            "or less than it is (--spread); a share, of itself or of what is left to 100%, whichever is less."
        )
    for kind, key in ((ABSENCE, "absence"), (DIRECT, "minutes_per_day")):
        without = [
            name
            for name in service.pools
            if not any(
                number.kind == kind
                and (number.where[1] == name or number.where[1] in service.workers_of(name, first_day))
                for number in numbers
            )
        ]
        if without:
            notes.append(f"service.toml states no {key} of {listed(without)}: what is not stated is not varied.")
    return tuple(notes)
