"""The files that crawlers and hosts ask for: `robots.txt`, the sitemap, `CNAME`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dlmap.config import Config
from dlmap.site.model import Page
from dlmap.site.seo.sitemap import sitemaps


def data_files(pages: Sequence[Page], config: Config) -> dict[str, Callable[[], bytes]]:
    """Site path to what makes the content; no sitemap without an address, for it may only hold whole ones."""
    return {
        **(sitemaps(pages, config) if config.base_url else {}),
        ".nojekyll": bytes,
        "robots.txt": lambda: robots(config).encode(),
        **({"CNAME": f"{config.domain}\n".encode} if config.domain else {}),
    }


def robots(config: Config) -> str:
    """`robots.txt`: everything may be read, and where the sitemap is."""
    lines = ["User-agent: *", "Allow: /"]
    if config.base_url:
        lines.append(f"Sitemap: {config.base_url}sitemap.xml")
    return "\n".join([*lines, ""])
