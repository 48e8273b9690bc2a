"""What to write instead of a formula that KaTeX cannot render: an advice for each common kind of mistake."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from functools import cache
from typing import Any

_OTHER = "correct the TeX; https://katex.org/docs/supported lists what KaTeX reads"
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_INSTEAD = {
    "cellcolor": "KaTeX has no coloured cells: colour the text, `\\textcolor{red}{x}`",
    "multicolumn": "KaTeX has no `\\multicolumn`: repeat the cell, or write a Markdown table",
    "multirow": "KaTeX has no `\\multirow`: leave the cells below empty, or write a Markdown table",
    "hspace": "write the length in braces: `\\hspace{1em}`",
    "includegraphics": "show the picture with Markdown: `![text](picture.png)`",
    "cite": "write the reference as text or as a link, outside the formula",
    "footnote": "write the footnote in Markdown, outside the formula: `[^1]`",
    "url": "write the link in Markdown, outside the formula",
    "textcircled": "write the character itself: `\\text{①}`",
    "SI": "write number and unit: `9.8\\,\\mathrm{m/s^2}`",
    "bigstar": "write `\\star`",
    "begin": "close the environment with the `\\end{…}` of the same name",
}


def formula_help(message: str, tex: str) -> str:
    """What the author of a formula should write, told by the engine's message."""
    for pattern, advice in _ADVICE:
        if match := pattern.search(message):
            return advice(match, tex) if callable(advice) else advice
    return _OTHER


def _undefined(match: re.Match[str], tex: str) -> str:
    name = match[1]
    if not name.isascii():
        return f"`\\{name}` is not a command: write `\\backslash` for the sign, or `\\text{{…}}` around words"
    if name in _INSTEAD:
        return _INSTEAD[name]
    near = difflib.get_close_matches(name, _commands(), 1, cutoff=0.72)
    if near:
        return f"did you mean `\\{near[0]}`?  Or define it: `\\newcommand{{\\{name}}}{{…}}`"
    return f"write `\\operatorname{{{name}}}` for a name, or define it on this page: `\\newcommand{{\\{name}}}{{…}}`"


def _environment(match: re.Match[str], tex: str) -> str:
    return (
        f"KaTeX has no environment `{match[1]}`: use `aligned`, `gathered`, `array`, `cases` or a matrix, "
        "or show a drawing as a picture"
    )


def _unbalanced(match: re.Match[str], tex: str) -> str:
    opened, closed = len(re.findall(r"(?<!\\)\{", tex)), len(re.findall(r"(?<!\\)\}", tex))
    if opened > closed:
        return f"{opened - closed} brace{'s are' if opened - closed > 1 else ' is'} not closed: add `}}`"
    if closed > opened:
        return f"{closed - opened} `}}` too many: remove it, or write `\\}}` for the sign"
    if tex.count(r"\left") != tex.count(r"\right"):
        return r"every `\left` needs a `\right`; write `\right.` for one that is not shown"
    return "something is missing here: a brace, an argument or the `\\end` of an environment"


@cache
def _commands() -> tuple[str, ...]:
    """The names of the commands of TeX."""
    from pylatexenc.latexwalker import get_default_latex_context_db  # noqa: PLC0415 - only for a broken formula

    database: Any = get_default_latex_context_db()
    return tuple(sorted({spec.macroname for spec in database.iter_macro_specs() if spec.macroname.isalpha()}))


_ADVICE: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str], str], str]], ...] = (
    (re.compile(r"Undefined control sequence: \\(\w+)"), _undefined),
    (re.compile(r"No such environment: (\S+)"), _environment),
    (
        re.compile(r"Double superscript"),
        "put the first part in braces: `{x^a}^b`, or write one exponent: `x^{a b}`",
    ),
    (
        re.compile(r"Double subscript"),
        "put the first part in braces: `{x_a}_b`, or write one index: `x_{a b}`",
    ),
    (
        re.compile(r"'[_^]'.*text mode|in text mode"),
        "write `\\_` or `\\^{}` inside `\\text{…}`, or end the text first",
    ),
    (
        re.compile(r"^'?&'? (?:is )?not expected|^& is not expected"),
        "`&` aligns columns: put the lines in `\\begin{aligned}…\\end{aligned}`, or write `\\&`",
    ),
    (re.compile(r"^'#'|'#' is not expected"), "write `\\#` for the sign"),
    (re.compile(r"Multiple \\tag"), "give each formula one `\\tag`; rows of `align` may have one each"),
    (
        re.compile(r"Can't use function '\$'|'\$'"),
        "close the first formula with `$`, or write `\\$` for the sign",
    ),
    (
        re.compile(r"as (?:argument|subscript|superscript)|with no arguments"),
        "put what belongs together in braces: `x^{\\frac{a}{b}}`",
    ),
    (
        re.compile(r"Invalid delimiter"),
        "write a bracket behind `\\left` and `\\right`, or a dot for none: `\\left.`",
    ),
    (re.compile(r"Invalid color"), "write a name of CSS (`red`) or `#c00`"),
    (re.compile(r"Invalid size|Invalid unit"), "write a number and a unit: `1em`, `3mu`, `2pt`"),
    (re.compile(r"macro expansions|expanded too often"), "define the macro without itself in it"),
    (re.compile(r"characters long"), "split the formula"),
    (re.compile(r"not allowed"), "leave the command out: it would let a formula load or link something"),
    (re.compile(r"Expected '|expected '|ends here|is not expected here|Unexpected end"), _unbalanced),
)
