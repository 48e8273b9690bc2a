"""Values in rows: they come back as they were, and bytes from anywhere give an exception or such a value."""

from __future__ import annotations

import datetime
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

from dlmap.cache import BYTES, TEXT, Column, record_codec
from dlmap.cache.diagnostics import diagnostic_rows, restored
from dlmap.text import Diagnostic, SourceChunk, SourceFile, Span


class Colour(StrEnum):
    RED = "red"


class Pair(NamedTuple):
    left: int
    right: str


@dataclass(frozen=True, slots=True)
class Thing:
    name: str
    pairs: tuple[Pair, ...] = ()
    day: datetime.date | None = None
    colour: Colour = Colour.RED
    other: object = None


OTHER = Column(list[int], list, tuple)
THINGS = record_codec(Thing, other=OTHER)
THING = Thing("名", (Pair(1, "a"), Pair(2, "b")), datetime.date(2022, 4, 1), other=(1, 2))


class Harm:
    """Would run something if it were unpickled."""

    def __init__(self, function: object, *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


def decoded(data: bytes) -> Thing | None:
    try:
        return THINGS.decode(data, None)
    except Exception:  # noqa: BLE001 - what the cache does
        return None


def test_a_value_comes_back_as_it_was() -> None:
    again = THINGS.decode(THINGS.encode(THING), None)
    assert again == THING
    assert type(again.pairs[0]) is Pair
    assert TEXT.decode(TEXT.encode("名"), None) == "名"
    assert BYTES.decode(BYTES.encode(b"\0"), None) == b"\0"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_no_value_and_runs_nothing(
    protocol: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert decoded(pickle.dumps(Harm(os.mkdir, "made"), protocol)) is None
    assert decoded(pickle.dumps(("名", (), None, "red", Harm(os.mkdir, "made")), protocol)) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data + b"more",
        lambda data: data[:0],
        lambda _: b"\x91" * 100_000,
        lambda data: data.replace(b"red", b"rot"),
        lambda data: data.replace(b"2022-04-01", b"2022-04-41"),
        lambda data: data.replace(b"\x92\x01\xa1a", b"\x92\xc3\xa1a"),
    ],
)
def test_a_field_of_another_type_is_refused(damage: Callable[[bytes], bytes]) -> None:
    assert decoded(damage(THINGS.encode(THING))) is None


@given(st.binary(max_size=200), st.integers(0, 200))
def test_any_bytes_give_nothing_or_such_a_value(data: bytes, at: int) -> None:
    whole = THINGS.encode(THING)
    for row in (data, whole[:at] + data + whole[at + len(data) :]):
        value = decoded(row)
        assert value is None or (type(value) is Thing and all(type(pair) is Pair for pair in value.pairs))


def test_diagnostics_point_into_the_source_at_hand() -> None:
    chunk = SourceChunk("text", 0)
    source = SourceFile("a.md", "some\ntext", {chunk: 5})
    diagnostics = (
        Diagnostic("DL301", "a", "b", source, Span(1, 2, chunk)),
        Diagnostic("DL001", "c", path="b.md"),
    )
    again = restored(diagnostic_rows(diagnostics), source)
    assert again == diagnostics
    assert again[0].position == (2, 2)
