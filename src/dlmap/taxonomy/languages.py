"""Which languages an outline speaks: the one it is written in, and the one it glosses its names in."""

from __future__ import annotations

import re

from dlmap.markdown import Document
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.labels import parse_label

_IN_PARENTHESES = re.compile(r"[(（][^()（）]*[)）]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_HAN_SHARE = 0.1
"""Chinese text has this many Han characters even between names and formulas; English text with a few terms has not."""
_GLOSSED_SHARE = 0.2
"""Of the headings with a name.  Outlines written for readers of both languages gloss a third of them or more; in an
outline in one language a stray term in parentheses is all there is."""


def language_of(document: Document) -> str:
    """The language of an outline: that of its front matter, or else the one its headings, or else its texts, are in."""
    if document.front_matter.lang:
        return document.front_matter.lang
    headings = [block.inline.text for block in document.blocks if block.type == "heading"]
    with_han = [heading for heading in headings if has_han(heading)]
    if with_han:
        glossed = sum(not has_han(_IN_PARENTHESES.sub("", heading)) for heading in with_han)
        return "en" if 2 * glossed > len(with_han) else "zh"
    text = "".join(block.inline.text for block in document.walk())
    return "zh" if len(_HAN.findall(text)) > _HAN_SHARE * len(text) else "en"


def glossed_language(document: Document) -> str:
    """The other language, if the outline names enough of its headings in it: `### 变分自编码器 (Variational autoencoder)`.

    Empty for an outline in one language alone.
    """
    labels = [parse_label(block.inline) for block in document.blocks if block.type == "heading"]
    named = [label for label in labels if label.text]
    glossed = [label for label in named if label.gloss and has_han(label.gloss) != has_han(label.text)]
    if not glossed or len(glossed) < _GLOSSED_SHARE * len(named):
        return ""
    return "en" if language_of(document) == "zh" else "zh"
