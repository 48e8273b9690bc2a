"""Publishing: the folder holds the old site or the new one at every moment, whatever happens."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from dlmap.publish import OutputRefusedError, PublishResult, check_output, record_translations
from dlmap.publish import disk as disk_module
from dlmap.publish import output as output_module
from dlmap.publish.file import OutputFile
from dlmap.publish.output import MARKER, MARKER_TEXT

SRC = Path(output_module.__file__).parents[2]


def files(text: str, count: int = 3) -> Iterator[OutputFile]:
    """A small site whose every file holds `text`."""
    yield OutputFile("index.html", text.encode())
    yield OutputFile(MARKER, b"")
    yield OutputFile("assets/always-the-same.css", b"a {}")
    for number in range(count):
        yield OutputFile(f"zh/{number}/index.html", text.encode())


def publish(made: Iterable[OutputFile], folder: Path, *, durable: bool = True) -> PublishResult:
    """Publish files whose content is all there."""
    return output_module.publish(lambda _: made, folder, durable=durable)


def tree(folder: Path) -> dict[str, bytes | str]:
    """Everything in a folder: the bytes of files, the targets of links."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = str(path.readlink())
        else:
            found[name] = path.read_bytes() if path.is_file() else "folder"
    return found


def site_of(text: str, count: int = 3) -> dict[str, bytes | str]:
    """What `tree` gives for the published `files(text)`."""
    found: dict[str, bytes | str] = {
        file.path: file.content for file in files(text, count) if isinstance(file.content, bytes)
    }
    found |= {f"zh/{number}": "folder" for number in range(count)}
    found["zh"], found["assets"], found[MARKER] = "folder", "folder", MARKER_TEXT
    return dict(sorted(found.items()))


# What is written


def test_a_folder_holds_exactly_the_files(tmp_path: Path) -> None:
    asset = tmp_path / "site.css"
    asset.write_bytes(b"a {}")
    made = [*files("one"), OutputFile("assets/site.css", asset)]
    assert publish(made, tmp_path / "deep" / "site") == PublishResult(files=6, written=6)
    assert tree(tmp_path / "deep" / "site") == dict(
        sorted({**site_of("one"), "assets/site.css": b"a {}"}.items())
    )


def test_the_next_site_replaces_it_as_a_whole(tmp_path: Path) -> None:
    publish(files("one", 5), tmp_path / "site")
    publish(files("two", 2), tmp_path / "site")
    assert tree(tmp_path / "site") == site_of("two", 2)


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Identity and time of every file."""
    found = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {
        path.relative_to(folder).as_posix(): (status.st_ino, status.st_mtime_ns)
        for path, status in found.items()
    }


def test_a_file_that_stays_the_same_is_not_written_again(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(files("one"), site)
    before = stamps(site)
    assert publish([*files("one", 2), OutputFile("zh/2/index.html", b"two")], site).written == 1
    after = stamps(site)
    assert {path for path in before if before[path] != after[path]} == {".nojekyll", "zh/2/index.html"}


def test_a_site_that_stays_the_same_is_not_touched(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(files("one"), site)
    before, folder = stamps(site), site.stat()
    assert publish(files("one"), site) == PublishResult(files=5, written=0)
    assert stamps(site) == before
    assert site.stat() == folder


def marked(text: str) -> OutputFile:
    return OutputFile("index.html", text.encode(), f"made of {text}")


def test_what_a_file_was_made_of_is_known_to_the_next_build(tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish([marked("one"), OutputFile("zh/index.html", b"no mark")], site)
    known: list[Mapping[str, str]] = []

    def make(published: Mapping[str, str]) -> Iterator[OutputFile]:
        known.append(published)
        yield OutputFile("index.html", None, "made of one")

    output_module.publish(make, site)
    assert known == [{"index.html": "made of one"}]
    assert tree(site) == {MARKER: MARKER_TEXT, "index.html": b"one"}


@pytest.mark.parametrize("harm", ["written", "touched", "replaced", "removed"])
def test_a_published_file_that_somebody_changed_is_made_anew(harm: str, tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish([marked("one")], site)
    page = site / "index.html"
    if harm == "removed":
        page.unlink()
    elif harm == "touched":
        os.utime(page, (1, 1))
    elif harm == "replaced":
        times = page.stat()
        (tmp_path / "other").write_bytes(b"eno")
        os.utime(tmp_path / "other", ns=(times.st_atime_ns, times.st_mtime_ns))
        (tmp_path / "other").replace(page)
    else:
        page.write_bytes(b"something else")

    def make(published: Mapping[str, str]) -> Iterator[OutputFile]:
        assert not published
        yield marked("one")

    output_module.publish(make, site)
    assert tree(site) == {MARKER: MARKER_TEXT, "index.html": b"one"}


@pytest.mark.parametrize(
    "record", [b"", b"{", b"[]", b'{"index.html": 1}', b'{"index.html": ["x", [1]]}', b"\xff"]
)
def test_a_broken_record_only_means_that_everything_is_made_anew(record: bytes, tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish([marked("one")], site)
    (tmp_path / ".site.dlmap" / "contents.json").write_bytes(record)
    assert publish([marked("two")], site) == PublishResult(files=1, written=1)
    assert (site / "index.html").read_bytes() == b"two"


def test_where_files_cannot_be_linked_they_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(_from: Path, _to: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", no_link)
    publish(files("one"), tmp_path / "site")
    publish(files("two"), tmp_path / "site")
    assert tree(tmp_path / "site") == site_of("two")


def test_a_file_that_vanishes_while_it_is_published_is_left_out_and_told(tmp_path: Path) -> None:
    gone = tmp_path / "gone.png"
    done = publish([*files("one"), OutputFile("files/gone.png", gone)], tmp_path / "site")
    assert done.vanished == (gone,)
    assert tree(tmp_path / "site") == site_of("one")


def test_the_artifact_has_no_dotfile_but_the_one_for_pages(tmp_path: Path) -> None:
    publish(files("one"), tmp_path / "site")
    assert [name for name in tree(tmp_path / "site") if Path(name).name.startswith(".")] == [".nojekyll"]


def test_beside_the_folder_stands_one_working_folder_that_git_does_not_see(tmp_path: Path) -> None:
    publish(files("one"), tmp_path / "site")
    publish(files("two"), tmp_path / "site")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".site.dlmap", "site"]
    assert (tmp_path / ".site.dlmap" / ".gitignore").read_text("utf-8") == "*\n"


def test_the_previous_site_stays_for_its_readers_until_the_next_build(tmp_path: Path) -> None:
    for text in ("one", "two", "three"):
        publish(files(text), tmp_path / "site")
    assert tree(tmp_path / ".site.dlmap" / "previous") == site_of("two")


def test_the_rights_of_the_folder_follow_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        publish(files("one"), tmp_path / "site")
    finally:
        os.umask(before)
    assert (tmp_path / "site").stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "site" / "index.html").stat().st_mode & 0o777 == 0o640


def test_two_files_of_one_address_are_refused(tmp_path: Path) -> None:
    publish(files("old"), tmp_path / "site")
    with pytest.raises(OutputRefusedError, match=r"zh/0/index\.html"):
        publish([*files("new"), OutputFile("zh/0/index.html", b"a redirect")], tmp_path / "site")
    with pytest.raises(OutputRefusedError, match="both a file and a folder"):
        publish([*files("new"), OutputFile("index.html/x", b"a redirect")], tmp_path / "site")
    assert tree(tmp_path / "site") == site_of("old")


def test_where_folders_cannot_be_exchanged_two_renames_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_module, "exchange", lambda _one, _other: False)
    publish(files("one"), tmp_path / "site")
    publish(files("two"), tmp_path / "site")
    assert tree(tmp_path / "site") == site_of("two")


def test_a_second_rename_that_fails_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(files("one"), tmp_path / "site")
    monkeypatch.setattr(output_module, "exchange", lambda _one, _other: False)
    rename = Path.rename

    def fail_for_stage(one: Path, other: Path) -> Path:
        if one.name == "stage":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(one))
        return rename(one, other)

    monkeypatch.setattr(Path, "rename", fail_for_stage)
    with pytest.raises(OSError, match="Input/output error"):
        publish(files("two"), tmp_path / "site")
    assert tree(tmp_path / "site") == site_of("one")


def test_a_site_lost_between_two_renames_comes_back(tmp_path: Path) -> None:
    publish(files("one"), tmp_path / "site")
    (tmp_path / "site").rename(tmp_path / ".site.dlmap" / "previous")

    def broken() -> Iterator[OutputFile]:
        yield from files("two")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OSError, match="No space"):
        publish(broken(), tmp_path / "site")
    assert tree(tmp_path / "site") == site_of("one")


def test_a_failure_while_rendering_leaves_the_old_site_and_no_stage(tmp_path: Path) -> None:
    publish(files("old"), tmp_path / "site")

    def broken() -> Iterator[OutputFile]:
        yield OutputFile("index.html", b"new")
        raise RuntimeError("a template failed")

    with pytest.raises(RuntimeError):
        publish(broken(), tmp_path / "site")
    assert tree(tmp_path / "site") == site_of("old")
    assert not (tmp_path / ".site.dlmap" / "stage").exists()


# What may be written over


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home" / "me"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    return home


def refusal(folder: Path, *sources: Path) -> str:
    with pytest.raises(OutputRefusedError) as refused:
        check_output(folder, sources)
    return str(refused.value)


def test_new_folders_empty_folders_and_own_sites_are_fine(tmp_path: Path) -> None:
    check_output(tmp_path / "new" / "site", ())
    (tmp_path / "empty").mkdir()
    check_output(tmp_path / "empty", ())
    publish(files("one"), tmp_path / "site")
    check_output(tmp_path / "site", ())


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    assert "dlmap did not write it" in refusal(tmp_path / "photos")


@pytest.mark.parametrize("content", [b"", b"Written by me\n"])
def test_the_nojekyll_of_somebody_else_is_no_marker(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / MARKER).write_bytes(content)
    assert "dlmap did not write it" in refusal(tmp_path / "theirs")


def test_publish_itself_replaces_only_what_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    with pytest.raises(OutputRefusedError):
        publish(files("one"), tmp_path / "photos")
    assert tree(tmp_path / "photos") == {"cat.jpg": b""}


def test_home_and_what_is_above_it_are_refused(home: Path) -> None:
    assert "not a folder to write a site into" in refusal(home)
    assert "not a folder to write a site into" in refusal(home.parent)
    assert "not a folder to write a site into" in refusal(Path("/"))


def test_a_user_without_a_home_can_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    check_output(tmp_path / "site", ())


def test_the_current_folder_and_what_is_above_it_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "below")
    assert "current folder" in refusal(Path())
    assert "current folder" in refusal(Path(".."))
    assert "current folder" in refusal(tmp_path)


def test_sources_and_what_holds_them_or_lies_in_them_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "blog" / "post.md"
    source.parent.mkdir()
    source.touch()
    content = tmp_path / "blog" / "content"
    content.mkdir()
    assert "holds the source post.md" in refusal(tmp_path / "blog", source)
    assert "holds the source post.md" in refusal(source, source)
    assert "lies inside the source content" in refusal(content / "site", content)
    check_output(tmp_path / "blog" / "site", (source, content))


def test_repositories_are_refused(tmp_path: Path) -> None:
    (tmp_path / "repo" / ".git" / "objects").mkdir(parents=True)
    assert "is a repository" in refusal(tmp_path / "repo")
    assert "is a repository" in refusal(tmp_path / "repo" / ".git" / "objects")
    check_output(tmp_path / "repo" / "site", ())


def test_files_links_and_pipes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "dangling").symlink_to("nothing")
    os.mkfifo(tmp_path / "pipe")
    assert "is not a folder" in refusal(tmp_path / "file")
    assert "is not a folder" in refusal(tmp_path / "pipe")
    assert "symbolic link" in refusal(tmp_path / "link")
    assert "symbolic link" in refusal(tmp_path / "dangling")
    assert "is not a folder" in refusal(tmp_path / "file" / "site")


def test_mount_points_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "volume").mkdir()
    monkeypatch.setattr(Path, "is_mount", lambda path: path.name == "volume")
    assert "mount point" in refusal(tmp_path / "volume")


def test_folders_without_the_right_to_write_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "closed" and allowed(path, mode))
    assert "cannot be written to" in refusal(tmp_path / "closed")
    assert "nothing can be added to" in refusal(tmp_path / "closed" / "site")


def test_somebody_elses_working_folder_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".site.dlmap").mkdir()
    (tmp_path / ".site.dlmap" / "diary.txt").touch()
    assert "in the way" in refusal(tmp_path / "site")
    (tmp_path / "empty").mkdir()
    (tmp_path / ".other.dlmap").symlink_to("empty")
    assert "in the way" in refusal(tmp_path / "other")


@pytest.mark.parametrize("name", [".gitignore", "lock", "contents.json", "contents.new", "stage", "previous"])
@pytest.mark.parametrize("target", ["file", "folder", "nothing"])
def test_links_in_the_working_folder_are_not_followed(name: str, target: str, tmp_path: Path) -> None:
    """They may have come with a site that somebody else made."""
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / MARKER).write_bytes(MARKER_TEXT)
    (tmp_path / ".site.dlmap").mkdir()
    (tmp_path / ".site.dlmap" / name).symlink_to(tmp_path / target)
    before = tree(tmp_path)
    assert "in the way" in refusal(tmp_path / "site")
    assert tree(tmp_path) == before


@pytest.mark.timeout(20)
def test_a_marker_that_is_no_file_is_none(tmp_path: Path) -> None:
    for name, make in (("pipe", os.mkfifo), ("device", lambda marker: marker.symlink_to("/dev/zero"))):
        (tmp_path / name).mkdir()
        make(tmp_path / name / MARKER)
        assert "dlmap did not write it" in refusal(tmp_path / name)


def test_2c_a_second_build_at_the_same_time_is_refused(tmp_path: Path) -> None:
    publish(files("old"), tmp_path / "site")

    def meanwhile() -> Iterator[OutputFile]:
        yield from files("first")
        code = (
            "from pathlib import Path; from dlmap.publish import publish\n"
            f"publish(lambda _: [], Path({str(tmp_path / 'site')!r}))"
        )
        second = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": str(SRC)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode != 0
        assert "another build is writing" in second.stderr

    publish(meanwhile(), tmp_path / "site")
    assert tree(tmp_path / "site") == site_of("first")


# Faults.  A child process counts its file operations by Python's audit events, and is killed, or gets an error from
# the system, at each one in turn.

HARNESS = textwrap.dedent(
    """
    import errno, json, os, shutil, signal, sys
    from pathlib import Path
    sys.path.insert(0, {tests!r})
    import test_publish as t
    from dlmap.publish import output

    FILE_EVENTS = ("open", "os.", "ctypes.dlsym")
    base, fault, exchange = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "exchange"
    # A kill before a folder is listed leaves what one after it leaves.
    UNCOUNTED = ("os.fork", "os.kill", *(("os.listdir", "os.scandir") if fault == "kill" else ()))
    if not exchange:
        output.exchange = lambda one, other: False
    countdown = -1
    done = 0

    def count(event, args):
        global countdown, done
        if not event.startswith(FILE_EVENTS) or event in UNCOUNTED:
            return
        done += 1
        if countdown < 0:
            return
        countdown -= 1
        if countdown < 0:
            if fault == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            code = getattr(errno, fault)
            raise OSError(code, os.strerror(code), str(args[0]) if args else None)

    def build(folder, at):
        '''Publish in a child that fails at operation `at`; says how it ended.'''
        global countdown
        child = os.fork()
        if child == 0:
            countdown = at
            try:
                t.publish(t.files("new"), folder)
            except (OSError, output.OutputRefused):
                os._exit(1)
            except BaseException:
                os._exit(3)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        return "killed" if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)

    sys.addaudithook(count)
    t.publish(t.files("old"), base / "measure")
    before = done
    t.publish(t.files("new"), base / "measure")
    steps = done - before
    ends = []
    for at in range(steps + 1):
        folder = base / str(at) / "site"
        folder.parent.mkdir()
        t.publish(t.files("old"), folder)
        how = build(folder, at)
        found = t.tree(folder) if folder.exists() else None
        state = {{"old": found == t.site_of("old"), "new": found == t.site_of("new"), "gone": found is None}}
        [state] = [name for name, holds in state.items() if holds] or ["torn"]
        t.publish(t.files("next"), folder)
        healed = t.tree(folder) == t.site_of("next")
        clean = sorted(os.listdir(folder.parent)) == [".site.dlmap", "site"]
        clean = clean and sorted(os.listdir(folder.parent / ".site.dlmap")) == [".gitignore", "contents.json", "lock", "previous"]
        ends.append([at, how, state, healed and clean])
        shutil.rmtree(folder.parent)
    print(json.dumps(ends))
    """
)


def faults(folder: Path, fault: str, way: str = "exchange") -> list[tuple[int, str | int, str, bool]]:
    """What became of the site for a fault at every operation: (operation, exit, state, whether the next build heals)."""
    code = HARNESS.format(tests=str(Path(__file__).parent))
    run = subprocess.run(
        [sys.executable, "-c", code, str(folder), fault, way],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    ends = [tuple(end) for end in json.loads(run.stdout)]
    assert len(ends) > 20
    return ends


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork, and folders that can be exchanged")
def test_2c_a_kill_at_any_operation_leaves_the_old_site_or_the_new_one(tmp_path: Path) -> None:
    ends = faults(tmp_path, "kill")
    assert [end for end in ends if end[2] not in ("old", "new")] == []
    assert [end for end in ends if not end[3]] == []
    assert {how for _, how, _, _ in ends[:-1]} == {"killed"}
    assert ends[0][2] == "old"
    assert ends[-1][1:3] == (0, "new")


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_without_an_exchange_only_the_moment_between_two_renames_has_no_site(tmp_path: Path) -> None:
    ends = faults(tmp_path, "kill", "renames")
    assert sum(state == "gone" for _, _, state, _ in ends) <= 1
    assert all(state in ("old", "new", "gone") for _, _, state, _ in ends)
    assert [end for end in ends if not end[3]] == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize("fault", ["ENOSPC", "EACCES", "EIO"])
def test_2c_an_error_of_any_operation_leaves_the_old_site_or_the_new_one(fault: str, tmp_path: Path) -> None:
    ends = faults(tmp_path, fault)
    assert [end for end in ends if end[2] not in ("old", "new")] == []
    assert [end for end in ends if not end[3]] == []
    # A build that says it failed has left the old site.
    assert {(how, state) for _, how, state, _ in ends} == {(0, "new"), (1, "old")}


def test_an_error_without_a_name_gets_that_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bytes = Path.write_bytes

    def full(file: Path, data: bytes) -> int:
        if file.name == "index.html":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write_bytes(file, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space") as failure:
        publish([OutputFile("zh/index.html", b"x")], tmp_path / "site")
    assert failure.value.filename == str(tmp_path / ".site.dlmap" / "stage" / "zh" / "index.html")


def test_2c_everything_is_on_the_disk_before_the_switch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(files("one"), tmp_path / "site")
    order: list[str] = []

    def record(name: str) -> None:
        step = getattr(disk_module, name)

        def recorded(*folders: Path) -> object:
            order.append(name)
            return step(*folders)

        monkeypatch.setattr(output_module, name, recorded)

    for name in ("flush", "exchange", "flush_entries"):
        record(name)
    publish(files("two"), tmp_path / "site")
    assert order == ["flush", "exchange", "flush_entries"]
    order.clear()
    publish(files("three"), tmp_path / "site", durable=False)
    assert order == ["exchange"]


@pytest.mark.parametrize("is_linux", [True, False])
def test_flushing_reaches_every_file(is_linux: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(files("one"), tmp_path / "site")
    flushed: list[Path] = []
    monkeypatch.setattr(disk_module, "_IS_LINUX", is_linux and disk_module._IS_LINUX)
    monkeypatch.setattr(disk_module, "_flush_one", flushed.append)
    disk_module.flush(tmp_path / "site")
    if not disk_module._IS_LINUX:
        assert {path for path in flushed if path.is_file()} == {
            path for path in (tmp_path / "site").rglob("*") if path.is_file()
        }


def test_2c_readers_never_miss_a_file_while_sites_are_published(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    publish(files("0", 5), folder)
    over = threading.Event()
    missed: list[str] = []
    reads = 0

    def read() -> None:
        nonlocal reads
        while not over.is_set():
            for number in range(5):
                try:
                    assert (folder / "zh" / str(number) / "index.html").read_bytes().isdigit()
                    reads += 1
                except OSError as error:
                    missed.append(str(error))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(500):
            publish(files(str(number), 5), folder, durable=False)
    finally:
        over.set()
        for reader in readers:
            reader.join()
    assert missed == []
    assert reads > 100


# The record of translations


def test_translations_are_recorded_in_order(tmp_path: Path) -> None:
    file = tmp_path / "translations.yml"
    record_translations({("zh", "b"): "2", ("en", "a"): "1", ("en", "notes/a"): "3"}, file)
    body = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert body == ["en:", "  a: '1'", "  notes/a: '3'", "zh:", "  b: '2'"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["translations.yml"]


def test_the_record_of_translations_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / ".translations.yml.new").symlink_to("mine")
    record_translations({("en", "a"): "1"}, tmp_path / "translations.yml")
    assert (tmp_path / "translations.yml").read_bytes().endswith(b"  a: '1'\n")
    (tmp_path / "translations.yml").unlink()
    (tmp_path / "translations.yml").symlink_to("mine")
    with pytest.raises(OutputRefusedError, match="symbolic link"):
        record_translations({("en", "a"): "1"}, tmp_path / "translations.yml")
    assert tree(tmp_path) == {"mine": b"mine", "translations.yml": "mine"}


def test_a_record_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "translations.yml"
    record_translations({("en", "a"): "1"}, file)
    before = file.read_bytes()

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        record_translations({("en", "a"): "2"}, file)
    assert file.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["translations.yml"]
