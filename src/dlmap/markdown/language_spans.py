"""Text as HTML, with the runs of the other script tagged with their language."""

from __future__ import annotations

import html
import re

# A run of Latin worth telling a screen reader about: at least one word of two letters.
_LATIN_RUN = re.compile(r"[A-Za-zÀ-ɏͰ-Ͽ][A-Za-z0-9À-ɏͰ-Ͽ]*(?:[ \-–’'./+&]+[A-Za-z0-9À-ɏͰ-Ͽ]+)*")
_HAN_RUN = re.compile(r"[㐀-鿿豈-﫿《》「」『』]+(?:[、，：；。？！·（）]*[㐀-鿿豈-﫿《》「」『』）]+)*")
_LETTERS = re.compile(r"[A-Za-zÀ-ɏ]{2}")


def tag_runs(text: str, lang: str) -> str:
    """Escaped text with the runs of the other script tagged with their language."""
    pattern, other = (_LATIN_RUN, "en") if lang == "zh" else (_HAN_RUN, "zh")
    pieces: list[str] = []
    at = 0
    for match in pattern.finditer(text):
        if other == "en" and not _LETTERS.search(match.group()):
            continue
        pieces.append(html.escape(text[at : match.start()], quote=False))
        pieces.append(f'<span lang="{other}">{html.escape(match.group(), quote=False)}</span>')
        at = match.end()
    pieces.append(html.escape(text[at:], quote=False))
    return "".join(pieces)
