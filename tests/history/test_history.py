"""The history of a site: `dlmap diff`, the page and feed of changes, who changed a page last; and hostile repositories."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from dlmap import build
from dlmap.cache.git_head import head_digest
from dlmap.cli import group
from dlmap.history import Repository
from dlmap.up_to_date import BuildRequest, find_up_to_date
from support.checkout import require

ATOM = {"a": "http://www.w3.org/2005/Atom"}
FIRST = """# Models {#models}

## Vision {#vision}

### Convolution {#conv}

- **Residual connections**{#residual}: they skip layers, such as **ResNet** and **DenseNet**.

### Attention {#attention}

A paragraph on attention.

## Sequences {#sequences}

### Recurrence {#rnn}

A paragraph on recurrence.
"""
SECOND = """# Models {#models}

## Vision {#vision}

### Convolution {#cnn}

- **Residual connections**{#residual}: they skip layers, such as **ResNet**.

## Sequences {#sequences}

### Recurrence {#rnn}

A paragraph on recurrence, longer.

### Self-attention {#attention}

A paragraph on attention.

### State spaces {#ssm}

A paragraph on state spaces.
"""


class Repo:
    """A site in a repository of its own."""

    def __init__(self, folder: Path) -> None:
        require(shutil.which("git") is not None, "git")
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "-b", "main")
        self.write("dlmap.toml", 'title = "Map"\nlanguages = ["en", "zh"]\n')

    def git(self, *words: str, **environment: str) -> str:
        variables = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **environment}
        done = subprocess.run(
            ["git", *words], cwd=self.folder, env=variables, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def commit(self, subject: str, day: str, name: str = "Ada") -> str:
        self.git("add", "-A")
        who = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (
                ("NAME", name),
                ("EMAIL", f"{name}@hidden.example"),
                ("DATE", f"{day}T12:00:00Z"),
            )
        }
        self.git("commit", "-q", "--allow-empty", "-m", subject, **who)
        return self.git("rev-parse", "HEAD")

    def request(self, output: str = "../out") -> BuildRequest:
        return BuildRequest(self.folder, self.folder / output, "https://you.example/map/")

    def build(self, output: str = "../out") -> Path:
        request = self.request(output)
        out = self.folder / output
        assert (
            find_up_to_date(request)
            or build(self.folder, out, base_url=request.base_url, durable=False).published
        )
        return out


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Two revisions of a map by two people, and one of the registry by a third."""
    repo = Repo(tmp_path / "map")
    repo.write("content/outline.en.md", FIRST)
    repo.write(".gitignore", ".dlmap\n")
    repo.commit("Begin", "2026-01-01")
    repo.write("content/outline.en.md", SECOND)
    repo.commit("Attention is <a sequence>", "2026-02-02", "Bob")
    repo.write("content/methods.yml", "resnet:\n  name: ResNet\n  year: 2015\n")
    repo.commit("Facts", "2026-03-03", "Cleo")
    return repo


def diff(repo: Repo, *words: str) -> Result:
    revisions, *options = words or ("HEAD",)
    return CliRunner().invoke(group, ["diff", revisions, str(repo.folder), *options], catch_exceptions=False)


def changes(repo: Repo, revisions: str) -> set[tuple[str, str]]:
    found = json.loads(diff(repo, revisions, "--format", "json").stdout)
    return {(change["change"], change["id"]) for change in found}


def test_diff_tells_what_came_went_moved_and_changed_its_name_or_year(repo: Repo) -> None:
    assert changes(repo, "HEAD~2..HEAD") == {
        ("added", "ssm"),
        ("moved", "attention"),
        ("renamed", "attention"),
        ("renamed", "cnn"),
        ("dated", "resnet"),
        ("removed", "densenet"),
    }
    assert changes(repo, "HEAD~1..HEAD") == {("dated", "resnet")}


def test_diff_proposes_the_aliases_of_renamed_ids_and_they_work(repo: Repo) -> None:
    report = diff(repo, "HEAD~2..HEAD").stdout
    assert "renamed (2)\n" in report
    assert "cnn: Convolution, before: Convolution (`conv`)" in report
    aliases = report[report.index("[aliases]") :]
    assert aliases == '[aliases]\nconv = "cnn"\n'
    repo.write("dlmap.toml", f'languages = ["en"]\n{aliases}')
    assert "url=../cnn/" in (repo.build() / "en" / "conv" / "index.html").read_text("utf-8")


def test_a_family_that_becomes_an_approach_is_still_the_same_concept(repo: Repo) -> None:
    repo.write(
        "content/outline.en.md", SECOND.replace("### State spaces {#ssm}\n\nA", "- **State spaces**: a")
    )
    report = diff(repo).stdout
    assert "added" not in report
    assert "removed" not in report
    assert 'ssm = "attention-state-spaces"' in report


def test_a_name_in_one_language_reaches_readers_of_the_other_too(repo: Repo) -> None:
    repo.write(
        "content/outline.zh.md", "# 模型 {#models}\n\n## 视觉 {#vision}\n\n### 卷积 {#cnn}\n\n说明。\n"
    )
    repo.commit("Chinese", "2026-04-04")
    repo.write(
        "content/outline.zh.md", "# 模型 {#models}\n\n## 视觉 {#vision}\n\n### 卷积网络 {#cnn}\n\n说明。\n"
    )
    repo.commit("Another name", "2026-04-05")
    site = repo.build()
    row = r'<a href="../cnn/"[^>]*>{}</a> <small>{}</small>'
    for lang, name, before in (("zh", "卷积网络", "原名：卷积"), ("en", "Convolution", "before: .*卷积.*")):
        page = (site / lang / "changes" / "index.html").read_text("utf-8")
        assert re.search(row.format(name, before), page), page


def test_diff_compares_with_the_files_as_they_are(repo: Repo) -> None:
    assert "nothing has changed on the map" in diff(repo).stdout
    repo.write("content/outline.en.md", SECOND.replace("State spaces", "State-space models"))
    assert "ssm: State-space models, before: State spaces" in diff(repo).stdout
    assert "- `ssm`: State-space models" in diff(repo, "HEAD", "--format", "markdown").stdout


@pytest.mark.parametrize("name", ["none", "--all", "HEAD:content", "-x..HEAD", "HEAD~99..HEAD", "@{x}"])
def test_a_revision_that_is_none_is_wrong_usage(repo: Repo, name: str) -> None:
    result = CliRunner().invoke(group, ["diff", "--", name, str(repo.folder)])
    assert result.exit_code == 2
    assert "there is no revision" in result.stderr


def test_without_a_repository_diff_says_so_and_pages_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "outline.en.md").write_text(FIRST, "utf-8")
    result = CliRunner().invoke(group, ["diff", "HEAD", str(tmp_path)])
    assert result.exit_code == 2
    assert "is not in a Git repository" in result.stderr
    build(tmp_path, tmp_path / "out", durable=False)
    assert not (tmp_path / "out" / "en" / "changes").exists()
    assert "Last changed" not in (tmp_path / "out" / "en" / "rnn" / "index.html").read_text("utf-8")


def last_changed(site: Path, concept: str) -> str:
    """What the foot of a page says, as text."""
    page = (site / "en" / concept / "index.html").read_text("utf-8")
    if "Last changed" not in page:
        return ""
    line = page[page.index("Last changed") :].partition("</p>")[0]
    return " ".join("".join(ElementTree.fromstring(f"<p>{line}</p>").itertext()).split())  # noqa: S314 - our own


def test_a_page_tells_when_its_text_was_changed_last_and_by_whom(repo: Repo) -> None:
    repo.write(".mailmap", "Robert <Bob@hidden.example>\n")
    repo.write("content/notes/ssm.en.md", "A note.\n")
    repo.commit("Names", "2026-04-04", "Dan")
    site = repo.build()
    assert last_changed(site, "rnn") == "Last changed 2026-02-02 · by Ada, Robert"
    assert last_changed(site, "vision") == "Last changed 2026-01-01 · by Ada"
    assert last_changed(site, "resnet") == "Last changed 2026-03-03 · by Cleo"
    assert last_changed(site, "ssm").startswith("Last changed 2026-04-04")
    assert '<time datetime="2026-02-02">' in (site / "en" / "rnn" / "index.html").read_text("utf-8")
    assert "<lastmod>2026-02-02</lastmod>" in (site / "sitemap.xml").read_text("utf-8")
    assert not any("hidden.example" in file.read_text("utf-8") for file in site.rglob("*.html"))


def test_lines_that_are_not_committed_count_for_nobody(repo: Repo) -> None:
    repo.write("content/outline.en.md", f"A new preface.\n\n{SECOND.replace('recurrence, longer', 'states')}")
    site = repo.build()
    assert last_changed(site, "rnn") == "Last changed 2026-01-01 · by Ada"
    assert last_changed(site, "ssm") == "Last changed 2026-02-02 · by Bob"


def test_the_page_and_the_feed_of_changes_tell_every_revision(repo: Repo) -> None:
    site = repo.build()
    page = (site / "en" / "changes" / "index.html").read_text("utf-8")
    assert page.index("Facts") < page.index("Attention is &lt;a sequence&gt;")
    assert "Begin" not in page
    assert '<a href="../cnn/"' in page
    feed = ElementTree.fromstring((site / "zh" / "changes" / "atom.xml").read_bytes())  # noqa: S314 - our own
    assert [title.text for title in feed.findall("a:entry/a:title", ATOM)] == [
        "Facts",
        "Attention is <a sequence>",
    ]
    assert feed.findtext("a:updated", "", ATOM) == "2026-03-03T00:00:00Z"
    assert 'type="application/atom+xml"' in page


def tree(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_commit_alone_is_noticed_and_gives_what_a_clean_build_gives(repo: Repo) -> None:
    repo.write("content/outline.en.md", SECOND.replace("longer", "long"))
    site = repo.build()
    assert last_changed(site, "rnn") == "Last changed 2026-01-01 · by Ada"
    repo.commit("Shorter", "2026-05-05", "Eve")
    assert last_changed(repo.build(), "rnn") == "Last changed 2026-05-05 · by Ada, Eve"
    assert find_up_to_date(repo.request()), "nothing changed since"
    shutil.rmtree(repo.folder / ".dlmap")
    assert tree(repo.build("../clean")) == tree(site)


@pytest.mark.parametrize("pack", [False, True])
def test_the_state_of_the_head_is_another_after_each_commit(repo: Repo, pack: bool) -> None:
    states = {head_digest(repo.folder)}
    for number in range(2):
        repo.commit(f"Empty {number}", "2026-06-06")
        if pack:
            repo.git("pack-refs", "--all")
        states.add(head_digest(repo.folder / "content"))
    assert len(states) == 3
    repo.git("worktree", "add", "-q", "../tree", "HEAD~1")
    assert head_digest(repo.folder.parent / "tree") not in {"", *states}


def test_a_shallow_clone_tells_nothing(repo: Repo) -> None:
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.folder}", "../shallow")
    shallow = repo.folder.parent / "shallow"
    assert Repository.around(shallow) is None
    build(shallow, shallow / "out", durable=False)
    assert last_changed(shallow / "out", "rnn") == ""
    assert not (shallow / "out" / "en" / "changes").exists()


def test_nothing_in_a_hostile_repository_is_run(repo: Repo, tmp_path: Path) -> None:
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n", "utf-8")
    trap.chmod(0o755)
    repo.write(".gitattributes", "* diff=trap filter=trap\n")
    repo.commit("A trap", "2026-07-07", "Mallory")
    for key in (
        *("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.alternateRefsCommand"),
        *(
            "diff.external",
            "diff.trap.textconv",
            "diff.trap.command",
            "filter.trap.clean",
            "filter.trap.smudge",
        ),
        *("gpg.program", "credential.helper", "remote.origin.uploadpack"),
    ):
        repo.git("config", key, str(trap))
    for key, value in (
        ("log.showSignature", "true"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", str(tmp_path)),
        ("extensions.partialClone", "origin"),
        ("core.hooksPath", str(tmp_path)),
    ):
        repo.git("config", key, value)
    blob = Repository(repo.folder).files("HEAD")["content/methods.yml"]
    (repo.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    site = repo.build()
    assert (site / "en" / "rnn" / "index.html").is_file()
    diff(repo, "HEAD~1..HEAD~1")
    assert not (tmp_path / "sprung").exists()


def test_strange_names_of_files_and_people_do_no_harm(repo: Repo) -> None:
    repo.write("content/notes/a\nb.en.md", "A note.\n")
    repo.write("content/--output=x.md", "text\n")
    (repo.folder / "content" / "outline.zh.md").symlink_to("/etc/passwd")
    repo.write("content/articles/2026-01-01-post.md", "---\ntitle: P\n---\n\nText.\n")
    repo.commit("<script>alert(1)</script>", "2026-08-08", "<b>Mallory</b>")
    (repo.folder / "content" / "outline.zh.md").unlink()
    (repo.folder / "content" / "notes" / "a\nb.en.md").unlink()
    site = repo.build()
    page = (site / "en" / "articles" / "post" / "index.html").read_text("utf-8")
    assert "by &lt;b&gt;Mallory&lt;/b&gt;" in page or "by bMallory/b" in page
    assert "<script>alert" not in (site / "en" / "changes" / "index.html").read_text("utf-8")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", [".git/HEAD", ".git/packed-refs", ".git/commondir", ".mailmap", ".git"])
def test_what_has_no_end_is_not_read_for_the_state_of_the_head(name: str, tmp_path: Path) -> None:
    for make in (os.mkfifo, lambda place: place.symlink_to("/dev/zero")):
        shutil.rmtree(tmp_path)
        file = tmp_path / name
        file.parent.mkdir(parents=True)
        (tmp_path / ".git").mkdir(exist_ok=True) if name != ".git" else None
        make(file)
        assert head_digest(tmp_path)
