"""Outlines made at random, with what was put into them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from dlmap.markdown import formulas_of, parse_document
from dlmap.taxonomy import Kind, Outline, Registry, Taxonomy, assemble, read_outline
from dlmap.text import SourceFile

FORMULAS = ["$q(z|x)$", "$$a_1*b_2$$", r"$\frac{a}{b}$", "$x$", r"$\{x\}$"]


SENTENCES = ["如{}。", "一种思路是改进(如{})。", "包括{}等。", "常见的方法有{}。", "{}"]


SEPARATORS = [", ", "，", "、", "; "]


@dataclass(frozen=True)
class Wanted:
    """A node as it was put into an outline."""

    kind: Kind
    label: str
    methods: tuple[str, ...] = ()
    text: str = ""
    children: tuple[Wanted, ...] = ()

    def walk(self) -> Iterator[Wanted]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Written:
    """The text of an outline, and what it should be read as."""

    text: str
    parts: tuple[Wanted, ...]
    formulas: int


class Writer:
    """Writes nodes with names that stand nowhere else."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.count = 0
        self.formulas = 0
        self.lines: list[str] = []

    def number(self) -> int:
        self.count += 1
        return self.count

    def prose(self) -> str:
        """A paragraph with a word of its own."""
        word = f"文字第{self.number()}段"
        formula = ""
        if self.draw(st.booleans()):
            formula = self.draw(st.sampled_from(FORMULAS))
            self.formulas += 1
        return f"{word}{formula}的话"

    def label(self) -> tuple[str, str]:
        """A label as it is written, and as it is read."""
        name = f"标签{self.number()}号"
        form = self.draw(st.sampled_from(["{}", "{} (Gloss {})", "{}(Gloss Of {})", "{}（Gloss {}）"]))
        return form.format(name, f"Word{self.count}"), name

    def methods(self, *, after_label: bool) -> tuple[str, tuple[str, ...]]:
        names = tuple(f"Net{self.number()}X" for _ in range(self.draw(st.integers(0, 4))))
        if not names:
            return "", ()
        separator = self.draw(st.sampled_from(SEPARATORS))
        sentences = SENTENCES if after_label else SENTENCES[:-1]
        sentence = self.draw(st.sampled_from(sentences))
        return sentence.format(separator.join(f"**{name}**" for name in names)), names

    def outline(self) -> tuple[Wanted, ...]:
        return tuple(self.section(1) for _ in range(self.draw(st.integers(1, 2))))

    def section(self, level: int, *, in_approach: bool = False) -> Wanted:
        kind = {1: Kind.PART, 2: Kind.TYPE}.get(level, Kind.FAMILY)
        marked = ""
        if level > 3:
            is_family = not in_approach and self.draw(st.booleans())
            kind, marked = (Kind.FAMILY, " {.family}") if is_family else (Kind.APPROACH, "")
        written, name = self.label()
        number = self.draw(st.sampled_from(["", "1. ", "(1) ", "⚪ "]))
        self.lines.append(f"{'#' * level} {number}{written}{marked}")
        if self.draw(st.booleans()):
            self.lines.append("")
        text, (sentence, methods) = self.prose(), self.methods(after_label=False)
        self.lines += [f"{text}。{sentence}", ""]
        children: list[Wanted] = []
        if kind is not Kind.PART:
            children += self.approaches(0, self.draw(st.integers(0, 3)))
        if level < self.draw(st.integers(2, 5)):
            below = range(self.draw(st.integers(0, 2)))
            children += (self.section(level + 1, in_approach=kind is Kind.APPROACH) for _ in below)
        children.sort(key=lambda child: child.kind is not Kind.APPROACH)
        return Wanted(kind, name, methods, text, tuple(children))

    def approaches(self, depth: int, count: int) -> Iterator[Wanted]:
        for _ in range(count):
            written, name = self.label()
            label = self.draw(st.sampled_from(["{}：", "{}: ", "**{}**：", "**{}：** "])).format(written)
            text, (sentence, methods) = self.prose(), self.methods(after_label=True)
            order = (
                f"{text}。{sentence}" if sentence != "" and "如" in sentence else f"{sentence or text + '。'}"
            )
            told = text if text in order else ""
            self.lines.append(f"{'  ' * depth}- {label}{order}")
            below: list[Wanted] = []
            if depth < 3 and self.draw(st.integers(0, 3)) == 0:
                below = list(self.approaches(depth + 1, self.draw(st.integers(1, 2))))
            if not told:
                self.formulas -= "$" in text
            yield Wanted(Kind.APPROACH, name, methods, told, tuple(below))
        if depth == 0 and count:
            self.lines.append("")


@st.composite
def outlines(draw: st.DrawFn) -> Written:
    writer = Writer(draw)
    parts = writer.outline()
    return Written("\n".join(writer.lines) + "\n", parts, writer.formulas)


def read(text: str) -> tuple[Outline, int]:
    document, _ = parse_document(SourceFile("post.md", text), flavor="kramdown")
    outline, _ = read_outline(document)
    return outline, sum(1 for _ in formulas_of(document))


def assembled(text: str) -> Taxonomy:
    taxonomy, _ = assemble((read(text)[0],), Registry(), {}, ("zh", "en"))
    return taxonomy


names = st.sampled_from(["甲", "乙", "丙", "Alpha", "Beta (甲)"])
