"""XML of strangers read safely: no entities, no look-ups outside the file, no more than a bounded size.

It says what is wrong with a file that is refused, and knows nothing of what the elements mean.
"""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from millpond.errors import UnreadableFile

MOST_BYTES = 50_000_000
"""A model larger than this was not drawn by anybody."""
MOST_ELEMENTS = 500_000


def read_bounded(path: Path, what: str) -> bytes:
    """The content of a file, which may be at most `MOST_BYTES` long.

    Raises:
        UnreadableFile: it is missing, empty or too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be read: {error.strerror or error}. Check its name, and that you may read it."
        ) from None
    if len(content) > MOST_BYTES:
        raise UnreadableFile(
            f"{path} is larger than {MOST_BYTES // 1_000_000} MB, which no {what} is. Check that it is the right file."
        )
    if not content.strip():
        raise UnreadableFile(f"{path} is empty. Export the {what} again.")
    return content


def parse_xml(content: bytes, source: str) -> etree._Element:
    """The root element of an XML text.

    Args:
        content: the text as it is in the file.
        source: what to call it in errors.

    Raises:
        UnreadableFile: it is damaged, declares entities, or has too many elements.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(
            f"{source} is not whole: its XML is damaged or cut off at line {error.lineno} ({error.msg}). Nothing was "
            "taken from it. Export it again."
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile(
            f"{source} declares a document type of its own (<!DOCTYPE), which could hide entities that grow without "
            "end. No modelling tool writes one. Export the model again, or take the declaration away."
        )
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise UnreadableFile(f"{source} has more than {MOST_ELEMENTS:,} elements. Check that it is the right file.")
    return root


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: etree._Element | None) -> str:
    """All text within an element."""
    return "" if element is None else "".join(str(part) for part in element.itertext())
