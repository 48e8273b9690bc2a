r"""What becomes of the commands and environments that MathJax has, and KaTeX has not or reads otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dlmap.markdown.tex.environments import ENVIRONMENTS, MATRICES, begin, matrix
from dlmap.markdown.tex.macros import DEFINITIONS
from dlmap.markdown.tex.renames import RENAMED
from dlmap.markdown.tex.text_mode import TEXT_COMMANDS, literal_text
from dlmap.markdown.tex.tokens import TokenStack
from dlmap.markdown.tex.translator import FULL_WIDTH_SIGN, Handler, Translator

_SWITCHES = {r"\scr": r"\mathscr", r"\cal": r"\mathcal"}
"""Commands that hold for the rest of their group."""


def _rename(translator: Translator, command: str, stack: TokenStack) -> str:
    new = RENAMED[command]
    return new if new or not stack or not stack.peek()[:1].isalpha() else " "


def _define(translator: Translator, command: str, stack: TokenStack) -> str:
    problem = translator.macros.define(command, stack)
    translator.defines = True
    if problem:
        translator.note(problem)
    return ""


def _text(translator: Translator, command: str, stack: TokenStack) -> str:
    tokens = stack.argument()
    return (
        f"{TEXT_COMMANDS[command]}{{{literal_text(tokens, translator.rewrite, mathjax=translator.mathjax)}}}"
    )


def _switch(translator: Translator, command: str, stack: TokenStack) -> str:
    if stack.peek() == "{":  # as many write it: `\cal{L}`
        return f"{_SWITCHES[command]}{{{translator.argument(stack)}}}"
    return f"{_SWITCHES[command]}{{{translator.rewrite(stack.rest_of_group())}}}"


def _color(translator: Translator, command: str, stack: TokenStack) -> str:
    """MathJax colours the argument, KaTeX and LaTeX the rest of the group."""
    colour = "".join(stack.argument()).strip()
    if not translator.mathjax:
        return f"\\color{{{colour}}}"
    return f"\\textcolor{{{colour}}}{{{translator.argument(stack)}}}"


def _row(translator: Translator, command: str, stack: TokenStack) -> str:
    if translator.in_ams and translator.environments == 1:
        translator.labels.row += 1
    return command


def _tag(translator: Translator, command: str, stack: TokenStack) -> str:
    star = stack.peek() == "*"
    if star:
        stack.skip_space()
        stack.pop()
    text = literal_text(stack.argument(), translator.rewrite, mathjax=translator.mathjax).strip()
    shown = text if star else f"({text})"
    translator.labels.tags[translator.labels.row] = shown
    return _placed_tag(translator, f"\\tag*{{{shown}}}", shown)


def _placed_tag(translator: Translator, tag: str, shown: str) -> str:
    if not translator.display:
        return f"\\qquad\\text{{{shown}}}" if shown else tag
    if translator.environments and not translator.in_ams:
        translator.loose_tags.append(tag)  # inside `aligned` and the like a tag can stand nowhere
        return ""
    return tag


def _label(translator: Translator, command: str, stack: TokenStack) -> str:
    name = "".join(stack.argument()).strip()
    translator.labels.names.setdefault(name, translator.labels.row)
    return _placed_tag(translator, f"\\dlmaplabel{{{name}}}", "")


def _reference(translator: Translator, command: str, stack: TokenStack) -> str:
    name = "".join(stack.argument()).strip()
    translator.references = True
    return f"\\dlmap{command[1:]}{{{name}}}"


def _dropped(arguments: int) -> Handler:
    def drop(translator: Translator, command: str, stack: TokenStack) -> str:
        for _ in range(arguments):
            stack.argument()
        return ""

    return drop


def _content_only(skipped: int, *, options: int = 0, silent: bool = False) -> Handler:
    """A decoration: of its arguments only the last is shown."""

    def strip(translator: Translator, command: str, stack: TokenStack) -> str:
        for _ in range(options):
            stack.option()
        for _ in range(skipped):
            stack.argument()
        if not silent:
            translator.note(f"`{command}` has no counterpart in KaTeX; only its content is shown")
        return f"{{{translator.argument(stack)}}}"

    return strip


def _unicode(translator: Translator, command: str, stack: TokenStack) -> str:
    stack.option()
    written = "".join(stack.argument()).strip()
    try:
        char = chr(int(written[1:], 16) if written[:1].lower() == "x" else int(written))
    except (ValueError, OverflowError):
        translator.note(f"`\\unicode{{{written[:20]}}}` names no character")
        return ""
    return f"\\text{{{literal_text([char], translator.rewrite, mathjax=True)}}}" if char.isprintable() else ""


def _enclose(translator: Translator, command: str, stack: TokenStack) -> str:
    kinds = "".join(stack.argument()).replace(",", " ").split()
    stack.option()
    content = translator.argument(stack)
    for kind in kinds:
        if (new := _ENCLOSURES.get(kind)) is None:
            translator.note(
                f"`\\enclose{{{kind[:20]}}}` has no counterpart in KaTeX; only its content is shown"
            )
        else:
            content = f"{new}{{{content}}}"
    return f"{{{content}}}"


_ENCLOSURES = {
    "updiagonalstrike": r"\cancel",
    "downdiagonalstrike": r"\bcancel",
    "horizontalstrike": r"\sout",
    "box": r"\boxed",
    "roundedbox": r"\boxed",
    "actuarial": r"\angl",
    "top": r"\overline",
    "bottom": r"\underline",
}


def _root(translator: Translator, command: str, stack: TokenStack) -> str:
    degree = stack.until(r"\of")
    if degree is None:
        return command
    return f"\\sqrt[{translator.rewrite(degree)}]{{{translator.argument(stack)}}}"


def _buildrel(translator: Translator, command: str, stack: TokenStack) -> str:
    over = stack.until(r"\over")
    if over is None:
        return ""
    return f"\\mathrel{{\\overset{{{translator.rewrite(over)}}}{{{translator.argument(stack)}}}}}"


def _overunderset(translator: Translator, command: str, stack: TokenStack) -> str:
    over, under, base = (translator.argument(stack) for _ in range(3))
    return f"\\overset{{{over}}}{{\\underset{{{under}}}{{{base}}}}}"


def _stackbin(translator: Translator, command: str, stack: TokenStack) -> str:
    return f"\\mathbin{{\\overset{{{translator.argument(stack)}}}{{{translator.argument(stack)}}}}}"


def _raise(translator: Translator, command: str, stack: TokenStack) -> str:
    length = stack.dimension() or "0pt"
    sign = "-" if command == r"\lower" else ""
    return f"\\raisebox{{{sign}{length}}}{{${translator.argument(stack)}$}}".replace("{--", "{")


def _move(translator: Translator, command: str, stack: TokenStack) -> str:
    stack.dimension()
    return ""


def _rule(translator: Translator, command: str, stack: TokenStack) -> str:
    width, height, _ = stack.dimension(), stack.dimension(), stack.dimension()
    return f"\\rule{{{width}}}{{{height}}}" if command == r"\Rule" else f"\\hspace{{{width}}}"


def _sideset(translator: Translator, command: str, stack: TokenStack) -> str:
    left, right = translator.argument(stack), translator.argument(stack)
    operator = translator.argument(stack)
    return f"\\mathop{{{{}}{left}{operator}{{}}{right}}}"


def _framebox(translator: Translator, command: str, stack: TokenStack) -> str:
    stack.option(), stack.option()
    return f"\\fbox{{{literal_text(stack.argument(), translator.rewrite, mathjax=translator.mathjax)}}}"


def _mml_token(translator: Translator, command: str, stack: TokenStack) -> str:
    stack.argument()
    stack.option()
    return f"\\text{{{literal_text(stack.argument(), translator.rewrite, mathjax=True)}}}"


def _comment(translator: Translator, command: str, stack: TokenStack) -> str:
    while stack and not stack.pop().startswith("\n"):
        pass
    return ""


HANDLERS: Mapping[str, Handler] = {
    **dict.fromkeys(RENAMED, _rename),
    **dict.fromkeys(DEFINITIONS, _define),
    **dict.fromkeys(TEXT_COMMANDS, _text),
    **dict.fromkeys(_SWITCHES, _switch),
    **dict.fromkeys(MATRICES, matrix),
    r"\begin": begin,
    "%": _comment,
    "\\\\": _row,
    r"\cr": _row,
    r"\tag": _tag,
    r"\label": _label,
    r"\ref": _reference,
    r"\eqref": _reference,
    r"\color": _color,
    r"\require": _dropped(1),
    r"\uproot": _dropped(1),
    r"\leftroot": _dropped(1),
    r"\skew": _dropped(1),
    r"\bbox": _content_only(0, options=1),
    r"\class": _content_only(1),
    r"\cssId": _content_only(1),
    r"\style": _content_only(1),
    r"\href": _content_only(1),
    r"\data": _content_only(1),
    r"\toggle": _content_only(0),
    r"\shoveleft": _content_only(0, options=1, silent=True),
    r"\shoveright": _content_only(0, options=1, silent=True),
    r"\unicode": _unicode,
    r"\enclose": _enclose,
    r"\root": _root,
    r"\buildrel": _buildrel,
    r"\overunderset": _overunderset,
    r"\stackbin": _stackbin,
    r"\raise": _raise,
    r"\lower": _raise,
    r"\moveleft": _move,
    r"\moveright": _move,
    r"\Rule": _rule,
    r"\Space": _rule,
    r"\sideset": _sideset,
    r"\framebox": _framebox,
    r"\mmlToken": _mml_token,
}
_ALWAYS = [
    name[1:] for name in HANDLERS if name[1:].isalpha() and name not in (*TEXT_COMMANDS, r"\begin", r"\cr")
]
_ALWAYS += ["mbox", "hbox", "textsc", "textsl"]
_FAST = re.compile(
    rf"\\(?:{'|'.join(sorted(_ALWAYS, key=len, reverse=True))})(?![A-Za-z])"
    rf"|\\(?:text(?:rm|normal|bf|it|sf|tt|up|md)?|fbox)(?![A-Za-z])\s*(?:[^\s{{]|\{{(?=[^{{}}]*[\\_^~#%&${{]))"
    rf"|\\begin\s*\{{(?:{'|'.join(ENVIRONMENTS)})\*?\}}"
    rf"|\\/|{FULL_WIDTH_SIGN.pattern}"
)


def needs_translation(tex: str) -> bool:
    """Whether there is anything in a formula that a `Translator` would change, macros aside."""
    return _FAST.search(tex) is not None
