r"""Translates the formulas of a text, in their order: macros, labels and what only MathJax knows.

The tokens `math_inline` and `math_block` get TeX for KaTeX as their content.  `meta["written"]` keeps the TeX of the
author where that differs, `meta["anchors"]` the anchors of labels, `meta["notes"]` what was left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from dlmap.markdown.tex import PageFormulas, TranslatedFormula

_NO_ANCHOR = re.compile(r"[^\w-]+")


def formula_rule(*, kramdown: bool) -> Callable[[StateCore], None]:
    """The rule of one flavour; texts for kramdown have formulas for MathJax."""

    def formulas(state: StateCore) -> None:
        _lift_displays(state.tokens)
        tokens = [*_formulas(state.tokens)]
        if not tokens:
            return
        page = PageFormulas(mathjax=kramdown, macros=state.env.get("macros"))
        read = [page.read(token.content, display=token.type == "math_block") for token in tokens]
        state.env["defines_formulas"] = page.defines
        for token, formula in zip(tokens, read, strict=True):
            _settle(token, formula, page)
        _link_references(state.tokens, is_linked=bool(state.env.get("link_formulas")))
        _drop_definitions(state)

    return formulas


def equation_anchor(label: str) -> str:
    """The anchor of the formula with a label."""
    return "equation-" + (_NO_ANCHOR.sub("-", label).strip("-") or "1")


def _formulas(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "math_block":
            yield token
        for child in token.children or ():
            if child.type == "math_inline":
                yield child


def _settle(token: Token, formula: TranslatedFormula, page: PageFormulas) -> None:
    is_block = token.type == "math_block"
    if formula.is_open:
        token.meta["reference"] = page.reference(token.content)
        formula = page.resolve(formula, display=is_block)
    tex = f"\\displaystyle {formula.tex}" if token.meta.get("display") and not is_block else formula.tex
    if tex == token.content:
        return
    token.meta["written"], token.content = token.content, tex
    if formula.notes and not token.meta.get("bare_reference"):
        token.meta["notes"] = formula.notes
    if formula.labels:
        token.meta["anchors"] = tuple(map(equation_anchor, formula.labels))


def _lift_displays(tokens: list[Token]) -> None:
    """A paragraph that is nothing but one displayed formula becomes a block."""
    index = 0
    while index < len(tokens) - 2:
        children = tokens[index + 1].children or []
        if tokens[index].type == "paragraph_open" and len(children) == 1 and children[0].meta.get("display"):
            block = Token("math_block", "", 0, block=True, map=tokens[index].map, level=tokens[index].level)
            block.content = children[0].content
            tokens[index : index + 3] = [block]
        index += 1


def _link_references(tokens: list[Token], *, is_linked: bool) -> None:
    r"""`\eqref{x}` alone, in dollar signs or not, is a link to the formula; what is no reference stays text."""
    for block in tokens:
        children = block.children
        if not children or not any(
            child.meta.get("reference") or child.meta.get("bare_reference") for child in children
        ):
            continue
        settled: list[Token] = []
        for child in children:
            reference = child.meta.get("reference")
            if child.type != "math_inline" or (reference is None and not child.meta.get("bare_reference")):
                settled.append(child)
            elif reference is None:
                child.type, child.content = "text", child.meta.get("written", child.content)
                settled.append(child)
            else:
                settled += _link(reference, child.meta["at"], is_linked=is_linked)
        block.children = settled


def _link(reference: tuple[str, str], at: tuple[int, int], *, is_linked: bool) -> Iterator[Token]:
    label, words = reference
    text = Token("text", "", 0, content=words, meta={"at": at})
    if not is_linked:
        yield text
        return
    opening = f'<a href="#{html.escape(equation_anchor(label))}">'
    yield Token("html_inline", "", 1, content=opening, meta={"at": at})
    yield text
    yield Token("html_inline", "", -1, content="</a>", meta={"at": at})


def _drop_definitions(state: StateCore) -> None:
    """A formula that only defines macros takes no room, nor does a paragraph that holds nothing else."""
    drop: set[int] = set()
    for index, token in enumerate(state.tokens):
        if token.type == "math_block" and not token.content:
            drop.add(index)
        children = token.children or []
        if any(child.type == "math_inline" and not child.content for child in children):
            token.children = [child for child in children if child.type != "math_inline" or child.content]
            is_empty = not any(child.content.strip() or child.tag for child in token.children)
            if is_empty and state.tokens[index - 1].type == "paragraph_open":
                drop |= {index - 1, index, index + 1}
    if drop:
        state.tokens[:] = [token for index, token in enumerate(state.tokens) if index not in drop]
