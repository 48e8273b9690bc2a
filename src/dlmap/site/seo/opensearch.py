"""How browsers search the site from their address bar (OpenSearch 1.1); for sites that know their address."""

from __future__ import annotations

from html import escape

from dlmap.config import Config
from dlmap.site.addresses import absolute, language_tag

_LONGEST_NAME = 16
"""Of a short name, as OpenSearch limits it."""


def open_search_path(lang: str) -> str:
    """Where the description stands."""
    return f"{lang}/opensearch.xml"


def open_search(lang: str, title: str, config: Config) -> bytes:
    """The description that browsers and other programs read."""
    page, icon, own = (
        escape(absolute(path, config))
        for path in (f"{lang}/search/", "assets/favicon.svg", open_search_path(lang))
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        f"<ShortName>{escape(title[:_LONGEST_NAME].strip())}</ShortName>",
        f"<Description>{escape(title)}</Description>",
        f"<Language>{language_tag(lang)}</Language>",
        "<InputEncoding>UTF-8</InputEncoding>",
        f'<Image type="image/svg+xml">{icon}</Image>',
        f'<Url type="text/html" rel="results" template="{page}?q={{searchTerms}}"/>',
        f'<Url type="application/opensearchdescription+xml" rel="self" template="{own}"/>',
        "</OpenSearchDescription>",
        "",
    ]
    return "\n".join(lines).encode()
