"""Films, sounds and players of other hosts as HTML."""

from __future__ import annotations

import html
from collections.abc import Callable
from urllib.parse import urlsplit

from dlmap.articles import ArticleIndex, ArticleText, FramePlaceholder, MediaPlaceholder
from dlmap.articles.players import Player, player
from dlmap.articles.sizes import size_attributes

_SANDBOX = "allow-scripts allow-same-origin allow-popups allow-presentation"
_LOAD = {"zh": "播放", "en": "Play"}


def media_html(
    medium: MediaPlaceholder, article: ArticleText, library: ArticleIndex, url: Callable[[str], str]
) -> str:
    """A film or a sound with controls; a link where its host may not be asked."""
    sources: list[tuple[str, str]] = []
    links: list[str] = []
    for src, kind in medium.sources:
        found = library.medium(src, article)
        if found.asset:
            sources.append((url(f"files/{found.asset.path}"), kind))
        elif found.remote.lower().startswith("https:") and library.remote_pictures:
            sources.append((found.remote, kind))
        elif found.remote:
            links.append(found.remote)
    if not sources:
        return _link(links[0]) if links else f'<span class="no-picture">{_name(medium)}</span>'
    poster = library.poster(medium.poster, article) if medium.poster else None
    picture = ""
    if poster and poster.asset:
        picture = f' poster="{html.escape(url(f"files/{poster.asset.path}"))}"'
    elif poster and poster.remote.lower().startswith("https:") and library.remote_pictures:
        picture = f' poster="{html.escape(poster.remote)}"'
    inner = "".join(f'<source src="{html.escape(address)}"{_type(kind)}>' for address, kind in sources)
    size = size_attributes(medium.size, 0, 0) if medium.kind == "video" else ""
    return f'<{medium.kind} controls preload="metadata"{medium.flags}{picture}{size}>{inner}</{medium.kind}>'


def frame_html(frame: FramePlaceholder, library: ArticleIndex, lang: str) -> str:
    """A player that loads when a reader presses its link, in a sandbox; another page is a link."""
    found = player(frame.src)
    if found is None or not library.remote_pictures:
        address = f"https:{frame.src}" if frame.src.startswith("//") else frame.src
        is_web = address.lower().startswith(("http://", "https://"))
        return _link(found.address if found else address) if is_web else ""
    title = html.escape(frame.title or f"{_LOAD.get(lang, _LOAD['en'])}: {found.name}")
    start = html.escape(_start_page(found, lang))
    return (
        f'<iframe class="player" title="{title}" srcdoc="{start}" sandbox="{_SANDBOX}" '
        'referrerpolicy="strict-origin-when-cross-origin" loading="lazy" allowfullscreen></iframe>'
    )


def _start_page(found: Player, lang: str) -> str:
    """What the frame shows until it is pressed: no request leaves the page before."""
    words = f"▶ {_LOAD.get(lang, _LOAD['en'])} · {found.name} ({found.host})"
    style = "display:grid;place-items:center;height:96vh;font:1rem sans-serif;color:#fff;background:#222"
    return f'<a href="{html.escape(found.address)}" style="{style}">{html.escape(words)}</a>'


def _name(medium: MediaPlaceholder) -> str:
    src = medium.sources[0][0] if medium.sources else medium.kind
    return html.escape(src.rsplit("/", 1)[-1])


def _link(address: str) -> str:
    words = html.escape(urlsplit(address).netloc or address)
    return f'<a href="{html.escape(address)}" class="external" rel="noopener">{words}</a>'


def _type(kind: str) -> str:
    return f' type="{html.escape(kind)}"' if kind else ""
