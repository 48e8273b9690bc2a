"""Addresses and languages as other programs read them."""

from __future__ import annotations

from urllib.parse import quote

from dlmap.config import Config

_LANGUAGE_TAGS = {"zh": "zh-Hans"}


def language_tag(lang: str) -> str:
    """The tag of a language as other programs read it (BCP 47); the templates say the same as `html_lang`."""
    return _LANGUAGE_TAGS.get(lang, lang)


def absolute(path: str, config: Config) -> str:
    """A site path as an address: whole where the site knows where it stands, else from the host's root."""
    return f"{config.base_url or config.base_path}{quote(path, safe='/#')}"
