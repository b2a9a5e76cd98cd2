"""Values that are frozen and cannot be born wrong: the base of everything that describes a service.

A value knows its shape and its limits, and nothing of files, records or time series.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WrapSerializer,
)
from pydantic_core import PydanticCustomError

from millpond.errors import Fault, FaultyService
from millpond.model.faults import faults_of

K = TypeVar("K")
V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)


class FrozenMapping(Mapping[K, V_co], Generic[K, V_co]):
    """A mapping that keeps its order and never changes; it can be hashed, copied and pickled.

    It equals any mapping with the same entries, in whatever order. To change an entry, make a new mapping:
    ``service.changed(steps={**service.steps, "triage": step})``.
    """

    __slots__ = ("_entries", "_hash")
    _entries: dict[K, V_co]
    _hash: int | None

    def __init__(self, entries: Mapping[K, V_co] | None = None) -> None:
        self._entries = dict(entries or {})
        self._hash = None

    def __getitem__(self, key: K) -> V_co:
        return self._entries[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __hash__(self) -> int:
        # Kept, because a whole service is looked up by its hash thousands of times.
        if self._hash is None:
            self._hash = hash(frozenset(self._entries.items()))
        return self._hash

    def __repr__(self) -> str:
        return repr(self._entries)

    def __reduce__(self) -> tuple[type[FrozenMapping[K, V_co]], tuple[dict[K, V_co]]]:
        return FrozenMapping, (self._entries,)


def refusal(what: str, cure: str, faults: tuple[Fault, ...] = ()) -> PydanticCustomError:
    """What a validator raises when it refuses a value.

    Args:
        what: what is wrong, to be read after the key path.
        cure: what to do about it.
        faults: what is wrong between the parts of the value, each with its path; they take the place of `what`
            and `cure`.
    """
    return PydanticCustomError("refused", "{what}", {"what": what, "cure": cure, "faults": faults})


def _whole(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise refusal("has half a character (a lone surrogate), which no file can hold", "Write it anew.") from None
    return text


def _spoken(name: str) -> str:
    if not name.strip():
        raise refusal("is a blank name", "Give it a name that a person can read.")
    return name


def _tuple_of_list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _plain_mapping(value: Mapping[Any, Any], serialise: Callable[[Any], Any]) -> Any:
    return serialise(dict(value))


Text = Annotated[str, AfterValidator(_whole)]
Name = Annotated[Text, AfterValidator(_spoken)]
Named = Annotated[Mapping[Name, V], AfterValidator(FrozenMapping), WrapSerializer(_plain_mapping)]
Many = Annotated[tuple[V, ...], BeforeValidator(_tuple_of_list)]

# The upper limits are far beyond any service; they keep sums of whole microseconds inside 64 bits.
Minutes = Annotated[float, Field(ge=0, le=1e9)]
PositiveMinutes = Annotated[float, Field(gt=0, le=1e9)]
Count = Annotated[float, Field(ge=0, le=1e6)]
Amount = Annotated[float, Field(ge=0, le=1e12)]
Share = Annotated[float, Field(ge=0, le=1)]


class Value(BaseModel):
    """A frozen value, checked when it is made.

    Numbers are numbers and text is text: ``"2"`` is not 2. Keys that are not known are refused.

    Raises:
        FaultyService: what is wrong, all of it, each fault with its key path and the cure.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        validate_by_name=True,
        validate_by_alias=True,
    )

    def __init__(self, **data: Any) -> None:
        try:
            self.__pydantic_validator__.validate_python(data, self_instance=self)
        except ValidationError as error:
            raise FaultyService(faults_of(error, type(self), data), source=type(self).__name__) from None

    # Without this mark pydantic would call __init__ for every nested value too, and the first faulty one
    # would hide the faults of all the others.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    def changed(self, **fields: Any) -> Self:
        """A copy with these fields changed, checked like a new value; this one stays as it is.

        Raises:
            FaultyService: the changed value would be wrong.
        """
        return type(self)(**{**{name: getattr(self, name) for name in type(self).model_fields}, **fields})

    @classmethod
    def from_plain(cls, data: Mapping[str, Any], source: str = "service.toml") -> Self:
        """The value that unchecked data describes, under the keys of service.toml.

        Args:
            data: dictionaries, lists, text, numbers and dates, as a reader of TOML gives them.
            source: what to call the data in errors.

        Raises:
            FaultyService: what is wrong in it, all of it.
        """
        try:
            return cls.model_validate(data, by_alias=True, by_name=False)
        except ValidationError as error:
            raise FaultyService(faults_of(error, cls, data), source) from None

    @classmethod
    def faults_between(cls, data: Mapping[str, Any]) -> tuple[Fault, ...]:
        """Faults that lie between the parts of unchecked data, such as a name that nothing has.

        They are looked for even where parts are faulty in themselves. The base has none.
        """
        return ()


def toml_key(name: str, value: type[Value]) -> str:
    """The key of a field in service.toml: its name, but for ``changes``, which is written ``from``."""
    alias = value.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else name


def plain(value: object) -> Any:
    """The value as dictionaries and lists under the keys of service.toml, without what is as by default."""
    if isinstance(value, Value):
        kind = type(value)
        return {
            toml_key(name, kind): plain(getattr(value, name))
            for name, field in kind.model_fields.items()
            if name == "distribution" or getattr(value, name) != field.get_default(call_default_factory=True)
        }
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [plain(entry) for entry in value]
    return value
