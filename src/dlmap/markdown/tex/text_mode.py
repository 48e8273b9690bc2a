r"""The contents of `\text{…}`: MathJax shows them as they are written, KaTeX reads commands in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

TEXT_COMMANDS = {
    r"\text": r"\text",
    r"\mbox": r"\text",
    r"\hbox": r"\text",
    r"\textrm": r"\textrm",
    r"\textnormal": r"\textnormal",
    r"\textbf": r"\textbf",
    r"\textit": r"\textit",
    r"\textsf": r"\textsf",
    r"\texttt": r"\texttt",
    r"\textup": r"\textup",
    r"\textsc": r"\text",
    r"\textsl": r"\textit",
    r"\textmd": r"\textmd",
    r"\fbox": r"\fbox",
}
"""Commands with text as their argument, and what KaTeX calls each."""

_LITERAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "_": r"\_",
    "#": r"\#",
    "&": r"\&",
    "%": r"\%",
    "{": r"\{",
    "}": r"\}",
}
_ESCAPED = {r"\{": r"\{", r"\}": r"\}", r"\$": r"\$", r"\_": r"\_", r"\%": r"\%", r"\&": r"\&", r"\#": r"\#"}
_READ_BY_KATEX = re.compile(
    r"\\[,:; !]|\\(?:quad|qquad|ldots|dots|textbackslash|textasciitilde|textbf|textit|textrm|texttt|textsf|text|mathrm|rm|bf|it|color|textcolor|small|large|tiny)(?![A-Za-z])"
)


def literal_text(tokens: Sequence[str], formula: Callable[[Sequence[str]], str], *, mathjax: bool) -> str:
    r"""Tokens of a text as KaTeX shows them as they are; `formula` translates what stands between `$` or `\(` and `\)`.

    Without `mathjax`, what KaTeX itself understands in a text stays a command.
    """
    pieces: list[str] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        closing = {"$": "$", r"\(": r"\)"}.get(token)
        if closing and closing in tokens[index:]:
            end = tokens.index(closing, index)
            pieces.append(f"${formula(tokens[index:end])}$")
            index = end + 1
        elif token in _ESCAPED:
            pieces.append(_ESCAPED[token])
        elif token == "\\\\":
            pieces.append(_LITERAL["\\"])
        elif token == "$":
            pieces.append(r"\$")
        elif token[0] == "\\" and len(token) > 1:
            pieces.append(token if not mathjax and _READ_BY_KATEX.fullmatch(token) else _shown(token))
        elif (token in "{}" and not mathjax) or (token == "~" and not mathjax):
            pieces.append(token)
        else:
            pieces.append(_LITERAL.get(token, token))
    return "".join(pieces)


def _shown(token: str) -> str:
    return _LITERAL["\\"] + "".join(_LITERAL.get(char, char) for char in token[1:])
