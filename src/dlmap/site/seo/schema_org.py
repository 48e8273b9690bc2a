"""What a page says to search engines: JSON-LD in the terms of schema.org, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from dlmap.articles import ArticleText
from dlmap.config import Config
from dlmap.exports.skos import SCHEME, concept_iri
from dlmap.site.addresses import absolute, language_tag
from dlmap.site.model import ConceptLink, ConceptView, NavLink
from dlmap.taxonomy import Paper

if TYPE_CHECKING:  # the pages of articles carry what is made here
    from dlmap.site.articles import ArticleView

Thing: TypeAlias = Mapping[str, object]


class SchemaOrg:
    """Makes the graph of a page; `titles` are the site's, by language."""

    def __init__(self, titles: Mapping[str, str], config: Config) -> None:
        self._titles = titles
        self._config = config

    def home(self, lang: str, description: str) -> Thing:
        """The site itself."""
        others = [title for title in dict.fromkeys(self._titles.values()) if title != self._titles[lang]]
        return _graph(
            {
                "@type": "WebSite",
                "@id": self._url(f"{lang}/"),
                "url": self._url(f"{lang}/"),
                "name": self._titles[lang],
                "alternateName": others,
                "description": description,
                "inLanguage": language_tag(lang),
            }
        )

    def concept(self, view: ConceptView, description: str, lang: str) -> Thing:
        """A term of the map with its places, and the paper that a method comes from."""
        url = self._url(view.ref.path)
        names = dict.fromkeys((*(label for _, label in view.labels), view.expansion, *view.alt))
        term = {
            "@type": "DefinedTerm",
            "@id": self._url(concept_iri(view.ref.id)),
            "url": url,
            "name": view.ref.label,
            "alternateName": [name for name in names if name and name != view.ref.label],
            "description": description,
            "termCode": view.ref.id,
            "inLanguage": language_tag(lang),
            "inDefinedTermSet": {
                "@type": "DefinedTermSet",
                "@id": self._url(SCHEME),
                "name": self._titles[lang],
            },
            "subjectOf": _paper(view.paper, view.ref.year) if view.paper else None,
        }
        return _graph(term, *(self._trail((*way, view.ref), lang) for way in view.breadcrumbs))

    def article(self, view: ArticleView, description: str, lang: str) -> Thing:
        """A long post."""
        url = self._url(view.ref.path)
        author = view.article.author
        return _graph(
            {
                "@type": "BlogPosting",
                "@id": url,
                "url": url,
                "headline": view.ref.title,
                "description": description,
                "datePublished": view.ref.date,
                "author": {"@type": "Person", "name": author} if author else None,
                "keywords": [tag.name for tag in view.tags],
                "inLanguage": language_tag(view.article.lang),
                "about": [
                    {"@type": "DefinedTerm", "@id": self._url(concept_iri(ref.id))} for ref in view.concepts
                ],
                "isPartOf": {"@type": "WebSite", "@id": self._url(f"{lang}/"), "name": self._titles[lang]},
            }
        )

    def page(self, link: NavLink, text: ArticleText, lang: str) -> Thing:
        """A page of the site's own."""
        url = self._url(link.path)
        return _graph(
            {
                "@type": "WebPage",
                "@id": url,
                "url": url,
                "name": link.title,
                "description": text.summary,
                "inLanguage": language_tag(text.lang),
                "isPartOf": {"@type": "WebSite", "@id": self._url(f"{lang}/"), "name": self._titles[lang]},
            }
        )

    def _trail(self, steps: Sequence[ConceptLink], lang: str) -> Thing:
        """One way from the home page down to a concept."""
        places = [(self._titles[lang], f"{lang}/"), *((step.label, step.path) for step in steps)]
        return {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": position, "name": name, "item": self._url(path)}
                for position, (name, path) in enumerate(places, 1)
            ],
        }

    def _url(self, path: str) -> str:
        return absolute(path, self._config)


def _paper(paper: Paper, year: int | None) -> Thing:
    return _said(
        {
            "@type": "ScholarlyArticle",
            "name": paper.title,
            "url": paper.url,
            "datePublished": str(year or ""),
            "author": [{"@type": "Person", "name": name} for name in paper.authors if name != "others"],
            "isPartOf": {"@type": "CreativeWork", "name": paper.venue} if paper.venue else None,
        }.items()
    )


def _graph(*things: Thing) -> Thing:
    return {"@context": "https://schema.org", "@graph": [_said(thing.items()) for thing in things]}


def _said(properties: Iterable[tuple[str, object]]) -> Thing:
    """Only what there is something to say about."""
    return {name: value for name, value in properties if value}
