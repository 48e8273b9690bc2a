"""Generations in memory: what the next one gets again, what is computed again, what is dropped."""

from __future__ import annotations

import pytest

from dlmap.cache.memory import IdentityKey, MemoryCache


def compute(memory: MemoryCache, name: str, *keys: object) -> list[str]:
    """Which of the keys a generation has to compute."""
    computed: list[str] = []
    with memory.generation(name) as generation:
        for key in keys:
            generation(key, lambda key=key: computed.append(str(key)))  # type: ignore[misc]
    return computed


def test_a_generation_computes_only_what_the_last_one_of_its_name_did_not_have() -> None:
    memory = MemoryCache()
    assert compute(memory, "zh", 1, 2, 2) == ["1", "2"]
    assert compute(memory, "en", 1) == ["1"]
    assert compute(memory, "zh", 2, 3) == ["3"]


def test_what_a_generation_does_not_ask_for_is_dropped() -> None:
    memory = MemoryCache()
    compute(memory, "zh", 1, 2)
    compute(memory, "zh", 2)
    assert compute(memory, "zh", 1, 2) == ["1"]


def test_a_generation_that_fails_leaves_what_was_there() -> None:
    memory = MemoryCache()
    compute(memory, "zh", 1)
    with pytest.raises(ZeroDivisionError), memory.generation("zh") as generation:
        generation(2, lambda: 1 // 0)
    assert compute(memory, "zh", 1, 2) == ["2"]


def test_of_many_values_only_the_others_are_computed() -> None:
    memory = MemoryCache()
    computed: list[list[int]] = []

    def length(value: list[int]) -> int:
        computed.append(value)
        return len(value)

    def lengths(*values: list[int]) -> list[int]:
        computed.clear()
        with memory.generation("lengths") as generation:
            return [generation.of(value, length) for value in values]

    first, second = [1, 2], [3]
    assert (lengths(first, second, first), computed) == ([2, 1, 2], [first, second])
    other = [4]
    assert (lengths(other, first), computed) == ([1, 2], [other])
    assert (lengths(second), computed) == ([1], [second])


def test_equal_values_in_different_places_are_two_keys() -> None:
    memory = MemoryCache()
    first, second = [1], [1]
    assert len(compute(memory, "zh", IdentityKey(first), IdentityKey(second), IdentityKey(first))) == 2
    assert len(compute(memory, "zh", IdentityKey(second), IdentityKey(second, first))) == 1
