"""What an import wrote into the first service.toml, kept apart: so that a fit knows what nobody has said.

A later extract would be drafted differently, and a person may write the very number that a draft would have; neither
shows in service.toml itself. Nothing is estimated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit

from millpond.calibration.explaining import FIRST_WORDS
from millpond.model import Service
from millpond.model.fitted import DRAFTED_NAME, SECTIONS
from millpond.model.values import plain

_HEAD = f"""# What the first import estimated and wrote into service.toml. Written once by `millpond import`.
# A fit takes the place of these values as long as service.toml has them unchanged. Where an estimate is right and is
# to stay, take its line out of this file; nothing else reads it. {DRAFTED_NAME} is not a description of the service.
"""


def drafted_text(service: Service) -> str:
    """The text of ``drafted.toml``: the values of a first description, by section, entry and key.

    Args:
        service: the description as it was drafted.
    """
    described = plain(service)
    return f"{_HEAD}\n{tomlkit.dumps({name: described[name] for name in SECTIONS if name in described})}"


def is_a_draft(text: str) -> bool:
    """Whether a service.toml still says of itself that records were all it was made from.

    Args:
        text: of the file.
    """
    return f"# {FIRST_WORDS}" in text


def unchanged(said: Mapping[str, Any], drafted: Mapping[str, Any], section: str, entry: str, key: str) -> bool:
    """Whether a value is the one that was drafted.

    Args:
        said: the service as it is described, as plain values.
        drafted: the service as it was drafted, likewise.
        section, entry, key: which value.
    """
    value = said.get(section, {}).get(entry, {}).get(key)
    return value is not None and bool(drafted.get(section, {}).get(entry, {}).get(key) == value)
