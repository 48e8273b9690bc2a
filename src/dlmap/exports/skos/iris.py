"""The IRIs of a site's things: one for each concept, whatever the language, and no other may look like it.

An id has neither a dot nor a slash.  So `#vae.paper` is of the concept `vae`, and `#kind/method` of none.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

SCHEME = "#map"
"""Of the whole: no concept may have this id, for there is a page of that name."""
# What may not stand in an IRI (RFC 3987) but does in addresses that people write.
_FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|\\^`\x7f]')


def concept_iri(concept_id: str) -> str:
    """The IRI of a concept, relative to the address of the site."""
    return f"#{concept_id}"


def own_iri(concept_id: str, *what: str) -> str:
    """The IRI of something of a concept: its paper, the group of its methods."""
    return ".".join((concept_iri(concept_id), *what))


def site_iri(*what: str) -> str:
    """The IRI of something that several concepts share: a series, a file."""
    return f"#{quote('/'.join(what))}"


def address_iri(href: str, origin: str) -> str:
    """The IRI of what a link leads to; empty where it leads nowhere.

    `origin` is the host that addresses from the root (`/2020/…`) belong to, empty if unknown.
    """
    if href.startswith("/") and origin:
        href = f"https://{origin}{href}"
    try:
        is_whole = urlsplit(href).scheme in ("http", "https", "mailto")
    except ValueError:
        return ""
    return _FORBIDDEN.sub(lambda char: quote(char[0]), href) if is_whole else ""
