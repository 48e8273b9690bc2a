"""The memory of readings: what is kept, what is made anew, what is forgotten."""

from __future__ import annotations

import pytest

from dlmap.cache.memory import MemoryCache, Same


def read(memo: MemoryCache, name: str, *keys: object) -> list[str]:
    """Which of the keys a reading has to make."""
    made: list[str] = []
    with memo.reading(name) as recall:
        for key in keys:
            recall(key, lambda key=key: made.append(str(key)))  # type: ignore[misc]
    return made


def test_a_reading_makes_only_what_the_last_one_of_its_name_has_not_made() -> None:
    memo = MemoryCache()
    assert read(memo, "zh", 1, 2, 2) == ["1", "2"]
    assert read(memo, "en", 1) == ["1"]
    assert read(memo, "zh", 2, 3) == ["3"]


def test_what_a_reading_does_not_ask_for_is_forgotten() -> None:
    memo = MemoryCache()
    read(memo, "zh", 1, 2)
    read(memo, "zh", 2)
    assert read(memo, "zh", 1, 2) == ["1"]


def test_a_reading_that_fails_leaves_what_was_there() -> None:
    memo = MemoryCache()
    read(memo, "zh", 1)
    with pytest.raises(ZeroDivisionError), memo.reading("zh") as recall:
        recall(2, lambda: 1 // 0)
    assert read(memo, "zh", 1, 2) == ["2"]


def test_of_many_values_only_the_others_are_made_anew() -> None:
    memo = MemoryCache()
    made: list[list[int]] = []

    def length(value: list[int]) -> int:
        made.append(value)
        return len(value)

    def lengths(*values: list[int]) -> list[int]:
        made.clear()
        with memo.reading("lengths") as recall:
            return [recall.of(value, length) for value in values]

    first, second = [1, 2], [3]
    assert (lengths(first, second, first), made) == ([2, 1, 2], [first, second])
    other = [4]
    assert (lengths(other, first), made) == ([1, 2], [other])
    assert (lengths(second), made) == ([1], [second])


def test_equal_values_in_different_places_are_two_keys() -> None:
    memo = MemoryCache()
    first, second = [1], [1]
    assert len(read(memo, "zh", Same(first), Same(second), Same(first))) == 2
    assert len(read(memo, "zh", Same(second), Same(second, first))) == 1
