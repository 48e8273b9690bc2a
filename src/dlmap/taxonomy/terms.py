"""Terms with their English gloss, harvested from the text: `词嵌入(word embedding)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dlmap.markdown.cjk import has_han, is_han
from dlmap.markdown.inline import InlineText, MarkKind

_GLOSS = re.compile(r"[(（]\s*(?P<gloss>[A-Za-z][A-Za-z0-9 '’/,+\-]*[A-Za-z0-9+])\s*[)）]")
# What may not be inside a term that no bold span delimits: the words that join terms into sentences.
_JOINING = re.compile(r".*(?:的|是|在|将|把|为|与|和|或|及|对|由|用|即|使|从|有|如|了|种|个|称|作|叫)")
_MAX_PLAIN_TERM = 12


def extract_terms(inline: InlineText) -> Iterator[tuple[str, str]]:
    """The pairs of a text: the Chinese term and its English gloss.

    In `**隐变量(latent variable)**` the bold span tells where the term begins; in plain text it is the run of
    Chinese before the parenthesis, as far back as the last word that joins terms.
    """
    bold = inline.of(MarkKind.BOLD)
    for match in _GLOSS.finditer(inline.text):
        gloss = re.split(r"\s*,\s*", match["gloss"])[0].strip()
        if gloss.isupper() or len(gloss) < 3:
            continue
        at = match.start()
        start = next((m.start for m in bold if m.start < at and at in (m.end, *range(m.start, m.end))), -1)
        if start < 0:
            start = _term_start(inline.masked, at)
        term = inline.text[start:at].strip(" ：:（(“”")
        if has_han(term) and len(term) <= 2 * _MAX_PLAIN_TERM and not re.search(r"[，。；、,;]", term):
            yield term, gloss


def _term_start(text: str, end: int) -> int:
    start = end
    while start > 0 and end - start < _MAX_PLAIN_TERM and is_han(text[start - 1]):
        start -= 1
    joining = _JOINING.match(text, start, max(start, end - 2))
    return joining.end() if joining else start
