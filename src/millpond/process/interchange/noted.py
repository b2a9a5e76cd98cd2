"""What Millpond notes in the files of others, within their extension elements: JSON in an element of our own namespace.

JSON in plain ASCII goes through every XML tool unharmed, whatever characters a name has.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

NAMESPACE = "https://millpond.invalid/bpmn/1"
"""A name and no address: ``.invalid`` never leads anywhere."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG = f"{{{NAMESPACE}}}noted"


def one_line(text: str | None) -> str:
    """Text as XML can hold it, in one line: modelling tools break long names. The name itself is noted as it is."""
    return " ".join(_NOT_XML.sub("\ufffd", text or "").split())


def note(noted: Mapping[str, Any]) -> etree._Element:
    """The element that keeps some plain values: dictionaries, lists, text, numbers, truth and dates."""
    element = etree.Element(_TAG, nsmap={"millpond": NAMESPACE})
    element.text = json.dumps(noted, default=_dated, separators=(", ", ": "))
    return element


def noted_in(extensions: etree._Element | None) -> dict[str, Any]:
    """What was noted there; nothing where there is no note, or one that somebody has damaged."""
    found = None if extensions is None else extensions.find(_TAG)
    if found is None or not found.text:
        return {}
    try:
        noted = json.loads(found.text, object_hook=_undated)
    except (ValueError, RecursionError):
        return {}
    return noted if isinstance(noted, dict) else {}


# No name in a service is blank, so that no table of it is taken for a date.
def _dated(value: object) -> object:
    if isinstance(value, dt.date):
        return {"": value.isoformat()}
    raise TypeError(f"{type(value).__name__} cannot be noted")


def _undated(table: dict[str, Any]) -> object:
    return dt.date.fromisoformat(table[""]) if list(table) == [""] else table
