"""The rules of the dialect, as golden cases: every file of `tests/quirks` proves one group of rules.

A file opens with a comment that names the `form` of its expectations (a function of `FORMS`) and, where it is not
CommonMark, the `flavor`.  A case is a title, a line `.`, the input, a line `.`, what is expected, a line `.`.

    python tests/taxonomy/test_quirks.py --update    writes what the program does now into the expectations
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from dlmap.markdown import Block, Document, MarkKind, formulas_of, parse_document
from dlmap.math import Formula, RenderedFormula
from dlmap.render.html import Linker, render_prose
from dlmap.site import Prose
from dlmap.site.page_types import reserved_ids
from dlmap.taxonomy import Concept, Kind, Outline, Registry, Taxonomy, assemble, read_outline, read_registry
from dlmap.taxonomy.labels import Label, parse_label
from dlmap.taxonomy.outline_model import Node
from dlmap.text import Diagnostic, SourceFile

QUIRKS = Path(__file__).parents[1] / "quirks"
UPDATE = "python tests/taxonomy/test_quirks.py --update"
_FENCE = "."
_SETTING = re.compile(r"^(form|flavor): (\w+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Case:
    """One golden case, and where its expectation stands in the file."""

    file: Path
    line: int
    title: str
    form: str
    flavor: str
    given: str
    expected: str
    expected_lines: tuple[int, int]

    @property
    def place(self) -> str:
        return f"{self.file.name}:{self.line}"

    def result(self) -> str:
        lines = FORMS[self.form](self.given, self.flavor)
        return "".join(f"{line.rstrip()}\n" for line in lines)


def cases_of(file: Path) -> Iterator[Case]:
    text = file.read_text("utf-8")
    head = re.match(r"<!--(.*?)-->", text, re.DOTALL)
    assert head, f"{file.name} does not open with a comment"
    settings = dict(_SETTING.findall(head.group(1)))
    lines = text.split("\n")
    fences = [number for number, line in enumerate(lines) if line == _FENCE]
    assert fences, f"{file.name} has no case"
    assert len(fences) % 3 == 0, f"{file.name}: a case has three lines `.`, these are {len(fences)}"
    for start, middle, end in zip(fences[::3], fences[1::3], fences[2::3], strict=True):
        title = lines[start - 1].strip()
        assert title, f"{file.name}:{start + 1}: a case without a title"
        given = "".join(f"{line}\n" for line in lines[start + 1 : middle])
        expected = "".join(f"{line}\n" for line in lines[middle + 1 : end])
        yield Case(
            file,
            start,
            title,
            settings["form"],
            settings.get("flavor", "commonmark"),
            given,
            expected,
            (middle + 1, end),
        )


def all_cases() -> list[Case]:
    return [case for file in sorted(QUIRKS.glob("*.md")) for case in cases_of(file)]


# The forms


def parsed(text: str, flavor: str) -> tuple[Document, tuple[Diagnostic, ...]]:
    """Visible marks stand for what an editor would hide: ␣ a space at an end, → a tab, ␀ ZWSP, ␍ CR."""
    for shown, meant in {"␣": " ", "→": "\t", "␀": "\u200b"}.items():
        text = text.replace(shown, meant)
    return parse_document(SourceFile("case.md", text), flavor=None if "layout:" in text else flavor)


def told(diagnostics: Sequence[Diagnostic], above: int = 0) -> Iterator[str]:
    """`3:5 DL201 the message`, for each diagnostic in order of its place."""
    for diagnostic in sorted(diagnostics, key=Diagnostic.sort_key):
        line, column = diagnostic.position or (above, 0)
        yield f"! {line - above}:{column} {diagnostic.code} {diagnostic.message}"


def shown_formulas(document: Document) -> dict[Formula, RenderedFormula]:
    """Stands in for KaTeX: a case shows which formulas the rules have read, not how they look."""
    names = {True: "tex-display", False: "tex"}
    return {
        Formula(use.tex, use.display): RenderedFormula(
            f"<{names[use.display]}>{use.tex}</{names[use.display]}>"
        )
        for use in formulas_of(document)
    }


def html_of(document: Document, blocks: Sequence[Block]) -> Iterator[str]:
    linker = Linker(lambda _: None, lambda _path, _span: (), "blog.example")
    prose = Prose(tuple(blocks), document.source.path, document.kramdown, "zh")
    yield from str(render_prose(prose, linker, shown_formulas(document)).html).rstrip("\n").split("\n")


def as_html(given: str, flavor: str) -> Iterator[str]:
    document, diagnostics = parsed(given, flavor)
    yield from html_of(document, document.blocks)
    yield from told(diagnostics)


def as_front(given: str, flavor: str) -> Iterator[str]:
    """What the front matter says, and the text behind it."""
    document, diagnostics = parsed(given, flavor)
    front = document.front_matter
    for key in ("title", "author", "date", "lang", "slug", "tags", "aliases", "draft"):
        if value := getattr(front, key):
            yield f"{key} = {', '.join(value) if isinstance(value, tuple) else value}"
    yield from (f"{block.type} {block.inline.text}" for block in document.blocks)
    yield from told(diagnostics)


def as_labels(given: str, flavor: str) -> Iterator[str]:
    """Each line as the label of a heading."""
    for line in given.splitlines():
        document, diagnostics = parsed(f"# {line}\n", flavor)
        yield shown_label(parse_label(document.blocks[0].inline), document.blocks[0].id)
        yield from told(diagnostics)


def shown_label(label: Label, explicit: str = "") -> str:
    number = "" if label.number is None else f"({label.number}) "
    bullet = "• " if label.bullet else ""
    return bullet + number + shown_names(label.text, label.gloss, label.alt) + (explicit and f" #{explicit}")


def shown_names(name: str, gloss: str, alt: Sequence[str]) -> str:
    return name + (gloss and f" | {gloss}") + "".join(f" = {other}" for other in alt)


def outline_of(text: str, flavor: str) -> tuple[Outline, list[Diagnostic]]:
    document, diagnostics = parsed(text, flavor)
    outline, more = read_outline(document)
    return outline, [*diagnostics, *more]


def as_members(given: str, flavor: str) -> Iterator[str]:
    """What the text of a family says: its approaches, the methods that they name, and the other bold words."""
    head = "# P\n\n## T\n\n### F\n\n"
    outline, diagnostics = outline_of(head + given, flavor)
    (family,) = outline.parts[0].children[0].children
    yield from shown_node(family, "")
    yield from told(diagnostics, head.count("\n"))


def shown_node(node: Node, indent: str) -> Iterator[str]:
    for member in node.members:
        series = member.series and f" ~ {member.series}"
        explicit = member.id and f" #{member.id}"
        yield f"{indent}{member.kind} {shown_names(member.name, '', member.alt)}{series}{explicit}"
    for mention in node.mentions:
        yield f"{indent}bold {mention.words}"
    for approach in node.approaches:
        yield f"{indent}approach {shown_label(approach.label, approach.id)}"
        yield from shown_node(approach, indent + "  ")


def as_tree(given: str, flavor: str) -> Iterator[str]:
    """The map of an outline; behind a line `=== methods.yml` stands its registry, behind `=== en` a translation."""
    pieces = re.split(r"^=== (\S+)\n", given, flags=re.MULTILINE)
    outline, diagnostics = outline_of(pieces[0], flavor)
    outlines, registry = [outline], Registry()
    for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if name == "methods.yml":
            registry, found = read_registry(SourceFile(name, text), ("zh", "en"))
        else:
            document, found = parse_document(SourceFile(f"{name}.md", text), flavor=flavor)
            translation, more = read_outline(document, lang=name, origin=outline.origin)
            outlines.append(translation)
            found = (*found, *more)
        diagnostics += found
    taxonomy, found = assemble(outlines, registry, {}, ("zh", "en"), reserved_ids=reserved_ids())
    tops = [concept for concept in taxonomy.concepts.values() if not concept.broader]
    for concept in tops:
        yield from shown_concept(taxonomy, concept, outline.lang, "")
    yield from told([*diagnostics, *found])


def shown_concept(taxonomy: Taxonomy, concept: Concept, lang: str, indent: str) -> Iterator[str]:
    name = concept.label.get(lang) or next(iter(concept.label.values()))
    other = next((label for code, label in concept.label.items() if code != lang and label != name), "")
    series = concept.series and f" ~ {concept.series}"
    yield f"{indent}{concept.kind} {shown_names(name, other, concept.alt)}{series} [{concept.id}]"
    indent += "  "
    yield from (f"{indent}-> {link.label} {link.href}" for link in concept.links)
    yield from (f"{indent}+> {link.label} {link.href}" for link in concept.resources)
    if concept.kind in (Kind.PART, Kind.TYPE, Kind.FAMILY, Kind.APPROACH):
        for text in concept.texts.values():
            yield from (f"{indent}“{line}”" for line in text_lines(text.content))
    for child in concept.narrower:
        yield from shown_concept(taxonomy, taxonomy.concepts[child], lang, indent)


def as_map(given: str, flavor: str) -> Iterator[str]:
    """The map of an outline: names, years, papers, code and what entries say, and no other text."""
    outline, diagnostics = outline_of(given, flavor)
    taxonomy, found = assemble([outline], Registry(), {}, ("zh", "en"), reserved_ids=reserved_ids())
    for concept in taxonomy.concepts.values():
        if not concept.broader:
            yield from mapped_concept(taxonomy, concept, outline.lang, "")
    yield from told([*diagnostics, *found])


def mapped_concept(taxonomy: Taxonomy, concept: Concept, lang: str, indent: str) -> Iterator[str]:
    name = concept.label.get(lang) or next(iter(concept.label.values()))
    other = next((label for code, label in concept.label.items() if code != lang and label != name), "")
    year = f" ({concept.year})" if concept.year else ""
    says = concept.summary.get(lang, "")
    yield f"{indent}{concept.kind} {shown_names(name, other, concept.alt)}{year}{says and f': {says}'}"
    indent += "  "
    if concept.paper:
        yield f"{indent}paper: {concept.paper.title} <{concept.paper.url}>"
    if concept.code:
        yield f"{indent}code: <{concept.code}>"
    for child in concept.narrower:
        yield from mapped_concept(taxonomy, taxonomy.concepts[child], lang, indent)


def text_lines(content: Sequence[Block | str]) -> Iterator[str]:
    """The text of blocks, one line for each that has its own."""
    for piece in content:
        for block in piece.walk() if isinstance(piece, Block) else ():
            if block.inline.text:
                yield block.inline.text
            elif block.type == "math_block":
                yield block.tokens[0].content


def as_preface(given: str, flavor: str) -> Iterator[str]:
    """What stands before the first part."""
    outline, diagnostics = outline_of(given, flavor)
    document, _ = parsed(given, flavor)
    yield from html_of(document, outline.preface)
    yield from (f"part {part.label.text}" for part in outline.parts)
    yield from told(diagnostics)


def as_text(given: str, flavor: str) -> Iterator[str]:
    """The plain text of every block, with the places of its marks in the source."""
    document, diagnostics = parsed(given, flavor)
    for block in document.walk():
        if block.inline.text:
            yield f"{block.type} {block.inline.text}"
        for mark in block.inline.marks:
            line, column = document.source.position(mark.span.start)
            extra = {MarkKind.MATH: mark.tex, MarkKind.LINK: mark.href, MarkKind.IMAGE: mark.href}.get(
                mark.kind, ""
            )
            attributes = (mark.id and f" #{mark.id}") + "".join(f" .{name}" for name in mark.classes)
            raw = document.source.text[mark.span.start : mark.span.end]
            yield f"  {line}:{column} {mark.kind} {raw} {extra}{attributes}"
    yield from told(diagnostics)


FORMS: dict[str, Callable[[str, str], Iterator[str]]] = {
    "front": as_front,
    "html": as_html,
    "labels": as_labels,
    "map": as_map,
    "members": as_members,
    "preface": as_preface,
    "text": as_text,
    "tree": as_tree,
}


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.place)
def test_quirk(case: Case) -> None:
    assert case.result() == case.expected, f"{case.place}: {case.title}\nif the new result is right: {UPDATE}"


def test_every_rule_has_its_file() -> None:
    names = {file.stem.split("-")[0] for file in QUIRKS.glob("*.md")}
    assert names == {f"d{number:02}" for number in range(1, 19)}


def test_no_file_is_unused() -> None:
    """A golden file under another name would never be read."""
    assert [file.name for file in QUIRKS.iterdir() if not re.fullmatch(r"d\d\d-[a-z-]+\.md", file.name)] == []


def test_every_case_expects_something_of_its_own() -> None:
    seen: dict[tuple[str, str], str] = {}
    for case in all_cases():
        assert case.given.strip(), case.place
        first = seen.setdefault((case.file.name, case.given), case.place)
        assert first == case.place, f"{case.place} repeats {first}"


def update() -> None:
    for file in sorted(QUIRKS.glob("*.md")):
        lines = file.read_text("utf-8").split("\n")
        for case in reversed(list(cases_of(file))):
            start, end = case.expected_lines
            lines[start:end] = case.result().split("\n")[:-1]
        file.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit(f"usage: {UPDATE}")
    update()
