"""The text of an article in its page: every slot filled with what the whole site knows."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from dlmap.articles import (
    MARKDOWN_SLOTS,
    SLOTS,
    ArticleIndex,
    ArticleText,
    FormulaPlaceholder,
    FramePlaceholder,
    LinkKind,
    LinkPlaceholder,
    MediaPlaceholder,
    PicturePlaceholder,
)
from dlmap.articles.model import Slot
from dlmap.articles.sizes import size_attributes
from dlmap.markdown.commonmark import around_link, link
from dlmap.markdown.escapes import escaped
from dlmap.math import Formula, FormulaResults
from dlmap.render.html import Rendered, formula_html
from dlmap.render.media import frame_html, media_html


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article in the page of a language."""

    article: ArticleText
    library: ArticleIndex
    url: Callable[[str], str]
    """The address of a site path from that page."""
    concept: Callable[[str], str | None]
    """The address of a concept."""
    lang: str

    def render(self, outcomes: FormulaResults) -> Rendered:
        """The HTML of the article."""
        body = self.library.bodies.of(self.article)
        made = outcomes.get_many(Formula(slot.tex, slot.display) for slot in body.formulas)
        has_math = False

        def fill(match: re.Match[str]) -> str:
            nonlocal has_math
            slot = body.slots[int(match.group(1))]
            if isinstance(slot, FormulaPlaceholder):
                text, is_fine = formula_html(
                    slot.written or slot.tex, made.get(Formula(slot.tex, slot.display))
                )
                has_math |= is_fine
                return text
            return self.other(slot)

        return Rendered(Markup(SLOTS.sub(fill, body.html)), has_math)

    def other(self, slot: Slot) -> str:
        """What stands for anything but a formula."""
        match slot:
            case LinkPlaceholder():
                return self.link(slot)
            case PicturePlaceholder():
                return self.picture(slot)
            case MediaPlaceholder():
                return media_html(slot, self.article, self.library, self.url)
            case FramePlaceholder():
                return frame_html(slot, self.library, self.lang)
        return ""

    def markdown(self) -> str:
        """The article as CommonMark; it is made of the same as its HTML."""
        body = self.library.bodies.of(self.article)

        def fill(match: re.Match[str]) -> str:
            form, slot = match.group(1), body.slots[int(match.group(2))]
            if isinstance(slot, LinkPlaceholder):
                address, _ = self.address(slot)
                if not form:
                    return self.link(slot)
                return around_link(address, slot.title)[form == "]"] if address else ""
            if isinstance(slot, PicturePlaceholder) and form:
                return self.markdown_picture(slot)
            return self.other(slot)

        return MARKDOWN_SLOTS.sub(fill, body.markdown)

    def markdown_picture(self, picture: PicturePlaceholder) -> str:
        """As in the page: shown where the page shows it, else a link or its words."""
        found = self.library.picture(picture, self.article)
        words = escaped(" ".join((picture.alt or picture.title or "image").split()), in_link=True)
        if found.asset:
            return f"!{link(words, self.url(f'files/{found.asset.path}'), picture.title)}"
        if not found.remote:
            return words
        if self.library.remote_pictures and found.remote.lower().startswith("https:"):
            return f"!{link(words, found.remote, picture.title)}"
        return words if picture.in_link else link(words, found.remote)

    def inputs(self, broken: Mapping[Formula, str]) -> object:
        """Everything that `render` makes its HTML of; of formulas what is wrong with the `broken` ones."""
        formulas = self.library.bodies.of(self.article).formulas if broken else ()
        wrong = [broken.get(Formula(slot.tex, slot.display), "") for slot in formulas]
        article = self.article
        slots: tuple[Slot, ...] = (*article.links, *article.pictures, *article.media, *article.frames)
        filled = [self.other(slot) for slot in slots]
        return self.article.path, self.article.digest, filled, wrong

    def link(self, link: LinkPlaceholder) -> str:
        address, external = self.address(link)
        if address is None:
            return '<a class="no-target">'
        mark = ' class="external" rel="noopener"' if external else ""
        return f'<a href="{html.escape(address)}"{mark}{_tip(link.title)}>'

    def address(self, link: LinkPlaceholder) -> tuple[str | None, bool]:  # noqa: PLR0911 - one for each case
        """Where a link leads from this page (None: nowhere), and whether it leaves the site."""
        target = self.library.link(link, self.article)
        match target.leads:
            case LinkKind.ARTICLE:
                return self.url(self.library.path(target.value, self.lang, target.fragment)), False
            case LinkKind.CONCEPT:
                return self.concept(target.value), False
            case LinkKind.HOME:
                return self.url(f"{self.lang}/"), False
            case LinkKind.HERE:
                return f"#{target.fragment}", False
            case LinkKind.FILE:
                return self.url(f"files/{target.value}"), False
            case LinkKind.OUTSIDE:
                return target.value, True
            case LinkKind.NOTHING:
                return None, False

    def picture(self, picture: PicturePlaceholder) -> str:
        found = self.library.picture(picture, self.article)
        words = html.escape(picture.alt or picture.title or "image", quote=False)
        if found.asset:
            size = size_attributes(picture.size, found.asset.width, found.asset.height)
            return self.img(self.url(f"files/{found.asset.path}"), picture, size)
        if not found.remote:
            return f'<span class="no-picture">{words}</span>'
        if self.library.remote_pictures and found.remote.lower().startswith("https:"):
            size = size_attributes(picture.size, 0, 0)
            return self.img(found.remote, picture, f'{size} referrerpolicy="no-referrer"')
        if picture.in_link:
            return words
        return f'<a href="{html.escape(found.remote)}" class="external" rel="noopener">{words}</a>'

    def img(self, src: str, picture: PicturePlaceholder, more: str) -> str:
        alt = html.escape(picture.alt)
        return f'<img src="{html.escape(src)}" alt="{alt}"{more} loading="lazy"{_tip(picture.title)}>'


def _tip(title: str) -> str:
    return f' title="{html.escape(title)}"' if title else ""
