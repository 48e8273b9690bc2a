"""What the watcher takes for a change, whatever way a file is saved, and what it lets pass."""

import os
import queue
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdog.observers.api import BaseObserver

from dlmap.cache.files import rescan, scan_files
from dlmap.preview.debounce import Debouncer
from dlmap.preview.watcher import Watcher
from support.preview import PATIENCE, write

SOON = 0.6
"""Seconds within which an event, not the look that comes once a second, must have told of a change."""


def is_site(folder: Path) -> bool:
    return (folder / ".made").exists()


class Watching:
    """A watcher in a thread, and what it reported."""

    def __init__(self, root: Path, watch: tuple[Path, ...]) -> None:
        self.root = root
        self.troubles: list[str] = []
        self.reports = 0
        self._reports: queue.Queue[tuple[str, ...]] = queue.Queue()
        self._watcher = Watcher(watch, is_site, self.troubles.append)
        self._watcher.start()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while changed := self._watcher.wait():
            self.reports += 1
            self._reports.put(changed)

    def next(self, within: float = PATIENCE) -> set[str]:
        """The next reported files, relative to the root."""
        changed = self._reports.get(timeout=within)
        return {Path(path).relative_to(self.root).as_posix() for path in changed}

    def all_until(self, last: str) -> set[str]:
        """Every reported file, up to the report that names `last`."""
        names: set[str] = set()
        while last not in names:
            names |= self.next()
        return names

    def stop(self) -> None:
        self._watcher.close()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        assert self.troubles == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "work"
    write(folder / "content" / "outline.md", "一\n")
    write(folder / "content" / "notes" / "a.md", "一\n")
    write(folder / "post.md", "一\n")
    return folder


@pytest.fixture
def watching(root: Path) -> Iterator[Watching]:
    watcher = Watching(root, (root,))
    yield watcher
    watcher.stop()


def test_write_in_place(watching: Watching, root: Path) -> None:
    write(root / "content" / "outline.md", "二\n")
    assert watching.next(SOON) == {"content/outline.md"}
    write(root / "content" / "notes" / "a.md", "二\n")
    assert watching.next(SOON) == {"content/notes/a.md"}


def test_2d_save_by_renaming_a_new_file_over_the_old(watching: Watching, root: Path) -> None:
    for number in range(3):
        write(root / "content" / ".outline.md.new", f"{number}\n")
        (root / "content" / ".outline.md.new").replace(root / "content" / "outline.md")
        assert watching.next(SOON) == {"content/outline.md"}


def test_save_from_another_folder(watching: Watching, root: Path) -> None:
    write(root.parent / "elsewhere.md", "二\n")
    (root.parent / "elsewhere.md").replace(root / "content" / "outline.md")
    assert watching.next(SOON) == {"content/outline.md"}


def test_2d_save_as_vim_does(watching: Watching, root: Path) -> None:
    folder = root / "content"
    write(folder / "4913", "")
    (folder / "4913").unlink()
    write(folder / ".outline.md.swp", "swap")
    (folder / "outline.md").rename(folder / "outline.md~")
    write(folder / "outline.md", "二\n")
    (folder / "outline.md~").unlink()
    (folder / ".outline.md.swp").unlink()
    assert watching.all_until("content/outline.md") == {"content/outline.md"}


def test_new_deleted_and_renamed_files(watching: Watching, root: Path) -> None:
    write(root / "content" / "new" / "deep" / "b.md", "二\n")
    assert watching.next(SOON) == {"content/new/deep/b.md"}
    write(root / "content" / "new" / "deep" / "b.md", "三\n")
    assert watching.next(SOON) == {"content/new/deep/b.md"}
    (root / "content" / "new").rename(root / "content" / "old")
    assert watching.next(SOON) == {"content/new/deep/b.md", "content/old/deep/b.md"}
    shutil.rmtree(root / "content" / "old")
    assert watching.next() == {"content/old/deep/b.md"}


def test_noise_is_no_change(watching: Watching, root: Path) -> None:
    write(root / "site" / ".made", "")
    for name in (
        *(".git/index", ".dlmap/cache", ".venv/bin/python", "node_modules/x/y.js", "__pycache__/a.pyc"),
        *("content/.#outline.md", "content/#outline.md#", "content/outline.md~", "content/.outline.md.swp"),
        *("content/4913", "content/x.tmp", "site/index.html", "site/zh/index.html"),
    ):
        write(root / name, "noise")
    write(root / "content" / "outline.md", "二\n")
    assert watching.next() == {"content/outline.md"}


def test_saving_the_same_text_again_is_no_change(watching: Watching, root: Path) -> None:
    # The file is younger than the coarsest clock of a file system, so its content is known.
    write(root / "content" / "outline.md", "一\n")
    os.utime(root / "content" / "notes" / "a.md", (1, 1))
    write(root / "post.md", "二\n")
    assert watching.all_until("post.md") == {"post.md"}


def test_same_size_and_same_time(watching: Watching, root: Path) -> None:
    file = root / "content" / "outline.md"
    times = (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    write(file, "二\n")
    os.utime(file, ns=times)
    assert watching.next() == {"content/outline.md"}


def test_2d_many_files_at_once(watching: Watching, root: Path) -> None:
    expected = {f"content/many/{number}.md" for number in range(1000)}
    begin = time.monotonic()
    for name in expected:
        write(root / name, "二\n")
    seen: set[str] = set()
    reports = 0
    while seen != expected:
        seen |= watching.next()
        reports += 1
    # It settles between events; what comes for longer than its patience is given in parts.
    assert reports <= 2 + (time.monotonic() - begin) / 0.05


def test_2d_more_files_than_there_are_events(watching: Watching, root: Path) -> None:
    # New folders hold files before anything listens there.
    expected = {f"content/new{number // 100}/{number}.md" for number in range(5_000)}
    for folder in {Path(name).parent for name in expected}:
        (root / folder).mkdir()
    for name in expected:
        (root / name).touch()
    seen: set[str] = set()
    while seen != expected:
        seen |= watching.next()


def test_2d_root_deleted_and_made_again(watching: Watching, root: Path) -> None:
    shutil.rmtree(root)
    assert watching.all_until("post.md") == {"content/outline.md", "content/notes/a.md", "post.md"}
    write(root / "content" / "outline.md", "新\n")
    assert watching.next() == {"content/outline.md"}
    write(root / "content" / "outline.md", "再\n")
    assert watching.next() == {"content/outline.md"}
    # By now there are events again.
    write(root / "content" / "outline.md", "又\n")
    assert watching.next(SOON) == {"content/outline.md"}


def test_2d_linked_folder(tmp_path: Path, root: Path) -> None:
    outside = tmp_path.resolve() / "outside"
    write(outside / "deep" / "c.md", "一\n")
    (root / "content" / "linked").symlink_to(outside)
    (root / "content" / "above").symlink_to("..")
    (root / "content" / "circle").symlink_to("circle")
    watching = Watching(tmp_path.resolve(), (root,))
    write(outside / "deep" / "c.md", "二\n")
    assert watching.next(SOON) == {"outside/deep/c.md"}
    (root / "content" / "linked").unlink()
    (root / "content" / "linked").symlink_to(root / "content" / "notes")
    assert watching.next() == {"work/content/linked", "outside/deep/c.md"}
    watching.stop()


def test_single_file(root: Path) -> None:
    watching = Watching(root, (root / "post.md",))
    for number in range(3):
        write(root / "draft", f"{number}\n")
        (root / "draft").replace(root / "post.md")
        assert watching.next(SOON) == {"post.md"}
    (root / "post.md").unlink()
    assert watching.next() == {"post.md"}
    watching.stop()


def test_what_does_not_exist_yet(root: Path) -> None:
    watching = Watching(root, (root / "templates", root / "dlmap.toml"))
    write(root / "templates" / "page.html", "一")
    assert watching.next() == {"templates/page.html"}
    write(root / "dlmap.toml", "")
    assert watching.next(SOON) == {"dlmap.toml"}
    watching.stop()


def test_every_change_is_seen_while_nobody_waits(root: Path) -> None:
    watcher = Watcher((root,), is_site, print)
    watcher.start()
    write(root / "post.md", "二\n")
    write(root / "content" / "outline.md", "二\n")
    assert {Path(path).name for path in watcher.wait()} == {"post.md", "outline.md"}
    watcher.close()
    assert watcher.wait() == ()


def test_events_are_asked_for_around_the_published_site(root: Path) -> None:
    write(root / "site" / "zh" / "index.html", "")
    write(root / "site" / ".made", "")
    write(root / ".git" / "objects" / "x", "")
    folders = scan_files((root,), is_site, None).folders
    assert {(folder.path, folder.recursive) for folder in folders} == {
        (str(root), False),
        (str(root / "content"), True),
    }
    whole = scan_files((root / "content",), is_site, None).folders
    assert {(folder.path, folder.recursive) for folder in whole} == {(str(root / "content"), True)}


def test_published_site_may_be_a_link(root: Path) -> None:
    write(root / "releases" / "1" / "index.html", "")
    write(root / "releases" / "1" / ".made", "")
    (root / "site").symlink_to(root / "releases" / "1")
    files = scan_files((root,), is_site, None).files
    assert not any("index.html" in path or path.endswith("site") for path in files)


def test_special_files_are_not_opened(root: Path) -> None:
    os.mkfifo(root / "content" / "pipe.md")
    snapshot = scan_files((root,), is_site, None)
    assert str(root / "content" / "pipe.md") in snapshot.files
    assert scan_files((root,), is_site, snapshot).changes_since(snapshot) == ()


def test_old_files_are_not_read(root: Path) -> None:
    for file in (root / "post.md", root / "content" / "outline.md"):
        os.utime(file, (1, 1))
    first = scan_files((root / "post.md",), is_site, None)
    # The change of its times is itself young; a moment later the stamp alone tells.
    state = first.files[str(root / "post.md")]
    settled = type(first)({str(root / "post.md"): type(state)(state.stamp, None, young=False)}, first.folders)
    second = scan_files((root / "post.md",), is_site, settled)
    assert second.files[str(root / "post.md")] is settled.files[str(root / "post.md")]


def test_a_known_file_is_looked_at_alone(root: Path) -> None:
    before = scan_files((root,), is_site, None)
    write(root / "post.md", "二\n")
    write(root / "content" / "outline.md", "二\n")
    post, new = str(root / "post.md"), str(root / "new.md")
    after = rescan(before, [post])
    assert after is not None
    assert after.changes_since(before) == (post,)
    # The other one is not lost: a full look compares with what was known of it.
    assert scan_files((root,), is_site, after).changes_since(after) == (str(root / "content" / "outline.md"),)
    write(root / "new.md", "新\n")
    assert rescan(before, [post, new]) is None
    (root / "post.md").unlink()
    assert rescan(before, [post]) is None
    assert rescan(before, [str(root / "content")]) is None


def test_an_event_may_be_lost(root: Path) -> None:
    watcher = Watcher((root,), is_site, print)
    watcher.start()
    try:
        for number in range(40):
            # Told of one file again and again, it still finds the other within its time.
            write(root / "post.md", f"{number}\n")
            if number == 2:
                watcher._events.follow(())
                write(root / "content" / "outline.md", "二\n")
            watcher._debouncer.notify(str(root / "post.md"), complete=True)
            if str(root / "content" / "outline.md") in watcher.wait():
                break
            time.sleep(0.05)
        else:
            pytest.fail("the lost event was never made up for")
    finally:
        watcher.close()


def test_a_file_that_is_about_to_be_replaced_is_waited_for(watching: Watching, root: Path) -> None:
    outline = root / "content" / "outline.md"
    outline.rename(outline.with_name("outline.md~"))
    time.sleep(0.02)
    write(outline, "二\n")
    assert watching.next(SOON) == {"content/outline.md"}
    assert watching.reports == 1


def test_2d_more_folders_than_the_system_watches(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object, **__: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(BaseObserver, "schedule", no_room)
    watcher = Watching(root, (root,))
    for number in range(2):
        write(root / "post.md", f"{number} times\n")
        assert watcher.next() == {"post.md"}
    [told] = watcher.troubles
    assert told.startswith("warning: no file events (inotify watch limit reached)")
    watcher.troubles.clear()
    watcher.stop()


def test_the_debouncer_waits_for_quiet() -> None:
    debouncer = Debouncer()
    assert debouncer.wait(0.01) == frozenset()

    def seconds(**rings: bool) -> float:
        begin = time.monotonic()
        for name, complete in rings.items():
            debouncer.notify(name, complete=complete)
        assert debouncer.wait(PATIENCE) == frozenset(rings)
        return time.monotonic() - begin

    # A busy machine may hold some of them up.
    assert 0.05 <= min(seconds(a=True, b=False) for _ in range(5)) < 0.4
    assert min(seconds(c=True) for _ in range(10)) < 0.05
    # So many files are not a single save.
    assert seconds(a=True, b=True, c=True, d=True) >= 0.05


def test_the_debouncer_does_not_wait_for_ever() -> None:
    debouncer = Debouncer()
    enough = threading.Event()

    def ring() -> None:
        while not enough.wait(0.01):
            debouncer.notify("a", complete=False)

    ringing = threading.Thread(target=ring)
    ringing.start()

    def seconds() -> float:
        begin = time.monotonic()
        assert debouncer.wait(PATIENCE) == frozenset("a")
        return time.monotonic() - begin

    # On a busy machine it may be quiet for a moment.
    assert any(0.5 <= seconds() < 1.5 for _ in range(10))
    enough.set()
    ringing.join()
    debouncer.stop()
    assert debouncer.wait(PATIENCE) is None
