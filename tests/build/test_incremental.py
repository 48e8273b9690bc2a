"""Building again: what did not change stays as it is, and the site is always the one that a clean build makes."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dlmap import build, up_to_date
from dlmap.cache import files
from dlmap.cache.store import Store
from dlmap.math import FormulaError, KatexEngine
from dlmap.text import Severity
from dlmap.text.report import as_text
from dlmap.theme import default_theme_root
from dlmap.up_to_date import BuildRequest, find_up_to_date
from support.site_project import (
    ENGLISH,
    METHODS,
    OTHER,
    build_again,
    clean,
    edit,
    tree,
    write,
    write_site,
    written_after,
)


def override(folder: Path, template: str, words: str) -> None:
    """Give the site its own template: the default one with something more in its first block."""
    text = (default_theme_root() / "templates" / template).read_text("utf-8")
    assert "{% endblock %}" in text
    write(folder / "templates" / template, text.replace("{% endblock %}", f"{words}{{% endblock %}}", 1))


def pages(files: set[str]) -> set[str]:
    return {path.removesuffix("/index.html") for path in files if path.endswith("index.html")}


# Which pages an edit reaches


def test_nothing_changed_nothing_done(site: Path) -> None:
    assert written_after(site, lambda: None) == set()
    result = find_up_to_date(BuildRequest(site, site.parent / "out", keep_going=True))
    assert result is not None
    assert (result.written, result.pages > 10) == (0, True)


def test_a_file_that_is_only_touched_changes_nothing(site: Path) -> None:
    assert written_after(site, lambda: os.utime(site / "content" / "outline.zh.md")) == set()


def test_a_sentence_reaches_the_pages_that_show_it(site: Path) -> None:
    changed = written_after(
        site, lambda: edit(site / "content/outline.zh.md", "只看一个窗口", "只看小小一个窗口")
    )
    # The method quotes it; the English outline has neither the approach nor the sentence, so its pages show the Chinese.
    assert pages(changed) == {"zh/attention", "en/attention", "zh/swin", "en/swin"}


def test_lines_put_in_further_up_reach_no_page_below(site: Path) -> None:
    changed = written_after(
        site, lambda: edit(site / "content/outline.zh.md", "# 模型 (Models)", "\n\n\n# 模型 (Models)")
    )
    assert pages(changed) == set()


def test_a_note_reaches_its_method(site: Path) -> None:
    changed = written_after(site, lambda: edit(site / "content/notes/resnet.zh.md", "恒等", "恒等映射"))
    assert pages(changed) == {"zh/resnet", "en/resnet"}


def test_a_new_name_of_a_concept_reaches_everything_that_links_to_it(site: Path) -> None:
    changed = written_after(
        site, lambda: edit(site / "content/outline.zh.md", "### 循环网络", "### 递归网络")
    )
    zh = {path for path in pages(changed) if path.startswith("zh/")}
    assert {"zh/rnn", "zh/sequence", "zh/lstm", "zh/gru"} <= zh
    assert "zh/articles/one" not in zh
    assert "taxonomy.json" in changed


def test_a_new_method_reaches_its_neighbours_and_the_indexes(site: Path) -> None:
    changed = pages(
        written_after(
            site, lambda: edit(site / "content/outline.zh.md", "如**LSTM**和", "如**LSTM**、**SRU**和")
        )
    )
    assert {"zh/sru", "en/sru", "zh/rnn", "zh/methods", "zh/lstm", "zh/gru"} <= changed
    assert not changed & {"zh/resnet", "zh/swin", "zh/articles/one", "en/articles/two"}


def test_lineage_reaches_both_ends(site: Path) -> None:
    changed = written_after(
        site, lambda: edit(site / "content/methods.yml", "based_on: [lstm]", "based_on: [resnet]")
    )
    assert {"zh/gru", "zh/lstm", "zh/resnet"} <= pages(changed)
    assert not pages(changed) & {"zh/swin", "zh/densenet"}


def test_the_text_of_a_post_reaches_its_page(site: Path) -> None:
    changed = written_after(
        site, lambda: edit(site / "content/articles/2022-01-01-one.md", "公式", "一条公式")
    )
    assert "zh/articles/one" in pages(changed)
    assert not pages(changed) & {"zh/articles/two", "zh/resnet"}


def test_the_title_of_a_post_reaches_lists_and_neighbours(site: Path) -> None:
    changed = written_after(
        site, lambda: edit(site / "content/articles/2022-02-02-two.md", "第二篇", "第贰篇")
    )
    assert {"zh/articles/two", "zh/articles/one", "zh/articles", "zh"} <= pages(changed)
    assert "zh/articles/atom.xml" in changed
    assert "zh/resnet" not in pages(changed)


def test_a_post_that_is_gone_takes_its_links_along(site: Path) -> None:
    changed = written_after(site, (site / "content/articles/2022-02-02-two.md").unlink)
    assert {"zh/articles/two", "zh/articles/one"} <= pages(changed)
    assert not (site.parent / "out/zh/articles/two").exists()


def test_a_template_reaches_the_pages_that_use_it(site: Path) -> None:
    changed = pages(written_after(site, lambda: override(site, "method.html", "own")))
    assert {"zh/resnet", "en/gru"} <= changed
    assert not changed & {"zh/cnn", "zh", "zh/articles/one"}


def test_a_part_of_templates_reaches_the_pages_of_all_that_take_it_in(site: Path) -> None:
    footer = (default_theme_root() / "templates" / "_footer.html").read_text("utf-8")
    changed = pages(
        written_after(site, lambda: write(site / "templates" / "_footer.html", footer + "<!-- -->"))
    )
    assert {"zh/resnet", "zh/cnn", "zh", "zh/articles/one"} <= changed


def test_a_static_file_reaches_no_page(site: Path) -> None:
    write(site / "static" / "own.css", "a {}")
    changed = written_after(site, lambda: write(site / "static" / "own.css", "b {}"))
    assert changed == {"assets/own.css", "sw.js"}


def test_a_swap_of_equal_size_and_time_is_noticed(site: Path) -> None:
    one, two = (site / f"content/articles/{name}.md" for name in ("2022-01-01-one", "2022-02-02-two"))
    write(one, OTHER.replace("第二篇", "第三篇"))

    def swap() -> None:
        for file in (one, two):
            os.utime(file, ns=(10**18, 10**18))
        shutil.move(one, site / "x")
        shutil.move(two, one)
        shutil.move(site / "x", two)

    for file in (one, two):
        os.utime(file, ns=(10**18, 10**18))
    assert {"zh/articles/one", "zh/articles/two"} <= pages(written_after(site, swap))


@pytest.mark.parametrize(
    "asked", [{"strict": True}, {"drafts": True}, {"base_url": "https://example.org/x/"}]
)
def test_what_is_asked_for_belongs_to_the_record(asked: dict[str, Any], site: Path) -> None:
    output = site.parent / "out"
    build(site, output)
    assert find_up_to_date(BuildRequest(site, output)) is not None
    assert find_up_to_date(BuildRequest(site, output, **asked)) is None
    assert find_up_to_date(BuildRequest(site, site.parent / "other")) is None


@pytest.mark.parametrize("options", [{}, {"keep_going": True}, {"strict": True}])
def test_a_build_with_errors_is_remembered(options: dict[str, Any], site: Path) -> None:
    edit(site / "content/outline.zh.md", "f(x) + x", "\\frac{a")
    write(site / "content/notes/nothing.zh.md", "一句话\n")
    output = site.parent / "out"
    result = build(site, output, **options)
    assert result.count(Severity.ERROR)
    again = find_up_to_date(BuildRequest(site, output, **options))
    assert again is not None
    assert as_text(again.diagnostics) == as_text(result.diagnostics)
    assert (again.published, again.pages, again.formulas) == (result.published, result.pages, result.formulas)
    edit(site / "content/outline.zh.md", "\\frac{a", "a")
    assert find_up_to_date(BuildRequest(site, output, **options)) is None


def test_a_time_out_is_tried_again(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        KatexEngine,
        "render",
        lambda _, formulas: [FormulaError("it takes too long", None, is_final=False) for _ in formulas],
    )
    output = site.parent / "out"
    assert "DL401" in {each.code for each in build(site, output, keep_going=True).diagnostics}
    assert find_up_to_date(BuildRequest(site, output, keep_going=True)) is None
    monkeypatch.undo()
    result = build(site, output, keep_going=True)
    assert "DL401" not in {each.code for each in result.diagnostics}
    assert result.cached < result.formulas


def test_files_that_have_aged_are_not_read_again(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = site.parent / "out"
    build(site, output)
    read: list[str] = []
    really = files._digest
    monkeypatch.setattr(files, "_digest", lambda path, size: read.append(path) or really(path, size))
    monkeypatch.setattr(files, "_YOUNG_NS", 0)  # now everything has aged
    for reads in (True, False):
        assert find_up_to_date(BuildRequest(site, output)) is not None
        assert bool(read) is reads
        read.clear()
    status = (site / "content/outline.zh.md").stat()
    edit(site / "content/outline.zh.md", "一段没有", "两段没有")
    os.utime(site / "content/outline.zh.md", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert find_up_to_date(BuildRequest(site, output)) is None


@pytest.mark.parametrize("row", [b"", b"[]", b"{}", b"null", b'{"watch": 1}', b"[" * 100_000, b"\xff"])
def test_a_record_of_anything_else_is_none(row: bytes, site: Path) -> None:
    request = BuildRequest(site, site.parent / "out")
    build(site, request.output)
    with Store.open(site) as store:
        store.put_many(up_to_date._RECORDS, {request.key(): row})
    assert find_up_to_date(request) is None


def test_what_was_wrong_is_told_again(site: Path) -> None:
    built = build(site, site.parent / "out")
    again = find_up_to_date(BuildRequest(site, site.parent / "out"))
    assert again is not None
    assert [diagnostic.code for diagnostic in again.diagnostics] == ["DL501"] * 3
    assert again.diagnostics == built.diagnostics
    assert [diagnostic.position for diagnostic in again.diagnostics] == [
        diagnostic.position for diagnostic in built.diagnostics
    ]


def test_a_page_that_somebody_changed_is_put_right(site: Path) -> None:
    output = site.parent / "out"
    build_again(site, output)
    write(output / "zh" / "index.html", "something else")
    assert build_again(site, output).written == 1
    assert tree(output) == clean(site)


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_any_number_of_processes_makes_the_same_site(default_site: Path, tmp_path: Path) -> None:
    root = default_theme_root()
    build(root, tmp_path / "site", durable=False, jobs=3)
    assert tree(tmp_path / "site") == tree(default_site)


# Any edits in any order


LABELS = st.sampled_from(["甲", "乙网络", "Deep nets", "β-VAE", "图 (Graphs)", "VAE"])
SENTENCES = st.sampled_from(
    [
        "很深，如**ResNet**。",
        "一句话。",
        "$x^2$与$$\\frac{a}{b}$$",
        "坏公式$\\frac{a$。",
        "见[这里](#rnn)和[那篇](/2022/01/01/one.html)。",
        "有**LSTM**、**新方法**和**Other net**。",
        "A [broken link](/2022/09/09/none.html).",
    ]
)


class Edits(RuleBasedStateMachine):
    """A site that is edited and built again and again."""

    @initialize()
    def begin(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="dlmap-edits-"))
        self.site = self.base / "map"
        write_site(self.site)
        self.number = 0

    def teardown(self) -> None:
        shutil.rmtree(self.base, ignore_errors=True)

    @property
    def outline(self) -> Path:
        return self.site / "content" / "outline.zh.md"

    def sections(self) -> list[str]:
        """The outline as the texts between its headings, the front matter first."""
        return self.outline.read_text("utf-8").split("\n###")

    def put(self, sections: list[str]) -> None:
        write(self.outline, "\n###".join(sections))

    @rule(at=st.integers(0, 9), sentence=SENTENCES)
    def add_sentence(self, at: int, sentence: str) -> None:
        sections = self.sections()
        sections[at % len(sections)] += f"\n{sentence}\n"
        self.put(sections)

    @rule(at=st.integers(0, 9), label=LABELS)
    def add_section(self, at: int, label: str) -> None:
        sections = self.sections()
        sections.insert(1 + at % len(sections), f" {label}\n\n- **做法**：如**{label}法**。\n")
        self.put(sections)

    @rule(at=st.integers(0, 9), label=LABELS)
    def rename_section(self, at: int, label: str) -> None:
        sections = self.sections()
        _, line, rest = sections[at % len(sections)].partition("\n")
        if at % len(sections):
            sections[at % len(sections)] = f" {label}{line}{rest}"
            self.put(sections)

    @precondition(lambda self: len(self.sections()) > 2)
    @rule(at=st.integers(0, 9), to=st.integers(0, 9))
    def move_section(self, at: int, to: int) -> None:
        sections = self.sections()
        moved = sections.pop(1 + at % (len(sections) - 1))
        sections.insert(1 + to % len(sections), moved)
        self.put(sections)

    @precondition(lambda self: len(self.sections()) > 2)
    @rule(at=st.integers(0, 9))
    def remove_section(self, at: int) -> None:
        sections = self.sections()
        sections.pop(1 + at % (len(sections) - 1))
        self.put(sections)

    @rule(
        name=st.sampled_from(["resnet", "lstm", "vision"]), lang=st.sampled_from(["zh", "en"]), text=SENTENCES
    )
    def write_note(self, name: str, lang: str, text: str) -> None:
        write(self.site / f"content/notes/{name}.{lang}.md", f"{text}\n")

    @rule(name=st.sampled_from(["one", "two", "three"]), text=SENTENCES)
    def write_post(self, name: str, text: str) -> None:
        write(
            self.site / f"content/articles/2022-01-0{len(name)}-{name}.md",
            f"---\ntitle: {name}\n---\n\n{text}\n",
        )

    @rule(at=st.integers(0, 9))
    def remove_file(self, at: int) -> None:
        files = sorted((self.site / "content").rglob("*/*.md"))
        if files:
            files[at % len(files)].unlink()

    @rule(year=st.integers(1990, 2030))
    def change_registry(self, year: int) -> None:
        write(self.site / "content/methods.yml", METHODS.replace("2015", str(year)))

    @rule(text=SENTENCES)
    def translate(self, text: str) -> None:
        write(self.site / "content/outline.en.md", f"{ENGLISH}\n{text}\n")

    @rule(title=LABELS, base=st.sampled_from(["", 'base_url = "https://example.org/map/"\n']))
    def configure(self, title: str, base: str) -> None:
        write(self.site / "dlmap.toml", f'title = "{title}"\n{base}')

    @rule()
    def override_template(self) -> None:
        self.number += 1
        override(self.site, "family.html", f"number {self.number}")

    @rule()
    def swap_with_equal_times(self) -> None:
        text = self.outline.read_text("utf-8")
        status = self.outline.stat()
        write(self.site / "new", text.replace("网络", "络网"))
        os.utime(self.site / "new", ns=(status.st_atime_ns, status.st_mtime_ns))
        (self.site / "new").replace(self.outline)

    @invariant()
    def the_site_is_what_a_clean_build_makes(self) -> None:
        result = build_again(self.site, self.base / "out")
        fresh = self.base / "fresh"
        expected = build(self.site, fresh, keep_going=True, cache=False, durable=False)
        assert result.diagnostics == expected.diagnostics
        assert (tree(self.base / "out") if result.published else {}) == (
            tree(fresh) if expected.published else {}
        )
        if not result.published:
            shutil.rmtree(self.base / "out", ignore_errors=True)
        shutil.rmtree(fresh, ignore_errors=True)


class ManyEdits(Edits):
    """The same, long enough to find what is rare."""


Edits.TestCase.settings = settings(
    max_examples=2,
    stateful_step_count=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
Edits.TestCase.pytestmark = [pytest.mark.timeout(400)]  # each step is two builds
ManyEdits.TestCase.settings = settings(Edits.TestCase.settings, max_examples=25, derandomize=False)
ManyEdits.TestCase.pytestmark = [pytest.mark.timeout(3000), pytest.mark.nightly]
test_any_edits_in_any_order = Edits.TestCase
test_many_edits_in_any_order = ManyEdits.TestCase
