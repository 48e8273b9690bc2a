"""The footnotes of an article: numbers in the order of their use, links both ways, the notes at the end."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from dlmap.articles.anchors import Anchors

_NO_ID = re.compile(r"[^\w-]+")
_UNDEFINED = re.compile(r"\[\^([^\]\s]{1,60})\]")


def article_footnotes(state: StateCore) -> None:
    """Move the notes that the text refers to behind it.  Other notes stay where they are, and are reported."""
    references = {key[1:]: number for key, number in state.env.get("footnotes", {}).get("refs", {}).items()}
    if references:
        used = {label for label, number in references.items() if number >= 0}
        body, notes = _apart(state.tokens, used)
        state.tokens[:] = _Notes(notes).settle(body)
    _report_undefined(state.tokens)


def _apart(tokens: Sequence[Token], used: set[str]) -> tuple[list[Token], dict[str, list[Token]]]:
    body: list[Token] = []
    notes: dict[str, list[Token]] = {}
    target, unused = body, ""
    for token in tokens:
        if token.type == "footnote_reference_open":
            label = token.meta["label"]
            # Of two notes of one label, CommonMark keeps the first; here none is lost.
            target, unused = (notes.setdefault(label, []), "") if label in used else (body, label)
        elif token.type == "footnote_reference_close":
            target, unused = body, ""
        else:
            target.append(token)
            if unused and token.type == "inline":
                _mark_unused(token, unused)
                unused = ""
    return body, notes


def _mark_unused(inline: Token, label: str) -> None:
    at = inline.children[0].meta["at"][0] if inline.children else 0
    mark = Token("html_inline", "", 0, content=f"<sup>{html.escape(label)}</sup>", meta={"at": (at, at)})
    mark.meta["problems"] = (
        "DL342",
        f"nothing refers to the footnote `[^{label[:40]}]`",
        f"write `[^{label[:40]}]` where it belongs, or remove it",
    )
    inline.children = [mark, *(inline.children or [])]


class _Notes:
    def __init__(self, notes: dict[str, list[Token]]) -> None:
        self.notes = notes
        self.numbers: dict[str, int] = {}
        self.counts: Counter[str] = Counter()
        self.anchors = Anchors()
        self.ids: dict[str, str] = {}
        """What labels are in addresses: two that differ in punctuation alone have two."""

    def settle(self, body: list[Token]) -> list[Token]:
        self.number(body)
        items: list[tuple[str, list[Token]]] = []
        while len(items) < len(self.numbers):  # notes may refer to others
            label = [*self.numbers][len(items)]
            items.append((label, self.notes.get(label, [])))
            self.number(items[-1][1])
        return [*body, *self.list_of(items)] if items else body

    def number(self, tokens: Sequence[Token]) -> None:
        """Turn the references in some tokens into numbers that link to their notes."""
        for token in tokens:
            for child in token.children or ():
                if child.type != "footnote_ref":
                    continue
                label = child.meta["label"]
                number = self.numbers.setdefault(label, len(self.numbers) + 1)
                self.counts[label] += 1
                if label not in self.ids:
                    self.ids[label] = self.anchors.unique(_NO_ID.sub("-", label).strip("-") or "note")
                child.type = "html_inline"
                child.content = (
                    f'<sup><a href="#fn-{self.ids[label]}" id="{self.back(label, self.counts[label])}" '
                    f'role="doc-noteref">{number}</a></sup>'
                )

    def list_of(self, items: Sequence[tuple[str, list[Token]]]) -> Iterator[Token]:
        yield Token("ordered_list_open", "ol", 1, attrs={"class": "footnotes"}, block=True)
        for label, tokens in items:
            yield Token("list_item_open", "li", 1, attrs={"id": f"fn-{self.ids[label]}"}, level=1, block=True)
            for token in tokens:
                token.level += 2
            last = next((token for token in reversed(tokens) if token.type == "inline"), None)
            if last is not None:
                last.children = [*(last.children or []), *self.links_back(label, last)]
            yield from tokens
            yield Token("list_item_close", "li", -1, level=1, block=True)
        yield Token("ordered_list_close", "ol", -1, block=True)

    def links_back(self, label: str, inline: Token) -> Iterator[Token]:
        end = inline.children[-1].meta["at"][1] if inline.children else 0
        for count in range(1, self.counts[label] + 1):
            again = f"<sup>{count}</sup>" if count > 1 else ""
            link = f' <a href="#{self.back(label, count)}" role="doc-backlink">↩{again}</a>'
            yield Token("html_inline", "", 0, content=link, meta={"at": (end, end)})

    def back(self, label: str, count: int) -> str:
        """The id of a reference: its dots keep it apart from the anchors of headings, which have none."""
        return f"fnref.{self.ids[label]}" + (f".{count}" if count > 1 else "")


def note_ids(tokens: Iterable[Token]) -> Iterator[str]:
    """The ids of the notes that an article ends with."""
    return (
        str(token.attrs["id"]) for token in tokens if token.type == "list_item_open" and "id" in token.attrs
    )


def _report_undefined(tokens: Sequence[Token]) -> None:
    for token in tokens:
        for child in token.children or ():
            if child.type == "text" and (match := _UNDEFINED.search(child.content)):
                child.meta["problems"] = (
                    "DL343",
                    f"the footnote `{match.group()}` is not defined",
                    f"write the note on a line of its own: `{match.group()}: …`",
                )
