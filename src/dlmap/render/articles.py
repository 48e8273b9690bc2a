"""The text of an article in its page: every slot filled with what the whole site knows."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping

from markupsafe import Markup

from dlmap.articles import SLOTS, Article, FormulaSlot, Leads, Library, LinkSlot, PictureSlot
from dlmap.math import Formula
from dlmap.render.markup import Outcomes, Rendered, formula_html


def render_article(
    article: Article,
    library: Library,
    outcomes: Outcomes,
    url: Callable[[str], str],
    concept: Callable[[str], str | None],
    lang: str,
) -> Rendered:
    """The HTML of an article in the page of a language.

    `url` gives the address of a site path from that page, `concept` the one of a concept.
    """
    filler = _Filler(article, library, outcomes, url, concept, lang)
    return Rendered(Markup(SLOTS.sub(filler.fill, article.html)), filler.has_math)


def article_inputs(
    article: Article,
    library: Library,
    broken: Mapping[Formula, str],
    url: Callable[[str], str],
    concept: Callable[[str], str | None],
    lang: str,
) -> object:
    """Everything that `render_article` makes its HTML of; of formulas what is wrong with the `broken` ones."""
    filler = _Filler(article, library, {}, url, concept, lang)
    slots = [
        broken.get(Formula(slot.tex, slot.display)) if isinstance(slot, FormulaSlot) else filler.filled(slot)
        for slot in article.slots
    ]
    return article.html, slots


class _Filler:
    def __init__(
        self,
        article: Article,
        library: Library,
        outcomes: Outcomes,
        url: Callable[[str], str],
        concept: Callable[[str], str | None],
        lang: str,
    ) -> None:
        self.article = article
        self.library = library
        self.outcomes = outcomes
        self.url = url
        self.concept = concept
        self.lang = lang
        self.has_math = False

    def fill(self, match: re.Match[str]) -> str:
        slot = self.article.slots[int(match.group(1))]
        if isinstance(slot, FormulaSlot):
            made, is_fine = formula_html(slot.tex, self.outcomes.get(Formula(slot.tex, slot.display)))
            self.has_math |= is_fine
            return made
        return self.filled(slot)

    def filled(self, slot: LinkSlot | PictureSlot) -> str:
        return self.link(slot) if isinstance(slot, LinkSlot) else self.picture(slot)

    def link(self, link: LinkSlot) -> str:
        address, external = self.address(link)
        if address is None:
            return '<a class="no-target">'
        mark = ' class="external" rel="noopener"' if external else ""
        return f'<a href="{html.escape(address)}"{mark}{_tip(link.title)}>'

    def address(self, link: LinkSlot) -> tuple[str | None, bool]:  # noqa: PLR0911 - one for each case
        """Where a link leads from this page (None: nowhere), and whether it leaves the site."""
        target = self.library.link(link, self.article)
        match target.leads:
            case Leads.ARTICLE:
                return self.url(self.library.path(target.value, self.lang, target.fragment)), False
            case Leads.CONCEPT:
                return self.concept(target.value), False
            case Leads.HOME:
                return self.url(f"{self.lang}/"), False
            case Leads.HERE:
                return f"#{target.fragment}", False
            case Leads.FILE:
                return self.url(f"files/{target.value}"), False
            case Leads.OUTSIDE:
                return target.value, True
            case Leads.NOTHING:
                return None, False

    def picture(self, picture: PictureSlot) -> str:
        found = self.library.picture(picture, self.article)
        words = html.escape(picture.alt or picture.title or "image", quote=False)
        if found.asset:
            width, height = picture.size if picture.size[0] else (found.asset.width, found.asset.height)
            size = f' width="{width}" height="{height}"' if width and height else ""
            return self.img(self.url(f"files/{found.asset.path}"), picture, size)
        if not found.remote:
            return f'<span class="no-picture">{words}</span>'
        if self.library.remote_pictures and found.remote.lower().startswith("https:"):
            size = f' width="{picture.size[0]}" height="{picture.size[1]}"' if picture.size[0] else ""
            return self.img(found.remote, picture, f'{size} referrerpolicy="no-referrer"')
        if picture.in_link:
            return words
        return f'<a href="{html.escape(found.remote)}" class="external" rel="noopener">{words}</a>'

    def img(self, src: str, picture: PictureSlot, more: str) -> str:
        alt = html.escape(picture.alt)
        return f'<img src="{html.escape(src)}" alt="{alt}"{more} loading="lazy"{_tip(picture.title)}>'


def _tip(title: str) -> str:
    return f' title="{html.escape(title)}"' if title else ""
