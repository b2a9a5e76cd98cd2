"""The promise that is meant: the one that was given, or the one of service.toml, each with its risk."""

from __future__ import annotations

from millpond.errors import Fault, FaultyService, WrongUse
from millpond.model import Service

RISK = 0.05
"""The share of replications that may break a promise, where nothing else is said."""
NONE = "none"
"""Stands for no promise where service.toml has one."""


def meant(service: Service, target: str | None, risk: float | None) -> tuple[str | None, float]:
    """The promise, None for none, and the share of replications that may break it.

    Args:
        service: may have a promise.
        target: the one that was given; ``none`` for none; None for that of the service.
        risk: the share that was given; None for that of the service's promise where that is meant.
    """
    if target is not None:
        return (None if target.strip().casefold() == NONE else target), RISK if risk is None else risk
    own = service.promise
    if own is None:
        return None, RISK if risk is None else risk
    return own.target, own.risk if risk is None else risk


def must_be_meant(service: Service, target: str | None, risk: float | None, example: str) -> tuple[str, float]:
    """The same where there must be a promise.

    Args:
        service: may have a promise.
        target: the one that was given.
        risk: the share that was given.
        example: how one is given.

    Raises:
        WrongUse: there is none.
    """
    found, allowed = meant(service, target, risk)
    if found is None:
        raise WrongUse(
            f"What {service.name} promises is not known.\nGive a promise, such as {example}, or write it under "
            "[promise] in service.toml."
        )
    return found, allowed


def check_promise(service: Service) -> None:
    """Looks whether the promise of a service can be judged.

    Raises:
        FaultyService: it cannot.
    """
    if service.promise is None:
        return
    # Here and not above: it knows the simulator, which other checks have no need of.
    from millpond.planning.promise import read_promise

    try:
        read_promise(service.promise.target, service)
    except WrongUse as error:
        what, _, cure = str(error).partition("\n")
        raise FaultyService((Fault("promise.target", f"cannot be judged: {what}", cure),)) from None
