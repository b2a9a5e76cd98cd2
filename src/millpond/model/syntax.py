"""What is wrong where a service.toml cannot be read at all, in words for somebody who does not know TOML."""

from __future__ import annotations

import re

from millpond.errors import Fault

_CURES = (
    # what the reader of TOML says begins with, what is wrong, the cure
    (
        "Invalid statement",
        "begins with something that is no key",
        "Write key = value, or a [heading].",
    ),
    (
        "Cannot redefine namespace",
        "has a heading that stands in the file twice",
        "Bring what stands below both under one of them.",
    ),
    (
        "Found invalid character",
        "has a character that may not stand there",
        "Take it away, or write the line anew.",
    ),
    ("Escaped character", "has a backslash with a meaning of its own", "Write it twice, or use / in paths."),
    (
        "Expected '=' after a key",
        "has no equals sign after a key",
        "Write key = value; put a name with spaces in quotes.",
    ),
    (
        "Expected ']' at the end of a table",
        "has a heading without its closing bracket",
        "Close it, such as [pools.x].",
    ),
    (
        "Expected ']]' at the end",
        "has a heading without its closing brackets",
        "Close it, such as [[pools.x.from]].",
    ),
    (
        "Invalid initial character for a key",
        "begins with something that is no key",
        "Write key = value or [heading].",
    ),
    (
        "Cannot declare",
        "has a heading that stands in the file twice",
        "Bring what stands below both under one of them.",
    ),
    ("Cannot overwrite", "has a key that stands there twice", "Take one of the two away."),
    ("Duplicate inline table key", "has a key that stands there twice", "Take one of the two away."),
    (
        "Cannot mutate",
        "adds to a table that was closed before",
        "Bring the whole table together in one place.",
    ),
    ("Unterminated string", "has text whose quotes are not closed", "Close the quotes on the same line."),
    ("Illegal character '\\n'", "has text whose quotes are not closed", "Close the quotes on the same line."),
    (
        "Illegal character",
        "has a character that may not stand there",
        "Take it away, or write the line anew.",
    ),
    (
        "Unclosed array",
        "has a list whose bracket is not closed",
        "Close it with ], with commas between the entries.",
    ),
    (
        "Unclosed inline table",
        "has a table whose brace is not closed",
        "Close it with }, with commas between, on one line.",
    ),
    (
        "Invalid date",
        "has a date that does not exist",
        "Write an existing day as year-month-day: 2025-09-01.",
    ),
    ("Unescaped '\\'", "has a backslash with a meaning of its own", "Write it twice, or use / in paths."),
    ("Invalid hex value", "has a backslash with a meaning of its own", "Write it twice, or use / in paths."),
    (
        "Expected newline",
        "has something left over after its value",
        "Put one value on a line; decimals have a point: 22.50",
    ),
    (
        "Invalid value",
        "has a value that cannot be read",
        'Put text in straight quotes, such as calendar = "office".',
    ),
)


def syntax_fault(error: ValueError, text: str) -> Fault:
    """The fault that the reader of TOML stumbled over.

    Args:
        error: what the reader said, with the line in its words.
        text: what was read.
    """
    said = str(error)
    lines = text.split("\n")
    found = re.search(r"at line (\d+), column \d+", said)
    number = int(found[1]) if found else max(len(lines), 1)
    line = lines[number - 1].strip() if number <= len(lines) else ""
    where = f"line {number}" if found or "end of document" in said else "the file"
    what, cure = next(
        ((what, cure) for said_first, what, cure in _CURES if said.startswith(said_first)),
        (
            "cannot be read as TOML",
            "Correct it; the reference of service.toml shows how each key is written.",
        ),
    )
    if re.search("[“”„‘’]", line):
        cure = 'Replace curly quotes by straight ones: "office".'
    shown = line if len(line) <= 80 else line[:80] + "…"
    return Fault(where, f"{what}: {shown}" if shown else what, cure)
