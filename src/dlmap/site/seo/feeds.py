"""The Atom feed of the articles: the same bytes for the same articles, whenever it is made."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from html import escape

from dlmap.articles import Article, ArticleIndex
from dlmap.config import Config
from dlmap.site.addresses import absolute, language_tag
from dlmap.site.articles import FEED
from dlmap.site.changes import CHANGES, ChangeGroup
from dlmap.site.changes import FEED as CHANGES_FEED
from dlmap.text.strings import xml_escaped

_MAX_ENTRIES = 30


def has_feed(library: ArticleIndex) -> bool:
    """Whether any article has a date: a feed must tell when it changed."""
    return any(entry.date for entry in library.entries)


def atom_feed(library: ArticleIndex, lang: str, title: str, config: Config) -> bytes:
    """The newest articles that have a date."""
    entries = [entry for entry in library.entries if entry.date][:_MAX_ENTRIES]
    own = f"{lang}/{FEED}"
    author = next((entry.text(lang).author for entry in entries if entry.text(lang).author), title)
    lines = _beginning(own, lang, title, _day(entries), author, config)
    for entry in entries:
        lines += _entry(entry, library, lang, title, config)
    return "\n".join([*lines, "</feed>", ""]).encode()


def _entry(entry: Article, library: ArticleIndex, lang: str, title: str, config: Config) -> Sequence[str]:
    text, path = entry.text(lang), library.path(entry.path, lang)
    lines = [
        f'<entry xml:lang="{language_tag(text.lang)}">',
        f"<title>{xml_escaped(text.title)}</title>",
        f"<id>{_id(path, title, config)}</id>",
        f"<published>{_day([entry])}</published>",
        f"<updated>{_day([entry])}</updated>",
        f'<link rel="alternate" type="text/html" href="{escape(absolute(path, config))}"/>',
    ]
    if text.author:
        lines.append(f"<author><name>{xml_escaped(text.author)}</name></author>")
    lines += (f'<category term="{xml_escaped(tag)}"/>' for tag in text.tags)
    if text.summary:
        lines.append(f"<summary>{xml_escaped(text.summary)}</summary>")
    return [*lines, "</entry>"]


def changes_feed(groups: Sequence[ChangeGroup], lang: str, title: str, config: Config) -> bytes:
    """What the latest revisions did to the map, one entry for each."""
    home, own = f"{lang}/{CHANGES}", f"{lang}/{CHANGES_FEED}"
    lines = _beginning(own, lang, title, f"{groups[0].date}T00:00:00Z", title, config)
    for group in groups:
        place = f"{home}#r{group.id[:12]}"
        names = "; ".join(f"{kind}: {', '.join(row.name for row in rows)}" for kind, rows in group.rows)
        lines += [
            "<entry>",
            f"<title>{xml_escaped(group.subject)}</title>",
            f"<id>{_id(place, title, config)}</id>",
            f"<updated>{group.date}T00:00:00Z</updated>",
            f'<link rel="alternate" type="text/html" href="{escape(absolute(place, config))}"/>',
            f"<author><name>{xml_escaped(group.author)}</name></author>",
            f"<summary>{xml_escaped(names)}</summary>",
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""]).encode()


def _beginning(own: str, lang: str, title: str, updated: str, author: str, config: Config) -> list[str]:
    """What a feed at the site path `own` says of itself; it stands beside the page that shows the same."""
    home = own.removesuffix("atom.xml")
    return [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language_tag(lang)}">',
        f"<title>{xml_escaped(title)}</title>",
        f"<id>{_id(own, title, config)}</id>",
        f"<updated>{updated}</updated>",
        f"<author><name>{xml_escaped(author)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href="{escape(absolute(own, config))}"/>',
        f'<link rel="alternate" type="text/html" href="{escape(absolute(home, config))}"/>',
    ]


def _day(entries: Sequence[Article]) -> str:
    return f"{max(entry.date for entry in entries if entry.date).isoformat()}T00:00:00Z"


def _id(path: str, title: str, config: Config) -> str:
    """The address where it is known; else a name that stays the same as long as path and title do."""
    if config.base_url:
        return escape(absolute(path, config))
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{title}/{path}')}"
