"""From Markdown tokens to HTML: concept links, rendered formulas, language tags, marked outside links."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from dlmap.markdown import Block
from dlmap.markdown.dialect import parser
from dlmap.markdown.language_spans import tag_runs
from dlmap.markdown.rules_core import link_problem
from dlmap.math import Formula, FormulaResults, Outcome, RenderedFormula
from dlmap.site import Prose
from dlmap.text import Span


@dataclass(frozen=True, slots=True)
class Linker:
    """How the page that is being rendered links: to concepts and to site paths."""

    concept: Callable[[str], str | None]
    """The address of a concept by id; None where it is unknown or the page's own."""
    named: Callable[[str, Span], tuple[str, ...]]
    """The concepts that the bold span at (path, span) names."""
    origin: str
    """The host that addresses from the root (`/2020/…`) belong to; empty if unknown."""
    article: Callable[[str], str | None] = lambda _: None
    """The address of the article whose public address that is; None where it is none."""

    def address(self, href: str) -> tuple[str | None, bool]:
        """The address a link leads to from this page (None: nowhere), and whether it leaves the site."""
        if not href or link_problem(href):
            return None, False
        if href.startswith("#"):
            return self.concept(href[1:]), False
        if local := self.article(href):
            return local, False
        if href.startswith(("http://", "https://", "mailto:")):
            return href, True
        if href.startswith("/") and self.origin:
            return f"https://{self.origin}{href}", True
        return None, False


@dataclass(frozen=True, slots=True)
class Rendered:
    """A piece of HTML."""

    html: Markup
    has_math: bool


def render_prose(prose: Prose, linker: Linker, outcomes: FormulaResults) -> Rendered:
    """The HTML of blocks of Markdown."""
    renderer = _Renderer(prose.path, prose.lang, linker, outcomes)
    options = parser(kramdown=prose.kramdown).options
    parts = [renderer.render(list(block.tokens), options, {}) for block in prose.blocks]
    return Rendered(Markup("".join(parts)), renderer.has_math)


def prose_inputs(prose: Prose, linker: Linker, broken: Mapping[Formula, str]) -> tuple[object, ...]:
    """Everything that `render_prose` makes its HTML of; of formulas what is wrong with the `broken` ones."""
    blocks = tuple(_block_inputs(block, prose, linker) for block in prose.blocks)
    wrong = [broken.get(Formula(tex, display)) for tex, display in _formulas(prose)] if broken else ()
    return (prose.lang, prose.kramdown, blocks, wrong)


def _formulas(prose: Prose) -> Iterator[tuple[str, bool]]:
    todo = [token for block in prose.blocks for token in block.tokens]
    while todo:
        token = todo.pop()
        if token.type.startswith("math_"):
            yield token.content, token.type == "math_block"
        todo += token.children or ()


def _block_inputs(block: Block, prose: Prose, linker: Linker) -> tuple[object, ...]:
    named = (tuple(map(linker.concept, linker.named(prose.path, span))) for span in _bold_spans(block.tokens))
    return block.digest, tuple(named), tuple(map(linker.address, _addresses(block.tokens)))


def _addresses(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        for name in ("href", "src"):
            if name in token.attrs:
                yield str(token.attrs[name])
        yield from _addresses(token.children or ())


def render_sentence(text: str, lang: str, outcomes: FormulaResults) -> Rendered:
    """The HTML of one line of Markdown, without a paragraph around it."""
    if not re.search(r"[$`*_\\\[<]", text):
        return Rendered(Markup(tag_runs(text, lang)), False)
    linker = Linker(lambda _: None, lambda _path, _span: (), "")
    renderer = _Renderer("", lang, linker, outcomes)
    md = parser(kramdown=False)
    tokens = md.parseInline(text)[0].children or []
    return Rendered(Markup(renderer.renderInline(tokens, md.options, {})), renderer.has_math)


def formula_html(tex: str, outcome: Outcome | None) -> tuple[str, bool]:
    """The HTML of a formula, a broken one as its source; and whether it is a good one."""
    if isinstance(outcome, RenderedFormula):
        return outcome.html, True
    message = outcome.message if outcome else ""
    shown = html.escape(tex, quote=False)
    return f'<code class="formula-error" title="{html.escape(message)}">{shown}</code>', False


def _bold_spans(tokens: Iterable[Token]) -> Iterator[Span]:
    """The span of the content of each bold text."""
    for token in tokens:
        if token.type == "strong_open" and (span := token.meta.get("span")):
            yield span
        yield from _bold_spans(token.children or ())


class _Renderer(RendererHTML):
    """markdown-it's renderer with the rules of a page."""

    def __init__(self, path: str, lang: str, linker: Linker, outcomes: FormulaResults) -> None:
        super().__init__()
        self.path = path
        self.lang = lang
        self.linker = linker
        self.outcomes = outcomes
        self.has_math = False
        self.closers: list[str] = []
        self.series: tuple[str, ...] = ()
        """The addresses of the members of the series that the next text names in one (`V1,2,3`)."""
        self.in_link = 0

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        content = tokens[idx].content
        addresses, self.series = self.series, ()
        words = re.split(r"(?<=[,，、/])", content)
        if addresses and len(words) == len(addresses):
            return "".join(
                f'<a href="{html.escape(address)}">{html.escape(word, quote=False)}</a>'
                for word, address in zip(words, addresses, strict=True)
            )
        if addresses:
            return f'<a href="{html.escape(addresses[0])}">{tag_runs(content, self.lang)}</a>'
        return tag_runs(content, self.lang)

    def math_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        return self.formula(tokens[idx], display=False)

    def math_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        return f'<div class="formula" tabindex="0">{self.formula(tokens[idx], display=True)}</div>\n'

    def formula(self, token: Token, *, display: bool) -> str:
        outcome = self.outcomes.get(Formula(token.content, display))
        made, is_fine = formula_html(token.meta.get("written", token.content), outcome)
        self.has_math |= is_fine
        return made

    def strong_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        span = tokens[idx].meta.get("span")
        concepts = self.linker.named(self.path, span) if span and not self.in_link else ()
        addresses = tuple(filter(None, map(self.linker.concept, concepts)))
        if len(addresses) > 1:
            self.series = addresses
        single = len(addresses) == 1
        self.closers.append("</a></b>" if single else "</b>")
        return f'<b><a href="{html.escape(addresses[0])}">' if single else "<b>"

    def strong_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        return self.closers.pop()

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        self.in_link += 1
        href = str(tokens[idx].attrs.get("href", ""))
        address, external = self.linker.address(href)
        if address is None:
            return '<span class="no-target">'
        mark = ' class="external" rel="noopener"' if external else ""
        title = tokens[idx].attrs.get("title")
        tip = f' title="{html.escape(str(title))}"' if title else ""
        return f'<a href="{html.escape(address)}"{mark}{tip}>'

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        self.in_link -= 1
        depth = 0
        for before in range(idx, -1, -1):
            depth += (tokens[before].type == "link_close") - (tokens[before].type == "link_open")
            if depth == 0:
                known = self.linker.address(str(tokens[before].attrs.get("href", "")))[0] is not None
                return "</a>" if known else "</span>"
        return "</a>"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        """A picture becomes a link: pages fetch nothing from other hosts."""
        token = tokens[idx]
        address, _ = self.linker.address(str(token.attrs.get("src", "")))
        words = html.escape(token.content or "image", quote=False)
        if address is None:
            return f"<span>{words}</span>"
        return f'<a href="{html.escape(address)}" class="external" rel="noopener">{words}</a>'

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        return '<div class="scroll" tabindex="0"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        return "</table></div>\n"
