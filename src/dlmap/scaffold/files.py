"""The files of a new site: the example, or a site around an existing post."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable

import dlmap
from dlmap.config import LANGUAGES
from dlmap.scaffold.repository import SiteRepository
from dlmap.scaffold.translation import missing_names, skeleton
from dlmap.taxonomy import Taxonomy

_PLACEHOLDER = re.compile(r"@(\w+)@")
_TRANSLATION_ROW = "| `{file}` | 译文的骨架：标题和思路已对应好，在下面写译文 · a skeleton of the translation: write below the headings |\n"
_TRANSLATION_NOTE = "\n译文里没有写的，页面显示原文并注明 · Pages show untranslated texts in the other language, with a notice.\n"


def example_site(folder_name: str, name: str, repository: SiteRepository) -> dict[str, bytes]:
    """The files of the example in both languages, by path; `name` is the title of the site, if given."""
    texts = _settings(LANGUAGES, name, repository)
    texts["check"] = (
        '# DL501 = "off"\nDL204 = "off"  # the example has an empty heading, to show what it does'
    )
    texts["name"] = name or folder_name
    return {**_common(texts), **_render("example", texts)}


def post_site(
    posts: Mapping[str, bytes], taxonomy: Taxonomy, folder_name: str, name: str, repository: SiteRepository
) -> dict[str, bytes]:
    """The site of a post that somebody has already: the post by language as it is, and what it lacks.

    A language of the site without a post gets the skeleton of a translation.
    """
    first = taxonomy.languages[0]
    texts = _settings(taxonomy.languages, name, repository)
    texts["name"] = name or taxonomy.prefaces[first].title or folder_name
    files = {f"content/outline.{lang}.md": content for lang, content in posts.items()}
    texts["outline"] = f"content/outline.{first}.md"
    texts["translation_row"] = texts["translation_note"] = ""
    for lang in taxonomy.languages:
        if lang not in posts:
            files[f"content/outline.{lang}.md"] = skeleton(taxonomy, lang).encode()
        if lang != first:
            texts["translation_row"] = _TRANSLATION_ROW.format(file=f"content/outline.{lang}.md")
            texts["translation_note"] = _TRANSLATION_NOTE
    return {
        **_common(texts),
        **_render("post", texts),
        **files,
        "ids.md": missing_names(taxonomy, texts["outline"]).encode(),
    }


def _settings(languages: tuple[str, ...], name: str, repository: SiteRepository) -> dict[str, str]:
    """The values of the placeholders; those of `dlmap.toml` as TOML."""
    address, base_url = repository.address, repository.pages_address
    return {
        "title": f"title = {_quoted(name)}" if name else '# title = { zh = "……", en = "…" }',
        "languages": f"languages = [{', '.join(map(_quoted, languages))}]",
        "base_url": f"# base_url = {_quoted(base_url or 'https://you.github.io/map/')}",
        "repository": f"repository = {_quoted(address)}"
        if address
        else '# repository = "https://github.com/you/map"',
        "branch_line": ("" if address else "# ") + f"branch = {_quoted(repository.branch)}",
        "branch": repository.branch,
        "check": '# DL501 = "off"',
        "version": dlmap.__version__,
    }


def _quoted(text: str) -> str:
    """A basic TOML string, which has the syntax of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _common(texts: Mapping[str, str]) -> dict[str, bytes]:
    """The files of every site; template names have no leading dot, so that tools ignore them."""
    files = _render("common", texts)
    return {
        ".gitignore": files["gitignore"],
        ".github/workflows/links.yml": files["links.yml"],
        ".github/workflows/pages.yml": files["pages.yml"],
        "dlmap.toml": files["dlmap.toml"],
    }


def _render(folder: str, texts: Mapping[str, str]) -> dict[str, bytes]:
    """The files of a template folder by path, with placeholders replaced."""
    top = resources.files("dlmap.scaffold") / "templates" / folder
    return {
        path: _PLACEHOLDER.sub(lambda match: texts[match[1]], file.read_text("utf-8")).encode()
        for path, file in _walk(top)
    }


def _walk(folder: Traversable, above: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _walk(entry, f"{above}{entry.name}/")
        else:
            yield f"{above}{entry.name}", entry
