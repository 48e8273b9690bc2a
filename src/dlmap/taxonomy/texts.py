"""The text of a section: its blocks, the sentence that defines it, and the hash that tells whether it has changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from dlmap.markdown import Block
from dlmap.taxonomy.identify import Ids
from dlmap.taxonomy.model import Text
from dlmap.taxonomy.node import Node, Outline

# A line break between two Chinese characters is no space.
_JOINED_BREAK = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*\n[ \t]*(?=[\u3000-\u9fff\uff00-\uffef])")


def text_of(node: Node, outline: Outline, ids: Ids, before: Text | None) -> Text:
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
    blocks = [piece for piece in content if isinstance(piece, Block)]
    return Text(
        outline.lang,
        outline.source,
        node.span,
        content,
        definition_of(blocks),
        outline.kramdown,
        digest_of([node.label.text, *(outline.source.written(b.span) for b in blocks)]),
        node.label.formulas,
    )


def definition_of(blocks: Iterable[Block]) -> str:
    """The first paragraph as plain text."""
    for block in blocks:
        if block.type == "paragraph" and block.inline.text.strip():
            return re.sub(r"\s+", " ", block.inline.text).strip()
    return ""


def digest_of(texts: Iterable[str]) -> str:
    """A short hash of texts, the same however their lines are broken."""
    normal = "\n".join(re.sub(r"\s+", " ", _JOINED_BREAK.sub("", text)).strip() for text in texts)
    return hashlib.blake2b(normal.encode(), digest_size=6).hexdigest()
