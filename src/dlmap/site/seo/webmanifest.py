"""The web app manifest of each language: with it a site can be put on the home screen of a phone."""

from __future__ import annotations

import json

from dlmap.site.addresses import language_tag

_PAPER = "#fbfaf7"


def manifest_path(lang: str) -> str:
    """The site path of the manifest of a language."""
    return f"{lang}/manifest.webmanifest"


def web_manifest(lang: str, title: str, description: str) -> bytes:
    """All addresses in it are relative to its own, so that it is right wherever the site stands."""
    icons = [
        {"src": f"../assets/icons/{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": use}
        for size in (192, 512)
        for use in ("any", "maskable")
    ]
    document = {
        "name": title,
        "short_name": title,
        "description": description,
        "lang": language_tag(lang),
        "start_url": "./",
        "scope": "../",
        "display": "minimal-ui",
        "background_color": _PAPER,
        "theme_color": _PAPER,
        "icons": icons,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
