"""Tables that an author wrote in HTML: their rows, with the text, the bold words and the links of each cell."""

from __future__ import annotations

from html.parser import HTMLParser

from dlmap.markdown import Block, InlineText, Mark, MarkKind
from dlmap.text import Span

_MARKS = {"b": MarkKind.BOLD, "strong": MarkKind.BOLD, "i": MarkKind.ITALIC, "em": MarkKind.ITALIC}
_MARKS |= {"code": MarkKind.CODE, "a": MarkKind.LINK}


def html_rows(block: Block) -> list[list[Block]]:
    """The rows of the tables in a block of HTML, each a list of its cells; all have the place of the block."""
    content = block.tokens[0].content
    if "<tr" not in content:
        return []
    reader = _Reader(block.span)
    reader.feed(content)
    reader.close()
    reader.end_cell()
    return [row for row in reader.rows if row]


class _Reader(HTMLParser):
    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span
        self.rows: list[list[Block]] = []
        self.text: str | None = None
        """What the open cell says so far; None outside cells."""
        self.marks: list[Mark] = []
        self.open: list[tuple[str, int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.end_cell()
            self.rows.append([])
        elif tag in ("td", "th"):
            self.end_cell()
            self.text = ""
        elif tag == "br":
            self.handle_data(" ")
        elif tag in _MARKS and self.text is not None:
            self.open.append((tag, len(self.text), dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.end_cell()
        elif self.text is not None and self.open and self.open[-1][0] == tag:
            _, start, href = self.open.pop()
            if start < len(self.text):
                self.marks.append(Mark(_MARKS[tag], start, len(self.text), self.span, href))

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            words = " ".join(data.split())
            before = " " if data[:1].isspace() and self.text and not self.text.endswith(" ") else ""
            behind = " " if words and data[-1:].isspace() else ""
            self.text += f"{before}{words}{behind}"

    def end_cell(self) -> None:
        if self.text is not None and self.rows:
            marks = tuple(sorted(self.marks, key=lambda mark: mark.start))
            inline = InlineText(self.text, marks, self.span, self.text)
            self.rows[-1].append(Block("inline", (), self.span, inline=inline))
        self.text, self.marks, self.open = None, [], []
