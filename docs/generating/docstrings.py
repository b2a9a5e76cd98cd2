"""Docstrings, in the form that all of Millpond's have, as Markdown: prose, and a table for each list of names."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

SEE = "<!-- Made by `python docs/generate.py` from the code: change the code, not this page. -->\n"
"""What stands in a page that is made whole."""


@dataclass
class Docstring:
    """A docstring in its parts: prose, and sections with a name for each entry."""

    prose: str = ""
    entries: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def parsed(text: str) -> Docstring:
    """The parts of a docstring."""
    parts = re.split(r"^(Args|Attributes|Returns|Raises|Yields|Example):\n", text, flags=re.MULTILINE)
    doc = Docstring(parts[0].strip())
    for section, body in zip(parts[1::2], parts[2::2], strict=True):
        block = inspect.cleandoc(body)
        if section not in ("Args", "Attributes", "Raises"):
            doc.texts[section] = block
            continue
        entries = re.findall(r"^(\S[^:\n]*): (.*(?:\n(?:    .*|$))*)", block, flags=re.MULTILINE)
        doc.entries[section] = [(names.strip(), " ".join(told.split())) for names, told in entries]
    return doc


def as_markdown(text: str) -> str:
    """A docstring as text with tables."""
    doc = parsed(text)
    lines = [prose(doc.prose) + "\n"]
    heads = {"Args": "argument", "Attributes": "attribute", "Raises": "raises"}
    for section, entries in doc.entries.items():
        rows = [(names_in(names), prose(told)) for names, told in entries]
        lines.append(table((heads[section], "meaning" if section != "Raises" else "when"), rows))
    if "Returns" in doc.texts:
        lines.append(f"**Gives** {prose(doc.texts['Returns'])}\n")
    return "\n".join(lines)


def names_in(text: str) -> str:
    """The names that an entry is about, as code."""
    return ", ".join(f"`{name.strip()}`" for name in text.split(","))


def prose(text: str) -> str:
    """Prose of a docstring in Markdown: one line a paragraph, code as it stands."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        if all(line.startswith("    ") for line in paragraph.splitlines()):
            paragraphs.append("```py\n" + inspect.cleandoc(paragraph) + "\n```")
        elif paragraph.lstrip().startswith("* "):
            paragraphs.append(
                "\n".join(f"* {' '.join(item.split())}" for item in re.split(r"^\* ", paragraph, flags=re.M)[1:])
            )
        else:
            paragraphs.append(" ".join(paragraph.split()))
    return re.sub(r"(?<!`)``(?!`)", "`", "\n\n".join(paragraphs))


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table."""

    def line(cells: tuple[str, ...]) -> str:
        return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"

    return "\n".join([line(head), "|" + "---|" * len(head), *(line(row) for row in rows)]) + "\n"
