"""Work spread over processes: the same outcome for any number of them, and none that stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from dlmap.parallel import WORTH_IT, apply_all
from support.processes import wait_until_gone

MANY = range(WORTH_IT * 4)
needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def square(number: int) -> int:
    return number * number


def whose(_: int) -> int:
    return os.getpid()


def deadly(number: int) -> tuple[int, bool]:
    """Ends its process half-way, unless that is the one of the test."""
    if number == 100 and os.getpid() != PARENT:
        os.kill(os.getpid(), signal.SIGKILL)
    return number, os.getpid() == PARENT


def failing(number: int) -> int:
    if number == 100:
        raise ValueError("one hundred")
    return number


PARENT = os.getpid()


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_outcomes_come_in_order_whatever_the_number(jobs: int) -> None:
    assert list(apply_all(square, MANY, jobs=jobs)) == [number * number for number in MANY]


def test_many_items_are_spread_and_few_are_not() -> None:
    assert os.getpid() not in set(apply_all(whose, MANY, jobs=2))
    assert set(apply_all(whose, MANY, jobs=1)) == {os.getpid()}
    assert set(apply_all(whose, range(WORTH_IT - 1), jobs=2)) == {os.getpid()}
    assert list(apply_all(square, [], jobs=2)) == []


def test_items_are_taken_as_they_are_needed() -> None:
    taken = []
    outcomes = apply_all(square, (taken.append(number) or number for number in range(10_000)), jobs=2)
    assert next(outcomes) == 0
    assert len(taken) < 1_000
    outcomes.close()  # type: ignore[attr-defined]


@needs_posix
def test_what_a_killed_process_was_doing_is_done_here() -> None:
    outcomes = list(apply_all(deadly, MANY, jobs=2))
    assert [number for number, _ in outcomes] == list(MANY)
    assert dict(outcomes)[100], "in this process"


def test_an_exception_comes_through() -> None:
    with pytest.raises(ValueError, match="one hundred"):
        list(apply_all(failing, MANY, jobs=2))


def test_beside_other_threads() -> None:
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    try:
        assert list(apply_all(square, MANY, jobs=2)) == [number * number for number in MANY]
    finally:
        over.set()
        other.join()


def test_few_items_do_not_even_import_it() -> None:
    script = "import sys, dlmap.articles; print({'multiprocessing', 'concurrent.futures'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


SLOW = """
    import os, signal, sys, time
    from dlmap.parallel import apply_all

    def slow(number):
        os.write(1, b"%d\\n" % os.getpid())
        time.sleep({seconds})

    if __name__ == "__main__":
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets background jobs ignore it
        list(apply_all(slow, range(1000), jobs=2))
"""


@needs_posix
@pytest.mark.parametrize(("blow", "seconds"), [(signal.SIGKILL, 60), (signal.SIGINT, 0.02)])
def test_no_process_outlives_its_parent(blow: signal.Signals, seconds: float, tmp_path: Path) -> None:
    script = tmp_path / "slow.py"
    script.write_text(textwrap.dedent(SLOW).format(seconds=seconds), "utf-8")
    parent = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    workers = set()
    while len(workers) < 2:
        workers.add(int(parent.stdout.readline()))
    if blow == signal.SIGINT:
        os.killpg(parent.pid, blow)  # as Ctrl-C does
    else:
        parent.kill()
    _, errors = parent.communicate(timeout=10)
    wait_until_gone(list(workers), 5)
    if blow == signal.SIGINT:
        assert errors.count("Traceback") == 1, "the parent's own"
        assert errors.rstrip().endswith("KeyboardInterrupt")
