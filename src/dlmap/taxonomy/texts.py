"""The text of a section: its blocks, the sentence that defines it, and the hash that tells whether it has changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dlmap.markdown import Block, MarkKind
from dlmap.taxonomy.bullets import names_only
from dlmap.taxonomy.ids import Ids
from dlmap.taxonomy.model import Text
from dlmap.taxonomy.name_slots import SENTENCE_END
from dlmap.taxonomy.outline_model import Node, Outline
from dlmap.taxonomy.terms import extract_terms
from dlmap.text import Span

# A line break between two Chinese characters is no space.
_JOINED_BREAK = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*\n[ \t]*(?=[\u3000-\u9fff\uff00-\uffef])")


@dataclass(frozen=True, slots=True)
class SectionText:
    """What the text of one node says, whichever concept the node is."""

    definition: str
    digest: str
    terms: tuple[tuple[str, str, Span], ...]
    """Chinese terms with their English glosses, and the blocks that hold them."""
    references: tuple[tuple[str, Span], ...]
    """The ids that links `[x](#id)` lead to."""


def own_text(label: str, blocks: Sequence[Block], outline: Outline) -> SectionText:
    """Read the text of a node of that label."""
    inner = [inner for block in blocks for inner in block.walk() if inner.inline.text]
    return SectionText(
        definition_of(blocks),
        digest_of([label, *(outline.source.written(block.span) for block in blocks)]),
        tuple((zh, en, block.span) for block in inner for zh, en in extract_terms(block.inline))
        if outline.lang == "zh"
        else (),
        tuple(
            (mark.href[1:], mark.span)
            for block in inner
            for mark in block.inline.of(MarkKind.LINK)
            if len(mark.href) > 1 and mark.href.startswith("#")
        ),
    )


def text_of(node: Node, own: SectionText, outline: Outline, ids: Ids, before: Text | None) -> Text:
    """What an outline says of a node, joined to what it has said `before` of the same concept.

    An approach without an id is one that a translation has alone: an error, so its text is left out.
    """
    content: tuple[Block | str, ...] = tuple(
        ids.node_id(piece) if isinstance(piece, Node) else piece
        for piece in node.content
        if isinstance(piece, Block) or ids.has(piece)
    )
    if before:
        content = (*before.content, *content)
        own = own_text(node.label.text, [piece for piece in content if isinstance(piece, Block)], outline)
    return Text(
        outline.lang,
        outline.source.path,
        node.span,
        content,
        own.definition,
        outline.kramdown,
        own.digest,
        node.label.formulas,
        outline.source.place(node.span)[0],
    )


def definition_of(blocks: Iterable[Block]) -> str:
    """The first paragraph as plain text, without the sentence that only leads to a list."""
    for block in blocks:
        if block.type == "paragraph" and (text := " ".join(block.inline.text.split())):
            told = text
            if text.endswith((":", "：")):
                ends = [match.end() for match in SENTENCE_END.finditer(text)]
                told = text[: ends[-1]].strip() if ends else ""
            if told and not names_only(block.inline):
                return told
    return ""


def digest_of(texts: Iterable[str]) -> str:
    """A short hash of texts, the same however their lines are broken."""
    normal = "\n".join(" ".join(_JOINED_BREAK.sub("", text).split()) for text in texts)
    return hashlib.blake2b(normal.encode(), digest_size=6).hexdigest()
