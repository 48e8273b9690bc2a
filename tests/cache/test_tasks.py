"""Tasks: what is computed, what is stored, what memory keeps, and what a changed program computes again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from dlmap.cache import TEXT, Cache, Codec, Task, tasks


class Work:
    """A task that writes down what it computes."""

    def __init__(self, *, in_memory: bool = False, name: str = "upper") -> None:
        self.computed: list[str] = []
        self.task: Task[str, str] = Task(
            name,
            "dlmap.text",
            lambda item: (item.encode(),),
            TEXT,
            self.compute,
            is_lasting=lambda _, value: value != "NO",
            in_memory=in_memory,
        )

    def compute(self, items: Sequence[str]) -> Iterator[str]:
        for item in items:
            self.computed.append(item)
            yield item.upper()


def test_only_what_is_absent_is_computed_all_at_once_and_in_order(tmp_path: Path) -> None:
    work = Work()
    with Cache.open(tmp_path) as cache:
        assert cache.map(work.task, ["a", "b", "a"]) == ["A", "B", "A"]
    with Cache.open(tmp_path) as cache:
        assert cache.map(work.task, ["c", "b", "a", "d"]) == ["C", "B", "A", "D"]
        assert cache.get(work.task, "d") == "D"
    assert work.computed == ["a", "b", "c", "d"]


def test_a_value_that_may_differ_next_time_is_not_stored(tmp_path: Path) -> None:
    work = Work()
    for _ in range(2):
        with Cache.open(tmp_path) as cache:
            assert cache.map(work.task, ["no", "yes"]) == ["NO", "YES"]
            assert dict(cache.fetch(work.task, ["no", "yes"])) == {"yes": "YES"}
            assert cache.missing(work.task, ["no", "yes"]) == ["no"]
    assert work.computed == ["no", "yes", "no"]


def test_memory_gives_the_same_object_for_one_generation() -> None:
    work = Work(in_memory=True)
    with Cache.open(None) as cache:
        first = cache.map(work.task, ["aa", "bb"])
        again = cache.map(work.task, ["bb"])
        assert again[0] is first[1]
        later = cache.map(work.task, ["aa", "bb"])
        assert later[1] is first[1]
        assert later[0] is not first[0], "it was not asked for meanwhile, and came from its row"
    assert work.computed == ["aa", "bb"]


def test_scopes_have_generations_of_their_own() -> None:
    work = Work(in_memory=True)
    with Cache.open(None) as cache:
        first = cache.map(work.task, ["aa"], scope="zh")
        cache.map(work.task, ["bb"], scope="en")
        assert cache.map(work.task, ["aa"], scope="zh")[0] is first[0]


def test_tasks_do_not_see_the_rows_of_one_another(tmp_path: Path) -> None:
    one, other = Work(), Work(name="other")
    with Cache.open(tmp_path) as cache:
        cache.map(one.task, ["a"])
        cache.map(other.task, ["a"])
    assert other.computed == ["a"]


def test_another_version_of_the_code_computes_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work()
    with Cache.open(tmp_path) as cache:
        cache.map(work.task, ["a"])
    monkeypatch.setattr(tasks, "code_version", lambda _: "another")
    with Cache.open(tmp_path) as cache:
        cache.map(work.task, ["a"])
    assert work.computed == ["a", "a"]


def test_a_row_that_cannot_be_read_is_computed_again(tmp_path: Path) -> None:
    work = Work()
    broken: Task[str, str] = Task(
        "upper", "dlmap.text", lambda item: (item.encode(),), Codec(lambda _: b"\xff", TEXT.decode)
    )
    with Cache.open(tmp_path) as cache:
        cache.put(broken, [("a", "A")])
        assert cache.map(work.task, ["a"]) == ["A"]
        assert cache.map(work.task, ["a"]) == ["A"]
    assert work.computed == ["a"]
