"""From tokens of the dialect to plain CommonMark: what any other program reads.

Beyond CommonMark there are tables, `$…$` and `$$…$$`, which have no other common form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from dlmap.markdown.escapes import escaped, escaped_lines, may_stand
from dlmap.markdown.htmlrules import BLOCK_TAGS

_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_TEX_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_FIRST_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?=[\s/>])")
_TICKS = re.compile(r"`+")
_IN_ADDRESS = re.compile(r"[\s()<>\\]")
_EMPHASIS = {"strong": "**", "em": "*"}
_HTML = {"strong": "strong", "em": "em", "s": "del"}
_SERIES = re.compile(r"(?<=[,，、/])")
_TIGHT = frozenset({"paragraph", "bullet_list", "ordered_list", "fence", "code_block"})
"""What may stand in an item without empty lines between."""
_BRACKETED = frozenset({"link_open", "strong_open"})
"""What may begin with a bracket: behind some characters it would mean something else."""
_ALIGNMENTS = {"left": ":--", "center": ":-:", "right": "--:"}


@dataclass(frozen=True, slots=True)
class Targets:
    """What only the place of a text tells: where it links to."""

    link: Callable[[Token], tuple[str, str]]
    """What is written around the text of a link, for the token that opens it."""
    image: Callable[[Token], str]
    """What stands for a picture."""
    bold: Callable[[Token], tuple[str, ...]] = lambda _: ()
    """The addresses of the concepts that a bold text names: several for a series written in one."""
    raw: Callable[[Token], str] = lambda token: token.content
    """A block of HTML."""


def link(text: str, address: str, title: str = "") -> str:
    """A link around text that is Markdown."""
    opening, closing = around_link(address, title)
    return f"{opening}{text}{closing}"


def around_link(address: str, title: str = "") -> tuple[str, str]:
    """What stands before and behind the text of a link."""
    safe = _IN_ADDRESS.sub(lambda match: "".join(f"%{byte:02X}" for byte in match.group().encode()), address)
    quoted = title.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    tip = f' "{quoted}"' if title else ""
    return "[", f"]({safe}{tip})"


def inline_formula(tex: str) -> str:
    """A formula in a line of text."""
    one_line = " ".join(_TEX_COMMENT.sub("", tex).split("\n")).strip() if "\n" in tex else tex
    if (len(one_line) - len(one_line.rstrip("\\"))) % 2:
        one_line += " {}"  # the backslash of a space would take the dollar sign with it
    fence = "$$" if re.search(r"(?<!\\)\$", one_line) else "$"
    return f"{fence}{one_line}{fence}"


class Writer:
    """Writes blocks and lines of text."""

    def __init__(self, targets: Targets, shift: int = 0) -> None:
        """Headings go down by `shift` levels."""
        self.targets = targets
        self.shift = shift

    def write(self, tokens: Sequence[Token]) -> str:
        """The blocks of a text, with empty lines between them."""
        return "\n\n".join(text for _, text in self.blocks(tokens))

    def blocks(self, tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
        """The kind and the text of each block; what shows nothing is left out."""
        previous, is_other = "", False
        for run in _runs(tokens):
            kind = run[0].type.removesuffix("_open")
            is_other = kind == previous and not is_other
            # A second list right behind one of its kind would go on with it, had it the same marks.
            text = self.items(run, other=is_other) if kind.endswith("_list") else self.block(kind, run)
            if text:
                yield kind, text
                previous = kind

    def block(self, kind: str, run: Sequence[Token]) -> str:  # noqa: PLR0911 - one for each kind
        first = run[0]
        match kind:
            case "paragraph":
                return escaped_lines(self.inline(run[1].children or ()))
            case "inline":
                return escaped_lines(self.inline(first.children or ()))
            case "heading":
                return self.heading(run)
            case "math_block":
                return f"$$\n{_BLANK_LINES.sub(chr(10), first.content.strip())}\n$$"
            case "fence" | "code_block":
                return _fenced(first.content, first.info)
            case "blockquote":
                return "\n".join(f"> {line}".rstrip() for line in self.write(run[1:-1]).split("\n"))
            case "table":
                return self.table(run)
            case "hr":
                return "___"
        if run[0].nesting == 1:
            return self.write(run[1:-1])
        return _html(self.targets.raw(first))

    def heading(self, run: Sequence[Token]) -> str:
        level = min(6, int(run[0].tag[1]) + self.shift)
        text = " ".join(self.inline(run[1].children or (), line_break="<br>").split())
        return f"{'#' * level} {text[:-1]}\\#" if text.endswith("#") else f"{'#' * level} {text}"

    def items(self, run: Sequence[Token], *, other: bool) -> str:
        """A list; with the `other` marks where it stands right behind one of its kind."""
        is_ordered = run[0].type == "ordered_list_open"
        number = int(run[0].attrs.get("start", 1))
        made: list[str] = []
        is_loose = False
        for count, item in enumerate(_runs(run[1:-1])):
            blocks = list(self.blocks(item[1:-1]))
            if not blocks and not is_ordered:
                continue
            marker = f"{number + count}{')' if other else '.'}" if is_ordered else "*" if other else "-"
            is_tight = all(kind in _TIGHT for kind, _ in blocks) and not any(
                token.type == "paragraph_open" and not token.hidden and token.level == item[0].level + 1
                for token in item
            )
            is_loose |= not is_tight
            text = ("\n" if is_tight else "\n\n").join(text for _, text in blocks)
            made.append(_indented(f"{marker} {text}", len(marker) + 1))
        return ("\n\n" if is_loose else "\n").join(made)

    def table(self, run: Sequence[Token]) -> str:
        rows: list[list[str]] = []
        marks: list[str] = []
        for index, token in enumerate(run):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                text = self.inline(run[index + 1].children or (), line_break="<br>", is_cell=True)
                rows[-1].append(text.replace("\n", " ").strip())
                if token.type == "th_open":
                    marks.append(_ALIGNMENTS.get(str(token.attrs.get("style", "")).rpartition(":")[2], "---"))
        if rows and not marks:  # a table without a header row: Markdown has none, so it gets an empty one
            width = max(map(len, rows))
            rows.insert(0, [""] * width)
            marks = ["---"] * width
        lines = [rows[0], marks, *rows[1:]] if rows else []
        return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

    def inline(self, tokens: Sequence[Token], *, line_break: str = "\\\n", is_cell: bool = False) -> str:
        """A run of text.  In the cell of a table every bar is escaped, as tables are cut before anything is read."""
        made = _Line(self.targets, line_break).write(tokens)
        return made.replace("|", "\\|") if is_cell else made


class _Line:
    def __init__(self, targets: Targets, line_break: str) -> None:
        self.targets = targets
        self.line_break = line_break
        self.parts: list[str] = []
        self.open: list[tuple[str, int, str]] = []
        """Of emphasis and links that wait for their end: the kind, the part that opens it, what closes it."""
        self.pairs: list[tuple[str, int, int]] = []
        self.series: tuple[str, ...] = ()
        self.in_link = 0

    def write(self, tokens: Sequence[Token]) -> str:
        pending = ""
        for index, token in enumerate(tokens):
            if token.type == "text":
                # Where a tag was dropped, two texts stand side by side and are one.
                pending += token.content
                following = tokens[index + 1].type if index + 1 < len(tokens) else ""
                if following != "text":
                    self.parts.append(self.text(pending, following))
                    pending = ""
            elif token.nesting == 0 or token.type == "html_inline":
                self.parts.append(self.leaf(token))
            elif token.nesting > 0:
                self.opened(token.type.removesuffix("_open"), token)
            else:
                self.closed()
        for kind, start, end in self.pairs:
            self.emphasise(kind, start, end)
        while self.parts and self.parts[-1] in ("", "\n", self.line_break):
            self.parts.pop()  # a backslash in front of nothing would be a backslash
        return "".join(self.parts)

    def leaf(self, token: Token) -> str:
        match token.type:
            case "math_inline":
                return inline_formula(token.content)
            case "softbreak":
                return "\n" if self.line_break != "<br>" else " "
            case "hardbreak":
                return self.line_break
            case "code_inline":
                return _code_span(token.content)
            case "image":
                return self.targets.image(token)
        return token.content

    def text(self, content: str, following: str) -> str:
        addresses, self.series = self.series, ()
        if addresses:
            words = _SERIES.split(content)
            if len(words) != len(addresses):
                return link(f"**{escaped(content, in_link=True)}**", addresses[0])
            named = zip(words, addresses, strict=True)
            return "".join(link(f"**{escaped(word, in_link=True)}**", address) for word, address in named)
        made = escaped(content, in_link=self.in_link > 0)
        if made[-1:] in ("!", "]") and following in _BRACKETED and not made.endswith("\\]"):
            return f"{made[:-1]}\\{made[-1]}"
        return made

    def opened(self, kind: str, token: Token) -> None:
        closing = ""
        if kind == "link":
            opening, closing = self.targets.link(token)
            self.parts.append(opening)
        elif kind == "strong" and not self.in_link and (addresses := self.targets.bold(token)):
            if len(addresses) > 1:
                self.series, kind = addresses, "series"
            else:
                # Stars inside the brackets: beside Chinese text they would not be read outside.
                opening, closing = around_link(addresses[0])
                self.parts.append(opening)
        self.in_link += bool(closing)
        self.open.append((kind, len(self.parts), closing))
        if kind in _HTML:
            self.parts.append("")

    def closed(self) -> None:
        kind, start, closing = self.open.pop()
        self.in_link -= bool(closing)
        if kind in _HTML:
            self.pairs.append((kind, start, len(self.parts)))
            self.parts.append("")
        if closing:
            self.parts.append(closing)

    def emphasise(self, kind: str, start: int, end: int) -> None:
        """Put stars around the parts between two places, or tags where stars would not be read."""
        before = next((part[-1] for part in reversed(self.parts[:start]) if part), "")
        after = next((part[0] for part in self.parts[end + 1 :] if part), "")
        inner = "".join(self.parts[start + 1 : end])
        if not inner:
            return
        mark = _EMPHASIS.get(kind, "")
        if mark and may_stand(before, inner, after):
            self.parts[start] = self.parts[end] = mark
        else:
            self.parts[start], self.parts[end] = f"<{_HTML[kind]}>", f"</{_HTML[kind]}>"


def _runs(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Each block with all that stands in it."""
    depth = start = 0
    for index, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tokens[start : index + 1]
            start = index + 1


def _indented(text: str, width: int) -> str:
    """All lines but the first indented, save empty ones."""
    return re.sub(r"\n(?=[^\n])", "\n" + " " * width, text)


def _html(fragment: str) -> str:
    """A block of HTML: it begins with the tag of a block, and ends with the first empty line."""
    text = _BLANK_LINES.sub("\n", fragment.strip())
    first = _FIRST_TAG.match(text)
    is_whole = text.startswith("<pre") and text.find("</pre>") == len(text) - len("</pre>")
    if not text or is_whole or (first and first.group(1).lower() in BLOCK_TAGS - {"pre"}):
        return text
    return f"<div>\n{text}\n</div>"


def _ticks(content: str, least: int) -> str:
    """A run of backticks that the content does not hold."""
    return "`" * max(least, 1 + max(map(len, _TICKS.findall(content)), default=0))


def _fenced(content: str, info: str) -> str:
    fence = _ticks(content, 3)
    return f"{fence}{info.strip().replace('`', '')}\n{content.removesuffix(chr(10))}\n{fence}"


def _code_span(content: str) -> str:
    line = content.replace("\n", " ")
    ticks = _ticks(line, 1)
    pad = " " if line.strip(" ") and (line[0] in "` " or line[-1] in "` ") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"
