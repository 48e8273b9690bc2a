"""Code blocks in colour: Pygments at build time, by classes, and never a reason to fail."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexer import Lexer

_LANGUAGE = re.compile(r"[\w+#.-]+")
_SPACE = re.compile(r'<span class="w">([^<]*)</span>')
_PLAIN = frozenset({"", "text", "plain", "plaintext", "txt", "none", "no-highlight"})
MAX_CHARS = 50_000
"""Longer code is data rather than something to read, and colours take time."""


def code_block(code: str, info: str) -> str:
    """The HTML of a code block; `info` is what stands behind the opening fence."""
    match = _LANGUAGE.match(info.strip().removeprefix("{").lstrip(".:"))
    language = match.group().lower() if match else ""
    coloured = _coloured(code, language)
    mark = f' class="language-{html.escape(language)}"' if language else ""
    body = html.escape(code, quote=False) if coloured is None else coloured
    return f'<div class="scroll code" tabindex="0"><pre><code{mark}>{body}</code></pre></div>\n'


def _coloured(code: str, language: str) -> str | None:
    """The code with its words in spans; None where nothing is known of the language."""
    if language in _PLAIN or len(code) > MAX_CHARS:
        return None
    lexer = _lexer(language)
    if lexer is None:
        return None
    from pygments import highlight  # noqa: PLC0415 - a site without code does without Pygments

    try:
        # A space looks the same in any colour.
        return _SPACE.sub(r"\1", highlight(code, lexer, _formatter()))
    except Exception:  # noqa: BLE001 - a lexer may stumble over anything; plain code is a fair answer
        return None


@lru_cache(maxsize=1)
def _formatter() -> HtmlFormatter[str]:
    from pygments.formatters.html import HtmlFormatter  # noqa: PLC0415 - as above

    return HtmlFormatter(nowrap=True)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - as above
    from pygments.util import ClassNotFound  # noqa: PLC0415 - as above

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
