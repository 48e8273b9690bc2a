r"""Environments and matrices of MathJax as those that KaTeX has."""

from __future__ import annotations

from dlmap.markdown.tex.tokens import TokenStack
from dlmap.markdown.tex.translator import Translator

MATRICES = {
    r"\matrix": "matrix",
    r"\pmatrix": "pmatrix",
    r"\bmatrix": "bmatrix",
    r"\vmatrix": "vmatrix",
    r"\cases": "cases",
    r"\eqalign": "aligned",
    r"\eqalignno": "aligned",
    r"\leqalignno": "aligned",
    r"\displaylines": "gathered",
}
# Of each environment of a whole line: what it is on a line of its own, and inside a text or another formula.
ENVIRONMENTS = {
    "equation": ("equation*", ""),
    "align": ("align*", "aligned"),
    "gather": ("gather*", "gathered"),
    "multline": ("gather*", "gathered"),
    "flalign": ("align*", "aligned"),
    "alignat": ("alignat*", "alignedat"),
    "xalignat": ("alignat*", "alignedat"),
    "xxalignat": ("alignat*", "alignedat"),
    "eqnarray": ("darray", "darray"),
    "split": ("split", "aligned"),
    "displaymath": ("", ""),
    "math": ("", ""),
    "subequations": ("", ""),
}
_TAKES_NUMBER = frozenset({"alignat*", "alignedat"})


def matrix(translator: Translator, command: str, stack: TokenStack) -> str:
    if stack.peek() != "{":
        return command
    name = MATRICES[command]
    return f"\\begin{{{name}}}{translator.argument(stack)}\\end{{{name}}}"


def begin(translator: Translator, command: str, stack: TokenStack) -> str:
    name = "".join(stack.argument()).strip()
    plain = name.removesuffix("*")
    known = ENVIRONMENTS.get(plain)
    if known is None:
        return f"\\begin{{{name}}}"
    body = _environment_body(name, stack)
    if body is None:
        return f"\\begin{{{name}}}"
    count = ""
    inner = TokenStack(body)
    outermost = translator.display and translator.environments == 0 and translator.depth == 1
    new = known[0] if outermost else known[1]
    if plain in ("alignat", "xalignat", "xxalignat"):
        count = f"{{{''.join(inner.argument())}}}"
    translator.environments += 1
    in_ams, translator.in_ams = translator.in_ams, outermost and new.endswith("*")
    rewritten = translator.rewrite(_rest(inner))
    translator.in_ams = in_ams
    translator.environments -= 1
    if not new:
        return f"{{{rewritten}}}" if plain == "equation" else rewritten
    columns = "{rcl}" if new == "darray" else count if new in _TAKES_NUMBER else ""
    return f"\\begin{{{new}}}{columns}{rewritten}\\end{{{new}}}"


def _rest(stack: TokenStack) -> list[str]:
    tokens: list[str] = []
    while stack:
        tokens.append(stack.pop())
    return tokens


def _environment_body(name: str, stack: TokenStack) -> list[str] | None:
    r"""The tokens up to the `\end` of an environment that is open; without one, all that is left."""
    tokens: list[str] = []
    depth = 1
    while stack:
        token = stack.pop()
        if token in (r"\begin", r"\end"):
            other = stack.argument()
            if "".join(other).strip() == name:
                depth += 1 if token == r"\begin" else -1
                if depth == 0:
                    return tokens
            tokens += (token, "{", *other, "}")
        else:
            tokens.append(token)
    stack.push(tokens)
    return None
