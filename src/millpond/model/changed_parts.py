"""The pools, steps and streams of a service as changes make them, one change after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from millpond.errors import Fault, FaultyService
from millpond.model.changes import PoolPlan, StepPlan, StreamPlan
from millpond.model.people import Pool, StaffingChange
from millpond.model.spelling import key_path
from millpond.model.steps import Step
from millpond.model.streams import Stream

if TYPE_CHECKING:
    from millpond.model.service import Service


class Parts:
    """The pools, steps and streams of a service on their way to being others, by name.

    Args:
        service: as it is at first.
    """

    def __init__(self, service: Service) -> None:
        self.pools, self.steps, self.streams = dict(service.pools), dict(service.steps), dict(service.streams)

    def change(
        self, pools: Mapping[str, PoolPlan], steps: Mapping[str, StepPlan], streams: Mapping[str, StreamPlan]
    ) -> None:
        """Makes the parts different as some changes say, but for what is diverted.

        Raises:
            FaultyService: they cannot be so; the key paths are those of the service.
        """
        for pool, of_pool in pools.items():
            with _at("pools", pool):
                self.pools[pool] = _pool_with(self.pools[pool], of_pool.stated)
        for step, of_step in steps.items():
            with _at("steps", step):
                self.steps[step] = _step_with(self.steps[step], of_step)
        for stream, of_stream in streams.items():
            stated = of_stream.stated
            stated.pop("divert", None)
            if (more := stated.pop("more", None)) is not None:
                with _at("streams", stream):
                    stated |= _more_of(self.streams[stream], more)
            self.streams[stream] = self.streams[stream].changed(**stated) if stated else self.streams[stream]

    def divert(self, streams: Mapping[str, StreamPlan], outcome: str, entrances: Mapping[str, str]) -> None:
        """Sends a share of each stream elsewhere, at steps of those names."""
        for stream, first in entrances.items():
            # A step without staff takes no time and moves nobody's luck: who stays has the luck of always.
            share = streams[stream].divert or 0.0
            ways = {outcome: share, self.streams[stream].first_step: 1 - share}
            self.steps[first] = Step(next={to: share for to, share in ways.items() if share > 0})
            self.streams[stream] = self.streams[stream].changed(first_step=first)


def _pool_with(pool: Pool, stated: Mapping[str, Any]) -> Pool:
    """A pool with what a plan says of it, over all days: what is dated gives way."""
    changes = []
    for change in pool.changes:
        kept = {
            key: getattr(change, key)
            for key in StaffingChange.model_fields
            if key != "date" and key not in stated and getattr(change, key) is not None
        }
        if kept:
            changes.append(StaffingChange(date=change.date, **kept))
    return pool.changed(changes=tuple(changes), **stated)


def _step_with(step: Step, change: StepPlan) -> Step:
    stated = change.stated
    for key in ("minutes_for", "after"):
        if key in stated:
            stated[key] = {**getattr(step, key), **stated[key]}
    return step.changed(**stated)


def _more_of(stream: Stream, more: float) -> dict[str, Any]:
    """The fields of a stream of which so many more come.

    Its cases keep their luck and their order, and come sooner after each other.
    """
    if stream.daily_counts:
        what = "is asked of a stream that has counts seen on days, and nobody has seen more"
        cure = "Describe the stream by per_week in place of daily_counts, and compare again."
        raise FaultyService((Fault("more", what, cure),))
    if not stream.per_week and not stream.schedule:
        what = "is asked of a stream that does not say how many come"
        raise FaultyService((Fault("more", what, "Add per_week to the stream."),))
    fields: dict[str, Any] = {}
    if stream.per_week:
        fields["per_week"] = stream.per_week * (1 + more)
    if stream.schedule:
        fields["schedule"] = {moment: cases * (1 + more) for moment, cases in stream.schedule.items()}
    return fields


@contextmanager
def _at(section: str, part: str) -> Iterator[None]:
    """Faults of a part of the service are told at its place in the service."""
    try:
        yield
    except FaultyService as error:
        path = key_path(section, part)
        raise FaultyService(
            tuple(
                Fault(f"{path}.{fault.where}" if fault.where else path, fault.what, fault.cure)
                for fault in error.faults
            )
        ) from None
