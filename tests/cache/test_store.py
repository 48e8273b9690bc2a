"""The store: what it keeps, and that nothing that happens to its file can change or stop a build."""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path

import pytest
from click.testing import CliRunner

import dlmap
from dlmap import build
from dlmap.cache import Key, database, store
from dlmap.cache.keys import CacheNamespace
from dlmap.cache.store import Store
from dlmap.cli import group
from dlmap.javascript import process
from support.checkout import require

ROOT = Path(__file__).parents[2]
KIND = CacheNamespace("test", ("engine 1",))
ITEMS: dict[Key, bytes] = {
    (b"display", b"formula %d" % number): b"<p>%d</p>" % number * (1 + number % 40) for number in range(60)
}
LARGE = random.Random(1).randbytes(1_000_000)  # noqa: S311 - any bytes that cannot be compressed
POST = """---
layout: post
title: 测试
---

# 1. 部分

## (1) 网络

### ⚪ 族 (Family)

**族**有$$x_1$$和$$\\alpha+\\beta$$，如**MethodA**, **MethodB**。

$$ \\frac{a}{b} = \\sum_i z_i $$
"""


def file_of(folder: Path) -> Path:
    return folder / ".dlmap" / "store.sqlite"


def fill(folder: Path, items: dict[Key, bytes] = ITEMS) -> bytes:
    """Put items into a folder's store; returns the bytes of the file."""
    with Store.open(folder) as opened:
        opened.put_many(KIND, items)
    return file_of(folder).read_bytes()


def read(folder: Path, kind: CacheNamespace = KIND) -> dict[Key, bytes]:
    with Store.open(folder) as opened:
        return opened.get_many(kind, ITEMS)


def assert_harmless(folder: Path) -> bool:
    """Reading gives nothing false, storing does not fail; tells whether two builds later all is there again.

    The first may find out only when it stores something that the file is bad.
    """
    for _ in range(2):
        with Store.open(folder) as opened:
            found = opened.get_many(KIND, ITEMS)
            assert found.items() <= ITEMS.items()
            opened.put_many(KIND, {key: value for key, value in ITEMS.items() if key not in found})
    again = read(folder)
    assert again.items() <= ITEMS.items()
    return again == ITEMS


# What it keeps


def test_what_was_put_is_got(tmp_path: Path) -> None:
    fill(tmp_path)
    assert read(tmp_path) == ITEMS
    with Store.open(tmp_path) as opened:
        assert opened.get_many(KIND, [(b"display", b"another")]) == {}


def test_nothing_is_made_before_something_is_put(tmp_path: Path) -> None:
    assert read(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_store_without_a_folder_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Store.open(None) as opened:
        assert opened.get_many(KIND, ITEMS) == {}
        opened.put_many(KIND, ITEMS)
        assert opened.get_many(KIND, ITEMS) == ITEMS
    assert list(tmp_path.iterdir()) == []


def test_it_tells_what_it_holds_without_reading_it(tmp_path: Path) -> None:
    fill(tmp_path)
    with Store.open(tmp_path) as opened:
        assert opened.has_many(KIND, [*ITEMS, (b"display", b"another")]) == set(ITEMS)
        assert opened.has_many(CacheNamespace("another"), ITEMS) == set()


def test_threads_may_share_it(tmp_path: Path) -> None:
    with Store.open(tmp_path) as opened, ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda item: opened.put_many(KIND, dict([item])), ITEMS.items()))
        found = list(threads.map(lambda key: opened.get_many(KIND, [key]), ITEMS))
    assert {key: value for each in found for key, value in each.items()} == ITEMS


def test_a_build_that_only_reads_writes_nothing(tmp_path: Path) -> None:
    before = fill(tmp_path)
    stamp = file_of(tmp_path).stat().st_mtime_ns
    read(tmp_path)
    assert file_of(tmp_path).read_bytes() == before
    assert file_of(tmp_path).stat().st_mtime_ns == stamp
    assert {entry.name for entry in file_of(tmp_path).parent.iterdir()} == {".gitignore", "store.sqlite"}


@pytest.mark.parametrize(
    "other",
    [CacheNamespace("test", ("engine 2",)), CacheNamespace("test"), CacheNamespace("tes", ("tengine 1",))],
)
def test_what_a_kind_depends_on_is_part_of_the_key(tmp_path: Path, other: CacheNamespace) -> None:
    fill(tmp_path)
    assert read(tmp_path, other) == {}


def test_the_version_of_dlmap_is_part_of_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path)
    monkeypatch.setattr(dlmap, "__version__", "0.0.0")
    assert read(tmp_path) == {}


def test_parts_of_a_key_do_not_run_together() -> None:
    keys: list[Key] = [(b"ab", b"c"), (b"a", b"bc"), (b"abc",), (b"abc", b""), (b"", b"abc")]
    assert len(set(KIND.digests(keys))) == len(keys)


def test_what_was_long_not_used_goes_when_the_file_is_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = dict(list(ITEMS.items())[:30]), dict(list(ITEMS.items())[30:])
    fill(tmp_path, {**old, (b"bulk",): LARGE})
    for number in range(store.KEPT_GENERATIONS + 1):
        with Store.open(tmp_path) as opened:
            opened.get_many(KIND, old)
            opened.put_many(KIND, {(b"%d" % number,): b"x"})
    fill(tmp_path, new)
    assert read(tmp_path) == ITEMS, "nothing goes below the limit"
    monkeypatch.setattr(store, "SIZE_LIMIT_BYTES", 200_000)
    fill(tmp_path, new)
    assert read(tmp_path) == ITEMS, "what was used stays"
    with Store.open(tmp_path) as opened:
        assert opened.get_many(KIND, [(b"bulk",)]) == {}
    assert file_of(tmp_path).stat().st_size < 300_000


# What may happen to its file


def test_2e_a_file_cut_off_at_any_length_is_harmless(tmp_path: Path) -> None:
    whole = fill(tmp_path)
    for length in (*range(120), *range(120, len(whole), 509)):
        file_of(tmp_path).write_bytes(whole[:length])
        assert assert_harmless(tmp_path), length


def test_2e_a_thousand_flipped_bits_are_harmless(tmp_path: Path) -> None:
    whole = fill(tmp_path)
    places = random.Random(1)  # noqa: S311 - places to break, not secrets
    healed = 0
    for _ in range(1000):
        flipped = bytearray(whole)
        flipped[places.randrange(len(whole))] ^= 1 << places.randrange(8)
        file_of(tmp_path).write_bytes(flipped)
        healed += assert_harmless(tmp_path)
    assert healed >= 990, "only a file that says of itself that it must not be written stays as it is"


def test_2e_three_hundred_zeroed_pages_are_harmless(tmp_path: Path) -> None:
    whole = fill(tmp_path)
    places = random.Random(2)  # noqa: S311 - places to break, not secrets
    for number in range(300):
        zeroed = bytearray(whole)
        start = places.randrange(0, len(whole), 512)
        zeroed[start : start + 4096] = bytes(len(zeroed[start : start + 4096]))
        file_of(tmp_path).write_bytes(zeroed)
        assert assert_harmless(tmp_path), number


def test_a_value_under_another_key_is_noticed(tmp_path: Path) -> None:
    fill(tmp_path)
    with sqlite3.connect(file_of(tmp_path)) as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM entry ORDER BY id LIMIT 2")]
        connection.execute(
            "UPDATE entry SET (digest, value) = (SELECT digest, value FROM entry WHERE id = ?) WHERE id = ?",
            ids,
        )
    connection.close()
    assert assert_harmless(tmp_path)


def old_version(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 0")
    connection.close()


def other_tables(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM entry; END")
    connection.close()


def test_2e_a_file_of_another_version_is_not_believed(tmp_path: Path) -> None:
    fill(tmp_path)
    old_version(file_of(tmp_path))
    assert read(tmp_path) == {}


def foreign_database(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()


def huge_generation(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE used SET generation = 9223372036854775807")
    connection.close()


def write_ahead(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def foreign_journal(file: Path) -> None:
    file.with_name("store.sqlite-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(5000))


def bad_page(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[20_000:] = bytes(len(content) - 20_000)
    file.write_bytes(content)


DAMAGE: list[Callable[[Path], object]] = [
    old_version,
    other_tables,
    foreign_database,
    huge_generation,
    write_ahead,
    foreign_journal,
    bad_page,
    lambda file: file.write_bytes(b""),
    lambda file: file.write_bytes(b"not a database at all\n" * 1000),
    lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    lambda file: (file.unlink(), file.mkdir()),
    lambda file: (shutil.rmtree(file.parent), file.parent.write_bytes(b"")),
    lambda file: (file.unlink(), file.symlink_to(file.parent / "elsewhere")),
    lambda file: (file.unlink(), os.mkfifo(file)),
]


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_any_other_file_is_harmless(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    fill(tmp_path)
    damage(file_of(tmp_path))
    assert_harmless(tmp_path)


@pytest.mark.parametrize("damage", DAMAGE[:10], ids=lambda damage: damage.__name__)
def test_a_bad_file_is_replaced(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    fill(tmp_path)
    damage(file_of(tmp_path))
    assert_harmless(tmp_path)
    assert read(tmp_path) == ITEMS


def test_a_link_out_of_the_site_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site" / ".dlmap").symlink_to(tmp_path / "elsewhere")
    with Store.open(tmp_path / "site") as opened:
        opened.put_many(KIND, ITEMS)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_nothing_is_written_through_a_link_in_its_folder(tmp_path: Path) -> None:
    """It may have come with a site that somebody else made."""
    whole = fill(tmp_path)
    mine = bytes(range(256)) * 20
    for name in (".gitignore", "store.sqlite-journal"):
        (tmp_path / "mine").write_bytes(mine)
        (file_of(tmp_path).parent / name).unlink(missing_ok=True)
        (file_of(tmp_path).parent / name).symlink_to(tmp_path / "mine")
        for content in (b"", whole):
            file_of(tmp_path).write_bytes(content)
            fill(tmp_path, {(b"another",): b"x"})
        file_of(tmp_path).unlink()
        fill(tmp_path)
        assert (tmp_path / "mine").read_bytes() == mine


def test_2e_a_locked_file_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_WAIT_SECONDS", 0.05)
    before = fill(tmp_path)
    other = sqlite3.connect(file_of(tmp_path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert read(tmp_path) == {}
    with Store.open(tmp_path) as opened:
        opened.put_many(KIND, ITEMS)
        assert opened.get_many(KIND, ITEMS) == ITEMS, "this build has them all the same"
    other.execute("ROLLBACK")
    other.close()
    assert file_of(tmp_path).read_bytes() == before


def test_a_full_disk_stores_nothing(tmp_path: Path) -> None:
    fill(tmp_path)
    with Store.open(tmp_path) as opened:
        assert opened.get_many(KIND, ITEMS) == ITEMS
        assert opened._connection is not None
        opened._connection.execute("PRAGMA max_page_count = 1")
        large = {(b"large",): LARGE}
        opened.put_many(KIND, large)
        assert opened.get_many(KIND, ITEMS) == {}
        assert opened.get_many(KIND, large) == large, "this build has it all the same"
    assert read(tmp_path) == ITEMS


# Builds


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with three formulas."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "outline.md").write_text(POST, "utf-8")
    return folder


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a build without a store makes of that site."""
    folder = tmp_path_factory.mktemp("clean")
    (folder / "outline.md").write_text(POST, "utf-8")
    assert build(folder, folder / "out", cache=False).published
    assert not (folder / ".dlmap").exists()
    return tree(folder / "out")


@pytest.fixture(scope="module")
def filled_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of such a site after a build."""
    folder = tmp_path_factory.mktemp("filled")
    (folder / "outline.md").write_text(POST, "utf-8")
    build(folder, folder / "out")
    return folder / ".dlmap"


@pytest.fixture
def stored_site(site: Path, filled_store: Path) -> Path:
    """The site with a store that holds its formulas."""
    shutil.copytree(filled_store, site / ".dlmap")
    return site


def tree(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): blake2b(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_a_build_whose_formulas_are_stored_starts_no_engine(
    site: Path, clean: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(site, site / "out")
    assert (first.formulas, first.cached) == (3, 0)
    monkeypatch.setattr(process, "_spawn", lambda _: pytest.fail("V8 was started"))
    second = build(site, site / "out")
    assert (second.formulas, second.cached) == (3, 3)
    assert tree(site / "out") == clean
    assert build(site).cached == 3, "a check uses it too"


def test_such_a_build_does_not_even_import_the_engine(stored_site: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from dlmap import build; build(Path('.'), Path('out'));"
        "sys.exit(', '.join({'dlmap.math.engine', 'dlmap.javascript.process', 'py_mini_racer'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=stored_site,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_without_the_cache_it_is_neither_read_nor_written(site: Path) -> None:
    assert build(site, site / "out", cache=False).cached == 0
    assert not (site / ".dlmap").exists()
    build(site)
    before = file_of(site).read_bytes()
    assert build(site, site / "out", cache=False).cached == 0
    assert file_of(site).read_bytes() == before


def test_a_refused_formula_is_remembered_and_reported_again(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (site / "outline.md").open("a", encoding="utf-8") as file:
        file.write("\n还有$$\\oops$$。\n")
    first = build(site, site / "out", keep_going=True)
    monkeypatch.setattr(process, "_spawn", lambda _: pytest.fail("V8 was started"))
    results = [first, build(site, site / "out", keep_going=True)]
    assert [(result.formulas, result.cached) for result in results] == [(4, 0), (4, 4)]
    assert results[0].diagnostics == results[1].diagnostics
    assert [each.code for each in results[1].diagnostics].count("DL401") == 1


def test_a_lone_post_keeps_its_store_where_it_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "posts" / "post.md").write_text(POST, "utf-8")
    monkeypatch.chdir(tmp_path / "here")
    build(tmp_path / "posts" / "post.md", Path("out"))
    assert file_of(tmp_path / "here").is_file()
    assert build(tmp_path / "posts" / "post.md").cached == 3
    assert [entry.name for entry in (tmp_path / "posts").iterdir()] == ["post.md"]


@pytest.mark.parametrize("damage", [*DAMAGE[:3], *DAMAGE[6:]], ids=lambda damage: damage.__name__)
def test_2e_a_build_is_the_same_whatever_happened_to_the_store(
    stored_site: Path, clean: dict[str, str], damage: Callable[[Path], object]
) -> None:
    damage(file_of(stored_site))
    result = build(stored_site, stored_site / "out")
    assert result.published
    assert tree(stored_site / "out") == clean


def test_a_build_is_the_same_while_another_holds_the_store(
    stored_site: Path, clean: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_WAIT_SECONDS", 0.05)
    other = sqlite3.connect(file_of(stored_site), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert build(stored_site, stored_site / "out").cached == 0
    other.close()
    assert tree(stored_site / "out") == clean


@pytest.mark.parametrize("stored", [True, False])
def test_a_site_that_cannot_be_written_is_built_all_the_same(
    site: Path, clean: dict[str, str], stored: bool
) -> None:
    if stored:
        build(site)
        file_of(site).chmod(0o444)
        file_of(site).parent.chmod(0o555)
    site.chmod(0o555)
    # Root may write anywhere, unless it gives up the right to.
    command = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    require(not command or shutil.which(command[0]) is not None, "setpriv (util-linux)")
    done = subprocess.run(
        [*command, sys.executable, "-m", "dlmap", "build", "site", "-o", "out"],
        cwd=site.parent,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    site.chmod(0o755)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert "3 formulas (3 from the cache)" in done.stderr if stored else "3 formulas," in done.stderr
    assert tree(site.parent / "out") == clean
    assert (site / ".dlmap").exists() == stored


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.mark.parametrize("state", ["absent", "filled", "broken"])
def test_two_builds_at_once(site: Path, clean: dict[str, str], state: str) -> None:
    if state != "absent":
        build(site)
    if state == "broken":
        file_of(site).write_bytes(b"nonsense" * 5000)
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "dlmap", "build", ".", "-o", f"out{number}/site"],
            cwd=site,
            env=environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]
    for number, started in enumerate(processes):
        _, errors = started.communicate(timeout=60)
        assert (started.returncode, "Traceback" in errors) == (0, False), errors
        assert tree(site / f"out{number}" / "site") == clean
    assert build(site).cached == 3


# What the command says


def test_the_build_says_what_came_from_the_cache(site: Path) -> None:
    first = CliRunner().invoke(group, ["build", str(site), "-o", str(site / "out")])
    assert (first.exit_code, "cache" in first.stderr) == (0, False)
    second = CliRunner().invoke(group, ["build", str(site), "-o", str(site / "out")])
    assert "3 formulas (3 from the cache), 1 warning" in second.stderr
    third = CliRunner().invoke(group, ["build", str(site), "-o", str(site / "out"), "--no-cache", "-v"])
    assert "from the cache: 0 of 3 formulas" in third.stderr
    stages = re.findall(r"^ +(\w+) +\d+\.\d{3} s$", third.stderr, re.MULTILINE)
    assert stages == [
        "discover",
        "read",
        "taxonomy",
        "formulas",
        "check",
        "history",
        "plan",
        "render",
        "publish",
    ]
