"""Values in a store: they come back as they were, and bytes from anywhere give nothing but such values."""

from __future__ import annotations

import datetime
import io
import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlmap.cache import Codec


class Colour(StrEnum):
    RED = "red"


class TermPair(NamedTuple):
    left: int
    right: str


@dataclass(frozen=True, slots=True)
class Thing:
    name: str
    pairs: tuple[TermPair, ...] = ()
    day: datetime.date | None = None
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True)
class Other:
    name: str


VALUES = Codec(Thing, TermPair, Colour, datetime.date)
THING = Thing("名", (TermPair(1, "a"), TermPair(2, "b")), datetime.date(2022, 4, 1))


class Harm:
    """Would run something when it is unpickled."""

    def __init__(self, function: object, *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


def test_a_value_comes_back_as_it_was() -> None:
    assert VALUES.load(VALUES.dump(THING)) == THING


@pytest.mark.parametrize(
    "value",
    [
        Other("of another class"),
        Thing("x", (Other("inside"),)),  # type: ignore[arg-type]
        "a text",
        (THING,),
        Harm(os.mkdir, "made"),
        Thing("x", (Harm(os.mkdir, "made"),)),  # type: ignore[arg-type]
        Harm(getattr, "text", "upper"),
        Harm(eval, "__import__('os').mkdir('made')"),
        Harm(__import__, "this"),
        Harm(Thing.__init__, 1),
        Thing,
    ],
    ids=lambda value: type(value).__name__,
)
def test_nothing_else_comes_back_and_nothing_is_run(
    value: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert VALUES.load(pickle.dumps(value)) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_no_way_of_naming_a_function_works(
    protocol: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert VALUES.load(pickle.dumps(Harm(os.mkdir, "made"), protocol)) is None
    nested = f"c{Thing.__module__}\nThing.__init__.__globals__\n."
    assert VALUES.load(nested.encode()) is None
    assert not list(tmp_path.iterdir())


def test_bytes_that_refer_to_something_outside_are_none() -> None:
    file = io.BytesIO()
    pickler = pickle.Pickler(file, 5)
    pickler.persistent_id = lambda value: "outside" if value == "名" else None  # type: ignore[method-assign]
    pickler.dump(THING)
    assert VALUES.load(file.getvalue()) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data + b"more",
        lambda data: data[:0],
        lambda data: data[:2] + b"(" * 100_000 + b".",
        lambda data: b"\x80\x05\x8c\xff" + data,
        lambda data: data[:2] + b"]" + b"\x94h\x00" * 1000 + b".",
    ],
)
def test_broken_bytes_give_nothing_or_the_value(damage: Callable[[bytes], bytes]) -> None:
    assert VALUES.load(damage(VALUES.dump(THING))) in (None, THING)


@given(st.binary(max_size=200), st.integers(0, 200))
def test_any_bytes_give_nothing_or_such_a_value(data: bytes, at: int) -> None:
    whole = VALUES.dump(THING)
    for piece in (data, whole[:at] + data + whole[at + len(data) :]):
        found = VALUES.load(piece)
        assert found is None or type(found) is Thing
