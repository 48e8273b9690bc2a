"""Every diagnostic code has a case in `tests/checks/` and a page in `docs/codes/`, and means what they say.

A case is Markdown: prose, fenced snippets that make up a site, and one fence `diagnostics` with everything that the
check of this site finds, one in a line: `PATH:LINE:COLUMN CODE TEXT`, where TEXT is what the source holds there.
The info string of a fence says what its snippet is: `LANGUAGE PATH` a text file, `bytes PATH` a file with Python's
escapes, `repeated PATH TIMES` a file in which the line above a line `×` stands many times, `unreadable PATH` one that the
system does not give out, `link PATH` a symbolic link to the target named
inside, `folder PATH` an empty folder.  A site without a `dlmap.toml` has the languages that the names of its outlines
tell, so that not every case is in two of them.
"""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from dlmap import build
from dlmap.config import ConfigError
from dlmap.text import CATALOGUE, Diagnostic, Severity

ROOT = Path(__file__).parents[2]
CASES = sorted((ROOT / "tests" / "checks").glob("*.md"))
PAGES = sorted((ROOT / "docs" / "codes").glob("DL*.md"))
INDEX = ROOT / "docs" / "codes" / "README.md"
_FENCE = re.compile(r"^(`{3,})([^\n`]+)\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_PAGE_SECTIONS = ["What it means", "Why it matters", "Example", "Do this instead"]
_MAX_SHOWN = 40


_OUTLINE = re.compile(r"content/outline\.(\w+)\.md")


@dataclass(frozen=True)
class Snippet:
    """One fence of a case."""

    kind: str
    path: str
    times: int
    text: str

    def write(self, folder: Path) -> None:
        target = folder / self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        match self.kind:
            case "folder":
                target.mkdir()
            case "link":
                target.symlink_to(self.text.strip())
            case "bytes":
                target.write_bytes(self.text.rstrip("\n").encode().decode("unicode_escape").encode("latin-1"))
            case "repeated":
                target.write_text(re.sub(r"(?m)^(.*\n)×\n", lambda m: m[1] * self.times, self.text), "utf-8")
            case "unreadable":
                target.write_text(self.text, "utf-8")
                target.with_name(f"{target.name}.unreadable").touch()
            case _:
                target.write_text(self.text, "utf-8")


def read_case(file: Path) -> tuple[list[Snippet], list[str]]:
    """The snippets of a case, and the diagnostics it expects."""
    snippets: list[Snippet] = []
    expected: list[str] = []
    for _, info, text in _FENCE.findall(file.read_text("utf-8")):
        kind, *words = info.split()
        if kind == "diagnostics":
            expected += text.splitlines()
        else:
            snippets.append(Snippet(kind, words[0], int(words[1]) if len(words) > 1 else 1, text))
    return snippets, expected


def make_site(snippets: list[Snippet], folder: Path) -> None:
    """Write a case into a folder; without a configuration of its own it has the languages of its outlines."""
    for snippet in snippets:
        snippet.write(folder)
    languages = [match[1] for snippet in snippets if (match := _OUTLINE.fullmatch(snippet.path))]
    config = folder / "dlmap.toml"
    if languages and not config.exists():
        config.write_text(f"languages = {languages}\n", "utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for a case; a file in it that is called unreadable is so even for root."""
    read = Path.read_bytes

    def refuse(file: Path) -> bytes:
        if file.with_name(f"{file.name}.unreadable").exists():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
        return read(file)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    return tmp_path


def check(folder: Path) -> tuple[Diagnostic, ...]:
    """The diagnostics of a site, its configuration included."""
    try:
        return build(folder).diagnostics
    except ConfigError as error:
        return error.diagnostics


def shown(diagnostic: Diagnostic) -> str:
    """A diagnostic as the cases write it."""
    if diagnostic.source is None or diagnostic.span is None:
        return f"{diagnostic.file} {diagnostic.code}"
    line, column = diagnostic.source.position(diagnostic.span.start)
    text = diagnostic.source.text[diagnostic.span.start : diagnostic.span.end].split("\n")[0].strip()
    text = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
    text = text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
    return f"{diagnostic.file}:{line}:{column} {diagnostic.code} {text}".rstrip()


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_case_gives_exactly_the_diagnostics_that_it_names(file: Path, site: Path) -> None:
    snippets, expected = read_case(file)
    make_site(snippets, site)
    found = check(site)
    assert [shown(diagnostic) for diagnostic in found] == expected
    assert file.stem in {diagnostic.code for diagnostic in found}
    for diagnostic in found:
        assert_is_useful(diagnostic)


def assert_is_useful(diagnostic: Diagnostic) -> None:
    """It says in one line each what is wrong and what to do, and points at something in its file."""
    for line in (diagnostic.message, diagnostic.help, diagnostic.file):
        assert line.strip()
        assert "\n" not in line
    if diagnostic.source is not None:
        assert diagnostic.span is not None
        start, end, _ = diagnostic.span
        assert 0 <= start <= end <= len(diagnostic.source.text)
        text = diagnostic.source.text[start:end]
        assert text == text.strip() or text == "\t"  # a tab where none may stand


def test_catalogue_cases_and_pages_are_the_same_set() -> None:
    assert sorted(file.stem for file in CASES) == sorted(CATALOGUE)
    assert sorted(file.stem for file in PAGES) == sorted(CATALOGUE)


def test_every_code_is_raised_somewhere() -> None:
    sources = "".join(
        file.read_text("utf-8")
        for file in sorted((ROOT / "src" / "dlmap").rglob("*.py"))
        if file.name != "catalogue.py"
    )
    assert set(re.findall(r'"(DL\d{3})"', sources)) == set(CATALOGUE)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_page_explains_its_code(file: Path) -> None:
    code = CATALOGUE[file.stem]
    text = file.read_text("utf-8")
    title, severity = text.splitlines()[0], text.splitlines()[2]
    assert title == f"# {code.id}: {code.name}"
    assert severity == f"{code.severity.value.capitalize()}: {code.summary}."
    sections = re.split(r"^## (.+)$", _FENCE.sub("(an example)", text), flags=re.MULTILINE)
    assert sections[1::2] == _PAGE_SECTIONS
    assert all(section.strip() for section in sections[2::2])


def test_index_lists_every_code_with_its_name_severity_and_meaning() -> None:
    rows = re.findall(
        r"^\| \[(DL\d+)\]\((\S+)\) \| `(\S+)` \| (\w+) \| (.+) \|$", INDEX.read_text("utf-8"), re.MULTILINE
    )
    assert rows == [
        (code.id, f"{code.id}.md", code.name, code.severity.value, code.summary)
        for code in CATALOGUE.values()
    ]


def test_codes_stand_in_order_and_names_are_unique() -> None:
    assert list(CATALOGUE) == sorted(CATALOGUE)
    assert len({code.name for code in CATALOGUE.values()}) == len(CATALOGUE)
    assert all(code.severity in (Severity.ERROR, Severity.WARNING) for code in CATALOGUE.values())
