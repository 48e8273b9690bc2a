"""`dlmap init`: a new site that builds at once, of the example or of somebody's post; nothing is overwritten."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from dlmap.config import Config
from dlmap.scaffold.repository import SiteRepository, web_address
from support.checkout import ROOT, SEED, require
from support.program import ENVIRONMENT, run

POST = """---
layout: post
title: "深度学习: 概述"
---

# 类型

## 生成模型

### 变分自编码器 (Variational autoencoder)

最大化$\\log p(x\\|z)$的下界。

- 先验分布 (prior)：如**VQ-VAE**, **NVAE**。
- **其他*方法***：如**WAE**。

### [流模型](/2022/flow.html)

如**Glow**。

## 网络 (Network) {#net}

- [词嵌入](/embedding.html)

### 卷积

#### 一维卷积 {#conv-1d .family}

一种卷积。

# 应用 (Applications)

### 检测

一种任务。
"""


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
        and not {".dlmap", ".site.dlmap", "site", ".git"} & set(file.relative_to(folder).parts)
    }


def concepts(folder: Path) -> dict[str, dict[str, Any]]:
    found = json.loads((folder / "site" / "taxonomy.json").read_text("utf-8"))["concepts"]
    return {concept["id"]: concept for concept in found}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, made and built by the program itself, in a folder with a name that wants care."""
    top = tmp_path_factory.mktemp("init")
    done = run("init", "我的 地图", cwd=top)
    assert done.returncode == 0, done.stderr
    assert "cd '我的 地图'" in done.stdout
    built = run("build", "--strict", cwd=top / "我的 地图")
    assert built.returncode == 0, built.stderr
    hint, _summary = built.stderr.splitlines()
    assert hint.startswith("hint: set `base_url`")
    assert ", 0 warnings, " in built.stderr
    return top / "我的 地图"


# The example


def test_the_example_is_a_site_in_two_languages(example: Path) -> None:
    found = concepts(example)
    assert {concept["kind"] for concept in found.values()} == {
        "part",
        "type",
        "family",
        "approach",
        "method",
        "metric",
    }
    assert all(concept["translated"] == {"zh": True, "en": True} for concept in found.values())
    assert found["super-resolution"]["broader"] == ["cnn", "applications"]
    assert {"san", "san-sr", "mobilenet-v3"} <= found.keys()
    assert "momentum" not in found
    article = example / "site" / "en" / "articles" / "reading-outlines" / "index.html"
    assert "how an outline is read" in article.read_text("utf-8").lower()


def test_its_readme_tells_which_line_shows_which_rule(example: Path) -> None:
    lines = (example / "content" / "outline.zh.md").read_text("utf-8").splitlines()
    readme = (example / "README.md").read_text("utf-8")
    assert readme.startswith("# 我的 地图\n")
    rows = re.findall(r"^\| (D\d+) \| (\d+)[–\d]* \| `(.+?)` \|", readme, re.MULTILINE)
    assert {rule for rule, _, _ in rows} == {f"D{number}" for number in range(1, 17)}
    for rule, number, written in rows:
        place = lines[int(number) - 1 : int(number) + 4] if rule == "D1" else [lines[int(number) - 1]]
        assert any(written.replace("\\|", "|") in line for line in place), (rule, number, written)


def test_check_and_its_store_leave_nothing_for_git(example: Path) -> None:
    require(subprocess.run(["git", "--version"], check=False, capture_output=True).returncode == 0, "git")
    subprocess.run(["git", "init", "--quiet"], cwd=example, check=True)
    assert run("check", "--strict", cwd=example).returncode == 0
    status = subprocess.run(
        ["git", "-c", "core.quotePath=false", "status", "--porcelain", "--untracked-files=all"],
        cwd=example,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert {line[3:] for line in status.stdout.splitlines()} == files_of(example).keys()


def test_its_settings_name_every_key(example: Path) -> None:
    text = (example / "dlmap.toml").read_text("utf-8")
    assert tomllib.loads(text) == {
        "languages": ["zh", "en"],
        "aliases": {},
        "redirects": {},
        "check": {"DL204": "off"},
    }
    named = set(re.findall(r"^(?:# )?\[?(\w+)(?: = |\]$)", text, re.MULTILINE))
    assert {field.name for field in fields(Config)} <= named


def test_its_settings_are_understood_with_every_comment_removed(example: Path, tmp_path: Path) -> None:
    text = (example / "dlmap.toml").read_text("utf-8")
    (tmp_path / "outline.md").write_text("# Part\n", "utf-8")
    open_text = re.sub(r'^# (?=(?!base_url)\w+ = |"/)', "", text, flags=re.MULTILINE)
    open_text = open_text.replace("content/outline.md", "outline.md").replace("content/articles", ".")
    (tmp_path / "dlmap.toml").write_text(open_text, "utf-8")
    done = run("check", cwd=tmp_path)
    assert "dlmap.toml" not in done.stderr
    assert done.returncode == 0, done.stderr


# The workflow


def test_the_workflow_uses_the_actions_of_our_own() -> None:
    """One place decides which version of an action is trusted."""
    templates = ROOT / "src" / "dlmap" / "scaffold" / "templates" / "common"
    texts = [file.read_text("utf-8") for file in templates.glob("*.yml")]
    used = set(re.findall(r"uses: (\S+@\S+ # \S+)", "".join(texts)))
    own = "".join(file.read_text("utf-8") for file in (ROOT / ".github" / "workflows").glob("*.yml"))
    assert len(used) == 6
    assert {action for action in used if action not in own} == set()


# Somebody's post


@pytest.fixture
def from_post(tmp_path: Path) -> Path:
    (tmp_path / "post.md").write_bytes(POST.replace("\n", "\r\n").encode("utf-8-sig"))
    done = run("init", "map", "--from", "post.md", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path / "map"


def test_a_post_stays_as_it_is(from_post: Path) -> None:
    assert (from_post / "content" / "outline.zh.md").read_bytes() == (
        from_post.parent / "post.md"
    ).read_bytes()


def test_the_frame_of_its_translation_builds_with_warnings_only(from_post: Path) -> None:
    done = run("build", cwd=from_post)
    assert done.returncode == 0, done.stderr
    assert set(re.findall(r"(?:warning|error)\[(DL\d+)\]", done.stderr)) == {"DL215", "DL501"}
    assert done.stderr.count("warning[DL501]") == 1, "one for all while nothing is translated"
    found = concepts(from_post)
    assert found["variational-autoencoder"]["label"]["en"] == "Variational autoencoder"
    assert "en" not in found["flow"]["label"]
    assert found["flow"]["translated"] == {"zh": True, "en": False}
    page = (from_post / "site" / "en" / "flow" / "index.html").read_text("utf-8")
    assert "流模型" in page
    assert "Glow" in page


def test_what_is_filled_in_counts(from_post: Path) -> None:
    english = from_post / "content" / "outline.en.md"
    text = english.read_text("utf-8")
    text = text.replace("### 流模型 {#flow}", "### Flow models {#flow}\n\nInvertible, such as **Glow**.")
    text = text.replace("- **Prior**{#prior}:", "- **Prior**{#prior}: such as **VQ-VAE**, **NVAE**.")
    text = text.replace("### 检测 {#", "### Detection {#")
    english.write_text(text, "utf-8")
    assert run("build", cwd=from_post).returncode == 0
    found = concepts(from_post)
    assert found["flow"]["label"]["en"] == "Flow models"
    assert found["flow"]["translated"]["en"]
    assert found["variational-autoencoder-prior"]["translated"]["en"]
    assert found["jian-ce"]["label"]["en"] == "Detection"
    assert not found["variational-autoencoder"]["translated"]["en"]


def test_names_and_ids_are_proposed(from_post: Path) -> None:
    names, _, ids = (from_post / "ids.md").read_text("utf-8").partition("## Ids")
    assert "- line 8: 生成模型\n" in names
    assert "变分自编码器" not in names
    assert "- line 17: 流模型 `{#flow}`\n" in ids
    assert "{#net}" not in ids
    assert "{#conv-1d}" not in ids


def test_a_post_with_its_translation_needs_no_frame(tmp_path: Path) -> None:
    (tmp_path / "post.zh.md").write_text("# 部分 {#part}\n", "utf-8")
    (tmp_path / "post.en.md").write_text("# Part {#part}\n", "utf-8")
    assert run("init", "map", "--from", "post.zh.md", cwd=tmp_path).returncode == 0
    assert (tmp_path / "map" / "content" / "outline.en.md").read_text("utf-8") == "# Part {#part}\n"
    assert run("check", "--strict", cwd=tmp_path / "map").returncode == 0


def test_a_post_in_english_gets_a_chinese_frame(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(
        "---\nlang: en\n---\n\n# Networks (网络)\n\n## Flows\n\nInvertible.\n", "utf-8"
    )
    assert run("init", "map", "--from", "post.md", cwd=tmp_path).returncode == 0
    frame = (tmp_path / "map" / "content" / "outline.zh.md").read_text("utf-8")
    assert "\n# 网络 {#networks}\n" in frame
    done = run("check", cwd=tmp_path / "map")
    assert done.stderr.count("warning[DL501]") == done.stderr.count("warning[") == 1


def test_the_real_post_becomes_a_site(tmp_path: Path) -> None:
    require(SEED.is_file(), f"the post {SEED}")
    assert run("init", "map", "--from", str(SEED), cwd=tmp_path).returncode == 0
    folder = tmp_path / "map"
    assert (folder / "content" / "outline.zh.md").read_bytes() == SEED.read_bytes()
    done = run("check", "--format", "json", cwd=folder)
    assert done.returncode == 0
    assert {d["code"] for d in json.loads(done.stdout) if d["path"].endswith("outline.en.md")} <= {"DL501"}


@pytest.mark.parametrize(
    ("post", "content", "code", "words"),
    [
        ("none.md", None, 2, "no such file"),
        (".", None, 2, "is a folder"),
        ("post.md", b"# \xff\xfe", 1, "DL002"),
        ("post.md", b"", 1, "names no concept"),
        ("post.md", b"Words only.\n", 1, "DL207"),
    ],
)
def test_a_post_that_is_none_makes_no_site(
    post: str, content: bytes | None, code: int, words: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / post).write_bytes(content)
    done = run("init", "map", "--from", post, cwd=tmp_path)
    assert done.returncode == code
    assert words in done.stderr
    assert not (tmp_path / "map").exists()


# Nothing is overwritten


def test_a_folder_with_files_is_left_alone(example: Path) -> None:
    before = files_of(example)
    for arguments in (["."], [".", "--from", "content/outline.zh.md"], ["content/methods.yml"]):
        done = run("init", *arguments, cwd=example)
        assert done.returncode == 2
        assert "choose a new or empty folder" in done.stderr
    assert files_of(example) == before


def test_an_empty_folder_and_a_new_repository_will_do(tmp_path: Path) -> None:
    require(subprocess.run(["git", "--version"], check=False, capture_output=True).returncode == 0, "git")
    for command in (
        ["init", "--quiet", "--initial-branch=trunk"],
        ["remote", "add", "origin", "https://token@github.com/You/my-map.git"],
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    done = run("init", ".", "--name", '图 "one"', cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "cd " not in done.stdout
    text = (tmp_path / "dlmap.toml").read_text("utf-8")
    settings = tomllib.loads(text)
    assert settings["title"] == '图 "one"'
    assert (settings["repository"], settings["branch"]) == ("https://github.com/You/my-map", "trunk")
    assert '# base_url = "https://you.github.io/my-map/"' in text
    assert 'branches: ["trunk"]' in (tmp_path / ".github" / "workflows" / "pages.yml").read_text("utf-8")
    assert run("check", "--strict", cwd=tmp_path).returncode == 0


def test_a_disk_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("init", "file/map", cwd=tmp_path)
    assert done.returncode == 1
    assert "error: " in done.stderr


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/you/map", "https://github.com/you/map"),
        ("https://you:secret@github.com/you/map.git", "https://github.com/you/map"),
        ("git@github.com:you/map.git", "https://github.com/you/map"),
        ("ssh://git@codeberg.org:2222/you/map.git/", "https://codeberg.org/you/map"),
        ("/srv/git/map.git", ""),
        ("../map", ""),
        ("C:\\maps\\map", ""),
        ("", ""),
    ],
)
def test_the_page_of_a_repository_is_guessed_without_secrets(remote: str, address: str) -> None:
    assert web_address(remote) == address


def test_the_address_of_github_pages_is_guessed() -> None:
    assert SiteRepository("https://github.com/You/Map").pages_address == "https://you.github.io/Map/"
    assert SiteRepository("https://github.com/you/you.github.io").pages_address == "https://you.github.io/"
    assert SiteRepository("https://codeberg.org/you/map").pages_address == ""


# Questions


def test_without_a_folder_and_a_terminal_it_says_what_to_write(tmp_path: Path) -> None:
    done = run("init", cwd=tmp_path)
    assert done.returncode == 2
    assert "dlmap init my-map" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of Unix")
def test_on_a_terminal_it_asks_for_the_folder_alone(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "dlmap", "init"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        asked = b""
        while b"new site" not in asked:
            asked += os.read(ours, 1000)
        os.write(ours, "图\n".encode())
        assert process.stdout is not None
        said = process.stdout.read().decode()
    os.close(ours)
    assert process.returncode == 0
    assert said.startswith("图: created a site\n")
    assert (tmp_path / "图" / "content" / "outline.en.md").is_file()
