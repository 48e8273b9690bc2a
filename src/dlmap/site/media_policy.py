"""What the page of an article may load beside its own files: films, sounds and players in frames."""

from __future__ import annotations

from dlmap.articles import ArticleIndex, ArticleText
from dlmap.articles.players import player


def media_policy(article: ArticleText, library: ArticleIndex) -> str:
    """What a page with films, sounds and players may load, as directives of its Content-Security-Policy."""
    policy = ""
    if article.media:
        found = [library.medium(src, article) for medium in article.media for src, _ in medium.sources]
        is_remote = library.remote_pictures and any(source.remote for source in found)
        policy = f"; media-src 'self'{' https:' if is_remote else ''}"
    if library.remote_pictures and (
        hosts := {f.host for frame in article.frames if (f := player(frame.src))}
    ):
        policy += f"; frame-src {' '.join(f'https://{host}' for host in sorted(hosts))}"
    return policy
