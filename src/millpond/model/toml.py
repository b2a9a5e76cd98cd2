"""service.toml in and out.

Reading finds every fault at once. Writing is tidy and states only what differs from the defaults, so that
what a person reads is what somebody meant.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from millpond.errors import Fault, FaultyService, UnreadableFile
from millpond.model.fitted import FITTED_NAME, with_fit
from millpond.model.service import Service
from millpond.model.spelling import heading, key, quoted
from millpond.model.syntax import syntax_fault
from millpond.model.values import plain

FILE_NAME = "service.toml"
_LISTS = ("from", "rules")
"""Keys whose lists are written as tables of their own, in double brackets."""


def load_service(path: str | Path) -> Service:
    """Read a service from its file, and from the fitted.toml beside it where the folder is named.

    Args:
        path: the service.toml, or the folder that it is in.

    Raises:
        UnreadableFile: it is not there, is empty, or is not UTF-8 text.
        FaultyService: what is wrong in it, all of it.
    """
    path = Path(path)
    file = path / FILE_NAME if path.is_dir() else path
    if file.is_file() and file.suffix.lower() != ".toml":
        raise UnreadableFile(
            f"{file} is a file, and the folder of a service is needed.\n"
            f"If it holds records, import them: `millpond import {file} --into our-service`, and name that folder."
        )
    try:
        content = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        # Where not even the folder is there, what was asked for is the folder.
        missing = f"{file.name} in {file.parent}" if path.is_dir() or file.name == FILE_NAME else f"folder {path}"
        home = file.parent if path.is_dir() or file.name == FILE_NAME else path
        raise UnreadableFile(
            f"There is no {missing}.\n"
            f"Make a first one from your records with `millpond import FILE --into {home}`, "
            f"or look at an example with `millpond demo DIR`."
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UnreadableFile(f"{file} cannot be read: {reason}.\nCheck that it is a file that you may read.") from None
    text = _decoded(content, file)
    fitted = file.with_name(FITTED_NAME)
    if path.is_dir() and fitted.is_file():
        own, learned = _tables(text, str(file)), _tables(_decoded(fitted.read_bytes(), fitted), str(fitted))
        return Service.from_plain(with_fit(own, learned), f"{file} with {FITTED_NAME}")
    return parse_service(text, source=str(file))


def read_plain(path: Path) -> dict[str, Any]:
    """What a file in TOML says, unchecked.

    Args:
        path: the file, which must be there.

    Raises:
        UnreadableFile: it is empty or not UTF-8 text.
        FaultyService: it is not TOML.
    """
    return _tables(_decoded(path.read_bytes(), path), str(path))


def parse_service(text: str, source: str = FILE_NAME) -> Service:
    """Read a service from the text of a service.toml.

    Args:
        text: the text.
        source: what to call it in errors.

    Raises:
        FaultyService: what is wrong in it, all of it.
    """
    return Service.from_plain(_tables(text.removeprefix("\ufeff"), source), source)


def dump_service(service: Service) -> str:
    """The service as the text of a service.toml; reading it gives the same service again."""
    return "\n".join(_service_lines(plain(service))).strip("\n") + "\n"


def _decoded(content: bytes, file: Path) -> str:
    if not content.removeprefix(b"\xef\xbb\xbf").strip():
        raise UnreadableFile(
            f'{file} is empty.\nWrite at least its name, such as name = "Northshire victim support", '
            "or look at an example with `millpond demo DIR`."
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(f"{file} is saved as UTF-16.\nSave it again as plain text with the encoding UTF-8.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"{file} is not UTF-8 text: line {line} has the byte 0x{content[error.start]:02x}.\n"
            "Save it again as plain text with the encoding UTF-8."
        ) from None


def _tables(text: str, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        fault = Fault("the file", "has brackets within brackets, too deep to read", "Take away what is not needed.")
    except ValueError as error:
        fault = syntax_fault(error, text)
    raise FaultyService((fault,), source)


def _service_lines(service: Mapping[str, Any]) -> Iterator[str]:
    sections = {name: value for name, value in service.items() if isinstance(value, Mapping) or name == "charts"}
    yield from _statements({name: value for name, value in service.items() if name not in sections})
    for name, section in sections.items():
        if name == "charts":
            for chart in section:
                yield from ("", "[[charts]]")
                yield from _statements(chart)
        elif name in ("targets", "promise", "chart_rules", "records"):
            yield from _table(section, name)
        else:
            for entry, fields in section.items():
                yield from _table(fields, name, entry)


def _table(fields: Mapping[str, Any], *path: str) -> Iterator[str]:
    """One table with its statements, then the tables within it: dated changes, rules, and the columns of records."""
    columns = fields.get("columns", {})
    yield from ("", f"[{heading(*path)}]")
    yield from _statements({name: value for name, value in fields.items() if name not in (*_LISTS, "columns")})
    for name in _LISTS:
        for entry in fields.get(name, []):
            yield from ("", f"[[{heading(*path, name)}]]")
            yield from _statements(entry)
    if columns:
        yield from ("", f"[{heading(*path, 'columns')}]")
        yield from _statements(columns)


def _statements(fields: Mapping[str, Any]) -> Iterator[str]:
    for name, value in fields.items():
        goes_on = name == "next" and isinstance(value, Mapping)
        yield f"{key(name)} = {_written(_everything_to(value) if goes_on else value)}"


def _everything_to(following: Mapping[str, float]) -> Mapping[str, float] | str:
    """Where every case goes to one place, its name alone."""
    (name, share), *rest = following.items()
    return name if share == 1 and not rest else following


def _written(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key(name)} = {_written(entry)}" for name, entry in value.items()) + " }"
    return "[" + ", ".join(_written(entry) for entry in value) + "]"
