"""Figures that QBP, BIMP and Apromore note in a BPMN model: minutes of tasks, staff, timetables, arrivals and shares.

The extension has the namespace ``http://www.qbp-simulator.com/Schema201212``. Its times are in the unit that it names.
"""

from __future__ import annotations

from typing import Any

from millpond.process.interchange.bpmn_reading import Drawing
from millpond.process.interchange.pathway import Pathway


def take_qbp(read: Drawing, pathway: Pathway, data: dict[str, Any]) -> None:
    """Take the figures of such an extension into a service; nothing where the model has none."""
