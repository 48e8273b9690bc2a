"""Values as bytes and back, for a store that anybody may have written: nothing in it is ever run.

Python's pickle rebuilds a value by calling what the bytes name.  Here they can name nothing but the classes that the
reader of one kind of value expects, and these only hold data.
"""

from __future__ import annotations

import io
import pickle
from typing import Generic, TypeVar

T = TypeVar("T")

_PROTOCOL = 5


class Codec(Generic[T]):
    """Writes and reads values of the class `kind`, which are made of built-in types and the classes `parts`."""

    def __init__(self, kind: type[T], *parts: type) -> None:
        self._kind = kind
        self._classes = {(part.__module__, part.__qualname__): part for part in (kind, *parts)}

    def dump(self, value: T) -> bytes:
        """The value as bytes."""
        return pickle.dumps(value, _PROTOCOL)

    def load(self, data: bytes) -> T | None:
        """The value again; None where the bytes are none, or name any other class."""
        try:
            value = _Reader(io.BytesIO(data), self._classes).load()
        except Exception:  # noqa: BLE001 - bytes from anywhere can fail in any way; they are as good as absent
            return None
        return value if type(value) is self._kind else None


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, classes: dict[tuple[str, str], type]) -> None:
        super().__init__(file)
        self._classes = classes

    def find_class(self, module: str, name: str, /) -> type:
        return self._classes[module, name]
