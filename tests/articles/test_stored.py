"""Articles out of the store: what did not change is not read again, and what the store lost is."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from dlmap import BuildResult, build
from dlmap.articles import body
from dlmap.articles import cache as stored
from dlmap.cache import Cache, Codec, tasks
from dlmap.parallel import WORTH_IT
from dlmap.text import Severity
from support.blog import VAE, blog, write

MANY = WORTH_IT + 20


def post(number: int, text: str = "") -> str:
    return f"---\nlayout: post\ntitle: 文章{number}\ntags: [a{number % 3}]\n---\n\n文 $x_{{{number}}}$ {text}\n\n## 节{number}\n"


def large_blog(folder: Path, more: dict[str, str | bytes] | None = None) -> Path:
    """So many posts that they are read in processes."""
    posts: dict[str, str | bytes] = {
        f"_posts/2020-{1 + number // 28:02}-{1 + number % 28:02}-p{number}.md": post(number)
        for number in range(MANY)
    }
    return write(folder, {**posts, **(more or {})})


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


def site_of(folder: Path, **options: object) -> tuple[dict[str, bytes], BuildResult]:
    output = folder / "site"
    result = build(folder, output, **options)  # type: ignore[arg-type]
    assert result.published
    return files_of(output), result


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The posts that are read from their files, by their words."""
    read: list[str] = []

    def noted(version: stored.ArticleVersion) -> object:
        read.append(version.file.words)
        return really(version)

    really = stored._read_encoded
    monkeypatch.setattr(stored, "_read_encoded", noted)
    return read


def test_an_article_that_did_not_change_is_not_parsed_again(tmp_path: Path, parsed: list[str]) -> None:
    folder = blog(tmp_path)
    first, _ = site_of(folder)
    assert sorted(parsed) == ["flow", "short-note", "vae"]
    parsed.clear()
    assert site_of(folder)[0] == first
    assert parsed == []
    write(folder, {"_posts/2022-04-01-vae.md": VAE.replace("一种生成模型", "一种模型")})
    changed, _ = site_of(folder)
    assert parsed == ["vae"]
    assert {path for path in first if changed.get(path) != first[path]} >= {"zh/articles/vae/index.html"}
    shutil.rmtree(folder / ".dlmap")
    assert site_of(folder)[0] == changed, "as a build from nothing"


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "_config.yml").write_text("permalink: /:title/\n"),
        lambda folder: (folder / "dlmap.toml").write_text('flavor = "commonmark"\n'),
        lambda folder: (folder / "_posts/2022-04-01-vae.md").rename(folder / "_posts/2022-04-02-vae.md"),
        lambda folder: (folder / "_posts/2022-04-01-vae.md").rename(folder / "_posts/2022-04-01-vae.en.md"),
        lambda folder: (folder / "_posts").rename(folder / "content"),
    ],
)
def test_what_the_name_and_the_site_say_is_part_of_it(tmp_path: Path, change: object) -> None:
    folder = blog(tmp_path)
    site_of(folder)
    change(folder)  # type: ignore[operator]
    if (folder / "content").exists():
        (folder / "dlmap.toml").write_text('articles = "content"\n')
    again, _ = site_of(folder)
    assert again == site_of(folder, cache=False)[0]


def test_drafts_are_told_apart(tmp_path: Path) -> None:
    folder = blog(tmp_path, {"_posts/2023-01-01-d.md": "---\ntitle: d\ndraft: true\n---\n中文\n"})
    without, _ = site_of(folder)
    wanted, _ = site_of(folder, drafts=True)
    assert "zh/articles/d/index.html" in wanted
    assert "中文" in wanted["zh/articles/d/index.html"].decode()
    assert site_of(folder)[0] == without


def test_diagnostics_come_back_with_their_places(tmp_path: Path) -> None:
    folder = blog(
        tmp_path,
        {
            "_posts/2023-01-01-z.md": "---\ntitle: z\nheader: x\n---\n[x](none.md)\n\n{% include y %} $\\oops$\n"
        },
    )
    results = [build(folder, jobs=jobs) for jobs in (1, 1, 2)]
    assert {d.code for d in results[0].diagnostics} == {"DL109", "DL311", "DL322", "DL401"}
    assert all(d.position for d in results[0].diagnostics)
    assert results[0].diagnostics == results[1].diagnostics == results[2].diagnostics


def test_any_number_of_processes_gives_the_same_site(tmp_path: Path) -> None:
    folder = large_blog(tmp_path, {"_posts/2021-01-01-bad.md": b"\xff\xfe bad"})
    built = [site_of(folder, cache=False, keep_going=True, jobs=jobs) for jobs in (1, 2, 5)]
    assert built[0][0] == built[1][0] == built[2][0]
    assert [d.code for d in built[1][1].diagnostics] == ["DL002"]
    assert built[0][1].articles == MANY
    assert site_of(folder, keep_going=True, jobs=2)[0] == built[0][0], "into the store"
    assert site_of(folder, keep_going=True, jobs=2)[0] == built[0][0], "out of the store"


def spoil(file: Path, kind: str) -> None:
    """Change a byte in each body or formula that is stored; what proves it is left as it was."""
    mark = {"body": b"section", "formula": b"katex-html"}[kind]
    with sqlite3.connect(file) as database:
        rows = database.execute("SELECT id, value FROM entry").fetchall()
        spoilt = [
            (value[:-1] + bytes([value[-1] ^ 1]), number)
            for number, value in rows
            if mark in zlib.decompress(value)
        ]
        assert spoilt
        database.executemany("UPDATE entry SET value = ? WHERE id = ?", spoilt)
    database.close()


@pytest.mark.parametrize("kind", ["body", "formula"])
def test_what_is_found_broken_when_a_page_is_made_is_made_again(tmp_path: Path, kind: str) -> None:
    folder = blog(tmp_path, {"_posts/2023-01-01-z.md": "---\ntitle: z\n---\n中文 $y$\n\n## section\n"})
    first, _ = site_of(folder)
    spoil(folder / ".dlmap" / "store.sqlite", kind)
    assert site_of(folder)[0] == first
    assert site_of(folder)[0] == first


def test_a_post_that_changes_while_its_lost_text_is_wanted_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = blog(tmp_path)
    first, _ = site_of(folder)
    monkeypatch.setattr(stored, "BODY", replace(stored.BODY, codec=Codec(bytes, lambda *_: 1 // 0)))
    really = Cache.missing

    def then_change(*arguments: object) -> object:
        missing = really(*arguments)  # type: ignore[arg-type]
        write(folder, {"_posts/2022-04-01-vae.md": VAE + "more"})
        return missing

    monkeypatch.setattr(Cache, "missing", then_change)
    with pytest.raises(OSError, match="changed while") as caught:
        build(folder, folder / "site")
    assert caught.value.filename == "_posts/2022-04-01-vae.md"
    assert files_of(folder / "site") == first, "as it was"


def test_the_code_is_part_of_the_key(
    tmp_path: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = blog(tmp_path)
    site_of(folder)
    parsed.clear()
    monkeypatch.setattr(tasks, "code_version", lambda _: "another")
    site_of(folder)
    assert len(parsed) == 3


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_process_that_is_killed_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = large_blog(tmp_path)
    expected, _ = site_of(folder, cache=False)
    here = os.getpid()
    really = body.render_body

    def die(*arguments: object) -> object:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return really(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("dlmap.articles.read.render_body", die)
    assert site_of(folder, cache=False, jobs=2)[0] == expected


def test_ctrl_c_while_posts_are_read(tmp_path: Path) -> None:
    folder = large_blog(tmp_path)
    script = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from dlmap.articles import cache as stored\n"
        "from dlmap.cli import main\n"
        "keep = stored._decode\n"
        "def load(row, version):\n"
        "    os.killpg(0, signal.SIGINT)\n"
        "    return keep(row, version)\n"
        "stored._decode = load\n"
        f"sys.argv = ['dlmap', 'build', {str(folder)!r}, '-o', {str(tmp_path / 'out')!r}]\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (done.returncode, done.stderr.strip()) == (130, "interrupted")
    assert not (tmp_path / "out").exists()


def test_a_hundred_broken_formulas_among_many(tmp_path: Path) -> None:
    broken = dict.fromkeys(range(0, MANY, 2), "错 $\\oops$ 误")
    posts: dict[str, str | bytes] = {
        f"_posts/2020-{1 + number // 28:02}-{1 + number % 28:02}-p{number}.md": post(number, text)
        for number, text in broken.items()
    }
    folder = large_blog(tmp_path, posts)
    files, result = site_of(folder, keep_going=True, jobs=2)
    wrong = [d for d in result.diagnostics if d.code == "DL401"]
    assert len(wrong) == len(broken) == result.count(Severity.WARNING)
    places = {(d.file, d.position) for d in wrong}
    assert len(places) == len(broken)
    assert all(d.source and d.span and d.source.text[slice(*d.span[:2])] == "$\\oops$" for d in wrong)
    pages = [files[f"zh/articles/p{number}/index.html"].decode() for number in range(MANY)]
    assert sum("formula-error" in page for page in pages) == len(broken)
    assert all('class="katex"' in page for page in pages)
