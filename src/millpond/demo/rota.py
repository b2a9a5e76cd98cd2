"""The rota of the example: a shift for every worker and open day, and what kept them away from it."""

from __future__ import annotations

from collections.abc import Iterator

from millpond.demo.absences import MEETINGS, TRAINING, absences
from millpond.model import Service
from millpond.periods import MICROSECONDS_A_MINUTE, Opening, date_of, day_number, local_us, openings, weekday
from millpond.periods.spans import union, without
from millpond.records.rota import AVAILABLE, Shift

TRAINING_STARTS = 13 * 60


def shifts(service: Service, first_day: int, last_day: int) -> tuple[Shift, ...]:
    """The rota from the first to the last day (day numbers, both counted), by worker and time.

    A shift is a worker's own opening hours on a day; time away lies within shifts and is stated beside them.
    """
    found: list[Shift] = []
    for name, worker in service.workers.items():
        opened = openings(service, service.calendar_name(worker), first_day, last_day)
        at_work = {
            day: spans[0]
            for day, spans in zip(range(first_day, last_day + 1), opened, strict=True)
            if spans and worker.is_here(date_of(day))
        }
        found += [Shift(name, worker.pool, *span, AVAILABLE) for span in at_work.values()]
        found += _away(service, name, worker.pool, at_work)
    return tuple(
        sorted(found, key=lambda shift: (shift.worker, shift.starts_us, shift.kind != AVAILABLE, shift.ends_us))
    )


def free_time(rota: tuple[Shift, ...], worker: str) -> list[Opening]:
    """The stretches in which a worker could see people, in order and apart, microseconds since 1970-01-01 UTC."""
    own = [shift for shift in rota if shift.worker == worker]
    on = union((shift.starts_us, shift.ends_us) for shift in own if shift.kind == AVAILABLE)
    off = union((shift.starts_us, shift.ends_us) for shift in own if shift.kind != AVAILABLE)
    return list(without(on, off))


def _away(service: Service, name: str, pool: str, at_work: dict[int, Opening]) -> Iterator[Shift]:
    missed: set[int] = set()
    for absence in absences():
        days = [day for day in range(day_number(absence.first), day_number(absence.last) + 1) if day in at_work]
        if absence.worker == name and days:
            missed.update(days)
            yield Shift(name, pool, at_work[days[0]][0], at_work[days[-1]][1], absence.kind)
    training = {day_number(day) for day in TRAINING}
    for day in sorted(at_work.keys() - missed):
        starts_us, ends_us = at_work[day]
        if day in training:
            yield Shift(name, pool, max(local_us(day, TRAINING_STARTS, service.zone), starts_us), ends_us, "training")
        for meeting in MEETINGS:
            if meeting.pool == pool and meeting.weekday == weekday(day):
                length = (meeting.ends - meeting.starts) * MICROSECONDS_A_MINUTE
                begins = local_us(day, meeting.starts, service.zone)
                yield Shift(name, pool, begins, begins + length, "meeting")
