"""Which field of a value a path in unchecked data leads to, so that a fault can say what is known there."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic.fields import FieldInfo


def model_at(model: type[BaseModel], path: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The kind of value to which the path leads from a value of kind `model`; None where it leads to none."""
    kinds: tuple[Any, ...] = (model,)
    for part in path:
        kinds = tuple(inner for kind in kinds for inner in _inside(kind, part))
    return next((found for kind in kinds for found in _models(kind)), None)


def keys_of(model: type[BaseModel], path: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The part of a path in pydantic's errors that stands in the file: without the tags of tagged unions."""
    kinds: tuple[Any, ...] = (model,)
    keys: list[int | str] = []
    for part in path:
        if part != "[key]" and part not in [tag for kind in kinds for tag in _tags(kind)]:
            keys.append(part)
        kinds = tuple(inner for kind in kinds for inner in _inside(kind, part))
    return tuple(keys)


def field_at(model: type[BaseModel], name: str) -> tuple[str, FieldInfo]:
    """The key under which a field is written, and the field; `name` is its key or its name in Python."""
    for field_name, field in model.model_fields.items():
        written = field.validation_alias if isinstance(field.validation_alias, str) else field_name
        if name in (field_name, written):
            return written, field
    raise KeyError(name)


def is_statement(field: FieldInfo) -> bool:
    """Whether a field is written as key = value, and not as a table of its own."""
    return get_origin(field.annotation) is not Mapping and not any(_models(field.annotation))


def _inside(kind: Any, part: int | str) -> Iterator[Any]:
    """The kinds of value that may stand at `part` of a value of this kind."""
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *marks = get_args(kind)
        tags = [mark.tag for mark in marks if isinstance(mark, Tag)]
        if not tags:
            yield from _inside(inner, part)
        elif part in tags:
            yield inner
    elif origin in (Union, types.UnionType):
        for member in get_args(kind):
            yield from _inside(member, part)
    elif origin is tuple:
        yield get_args(kind)[0]
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield get_args(kind)[1]
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if part in (name, field.validation_alias):
                yield field.annotation


def _tags(kind: Any) -> Iterator[str]:
    """The tags of the members of a tagged union."""
    if get_origin(kind) is Annotated:
        inner, *marks = get_args(kind)
        yield from (mark.tag for mark in marks if isinstance(mark, Tag))
        yield from _tags(inner)
    elif get_origin(kind) in (Union, types.UnionType):
        for member in get_args(kind):
            yield from _tags(member)


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    elif get_origin(kind) in (Annotated, Union, types.UnionType):
        for member in get_args(kind):
            yield from _models(member)
