"""What pydantic finds wrong, told so that a person can mend it: where, what, and the cure.

Nothing here knows a particular key: what is said about one comes from its field.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from millpond.errors import Fault
from millpond.model.fields import field_at, is_statement, keys_of, model_at
from millpond.model.nearest import listed, nearest
from millpond.model.spelling import key, key_path, shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from millpond.model.values import Value

NO_LENGTH = "no_length_of_time"
"""The kind of error where a length of time is neither in words nor a table."""

_NUMBER = re.compile(r"\d{1,12}(\.\d{1,12})?")
_WANTED = {
    "float_type": ("a number", "Write a number, such as 2 or 0.5, without quotes."),
    "int_type": ("a whole number", "Write a whole number, such as 5, without quotes."),
    "int_from_float": ("a whole number", "Write a whole number, such as 5."),
    "bool_type": ("true or false", "Write true or false, without quotes."),
    "string_type": ("text", 'Write it in straight quotes, such as "office".'),
    "date_type": ("a date", "Write the date alone, as 2025-09-01, without quotes."),
    "tuple_type": ("a list", 'Write a list in square brackets, such as ["advocacy"].'),
    "dict_type": ("a table", "Write names and values in braces, such as { closed = 1 }, or as a [table]."),
    "model_type": ("a table", "Write it as a table, its keys below a line with its name in square brackets."),
}


def faults_of(error: ValidationError, model: type[Value], data: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Every fault in data that pydantic refused, and those that lie between its parts.

    Args:
        error: what pydantic raised.
        model: the value that the data should have become.
        data: the unchecked data.
    """
    details = error.errors(include_url=False)
    found: list[Fault] = []
    whole: list[Fault] = []
    for detail in details:
        between = _between(detail, model)
        if not between:
            found.append(_fault(detail, model))
        elif detail["loc"]:
            found.extend(between)
        else:
            whole.extend(between)
    # Unchecked data is looked at first, because its paths are those that the person wrote.
    return tuple(dict.fromkeys((*found, *(model.faults_between(data) or whole))))


def _between(detail: ErrorDetails, model: type[Value]) -> tuple[Fault, ...]:
    """The faults between parts that are themselves whole, where pydantic refused the value for these."""
    faults: tuple[Fault, ...] = detail.get("ctx", {}).get("faults", ()) if detail["type"] == "refused" else ()
    inside = key_path(*keys_of(model, detail["loc"]))
    return tuple(replace(fault, where=f"{inside}.{fault.where}") for fault in faults) if inside else faults


def _fault(detail: ErrorDetails, model: type[Value]) -> Fault:
    location, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    where = key_path(*keys_of(model, location))
    if kind == "refused":
        return Fault(where, context["what"], context["cure"])
    if kind == "extra_forbidden":
        return Fault(where, *_unknown_key(location, model))
    if kind == "missing":
        return Fault(where, *_missing(location, model))
    if kind == "union_tag_invalid":
        return Fault(f"{where}.distribution", *_unknown_distribution(detail["input"], context))
    if kind == "union_tag_not_found":
        return Fault(where, *_no_minutes(location, detail["input"]))
    if kind == NO_LENGTH:
        cure = 'Write it in words, such as "7 days", or as a table, such as { minutes = 60 }.'
        return Fault(where, f"is {_shown(detail['input'])}, where a length of time belongs", cure)
    if kind in _WANTED:
        return Fault(where, *_wrong_type(kind, location, detail["input"]))
    return Fault(where, *_out_of_limits(kind, detail, context))


def _unknown_key(location: tuple[int | str, ...], model: type[Value]) -> tuple[str, str]:
    name = str(location[-1])
    inside = model_at(model, location[:-1])
    known = () if inside is None else tuple(field_at(inside, field)[0] for field in inside.model_fields)
    meant = nearest(name, known)
    if meant:
        cure = f"Did you mean {key(meant)}?"
    elif name in model.model_fields and is_statement(model.model_fields[name]):
        cure = "Move it to the top of the file, above the first [heading]."
    else:
        cure = f"The keys here are {listed(known, limit=20)}."
    return "is not a known key", cure


def _missing(location: tuple[int | str, ...], model: type[Value]) -> tuple[str, str]:
    name = str(location[-1])
    inside = model_at(model, location[:-1])
    examples = None if inside is None else field_at(inside, name)[1].examples
    example = f"{key(name)} = {_written(examples[0])}" if examples else key(name)
    return "is missing", f"Add it, for example: {example}"


def _unknown_distribution(minutes: Mapping[str, Any], context: Mapping[str, Any]) -> tuple[str, str]:
    name = str(minutes["distribution"])
    known = tuple(tag for tag in re.findall(r"<(\w+)>", context["expected_tags"]) if tag != "number")
    meant = nearest(name, known)
    cure = f"Did you mean {shown(meant)}? " if meant else ""
    return f"is {shown(name)}, which is not known", f"{cure}The distributions are {listed(known)}."


def _no_minutes(location: tuple[int | str, ...], minutes: object) -> tuple[str, str]:
    cure = 'Write a number of minutes, or a table such as { distribution = "lognormal", mean = 20, sd = 10 }.'
    if isinstance(minutes, Mapping):
        return "does not say which distribution", cure
    if isinstance(minutes, str) and _NUMBER.fullmatch(minutes.strip()):
        cure = f"Write it without quotes: {key(str(location[-1]))} = {minutes.strip()}"
    return f"is {_shown(minutes)}, where a number of minutes or a distribution belongs", cure


def _wrong_type(kind: str, location: tuple[int | str, ...], value: object) -> tuple[str, str]:
    wanted, cure = _WANTED[kind]
    name = key(str(location[-1])) if location and isinstance(location[-1], str) else ""
    equals = f"{name} = " if name else ""
    if kind in ("float_type", "int_type") and isinstance(value, int) and not isinstance(value, bool):
        return "is a number too large to reckon with", "Write a smaller number."
    if kind in ("float_type", "int_type") and isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        cure = f"Write it without quotes: {equals}{value.strip()}"
    elif kind == "string_type" and isinstance(value, int | float) and not isinstance(value, bool):
        cure = f'Write it in quotes: {equals}"{value}"'
    elif kind == "date_type" and isinstance(value, dt.datetime):
        cure = f"Write the date alone: {equals}{value.date()}"
    elif kind == "date_type" and isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
        cure = f"Write it without quotes: {equals}{value.strip()}"
    elif kind == "tuple_type" and isinstance(value, str | int | float | dt.date):
        cure = f"Write it in square brackets: {equals}[{_written(value)}]"
    return f"is {_shown(value)}, where {wanted} belongs", cure


def _out_of_limits(kind: str, detail: ErrorDetails, context: Mapping[str, Any]) -> tuple[str, str]:
    value = detail["input"]
    if kind == "finite_number":
        return f"is {value}, which is not a number to reckon with", "Write an ordinary number."
    if kind == "greater_than_equal":
        limit = _number(context["ge"])
        return f"is {_number(value)}, which is below {limit}", f"Write a number of {limit} or more."
    if kind == "greater_than":
        limit = _number(context["gt"])
        return f"is {_number(value)}, which is not above {limit}", f"Write a number above {limit}."
    if kind == "less_than_equal":
        limit = _number(context["le"])
        percent = f" For {_number(value)}% write {_number(value / 100)}." if limit == "1" and value <= 100 else ""
        return f"is {_number(value)}, which is above {limit}", f"Write a number of {limit} or less.{percent}"
    if kind == "literal_error":
        known = tuple(re.findall("'([^']*)'", context["expected"]))
        meant = nearest(value, known) if isinstance(value, str) else None
        cure = f"Write {listed((shown(word) for word in known), last='or')}."
        return f"is {_shown(value)}, which is not known", f"Did you mean {shown(meant)}? {cure}" if meant else cure
    return f"is {_shown(value)}: {detail['msg'][0].lower()}{detail['msg'][1:]}", "Correct it, or take it away."


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {shown(value)}"
    if isinstance(value, int | float):
        return f"the number {_number(value)}"
    if isinstance(value, dt.datetime):
        return f"a date with a time, {value}"
    if isinstance(value, dt.date):
        return f"the date {value}"
    if isinstance(value, dt.time):
        return f"the time {value}"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    return f"a {type(value).__name__}"


def _number(value: float) -> str:
    try:
        return f"{value:.12g}"
    except OverflowError:
        return "too large to write out"


def _written(value: object) -> str:
    """The value as it would be written in service.toml."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_written(entry) for entry in value)}]"
    return str(value)
