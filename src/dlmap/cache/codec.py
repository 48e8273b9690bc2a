"""Values as bytes and back.  Rows of a cache hold data only: nothing in them names code, so nothing in them can run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Generic, NamedTuple, TypeVar, cast, get_type_hints

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Codec(Generic[K, V]):
    """How the values of a task are written to rows and read back."""

    encode: Callable[[V], bytes]
    decode: Callable[[bytes, K], V]
    """Restores the value for an item; raises an exception for bytes that hold no such value."""


BYTES: Codec[Any, bytes] = Codec(lambda value: value, lambda data, _: data)
TEXT: Codec[Any, str] = Codec(str.encode, lambda data, _: data.decode())


class Column(NamedTuple):
    """How one field is written where msgspec cannot write its type."""

    row_type: Any
    pack: Callable[[Any], Any]
    """From the value of the field to a value of `row_type`."""
    unpack: Callable[[Any], Any]


def _name_bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


def _name(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


FILE_NAME = Column(bytes, _name_bytes, _name)
"""A text that comes from the name of a file, which may hold bytes that are no text."""
FILE_NAMES = Column(
    tuple[bytes, ...], lambda names: tuple(map(_name_bytes, names)), lambda row: tuple(map(_name, row))
)


def record_codec(kind: type[V], **columns: Column) -> Codec[Any, V]:
    """The codec of a dataclass or named tuple: an array of its fields, each checked against its type when read."""
    import msgspec  # noqa: PLC0415 - a build that is up to date needs none

    hints = get_type_hints(kind)
    names = _field_names(kind)
    row = msgspec.defstruct(
        f"{kind.__name__}Row",
        [(name, columns[name].row_type if name in columns else hints[name]) for name in names],
        array_like=True,
    )
    decoder = msgspec.msgpack.Decoder(row)

    encoder = msgspec.msgpack.Encoder()

    def encode(value: V) -> bytes:
        parts = (getattr(value, name) for name in names)
        packed = [
            columns[name].pack(part) if name in columns else part
            for name, part in zip(names, parts, strict=True)
        ]
        return encoder.encode(packed)

    def decode(data: bytes, _: Any) -> V:  # noqa: ANN401 - the item, whatever it is
        parts = decoder.decode(data)
        values = {name: getattr(parts, name) for name in names}
        for name, column in columns.items():
            values[name] = column.unpack(values[name])
        return kind(**values)

    return Codec(encode, decode)


def _field_names(kind: type) -> tuple[str, ...]:
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind) if field.init)
    return cast("tuple[str, ...]", kind._fields)  # type: ignore[attr-defined]
