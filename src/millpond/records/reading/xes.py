"""Reads XES event logs (IEEE 1849) of any size, an event at a time.

Attributes of a trace become columns with the prefix ``case:``, as other tools have it; an attribute within an attribute
has both their names with a ``/`` between them. Nothing outside the file is ever looked up.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import pyarrow as pa
from lxml import etree

from millpond.errors import UnreadableFile
from millpond.records.reading.opening import Source, damaged
from millpond.records.reading.staging import Staging
from millpond.records.reading.taken import Taken, Tell
from millpond.records.reading.wording import counted

_STEP_EVENTS = 10_000
_ANY = "{*}*"  # an element of any namespace, but no comment
_KINDS = ("string", "date", "int", "float", "boolean", "id")


def take_xes(source: Source, staging: Staging, *, tell: Tell) -> Taken:
    """Read an XES log into the staging place; its first event has the row number 1.

    Raises:
        UnreadableFile: it is damaged, cut off, or holds no event.
    """
    taken = Taken("XES")
    reader = _Log()
    places: dict[str, int] = {}
    read = 0

    def at(count: int) -> None:
        nonlocal read
        read = count

    def put(events: list[dict[str, str]]) -> None:
        new = [name for name in dict.fromkeys(name for event in events for name in event) if name not in places]
        for name in new:
            places[name] = len(places)
        staging.add_columns(new)
        numbers = pa.array(range(staging.rows + 1, staging.rows + len(events) + 1), pa.int64())
        staging.add(numbers, [pa.array([event.get(name) for event in events], pa.string()) for name in places])
        tell(read, staging.rows)

    try:
        with source.open(at) as stream, staging.filling():
            waiting: list[dict[str, str]] = []
            for events in reader.traces(stream):
                waiting += events
                if len(waiting) >= _STEP_EVENTS:
                    put(waiting)
                    waiting = []
            if waiting:
                put(waiting)
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(
            f"{source.name} is not whole: its XML is damaged or cut off at line {error.lineno} ({error.msg}). Nothing "
            "was taken from it. Copy or export it again."
        ) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise damaged(source.name, error) from error
    if staging.rows == 0:
        raise UnreadableFile(f"{source.name} is an event log without a single event. Export it again, with its events.")
    if reader.without_events:
        taken.notes.append(f"{counted(reader.without_events, 'case')} without any event left no visit.")
    return taken


class _Log:
    """Walks through a log and forgets what it has passed."""

    def __init__(self) -> None:
        self.without_events = 0

    def traces(self, stream: object) -> Iterator[list[dict[str, str]]]:
        """The events of one case after another, each with the attributes of its case."""
        events: list[dict[str, str]] = []
        walk = etree.iterparse(
            stream,
            events=("end",),
            tag=("{*}event", "{*}trace"),
            huge_tree=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        for _, element in walk:
            name = _local(element)
            parent = element.getparent()
            if name == "event":
                event = _attributes(element)
                element.clear(keep_tail=False)
                if parent is None or _local(parent) != "trace":
                    yield [event]  # an event of no case: it will be set aside as such
                else:
                    events.append(event)
            else:
                case = {f"case:{key}": value for key, value in _attributes(element).items()}
                if not events:
                    self.without_events += 1
                yield [{**case, **event} for event in events]
                events = []
                element.clear(keep_tail=False)
            if parent is not None:
                # Without this, the skeleton of the whole log would stay in memory.
                while (before := next(element.itersiblings(_ANY, preceding=True), None)) is not None and _passed(
                    before
                ):
                    parent.remove(before)


def _local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _passed(element: etree._Element) -> bool:
    """An event or trace that has been read; the attributes of a case may stand among its events."""
    return _local(element) in ("event", "trace")


def _attributes(element: etree._Element, prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element.iterchildren(_ANY):
        kind = _local(child)
        key = child.get("key")
        if key is None or kind == "event":
            continue
        name = prefix + key
        if kind in _KINDS and (value := child.get("value")) is not None:
            found[name] = value
        elif kind in ("list", "container"):
            holder = next(child.iterchildren("{*}values"), child)
            inner = _attributes(holder)
            found[name] = "; ".join(inner.values())
            continue
        if len(child):
            found.update(_attributes(child, f"{name}/"))
    return found
